"""What an id that a person typed names: never more than one thing, and nothing that is not in hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from records.acts import NothingToUndo
from records.by_id import (
    NoSuchPage,
    NoSuchWork,
    NothingToResolve,
    batch_of,
    case_of,
    documents_of,
    last_act,
    one_document,
    page_of,
    pages_of,
)
from records.cases import CaseKind, close_case, open_case
from records.models import Act, Document
from records.review import discard, join_above, split_at
from tests.records.drop import RECEIPT, Drop, Leaf, dropped
from tests.records.register import NOW, add_dossier, add_procedures

A = "H51.20-211116-0007"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def drop(catalogue: None) -> Drop:
    """A page of nobody, a receipt, a sheet, two pages behind it."""
    add_procedures()
    add_dossier(A)
    made = dropped("scan1.pdf", Leaf(), Leaf((A,), RECEIPT), Leaf((f"SOHOA:{A}:TP1",), ""), Leaf(), Leaf())
    made.attached()
    return made


def test_documents_in_hand_by_their_own_id_or_their_scan_s(drop: Drop) -> None:
    three = list(Document.objects.order_by("pages__number").distinct())
    assert set(documents_of(str(drop.scan.pk)[:8])) == set(three)
    assert documents_of(str(three[0].pk)[:8]) == [three[0]] == [one_document(three[0].pk.hex)]
    with pytest.raises(NoSuchWork):
        one_document(str(drop.scan.pk))  # three
    discard([three[0]], Document.Discard.TRIAL, "clerk", LATER)
    with pytest.raises(NoSuchWork):
        documents_of(str(three[0].pk))
    assert set(documents_of(str(drop.scan.pk))) == set(three[1:])


def test_a_scan_with_nothing_in_hand(catalogue: None) -> None:
    drop = dropped("scan1.pdf", Leaf(blank=True))
    drop.assemble()
    with pytest.raises(NothingToResolve):
        documents_of(str(drop.scan.pk))


def test_a_page_by_its_number_in_its_file(drop: Drop) -> None:
    paper = Document.objects.get(component="TP1")
    assert [page_of(str(paper.pk), number).number for number in (4, 5)] == [4, 5]
    assert page_of(str(drop.scan.pk)[:8], 3).disposition == "separator"
    for row, number in ((paper, 1), (paper, 3), (drop.scan, 0), (drop.scan, 6), (drop.scan, -1)):
        with pytest.raises(NoSuchPage):
            page_of(str(row.pk), number)
    with pytest.raises(NoSuchWork):
        page_of(str(drop.batch.pk), 1)


def test_a_page_of_a_paper_from_several_files_by_its_place(catalogue: None) -> None:
    add_procedures()
    add_dossier(A)
    folder = Drop(f"{A}__TP1", {"1.pdf": (Leaf(),), "2.pdf": (Leaf(),)}, is_folder=True)
    first, second = folder.assemble()
    assert join_above(Document.objects.get(pk=second.pk), "clerk", LATER) == first
    assert [page_of(str(first.pk), place).scan.position for place in (1, 2)] == [0, 1]
    assert [page.scan.position for page in pages_of(str(first.pk))] == [0, 1]


def test_the_drop_and_the_pages_of_an_id(drop: Drop) -> None:
    paper = Document.objects.get(component="TP1")
    assert batch_of(str(paper.pk)) == batch_of(str(drop.scan.pk)[:6]) == drop.batch
    assert [page.number for page in pages_of(str(paper.pk))] == [4, 5]
    assert [page.number for page in pages_of(str(drop.scan.pk))] == [1, 2, 3, 4, 5]
    for find in (batch_of, pages_of, documents_of):
        with pytest.raises(NoSuchWork):
            find("ffffffff")


def test_a_case_only_while_it_is_open(drop: Drop) -> None:
    case = open_case(CaseKind.ODD_SIDES, NOW, batch=drop.batch, detail={"sides": 5})
    assert case is not None
    assert case_of(str(case.pk)[:8]) == case
    assert case_of("") is None
    close_case(case, "clerk", LATER)
    assert case_of(str(case.pk)) is None


def test_the_newest_act_of_all_or_about_an_id(drop: Drop) -> None:
    other = dropped("scan2.pdf", Leaf())
    (unknown,) = other.assemble()
    split_at(drop.page(5), "clerk", LATER)
    discard([unknown], Document.Discard.FOREIGN, "clerk", LATER + timedelta(minutes=1))
    split, discarded = Act.objects.order_by("at")
    assert last_act(None) == discarded
    for row in (Document.objects.get(component="TP1"), Document.objects.get(reason="SplitOff"), drop.scan, split):
        assert last_act(str(row.pk)[:8]) == split
    assert last_act(str(other.scan.pk)) == discarded
    for typed in (str(Document.objects.get(kind="receipt").pk), "ffffffff", "zz"):
        with pytest.raises(NothingToUndo):
            last_act(typed)
