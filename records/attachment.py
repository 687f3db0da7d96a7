"""Documents and dossiers: attached in one transaction, withdrawn, parked, released; the states of their scans follow."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pipeline.model import Symbology
from pipeline.text import mask_identity
from records import search
from records.documents import Checklists, Drawn, cut_papers, describe, draw_up, found, write
from records.events import Happening, record, record_many
from records.identity import Verdict
from records.models import Attachment, Batch, Document, Dossier, Page, Scan


@dataclass(frozen=True, slots=True)
class Bundled:
    """The PDF of a document as it lies in the store."""

    key: str
    sha256: str
    size: int  # bytes
    pdfa: str


def attach(document: Document, bundled: Bundled, now: datetime) -> bool:
    """One transaction: the document is the dossier's, the version before it no longer, its pages are found by search, its event is written.

    False, and nothing changed, when it is no longer to be bundled so: another worker was first, or a person decided.
    """
    assert document.dossier is not None, "only a document with a dossier is bundled"
    with transaction.atomic():
        stored = {"key": bundled.key, "sha256": bundled.sha256, "size": bundled.size, "pdfa": bundled.pdfa}
        still = Document.objects.filter(pk=document.pk, state=Document.State.BUNDLING, dossier=document.dossier)
        # the lease is the fence: who changes the document meanwhile, or takes it after this worker's time was over, ends it
        same = still.filter(component=document.component, version=document.version, lease_until=document.lease_until)
        if not same.update(**stored, state=Document.State.ATTACHED, reason=None):
            return False
        document.refresh_from_db()
        assert document.dossier is not None, "what was bundled has a dossier still"
        hold(document, document.dossier, document.component, _decider(document), now)
        document.pages.update(disposition=Page.Disposition.ATTACHED)
        search.index_document(document)
        detail = {"component": document.component, "pages": document.page_count, "version": document.version, "sha256": bundled.sha256}
        detail["lineage"] = str(document.lineage)
        record(Happening("document.attached", now, dossier=document.dossier, document=document, detail=detail))
        _take_place(document, now)
        settle(document.batch)
    return True


def hold(document: Document, dossier: Dossier, component: str | None, by: str, now: datetime) -> None:
    """Count the document for this component of this dossier from now on, and for no other component of it."""
    held = Attachment.objects.filter(document=document, dossier=dossier, known_to=None)
    held.exclude(component=component).update(known_to=now) if component is not None else held.exclude(component=None).update(known_to=now)
    if not held.filter(component=component).exists():
        Attachment.objects.create(document=document, dossier=dossier, component=component, known_from=now, by=by)


def withdraw(document: Document, dossier: Dossier | None, now: datetime) -> int:
    """The document no longer counts for the dossier (None: for any), nor is it found under it. Inside a transaction."""
    held = Attachment.objects.filter(document=document, known_to=None)
    if dossier is not None:
        held = held.filter(dossier=dossier)
    ended = held.update(known_to=now)
    if Attachment.objects.filter(document=document, known_to=None).exists():
        search.index_document(document)
    else:
        search.remove_document(document)
    return ended


def _take_place(document: Document, now: datetime) -> None:
    """Of the versions of a lineage the one that was dropped last counts, whichever was bundled last."""
    held = Attachment.objects.filter(dossier=document.dossier, component=document.component, known_to=None)
    versions = Document.objects.filter(lineage=document.lineage, state=Document.State.ATTACHED, pk__in=held.values("document"))
    others = list(versions.exclude(pk=document.pk).exclude(batch=document.batch_id).select_related("batch") if document.lineage else ())
    older = sorted((one for one in others if _dropped(one) < _dropped(document)), key=_dropped)
    newer = sorted((one for one in others if _dropped(one) > _dropped(document)), key=_dropped)
    for old in older:
        _supersede(old, document, now)
        Document.objects.filter(pk=document.pk).update(supersedes=old)
    if newer:  # it was overtaken
        first = newer[0]
        _supersede(document, first, now)
        if first.supersedes_id != document.pk:
            Document.objects.filter(pk=document.pk).update(supersedes=first.supersedes_id)
            Document.objects.filter(pk=first.pk).update(supersedes=document)


def _dropped(document: Document) -> tuple[datetime, int]:
    return document.batch.received_at, document.version


def _supersede(old: Document, new: Document, now: datetime) -> None:
    """A new version took the place of the old one in its dossier; the old one keeps its pages, its PDF and its history."""
    withdraw(old, new.dossier, now)
    if not Attachment.objects.filter(document=old, known_to=None).exists():
        Document.objects.filter(pk=old.pk, state=Document.State.ATTACHED).update(state=Document.State.SUPERSEDED)
    record(Happening("document.superseded", now, dossier=new.dossier, document=old, detail={"by": str(new.pk), "version": new.version}))
    settle(old.batch)


def reinstate(old: Document, dossier: Dossier, now: datetime) -> None:
    """What a newer version had superseded in the dossier counts there again, because that one was taken back. Inside a transaction."""
    last = Attachment.objects.filter(document=old, dossier=dossier).order_by("known_from", "pk").last()
    if last is None or last.known_to is None:
        return
    if not Document.objects.filter(pk=old.pk, state__in=_REINSTATED).update(state=Document.State.ATTACHED):
        return
    hold(old, dossier, last.component, "system", now)
    search.index_document(old)
    record(Happening("document.reinstated", now, dossier=dossier, document=old))
    settle(old.batch)


_REINSTATED = (Document.State.SUPERSEDED, Document.State.ATTACHED)  # attached: it serves another dossier still


def _decider(document: Document) -> str:
    """Who said whose the document is: the last person to resolve it, else the system."""
    resolved = document.events.filter(kind="document.resolved").order_by("-id").values_list("actor", flat=True)
    return resolved.first() or "system"


def park(document: Document, reason: str, now: datetime) -> None:
    """The document cannot be bundled or attached: it waits for a person."""
    with transaction.atomic():
        document.state, document.reason = Document.State.PARKED, reason
        document.save(update_fields=["state", "reason"])
        document.pages.update(disposition=Page.Disposition.PARKED)
        record(Happening("document.parked", now, dossier=document.dossier, document=document, detail={"reason": reason}))
        settle(document.batch)


@dataclass(frozen=True, slots=True)
class Released:
    """A parked document and the dossier it is now known to belong to."""

    document: Document
    verdict: Verdict


def release(document: Document, verdict: Verdict, actor: str, now: datetime) -> list[Document]:
    """One parked document goes on to bundling, see `release_many`."""
    return release_many([Released(document, verdict)], actor, now)


def release_many(released: Sequence[Released], actor: str, now: datetime, checklists: Checklists | None = None) -> list[Document]:
    """Parked documents have their dossiers now: on to bundling, a document a paper where nobody said which component it is.

    One transaction. Returns the documents to bundle, the new ones among them; those that no longer wait are left alone: somebody else
    decided meanwhile.
    """
    verdicts = {one.document.pk: one.verdict for one in released}
    with transaction.atomic():
        waiting = Document.objects.select_for_update().filter(pk__in=verdicts, state=Document.State.PARKED)
        documents = list(waiting.order_by("created_at", "pk"))
        pages: dict[uuid.UUID, list[Page]] = defaultdict(list)
        for page in Page.objects.filter(document__in=documents).select_related("scan").order_by("page_in_document"):
            if page.document_id is not None:
                pages[page.document_id].append(page)
        told, others = [], list[Drawn]()
        for document in documents:
            was = document.reason
            others += _go(document, verdicts[document.pk], pages[document.pk], now, checklists or Checklists(now))
            document.save(update_fields=_RELEASED)
            detail = {"was": was, "component": document.component}
            told.append(Happening("document.resolved", now, dossier=document.dossier, document=document, actor=actor, detail=detail))
        new = write(others)
        Page.objects.filter(document__in=documents).update(disposition=None)
        record_many([*told, *(found(document, now) for document in new)])
        settle_all({document.batch_id for document in documents})
    return [*documents, *new]


_RELEASED = [
    *("dossier", "state", "reason", "kind", "component", "named", "candidates", "page_count", "lease_until", "attempts"),
]


def _go(document: Document, verdict: Verdict, pages: list[Page], now: datetime, checklists: Checklists) -> list[Drawn]:
    """Have a document go on with the first of its papers; the others are drawn up. Rows are still to be saved."""
    assert verdict.dossier is not None, "only a document whose dossier is known is released"
    document.dossier, document.state, document.reason = verdict.dossier, Document.State.BUNDLING, None
    document.lease_until, document.attempts = None, 0
    if verdict.component is not None or not pages:
        document.component, document.named = verdict.component, verdict.component is not None
        return []
    first, *others = cut_papers(verdict.dossier, pages, checklists)
    describe(document, first.paper, verdict)
    document.page_count = len(first.pages)
    return [draw_up(document.batch, cut, document.claims, document.claimed, verdict, now) for cut in others]


def settle(batch: Batch) -> None:
    """Bring the states of a batch's scans in line with their pages' documents, and have the clerk's note written anew."""
    settle_all({batch.pk})


