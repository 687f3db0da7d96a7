from __future__ import annotations

from datetime import timedelta

import pytest

from records.again import Again, try_again
from records.attachment import park
from records.by_id import NoSuchWork, NothingToResolve, waiting_documents
from records.events import first_broken_link
from records.models import Batch, Document, Event, Page, Scan
from tests.records.drop import RECEIPT, Leaf, bundle, dropped
from tests.records.register import NOW, add_dossier, add_procedures

A, B = "H51.20-211116-0007", "H51.20-211117-0012"
LATER = NOW + timedelta(hours=1)
PAPER = Leaf()


@pytest.fixture(autouse=True)
def register(catalogue: None) -> None:
    add_procedures()
    add_dossier(A)


def unopened(reason: str, state: Scan.State) -> Scan:
    """A file that could not be opened."""
    scan = dropped("scan9.pdf").scan
    Scan.objects.filter(pk=scan.pk).update(state=state, reason=reason, page_count=0, attempts=3)
    Batch.objects.filter(pk=scan.batch_id).update(state=Batch.State.ASSEMBLED)
    return Scan.objects.get(pk=scan.pk)


# --- what an id names --------------------------------------------------------------------------------------------------------


def test_the_id_of_a_document_or_of_its_scan_whole_or_its_beginning() -> None:
    drop = dropped("scan1.pdf", PAPER, Leaf((B,), RECEIPT), PAPER, Leaf((A,), RECEIPT))
    first, second, going = drop.assemble()
    for typed in (str(first.pk), first.pk.hex, str(first.pk)[:8], str(first.pk)[:8].upper(), first.pk.hex[:6]):
        assert waiting_documents(typed) == [first]
    assert set(waiting_documents(str(drop.scan.pk)[:8])) == {first, second}
    for typed in (str(going.pk), str(drop.batch.pk), "", "abc", str(first.pk)[:5], "f" * 40, "no id at all"):
        with pytest.raises(NoSuchWork):
            waiting_documents(typed)


def test_an_id_that_begins_two_is_none() -> None:
    one, two = dropped("1.pdf", PAPER).assemble()[0], dropped("2.pdf", PAPER).assemble()[0]
    for document, end in ((one, "1"), (two, "2")):
        Page.objects.filter(document=document).update(document=None, page_in_document=None)
        Event.objects.all().delete()
        Document.objects.filter(pk=document.pk).update(id="abcdef00-0000-0000-0000-00000000000" + end)
    with pytest.raises(NoSuchWork):
        waiting_documents("abcdef")
    assert len(waiting_documents("abcdef00-0000-0000-0000-000000000001")) == 1


def test_pages_that_were_not_read_are_not_resolved() -> None:
    (failed,) = dropped(f"{A}.pdf", Leaf(failed=True)).assemble()
    scan = unopened("Encrypted", Scan.State.PARKED)
    for row in (failed, scan):
        with pytest.raises(NothingToResolve):
            waiting_documents(str(row.pk))


# --- tried again -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [Scan.State.PARKED, Scan.State.REFUSED])
def test_a_scan_is_opened_again(state: Scan.State) -> None:
    scan = unopened("Broken", state)
    assert try_again(str(scan.pk)[:8], "clerk", LATER) == Again(1, 0, 0)
    scan.refresh_from_db()
    assert (scan.state, scan.reason, scan.page_count, scan.attempts) == (Scan.State.WAITING, None, None, 0)
    assert Batch.objects.get().state == Batch.State.READING
    event = Event.objects.get(kind="scan.retried")
    assert (event.actor, event.scan) == ("clerk", scan)


def test_a_duplicate_and_what_never_was_a_file_are_left_alone() -> None:
    first = unopened("Broken", Scan.State.REFUSED)
    link = unopened("NotAFile", Scan.State.REFUSED)
    Scan.objects.filter(pk=link.pk).update(sha256=None)
    copy = unopened("Duplicate", Scan.State.DONE)
    Scan.objects.filter(pk=copy.pk).update(duplicate_of=first)
    assert try_again(None, "clerk", LATER) == Again(1, 0, 0)
    with pytest.raises(NoSuchWork):
        try_again(str(link.pk), "clerk", LATER)


def test_pages_that_failed_are_read_again() -> None:
    around, failed = dropped(f"{A}.pdf", PAPER, Leaf(failed=True), PAPER).assemble()
    bundle(around)
    assert try_again(str(failed.pk), "clerk", LATER) == Again(0, 1, 0)
    page = failed.pages.get()
    assert (page.state, page.reason, page.disposition) == (Page.State.WAITING, None, Page.Disposition.PARKED)
    assert Event.objects.get(kind="document.retried").document == failed
    assert Document.objects.get(pk=failed.pk).state == Document.State.PARKED


def test_bundling_that_failed_is_done_again_for_the_same_dossier() -> None:
    (document,) = dropped("scan1.pdf", Leaf((A,), RECEIPT)).assemble()
    park(document, "NotPdfA", NOW)
    Document.objects.update(attempts=3)
    assert try_again(None, "clerk", LATER) == Again(0, 0, 1)
    document.refresh_from_db()
    assert document.dossier is not None
    assert (document.state, document.dossier.number, document.attempts) == (Document.State.BUNDLING, A, 0)
    assert Event.objects.get(kind="document.resolved").actor == "clerk"


def test_documents_are_judged_again() -> None:
    waiting, unknown = dropped("scan1.pdf", PAPER, Leaf((B,), RECEIPT)).assemble()
    assert try_again(None, "clerk", LATER) == Again(0, 0, 0)
    add_dossier(B)
    assert try_again(str(unknown.pk)[:8], "clerk", LATER) == Again(0, 0, 1)
    waiting.refresh_from_db()
    assert waiting.state == Document.State.PARKED
    assert first_broken_link() is None


def test_nothing_to_try() -> None:
    assert try_again(None, "clerk", LATER) == Again(0, 0, 0)
    with pytest.raises(NoSuchWork):
        try_again("12345678", "clerk", LATER)
