"""What a person does about pages and documents is one act: kept with the state before and after it, told as an event, and undone as one.

An act may be undone as long as no later act concerns the same documents or pages. Undoing restores what was decided: whose a page is, its
place, its component, what a person ruled. PDFs are never rewritten: a document whose pages changed is bundled anew as its next version.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from pipeline.errors import BadArgument
from records.attachment import hold, reinstate, settle, withdraw
from records.cases import drop_cases
from records.events import Happening, record
from records.models import Act, Attachment, Batch, Document, Dossier, Page, Scan
from records.search import index_document

_OF_DOCUMENT = ("state", "reason", "dossier_id", "kind", "component", "named", "claimed", "claims", "candidates", "page_count")
_OF_PAGE = ("document_id", "page_in_document", "disposition", "ruled_rotation", "ruled_blank", "blank")
_PLACE = ("document_id", "page_in_document", "disposition")
_RULED = ("ruled_rotation", "ruled_blank")
_GOING = (Document.State.BUNDLING, Document.State.ATTACHED)
_VERSION = ("state", "dossier", "lineage", "version", "supersedes", "page_count")
_NAMED = {"component", "named", "kind"}


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
    scans: list[Scan] = field(default_factory=list)  # without pages, for they could not be opened


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
    """Take an act back: what it changed, and nothing that came of other things since. Raises NothingToUndo when that was done before,
    UndoLaterFirst."""
    with transaction.atomic():
        if not Act.objects.filter(pk=act.pk, undone_at=None).update(undone_at=now, undone_by=actor):
            raise NothingToUndo(str(act.pk))
        if any(_meet(act, later) for later in Act.objects.filter(at__gte=act.at, undone_at=None).exclude(pk=act.pk)):
            raise UndoLaterFirst(str(act.pk))
        documents = {str(one.pk): one for one in Document.objects.filter(pk__in=act.after["documents"]).select_related("batch", "dossier")}
        pages = {str(one.pk): one for one in Page.objects.filter(pk__in=act.before["pages"]).select_related("scan__batch")}
        _restore_pages(pages, act)
        for key, said in act.before.get("scans", {}).items():
            Scan.objects.filter(pk=key).update(set_aside=said)
        for key, document in documents.items():
            _restore_document(document, act, key, now)
        record(Happening("act.undone", now, actor=actor, detail={"act": str(act.pk), "do": act.kind}))
        for batch in {one.batch for one in documents.values()} | {one.scan.batch for one in pages.values()} | {act.batch}:
            settle(batch)


def _meet(one: Act, other: Act) -> bool:
    return any(one.after.get(kind, {}).keys() & other.after.get(kind, {}).keys() for kind in ("documents", "pages", "scans"))


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
        "scans": {str(one.pk): one.set_aside for one in Scan.objects.filter(pk__in=[scan.pk for scan in touched.scans])},
    }


def _page(page: Page) -> dict[str, Any]:
    values = {name: getattr(page, name) for name in _OF_PAGE}
    return {**values, "document_id": str(page.document_id) if page.document_id else None}


def _restore_pages(pages: dict[str, Page], act: Act) -> None:
    before, after = act.before["pages"], act.after["pages"]
    changed = {key for key, said in act.after["documents"].items() if said != act.before["documents"].get(key)}
    moved = {key for key in pages if changed & {before[key]["document_id"], after[key]["document_id"]}}
    Page.objects.filter(pk__in=moved).update(document=None, page_in_document=None)
    for key, page in pages.items():
        for name in _PLACE if key in moved else ():
            value = before[key][name]
            setattr(page, name, uuid.UUID(value) if name == "document_id" and value else value)
        for name in (*_RULED, "blank"):
            if before[key][name] != after[key][name]:
                setattr(page, name, before[key][name])
        if any(before[key][name] != after[key][name] for name in _RULED):
            page.state, page.lease_until, page.attempts = Page.State.WAITING, None, 0
    Page.objects.bulk_update(pages.values(), [*_OF_PAGE, "state", "lease_until", "attempts"], batch_size=500)


def _restore_document(document: Document, act: Act, key: str, now: datetime) -> None:
    """What the document was before the act; one that the act made is dissolved. What was attached and changed is bundled anew."""
    document.refresh_from_db()  # restoring another one may have concerned its versions
    before, after = act.before["documents"].get(key), act.after["documents"][key]
    if before is None:
        take_back(document, now)
        document.state, document.reason = Document.State.DISSOLVED, None
        document.save(update_fields=["state", "reason"])
        return
    changed = {name for name in _OF_DOCUMENT if before[name] != after[name]}
    only_named = changed <= _NAMED and document.state == Document.State.ATTACHED
    stays = {before["state"], after["state"]} <= set(_GOING) and not changed & {"dossier_id", "component"}
    if changed and not only_named:
        _undo_state(document, before, stays=stays, now=now)
    elif changed:
        for name in changed:
            setattr(document, name, before[name])
        document.save(update_fields=list(changed))
    _restore_held(document, act.before["attachments"].get(key, []), act.after["attachments"].get(key, []), now)


def _undo_state(document: Document, before: dict[str, Any], *, stays: bool, now: datetime) -> None:
    """`stays`: the act left it with its dossier as the same component."""
    if not stays:
        take_back(document, now)
    elif document.state != Document.State.SUPERSEDED:
        _plan_anew(document, now)
    part_versions(document, now)
    for name in _OF_DOCUMENT:
        setattr(document, name, before[name])
    if before["state"] == Document.State.ATTACHED:
        document.state, document.lease_until, document.attempts = Document.State.BUNDLING, None, 0
    document.page_count = _close_ranks(document)
    document.save(update_fields=[*_OF_DOCUMENT, "lease_until", "attempts"])


def _restore_held(document: Document, before: list[list[Any]], after: list[list[Any]], now: datetime) -> None:
    """Which dossiers it serves; its own it serves again when it is bundled."""
    for dossier in {dossier for dossier, _ in after} - {dossier for dossier, _ in before}:
        withdraw(document, Dossier.objects.get(pk=dossier), now)
        document.successors.filter(dossier=dossier).update(supersedes=None)
    for dossier, component in before:
        if [dossier, component] not in after and (document.state == Document.State.ATTACHED or dossier != document.dossier_id):
            hold(document, Dossier.objects.get(pk=dossier), component, "undo", now)
    if document.state == Document.State.ATTACHED and before != after:
        if Attachment.objects.filter(document=document, known_to=None).exists():
            index_document(document)
        else:  # a newer version took its place in its own dossier since
            Document.objects.filter(pk=document.pk).update(state=Document.State.SUPERSEDED)


# --- out of its versions -----------------------------------------------------------------------------------------------------


def take_back(document: Document, now: datetime) -> None:
    """The document counts for no dossier any more; the version it had superseded counts again. The row is saved without its lineage."""
    document.refresh_from_db(fields=_VERSION)
    withdraw(document, None, now)
    _leave_lineage(document, now)
    _free_borrowed(document, now)
    drop_cases(document, now)


def part_versions(document: Document, now: datetime) -> None:
    """Pages of the document are about to move: what was made of its pages and those of another version is made anew."""
    document.refresh_from_db(fields=_VERSION)
    if document.borrowings.exists():
        _plan_anew(document, now)
    _free_borrowed(document, now)


def _free_borrowed(document: Document, now: datetime) -> None:
    """Newer versions that took over pages of the document do without them."""
    for newer in Document.objects.filter(borrowings__page__document=document).exclude(pk=document.pk).distinct():
        if newer.state == Document.State.SUPERSEDED:  # history; but it never counts again
            newer.successors.update(supersedes=newer.supersedes)
        else:
            _plan_anew(newer, now)


def _plan_anew(document: Document, now: datetime) -> None:
    """Which version it is, and of which pages, is decided again when it is bundled."""
    if document.dossier is not None:
        withdraw(document, document.dossier, now)
    _leave_lineage(document, now)
    if document.state in _GOING:
        document.state, document.lease_until, document.attempts = Document.State.BUNDLING, None, 0
        document.save(update_fields=["state", "lease_until", "attempts"])
        settle(document.batch)


def _leave_lineage(document: Document, now: datetime) -> None:
    """It is no version of anything; the one before it counts again, unless one behind it took its place already."""
    before, behind = document.supersedes, document.successors.filter(dossier=document.dossier)
    for planned in behind.filter(key=""):  # not attached yet
        planned.supersedes = None
        _plan_anew(planned, now)
    if before is not None and document.dossier is not None and not behind.exists():
        reinstate(before, document.dossier, now)
    behind.update(supersedes=before)
    document.successors.exclude(dossier=document.dossier).update(supersedes=None)
    document.borrowings.all().delete()
    document.lineage, document.supersedes, document.page_count = None, None, _close_ranks(document)
    document.save(update_fields=["lineage", "supersedes", "page_count"])


def _close_ranks(document: Document) -> int:
    """Its own pages follow each other, where none of another version stand between them; returns how many pages it has."""
    borrowed = document.borrowings.count()
    own = list(document.pages.order_by("page_in_document"))
    for place, page in enumerate(own if not borrowed else (), start=1):
        if page.page_in_document != place:
            page.page_in_document = place
            page.save(update_fields=["page_in_document"])
    return len(own) + borrowed
