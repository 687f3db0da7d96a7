"""Text from a child that was taken over is text on the page, or refused."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import scan_wire_text
from pipeline.boxes import line_of
from pipeline.errors import Broken
from pipeline.limits import MAX_TEXT_BYTES, MAX_TEXT_CHARS, MAX_WORD_CHARS
from pipeline.model import Box, Word, Words


def encoded(lines: object) -> bytes:
    return json.dumps(lines).encode()


def test_round_trip() -> None:
    line = line_of([Word("Độc", Box(1, 2, 30, 12), 1.0), Word("lập,", Box(32, 2, 60, 14), 1.0)])
    words = Words(100, 50, (line, line_of([Word("\ufffd", Box(0, 0, 100, 50), 1.0)])))
    assert scan_wire_text.text(scan_wire_text.encode_text(words), 100, 50) == words
    assert scan_wire_text.text(scan_wire_text.encode_text(None), 100, 50) is None


def test_more_than_may_be_sent_is_not_sent() -> None:
    line = line_of([Word("ư" * 100, Box(0, 0, 1, 1), 1.0)] * (MAX_TEXT_BYTES // 200))
    assert scan_wire_text.encode_text(Words(1, 1, (line,))) == b""


@pytest.mark.parametrize(
    "lines",
    [
        {},
        [],
        [[]],
        [[["a", 0, 0, 1, 1]], []],
        [["a", 0, 0, 1, 1]],
        [[["a", 0, 0, 1]]],
        [[["", 0, 0, 1, 1]]],
        [[[7, 0, 0, 1, 1]]],
        [[["a b", 0, 0, 1, 1]]],
        [[["a\n", 0, 0, 1, 1]]],
        [[["\x1b[31m", 0, 0, 1, 1]]],
        [[["\u202e", 0, 0, 1, 1]]],
        [[["\ue000", 0, 0, 1, 1]]],
        [[["\ud800", 0, 0, 1, 1]]],
        [[[unicodedata.normalize("NFD", "ế"), 0, 0, 1, 1]]],
        [[["a" * (MAX_WORD_CHARS + 1), 0, 0, 1, 1]]],
        [[["a", 0, 0, 11, 1]]],
        [[["a", -1, 0, 1, 1]]],
        [[["a", 5, 0, 5, 1]]],
        [[["a", 0, 0.5, 1, 1]]],
        [[["a", False, 0, 1, 1]]],
        [[["a" * 100, 0, 0, 1, 1]]] * (MAX_TEXT_CHARS // 100 + 1),
    ],
)
def test_text_that_makes_no_sense(lines: object) -> None:
    assert scan_wire_text.text(encoded([[["a", 0, 0, 10, 10]]]), 10, 10) is not None
    with pytest.raises(Broken):
        scan_wire_text.text(encoded(lines), 10, 10)


@given(st.binary(min_size=1, max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(encoded))
def test_any_bytes_are_text_or_broken(untrusted: bytes) -> None:
    try:
        found = scan_wire_text.text(untrusted, 10, 10)
    except Broken:
        return
    assert found is not None
    assert all(0 <= word.box.left < word.box.right <= 10 for word in found)
