"""Evening out helps the engine and never harms: streaks and shadows go, letters stay, grey stays grey."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.ink import find_ink
from pipeline.model import Pixels
from pipeline.tone import even
from samples import presets
from samples.dense import dense_page
from samples.scanner import scan


def evened(grey: Pixels, dpi: float = 200, *, bitonal: bool = False) -> Pixels:
    return even(grey, dpi, find_ink(grey).frame, bitonal=bitonal)


def page() -> Pixels:
    """Black on white, 200 dpi, grey."""
    grey = cv2.cvtColor(dense_page(1).image, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def test_a_clean_page_keeps_its_greys_apart() -> None:
    before, after = page(), evened(page())
    assert after.shape == before.shape and after.dtype == np.uint8
    assert after[before > 250].min() > 230
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.99


def test_ink_is_not_clipped_to_black() -> None:
    for ink in (0.2, 0.6, 1.0):
        pale = (255 - (255.0 - page()) * ink).astype(np.uint8)
        assert 30 < np.percentile(evened(pale), 1) < 90


def test_nothing_is_binarised() -> None:
    levels = np.bincount(evened(page()).ravel(), minlength=256)
    assert levels[60:200].sum() > 0.02 * levels.sum()


def test_pale_ink_becomes_dark_and_shadow_white() -> None:
    pale = (150 + page().astype(float) * 0.35) * np.linspace(0.6, 1, page().shape[1])
    after = evened(pale.astype(np.uint8))
    paper = page() > 250
    assert np.percentile(after[paper], 5) > 235
    assert np.percentile(after[page() < 60], 90) < 140


def test_a_streak_goes_and_the_letters_under_it_stay() -> None:
    streaked = page().astype(float)
    streaked[:, 800:805] *= 0.6
    after = evened(streaked.astype(np.uint8))
    column = after[:, 800:805]
    assert np.percentile(column, 70) > 240
    assert np.count_nonzero(column < 140) > 0.7 * np.count_nonzero(page()[:, 800:805] < 128)


def test_a_dark_edge_becomes_paper() -> None:
    framed = page()
    framed[:, :60] = 25
    assert evened(framed)[:, :60].min() > 200


def test_a_bitonal_page_keeps_its_ink() -> None:
    bitonal = np.where(page() < 128, 0, 255).astype(np.uint8)
    after = evened(bitonal, bitonal=True)
    assert np.count_nonzero(after < 160) > 0.8 * np.count_nonzero(bitonal < 128)
    assert np.percentile(after[cv2.erode(bitonal, np.ones((7, 7), np.uint8)) > 0], 1) > 230


@pytest.mark.parametrize("shape", [(40, 30), (3, 700), (1, 1)])
def test_tiny_images_pass(shape: tuple[int, int]) -> None:
    assert evened(np.full(shape, 200, np.uint8)).shape == shape


@pytest.mark.parametrize("grey", [0, 7, 255])
def test_one_grey_passes(grey: int) -> None:
    assert evened(np.full((500, 400), grey, np.uint8)).shape == (500, 400)


def test_the_worst_scanner_leaves_white_paper() -> None:
    worn = scan(dense_page(2).image, presets.WORN_HARSH, 2).pixels
    after = evened(worn)
    assert np.percentile(after, 60) > 245
    assert np.percentile(after, 3) < 100
