"""Having what waits tried again: scans opened, pages read, documents judged and bundled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from records.attachment import release
from records.by_id import NoSuchWork, id_begins
from records.events import Happening, record, record_many
from records.identity import Verdict
from records.models import Document, Page, Scan
from records.rematch import rejudge


@dataclass(frozen=True, slots=True)
class Again:
    """What `try_again` set in motion."""

    scans: int
    pages: int
    documents: int


def try_again(row_id: str | None, actor: str, now: datetime) -> Again:
    """Have everything that waits, or what one id names, opened, read or judged again. Raises NoSuchWork."""
    unopened = Scan.objects.filter(state__in=[Scan.State.PARKED, Scan.State.REFUSED], page_count=0).exclude(sha256=None)
    documents = Document.objects.filter(state=Document.State.PARKED)
    scans = unopened.filter(set_aside=None)
    if row_id is not None:
        scans = unopened.filter(id_begins(Scan, row_id))
        documents = documents.filter(
            id_begins(Document, row_id) | Q(pages__scan__in=Scan.objects.filter(id_begins(Scan, row_id)))
        ).distinct()
        if not scans.exists() and not documents.exists():
            raise NoSuchWork(row_id[:40])
    again = list(scans.select_related("batch"))
    for scan in again:
        _reopen(scan, actor, now)
    pages = _read_again(documents, actor, now)
    return Again(len(again), pages, _rebundle(documents, actor, now) + len(rejudge(documents, now)))


def _read_again(documents: QuerySet[Document], actor: str, now: datetime) -> int:
    """Have the pages that could not be read tried again; returns how many."""
    with transaction.atomic():
        failed = list(documents.filter(pages__state=Page.State.FAILED).distinct())
        record_many(Happening("document.retried", now, document=document, actor=actor) for document in failed)
        return Page.objects.filter(document__in=failed, state=Page.State.FAILED).update(
            state=Page.State.WAITING, reason=None, lease_until=None, attempts=0
        )


def _reopen(scan: Scan, actor: str, now: datetime) -> None:
    with transaction.atomic():
        scan.state, scan.reason, scan.set_aside, scan.page_count, scan.attempts, scan.lease_until = (
            Scan.State.WAITING,
            None,
            None,
            None,
            0,
            None,
        )
        scan.save(update_fields=["state", "reason", "set_aside", "page_count", "attempts", "lease_until"])
        scan.batch.state = scan.batch.State.READING
        scan.batch.save(update_fields=["state"])
        record(Happening("scan.retried", now, scan=scan, actor=actor))


def _rebundle(documents: QuerySet[Document], actor: str, now: datetime) -> int:
    """Documents whose dossier is known and whose bundling failed; returns how many."""
    known = list(documents.exclude(dossier=None).select_related("batch", "dossier"))
    return sum(bool(release(document, Verdict(document.dossier, document.component), actor, now)) for document in known)
