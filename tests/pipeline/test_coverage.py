"""Ink that no word covers is measured, and found again as strips."""

from __future__ import annotations

import numpy as np

from pipeline.coverage import unread_share, unread_strips
from pipeline.ink import find_ink
from pipeline.model import Box, Line, Word, Words
from samples.dense import dense_page
from samples.drawing import Sheet, px


def words_over(*boxes: Box, width: int = 2480, height: int = 3508) -> Words:
    return Words(width, height, tuple(Line((Word("chữ", box, 0.9),), box) for box in boxes))


TEXT = find_ink(dense_page(5).image).text


def test_a_page_read_as_nothing_is_unread() -> None:
    assert unread_share(TEXT, words_over()) == 1.0


def test_a_page_covered_by_words_is_read() -> None:
    assert unread_share(TEXT, words_over(Box(0, 0, 2480, 3508))) == 0.0


def test_half_a_page_is_half_unread() -> None:
    assert 0.4 < unread_share(TEXT, words_over(Box(0, 0, 2480, 1754))) < 0.6


def test_a_line_of_ink_says_nothing() -> None:
    sheet = Sheet()
    sheet.put(30, 40, "Lưu: VT.")
    assert unread_share(find_ink(sheet.done().image).text, words_over()) == 0.0


def test_an_overlooked_line_is_a_strip() -> None:
    sheet = Sheet()
    for n in range(5):
        sheet.put(30, 40 + 20 * n, "Vốn kinh doanh: 150.000.000 đồng")
    read = [Box(px(25), px(30 + 20 * n), px(150), px(45 + 20 * n)) for n in range(5) if n != 3]
    text = find_ink(sheet.done().image).text
    (strip,) = unread_strips(text, words_over(*read))
    scale = text.shape[0] / 297  # pixels a millimetre
    assert 94 < strip.top / scale < 98 and 99 < strip.bottom / scale < 104
    assert 25 < strip.left / scale < 32


def test_what_was_read_leaves_no_strips() -> None:
    assert unread_strips(TEXT, words_over(Box(0, 0, 2480, 3508))) == ()


def test_dust_and_rules_are_no_strips() -> None:
    text = np.zeros((1170, 827), np.uint8)
    text[100:104, 100:104] = 200
    text[300:420, 300:330] = 200
    assert unread_strips(text, words_over()) == ()


def test_a_picture_is_not_read_in_pieces() -> None:
    text = np.zeros((1170, 827), np.uint8)
    for y in range(0, 1100, 60):
        text[y : y + 12, 100:300] = 200
    assert unread_strips(text, words_over()) == ()
