"""Documents and dossiers: made from the parts of a batch, judged, attached in one transaction, resolved by people."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from pipeline.errors import BY_CODE, BadArgument, SohoaError, Undecided, UnknownComponent, UnknownDossier
from pipeline.evidence import Source, looks_like_receipt, looks_like_sheet, name_claims
from pipeline.model import Symbology
from pipeline.split import Doubt, PageRef, Part, Split
from pipeline.text import mask_identity
from records import search
from records.events import Happening, record, record_many
from records.identity import Verdict, decide, fact_of, has_component
from records.models import Attachment, Batch, Document, Page, Scan


class NoSuchWork(BadArgument):
    vi = "Không có mục nào đang chờ với ID này. Xem «sohoa status»."
    en = "Nothing with this ID is waiting. See `sohoa status`."


@dataclass(frozen=True, slots=True)
class Bundled:
    """The PDF of a document as it lies in the store."""

    key: str
    sha256: str
    size: int  # bytes
    pdfa: str


def make_documents(batch: Batch, decision: Split, pages: Mapping[PageRef, Page], now: datetime) -> list[Document]:
    """Write down what splitting decided: dispositions, documents to bundle, documents that wait. Inside one transaction.

    A page that could not be read makes a parked document of its own; the pages around it go on. Pages that were accounted for when
    the batch was split before (a file of it was opened again since) stay as they are.
    """
    for refs, disposition in ((decision.blanks, Page.Disposition.BLANK), (decision.separators, Page.Disposition.SEPARATOR)):
        Page.objects.filter(pk__in=[pages[ref].pk for ref in refs], disposition=None).update(disposition=disposition)
    documents = []
    for part in decision.parts:
        own = [page for page in (pages[ref] for ref in part.pages) if page.document_id is None and page.disposition is None]
        readable = [page for page in own if page.state == Page.State.READ]
        if readable:
            documents.append(_document(batch, part, readable, None, now))
        documents += [_document(batch, part, [page], page.reason or Doubt.UNREAD, now) for page in own if page not in readable]
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
    document = Document(
        id=uuid.uuid5(batch.id, f"{first.scan_id}/{first.number}"),
        batch=batch,
        claims=[asdict(claim) for claim in part.claims],
        claimed=part.number or "",
        component=part.component,
        page_count=len(pages),
        created_at=now,
    )
    verdict = Verdict(None, reason=failed or part.doubt)
    if not failed and part.doubt in (None, Doubt.NO_CODE):
        verdict = _judged(document, first.scan, now)
    document.state = Document.State.BUNDLING if verdict.dossier else Document.State.PARKED
    document.dossier, document.reason = verdict.dossier, verdict.reason
    document.save(force_insert=True)
    for place, page in enumerate(pages, start=1):
        page.document, page.page_in_document = document, place
        page.disposition = None if verdict.dossier else Page.Disposition.PARKED
    Page.objects.bulk_update(pages, ["document", "page_in_document", "disposition"])
    return document


def _judged(document: Document, scan: Scan, now: datetime) -> Verdict:
    """The verdict on what the document's claims say; `scan` is the file of its first page, whose claims they are."""
    printed = printed_numbers(document.claims)
    carriers = {claim["page"] for claim in document.claims} if printed else set()
    texts = scan.pages.filter(number__in=carriers).order_by("number").values_list("text", flat=True)
    return decide(document.claimed, document.component, document.batch.office, printed, "\n".join(texts), now)


def printed_numbers(claims: Iterable[Mapping[str, object]]) -> list[str]:
    """The numbers among stored claims that were only read by OCR; none where any other source spoke too."""
    spoken = list(claims)
    if any(claim["source"] != Source.PRINTED for claim in spoken):
        return []
    return [str(claim["number"]) for claim in spoken if claim["number"]]


def attach(document: Document, bundled: Bundled, now: datetime) -> bool:
    """One transaction: the document is the dossier's, its pages are found by search, its event is written.

    False, and nothing changed, when it is no longer to be bundled for that dossier: another worker was first, or a person decided.
    """
    assert document.dossier is not None, "only a document with a dossier is bundled"
    with transaction.atomic():
        stored = {"key": bundled.key, "sha256": bundled.sha256, "size": bundled.size, "pdfa": bundled.pdfa}
        still = Document.objects.filter(pk=document.pk, state=Document.State.BUNDLING, dossier=document.dossier)
        if not still.filter(component=document.component).update(**stored, state=Document.State.ATTACHED, reason=None):
            return False
        document.refresh_from_db()
        assert document.dossier is not None, "what was bundled has a dossier still"
        Attachment.objects.create(
            document=document, dossier=document.dossier, component=document.component, known_from=now, by=_decider(document)
        )
        document.pages.update(disposition=Page.Disposition.ATTACHED)
        search.index_document(document)
        detail = {"component": document.component, "pages": document.page_count, "sha256": bundled.sha256}
        record(Happening("document.attached", now, dossier=document.dossier, document=document, detail=detail))
        settle(document.batch)
    return True


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


def rejudge(documents: QuerySet[Document], now: datetime) -> list[Document]:
    """Judge parked documents again, after a register was loaded or a page was read; returns those that can go on.

    Documents that have a dossier already are left to people: their bundling failed. Conflicts claim no one number.
    """
    waiting = documents.filter(state=Document.State.PARKED, dossier=None)
    return [document for document in waiting.select_related("batch") if _judge_again(document, now)]


