"""Bars that no reader reads as they are: found on the page, made upright, and read."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
import zxingcpp

from pipeline.codes import read_codes
from pipeline.codes_bars import find_bars, upright_pictures
from pipeline.model import Code, Pixels, Symbology
from samples import marks, presets, sheets
from samples.dense import dense_page
from samples.scanner import scan

_NUMBER = "H51.20-211116-0007"
_HARD = replace(presets.LOW, quality=presets.Between(40, 40))


def _receipt(*, code_39: bool) -> Pixels:
    """A page of print with one bar code, as large as on receipts, in the middle of its upper half (H×W×3 uint8, 300 dpi)."""
    page = dense_page(1).image.copy()
    bars = marks.bars(_NUMBER, 96, 11, code_39=code_39)
    page[500:900] = 255
    page[620 : 620 + bars.shape[0], 1080 : 1080 + bars.shape[1]] = bars[..., None]
    return page


RECEIPTS = {Symbology.CODE_128: _receipt(code_39=False), Symbology.CODE_39: _receipt(code_39=True)}


def _grey(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def _texts(codes: tuple[Code, ...]) -> list[tuple[Symbology, str]]:
    return [(code.symbology, code.payload) for code in codes]


@pytest.mark.parametrize("symbology", RECEIPTS)
@pytest.mark.parametrize(("preset", "turn", "angle"), [(_HARD, 90, -5.0), (presets.FADED, 180, 3.0)], ids=["150 dpi, slanting", "faded"])
def test_what_zxing_alone_does_not_read(symbology: Symbology, preset: presets.Preset, turn: int, angle: float) -> None:
    page = scan(RECEIPTS[symbology], preset, 1, turn=turn, angle=angle).pixels
    assert not zxingcpp.read_barcodes(page)
    codes = read_codes(page)
    assert _texts(codes) == [(symbology, _NUMBER)]
    box = codes[0].box
    assert (box.width < box.height) == (turn == 90)


def test_bars_as_wide_as_letters() -> None:
    page = scan(sheets.patch().image, presets.FADED, 190, turn=90, angle=3.61).pixels
    assert not zxingcpp.read_barcodes(page)
    assert set(_texts(read_codes(page))) == {(Symbology.PATCH_T, "PATCHT")}


def test_a_field_lies_around_its_bars() -> None:
    (field,) = find_bars(_grey(RECEIPTS[Symbology.CODE_128]))
    bars = marks.bars(_NUMBER, 96, 11)
    dark = np.flatnonzero(bars[0] == 0)
    box = field.box(2480, 3508)
    assert (box.left, box.right) == pytest.approx((1080 + dark[0], 1080 + dark[-1]), abs=60)
    assert (box.top, box.bottom) == pytest.approx((620, 620 + len(bars)), abs=40)
    assert abs(field.angle) < 0.01


def test_pictures_are_upright_and_small() -> None:
    page = _grey(scan(RECEIPTS[Symbology.CODE_39], presets.GOOD, 1, turn=90, angle=5.0).pixels)
    for picture in upright_pictures(page, find_bars(page)[0]):
        assert picture.dtype == np.uint8
        assert picture.shape[0] < 40
        assert (picture == picture[0]).all()
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [_NUMBER]


@pytest.mark.parametrize(
    "page",
    [
        np.full((1, 1), 255, np.uint8),
        np.full((3, 2_000), 255, np.uint8),
        np.zeros((1_754, 1_240), np.uint8),
        np.random.default_rng(1).integers(0, 256, (1_754, 1_240), dtype=np.uint8),
        _grey(dense_page(2).image),
    ],
    ids=["pixel", "sliver", "black", "noise", "print"],
)
def test_no_bars_where_there_are_none(page: Pixels) -> None:
    assert find_bars(page) == []


@pytest.mark.parametrize("width", [2, 5, 20])
def test_stripes_are_no_code(width: int) -> None:
    page = np.full((3_508, 2_480), 250, np.uint8)
    page[400:3_000, 200:2_200] = np.where(np.arange(2_000) // width % 2, 250, 10)
    assert read_codes(page) == ()
