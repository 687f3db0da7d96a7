"""Unsure words are read again, alone and enlarged, and replaced only on evidence; good pages and digits are left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring import score
from pipeline.boxes import line_of
from pipeline.errors import EngineMissing
from pipeline.ink import find_ink
from pipeline.model import Box, Line, Pixels, SourcePage, Word, Words
from pipeline.ocr import Layout
from pipeline.ocr_tesserocr import TesserocrEngine
from pipeline.second_look import look_again
from pipeline.tone import even
from samples.dense import dense_page
from samples.presets import WORN_HARSH
from samples.scanner import scan

DPI = 200.0
WIDTH, HEIGHT = 800, 400
PAPER: Pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
STEP, TALL = 100, 30  # pixels from word to word, and of a word's height


def line(*read: tuple[str, float], top: int = 100) -> Line:
    """Words side by side, each with its confidence."""
    return line_of([Word(text, Box(at * STEP + 10, top, at * STEP + 90, top + TALL), sure) for at, (text, sure) in enumerate(read)])


def page(*lines: Line) -> Words:
    return Words(WIDTH, HEIGHT, lines)


class Reader:
    """Reads every part as the given words, spread over it at the places of `line`, and counts how often it was asked."""

    def __init__(self, *read: tuple[str, float], first: int = 0, parted: bool = False) -> None:
        self.read = read
        self.first = first
        self.parted = parted
        self.parts: list[Pixels] = []

    def __call__(self, part: Pixels, dpi: float) -> Words:
        self.parts.append(part)
        height, width = part.shape
        scale = dpi / DPI
        beside = 0.4 * TALL  # white that was left at the sides
        step = STEP / 2 if self.parted else STEP
        words = tuple(
            Word(text, Box(round((beside + at * step) * scale), 5, round((beside + at * step + 0.8 * step) * scale), height - 5), sure)
            for at, (text, sure) in enumerate(self.read)
        )
        return Words(width, height, (line_of(words),) if words else ())


def looked(first: Line, *again: tuple[str, float], parted: bool = False) -> Line:
    return look_again(page(first), PAPER, DPI, Reader(*again, parted=parted)).lines[0]


@pytest.mark.parametrize(
    ("first", "again", "stands"),
    [
        (("duét", 0.89), ("quét", 0.85), "quét"),  # a syllable instead of none
        (("sácb", 0.62), ("sách", 0.96), "sách"),
        (("Hà", 0.85), ("Hồ", 0.97), "Hồ"),  # both are syllables: the surer one
        (("Hà", 0.85), ("Hồ", 0.88), "Hà"),  # not surer by enough for another letter
        (("kiêm", 0.7), ("kiểm", 0.97), "kiêm"),  # other marks are for the context
        (("kièt", 0.7), ("kiệt", 0.7), "kiệt"),  # unless no syllable has them
        (("Kr'ông", 0.2), ("Krông", 0.45), "Kr'ông"),  # the other engine does not believe it
        (("ngày", 0.3), ("hgày", 0.97), "ngày"),  # never a syllable for none
        (("duét", 0.89), ("quét", 0.6), "duét"),  # far less sure
        (("25", 0.7), ("23", 0.97), "25"),  # digits have no check digit
        (("1O", 0.5), ("10", 0.97), "1O"),
        (("(06", 0.7), ("06", 0.97), "06"),  # the same digits
        (("8:418", 0.85), ("8.418", 0.88), "8:418"),
        (("sách", 0.3), ("", 0.0), "sách"),  # nothing is taken away
        (("-", 0.3), ("hàng", 0.9), "-"),  # and nothing is put in
    ],
)
def test_what_stands(first: tuple[str, float], again: tuple[str, float], stands: str) -> None:
    read = [again] if again[0] else []
    assert looked(line(first), *read).text == stands


def test_the_first_reading_is_kept_beside_the_second() -> None:
    word = looked(line(("sácb", 0.62)), ("sách", 0.96)).words[0]
    assert (word.raw, word.confidence, word.box) == ("sácb", 0.96, Box(10, 100, 90, 130))


def test_words_run_together_are_parted() -> None:
    parted = looked(line(("trợ-kinh", 0.6)), ("trợ", 0.96), ("kinh", 0.96), parted=True)
    assert parted.text == "trợ kinh"
    assert [word.raw for word in parted.words] == ["trợ-kinh", "trợ-kinh"]


def test_words_are_not_parted_into_rubbish() -> None:
    assert looked(line(("trợ-kinh", 0.6)), ("trợ", 0.96), ("k#nh", 0.96), parted=True).text == "trợ-kinh"


def test_words_are_not_parted_on_a_guess() -> None:
    assert looked(line(("trợ-kinh", 0.6)), ("trợ", 0.4), ("kinh", 0.4), parted=True).text == "trợ-kinh"


def test_only_what_is_unsure_is_read_again() -> None:
    sure = [(text, 0.97) for text in ("một", "hai", "ba", "bốn", "năm")]
    reader = Reader(("năm", 0.97), ("sách", 0.96))
    words = look_again(page(line(*sure, ("sácb", 0.62)), line(*sure, top=200)), PAPER, DPI, reader)
    assert words.text == "một hai ba bốn năm sách\nmột hai ba bốn năm"
    assert len(reader.parts) == 1
    assert reader.parts[0].shape[1] == pytest.approx(1.4 * (180 + 0.8 * TALL), abs=2)  # two words and room


def test_a_page_read_well_is_left_alone() -> None:
    reader = Reader(("sách", 0.96))
    lines = [line(*[("sách", 0.97)] * 7, top=20 * at) for at in range(15)]
    words = page(*lines, line(("sácb", 0.62), top=350))
    assert look_again(words, PAPER, DPI, reader) is words
    assert not reader.parts


def test_an_empty_page_has_nothing_to_look_at() -> None:
    assert look_again(page(), PAPER, DPI, Reader()) == page()


def test_the_riskiest_come_first_and_no_more_than_allowed() -> None:
    reader = Reader(("sách", 0.96))
    words = page(line(("sàch", 0.85)), line(("sácb", 0.2), top=200))
    assert look_again(words, PAPER, DPI, reader, most=6).text == "sàch\nsách"
    assert len(reader.parts) == 1
    assert look_again(words, PAPER, DPI, reader, most=1) is words


@pytest.mark.parametrize("top", [60, 69])  # of the box around the line above; it may reach over the mark
def test_neighbours_are_not_in_the_picture_but_marks_above_are(top: int) -> None:
    image = PAPER.copy()
    first, above = line(("sácb", 0.2)), line(("sách", 0.97), top=top)
    image[60:89, 10:90] = 0  # the line above, 11 pixels away
    image[97:99, 40:50] = 0  # a mark that stands out of the word's box
    reader = Reader(("sách", 0.96))
    look_again(page(above, first), image, DPI, reader)
    (part,) = reader.parts
    dark = np.nonzero(part.min(axis=1) < 128)[0] / 1.4 + 100 - 0.4 * TALL
    assert 95 <= dark.min() <= dark.max() <= 101


def test_the_line_below_is_not_in_the_picture() -> None:
    image = PAPER.copy()
    image[133:160, 10:90] = 0
    reader = Reader(("sách", 0.96))
    look_again(page(line(("sácb", 0.2)), line(("sách", 0.97), top=133)), image, DPI, reader)
    (part,) = reader.parts
    assert np.nonzero(part.min(axis=1) < 128)[0].max(initial=0) / 1.4 + 100 - 0.4 * TALL < 137


_BOXES = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.integers(1, 200), st.integers(1, 90)).map(
    lambda at: Box(at[0], at[1], min(WIDTH, at[0] + at[2]), min(HEIGHT, at[1] + at[3]))
)
_WORDS = st.builds(Word, st.sampled_from(["sách", "sácb", "-", "25", "H51.20-251103-0012", "hồ.sơ"]), _BOXES, st.floats(0, 1))


@given(st.lists(st.lists(_WORDS, min_size=1, max_size=4), max_size=5), st.lists(_WORDS, max_size=4))
def test_whatever_stands_where_no_line_is_lost_and_no_digit_altered(lines: list[list[Word]], again: list[Word]) -> None:
    def read(part: Pixels, dpi: float) -> Words:
        height, width = part.shape
        cut = [replace(word, box=Box(0, 0, min(width, word.box.right), min(height, word.box.bottom))) for word in again]
        return Words(width, height, (line_of(cut),) if cut else ())

    words = page(*map(line_of, lines))
    better = look_again(words, PAPER, DPI, read)
    assert len(better.lines) == len(words.lines)
    for one, other in zip(words.lines, better.lines, strict=True):
        assert sorted(filter(str.isdigit, one.text)) == sorted(filter(str.isdigit, other.text))


def test_a_dossier_number_is_not_altered() -> None:
    first = line(("Mã:", 0.97), ("H51.20-251103-0012", 0.6))
    assert looked(first, ("Mã:", 0.97), ("H51,20-251103-0O12", 0.97)) == first
    assert looked(first, ("Mã:", 0.97), ("H51.20-251103—0012x", 0.97)) == first


@pytest.fixture(scope="module")
def other() -> TesserocrEngine:
    try:
        return TesserocrEngine("Vietnamese", 60)
    except EngineMissing:
        pytest.skip("tesseract-ocr-script-viet is not installed")


def test_a_poor_page_is_read_better(other: TesserocrEngine) -> None:
    drawn = dense_page(41)
    scanned = scan(drawn.image, WORN_HARSH, 41, angle=0.0)
    source = SourcePage(1, scanned.pixels, float(scanned.dpi), bitonal=False)
    image = even(source.pixels, DPI, find_ink(source.pixels).frame, bitonal=False)
    first = TesserocrEngine("vie", 60).read(image, DPI)
    second = look_again(first, image, DPI, lambda part, dpi: other.read(part, dpi, Layout.LINE))
    assert score(drawn.text, second.text).cer_order_free < 0.95 * score(drawn.text, first.text).cer_order_free
    assert any(word.raw for word in second)
