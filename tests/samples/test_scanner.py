"""The scanner tells the truth about slant and turn, keeps to its presets, and gives the same bytes for the same seed."""

from __future__ import annotations

import io
import math

import cv2
import numpy as np
import pytest
from PIL import Image

from pipeline.model import Pixels
from samples import presets
from samples.dense import dense_page
from samples.scanner import GOOD, LOW, WORN, Preset, scan


@pytest.fixture(scope="module")
def ruled() -> Pixels:
    """A page with one long level line and a block in the top left corner."""
    page = np.full((3508, 2480, 3), 255, np.uint8)
    page[1750:1758, 300:2180] = 0
    page[300:600, 300:600] = 0
    return page


def line_angle(pixels: Pixels) -> float:
    """Slant of the line in degrees, counter-clockwise positive."""
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    height = grey.shape[0]
    band = grey[round(height * 0.42) : round(height * 0.58)]
    y, x = np.nonzero(band < 110)
    slope = np.polyfit(x, y, 1)[0]
    return -math.degrees(math.atan(float(slope)))


@pytest.mark.parametrize("angle", [-3.0, -0.4, 0.0, 2.0])
def test_the_slant_is_counter_clockwise_positive(ruled: Pixels, angle: float) -> None:
    scanned = scan(ruled, GOOD, 1, angle=angle)
    assert scanned.angle == angle
    assert line_angle(scanned.pixels) == pytest.approx(angle, abs=0.03)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turning_clockwise_by_the_turn_makes_upright(ruled: Pixels, turn: int) -> None:
    scanned = scan(ruled, LOW, 2, turn=turn, angle=1.0)
    upright = np.ascontiguousarray(np.rot90(scanned.pixels, -turn // 90))
    height, width = upright.shape[:2]
    assert height > width
    assert upright[height // 7, width // 6].mean() < 110
    assert upright[height * 6 // 7, width * 5 // 6].mean() > 110
    assert line_angle(upright) == pytest.approx(1.0, abs=0.05)


def test_another_turn_is_an_error(ruled: Pixels) -> None:
    with pytest.raises(ValueError, match="45"):
        scan(ruled, LOW, 1, turn=45)


@pytest.mark.parametrize("preset", presets.ALL, ids=lambda preset: preset.name)
def test_every_preset_gives_its_own_kind_of_image(ruled: Pixels, preset: Preset) -> None:
    scanned = scan(ruled, preset, 3)
    assert scanned.dpi == preset.dpi
    assert scanned.pixels.shape[:2] == (round(3508 * preset.dpi / 300), round(2480 * preset.dpi / 300))
    assert (scanned.pixels.ndim == 2) == preset.grey
    assert preset.skew.low <= abs(scanned.angle) <= preset.skew.high
    with Image.open(io.BytesIO(scanned.jpeg)) as picture:
        assert picture.info["dpi"] == (preset.dpi, preset.dpi)
        assert picture.size == scanned.pixels.shape[1::-1]


def test_same_seed_same_bytes_other_seed_other_slant(ruled: Pixels) -> None:
    assert scan(ruled, WORN, 7).jpeg == scan(ruled, WORN, 7).jpeg
    assert len({scan(ruled, LOW, seed).angle for seed in range(5)}) == 5


def test_both_signs_of_slant_occur(ruled: Pixels) -> None:
    assert {math.copysign(1, scan(ruled, LOW, seed).angle) for seed in range(12)} == {-1.0, 1.0}


def test_the_back_shines_through_mirrored(ruled: Pixels) -> None:
    empty = np.full_like(ruled, 255)
    through = scan(empty, WORN, 4, angle=0.0, behind=ruled).pixels.astype(int)
    without = scan(empty, WORN, 4, angle=0.0).pixels.astype(int)
    darker = (without - through).mean(axis=2)
    height, width = darker.shape
    left, right = darker[height // 10 : height // 7, width // 7 : width // 5], darker[height // 10 : height // 7, -width // 5 : -width // 7]
    assert right.mean() > 5
    assert abs(left.mean()) < 2


def test_a_worn_scan_is_uneven_and_dense_ink_stays_darker_than_paper() -> None:
    page = dense_page(1).image
    pixels = scan(page, WORN, 5).pixels
    blocks = cv2.resize(pixels, (8, 8), interpolation=cv2.INTER_AREA).mean(axis=2)
    assert blocks.max() - blocks.min() > 25
    assert np.percentile(pixels, 1) < np.percentile(pixels, 60) - 50
