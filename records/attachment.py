"""Documents and dossiers: made from the parts of a batch, judged, attached in one transaction, resolved by people."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from pipeline.errors import UnknownComponent, UnknownDossier
from pipeline.model import Symbology
from pipeline.split import Doubt, PageRef, Part, Source, Split, name_claims
from records import search
from records.events import Happening, record, record_many
from records.identity import Verdict, decide, fact_of, has_component
from records.models import Attachment, Batch, Document, Page, Scan


@dataclass(frozen=True, slots=True)
class Bundled:
    """The PDF of a document as it lies in the store."""

    key: str
    sha256: str
    size: int  # bytes
    pdfa: str


def make_documents(batch: Batch, decision: Split, pages: Mapping[PageRef, Page], now: datetime) -> list[Document]:
    """Write down what splitting decided: dispositions, documents to bundle, documents that wait. Inside one transaction.

    A page that could not be read makes a parked document of its own; the pages around it go on.
    """
    for refs, disposition in ((decision.blanks, Page.Disposition.BLANK), (decision.separators, Page.Disposition.SEPARATOR)):
        Page.objects.filter(pk__in=[pages[ref].pk for ref in refs]).update(disposition=disposition)
    documents = []
    for part in decision.parts:
        own = [pages[ref] for ref in part.pages]
        readable = [page for page in own if page.state == Page.State.READ]
        if readable:
            documents.append(_document(batch, part, readable, None, now))
        documents += [_document(batch, part, [page], page.reason, now) for page in own if page.state == Page.State.FAILED]
    record_many(
        Happening(
            "document.found" if document.state == Document.State.BUNDLING else "document.parked",
            now,
            dossier=document.dossier,
            document=document,
            detail={"pages": document.page_count, "component": document.component, "reason": document.reason},
        )
        for document in documents
    )
    return documents


def _document(batch: Batch, part: Part, pages: Sequence[Page], failed: str | None, now: datetime) -> Document:
    first = pages[0]
    printed = printed_numbers(asdict(claim) for claim in part.claims)
    if failed or (part.doubt and not printed):
        verdict = Verdict(None, part.component, failed or str(part.doubt))
    else:
        verdict = decide(part.number or "", part.component, batch.office, printed, first.text, now)
    document = Document.objects.create(
        id=uuid.uuid5(batch.id, f"{first.scan_id}/{first.number}"),
        batch=batch,
        state=Document.State.BUNDLING if verdict.dossier else Document.State.PARKED,
        reason=verdict.reason,
        claims=[asdict(claim) for claim in part.claims],
        claimed=part.number or "",
        dossier=verdict.dossier,
        component=verdict.component if verdict.dossier else part.component,
        page_count=len(pages),
        created_at=now,
    )
    for place, page in enumerate(pages, start=1):
        page.document, page.page_in_document = document, place
        page.disposition = None if verdict.dossier else Page.Disposition.PARKED
    Page.objects.bulk_update(pages, ["document", "page_in_document", "disposition"])
    return document


def printed_numbers(claims: Iterable[Mapping[str, object]]) -> list[str]:
    """The numbers among stored claims that were only read by OCR."""
    return [str(claim["number"]) for claim in claims if claim["source"] == Source.PRINTED and claim["number"]]


def attach(document: Document, bundled: Bundled, now: datetime) -> None:
    """One transaction: the document is the dossier's, its pages are found by search, its event is written."""
    assert document.dossier is not None, "only a document with a dossier is bundled"
    with transaction.atomic():
        document.key, document.sha256, document.size, document.pdfa = bundled.key, bundled.sha256, bundled.size, bundled.pdfa
        document.state, document.reason = Document.State.ATTACHED, None
        document.save(update_fields=["key", "sha256", "size", "pdfa", "state", "reason"])
        Attachment.objects.create(document=document, dossier=document.dossier, component=document.component, known_from=now)
        document.pages.update(disposition=Page.Disposition.ATTACHED)
        search.index_document(document)
        detail = {"component": document.component, "pages": document.page_count, "sha256": bundled.sha256}
        record(Happening("document.attached", now, dossier=document.dossier, document=document, detail=detail))
        settle(document.batch)


