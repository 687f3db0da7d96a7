"""Whatever people do in whatever order, with the workers, new scans and late registers coming between: no page is lost or in two places,
nothing is attached to a dossier that neither the paper nor a person said, and what is undone is as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import SohoaError
from records.acts import undo
from records.events import first_broken_link
from records.models import Act, Attachment, Case, Document, Dossier, Page
from records.rematch import rejudge
from records.review import (
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
from records.versions import in_force
from tests.records.drop import RECEIPT, SHELF, Leaf, bundle, bundle_all, dropped, titled
from tests.records.register import NOW, add_dossier, add_procedures

A, B, LATE = "H51.20-211116-0007", "H51.20-211117-0012", "H51.20-211117-0099"
CLERK = "clerk"
PROSE = "Kính gửi Ủy ban nhân dân xã nơi cư trú tôi xin trình bày việc sau đây cho con tôi số {n} ngày {n} tháng {n}"
STATE = Document.State
IN_HAND = (STATE.PARKED, STATE.BUNDLING, STATE.ATTACHED)


@pytest.fixture(autouse=True)
def register(catalogue: None) -> None:
    add_procedures()
    add_dossier(A)
    add_dossier(B, applicant="Lê Văn Thử")


def side(n: int) -> Leaf:
    """A filled-in page; another `n` is another page of the same paper."""
    own = " ".join(chr(96 + n) * length for length in range(2, 22))
    return Leaf(text=f"{PROSE.format(n=n)} {own}", likeness="00ff00ff00ff00ff")


class Desk:
    """Scans on a desk, and what may be done about them; a minute passes between one thing and the next."""

    def __init__(self) -> None:
        self.now = NOW
        self.scanned = 0
        stack = (
            Leaf(),
            Leaf((A,), RECEIPT),
            titled("TỜ KHAI ĐĂNG KÝ KHAI SINH"),
            side(9),
            Leaf(blank=True),
            Leaf((LATE,), RECEIPT),
            Leaf(),
        )
        dropped("scan1.pdf", *stack, at=self.tick()).attached()
        self.scan(f"{A}__TP2.pdf", side(1), side(2), side(3))
        self.scan(f"{A}__TP2.pdf", side(2))
        self.work()

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def scan(self, name: str, *leaves: Leaf) -> None:
        dropped(name, *leaves, at=self.tick()).assemble()

    def work(self) -> None:
        """The workers read again what is to be read, and bundle what is to be bundled."""
        for page in Page.objects.filter(state=Page.State.WAITING):
            Page.objects.filter(pk=page.pk).update(state=Page.State.READ, rotation=page.ruled_rotation or 0)
            page.refresh_from_db()
            read_as_ruled(page, self.tick())
        bundle_all(self.tick())

    def do(self, kind: str, pick: int) -> None:
        documents = list(Document.objects.filter(state__in=IN_HAND).select_related("batch", "dossier").order_by("created_at", "pages__pk"))
        documents = list(dict.fromkeys(documents))
        document, page = documents[pick % len(documents)], self.page(pick)
        number, component = (A, B)[pick % 2], ("TP1", "TP2", None, "KQ")[pick // 2 % 4]
        match kind:
            case "assign":
                assign([document], number, component, CLERK, self.tick())
            case "assign two":
                assign(list({document, documents[(pick + 3) % len(documents)]}), number, component, CLERK, self.tick())
            case "share":
                share(document, number, component, CLERK, self.tick())
            case "name":
                name_component(document, component or "TP1", CLERK, self.tick())
            case "split":
                split_at(page, CLERK, self.tick())
            case "join":
                join_above(document, CLERK, self.tick())
            case "rotate":
                rotate(page, 90, CLERK, self.tick())
            case "blank":
                mark_blank(page, CLERK, self.tick())
            case "keep":
                keep_page(page, CLERK, self.tick())
            case "discard":
                discard([document], Document.Discard.FOREIGN, CLERK, self.tick())
            case "undo":
                undo_last(None, CLERK, self.tick())
            case "undo another":
                acts = list(Act.objects.filter(undone_at=None))
                if acts:
                    undo(acts[pick % len(acts)], CLERK, self.tick())
            case "bundle one":
                going = list(Document.objects.filter(state=STATE.BUNDLING).order_by("created_at", "pk"))
                if going:
                    bundle(going[pick % len(going)], self.tick())
            case "rescan":
                self.scan(f"{number}__{component or 'TP2'}.pdf", *(side(n) for n in ((2,), (1, 3), (4,), (1, 2, 3))[pick % 4]))
            case "register":
                if not Dossier.objects.filter(number=LATE).exists():
                    add_dossier(LATE, applicant="Phạm Thị Muộn")
                rejudge(Document.objects.all(), self.tick())

    def page(self, pick: int) -> Page:
        pages = Page.objects.select_related("scan__batch", "document__batch", "document__dossier").order_by("pk")
        return pages[pick % pages.count()]


def whole() -> dict[str, Any]:
    """What the catalogue says of papers; dissolved documents are nobody's."""
    documents = list(Document.objects.exclude(state=STATE.DISSOLVED))
    fields = ("pk", "state", "reason", "dossier", "component", "kind", "page_count", "named")
    return {
        "pages": sorted(Page.objects.values_list("pk", "document", "disposition", "blank", "ruled_rotation", "ruled_blank")),
        "documents": sorted(Document.objects.exclude(state=STATE.DISSOLVED).values_list(*fields)),
        "placed": {one.pk: [page.pk for _, page in one.placed_pages()] for one in documents},
        "held": sorted(Attachment.objects.filter(known_to=None).values_list("document", "dossier", "component")),
    }


