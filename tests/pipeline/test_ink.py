"""Ink is told from paper, letters from rules, the sheet from what lies beside it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.ink import LONG_SIDE, find_ink, vertical_rules
from pipeline.model import Pixels
from samples.drawing import RED, Sheet, Type


def text_sheet() -> Pixels:
    sheet = Sheet()
    for n in range(10):
        sheet.put(30, 40 + 8 * n, "Trung tâm Phục vụ hành chính công đã tiếp nhận hồ sơ")
    return sheet.done().image


def test_an_empty_sheet_has_no_ink() -> None:
    found = find_ink(np.full((3508, 2480), 230, np.uint8))
    assert max(found.depth.shape) == LONG_SIDE
    assert not found.depth.any() and not found.text.any() and not found.frame.any()


def test_letters_are_text() -> None:
    found = find_ink(text_sheet())
    rows = np.nonzero(found.text.any(axis=1))[0] / found.scale * 25.4 / 300
    assert 34 < rows.min() < 38 and 112 < rows.max() < 116


def test_a_dark_border_inside_filled_corners_is_no_sheet() -> None:
    page = text_sheet()
    cv2.line(page, (60, 40), (150, 3480), (10, 10, 10), 45)
    found = find_ink(page)
    assert found.frame[:, : round(150 * found.scale)].any()
    assert not found.frame[:, round(300 * found.scale) :].any()
    assert not found.text[:, : round(200 * found.scale)].any()


def test_a_black_bar_in_the_middle_is_print() -> None:
    page = text_sheet()
    cv2.rectangle(page, (400, 1700), (2000, 1760), (0, 0, 0), -1)
    assert not find_ink(page).frame.any()


def test_a_rule_is_ink_but_no_text() -> None:
    page = np.full((3508, 2480), 255, np.uint8)
    cv2.line(page, (200, 900), (2200, 900), 0, 6)
    found = find_ink(page)
    assert found.depth.max() > 100
    assert not found.text.any()


def test_red_on_white_is_ink() -> None:
    sheet = Sheet()
    sheet.put(60, 100, "ĐÃ THU LỆ PHÍ", Type(20, bold=True, colour=RED))
    assert np.count_nonzero(find_ink(sheet.done().image).text) > 300


@pytest.mark.parametrize("paper", [255, 200, 150])
def test_grey_paper_is_no_ink(paper: int) -> None:
    light = np.linspace(paper * 0.7, paper, 2480)
    page = np.tile(light, (3508, 1)).astype(np.uint8)
    assert find_ink(page).depth.max() < 10


def test_the_dark_edge_of_an_open_lid_is_frame_and_no_ink() -> None:
    page = text_sheet()
    page[:, :150] = 20
    page[-90:] = 25
    found = find_ink(page)
    height, width = found.frame.shape
    assert found.frame[height // 2, 5] == 255 and found.frame[-5, width // 2] == 255
    assert found.frame[height // 2, width // 2] == 0
    assert np.array_equal(found.text > 0, find_ink(text_sheet()).text > 0)


def test_a_streak_is_no_ink() -> None:
    page = np.full((3508, 2480), 240, np.uint8)
    page[:, 1200:1206] = 120
    assert find_ink(page).depth.max() < 20


def test_vertical_rules_are_found_where_they_stand() -> None:
    depth = np.zeros((1170, 827), np.uint8)
    depth[200:500, 300:302] = 200
    depth[600, 100:700] = 200
    depth[700:712, 400:410] = 200
    (rule,) = vertical_rules(depth)
    assert abs(rule.left - 300) <= 1 and abs(rule.right - 302) <= 1
    assert abs(rule.top - 200) <= 1 and abs(rule.bottom - 500) <= 1
