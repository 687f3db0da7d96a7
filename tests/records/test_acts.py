"""Everything a person does can be undone: the catalogue is then as before, and both stand in the events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.errors import SohoaError, UnknownComponent, UnknownDossier
from pipeline.model import Folio
from records import status
from records.acts import NothingToUndo, UndoLaterFirst, undo
from records.by_id import NoSuchPage, NoSuchWork
from records.events import first_broken_link
from records.identity import fact_of
from records.models import Act, Attachment, Document, Event, Page
from records.review import (
    CannotSplit,
    NothingAbove,
    assign,
    discard,
    join_above,
    keep_page,
    mark_blank,
    name_component,
    read_as_ruled,
    rotate,
    share,
    split_at,
    undo_last,
)
from tests.records.drop import RECEIPT, Drop, Leaf, bundle_all, dropped, titled
from tests.records.register import NOW, add_dossier, add_procedures

A, B = "H51.20-211116-0007", "H51.20-211117-0012"
CLERK = "clerk"
FORM, PROOF = "TỜ KHAI ĐĂNG KÝ KHAI SINH", "GIẤY CHỨNG SINH"


@pytest.fixture(autouse=True)
def register(catalogue: None) -> None:
    add_procedures()
    add_dossier(A)
    add_dossier(B, applicant="Lê Văn Thử")


def dossier(number: str) -> dict[str, Any]:
    fact = fact_of(number)
    assert fact is not None
    return status.dossier(fact, NOW)


class Clock:
    """A minute passes between one thing and the next."""

    def __init__(self) -> None:
        self.now = NOW

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def stack() -> Drop:
    """A receipt of A, its form of two sides, its proof, a blank back; in front of them a page of nobody."""
    return dropped("scan1.pdf", Leaf(), Leaf((A,), RECEIPT), titled(FORM), Leaf(folio=Folio(2, 2)), titled(PROOF), Leaf(blank=True))


def whole() -> dict[str, Any]:
    """What the catalogue says of papers: whose each page is and where, what is held; dissolved documents are nobody's."""
    gone = (Document.State.DISSOLVED,)
    return {
        "pages": sorted(
            Page.objects.values_list(
                "scan", "number", "document", "page_in_document", "disposition", "blank", "ruled_rotation", "ruled_blank"
            )
        ),
        "documents": sorted(
            Document.objects.exclude(state__in=gone).values_list("pk", "state", "reason", "dossier", "component", "kind", "page_count")
        ),
        "held": sorted(Attachment.objects.filter(known_to=None).values_list("document", "dossier", "component")),
        "completeness": [dossier(number)["components"] for number in (A, B)],
    }


def settled(clock: Clock) -> None:
    """The workers read again what is to be read, and bundle what is to be bundled."""
    for page in Page.objects.filter(state=Page.State.WAITING).select_related("document"):
        Page.objects.filter(pk=page.pk).update(state=Page.State.READ, rotation=page.ruled_rotation or 0)
        page.refresh_from_db()
        read_as_ruled(page, clock.tick())
    bundle_all(clock.tick())


def sane() -> None:
    """No page lost or in two places, none attached to two dossiers unless it was shared, sums that add up."""
    shared = {key for act in Act.objects.filter(kind="share", undone_at=None) for key in act.after["documents"]}
    for page in Page.objects.select_related("document"):
        assert (page.document is None) == (page.disposition in (Page.Disposition.BLANK, Page.Disposition.SEPARATOR)), page.number
        if page.disposition == Page.Disposition.ATTACHED:
            assert page.document is not None
            dossiers = set(Attachment.objects.filter(document=page.document, known_to=None).values_list("dossier", flat=True))
            assert len(dossiers) == 1 or str(page.document.pk) in shared
    for document in Document.objects.all():
        places = [page.page_in_document for page in document.pages.order_by("page_in_document")]
        assert places == list(range(1, len(places) + 1))
        assert document.state == Document.State.DISSOLVED or document.page_count == len(places)
        live = Attachment.objects.filter(document=document, known_to=None).exists()
        assert live == (document.state == Document.State.ATTACHED), document.state
    assert first_broken_link() is None