def said_by_people() -> set[tuple[str, int]]:
    """Documents and the dossiers they were shared with."""
    return {
        (key, dossier)
        for act in Act.objects.filter(kind="share", undone_at=None)
        for key, held in act.after["attachments"].items()
        for dossier, _ in held
    }


def nothing_is_lost() -> None:
    for page in Page.objects.select_related("document"):
        assert (page.document is None) == (page.disposition in (Page.Disposition.BLANK, Page.Disposition.SEPARATOR))
        if page.document is not None:
            assert page.document.state != STATE.DISSOLVED
            assert (page.disposition == Page.Disposition.PARKED) == (page.document.state in (STATE.PARKED, STATE.DISCARDED))
    for document in Document.objects.filter(state__in=IN_HAND):
        places = [place for place, _ in document.placed_pages()]
        assert places == list(range(1, document.page_count + 1))
        assert document.page_count > 0
    assert not Page.objects.filter(document__state=STATE.DISSOLVED).exists()
    assert first_broken_link() is None


def nothing_is_attached_wrongly() -> None:
    shared = said_by_people()
    own: dict[int, set[int | None]] = {}
    for held in Attachment.objects.filter(known_to=None).select_related("document"):
        document = held.document
        assert document.state in (STATE.ATTACHED, STATE.BUNDLING), document.state
        assert held.dossier_id == document.dossier_id or (str(document.pk), held.dossier_id) in shared
        for _, page in document.placed_pages():
            own.setdefault(page.pk, set()).add(document.dossier_id)
            assert page.document is not None
            assert page.document.dossier_id == document.dossier_id
    assert all(len(dossiers) == 1 for dossiers in own.values())


def the_last_scan_counts() -> None:
    """When the workers are done: a version that was superseded counts no more, any other does; and no PDF is two documents'."""
    for document in Document.objects.filter(state=STATE.ATTACHED):
        newer = Document.objects.filter(supersedes=document, state__in=(STATE.ATTACHED, STATE.SUPERSEDED), dossier=document.dossier)
        held = Attachment.objects.filter(document=document, known_to=None)
        assert held.exists()
        assert held.filter(dossier=document.dossier).exists() != newer.exists()
    for document in Document.objects.filter(state=STATE.SUPERSEDED):
        assert Document.objects.filter(lineage=document.lineage, state=STATE.ATTACHED, dossier=document.dossier).exists()
    for document in Document.objects.filter(state=STATE.ATTACHED).select_related("batch"):
        asked = Case.objects.filter(kind="AnotherOfComponent", document__in=[document, *in_force(document)])
        assert asked.exists() or not in_force(document), "two scans of a component, and nobody is asked"
    keys = list(Document.objects.exclude(key="").values_list("key", flat=True))
    assert len(keys) == len(set(keys))


KINDS = ("assign", "assign two", "share", "name", "split", "join", "rotate", "blank", "keep", "discard")
BETWEEN = ("undo", "undo another", "bundle one", "rescan", "register")
PICK = st.integers(0, 47)
EXAMPLES = int(os.environ.get("SOHOA_TEST_EXAMPLES", "12"))
CONFIG = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Made once for all the examples of a test, each of which is rolled back."""
    with transaction.atomic():
        yield Desk()
        transaction.set_rollback(True)


@contextmanager
def rolled_back(desk: Desk) -> Iterator[Desk]:
    shelf, now = dict(SHELF), desk.now
    with transaction.atomic():
        yield desk
        transaction.set_rollback(True)
    SHELF.clear()
    SHELF.update(shelf)
    desk.now = now


def done(desk: Desk, kind: str, pick: int) -> None:
    """One thing, or its refusal."""
    try:
        with transaction.atomic():
            desk.do(kind, pick)
    except SohoaError:
        pass
    nothing_is_attached_wrongly()


@given(steps=st.lists(st.tuples(st.sampled_from(KINDS), PICK, st.booleans()), min_size=1, max_size=8))
@CONFIG
def test_all_of_it_undone_is_as_before(desk: Desk, steps: list[tuple[str, int, bool]]) -> None:
    with rolled_back(desk):
        before = whole()
        for kind, pick, workers_come in steps:
            done(desk, kind, pick)
            if workers_come:
                desk.work()
                nothing_is_lost()
        while Act.objects.filter(undone_at=None).exists():
            undo_last(None, CLERK, desk.tick())
            nothing_is_attached_wrongly()
        desk.work()
        nothing_is_lost()
        the_last_scan_counts()
        assert whole() == before


@given(steps=st.lists(st.tuples(st.sampled_from([*KINDS, *BETWEEN]), PICK, st.booleans()), min_size=1, max_size=12))
@CONFIG
def test_with_new_scans_and_registers_between(desk: Desk, steps: list[tuple[str, int, bool]]) -> None:
    with rolled_back(desk):
        for n, (kind, pick, workers_come) in enumerate(steps, start=1):
            done(desk, kind, pick)
            if workers_come or n == len(steps):
                desk.work()
                nothing_is_lost()
                nothing_is_attached_wrongly()
                the_last_scan_counts()
