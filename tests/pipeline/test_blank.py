"""What is blank and what is not, on drawn sheets in every scanner and on real ones."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.blank import Blankness, judge_blank
from pipeline.ink import find_ink
from pipeline.model import Pixels
from pipeline.scan import open_scan
from samples import marks, presets, sheets
from samples.dense import dense_page
from samples.drawing import BLUE, Sheet, Type, px
from samples.scanner import scan

BACK = dense_page(8).image


def judged(image: Pixels) -> Blankness:
    return judge_blank(find_ink(image), image)


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
def test_what_shines_through_is_no_content_be_it_large_and_black(preset: presets.Preset) -> None:
    front = sheets.patch().image
    strongest = replace(preset, show_through=presets.Between(preset.show_through.high, preset.show_through.high))
    for seed in (1, 2):
        assert judged(scan(empty(), strongest, seed, behind=front).pixels).blank


def stapled() -> Pixels:
    sheet = Sheet()
    sheet.pen.line((px(6), px(11), px(11), px(6)), fill=(90, 90, 90), width=6)
    return sheet.done().image


def soiled() -> Pixels:
    """A dirty finger and a fold, both soft."""
    y, x = np.ogrid[:3508, :2480]
    dark = 20 * np.exp(-((x - 900) ** 2 + (y - 1400) ** 2) / (2 * 90.0**2)) + 12 * np.exp(-(((y - 2000) / 10.0) ** 2))
    return np.asarray(np.clip(255 - dark[..., None], 0, 255).astype(np.uint8).repeat(3, axis=2), dtype=np.uint8)


@pytest.mark.parametrize("preset", [presets.WORN, presets.LOW], ids=lambda preset: preset.name)
@pytest.mark.parametrize("sheet", [stapled, soiled])
def test_staples_fingers_and_folds_are_no_content(sheet: Callable[[], Pixels], preset: presets.Preset) -> None:
    assert judged(scan(sheet(), preset, 6, angle=0.4).pixels).blank


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


def thumbed() -> Pixels:
    """Ridges half a millimetre apart, lost on the reduced image."""
    sheet = np.asarray(Sheet().done().image).copy()
    y, x = np.mgrid[0 : px(24), 0 : px(18)].astype(np.float32)
    away = np.hypot((x - px(9)) * 1.2, y - px(13))
    pressed = np.clip(3 * (0.15 + 0.5 * np.cos(away / px(0.5) * 2 * np.pi)), 0, 1) * (away < px(10))
    sheet[px(120) :][: px(24), px(90) :][:, : px(18)] = (255 - 170 * pressed).astype(np.uint8)[..., None]
    return sheet


@pytest.mark.parametrize("preset", presets.ALL, ids=lambda preset: preset.name)
@pytest.mark.parametrize("sheet", [numbered, pencilled, signed, sealed, thumbed])
def test_the_least_that_a_person_puts_on_a_sheet_keeps_it(sheet: Callable[[], Pixels], preset: presets.Preset) -> None:
    verdict = judged(scan(sheet(), preset, 6, behind=BACK).pixels)
    assert not verdict.blank
    assert verdict.ink > 0


@pytest.mark.parametrize("preset", [presets.FADED, presets.FADED_HARSH], ids=lambda preset: preset.name)
@pytest.mark.parametrize("place", [(40, 60), (104, 150), (30, 270)])
def test_one_pale_line_keeps_the_page(place: tuple[int, int], preset: presets.Preset) -> None:
    sheet = Sheet()
    sheet.put(*place, "Trang này không có nội dung", Type(11))
    assert not judged(scan(sheet.done().image, preset, 9, behind=BACK).pixels).blank


def ruled(sheet: Sheet) -> None:
    for row in range(6):
        sheet.rule(30, 60 + 20 * row, 190, 60 + 20 * row, 0.35)


def table(sheet: Sheet) -> None:
    for row in range(5):
        sheet.rule(25, 60 + 12 * row, 190, 60 + 12 * row)
    for column in range(4):
        sheet.rule(25 + 55 * column, 60, 25 + 55 * column, 108)


def one_rule(sheet: Sheet) -> None:
    sheet.rule(60, 120, 150, 120, 0.35)


@pytest.mark.parametrize("preset", presets.ALL, ids=lambda preset: preset.name)
@pytest.mark.parametrize(("draw", "slant"), [(ruled, 0.0), (ruled, 1.2), (table, 0.0), (one_rule, 1.0)])
def test_rules_of_a_form_that_lies_sideways_are_no_streaks(draw: Callable[[Sheet], None], slant: float, preset: presets.Preset) -> None:
    sheet = Sheet()
    draw(sheet)
    assert not judged(scan(sheet.done().image, preset, 5, turn=90, angle=slant, behind=BACK).pixels).blank


@pytest.mark.parametrize("whole", [False, True])
def test_streaks_are_no_rules(whole: bool) -> None:
    streaked = replace(presets.WORN, streaks=presets.Between(6, 6), streak_depth=presets.Between(0.1, 0.4), whole_streaks=whole)
    for seed in (1, 2, 3):
        assert judged(scan(empty(), streaked, seed).pixels).blank


@pytest.mark.parametrize("preset", [presets.FADED, presets.FADED_HARSH], ids=lambda preset: preset.name)
def test_a_pale_page_out_of_focus_is_no_shine_through(preset: presets.Preset) -> None:
    assert not judged(scan(BACK, replace(preset, blur=4.5), 5).pixels).blank


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (3, 900), (900, 3), (71, 72), (1, 3000), (40, 40, 3), (1170, 827, 3)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_picture_of_any_size_is_blank(shape: tuple[int, ...], level: int) -> None:
    assert judged(np.full(shape, level, dtype=np.uint8)) == Blankness(blank=True, ink=0.0)


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_scraps_are_judged(height: int, width: int, seed: int) -> None:
    scrap = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    assert 0 <= judged(scrap).ink <= 1


def test_a_page_out_of_focus_is_no_shine_through() -> None:
    blurred = replace(presets.WORN_HARSH, blur=3.5)
    assert not judged(scan(BACK, blurred, 5).pixels).blank


def test_text_in_the_dark_is_kept() -> None:
    dark = replace(presets.WORN_HARSH, paper=presets.Between(60, 60))
    assert not judged(scan(BACK, dark, 5).pixels).blank


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