def of(component: str | None, state: str = "attached") -> Document:
    return Document.objects.select_related("batch", "dossier").get(component=component, state=state, kind="paper")


def waiting() -> Document:
    return Document.objects.select_related("batch", "dossier").get(state=Document.State.PARKED)


Do = Callable[[Drop, datetime], object]
ACTS: dict[str, Do] = {
    "assign what waits": lambda drop, now: assign([waiting()], B, "TP2", CLERK, now),
    "assign what waits, component by its title": lambda drop, now: assign([waiting()], A, None, CLERK, now),
    "assign what was attached to another": lambda drop, now: assign([of("TP1")], B, "TP1", CLERK, now),
    "assign several": lambda drop, now: assign([of("TP1"), of("TP2")], B, None, CLERK, now),
    "share": lambda drop, now: share(of("TP2"), B, "TP2", CLERK, now),
    "split": lambda drop, now: split_at(drop.page(4), CLERK, now),
    "join": lambda drop, now: join_above(of("TP2"), CLERK, now),
    "rotate": lambda drop, now: rotate(drop.page(3), 90, CLERK, now),
    "rotate what waits": lambda drop, now: rotate(drop.page(1), 180, CLERK, now),
    "blank": lambda drop, now: mark_blank(drop.page(4), CLERK, now),
    "blank, the only page": lambda drop, now: mark_blank(drop.page(5), CLERK, now),
    "blank, what waits": lambda drop, now: mark_blank(drop.page(1), CLERK, now),
    "not blank": lambda drop, now: keep_page(drop.page(6), CLERK, now),
    "discard what waits": lambda drop, now: discard([waiting()], Document.Discard.TRIAL, CLERK, now),
    "discard what was attached": lambda drop, now: discard([of("TP1")], Document.Discard.SPOILT, CLERK, now),
}


@pytest.mark.parametrize("do", ACTS.values(), ids=list(ACTS))
@pytest.mark.parametrize("workers_come_between", [True, False])
def test_what_is_undone_is_as_before(do: Do, workers_come_between: bool, clock: Clock) -> None:
    drop = stack()
    drop.attached()
    before = whole()
    do(drop, clock.tick())
    if workers_come_between:
        settled(clock)
        sane()
    assert whole() != before
    undo_last(None, CLERK, clock.tick())
    settled(clock)
    sane()
    assert whole() == before
    (done,), (undone,) = Event.objects.filter(kind="act.done"), Event.objects.filter(kind="act.undone")
    assert done.detail["act"] == undone.detail["act"]
    assert (done.actor, undone.actor) == (CLERK, CLERK)


def test_a_component_that_was_named_is_undecided_again(clock: Clock) -> None:
    drop = dropped("scan2.pdf", Leaf((A,), RECEIPT), Leaf())
    drop.attached()
    before = whole()
    paper = Document.objects.get(kind="paper")
    name_component(paper, "TP2", CLERK, clock.tick())
    assert dossier(A)["components"] != before["completeness"][0]
    undo_last(str(paper.pk), CLERK, clock.tick())
    settled(clock)
    assert whole() == before


# --- what each does ----------------------------------------------------------------------------------------------------------


def test_what_waits_goes_where_it_is_assigned(clock: Clock) -> None:
    stack().attached()
    paper = waiting()
    assert assign([paper], B, "TP2", CLERK, clock.tick())
    bundle_all(clock.tick())
    paper.refresh_from_db()
    assert (paper.dossier and paper.dossier.number, paper.component, paper.state) == (B, "TP2", "attached")
    assert Attachment.objects.get(document=paper, known_to=None).by == CLERK


def test_what_was_another_s_counts_there_no_more(clock: Clock) -> None:
    stack().attached()
    assign([of("TP1")], B, "TP1", CLERK, clock.tick())
    bundle_all(clock.tick())
    held = {(one.dossier.number, one.component) for one in Attachment.objects.filter(known_to=None).select_related("dossier")}
    assert (A, "TP1") not in held
    assert (B, "TP1") in held
    assert Attachment.objects.filter(dossier__number=A, component="TP1").exclude(known_to=None).exists()  # history stays


