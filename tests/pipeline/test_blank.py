"""What is blank and what is not, on drawn sheets in every scanner and on real ones."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.blank import Blankness, judge_blank
from pipeline.ink import find_ink
from pipeline.model import Pixels
from pipeline.scan import open_scan
from samples import marks, presets
from samples.dense import dense_page
from samples.drawing import BLUE, Sheet, Type, px
from samples.scanner import scan

BACK = dense_page(8).image


def judged(image: Pixels) -> Blankness:
    return judge_blank(find_ink(image).depth)


def empty() -> Pixels:
    return Sheet().done().image


def tinted() -> Pixels:
    return np.full_like(empty(), (215, 225, 235))


def punched() -> Pixels:
    sheet = Sheet()
    for y in (110, 190):
        sheet.pen.ellipse((px(9), px(y), px(15), px(y + 6)), fill=(60, 60, 60))
    return sheet.done().image


@pytest.mark.parametrize("preset", presets.ALL, ids=lambda preset: preset.name)
def test_an_empty_sheet_is_blank_in_every_scanner(preset: presets.Preset) -> None:
    assert judged(scan(empty(), preset, 6, behind=BACK).pixels) == Blankness(blank=True, ink=0.0)


@pytest.mark.parametrize("preset", [presets.WORN, presets.LOW], ids=lambda preset: preset.name)
def test_colour_of_paper_and_punched_holes_are_no_content(preset: presets.Preset) -> None:
    assert judged(scan(tinted(), preset, 6).pixels) == Blankness(blank=True, ink=0.0)
    assert judged(scan(punched(), preset, 6).pixels) == Blankness(blank=True, ink=0.0)


def numbered() -> Pixels:
    sheet = Sheet()
    sheet.put(104, 284, "2")
    return sheet.done().image


def pencilled() -> Pixels:
    sheet = Sheet()
    sheet.put(60, 90, "thiếu bản sao", Type(14, italic=True, colour=(140, 140, 140)))
    return sheet.done().image


def signed() -> Pixels:
    sheet = Sheet()
    curve = [(px(110) + 8 * i, px(190) + int(80 * np.sin(i / 5) + 40 * np.sin(i / 1.7))) for i in range(60)]
    sheet.pen.line(curve, fill=BLUE, width=5)
    return sheet.done().image


def sealed() -> Pixels:
    sheet = Sheet()
    seal = marks.seal("Ủy ban nhân dân xã Tân Lộc", np.random.default_rng(2))
    sheet.image.paste(seal, (px(100), px(180)), seal)
    return sheet.done().image


@pytest.mark.parametrize("preset", [presets.WORN, presets.LOW], ids=lambda preset: preset.name)
@pytest.mark.parametrize("sheet", [numbered, pencilled, signed, sealed])
def test_the_least_that_a_person_puts_on_a_sheet_keeps_it(sheet: Callable[[], Pixels], preset: presets.Preset) -> None:
    verdict = judged(scan(sheet(), preset, 6, behind=BACK).pixels)
    assert not verdict.blank
    assert verdict.ink > 0


def test_text_covers_more_than_a_page_number() -> None:
    assert judged(BACK).ink > 100 * judged(numbered()).ink


def test_real_sheets(corpus: Path) -> None:
    with (corpus / "PAGES.tsv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["blank"]]
    kinds = [row for row in rows if row["file"].startswith(("blank/", "dossier/", "orient/"))]
    assert sum(row["blank"] == "1" for row in kinds) >= 5
    for row in kinds:
        with open_scan(corpus / row["file"]) as opened:
            page = opened.page(int(row["page"]))
        assert judged(page.pixels).blank == (row["blank"] == "1"), f"{row['file']} page {row['page']}"
