"""Papers carry what they must: codes that read after scanning, exact text, ink inside the sheet."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import numpy as np
import pytest
import zxingcpp

from samples import presets
from samples.catalogue import BUSINESS, PROCEDURES, RECEIVING
from samples.dossiers import Dossier, invent, spoken, working_days_after
from samples.drawing import DrawnPage
from samples.papers import certificate, paper
from samples.receipts import payload, receipt
from samples.scanner import scan
from samples.sheets import blank, patch, separator
from samples.wording import PAPERS

NUMBER = re.compile(r"[A-HJ-NP-Z]\d{2}(?:\.[0-9A-Z]{1,5}){0,4}-\d{6}-\d{4,6}")


def dossiers() -> list[Dossier]:
    """One of each drawn procedure."""
    random = np.random.default_rng(5)
    drawn = [procedure for procedure in PROCEDURES if procedure.result]
    return [invent(random, procedure, RECEIVING[n % 3], date(2025, 11, 3), 7 + n) for n, procedure in enumerate(drawn)]


@pytest.fixture(scope="module")
def coded() -> list[DrawnPage]:
    """Every kind of page with a code: the first three with a QR alone, then those with bars."""
    one, two, three, *_ = dossiers()
    return [
        receipt(one),
        certificate(two),
        separator(three, "TP1"),
        receipt(two, bar="Code128"),
        receipt(three, bar="Code39"),
        patch(),
        patch(code_39=True),
    ]


def unread(pages: list[DrawnPage], preset: presets.Preset, angle: float) -> list[str]:
    """First payloads that zxing-cpp does not find on the raw scans: each page has to be known by one code at least.

    The bars beside a receipt's QR may be lost: 18 letters of Code 39 have modules of 1.5 pixels at 150 dpi.
    """
    lost: list[str] = []
    for seed, page in enumerate(pages):
        read = {code.text for code in zxingcpp.read_barcodes(scan(page.image, preset, seed, angle=angle).pixels)}
        assert page.payloads
        lost += {page.payloads[0]} - read
    return lost


@pytest.mark.parametrize("preset", [presets.GOOD, presets.WORN, presets.LOW], ids=lambda preset: preset.name)
def test_codes_read_after_scanning(coded: list[DrawnPage], preset: presets.Preset) -> None:
    assert unread(coded[::2], preset, 5.0) == []
    assert unread(coded[1::2], preset, -5.0) == []


def test_faded_codes_read_where_they_are_square(coded: list[DrawnPage]) -> None:
    """Of 1-D codes at 5 degrees about one in eight is lost on faded scans; QR codes hold."""
    assert unread(coded[:3], presets.FADED, 5.0) == []


def test_a_damaged_receipt_does_not_read() -> None:
    page = receipt(dossiers()[0], damaged=True)
    assert not [code for code in zxingcpp.read_barcodes(page.image) if code.valid]


def test_each_office_words_its_code_in_its_own_way_and_all_hold_the_number() -> None:
    said = {payload(dossier).replace(dossier.number, "#")[:5] for dossier in dossiers()}
    assert len(said) == 3
    for dossier in dossiers():
        assert NUMBER.findall(payload(dossier)) == [dossier.number]


def test_every_component_that_is_kept_is_drawn() -> None:
    for dossier in dossiers():
        parts = [part.code for part in dossier.procedure.components if part.duty != "MIEN"]
        for part in [*parts, "KQ"]:
            pages = paper(dossier, part)
            assert len(pages) == (2 if (dossier.procedure, part) == (BUSINESS, "TP1") else 1)
            text = " ".join(pages[0].text.split())
            assert PAPERS[dossier.procedure.code, part].title.upper() in text
            assert not re.search(r"[{}|]", text)


def test_text_is_nfc_and_ink_keeps_off_the_edges(coded: list[DrawnPage]) -> None:
    pages = [*coded[2:5], *(page for dossier in dossiers() for page in paper(dossier, "TP1"))]
    for page in pages:
        assert page.text == unicodedata.normalize("NFC", page.text)
        inside = page.image[59:-59, 59:-59].copy()  # 5 mm
        assert (page.image < 128).sum() == (inside < 128).sum()


def test_a_receipt_says_what_a_second_look_needs() -> None:
    dossier = dossiers()[1]
    text = receipt(dossier).text
    for said in (dossier.number, dossier.applicant, dossier.procedure.name, f"{dossier.received:%d/%m/%Y}", "GIẤY TIẾP NHẬN HỒ SƠ"):
        assert said in text


def test_a_blank_is_blank() -> None:
    page = blank()
    assert page.text == ""
    assert page.image.min() == 255


def test_same_dossier_same_drawing() -> None:
    dossier = dossiers()[0]
    assert np.array_equal(certificate(dossier).image, certificate(dossier).image)


@pytest.mark.parametrize(
    ("day", "text"), [(date(2024, 1, 5), "ngày 05 tháng 01 năm 2024"), (date(2025, 11, 13), "ngày 13 tháng 11 năm 2025")]
)
def test_days_are_written_as_papers_have_them(day: date, text: str) -> None:
    assert spoken(day) == text


def test_working_days_skip_the_week_end() -> None:
    assert working_days_after(date(2025, 11, 7), 1) == date(2025, 11, 10)
    assert working_days_after(date(2025, 11, 7), 0) == date(2025, 11, 7)