def test_shared_papers_count_in_both_without_another_copy(clock: Clock) -> None:
    stack().attached()
    paper = of("TP2")
    share(paper, B, "TP2", CLERK, clock.tick())
    keys = {document["key"] for number in (A, B) for document in dossier(number)["documents"] if document["id"] == str(paper.pk)}
    assert keys == {paper.key}
    assert Attachment.objects.filter(document=paper, known_to=None).count() == 2


def test_a_turned_page_is_read_as_it_was_ruled(clock: Clock) -> None:
    drop = stack()
    drop.attached()
    rotate(drop.page(3), 90, CLERK, clock.tick())
    rotate_again = drop.page(3)
    assert (rotate_again.ruled_rotation, rotate_again.state) == (90, Page.State.WAITING)
    settled(clock)
    rotate(drop.page(3), 270, CLERK, clock.tick())
    assert drop.page(3).ruled_rotation == 0


def test_a_page_of_its_own_joins_the_paper_above(clock: Clock) -> None:
    drop = stack()
    drop.attached()
    form = of("TP1")
    assert join_above(of("TP2"), CLERK, clock.tick()) == form
    bundle_all(clock.tick())
    assert [page.number for _, page in of("TP1").placed_pages()] == [3, 4, 5]
    assert not Attachment.objects.filter(component="TP2", known_to=None).exists()


# --- what it refuses ---------------------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[Do, type[SohoaError]]] = {
    "unknown dossier": (lambda drop, now: assign([waiting()], "H51.20-211116-9999", None, CLERK, now), UnknownDossier),
    "unknown component": (lambda drop, now: assign([waiting()], A, "TP9", CLERK, now), UnknownComponent),
    "shared what waits": (lambda drop, now: share(waiting(), B, None, CLERK, now), NoSuchWork),
    "named what waits": (lambda drop, now: name_component(waiting(), "TP1", CLERK, now), NoSuchWork),
    "named what is named": (lambda drop, now: name_component(of("TP1"), "TP2", CLERK, now), NoSuchWork),
    "split at the first page": (lambda drop, now: split_at(drop.page(3), CLERK, now), CannotSplit),
    "split at a blank": (lambda drop, now: split_at(drop.page(6), CLERK, now), CannotSplit),
    "nothing above": (lambda drop, now: join_above(waiting(), CLERK, now), NothingAbove),
    "half a turn of the half": (lambda drop, now: rotate(drop.page(3), 45, CLERK, now), NoSuchPage),
    "not turned": (lambda drop, now: rotate(drop.page(3), 360, CLERK, now), NoSuchPage),
    "blank twice": (lambda drop, now: mark_blank(drop.page(6), CLERK, now), NoSuchPage),
    "kept already": (lambda drop, now: keep_page(drop.page(3), CLERK, now), NoSuchPage),
}


@pytest.mark.parametrize(("do", "refusal"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused_changes_nothing(do: Do, refusal: type[SohoaError], clock: Clock) -> None:
    drop = stack()
    drop.attached()
    before, told = whole(), Event.objects.count()
    with pytest.raises(refusal):
        do(drop, clock.tick())
    assert (whole(), Event.objects.count(), Act.objects.count()) == (before, told, 0)


def test_nothing_is_undone_twice_or_out_of_turn(clock: Clock) -> None:
    drop = stack()
    drop.attached()
    with pytest.raises(NothingToUndo):
        undo_last(None, CLERK, clock.tick())
    split_at(drop.page(4), CLERK, clock.tick())
    first = Act.objects.get()
    bundle_all(clock.tick())
    discard([Document.objects.get(reason="SplitOff")], Document.Discard.FOREIGN, CLERK, clock.tick())
    with pytest.raises(UndoLaterFirst):
        undo(first, CLERK, clock.tick())
    assert Act.objects.get(pk=first.pk).undone_at is None
    undo_last(None, CLERK, clock.tick())
    undo_last(None, CLERK, clock.tick())
    with pytest.raises(NothingToUndo):
        undo(first, CLERK, clock.tick())
