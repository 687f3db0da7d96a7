"""Printed page numbers and sides: what they say about missing, doubled and misplaced pages, and when they say nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.accounting import FolioFindings, check_folios, odd_sides
from pipeline.model import Folio

F = Folio


@pytest.mark.parametrize(
    ("folios", "findings"),
    [
        ([], FolioFindings()),
        ([F(1, 3), F(2, 3), F(3, 3)], FolioFindings()),
        ([F(1, 3), F(3, 3)], FolioFindings(missing=(2,))),
        ([F(2, 3), F(3, 3)], FolioFindings(missing=(1,))),
        ([F(1, 3), F(2, 3)], FolioFindings(missing=(3,))),
        ([F(1, 3)], FolioFindings(missing=(2, 3))),
        ([F(1, 3), None, F(3, 3)], FolioFindings()),  # a number that was not read is taken to be the one that fits
        ([None, F(2), F(3)], FolioFindings()),
        ([F(2), F(4)], FolioFindings(missing=(3,))),
        ([F(2)], FolioFindings()),  # may be anything
        ([F(1), F(2), F(2), F(3)], FolioFindings(doubled=(2,))),
        ([F(1, 3), F(3, 3), F(2, 3)], FolioFindings(out_of_order=True)),
        ([F(1, 2), F(2, 3)], FolioFindings()),  # totals that contradict each other: one was misread
    ],
)
def test_what_printed_numbers_say(folios: list[Folio | None], findings: FolioFindings) -> None:
    assert check_folios(folios) == findings
    assert findings.well == (findings == FolioFindings())


@given(length=st.integers(1, 12), unread=st.sets(st.integers(0, 11)), total=st.booleans())
def test_a_whole_paper_is_well_whatever_was_not_read(length: int, unread: set[int], total: bool) -> None:
    folios = [None if place in unread else F(place + 1, length if total else None) for place in range(length)]
    assert check_folios(folios).well


@given(length=st.integers(3, 12), gone=st.data())
def test_a_page_taken_out_is_the_one_told(length: int, gone: st.DataObject) -> None:
    number = gone.draw(st.integers(1, length))
    assert check_folios([F(n, length) for n in range(1, length + 1) if n != number]).missing == (number,)


B, W = False, True


@pytest.mark.parametrize(
    ("blanks", "odd"),
    [
        ([B, W] * 4, False),
        ([B, W] * 3 + [B], True),
        ([B, W] * 2 + [B], False),  # two blank backs may be chance
        ([B] * 7, False),
        ([W, B] * 3 + [W], False),  # the blank sides are fronts
        ([B, W, B, W, B, W, B, B, B, B, B, B, B], False),  # mostly printed on both sides
        ([], False),
    ],
)
def test_a_two_sided_stack_with_a_side_too_few(blanks: list[bool], odd: bool) -> None:
    assert odd_sides(blanks) is odd
