"""Text that a page was made with stands in place of a reading only where it is what people see, in Vietnamese."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import numpy as np
import pytest

from pipeline.boxes import line_of
from pipeline.given_text import cleaned, trusted
from pipeline.model import Box, Pixels, Word, Words

TEXT = "Ủy ban nhân dân xã xác nhận tình trạng hôn nhân của công dân ở địa phương theo quy định của pháp luật về hộ tịch"
STEP, HEIGHT = 40, 14


def page(text: str) -> Words:
    """The words of `text`, five a line, on a page of 240×400 pixels."""
    words = [
        Word(word, Box(10 + STEP * (i % 5), 10 + 30 * (i // 5), 10 + STEP * (i % 5) + 30, 10 + 30 * (i // 5) + HEIGHT), 1.0)
        for i, word in enumerate(text.split())
    ]
    return Words(240, 400, tuple(line_of(words[at : at + 5]) for at in range(0, len(words), 5)))


def ink_of(words: Words) -> Pixels:
    """Strokes where the words are, at half the size."""
    ink = np.zeros((200, 120), np.uint8)
    for word in words:
        ink[word.box.top // 2 : word.box.bottom // 2, word.box.left // 2 : word.box.right // 2 : 2] = 200
    return ink


def test_vietnamese_text_on_its_ink_is_trusted() -> None:
    words = page(TEXT)
    assert trusted(words, ink_of(words), 0.0)


def test_ink_without_words_is_not() -> None:
    words = page(TEXT)
    assert not trusted(words, ink_of(words), 0.2)


def test_words_without_ink_are_not() -> None:
    words = page(TEXT)
    ink = ink_of(words)
    ink[:30] = 0
    assert not trusted(words, ink, 0.0)


def test_words_under_bars_are_not() -> None:
    words = page(TEXT)
    ink = ink_of(words)
    for word in list(words)[:5]:
        ink[word.box.top // 2 : word.box.bottom // 2 + 1, word.box.left // 2 : word.box.right // 2 + 1] = 255
    assert not trusted(words, ink, 0.0)


def as_vni(text: str) -> str:
    """Vietnamese as old documents in VNI fonts have it: marks are letters of Latin-1 that stand by themselves."""
    marks = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï", "\u0302": "â", "\u0306": "ê", "\u031b": "ô"}
    return "".join(marks.get(letter, letter) for letter in unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    "text",
    [
        as_vni(TEXT),
        f"{TEXT} {TEXT} {as_vni('Độc lập - Tự do - Hạnh phúc')}",  # its heading alone in an old font
        "".join(chr(ord(letter) + 3) if letter != " " else letter for letter in TEXT.lower()),  # a font that counts its own way
        "The injection site must be observed by the principal investigator or his designee every day",
        " ".join(f"{number}.000" for number in range(20)),
        "Ủy ban nhân dân",
        "\ufffd\ufffd " * 20,
        TEXT.replace("nhân", "nh\ufffdn"),
    ],
)
def test_what_cannot_be_told_to_be_right_is_not(text: str) -> None:
    words = page(text)
    assert not trusted(words, ink_of(words), 0.0)


def test_numbers_bullets_and_abbreviations_do_no_harm() -> None:
    words = page(f"\ufffd Số: 12/2026/QĐ-UBND ngày 02/3/2026 {TEXT} \ufffd {TEXT} 1.234.567")
    assert trusted(words, ink_of(words), 0.0)


def test_text_that_runs_up_the_page_is_not() -> None:
    words = page(TEXT)
    boxes = [[Box(word.box.left, word.box.top, word.box.left + 8, word.box.bottom) for word in line.words] for line in words.lines]
    lines = (
        line_of([replace(word, box=box) for word, box in zip(line.words, of, strict=True)])
        for line, of in zip(words.lines, boxes, strict=True)
    )
    standing = Words(words.width, words.height, tuple(lines))
    assert not trusted(standing, ink_of(standing), 0.0)


def test_cleaning_drops_what_has_no_meaning() -> None:
    assert cleaned(page("\ufffd a\ufffdb c")).text == "ab c"
    assert cleaned(page("\ufffd")).lines == ()
