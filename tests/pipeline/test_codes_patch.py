"""Drawn patch code T: on every scanner, whichever way the sheet lies, and on no other paper."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codes_patch import find_patch_t, find_spans
from pipeline.model import Pixels
from pipeline.scan import open_scan
from samples import marks, presets, sheets
from samples.dense import dense_page
from samples.scanner import scan

_CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
_HEIGHT, _WIDTH = 1754, 1240  # A4 at 150 dpi
_INCH = 150


def _grey(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def _at_150_dpi(drawn: Pixels) -> Pixels:
    return np.asarray(cv2.resize(drawn, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


def _page(patch: Pixels, top: int = _INCH // 2) -> Pixels:
    """A4 at 150 dpi with a patch code (H×W) in the middle of its breadth."""
    page = np.full((_HEIGHT, _WIDTH), 245, np.uint8)
    left = (_WIDTH - patch.shape[1]) // 2
    page[top : top + patch.shape[0], left : left + patch.shape[1]] = patch
    return page


def _patch(kind: str, inches: float = 6.0) -> Pixels:
    return _at_150_dpi(marks.patch(kind, inches * 25.4))


def _bars(*widths: float, inches: float = 6.0) -> Pixels:
    """Bars and spaces in turn, so many hundredths of an inch each."""
    edges = np.round(np.cumsum((0, *widths)) * _INCH / 100).astype(int)
    column = np.concatenate([np.full(end - start, 255 * (n % 2), np.uint8) for n, (start, end) in enumerate(pairwise(edges))])
    return np.repeat(column[:, None], round(inches * _INCH), axis=1)


# --- what has to be found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("inches", [2.0, 6.0, 7.4])
def test_t_whichever_way_the_sheet_lies(turns: int, inches: float) -> None:
    box = find_patch_t(np.ascontiguousarray(np.rot90(_page(_patch("T", inches)), turns)))
    assert box is not None
    assert max(box.width, box.height) == pytest.approx(inches * _INCH, abs=8)
    assert min(box.width, box.height) == pytest.approx(0.8 * _INCH, abs=6)
    nearest = (box.top, box.left, _HEIGHT - box.bottom, _HEIGHT - box.right)[turns]
    assert nearest == pytest.approx(_INCH / 2, abs=6)


@pytest.mark.parametrize("preset", presets.ALL, ids=lambda preset: preset.name)
def test_t_on_every_scanner(preset: presets.Preset) -> None:
    all_round = preset in (presets.LOW, presets.FADED_HARSH)
    made = scan(sheets.patch_t(all_round=all_round).image, preset, 3, turn=90 if all_round else 180, angle=5.0)
    assert find_patch_t(_grey(made.pixels)) is not None


@pytest.mark.parametrize("size", [0.7, 1.4], ids=["smaller", "A5"])
def test_a_sheet_that_was_printed_smaller_or_on_smaller_paper(size: float) -> None:
    patch = cv2.resize(_patch("T", 4.0), None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
    assert find_patch_t(_page(np.asarray(patch, np.uint8))) is not None


def test_a_streak_through_a_space_does_no_harm() -> None:
    page = _page(_patch("T"))
    page[_INCH // 2 + round(0.12 * _INCH)] = 90
    assert find_patch_t(page) is not None


def test_the_sheet_that_kodak_publishes() -> None:
    path = _CORPUS / "barcode" / "paperless_patch-code-t.pdf"
    if not path.exists():
        pytest.skip("no corpus of real scans beside the project")
    with open_scan(path) as opened:
        page = _grey(opened.page(1).pixels)
    assert all(find_patch_t(np.ascontiguousarray(np.rot90(page, turns))) for turns in range(4))


# --- what must not be taken for it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in marks.KODAK_PATCHES if kind != "T"])
def test_the_other_patch_codes_are_not_t(kind: str) -> None:
    page = _page(_patch(kind))
    assert [find_patch_t(np.ascontiguousarray(np.rot90(page, turns))) for turns in range(4)] == [None] * 4


def test_patch_iii_on_a_scanner_is_not_t() -> None:
    drawn = np.full((3508, 2480, 3), 255, np.uint8)
    drawn[150:390, 300:2180] = marks.patch("III", 1880 * 25.4 / 300)[..., None]
    assert find_patch_t(_grey(scan(drawn, presets.WORN_HARSH, 1, angle=5.0).pixels)) is None


def _pale_bar() -> Pixels:
    patch = _patch("T")
    patch[: round(0.08 * _INCH)] = 170
    return patch


def _ragged() -> Pixels:
    patch = _patch("T")
    patch[round(0.16 * _INCH) : round(0.36 * _INCH), 600:] = 255
    patch[round(0.6 * _INCH) :, :200] = 255
    return patch


def _fan() -> Pixels:
    """Bars that are no parallels: the code is a tenth wider at its right end."""
    patch = _patch("T")
    height, width = patch.shape
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float32)
    pulled = corners + np.array([[0, 0], [0, -8], [0, 0], [0, 14]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, pulled + np.float32(10))
    return np.asarray(cv2.warpPerspective(patch, matrix, (width + 20, height + 36), borderValue=(255, 255, 255)), np.uint8)


NOT_T = {
    "in the middle, where it may be III": _page(_patch("T"), top=_HEIGHT // 2 - 60),
    "too short": _page(_patch("T", 1.4)),
    "equal bars": _page(_bars(13, 8, 13, 8, 13, 8, 13)),
    "bars hardly different": _page(_bars(10, 8, 14, 8, 10, 8, 14)),
    "wide spaces": _page(_bars(8, 20, 20, 20, 8, 20, 20)),
    "one more bar": _page(_bars(8, 8, 20, 8, 8, 8, 20, 8, 8)),
    "one bar less": _page(_bars(20, 8, 8, 8, 20)),
    "one pale bar": _page(_pale_bar()),
    "bars of unequal length": _page(_ragged()),
    "bars that are not parallel": _page(_fan()),
    "thick rules": _page(_bars(2, 8, 5, 8, 2, 8, 5)),
    "a huge one": np.asarray(cv2.resize(_patch("T", 2.0), (1200, 520)), np.uint8),
    "a black page": np.zeros((_HEIGHT, _WIDTH), np.uint8),
    "a white sliver": np.full((3, 2000), 255, np.uint8),
    "a pixel": np.full((1, 1), 255, np.uint8),
    "noise": np.random.default_rng(1).integers(0, 256, (_HEIGHT, _WIDTH), dtype=np.uint8),
}


@pytest.mark.parametrize("page", NOT_T.values(), ids=list(NOT_T))
def test_what_only_looks_like_it(page: Pixels) -> None:
    assert [find_patch_t(np.ascontiguousarray(np.rot90(page, turns))) for turns in range(2)] == [None] * 2


def test_generated_papers_show_none() -> None:
    for page, preset in ((dense_page(0), presets.WORN_HARSH), (sheets.patch(code_39=True), presets.LOW)):
        assert find_patch_t(_grey(scan(page.image, preset, 0).pixels)) is None


@pytest.mark.parametrize("name", ["dl_thongbao_0006.pdf", "dl_thongbao_275.jpg", "kg_congvan_2192.pdf", "kg_thongbao_2253.pdf"])
def test_office_scans_show_none(name: str) -> None:
    if not (_CORPUS / "vi_docs" / name).exists():
        pytest.skip("no corpus of real scans beside the project")
    with open_scan(_CORPUS / "vi_docs" / name) as opened:
        assert find_patch_t(_grey(opened.page(1).pixels)) is None


# --- the bars in a row of pixels ---------------------------------------------------------------------------------------------

_WIDTHS = {"N": 2.0, "W": 5.0}


def _row(kind: str, unit: float, before: int, after: int, jitter: list[float]) -> npt.NDArray[np.bool_]:
    """A row with the bars of a patch code, edges moved by so many units."""
    bars = [_WIDTHS[bar] for bar in marks.KODAK_PATCHES[kind]]
    widths = [value for bar in bars for value in (bar, 2.0)][:-1]
    edges = [round(before + unit * (at + moved)) for at, moved in zip(np.cumsum([0, *widths]), jitter, strict=True)]
    row = np.zeros(edges[-1] + after, np.bool_)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        row[start:end] = True
    return row


jitters = st.lists(st.floats(-0.25, 0.25), min_size=8, max_size=8)
kinds = st.sampled_from(sorted(marks.KODAK_PATCHES))


@given(kinds, st.floats(2.2, 5.0), st.integers(20, 90), st.integers(20, 90), jitters)
def test_t_and_its_reverse_are_found_and_no_other(kind: str, unit: float, before: int, after: int, jitter: list[float]) -> None:
    row = _row(kind, unit, before, after, jitter)
    found = find_spans(np.stack([~row, row, np.zeros_like(row)]), 36, 112)
    assert [(span.strip, span.reverse) for span in found] == {"T": [(1, False)], "III": [(1, True)]}.get(kind, [])
    for span in found:
        dark = np.flatnonzero(row)
        assert (span.start, span.end) == (dark[0], dark[-1] + 1)


@given(kinds, st.floats(2.2, 5.0), st.integers(20, 90), jitters)
def test_backwards_it_is_the_reverse(kind: str, unit: float, before: int, jitter: list[float]) -> None:
    row = _row(kind, unit, before, 40, jitter)[None]
    forth, back = find_spans(row, 36, 112), find_spans(row[:, ::-1], 36, 112)
    length = row.shape[1]
    assert [(length - span.end, length - span.start, not span.reverse) for span in back] == [
        (span.start, span.end, span.reverse) for span in forth
    ]


@given(st.integers(0, 2), st.floats(3.0, 5.0))
def test_bars_at_the_very_edge_may_be_cut(margin: int, unit: float) -> None:
    row = _row("T", unit, 40, 40, [0.0] * 8)
    dark = np.flatnonzero(row)
    assert find_spans(row[None, dark[0] - margin :], 36, 112) == []
    assert find_spans(row[None, : dark[-1] + 1 + margin], 36, 112) == []


@given(st.integers(0, 5), st.integers(0, 40), st.integers(0, 1_000_000))
def test_any_rows_will_do(strips: int, length: int, seed: int) -> None:
    dark = np.random.default_rng(seed).random((strips, length)) < 0.5
    for span in find_spans(dark, 1, 100):
        assert dark[span.strip, span.start]
        assert dark[span.strip, span.end - 1]
