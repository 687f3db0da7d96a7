"""Printed sheets: read again after bad scanners in any direction, nothing off the page, the same bytes for the same day."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from pipeline.codes import read_codes
from pipeline.errors import FontMissing, exit_code
from pipeline.evidence import PageEvidence, code_numbers, is_patch, is_separator, looks_like_receipt, looks_like_sheet, sheet_claims
from pipeline.model import Pixels, ReadSettings
from pipeline.ocr import open_engine
from records import sheet_paper
from records.cells import VIETNAM
from records.sheet_paper import COLUMN, Face, Paper
from records.sheet_print import print_sheets
from records.sheets import PatchSheet, Receipt, ReceiptLine, Separator, Sheet
from samples import presets, scanner

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
NUMBER, LONG_NUMBER = "H51.20-260301-0001", "H51.ABCDE.ABCDE.ABCDE.ABCDE-260301-000001"
LONG_NAME = (
    "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất hoặc một trong các loại giấy tờ về quyền "
    "sử dụng đất, kèm theo hợp đồng hoặc văn bản về việc chuyển nhượng, thừa kế, tặng cho quyền sử dụng đất đã được công chứng hoặc "
    "chứng thực theo quy định của pháp luật (bản chính và 01 bản sao), trừ trường hợp đã được số hóa và chia sẻ trong cơ sở dữ liệu"
)
OWN = Separator(NUMBER, "Đăng ký khai sinh")
COMPONENT = Separator(NUMBER, "Đăng ký khai sinh", "TP2", "Giấy chứng sinh")
LONG = Separator(LONG_NUMBER, LONG_NAME[:300], "TP12345678901234567.", LONG_NAME)
RECEIPT = Receipt(
    NUMBER,
    "Ủy ban nhân dân xã An Phước",
    "Đăng ký khai sinh",
    "1.001193",
    "Nguyễn Thị Thử",
    "094******234",
    datetime(2026, 3, 1, 8, 10, tzinfo=VIETNAM),
    datetime(2026, 3, 4, 23, 59, 59, tzinfo=VIETNAM),
    3,
    (ReceiptLine("Tờ khai đăng ký khai sinh", ""), ReceiptLine("Giấy chứng sinh", "nếu có")),
)
SHEETS: tuple[Sheet, ...] = (OWN, COMPONENT, LONG, PatchSheet(), RECEIPT)
POOR = replace(presets.LOW, name="poor", quality=presets.Between(40, 40))


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def rendered(pdf: bytes, dpi: int = 300) -> list[Pixels]:
    """The pages as a printer puts them on paper (H×W×3 uint8, BGR)."""
    document = pypdfium2.PdfDocument(pdf)
    images = []
    for number in range(len(document)):
        page = document[number]
        bitmap = page.render(scale=dpi / 72)
        images.append(np.array(bitmap.to_numpy(), np.uint8))
        bitmap.close()
        page.close()
    document.close()
    return images


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return print_sheets(SHEETS, NOW)


@pytest.fixture(scope="module")
def pages(pdf: bytes) -> list[Pixels]:
    return rendered(pdf)


# --- read again --------------------------------------------------------------------------------------------------------------


def assert_says(image: Pixels, sheet: Sheet) -> None:
    evidence = PageEvidence(1, read_codes(image))
    match sheet:
        case Separator():
            (claim,) = sheet_claims(evidence)
            assert (claim.number, claim.component) == (sheet.number, sheet.component or None)
            assert is_separator(evidence)
        case PatchSheet():
            assert is_patch(evidence)
            assert is_separator(evidence)
        case Receipt():
            assert [number.text for number in code_numbers(evidence)] == [sheet.number]
            assert not is_separator(evidence)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("angle", [-5.0, 5.0])
def test_read_after_a_poor_scan(pages: list[Pixels], turn: int, angle: float) -> None:
    for seed, (image, sheet) in enumerate(zip(pages, SHEETS, strict=True)):
        assert_says(scanner.scan(image, POOR, seed, turn=turn, angle=angle).pixels, sheet)


@pytest.mark.parametrize("preset", presets.ALL, ids=lambda preset: preset.name)
def test_read_after_every_kind_of_scanner(pages: list[Pixels], preset: presets.Preset) -> None:
    for seed, (image, sheet) in enumerate(zip(pages, SHEETS, strict=True)):
        turn, angle = seed % 4 * 90, (-5.0, 4.0, -3.0, 5.0)[seed % 4]
        assert_says(scanner.scan(image, preset, seed, turn=turn, angle=angle).pixels, sheet)


def test_titles_are_recognised_where_the_code_is_lost(pages: list[Pixels]) -> None:
    engine = open_engine(ReadSettings())
    for image, sheet in zip(pages, SHEETS, strict=True):
        if sheet is LONG:
            continue
        grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        text = engine.read(np.asarray(grey[:1000], np.uint8), 150).text
        assert looks_like_sheet(text) is not isinstance(sheet, Receipt)
        assert looks_like_receipt(text) is isinstance(sheet, Receipt)


def test_the_quiet_zone_is_kept(pages: list[Pixels]) -> None:
    modules = {OWN: 29, COMPONENT: 29, LONG: 37, RECEIPT: 25}  # along a side
    for image, sheet in zip(pages, SHEETS, strict=True):
        if sheet not in modules:
            continue
        (code,) = read_codes(image)
        quiet = round(4 * code.box.width / modules[sheet]) - 3
        ring = image[code.box.top - quiet : code.box.bottom + quiet, code.box.left - quiet : code.box.right + quiet].copy()
        ring[quiet - 3 : 3 - quiet, quiet - 3 : 3 - quiet] = 255
        assert ring.min() == 255
        assert code.box.width * 25.4 / 300 > (25 if sheet is RECEIPT else 85)


# --- on paper ----------------------------------------------------------------------------------------------------------------


def test_a4_upright_with_its_font_in_it(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == len(SHEETS)
    for page in reader.pages:
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            (descendant,) = font.get_object()["/DescendantFonts"]
            assert descendant.get_object()["/FontDescriptor"].get_object()["/FontFile2"]
            assert "Tinos" in font.get_object()["/BaseFont"]


def test_what_stands_on_them(pdf: bytes) -> None:
    own, component, long, patch, receipt = (" ".join(text.split()) for text in texts(pdf))
    assert "TỜ PHÂN CÁCH HỒ SƠ" in own
    assert f"{NUMBER} BẮT ĐẦU HỒ SƠ Đăng ký khai sinh" in own
    assert f"{NUMBER} TP2 Giấy chứng sinh Đăng ký khai sinh" in component
    assert f"{LONG_NUMBER} {LONG.component} {LONG.name} {LONG.procedure}" in long
    assert "TỜ PHÂN CÁCH TÀI LIỆU" in patch
    for text in (own, component, long, patch):
        assert "Tờ này không lưu vào hồ sơ." in text
        assert "The sheet itself is not kept." in text
    for said in (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        f"Mã hồ sơ: {NUMBER}",
        "ỦY BAN NHÂN DÂN XÃ AN PHƯỚC",
        "Nguyễn Thị Thử",
        "094******234",
        "1.001193",
        "1 Tờ khai đăng ký khai sinh",
        "nếu có",
        "3 ngày làm việc",
        "08 giờ 10 phút, ngày 01/03/2026",
    ):
        assert said in receipt
    assert receipt.endswith("kết quả.")
    assert "23 giờ" not in receipt  # the register gave a day without an hour
    assert "ngày 04/03/2026" in receipt


WIDE = "W" * 500
ODD = "<b>Giấy & 'tờ' \"khác\"</b> **đậm** \\n %d {0} 漢字 😀 \u202e đảo \x00 e\u0302\u0301"


@pytest.mark.parametrize("name", [WIDE, "Ẵ" * 500, LONG_NAME + WIDE, ODD, "", " "])
def test_names_never_run_off_the_page(name: str) -> None:
    separator = Separator(LONG_NUMBER, name, "W" * 20, name)
    papers = tuple(ReceiptLine(name, "dùng lại bản đã số hóa") for _ in range(30))
    receipt = replace(RECEIPT, number=LONG_NUMBER, office=name[:255], procedure=name, applicant=name[:255], papers=papers)
    for image in rendered(print_sheets([separator, receipt], NOW), dpi=72):
        dark = np.argwhere(image.min(axis=2) < 200) * 25.4 / 72
        assert dark.min() > 15
        assert dark[:, 0].max() < 282
        assert dark[:, 1].max() < 192


def test_odd_letters_are_letters() -> None:
    (text,) = texts(print_sheets([Separator(NUMBER, ODD)], NOW))
    assert "<b>Giấy & 'tờ' \"khác\"</b> **đậm** \\n %d {0} □□ □" in " ".join(text.split())
    assert "ế" in text  # NFC


def test_a_long_receipt_goes_on_on_the_next_page() -> None:
    papers = tuple(ReceiptLine(f"Giấy tờ thứ {n}", "") for n in range(1, 61))
    pages = texts(print_sheets([replace(RECEIPT, papers=papers), OWN], NOW))
    assert len(pages) == 4
    assert [int(n) for page in pages for n in re.findall(r"Giấy tờ thứ (\d+)", page)] == list(range(1, 61))
    assert all(f"Mã hồ sơ: {NUMBER}" in page for page in pages[:3])
    second = PageEvidence(2, read_codes(rendered(print_sheets([replace(RECEIPT, papers=papers)], NOW), dpi=150)[1]))
    assert second.codes == ()


def test_what_is_not_known_is_left_to_be_filled_in() -> None:
    bare = Receipt(NUMBER, "H51.20", "9.999999", "9.999999", "", "", None, None, None, ())
    (text,) = texts(print_sheets([bare], NOW))
    assert text.count("." * 60) == 5
    assert "trong ngày làm việc" in texts(print_sheets([replace(bare, term_days=0)], NOW))[0]


def test_the_same_bytes_on_the_same_day(pdf: bytes) -> None:
    assert print_sheets(SHEETS, NOW + timedelta(hours=11)) == pdf  # 23:00 in Vietnam
    assert print_sheets(SHEETS, NOW + timedelta(hours=13)) != pdf


def test_a_missing_font_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_paper, "FONTS", tmp_path)
    with pytest.raises(FontMissing, match=r"Tinos-Regular\.ttf") as failure:
        print_sheets([OWN], NOW)
    assert exit_code(failure.value) == 3
    assert "fonts-croscore" in FontMissing.vi
    assert "fonts-croscore" in FontMissing.en


# --- text in its place -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def paper() -> Iterator[Paper]:
    with closing(Paper("", NOW)) as paper:
        paper.turn()
        yield paper


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300), width=st.floats(12, COLUMN), height=st.floats(5, 60), size=st.floats(8, 34))
def test_text_keeps_to_its_place(paper: Paper, text: str, width: float, height: float, size: float) -> None:
    setting = paper.fitted(text, Face(size), width, height)
    assert len(setting.lines) >= 1
    assert setting.height <= height + 0.001 or len(setting.lines) == 1
    assert all(paper.width_of(line, setting.style, setting.size) <= width + 0.001 for line in setting.lines)
    assert paper.centred(100, text, Face(size), height, width=width) == pytest.approx(100 + setting.height)


def test_text_is_made_no_smaller_than_it_must_be(paper: Paper) -> None:
    assert paper.fitted("Tờ khai", Face(20), 100, 20).size == 20
    assert paper.fitted("Tờ khai " * 20, Face(20), 100, 20).size < 20
    cut = paper.fitted("Tờ khai " * 500, Face(20), 100, 20)
    assert cut.size == 8
    assert cut.lines[-1].endswith("…")
