"""What a person does about what is parked: find it by its id, say whose it is, or have it tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from pipeline.errors import BadArgument
from records.attachment import NoSuchWork, rejudge, release
from records.events import Happening, record, record_many
from records.identity import Verdict
from records.models import Document, Page, Scan

_SHORTEST = 6  # characters of an id that a person may shorten it to


class NothingToResolve(BadArgument):
    vi = "Mục này không có trang nào để gắn. Hãy dùng «sohoa retry» hoặc quét lại."
    en = "There is no page to attach here. Use `sohoa retry` or scan again."


@dataclass(frozen=True, slots=True)
class Again:
    """What `try_again` set in motion."""

    scans: int
    pages: int
    documents: int


def waiting_documents(row_id: str) -> list[Document]:
    """The parked documents that an id names: the document's own, or all of a scan's. Raises NoSuchWork, NothingToResolve."""
    parked = Document.objects.filter(state=Document.State.PARKED).select_related("batch")
    documents = list(parked.filter(_id_begins(Document, row_id)))
    if not documents:
        scans = list(Scan.objects.filter(_id_begins(Scan, row_id)))
        if len(scans) != 1:
            raise NoSuchWork(row_id[:40])
        documents = list(parked.filter(pages__scan=scans[0]).distinct())
        if not documents:
            raise NothingToResolve(row_id[:40])
    elif len(documents) > 1:
        raise NoSuchWork(f"{row_id[:40]}: {len(documents)}")
    if any(document.pages.exclude(state=Page.State.READ).exists() for document in documents):
        raise NothingToResolve(row_id[:40])
    return documents


def undecided_document(row_id: str) -> Document | None:
    """The attached document that an id names, if its component is still undecided."""
    attached = Document.objects.filter(_id_begins(Document, row_id), state=Document.State.ATTACHED, component=None)
    found = list(attached.select_related("dossier", "batch")[:2])
    return found[0] if len(found) == 1 else None


def try_again(row_id: str | None, actor: str, now: datetime) -> Again:
    """Have everything that waits, or what one id names, opened, read or judged again. Raises NoSuchWork."""
    scans = Scan.objects.filter(state__in=[Scan.State.PARKED, Scan.State.REFUSED], page_count=0).exclude(sha256=None)
    documents = Document.objects.filter(state=Document.State.PARKED)
    if row_id is not None:
        scans = scans.filter(_id_begins(Scan, row_id))
        documents = documents.filter(
            _id_begins(Document, row_id) | Q(pages__scan__in=Scan.objects.filter(_id_begins(Scan, row_id)))
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
        scan.state, scan.reason, scan.page_count, scan.attempts, scan.lease_until = Scan.State.WAITING, None, None, 0, None
        scan.save(update_fields=["state", "reason", "page_count", "attempts", "lease_until"])
        scan.batch.state = scan.batch.State.READING
        scan.batch.save(update_fields=["state"])
        record(Happening("scan.retried", now, scan=scan, actor=actor))


def _rebundle(documents: QuerySet[Document], actor: str, now: datetime) -> int:
    """Documents whose dossier is known and whose bundling failed; returns how many."""
    known = list(documents.exclude(dossier=None).select_related("batch", "dossier"))
    return sum(release(document, Verdict(document.dossier, document.component), actor, now) for document in known)


def _id_begins(model: type[Document] | type[Scan], row_id: str) -> Q:
    """Ids that begin as given: a person types the first eight characters that a list shows."""
    text = "".join(c for c in row_id.lower() if c in "0123456789abcdef")
    if len(text) < _SHORTEST or len(text) > 32:
        return Q(pk=None)
    return Q(pk__gte=UUID(text.ljust(32, "0")), pk__lte=UUID(text.ljust(32, "f")))