def _judge_again(document: Document, now: datetime) -> bool:
    first = document.pages.order_by("page_in_document").select_related("scan").first()
    if first is None or first.state != Page.State.READ or not (document.claimed or printed_numbers(document.claims)):
        return False
    if _was_unread(document) and _speaks(first):
        _stay(document, Verdict(None, reason=Doubt.UNREAD), now)
        return False
    verdict = _judged(document, first.scan, now)
    if verdict.dossier is not None:
        return release(document, verdict, "system", now)
    if verdict.reason != document.reason:
        _stay(document, verdict, now)
    return False


def _was_unread(document: Document) -> bool:
    """Whether it waits because its page failed: splitting did not know what is on it."""
    return not issubclass(BY_CODE.get(document.reason or "", SohoaError), Undecided)


def _speaks(page: Page) -> bool:
    """Whether there may be something on the page that splitting would have had to weigh, or nothing at all to keep."""
    return bool(page.codes) or page.blank or looks_like_receipt(page.text) or looks_like_sheet(page.text)


def _stay(document: Document, verdict: Verdict, now: datetime) -> None:
    """It waits on, for another reason; what was claimed of an unread page is no longer believed."""
    with transaction.atomic():
        document.claimed = "" if verdict.reason == Doubt.UNREAD else document.claimed
        document.reason = verdict.reason
        document.save(update_fields=["claimed", "reason"])
        record(Happening("document.parked", now, document=document, detail={"reason": verdict.reason}))
        settle(document.batch)


def adopt_name(scan: Scan, name: str, now: datetime) -> None:
    """The same bytes came again under a name that says whose they are: where nothing else spoke, that name counts."""
    claims = name_claims(None, [name])
    documents = Document.objects.filter(pages__scan=scan).distinct()
    if not claims or documents.exclude(state=Document.State.PARKED, reason=Doubt.NO_CODE, claims=[]).exists():
        return
    agreed = len({claim.number for claim in claims}) == 1
    Document.objects.filter(pk__in=list(documents.values_list("pk", flat=True))).update(
        claims=[asdict(claim) for claim in claims],
        claimed=claims[0].number if agreed else "",
        component=claims[0].component if agreed else None,
        reason=Doubt.NO_CODE if agreed else Doubt.CONFLICT,
    )
    rejudge(Document.objects.filter(pages__scan=scan).distinct(), now)


def resolve(documents: Sequence[Document], number: str, component: str | None, actor: str, now: datetime) -> None:
    """A person says whose the documents are. Raises UnknownDossier, UnknownComponent, NoSuchWork; nothing is changed then."""
    fact = fact_of(number)
    if fact is None:
        raise UnknownDossier(number)
    if component is not None and not has_component(fact, component, now):
        raise UnknownComponent(component)
    with transaction.atomic():
        for document in documents:
            if not release(document, Verdict(fact.dossier, component), actor, now):
                raise NoSuchWork(str(document.pk))


def name_component(document: Document, component: str, actor: str, now: datetime) -> None:
    """A person says which component an attached document is, where that was undecided. Raises UnknownComponent, NoSuchWork."""
    fact = fact_of(document.dossier.number) if document.dossier else None
    if fact is None or not has_component(fact, component, now):
        raise UnknownComponent(component)
    with transaction.atomic():
        undecided = Document.objects.filter(pk=document.pk, state=Document.State.ATTACHED, component=None)
        if not undecided.update(component=component):
            raise NoSuchWork(str(document.pk))
        document.attachments.filter(known_to=None).update(known_to=now)
        Attachment.objects.create(document=document, dossier=fact.dossier, component=component, known_from=now, by=actor)
        detail = {"component": component}
        record(Happening("document.component", now, dossier=document.dossier, document=document, actor=actor, detail=detail))
        settle(document.batch)


def release(document: Document, verdict: Verdict, actor: str, now: datetime) -> bool:
    """A parked document has its dossier now: on to bundling. False when it no longer waits: somebody else decided meanwhile."""
    with transaction.atomic():
        parked = Document.objects.filter(pk=document.pk, state=Document.State.PARKED)
        if not parked.update(
            dossier=verdict.dossier,
            component=verdict.component,
            state=Document.State.BUNDLING,
            reason=None,
            lease_until=None,
            attempts=0,
        ):
            return False
        detail = {"was": document.reason, "component": verdict.component}
        document.refresh_from_db()
        document.pages.update(disposition=None)
        record(Happening("document.resolved", now, dossier=verdict.dossier, document=document, actor=actor, detail=detail))
        settle(document.batch)
    return True


def settle(batch: Batch) -> None:
    """Bring the states of a batch's scans in line with their pages' documents, and have the clerk's note written anew."""
    for scan in batch.scans.filter(page_count__gt=0):
        backwards = scan.pages.exclude(document=None).order_by("-number")  # of several reasons, that of the first page is told
        states = dict(backwards.values_list("document__state", "document__reason"))
        if Document.State.PARKED in states:
            scan.state, scan.reason = Scan.State.PARKED, states[Document.State.PARKED]
        elif batch.state == Batch.State.READING or Document.State.BUNDLING in states:
            scan.state, scan.reason = Scan.State.RUNNING, None
        else:
            scan.state, scan.reason = Scan.State.DONE, None
        scan.save(update_fields=["state", "reason"])
    Batch.objects.filter(pk=batch.pk).update(note_due=True)


def code_payloads(page: Page) -> list[str]:
    """The payloads found on a page, as they may be shown: numbers of citizens masked, whatever code carries them."""
    return [mask_identity(code["payload"]) for code in page.codes if code["symbology"] != Symbology.UNREADABLE_QR]
