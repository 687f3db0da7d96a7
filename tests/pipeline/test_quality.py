"""What is flagged on drawn pages scanned badly on purpose, and that nothing is on readable ones and on real ones."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.blank import judge_blank
from pipeline.ink import find_ink
from pipeline.model import Pixels
from pipeline.quality import judge_quality, measure_strokes
from pipeline.scan import open_scan
from samples import presets
from samples.dense import dense_page
from samples.drawing import px
from samples.presets import Between, Preset
from samples.scanner import scan

PAGE = dense_page(21).image


def judged(pixels: Pixels, dpi: float, *, bitonal: bool = False) -> tuple[str, ...]:
    found = find_ink(pixels)
    verdict = judge_blank(found, pixels)
    return judge_quality(found, pixels, dpi, bitonal=bitonal, blank=verdict.blank, ink=verdict.ink)


def scanned(page: Pixels, preset: Preset, seed: int = 3, angle: float | None = None) -> tuple[str, ...]:
    made = scan(page, preset, seed, angle=angle)
    return judged(made.pixels, made.dpi)


@pytest.mark.parametrize("preset", presets.ALL, ids=lambda preset: preset.name)
def test_worn_but_readable_pages_are_not_flagged_but_for_their_resolution(preset: Preset) -> None:
    assert scanned(PAGE, preset) == (("low_dpi",) if preset.dpi < 195 else ())


@pytest.mark.parametrize(("dpi", "flags"), [(72.0, ("low_dpi",)), (194.9, ("low_dpi",)), (195.0, ()), (199.6, ()), (300.0, ())])
def test_resolution_is_judged_of_blank_pages_too(dpi: float, flags: tuple[str, ...]) -> None:
    assert judged(np.full((2339, 1654), 250, np.uint8), dpi) == flags


@pytest.mark.parametrize("preset", [presets.GOOD, presets.WORN], ids=lambda preset: preset.name)
def test_pale_ink_is_faded(preset: Preset) -> None:
    assert "faded" in scanned(PAGE, replace(preset, ink=Between(0.15, 0.15)))


@pytest.mark.parametrize("preset", [presets.GOOD, presets.WORN, presets.LOW], ids=lambda preset: preset.name)
def test_an_unsharp_picture_is_blurred(preset: Preset) -> None:
    assert "blurred" in scanned(PAGE, replace(preset, blur=0.45 * preset.dpi / 25.4))


def shifted(across: float, down: float) -> Pixels:
    """The page moved by so many millimetres, out of the picture on one side."""
    moved = np.full_like(PAGE, 255)
    x, y = px(abs(across)), px(abs(down))
    there = np.s_[(y if down > 0 else 0) : 3508 - (y if down < 0 else 0), (x if across > 0 else 0) : 2480 - (x if across < 0 else 0)]
    here = np.s_[(y if down < 0 else 0) : 3508 - (y if down > 0 else 0), (x if across < 0 else 0) : 2480 - (x if across > 0 else 0)]
    moved[there] = PAGE[here]
    return moved


@pytest.mark.parametrize(("across", "down"), [(-38, 0), (24, 0), (0, -42), (0, 45)])
@pytest.mark.parametrize("preset", [presets.GOOD, presets.WORN], ids=lambda preset: preset.name)
def test_lines_that_run_out_of_the_picture_are_cut_off(preset: Preset, across: float, down: float) -> None:
    assert scanned(shifted(across, down), preset, angle=0.3) == ("cut_off",)


@pytest.mark.parametrize(("across", "down"), [(-22, 0), (10, 0), (0, -14), (0, 14)])
def test_lines_near_the_edge_are_not_cut_off(across: float, down: float) -> None:
    assert scanned(shifted(across, down), presets.GOOD, angle=0.2) == ()


def test_a_picture_without_light_is_dark() -> None:
    assert "dark" in scanned(PAGE, replace(presets.WORN, paper=Between(75, 75)))


def test_black_over_text_is_dark_and_black_beside_a_small_sheet_is_not() -> None:
    picture = scan(PAGE, presets.GOOD, 3, angle=0.0).pixels
    hidden = picture.copy()
    hidden[:, : px(75)] = 15
    assert judged(hidden, 300) == ("dark",)
    beside = np.full((3508, 2480 + px(90), 3), 15, np.uint8)
    beside[:, px(90) :] = picture
    assert judged(beside, 300) == ()


def test_a_bitonal_page_is_not_judged_by_what_it_cannot_show() -> None:
    grey = scan(PAGE, replace(presets.GOOD, blur=6.0), 3).pixels.min(axis=2)
    assert judged(grey, 300) == ("blurred",)
    assert judged(np.where(grey < 190, 0, 255).astype(np.uint8), 300, bitonal=True) == ()


def test_strokes_are_measured_against_the_paper() -> None:
    made = scan(PAGE, replace(presets.GOOD, ink=Between(0.5, 0.5)), 3)
    strokes = measure_strokes(find_ink(made.pixels), made.pixels)
    assert strokes is not None and 0.35 < strokes.contrast < 0.5 and 2 < strokes.edge < 4
    assert measure_strokes(find_ink(np.full_like(PAGE, 240)), np.full_like(PAGE, 240)) is None


def test_no_real_page_is_flagged(corpus: Path) -> None:
    """Office scans that people read without effort."""
    with (corpus / "PAGES.tsv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["file"].startswith("vi_docs/") and int(row["page"]) <= 3]
    assert len(rows) > 15
    for row in rows:
        with open_scan(corpus / row["file"]) as opened:
            page = opened.page(int(row["page"]))
        assert judged(page.pixels, page.dpi, bitonal=page.bitonal) == (), f"{row['file']} page {row['page']}"
