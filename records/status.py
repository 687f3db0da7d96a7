"""What is waiting, running, done, parked or refused, and what is known of one dossier, in the shapes of formats.md section 4."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Prefetch, QuerySet
from django.utils.timezone import localtime

from records.attachment import code_payloads
from records.cases import is_held_up
from records.completeness import component_states, is_complete
from records.models import Attachment, Batch, Case, Document, DossierFact, Event, Page, Scan


@dataclass(frozen=True, slots=True)
class Balance:
    """Pages in = attached + blank + separator + parked + discarded, plus those still on their way."""

    attached: int
    blank: int
    separator: int
    parked: int
    on_the_way: int
    discarded: int = 0  # parked for good: a person said that they belong in no dossier

    @property
    def pages(self) -> int:
        return self.attached + self.blank + self.separator + self.parked + self.on_the_way + self.discarded


@dataclass(frozen=True, slots=True)
class Parked:
    """One thing that waits for a person: a document, or a scan that could not be opened."""

    id: str
    path: str
    pages: tuple[int, ...]
    reason: str
    claims: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """How far the archive is with what was dropped."""

    pages: int  # known so far
    read: int  # read or given up
    unfinished: int  # batches and documents that still have a step to come


def balance() -> Balance:
    """Every page of every scan, counted once."""
    counts = Counter(dict(Page.objects.values_list("disposition").annotate(Count("pk"))))
    discarded = Page.objects.filter(document__state=Document.State.DISCARDED).count()
    kind = Page.Disposition
    waiting = counts[kind.PARKED] - discarded
    return Balance(counts[kind.ATTACHED], counts[kind.BLANK], counts[kind.SEPARATOR], waiting, counts[None], discarded)


def work() -> Work:
    """A cheap look for progress bars: is anything left to do?"""
    unfinished = Batch.objects.filter(state=Batch.State.READING).count() + Document.objects.filter(state=Document.State.BUNDLING).count()
    pages, unread = Page.objects.count(), Page.objects.filter(state=Page.State.WAITING)
    turned = unread.filter(scan__batch__state=Batch.State.ASSEMBLED).count()  # by a person, or tried again
    return Work(pages, pages - unread.count(), unfinished + turned)


def parked() -> list[Parked]:
    """Everything that waits for a person, the oldest first."""
    waiting = [
        Parked(
            str(document.pk),
            ", ".join(dict.fromkeys(page.scan.path for page in document.pages.all())),
            tuple(page.number for page in document.pages.all()),
            document.reason or "",
            tuple(f"{claim['source']}={claim['number']}" for claim in document.claims if claim["number"]),
            document.created_at,
        )
        for document in Document.objects.filter(state=Document.State.PARKED).prefetch_related(_WITH_SCAN)
    ]
    unopened = Scan.objects.filter(state__in=[Scan.State.PARKED, Scan.State.REFUSED], page_count=0, set_aside=None)
    waiting += [Parked(str(scan.pk), scan.path, (), scan.reason or "", (), scan.received_at) for scan in unopened]
    return sorted(waiting, key=lambda one: one.since)


# joined: a prefetch of its own for thousands of documents is an expression too deep for SQLite
_WITH_SCAN = Prefetch("pages", Page.objects.select_related("scan").order_by("page_in_document"))
_WITH_DOSSIER = Prefetch("pages", Page.objects.select_related("document__dossier").order_by("number"))


def status(*, pages: bool) -> dict[str, Any]:
    """`sohoa status [--pages] --json`."""
    scans = Scan.objects.order_by("received_at", "path")
    if pages:
        scans = scans.prefetch_related(_WITH_DOSSIER)
    return {"scans": [_scan(scan, pages=pages) for scan in scans], "cases": [_case(case) for case in open_cases()]}


def open_cases() -> QuerySet[Case]:
    """What a person has to look at though no page waits for it, the oldest first."""
    return Case.objects.filter(closed_at=None).select_related("dossier", "document", "batch").order_by("opened_at")


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": str(case.pk),
        "kind": case.kind,
        "blocking": case.blocking,
        "dossier": case.dossier.number if case.dossier else None,
        "document": str(case.document_id) if case.document_id else None,
        "opened": localtime(case.opened_at).isoformat(),
        "detail": case.detail,
    }


def _scan(scan: Scan, *, pages: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": str(scan.pk),
        "path": scan.path,
        "sha256": scan.sha256,
        "state": scan.state,
        "reason": scan.reason,
        "set_aside": scan.set_aside,
        "received": localtime(scan.received_at).isoformat(),
        "duplicate_of": str(scan.duplicate_of_id) if scan.duplicate_of_id else None,
    }
    if pages:
        shown["pages"] = [_page(page) for page in scan.pages.all() if page.disposition is not None]
    return shown


def _page(page: Page) -> dict[str, Any]:
    document = page.document
    attached = page.disposition == Page.Disposition.ATTACHED and document is not None
    return {
        "source_page": page.number,
        "disposition": page.disposition,
        "dossier": document.dossier.number if attached and document and document.dossier else None,
        "component": document.component if attached and document else None,
        "document": str(document.pk) if document else None,
        "page_in_document": page.page_in_document,
        "rotation": page.rotation,
        "skew": None if page.skew is None else round(page.skew, 2),
        "confidence": page.confidence,
        "codes": code_payloads(page),
        "reason": page.reason or (document.reason if document else None),
        "notes": page.notes,
        "folio": page.folio,
        "candidates": document.candidates if document and document.component is None else [],
    }


def dossier(fact: DossierFact, now: datetime) -> dict[str, Any]:
    """`sohoa dossier MA --json`."""
    lines = component_states(fact, now)
    return {
        "dossier": fact.dossier.number,
        "procedure": fact.procedure,
        "office": fact.receiving,
        "received": localtime(fact.received_at).isoformat() if fact.received_at else None,
        "components": [
            {"component": line.code, "name": line.name, "required": line.required, "duty": line.duty, "state": line.state.value}
            for line in lines
        ],
        "complete": is_complete(lines) and not is_held_up(fact.dossier),
        "documents": [_document(document) for document in _attached(fact)],
        "events": [
            {"at": localtime(event.at).isoformat(), "kind": event.kind, "detail": event.detail, "actor": event.actor}
            for event in Event.objects.filter(dossier=fact.dossier).order_by("id")
        ],
        "cases": [_case(case) for case in open_cases().filter(dossier=fact.dossier)],
        "history": [_document(document) for document in _superseded(fact)],
    }


def _attached(fact: DossierFact) -> QuerySet[Document]:
    held = Attachment.objects.filter(dossier=fact.dossier, known_to=None).values("document")
    documents = Document.objects.filter(pk__in=held).exclude(key="")
    as_scanned = documents.annotate(file=Min("pages__scan__position"), place=Min("pages__number"))
    return as_scanned.order_by("created_at", "batch", "file", "place", "pk")


def _superseded(fact: DossierFact) -> QuerySet[Document]:
    """Earlier versions, which no longer count."""
    return Document.objects.filter(dossier=fact.dossier, state=Document.State.SUPERSEDED).order_by("created_at", "pk")


def _document(document: Document) -> dict[str, Any]:
    return {
        "id": str(document.pk),
        "component": document.component,
        "version": document.version,
        "pages": document.page_count,
        "key": document.key,
        "sha256": document.sha256,
        "pdfa": document.pdfa,
        "original": list(dict.fromkeys(page.scan.original_key for _, page in document.placed_pages())),
        "kind": document.kind,
        "candidates": document.candidates if document.component is None else [],
    }
