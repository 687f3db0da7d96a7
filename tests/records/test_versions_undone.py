"""Versions and what people do to them: taken back, shared, split, joined, assigned late: the last scan counts, and no page is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from records.models import Attachment, Case, Document, Page
from records.rematch import rejudge
from records.review import (
    NothingAbove,
    SharedWithItself,
    assign,
    discard,
    join_above,
    mark_blank,
    name_component,
    read_as_ruled,
    rotate,
    share,
    split_at,
    undo_last,
)
from records.versions import plan_version, turn_of
from tests.records.drop import RECEIPT, Drop, Leaf, bundle, bundle_all, dropped, titled
from tests.records.register import NOW, add_dossier, add_procedures

A, B = "H51.20-211116-0007", "H51.20-211117-0012"
DAY = timedelta(days=1)
CLERK = "clerk"
PROSE = "Kính gửi Ủy ban nhân dân xã nơi cư trú tôi xin trình bày việc sau đây cho con tôi số {n} ngày {n} tháng {n}"


@pytest.fixture(autouse=True)
def register(catalogue: None) -> None:
    add_procedures()
    add_dossier(A)
    add_dossier(B, applicant="Lê Văn Thử")


def side(n: int) -> Leaf:
    """A filled-in page; another `n` is another page of the same paper."""
    own = " ".join(chr(96 + n) * length for length in range(2, 22))
    return Leaf(text=f"{PROSE.format(n=n)} {own}", likeness="00ff00ff00ff00ff")


def scanned(name: str, *leaves: Leaf, at: datetime) -> Document:
    (document,) = dropped(name, *leaves, at=at).attached()
    return document


def again(document: Document) -> Document:
    return Document.objects.select_related("batch", "dossier", "supersedes").get(pk=document.pk)


def in_force(number: str, component: str = "TP2") -> list[Document]:
    held = Attachment.objects.filter(dossier__number=number, component=component, known_to=None)
    return list(Document.objects.filter(pk__in=held.values("document")).order_by("created_at"))


def places(document: Document) -> list[int]:
    return [place for place, _ in again(document).placed_pages()]


def sources(document: Document) -> list[Document | None]:
    """The documents that its pages were scanned into."""
    return [page.document for _, page in again(document).placed_pages()]


def page_of(document: Document, number: int = 1) -> Page:
    return Page.objects.select_related("scan__batch", "document__batch", "document__dossier").get(document=document, number=number)


def borrowing() -> tuple[Document, Document]:
    """Three pages, and the second of them scanned better: a version that borrows the others."""
    old = scanned(f"{A}__TP2.pdf", side(1), side(2), side(3), at=NOW)
    new = scanned(f"{A}__TP2.pdf", side(2), at=NOW + DAY)
    assert places(new) == [1, 2, 3]
    return old, new


def test_a_better_page_that_was_another_dossier_s_goes_there_alone() -> None:
    old, new = borrowing()
    assign([again(new)], B, "TP2", CLERK, NOW + 2 * DAY)
    bundle_all(NOW + 2 * DAY)
    assert (in_force(A), in_force(B)) == ([old], [new])
    assert (again(new).page_count, places(new), places(old)) == (1, [1], [1, 2, 3])
    undo_last(None, CLERK, NOW + 3 * DAY)
    bundle_all(NOW + 3 * DAY)
    assert (in_force(A), in_force(B)) == ([new], [])
    assert (again(new).page_count, places(new)) == (3, [1, 2, 3])


def test_a_better_page_that_was_discarded_is_brought_back() -> None:
    old, new = borrowing()
    discard([again(new)], Document.Discard.SPOILT, CLERK, NOW + 2 * DAY)
    bundle_all(NOW + 2 * DAY)
    assert (in_force(A), places(old), places(new), again(new).page_count) == ([old], [1, 2, 3], [1], 1)
    undo_last(None, CLERK, NOW + 3 * DAY)
    bundle_all(NOW + 3 * DAY)
    assert (in_force(A), places(new)) == ([new], [1, 2, 3])


def test_a_better_page_with_nothing_on_it_leaves_the_old_one_in_its_place() -> None:
    old, new = borrowing()
    mark_blank(page_of(new), CLERK, NOW + 2 * DAY)
    bundle_all(NOW + 2 * DAY)
    assert (in_force(A), places(old), again(new).state) == ([old], [1, 2, 3], "dissolved")
    assert Attachment.objects.get(document=new).known_to == NOW + 2 * DAY
    undo_last(None, CLERK, NOW + 3 * DAY)
    bundle_all(NOW + 3 * DAY)
    assert (in_force(A), places(new)) == ([new], [1, 2, 3])


@pytest.mark.parametrize("do", ["split", "blank"])
def test_of_two_better_pages_one_is_taken_out(do: str) -> None:
    old = scanned(f"{A}__TP2.pdf", side(1), side(2), side(3), at=NOW)
    new = scanned(f"{A}__TP2.pdf", side(1), side(3), at=NOW + DAY)
    assert sources(new) == [new, old, new]
    third = page_of(new, 2)
    if do == "split":
        assert places(split_at(third, CLERK, NOW + 2 * DAY)) == [1]
    else:
        mark_blank(third, CLERK, NOW + 2 * DAY)
    bundle_all(NOW + 2 * DAY)
    assert (in_force(A), sources(new), places(new)) == ([new], [new, old, old], [1, 2, 3])
    undo_last(None, CLERK, NOW + 3 * DAY)
    bundle_all(NOW + 3 * DAY)
    assert (in_force(A), sources(new)) == ([new], [new, old, new])


def test_what_is_joined_to_a_better_page_makes_it_another_paper() -> None:
    scanned(f"{A}__TP2.pdf", side(1), side(2), side(3), at=NOW)
    first, second = dropped("x.pdf", side(2), Leaf((f"SOHOA:{A}:KQ",), ""), side(9), at=NOW + DAY).assemble()
    assign([first], A, "TP2", CLERK, NOW + DAY)
    bundle_all(NOW + DAY)
    assert places(first) == [1, 2, 3]
    join_above(again(second), CLERK, NOW + 2 * DAY)
    bundle_all(NOW + 2 * DAY)
    assert (places(first), sources(first)) == ([1, 2], [first, first])
    undo_last(None, CLERK, NOW + 3 * DAY)
    bundle_all(NOW + 3 * DAY)
    assert (places(first), in_force(A, "KQ")) == ([1, 2, 3], [second])


def test_a_turned_page_keeps_its_place_in_a_version_with_borrowed_ones() -> None:
    scanned(f"{A}__TP2.pdf", side(1), side(2), side(3), at=NOW)
    (new,) = dropped(f"{A}__TP2.pdf", side(2), at=NOW + DAY).assemble()
    rotate(page_of(new), 90, CLERK, NOW + DAY)  # before it is bundled and finds its place
    bundle_all(NOW + DAY)
    undo_last(None, CLERK, NOW + 2 * DAY)
    assert places(new) == [1, 2, 3]


# --- versions of shared papers -----------------------------------------------------------------------------------------------


def test_a_shared_paper_that_was_superseded_counts_again_in_both() -> None:
    old = scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    share(again(old), B, "TP2", CLERK, NOW)
    new = scanned(f"{A}__TP2.pdf", side(2), at=NOW + DAY)
    assert (in_force(A), in_force(B)) == ([new], [old])
    discard([again(new)], Document.Discard.SPOILT, CLERK, NOW + 2 * DAY)
    assert (in_force(A), in_force(B)) == ([old], [old])


def test_a_shared_paper_that_was_superseded_is_turned() -> None:
    old = scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    share(again(old), B, "TP2", CLERK, NOW)
    new = scanned(f"{A}__TP2.pdf", side(2), at=NOW + DAY)
    page = page_of(old)
    rotate(page, 90, CLERK, NOW + 2 * DAY)
    Page.objects.filter(pk=page.pk).update(state="read")
    page.refresh_from_db()
    read_as_ruled(page, NOW + 2 * DAY)
    bundle_all(NOW + 2 * DAY)
    assert (in_force(A), in_force(B)) == ([new], [old])


def test_an_undone_share_of_what_was_superseded_since() -> None:
    old = scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    share(again(old), B, "TP2", CLERK, NOW)
    new = scanned(f"{A}__TP2.pdf", side(2), at=NOW + DAY)
    undo_last(None, CLERK, NOW + 2 * DAY)
    bundle_all(NOW + 2 * DAY)
    assert (in_force(A), in_force(B)) == ([new], [])


def test_an_undone_share_in_a_dossier_where_it_was_superseded() -> None:
    shared = scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    share(again(shared), B, "TP2", CLERK, NOW)
    new = scanned(f"{B}__TP2.pdf", side(2), at=NOW + DAY)
    assert (in_force(A), in_force(B)) == ([shared], [new])
    undo_last(None, CLERK, NOW + 2 * DAY)
    discard([again(new)], Document.Discard.SPOILT, CLERK, NOW + 3 * DAY)
    assert (in_force(A), in_force(B)) == ([shared], [])


def test_a_paper_is_not_shared_with_its_own_dossier() -> None:
    paper = scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    with pytest.raises(SharedWithItself):
        share(again(paper), A, "TP1", CLERK, NOW)
    assert in_force(A) == [paper]


# --- what came between an act and its undoing --------------------------------------------------------------------------------


def test_a_version_in_the_middle_is_undone() -> None:
    first = scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    (second,) = dropped("x.pdf", side(2), at=NOW + DAY).assemble()
    assign([second], A, "TP2", CLERK, NOW + DAY)
    bundle_all(NOW + DAY)
    third = scanned(f"{A}__TP2.pdf", side(3), at=NOW + 2 * DAY)
    assert in_force(A) == [third]
    undo_last(None, CLERK, NOW + 3 * DAY)
    bundle_all(NOW + 3 * DAY)
    assert in_force(A) == [third]
    assert again(second).state == "parked"
    discard([again(third)], Document.Discard.SPOILT, CLERK, NOW + 4 * DAY)
    bundle_all(NOW + 4 * DAY)
    assert in_force(A) == [first]


def test_a_version_in_the_middle_whose_pages_are_borrowed_is_undone() -> None:
    (second,) = dropped("x.pdf", side(1), side(2), at=NOW).assemble()
    assign([second], A, "TP2", CLERK, NOW)
    bundle_all(NOW)
    third = scanned(f"{A}__TP2.pdf", side(2), at=NOW + 2 * DAY)
    assert places(third) == [1, 2]
    undo_last(None, CLERK, NOW + 3 * DAY)
    bundle_all(NOW + 3 * DAY)
    assert (again(second).state, places(second)) == ("parked", [1, 2])
    assert (in_force(A), sources(third)) == ([third], [third])  # no page of what waits


def test_a_version_whose_lineage_went_on_is_assigned_again() -> None:
    (first,) = dropped("x.pdf", side(1), at=NOW).assemble()
    assign([first], A, "TP2", CLERK, NOW)
    bundle_all(NOW)
    second = scanned(f"{A}__TP2.pdf", side(2), at=NOW + DAY)
    undo_last(None, CLERK, NOW + 2 * DAY)
    assign([again(first)], A, "KQ", CLERK, NOW + 3 * DAY)
    bundle_all(NOW + 3 * DAY)
    assert (in_force(A), in_force(A, "KQ")) == ([second], [first])


def test_a_key_does_not_come_again_after_a_version_was_taken_back() -> None:
    scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    second = scanned(f"{A}__TP2.pdf", side(2), at=NOW + DAY)
    discard([again(second)], Document.Discard.SPOILT, CLERK, NOW + 2 * DAY)
    third = scanned(f"{A}__TP2.pdf", side(3), at=NOW + 2 * DAY)
    assert (third.version, third.key != second.key) == (3, True)


def test_what_was_taken_back_while_the_next_version_was_on_its_way_counts_no_more() -> None:
    first = scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    (second,) = dropped(f"{A}__TP2.pdf", side(2), at=NOW + DAY).assemble()
    plan_version(second, NOW + DAY)
    discard([again(first)], Document.Discard.SPOILT, CLERK, NOW + DAY)
    assert in_force(A) == []
    bundle_all(NOW + 2 * DAY)
    assert (in_force(A), again(first).state, again(second).supersedes) == ([second], "discarded", None)


def test_a_turn_undone_after_a_register_came_leaves_the_paper_attached() -> None:
    number = "H51.20-211118-0001"
    drop = dropped("x.pdf", Leaf((number,), RECEIPT), at=NOW)
    drop.assemble()
    rotate(drop.page(1), 90, CLERK, NOW)
    Page.objects.update(state="read")
    add_dossier(number, applicant="Phạm Thị Muộn")
    rejudge(Document.objects.all(), NOW + DAY)
    bundle_all(NOW + DAY)
    undo_last(None, CLERK, NOW + 2 * DAY)
    page = drop.page(1)
    assert (page.disposition, page.document and page.document.state, page.ruled_rotation) == ("attached", "attached", None)


def test_what_was_split_off_is_not_given_back_by_the_next_register() -> None:
    damaged = Leaf(("?",), f"{RECEIPT}Mã hồ sơ: {A}\nÔng/Bà: Trần Thị Mẫu\n")
    drop = dropped("x.pdf", damaged, titled("TỜ KHAI ĐĂNG KÝ KHAI SINH"), side(2), at=NOW)
    drop.attached()
    below = split_at(drop.page(3), CLERK, NOW + DAY)
    assert rejudge(Document.objects.all(), NOW + 2 * DAY) == []
    assert (again(below).state, again(below).reason) == ("parked", "SplitOff")


def test_a_named_component_that_was_scanned_again_is_undecided_when_that_is_undone() -> None:
    paper = scanned(f"{A}.pdf", side(1), at=NOW)
    name_component(again(paper), "TP2", CLERK, NOW)
    new = scanned(f"{A}__TP2.pdf", side(2), at=NOW + DAY)
    assert in_force(A) == [new]
    undo_last(None, CLERK, NOW + 2 * DAY)
    bundle_all(NOW + 2 * DAY)
    assert (in_force(A), again(paper).component, again(new).supersedes) == ([new], None, None)
    assert Attachment.objects.get(document=paper, known_to=None).component is None


def test_a_page_that_was_read_later_is_joined_in_its_place() -> None:
    around, failed = dropped(f"{A}__TP2.pdf", side(1), Leaf(failed=True), side(3), at=NOW).attached()
    Page.objects.filter(document=failed).update(state="read")
    join_above(again(failed), CLERK, NOW + DAY)
    bundle_all(NOW + DAY)
    assert [page.number for _, page in again(around).placed_pages()] == [1, 2, 3]


def test_a_paper_whose_pages_changed_places_is_not_joined_to_itself() -> None:
    scanned(f"{A}__TP2.pdf", side(1), side(2), side(3), at=NOW)
    new = scanned(f"{A}__TP2.pdf", side(3), side(1), at=NOW + DAY)
    assert [page.number for _, page in new.placed_pages() if page.document == new] == [2, 1]
    with pytest.raises(NothingAbove):
        join_above(again(new), CLERK, NOW + DAY)


# --- one after the other -----------------------------------------------------------------------------------------------------


def test_what_is_assigned_late_does_not_supersede_a_later_scan() -> None:
    (early,) = dropped("x.pdf", side(1), at=NOW).assemble()
    late = scanned(f"{A}__TP2.pdf", side(2), at=NOW + DAY)
    assign([early], A, "TP2", CLERK, NOW + 2 * DAY)
    bundle_all(NOW + 2 * DAY)
    assert again(late).state == "attached"
    assert set(Case.objects.values_list("kind", flat=True)) == {"AnotherOfComponent"}


def test_scans_of_one_component_take_their_turns() -> None:
    (one,) = dropped(f"{A}__TP2.pdf", side(1), at=NOW).assemble()
    (two,) = dropped(f"{A}__TP2.pdf", side(2), at=NOW + DAY).assemble()
    (other,) = dropped(f"{A}__TP1.pdf", side(3), at=NOW + DAY).assemble()
    assert (turn_of(one), turn_of(two), turn_of(other)) == (one, one, other)
    bundle(one)
    assert turn_of(again(two)) == two


def test_two_that_were_bundled_at_once_all_the_same_are_asked_about() -> None:
    (one,) = dropped(f"{A}__TP2.pdf", side(1), at=NOW).assemble()
    (two,) = dropped(f"{A}__TP2.pdf", side(2), at=NOW + DAY).assemble()
    plan_version(one, NOW)
    plan_version(two, NOW)
    bundle_all(NOW + DAY)
    assert in_force(A) == [one, two]
    assert Case.objects.get().kind == "AnotherOfComponent"


def test_the_later_drop_counts_whichever_was_bundled_first() -> None:
    first = scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    (second,) = dropped(f"{A}__TP2.pdf", side(2), at=NOW + DAY).assemble()
    (third,) = dropped(f"{A}__TP2.pdf", side(3), at=NOW + 2 * DAY).assemble()
    plan_version(second, NOW)
    plan_version(third, NOW)
    bundle(third)
    bundle(second)
    assert (in_force(A), again(second).state) == ([third], "superseded")
    discard([again(third)], Document.Discard.SPOILT, CLERK, NOW + 3 * DAY)
    assert in_force(A) == [second]
    discard([again(second)], Document.Discard.SPOILT, CLERK, NOW + 3 * DAY)
    assert in_force(A) == [first]


def test_two_scans_in_one_drop_never_supersede_each_other() -> None:
    scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    folder = Drop("lo 1", {f"{A}__TP2.pdf": (side(2),), f"{A}__TP2 (1).pdf": (side(4),)}, is_folder=True, at=NOW + DAY)
    made = folder.assemble()
    for document in made:
        plan_version(document, NOW + DAY)
    bundle_all(NOW + DAY)
    assert set(in_force(A)) == set(made)
