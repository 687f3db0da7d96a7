"""What is no word, on words as the engine gives them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.boxes import line_of
from pipeline.model import Box, Word, Words
from pipeline.noise import without_noise

HEIGHT, SPACE = 32, 10


def words(*texts: str, confidence: float = 0.95, gap: int = SPACE) -> list[Word]:
    found: list[Word] = []
    left = 100
    for text in texts:
        found.append(Word(text, Box(left, 100, left + 16 * len(text), 100 + HEIGHT), confidence))
        left += 16 * len(text) + gap
    return found


def kept(*lines: Iterable[Word]) -> str:
    return without_noise(Words(4000, 4000, tuple(line_of(list(line)) for line in lines))).text


@pytest.mark.parametrize("text", ["|", "'", "`", "~", "_", "ˆ", "¬", "„", ":", "."])
def test_a_stray_sign_goes(text: str) -> None:
    assert kept([*words("Dân", "tộc:", "Kinh"), Word(text, Box(900, 100, 910, 132), 0.95)]) == "Dân tộc: Kinh"


def test_the_dash_of_a_list_stays() -> None:
    assert kept(words("-", "Như", "trên;", confidence=0.6)) == "- Như trên;"


def test_dashes_between_words_stay() -> None:
    assert kept(words("Độc", "lập", "-", "Tự", "do", confidence=0.6)) == "Độc lập - Tự do"


def test_an_unsure_dash_at_the_end_goes() -> None:
    assert kept([*words("Dân", "tộc"), *words("-", confidence=0.6)]) == "Dân tộc"


def test_a_colon_after_a_space_stays() -> None:
    assert kept(words("Nơi", "nhận", ":")) == "Nơi nhận :"


def test_bars_of_a_code_go() -> None:
    assert kept(words("|llIlllllllllillilllllll"), words("GIẤY", "KHAI", "SINH")) == "GIẤY KHAI SINH"


@pytest.mark.parametrize("number", ["11111111", "0941111111111"])
def test_a_number_of_ones_is_no_code(number: str) -> None:
    assert kept(words(number)) == number


@pytest.mark.parametrize("text", ["À£<>", "«2>", "(c5*>"])
def test_what_a_signature_is_read_as_goes(text: str) -> None:
    assert kept(words(text, confidence=0.2)) == ""


@pytest.mark.parametrize("text", ["Nghĩa", "094191822943", "1", "a)", "Số:2Jđ/TB-SYT", "Biênbảnhọpthànhviên"])
def test_unsure_words_stay(text: str) -> None:
    assert kept(words(text, confidence=0.1)) == text


def test_an_abbreviation_full_of_signs_stays() -> None:
    assert kept([*words("-", "Hiệu", "trưởng", "(để"), *words("b/©);", confidence=0.2)]).endswith("b/©);")


def test_signs_at_the_edge_of_a_word_go_and_are_remembered() -> None:
    found = without_noise(Words(4000, 4000, (line_of(words("_Phạm", "Nam|")),)))
    assert [(word.text, word.raw) for word in found] == [("Phạm", "_Phạm"), ("Nam", "Nam|")]


def test_what_hangs_apart_is_judged_apart() -> None:
    far = [Word("xđt", Box(1500, 100, 1560, 132), 0.1)]
    assert kept([*words("Giới", "tính:", "Nam"), *far]) == "Giới tính: Nam"


@given(st.lists(st.tuples(st.sampled_from(["hồ", "sơ", "094191822943", "Nguyễn", "12/QĐ-UBND"]), st.floats(0, 1)), min_size=1, max_size=8))
def test_syllables_and_numbers_are_never_lost(texts: list[tuple[str, float]]) -> None:
    line = [Word(text, word.box, sure) for (text, sure), word in zip(texts, words(*(text for text, _ in texts)), strict=True)]
    assert kept(line).split() == [text for text, _ in texts]
