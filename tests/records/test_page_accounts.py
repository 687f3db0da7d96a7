"""Pages missing, doubled, out of order or miscounted are told before the paper goes back to its shelf."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.model import Folio
from records.cases import CaseKind, NoSuchCase, close_case, is_held_up, open_case
from records.count_note import is_count_note, read_count
from records.models import Batch, Case, DossierFact, Event
from tests.records.drop import Leaf, dropped
from tests.records.register import NOW, add_dossier, add_procedures

A = "H51.20-211116-0007"
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def fact(catalogue: None) -> DossierFact:
    add_procedures()
    return add_dossier(A)


def numbered(*numbers: tuple[int, int | None] | None) -> tuple[Leaf, ...]:
    """Pages that differ, with what is printed on them as their numbers."""
    return tuple(
        Leaf(
            text=f"nội dung trang thứ {place} của giấy " + chr(97 + place) * 5,
            folio=Folio(*one) if one else None,
            likeness=f"{place * 0x1111111111111111:016x}",
        )
        for place, one in enumerate(numbers, start=1)
    )


def cases() -> list[tuple[str, dict[str, object]]]:
    return list(Case.objects.values_list("kind", "detail"))


@pytest.mark.parametrize(
    ("numbers", "kind", "detail"),
    [
        (((1, 3), (3, 3)), "MissingPages", {"missing": [2], "total": 3}),
        (((1, 3), (2, 3)), "MissingPages", {"missing": [3], "total": 3}),
        (((1, 3), (3, 3), (2, 3)), "PagesOutOfOrder", {"order": [1, 3, 2]}),
    ],
)
def test_printed_numbers_that_do_not_fit_are_told(
    numbers: tuple[tuple[int, int], ...], kind: str, detail: dict[str, object], fact: DossierFact
) -> None:
    dropped(f"{A}__TP1.pdf", *numbered(*numbers)).attached()
    assert cases() == [(kind, detail)]
    assert is_held_up(fact.dossier)


@pytest.mark.parametrize("numbers", [((1, 2), (2, 2)), (None, (2, None)), ((1, None), None, (3, None)), (None, None), ((7, None),)])
def test_numbers_that_fit_or_say_nothing_open_nothing(numbers: tuple[tuple[int, int | None] | None, ...]) -> None:
    dropped(f"{A}__TP1.pdf", *numbered(*numbers)).attached()
    assert cases() == []


def test_the_register_s_count_of_pages(fact: DossierFact) -> None:
    DossierFact.objects.filter(pk=fact.pk).update(expected_pages={"TP1": 2})
    dropped(f"{A}__TP1.pdf", *numbered(None)).attached()
    assert cases() == [("PageCount", {"component": "TP1", "expected": 2, "found": 1})]


@pytest.mark.parametrize(("expected", "opens"), [(3, False), (2, False), (4, True), (1, True)])
def test_the_clerk_s_count_may_leave_blank_sides_out_or_not(expected: int, opens: bool) -> None:
    drop = dropped(f"{A}__TP1.pdf", *numbered(None, None), Leaf(blank=True))
    Batch.objects.filter(pk=drop.batch.pk).update(expected_pages=expected)
    drop.batch.refresh_from_db()
    drop.attached()
    assert [kind for kind, _ in cases()] == (["PageCount"] if opens else [])


def test_a_stack_of_two_sided_sheets_with_a_side_too_few() -> None:
    sides = [leaf for front in numbered(*([None] * 4)) for leaf in (front, Leaf(blank=True))]
    dropped(f"{A}__TP1.pdf", *sides[:-1]).attached()
    assert [kind for kind, _ in cases()] == ["OddSides"]
    assert not Case.objects.get().blocking


def test_a_sheet_that_went_through_twice() -> None:
    (one,) = numbered(None)
    text = "tờ giấy có đủ chữ để so với nhau cho chắc chắn là cùng một tờ số 12 và 34"
    twice = Leaf(text=text, likeness=one.likeness)
    dropped(f"{A}__TP1.pdf", twice, twice).attached()
    assert cases() == [("DoubledPages", {"pages": [2]})]
    dropped(f"{A}__TP2.pdf", twice, at=LATER).attached()
    assert [kind for kind, _ in cases()] == ["DoubledPages", "ScannedTwice"]


# --- cases -------------------------------------------------------------------------------------------------------------------


def test_a_case_is_opened_once_and_stays_closed(fact: DossierFact) -> None:
    case = open_case(CaseKind.REGISTER_MOVED, NOW, dossier=fact.dossier, detail={"columns": ["MaTTHC"]})
    assert case is not None
    assert open_case(CaseKind.REGISTER_MOVED, LATER, dossier=fact.dossier, detail={"columns": ["MaTTHC"]}) is None
    assert is_held_up(fact.dossier)
    close_case(case, "clerk", LATER)
    assert not is_held_up(fact.dossier)
    assert open_case(CaseKind.REGISTER_MOVED, LATER, dossier=fact.dossier, detail={"columns": ["MaTTHC"]}) is None
    assert open_case(CaseKind.REGISTER_MOVED, LATER, dossier=fact.dossier, detail={"columns": ["ChuHoSo"]}) is not None
    with pytest.raises(NoSuchCase):
        close_case(case, "clerk", LATER)
    assert list(Event.objects.filter(kind__startswith="case.").values_list("kind", "actor")) == [
        ("case.opened", "system"),
        ("case.closed", "clerk"),
        ("case.opened", "system"),
    ]


# --- the clerk's own count ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("12", 12),
        ("Tổng số trang: 12\r\n", 12),
        ("12 trang, 12 mặt", 12),
        ("", None),
        ("không rõ", None),
        ("12 tờ 24 mặt", None),
        ("123456", None),
    ],
)
def test_a_count_is_the_one_number_in_the_note(text: str, count: int | None) -> None:
    assert read_count(text.encode()) == count
    assert read_count(text.encode("utf-16")) in (count, None)  # another encoding: understood or nothing, never another number


@pytest.mark.parametrize(
    ("path", "size", "is_note"),
    [
        ("H51.20/lo 1/so-trang.txt", 20, True),
        ("H51.20/lo 1/Số trang.TXT", 20, True),
        ("H51.20/so-trang.txt", 20, False),
        ("H51.20/lo 1/so-trang.txt", 90_000, False),
        ("H51.20/lo 1/so-trang.pdf", 20, False),
    ],
)
def test_a_note_is_known_by_name_place_and_size(path: str, size: int, is_note: bool) -> None:
    assert is_count_note(path, size) is is_note
