"""The page number printed on a page: in the margin, alone or behind `Trang`, and never a scrap of something else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.folio import find_folio, look_for_folio
from pipeline.model import Box, Folio, Line, Pixels, Word, Words

WIDTH, HEIGHT = 1654, 2339
FOOT, HEAD, MIDDLE = HEIGHT - 90, 60, 1000


def words(*lines: tuple[str, int, int]) -> Words:
    """Lines of text by their text, the left edge and the top."""
    made = []
    for text, left, top in lines:
        box = Box(left, top, left + 14 * len(text), top + 24)
        made.append(Line((Word(text, box, 0.9),), box))
    return Words(WIDTH, HEIGHT, tuple(made))


@pytest.mark.parametrize(
    ("text", "folio"),
    [
        ("2", Folio(2)),
        ("- 2 -", Folio(2)),
        ("Trang 2/5", Folio(2, 5)),
        ("TRANG: 2/5", Folio(2, 5)),
        ("Trang 2 trên 5", Folio(2, 5)),
        ("tr. 12", Folio(12)),
        ("2/5", Folio(2, 5)),
        ("Mẫu TP/HT-2025 Trang 1/2", Folio(1, 2)),
        ("Trang 6/5", None),
        ("0", None),
        ("2025", None),
        ("1.234", None),
        ("Điện thoại 12", None),
    ],
)
@pytest.mark.parametrize("top", [HEAD, FOOT])
def test_what_is_a_page_number_in_a_margin(text: str, folio: Folio | None, top: int) -> None:
    assert find_folio(words((text, WIDTH // 2 - 7 * len(text), top))) == folio


def test_a_number_elsewhere_is_none() -> None:
    assert find_folio(words(("2", WIDTH // 2, MIDDLE))) is None
    assert find_folio(words(("2", 100, FOOT))) is None  # a bare one in the corner may be a stamp
    assert find_folio(words(("Trang 2/5", 1400, FOOT))) == Folio(2, 5)  # a named one may stand there


def test_two_numbers_that_differ_are_none() -> None:
    assert find_folio(words(("2", WIDTH // 2, HEAD), ("3", WIDTH // 2, FOOT))) is None
    assert find_folio(words(("2", WIDTH // 2, HEAD), ("2", WIDTH // 2, FOOT))) == Folio(2)


def margin_with(*texts: str) -> Pixels:
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for n, text in enumerate(texts):
        cv2.putText(page, text, (WIDTH // 2 - 10 + 60 * n, FOOT + 30), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    return page


def reading(*said: str) -> tuple[list[str], object]:
    """A reader that says one thing after the other."""
    left = list(said)

    def read(image: Pixels, dpi: float) -> Words:
        assert image.size > 0
        assert dpi > 0
        return words((left.pop(0), 0, 0))

    return left, read


@pytest.mark.parametrize(("said", "folio"), [(("7", "7"), Folio(7)), (("7", "1"), None), (("x", "x"), None)])
def test_a_lone_mark_is_read_at_two_sizes_that_have_to_agree(said: tuple[str, str], folio: Folio | None) -> None:
    page = margin_with("7")
    left, read = reading(*said)
    assert look_for_folio(words(("chữ", 300, MIDDLE)), page, 255 - page, 200.0, read) == folio  # type: ignore[arg-type]
    assert left == []


def test_marks_with_something_beside_or_read_before_are_left_alone() -> None:
    _, read = reading()  # asked for anything it would fail
    page = margin_with("7", "8")
    beside = margin_with("7")
    beside[FOOT - 4 : FOOT + 30, WIDTH // 2 + 60 : WIDTH // 2 + 300] = 0
    assert look_for_folio(words(), beside, 255 - beside, 200.0, read) is None  # type: ignore[arg-type]
    known = words(("7", WIDTH // 2 - 10, FOOT), ("8", WIDTH // 2 + 50, FOOT))
    assert look_for_folio(known, page, 255 - page, 200.0, read) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(3, 900), (900, 3), (1, 1)])
def test_a_scrap_has_no_page_number(shape: tuple[int, int]) -> None:
    scrap = np.zeros(shape, np.uint8)
    _, read = reading()
    assert look_for_folio(Words(shape[1], shape[0]), 255 - scrap, scrap, 200.0, read) is None  # type: ignore[arg-type]
