"""Geometry of boxes and words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.boxes import fitted_words, line_of, moved, overlap, scaled
from pipeline.model import Box, Line, Word, Words


def test_a_line_spans_its_words() -> None:
    words = (Word("a", Box(5, 7, 10, 20), 1.0), Word("b", Box(12, 3, 30, 18), 1.0))
    assert line_of(words) == Line(words, Box(5, 3, 30, 20))


def test_boxes_overlap_when_they_share_a_third_of_the_smaller() -> None:
    assert overlap(Box(0, 0, 10, 10), Box(5, 0, 15, 10))
    assert not overlap(Box(0, 0, 10, 10), Box(8, 0, 18, 10))
    assert not overlap(Box(0, 0, 10, 10), Box(20, 20, 30, 30))
    assert overlap(Box(0, 0, 100, 100), Box(50, 50, 52, 52))


def test_words_move_and_boxes_grow() -> None:
    assert moved(Word("a", Box(1, 2, 3, 4), 0.5), 10, 20) == Word("a", Box(11, 22, 13, 24), 0.5)
    assert scaled(Box(1, 2, 3, 4), 2.5) == Box(2, 5, 8, 10)


sizes = st.integers(1, 3000)


@given(sizes, sizes, sizes, sizes, st.data())
def test_fitted_words_stay_inside_and_keep_their_size(
    width: int, height: int, new_width: int, new_height: int, data: st.DataObject
) -> None:
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    box = Box(left, top, data.draw(st.integers(left + 1, width)), data.draw(st.integers(top + 1, height)))
    word = Word("a", box, 1.0)
    fitted = fitted_words(Words(width, height, (line_of((word,)),)), new_width, new_height)
    (line,) = fitted.lines
    assert 0 <= line.box.left < line.box.right <= new_width
    assert 0 <= line.box.top < line.box.bottom <= new_height
    assert abs(line.box.width - box.width * new_width / width) <= 2
    assert abs(line.box.height - box.height * new_height / height) <= 2
    assert line.words[0].box == line.box
