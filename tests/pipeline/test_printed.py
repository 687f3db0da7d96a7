"""The printed number of a receipt whose code is dead is read once more from a crop of the head, as a claim."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.model import Box, Line, Pixels, Word, Words
from pipeline.printed import printed_numbers

WIDTH, HEIGHT = 1654, 2339
NUMBER = "H51.20-211116-0007"


def line(text: str, top: int) -> Line:
    boxes = [Box(200 + 150 * n, top, 330 + 150 * n, top + 24) for n in range(len(text.split()))]
    return Line(
        tuple(Word(word, box, 0.5) for word, box in zip(text.split(), boxes, strict=True)), Box(200, top, boxes[-1].right, top + 24)
    )


def read_as(*texts: str, lines: tuple[Line, ...]) -> tuple[tuple[str, ...], list[tuple[int, ...]]]:
    """What comes of it when the reader says these one after the other, and the shapes of what it was shown."""
    said, shown = list(texts), list[tuple[int, ...]]()

    def read(image: Pixels, dpi: float) -> Words:
        shown.append(image.shape)
        assert dpi == pytest.approx(320)
        return Words(image.shape[1], image.shape[0], (line(said.pop(0), 0),))

    found = printed_numbers(Words(WIDTH, HEIGHT, lines), np.full((HEIGHT, WIDTH), 255, np.uint8), 200.0, read)
    return found, shown


def test_the_line_with_the_number_is_read_once_more() -> None:
    found, shown = read_as(
        NUMBER, lines=(line("GIẤY TIẾP NHẬN", 100), line("Mã hồ sơ: H5l.2O-2lll16-OOO7", 200), line("Họ tên: ai đó", 300))
    )
    assert found == (NUMBER,)
    assert len(shown) == 1
    assert shown[0][1] < WIDTH  # the number without its label, though enlarged


def test_letters_of_the_reader_are_mended_as_in_any_recognised_text() -> None:
    found, _ = read_as("H51.20-2lll16-OOO7", lines=(line("Mã hồ sơ: H5l.2O-2lll16-OOO7", 200),))
    assert found == (NUMBER,)


def test_the_lower_half_and_lines_without_a_number_are_not_read() -> None:
    found, shown = read_as(lines=(line("Mã hồ sơ: H51.20-211116-0007", 1900), line("Ông/Bà: Nguyễn Thị Thử", 300)))
    assert (found, shown) == ((), [])


def test_two_numbers_are_both_claims_and_no_more_than_four_lines_are_read() -> None:
    other = "H51.20-211116-0008"
    found, _ = read_as(NUMBER, other, lines=(line(f"Mã hồ sơ: {NUMBER}", 200), line(f"Số hồ sơ: {other}", 240)))
    assert found == (NUMBER, other)
    _, shown = read_as(*[NUMBER] * 4, lines=tuple(line(f"Mã hồ sơ: {NUMBER}", 100 + 40 * n) for n in range(9)))
    assert len(shown) == 4
