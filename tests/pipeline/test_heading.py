"""The lines that may be a title stand out by capitals, size or their place in the middle."""

from __future__ import annotations

import pytest

from pipeline.heading import find_headings, is_upper
from pipeline.model import Box, Line, Word, Words

WIDTH, HEIGHT = 1654, 2339  # A4 at 200 dpi


def line(text: str, top: int, *, height: int = 22, left: int = 200, right: int = 1450) -> Line:
    """A line of words of one height between two edges."""
    words = text.split()
    step = (right - left) / len(words)
    boxes = [
        Box(int(left + n * step), top, int(left + (n + 0.9) * step) if n + 1 < len(words) else right, top + height)
        for n in range(len(words))
    ]
    return Line(tuple(Word(word, box, 0.9) for word, box in zip(words, boxes, strict=True)), Box(left, top, right, top + height))


BODY = [line("một dòng văn bản bình thường của tờ khai này", 700 + 40 * n) for n in range(20)]


def titles(*lines: Line) -> list[str]:
    return [one.text for one in find_headings(Words(WIDTH, HEIGHT, (*lines, *BODY)))]


def test_capitals_size_and_place_stand_out() -> None:
    assert titles(line("TỜ KHAI ĐĂNG KÝ KHAI SINH", 400, left=500, right=1150)) == ["TỜ KHAI ĐĂNG KÝ KHAI SINH"]
    assert titles(line("Tờ khai", 400, height=30, left=200, right=400)) == ["Tờ khai"]  # larger
    assert titles(line("Tờ khai", 400, left=750, right=900)) == ["Tờ khai"]  # in the middle
    assert titles(line("Tờ khai", 400, left=200, right=400)) == []


def test_full_lines_of_the_text_are_no_titles_though_they_are_in_the_middle() -> None:
    assert titles() == []


def test_what_stands_low_or_is_no_word_is_left_out() -> None:
    assert titles(line("NƠI NHẬN", 1900, left=500, right=1150)) == []
    assert titles(line("12/3", 400, height=40, left=700, right=900)) == []
    assert titles(line("CHỮ " * 60, 400)) == []  # longer than any title


def test_measures_are_shares_of_the_page_and_of_the_usual_line() -> None:
    (found,) = find_headings(Words(WIDTH, HEIGHT, (line("TỜ KHAI", 234, height=33, left=725, right=925), *BODY)))
    assert found.top == pytest.approx(0.1, abs=0.001)
    assert found.size == pytest.approx(1.5, abs=0.01)
    assert found.off_centre == pytest.approx(0, abs=0.001)
    assert found.width == pytest.approx(200 / WIDTH, abs=0.001)


def test_from_top_to_bottom_and_not_without_end() -> None:
    many = [line(f"MỤC THỨ {'I' * (n % 3 + 1)} CỦA ĐƠN", 60 + 30 * n, left=500, right=1150) for n in range(20)]
    found = find_headings(Words(WIDTH, HEIGHT, (*reversed(many), *BODY)))
    assert len(found) == 14
    assert [one.top for one in found] == sorted(one.top for one in found)


def test_a_page_without_words_has_none() -> None:
    assert find_headings(Words(WIDTH, HEIGHT)) == ()


@pytest.mark.parametrize(
    ("text", "upper"), [("GIẤY CHỨNG SINH", True), ("GIẤY CHỨNG SlNH", True), ("Giấy chứng sinh", False), ("ABC", False), ("12 34", False)]
)
def test_capitals_but_for_one_misread_letter(text: str, upper: bool) -> None:
    assert is_upper(text) is upper
