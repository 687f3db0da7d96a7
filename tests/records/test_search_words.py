"""What a typed query is understood as, and what a text gives to the index. No database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.search_words import MAX_TERMS, MAX_WORD, Form, indexed, understand


def _folded(typed: str) -> list[str]:
    return [" ".join(word.folded for word in term.words) for term in understand(typed).terms]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Khai sinh", ["khai", "sinh"]),
        ('"Khai sinh" bản  sao', ["khai sinh", "ban", "sao"]),
        ('bản "khai sinh', ["ban", "khai", "sinh"]),
        ("15/QĐ-UBND,xã", ["15 qd ubnd", "xa"]),
        ("khai khai Khái", ["khai", "khai"]),  # two words: the exact forms differ
        ("?! * ( )", []),
    ],
)
def test_terms(typed: str, terms: list[str]) -> None:
    assert _folded(typed) == terms


@pytest.mark.parametrize(
    ("typed", "key", "is_prefix"),
    [
        ("000.00.15.H41-240531-0001", "0000015h412405310001", True),
        ("000001 5H41 240531 0001", "0000015h412405310001", True),
        ("hồ sơ H51.20-251103", "h5120251103", True),
        ("094 085 001 234", "094085001234", False),
        ("H51.20-251332", "", False),  # no such day
        ("H51.20", "", False),
        ("khai sinh 2024", "", False),
        ("240531 0001", "", False),
    ],
)
def test_numbers(typed: str, key: str, *, is_prefix: bool) -> None:
    keyed = [term for term in understand(typed).terms if term.key]
    assert [(term.key, term.is_prefix) for term in keyed] == ([(key, is_prefix)] if key else [])


@pytest.mark.parametrize(("typed", "marked"), [("khai sinh", False), ("hộ tich", True), ("do", False), ("đo", True), ("HOA", False)])
def test_marks(typed: str, *, marked: bool) -> None:
    assert understand(typed).is_marked is marked


def test_a_text_gives_words_pairs_and_keys() -> None:
    said = indexed("Số H51.20-251103-0001 của HÒA")[Form.EXACT]
    assert said.words == ("số", "h51", "20", "251103", "0001", "của", "hoà")
    assert list(said.pairs)[:2] == ["số_h51", "h51_20"]
    assert said.keys == ("h51202511030001",)


@given(st.text())
def test_any_text_gives_words_a_database_takes(text: str) -> None:
    for form, said in indexed(text).items():
        for word in (*said.words, *said.keys):
            assert word
            assert len(word) <= MAX_WORD + 1
            assert not set(word) & set("'\"\\ \t\n_\0")
            assert word.isascii() or form is Form.EXACT or not any("a" <= letter <= "z" for letter in word)


@given(st.text(max_size=300))
def test_any_query_is_understood(typed: str) -> None:
    wanted = understand(typed)
    assert len(wanted.terms) <= MAX_TERMS
    assert all(term.words for term in wanted.terms)
    assert set(_folded(typed)) == set(_folded(typed.replace("\0", " ")))
