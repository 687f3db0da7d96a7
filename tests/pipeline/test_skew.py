"""Slant and quarter turn, on drawn pages and on real scans with known angles."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ink import find_ink
from pipeline.model import Pixels
from pipeline.scan import open_scan
from pipeline.skew import (
    CLEAR_OF_ALL_INK,
    cut,
    densest_band,
    find_slant,
    judge_stand,
    possible_turns,
    quarter_turned,
    turned,
)
from samples import presets
from samples.dense import dense_page
from samples.scanner import scan

DENSE = dense_page(3).image


def text_of(image: Pixels) -> Pixels:
    return find_ink(image).text


@pytest.mark.parametrize("angle", [-9.0, -2.5, -0.6, -0.2, 0.0, 0.1, 0.45, 3.0, 11.0])
def test_the_slant_of_a_scan_is_found(angle: float) -> None:
    slant = find_slant(text_of(scan(DENSE, presets.WORN, 4, angle=angle).pixels))
    assert slant is not None
    assert slant.angle == pytest.approx(angle, abs=0.06)


def test_straight_pages_are_not_drawn_to_another_angle() -> None:
    slant = find_slant(text_of(DENSE))
    assert slant is not None
    assert abs(slant.angle) < 0.05


def test_noise_has_no_slant() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1170, 827)).astype(np.uint8)
    assert find_slant(np.where(noise > 250, noise, 0).astype(np.uint8)) is None


def test_a_word_alone_has_no_slant() -> None:
    dots = np.zeros((1170, 827), np.uint8)
    dots[500:510, 400:425] = 200
    assert find_slant(dots) is None


def test_ruling_serves_where_there_is_no_text() -> None:
    ruled = np.zeros((1170, 827), np.uint8)
    for y in range(100, 1000, 40):
        ruled[y, 60:760] = 200
    slant = find_slant(turned(ruled, -1.3, 0), CLEAR_OF_ALL_INK)
    assert slant is not None
    assert slant.angle == pytest.approx(1.3, abs=0.06)


@settings(max_examples=25, deadline=None)
@given(angle=st.floats(-12, 12), height=st.integers(20, 200), width=st.integers(20, 200))
def test_turning_keeps_size_or_grows(angle: float, height: int, width: int) -> None:
    image = turned(np.full((height, width), 90, np.uint8), angle, 255)
    if abs(angle) <= 2:
        assert image.shape == (height, width)
    else:
        assert image.shape[0] >= height * np.cos(np.deg2rad(angle)) - 1 and image.shape[1] >= width * np.cos(np.deg2rad(angle)) - 1
        assert np.count_nonzero(image == 90) > 0.9 * (height - 4) * (width - 4)


@settings(max_examples=20, deadline=None)
@given(rotation=st.sampled_from([0, 90, 180, 270]), height=st.integers(1, 9), width=st.integers(1, 9))
def test_quarter_turns_come_back(rotation: int, height: int, width: int) -> None:
    image = np.arange(height * width, dtype=np.uint8).reshape(height, width)
    once = quarter_turned(image, rotation)
    assert once.flags.c_contiguous
    assert np.array_equal(quarter_turned(once, (360 - rotation) % 360), image)


def test_a_quarter_turn_is_clockwise() -> None:
    image = np.array([[1, 2], [3, 4]], np.uint8)
    assert quarter_turned(image, 90).tolist() == [[3, 1], [4, 2]]


def test_an_upright_page_is_beyond_doubt_and_others_are_not() -> None:
    text = text_of(DENSE)
    assert judge_stand(text, 0.0).upright
    for rotation, turns in ((0, (0,)), (180, (0, 180)), (90, (90, 270)), (270, (90, 270))):
        lying = quarter_turned(text, rotation)
        assert possible_turns(lying, find_slant(lying)) == turns
    assert possible_turns(np.zeros((1170, 827), np.uint8), None) == (0, 90, 180, 270)


def test_the_densest_band_is_where_the_text_is() -> None:
    text = np.zeros((1000, 700), np.uint8)
    text[600:680, 100:600] = 100
    top, bottom = densest_band(text)
    assert top <= 0.6 and bottom >= 0.68
    assert cut(text, (top, bottom)).shape[0] == pytest.approx(94, abs=1)
    assert np.count_nonzero(cut(text, (top, bottom))) == np.count_nonzero(text)


def known_angles(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "PAGES.tsv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["skew_ccw_deg"]]
    return [row for row in rows if row["file"].startswith(("skew/", "orient/"))]


def test_real_scans_are_measured_within_their_tolerance(corpus: Path) -> None:
    rows = known_angles(corpus)
    assert len(rows) > 15
    for row in rows:
        with open_scan(corpus / row["file"]) as opened:
            page = opened.page(int(row["page"]))
        found = find_ink(quarter_turned(page.pixels, int(row["fix_rotate_cw_deg"] or 0)))
        slant = find_slant(found.text) or find_slant(found.depth, CLEAR_OF_ALL_INK)
        assert slant is not None, row["file"]
        assert slant.angle == pytest.approx(float(row["skew_ccw_deg"]), abs=float(row["skew_tol_deg"])), row["file"]


def test_slanted_labels_do_not_turn_a_chart(corpus: Path) -> None:
    with open_scan(corpus / "nasty" / "ocrmypdf_graph.pdf") as opened:
        found = find_ink(opened.page(1).pixels)
    slant = find_slant(found.text) or find_slant(found.depth, CLEAR_OF_ALL_INK)
    assert slant is None or abs(slant.angle) < 0.1