def park(document: Document, reason: str, now: datetime) -> None:
    """The document cannot be bundled or attached: it waits for a person."""
    with transaction.atomic():
        document.state, document.reason = Document.State.PARKED, reason
        document.save(update_fields=["state", "reason"])
        document.pages.update(disposition=Page.Disposition.PARKED)
        record(Happening("document.parked", now, dossier=document.dossier, document=document, detail={"reason": reason}))
        settle(document.batch)


def rejudge(documents: QuerySet[Document], now: datetime) -> list[Document]:
    """Judge parked documents again, after a register was loaded or a page was read; returns those that can go on."""
    released = []
    for document in documents.filter(state=Document.State.PARKED).select_related("batch"):
        printed = printed_numbers(document.claims)
        first = document.pages.order_by("page_in_document").first()
        if first is None or first.state != Page.State.READ or not (document.claimed or printed):
            continue
        verdict = decide(document.claimed, document.component, document.batch.office, printed, first.text, now)
        if verdict.dossier is not None:
            release(document, verdict, "system", now)
            released.append(document)
        elif verdict.reason != document.reason:
            Document.objects.filter(pk=document.pk).update(reason=verdict.reason)
            settle(document.batch)
    return released


def adopt_name(scan: Scan, name: str, now: datetime) -> None:
    """The same bytes came again under a name that says whose they are: where nothing else spoke, that name counts."""
    claims = name_claims(None, [name])
    documents = Document.objects.filter(pages__scan=scan).distinct()
    if not claims or documents.exclude(state=Document.State.PARKED, reason=Doubt.NO_CODE, claims=[]).exists():
        return
    numbers = {claim.number for claim in claims}
    documents.update(
        claims=[asdict(claim) for claim in claims], claimed=claims[0].number if len(numbers) == 1 else "", component=claims[0].component
    )
    rejudge(documents, now)


def resolve(documents: Sequence[Document], number: str, component: str | None, actor: str, now: datetime) -> None:
    """A person says whose the documents are. Raises UnknownDossier, UnknownComponent; nothing is changed then."""
    fact = fact_of(number)
    if fact is None:
        raise UnknownDossier(number)
    if component is not None and not has_component(fact, component, now):
        raise UnknownComponent(component)
    with transaction.atomic():
        for document in documents:
            release(document, Verdict(fact.dossier, component), actor, now)


def release(document: Document, verdict: Verdict, actor: str, now: datetime) -> None:
    """A parked document has its dossier now: on to bundling."""
    with transaction.atomic():
        was = document.reason
        document.dossier, document.component = verdict.dossier, verdict.component
        document.state, document.reason, document.lease_until, document.attempts = Document.State.BUNDLING, None, None, 0
        document.save(update_fields=["dossier", "component", "state", "reason", "lease_until", "attempts"])
        document.pages.update(disposition=None)
        detail = {"was": was, "component": verdict.component}
        record(Happening("document.resolved", now, dossier=verdict.dossier, document=document, actor=actor, detail=detail))
        settle(document.batch)


def settle(batch: Batch) -> None:
    """Bring the states of a batch's scans in line with their pages' documents, and have the clerk's note written anew."""
    for scan in batch.scans.filter(page_count__gt=0):
        states = dict(Document.objects.filter(pages__scan=scan).order_by("created_at", "pk").values_list("state", "reason"))
        if Document.State.PARKED in states:
            scan.state, scan.reason = Scan.State.PARKED, states[Document.State.PARKED]
        elif batch.state == Batch.State.READING or Document.State.BUNDLING in states:
            scan.state, scan.reason = Scan.State.RUNNING, None
        else:
            scan.state, scan.reason = Scan.State.DONE, None
        scan.save(update_fields=["state", "reason"])
    Batch.objects.filter(pk=batch.pk).update(note_due=True)


def code_payloads(page: Page) -> list[str]:
    """The payloads found on a page, as they may be shown: a citizen card's is masked already."""
    return [code["payload"] for code in page.codes if code["symbology"] != Symbology.UNREADABLE_QR]