def settle_all(batches: Collection[uuid.UUID]) -> None:
    """The same for many batches."""
    scans = list(Scan.objects.filter(batch__in=batches, page_count__gt=0).select_related("batch"))
    rows = Page.objects.filter(scan__in=scans).order_by("-number").values_list("scan", "state", "document__state", "document__reason")
    states: dict[uuid.UUID, dict[str | None, str | None]] = defaultdict(dict)  # of several reasons, that of the first page is told
    reading = set()
    for scan_id, state, document_state, reason in rows:
        states[scan_id][document_state] = reason
        reading |= {scan_id} if state == Page.State.WAITING else set()
    alike: dict[tuple[Scan.State, str | None], list[uuid.UUID]] = defaultdict(list)
    for scan in scans:
        own = states[scan.pk]
        if Document.State.PARKED in own:
            alike[Scan.State.PARKED, own[Document.State.PARKED]].append(scan.pk)
        elif scan.batch.state == Batch.State.READING or Document.State.BUNDLING in own or scan.pk in reading:
            alike[Scan.State.RUNNING, None].append(scan.pk)
        else:
            alike[Scan.State.DONE, None].append(scan.pk)
    for (state, reason), some in alike.items():
        Scan.objects.filter(pk__in=some).update(state=state, reason=reason)
    Batch.objects.filter(pk__in=batches).update(note_due=True)


def code_payloads(page: Page) -> list[str]:
    """The payloads found on a page, as they may be shown: numbers of citizens masked, whatever code carries them."""
    return [mask_identity(code["payload"]) for code in page.codes if code["symbology"] != Symbology.UNREADABLE_QR]
