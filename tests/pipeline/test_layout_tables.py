"""Ruled tables, on rules and words laid out by hand."""

from __future__ import annotations

from pipeline.layout_tables import find_tables, rows_of, twins
from pipeline.model import Box, Word

HEIGHT = 30.0
POSTS = tuple(Box(x, 100, x + 3, 400) for x in (100, 200, 800, 1000))
RULES = tuple(Box(100, y, 1003, y + 3) for y in (100, 150, 300, 397))


def word(text: str, x: int, y: int) -> Word:
    return Word(text, Box(x, y, x + 12 * len(text), y + 28), 0.9)


def test_rules_that_cross_are_a_table() -> None:
    (table,) = find_tables(POSTS, RULES, (), HEIGHT)
    assert len(table.rows) == 4 and len(table.columns) == 4


def test_a_rule_under_a_heading_is_none() -> None:
    assert find_tables((), RULES[:1], (), HEIGHT) == ()
    assert find_tables(POSTS[:1], RULES[:1], (), HEIGHT) == ()


def test_a_frame_is_none() -> None:
    assert find_tables((POSTS[0], POSTS[3]), (RULES[0], RULES[3]), (), HEIGHT) == ()


def test_a_streak_is_no_column() -> None:
    streak = Box(500, 0, 503, 2000)
    (table,) = find_tables((*POSTS, streak), RULES, (), HEIGHT)
    assert len(table.columns) == 4


def test_two_tables_are_two() -> None:
    below = [Box(box.left, box.top + 1000, box.right, box.bottom + 1000) for box in (*POSTS, *RULES)]
    assert len(find_tables((*POSTS, *below[:4]), (*RULES, *below[4:]), (), HEIGHT)) == 2


def test_columns_whose_rules_were_lost_are_told_by_the_words() -> None:
    words = [Box(left, top, right, top + 28) for top in (110, 170, 220, 310) for left, right in ((110, 150), (220, 700), (820, 900))]
    (table,) = find_tables((), RULES, words, HEIGHT)
    assert len(table.columns) == 4 and 700 < table.columns[2] < 820


def test_a_cell_of_several_lines_is_read_before_the_next() -> None:
    (table,) = find_tables(POSTS, RULES, (), HEIGHT)
    found = [
        word("1", 120, 210),
        word("Giấy", 210, 160),
        word("xác", 270, 160),
        word("nhận", 210, 200),
        word("độc", 210, 240),
        word("thân", 260, 241),
        word("01", 820, 205),
        word("STT", 110, 110),
        word("Tên", 210, 112),
        word("Số", 820, 111),
    ]
    assert [line.text for line in rows_of(table, found)] == ["STT Tên Số", "1", "Giấy xác", "nhận", "độc thân", "01"]


def test_twins_are_alike_and_short() -> None:
    stroke, streaks = Box(500, 210, 503, 330), (Box(20, 0, 23, 2000), Box(60, 0, 63, 2000))
    assert twins((*POSTS, stroke, *streaks), HEIGHT, 2300) == POSTS
