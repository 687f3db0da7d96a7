"""Which version of a component a document is: the first, the next one that supersedes an earlier scan, or one page of it done better.

An earlier scan gives way only to a later drop that is meant for the same component: one that a person named (a sheet, a file name, the
result's own code), or one that is the same paper by likeness. What is neither is attached beside it, and a case asks a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from pipeline.likeness import compare
from records.cases import CaseKind, open_case
from records.models import Attachment, BorrowedPage, Document, Event, Page


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a page of the older version goes in the new one."""

    page: Page
    place: int  # from 1


def plan_version(document: Document, now: datetime) -> None:
    """Give a document that is to be bundled its place in a lineage; the row is saved. Asking again changes nothing.

    A document that was bundled before (a page of it was turned, or taken out) becomes the next version of itself.
    """
    with transaction.atomic():
        fresh = Document.objects.select_for_update().get(pk=document.pk)
        if fresh.lineage is None:
            _begin(fresh, now)
        elif _bundled_as_is(fresh):
            fresh.version = _next(fresh)
        fresh.save(update_fields=["lineage", "version", "supersedes", "page_count"])
    document.refresh_from_db()


def _bundled_as_is(document: Document) -> bool:
    """Whether this very version has its PDF already: another PDF needs another key."""
    return document.key.endswith(f"/v{document.version}.pdf")


def _begin(document: Document, now: datetime) -> None:
    goes_on = Document.objects.filter(lineage=document.pk).exists()  # it began this lineage once, and others are its next versions
    document.lineage = uuid.uuid4() if goes_on else document.pk
    if document.key:  # it was bundled before: no key comes twice
        document.version = max(document.version + 1, _next(document))
    there = in_force(document)
    if not there:
        return
    later = [one for one in there if one.batch.received_at > document.batch.received_at]
    old = _superseded(document, there) if not later else None
    if old is None:
        open_beside(document, there, now)
        return
    old = Document.objects.select_for_update().get(pk=old.pk)  # two scans of one component take their turns
    if old.lineage is None:
        old.lineage = old.pk
        old.save(update_fields=["lineage"])
    document.lineage, document.supersedes = old.lineage, old
    document.version = max(_next(document), document.version)
    replaced = _better_pages(document, old)
    if replaced:
        _borrow(document, old, replaced)
    elif document.page_count < old.page_count:
        detail = {"component": document.component, "pages": document.page_count, "before": old.page_count}
        open_case(CaseKind.FEWER_PAGES, now, document=document, detail=detail)


def open_beside(document: Document, there: Sequence[Document], now: datetime) -> None:
    """Ask a person about a component that has several documents now."""
    beside = {"component": document.component, "beside": [str(one.pk) for one in there]}
    open_case(CaseKind.ANOTHER_OF_COMPONENT, now, document=document, detail=beside)


def turn_of(document: Document) -> Document:
    """Which document is to be bundled first: an earlier drop's of the same component, which this one may supersede, or this one."""
    if document.component is None or document.lineage is not None:
        return document
    same = Document.objects.filter(dossier=document.dossier, component=document.component, state=Document.State.BUNDLING)
    earlier = same.filter(batch__received_at__lt=document.batch.received_at).order_by("batch__received_at").first()
    return earlier if earlier is not None else document


def _next(document: Document) -> int:
    """The next version of its lineage; never one that was attached before, if by a document that was taken back since."""
    last = int(Document.objects.filter(lineage=document.lineage).aggregate(last=Max("version"))["last"] or 0)
    attached = Event.objects.filter(kind="document.attached", dossier=document.dossier, detail__lineage=str(document.lineage))
    return max((last, *(int(version) for version in attached.values_list("detail__version", flat=True)))) + 1


def in_force(document: Document) -> list[Document]:
    """The documents of other drops that count for the same component of the same dossier now, the oldest first."""
    if document.component is None or document.dossier_id is None:
        return []
    held = Attachment.objects.filter(dossier=document.dossier, component=document.component, known_to=None)
    attached = Document.objects.filter(state=Document.State.ATTACHED, pk__in=held.values("document"))
    return list(attached.exclude(pk=document.pk).exclude(batch=document.batch_id).select_related("batch").order_by("created_at"))


def _superseded(document: Document, older: list[Document]) -> Document | None:
    """The one of the older documents that this one takes the place of; None where that is not plain."""
    if document.named and len(older) == 1:
        return older[0]
    alike = [one for one in older if _are_kin(document, one)]
    return alike[0] if len(alike) == 1 else None


def _are_kin(document: Document, other: Document) -> bool:
    """Whether the first pages are the same paper, scanned again."""
    mine, theirs = _first(document), _first(other)
    return mine is not None and theirs is not None and compare(mine.text, mine.likeness, theirs.text, theirs.likeness).same


def _first(document: Document) -> Page | None:
    placed = document.placed_pages()
    return placed[0][1] if placed else None


def _better_pages(document: Document, old: Document) -> dict[int, Page]:
    """By its place in the old version, each page that a page of the new one is a scan of; empty unless all new pages are such."""
    before, new = old.placed_pages(), [page for _, page in document.placed_pages()]
    if len(new) >= len(before):
        return {}
    found: dict[int, Page] = {}
    for page in new:
        alike = {place: compare(page.text, page.likeness, other.text, other.likeness) for place, other in before if place not in found}
        kin = sorted((place for place, likeness in alike.items() if likeness.kin), key=lambda place: -alike[place].words)
        if not kin or (len(kin) > 1 and alike[kin[0]].words - alike[kin[1]].words < 0.15):
            return {}
        found[kin[0]] = page
    return found


def _borrow(document: Document, old: Document, replaced: dict[int, Page]) -> None:
    """Make the new version of the old one's pages, with the better ones in their places."""
    for place, page in replaced.items():
        page.page_in_document = place + 100_000  # apart from the places they have, which a constraint keeps unique
    Page.objects.bulk_update(replaced.values(), ["page_in_document"])
    for place, page in replaced.items():
        page.page_in_document = place
    Page.objects.bulk_update(replaced.values(), ["page_in_document"])
    kept = [Placed(page, place) for place, page in old.placed_pages() if place not in replaced]
    BorrowedPage.objects.bulk_create(BorrowedPage(document=document, page=one.page, place=one.place) for one in kept)
    document.page_count = len(kept) + len(replaced)
