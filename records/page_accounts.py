"""Pages accounted for: what a batch and a document should have of pages, against what they have. What differs becomes a case."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from pipeline.accounting import check_folios, odd_sides
from pipeline.likeness import compare
from pipeline.model import Folio
from records.cases import CaseKind, open_case
from records.identity import fact_of
from records.models import Attachment, Batch, Case, Document, Page
from records.versions import in_force, open_beside

_COMPARED = 60  # pages of a dossier that a new one is held against


def account_for_batch(batch: Batch, now: datetime) -> None:
    """The sides that went through the scanner: against the clerk's count, and whether one side of a two-sided stack is missing."""
    pages = list(Page.objects.filter(scan__batch=batch).order_by("scan__position", "number"))
    if batch.expected_pages is not None and batch.expected_pages not in (len(pages), sum(not page.blank for page in pages)):
        detail = {"expected": batch.expected_pages, "found": sum(not page.blank for page in pages)}
        open_case(CaseKind.PAGE_COUNT, now, batch=batch, detail=detail)
    for scan in batch.scans.filter(page_count__gt=1):
        blanks = [page.blank and not page.codes for page in pages if page.scan_id == scan.pk]
        if odd_sides(blanks):
            open_case(CaseKind.ODD_SIDES, now, batch=batch, detail={"file": scan.position, "sides": len(blanks)})


def account_for_document(document: Document, now: datetime) -> None:
    """The pages of a document that was just attached: by their printed numbers, by the register's count, against each other and against
    the other papers of the dossier."""
    document.refresh_from_db()
    if document.state != Document.State.ATTACHED:
        return
    pages = [page for _, page in document.placed_pages()]
    _by_folios(document, pages, now)
    _by_register(document, now)
    _by_likeness(document, pages, now)
    _beside(document, now)


def _by_folios(document: Document, pages: list[Page], now: datetime) -> None:
    findings = check_folios([Folio(page.folio, page.folio_total) if page.folio else None for page in pages])
    if findings.missing:
        detail = {"missing": list(findings.missing), "total": max((page.folio_total or 0 for page in pages), default=0)}
        open_case(CaseKind.MISSING_PAGES, now, document=document, detail=detail)
    if findings.out_of_order:
        folios = [page.folio for page in pages]
        open_case(CaseKind.PAGES_OUT_OF_ORDER, now, document=document, detail={"order": folios})


def _by_register(document: Document, now: datetime) -> None:
    fact = fact_of(document.dossier.number) if document.dossier else None
    expected = fact.expected_pages.get(document.component or "") if fact is not None else None
    if expected is not None and expected != document.page_count:
        detail = {"component": document.component, "expected": expected, "found": document.page_count}
        open_case(CaseKind.PAGE_COUNT, now, document=document, detail=detail)


def _by_likeness(document: Document, pages: list[Page], now: datetime) -> None:
    """The same sheet twice in one document, or again in another one of the dossier (not in the version it supersedes)."""
    doubled = [n for n, (one, other) in enumerate(pairwise(pages), start=2) if _same(one, other)]
    if doubled:
        open_case(CaseKind.DOUBLED_PAGES, now, document=document, detail={"pages": doubled})
    held = Attachment.objects.filter(dossier=document.dossier, known_to=None).values("document")
    others = Page.objects.filter(document__in=held).exclude(document=document).exclude(document=document.supersedes_id)
    borrowed = {page.pk for page in pages}
    again = [
        {"page": place, "document": str(other.document_id), "document_page": other.page_in_document}
        for other in others.order_by("-pk")[:_COMPARED]
        for place, page in enumerate(pages, start=1)
        if other.pk not in borrowed and _same(page, other)
    ]
    if again:
        open_case(CaseKind.SCANNED_TWICE, now, document=document, detail={"again": again})


def _beside(document: Document, now: datetime) -> None:
    """Another document of the component that was not there yet when it was decided which version this one is."""
    others = in_force(document)
    asked = Case.objects.filter(kind=CaseKind.ANOTHER_OF_COMPONENT, document__in=[document, *others])
    if others and not asked.exists():
        open_beside(document, others, now)


def _same(one: Page, other: Page) -> bool:
    return compare(one.text, one.likeness, other.text, other.likeness).same
