"""What a person does about pages and documents is one act: kept with the state before and after it, told as an event, and undone as one.

An act may be undone as long as no later act concerns the same documents or pages. Undoing restores what was decided: whose a page is, its
place, its component, what a person ruled. PDFs are never rewritten: a document whose pages changed is bundled anew as its next version.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from pipeline.errors import BadArgument
from records.attachment import hold, reinstate, settle, withdraw
from records.cases import drop_cases
from records.events import Happening, record
from records.models import Act, Attachment, Batch, Document, Dossier, Page
from records.search import index_document

_OF_DOCUMENT = ("state", "reason", "dossier_id", "kind", "component", "named", "claimed", "claims", "candidates", "page_count")
_OF_PAGE = ("document_id", "page_in_document", "disposition", "ruled_rotation", "ruled_blank", "blank")
_RULED = ("ruled_rotation", "ruled_blank")


class NothingToUndo(BadArgument):
    vi = "Không có việc nào để hoàn tác ở đây."
    en = "There is nothing to undo here."


class UndoLaterFirst(BadArgument):
    vi = "Đã có việc khác làm sau trên cùng giấy tờ. Hãy hoàn tác việc sau trước."
    en = "Something else was done to the same papers since. Undo that first."


@dataclass(frozen=True, slots=True)
class Touched:
    """What an act concerns; documents that it makes are added while it goes on."""

    documents: list[Document]
    pages: list[Page]


@contextmanager
def acting(kind: str, batch: Batch, touched: Touched, actor: str, now: datetime, **detail: Any) -> Iterator[None]:
    """One act in one transaction: the state of what is touched is kept before and after the block."""
    with transaction.atomic():
        list(Document.objects.select_for_update().filter(pk__in=[one.pk for one in touched.documents]).order_by("pk"))
        before = _snapshot(touched)
        yield
        after = _snapshot(touched)
        act = Act.objects.create(batch=batch, kind=kind, actor=actor, at=now, before=before, after=after)
        document = next((one for one in touched.documents), None)
        dossier = document.dossier if document else None
        told = {"act": str(act.pk), "do": kind, "pages": len(touched.pages), **detail}
        record(Happening("act.done", now, dossier=dossier, document=document, actor=actor, detail=told))
        for one in {document.batch for document in touched.documents} | {page.scan.batch for page in touched.pages} | {batch}:
            settle(one)


def undo(act: Act, actor: str, now: datetime) -> None:
    """Take an act back. Raises NothingToUndo when that was done before, UndoLaterFirst."""
    with transaction.atomic():
        if not Act.objects.filter(pk=act.pk, undone_at=None).update(undone_at=now, undone_by=actor):
            raise NothingToUndo(str(act.pk))
        if any(_meet(act, later) for later in Act.objects.filter(at__gte=act.at, undone_at=None).exclude(pk=act.pk)):
            raise UndoLaterFirst(str(act.pk))
        documents = {str(one.pk): one for one in Document.objects.filter(pk__in=act.after["documents"]).select_related("batch", "dossier")}
        pages = {str(one.pk): one for one in Page.objects.filter(pk__in=act.before["pages"]).select_related("scan__batch")}
        _restore_pages(pages, act)
        for key, document in documents.items():
            _restore_document(document, act.before["documents"].get(key), act.before["attachments"].get(key, []), now)
        record(Happening("act.undone", now, actor=actor, detail={"act": str(act.pk), "do": act.kind}))
        for batch in {one.batch for one in documents.values()} | {one.scan.batch for one in pages.values()} | {act.batch}:
            settle(batch)


def _meet(one: Act, other: Act) -> bool:
    return any(one.after[kind].keys() & other.after[kind].keys() for kind in ("documents", "pages"))


def _snapshot(touched: Touched) -> dict[str, Any]:
    documents = Document.objects.filter(pk__in=[one.pk for one in touched.documents])
    pages = Page.objects.filter(pk__in=[one.pk for one in touched.pages])
    held: dict[str, list[list[Any]]] = {}
    for document, dossier, component in Attachment.objects.filter(document__in=documents, known_to=None).values_list(
        "document", "dossier", "component"
    ):
        held.setdefault(str(document), []).append([dossier, component])
    return {
        "documents": {str(one.pk): {name: getattr(one, name) for name in _OF_DOCUMENT} for one in documents},
        "pages": {str(one.pk): _page(one) for one in pages},
        "attachments": held,
    }


def _page(page: Page) -> dict[str, Any]:
    values = {name: getattr(page, name) for name in _OF_PAGE}
    return {**values, "document_id": str(page.document_id) if page.document_id else None}


def _restore_pages(pages: dict[str, Page], act: Act) -> None:
    Page.objects.filter(pk__in=pages).update(document=None, page_in_document=None)
    for key, page in pages.items():
        before, after = act.before["pages"][key], act.after["pages"].get(key, {})
        for name in _OF_PAGE:
            value = before[name]
            setattr(page, name, uuid.UUID(value) if name == "document_id" and value else value)
        if any(before[name] != after.get(name) for name in _RULED):
            page.state, page.lease_until, page.attempts = Page.State.WAITING, None, 0
    Page.objects.bulk_update(pages.values(), [*_OF_PAGE, "state", "lease_until", "attempts"], batch_size=500)


def _restore_document(document: Document, before: dict[str, Any] | None, held: Iterable[list[Any]], now: datetime) -> None:
    """What the document was before the act; one that the act made is dissolved. What was attached and changed is bundled anew."""
    was_attached_as_is = before is not None and before["state"] == document.state == Document.State.ATTACHED
    changed = before is not None and any(before[name] != getattr(document, name) for name in ("dossier_id", "page_count"))
    if not was_attached_as_is or changed:
        take_back(document, now)
    if before is None:
        document.state, document.reason = Document.State.DISSOLVED, None
        document.save(update_fields=["state", "reason"])
        return
    for name in _OF_DOCUMENT:
        setattr(document, name, before[name])
    if before["state"] == Document.State.ATTACHED and (not was_attached_as_is or changed):
        document.state, document.lease_until, document.attempts = Document.State.BUNDLING, None, 0
    document.save(update_fields=[*_OF_DOCUMENT, "lease_until", "attempts"])
    if before["state"] == Document.State.ATTACHED:
        Attachment.objects.filter(document=document, known_to=None).exclude(dossier__in=[dossier for dossier, _ in held]).update(
            known_to=now
        )
        for dossier, component in held:
            hold(document, Dossier.objects.get(pk=dossier), component, "undo", now)
        if document.state == Document.State.ATTACHED:
            index_document(document)


def take_back(document: Document, now: datetime) -> None:
    """The document counts for no dossier any more; the version it had superseded counts again. The row is saved without its lineage."""
    withdraw(document, None, now)
    if document.supersedes is not None:
        reinstate(document.supersedes, now)
    document.lineage, document.supersedes = None, None
    document.save(update_fields=["lineage", "supersedes"])
    document.borrowings.all().delete()
    drop_cases(document, now)
