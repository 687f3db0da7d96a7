"""Documents made from the parts of a batch: judged against the register, cut into papers, written down as to bundle or to wait."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils.timezone import localtime

from pipeline.evidence import Source
from pipeline.papers import Checklist, Kind, Paper, part_papers
from pipeline.split import Doubt, PageRef, Part, Split
from records.events import Happening, record_many
from records.evidence import checklist_of, evidence_of
from records.identity import Verdict, decide, fact_of
from records.models import Batch, Document, Dossier, DossierFact, Page, Scan


@dataclass(frozen=True, slots=True)
class Cut:
    """A paper with the rows of its pages."""

    paper: Paper
    pages: tuple[Page, ...]


def make_documents(batch: Batch, decision: Split, pages: Mapping[PageRef, Page], now: datetime) -> list[Document]:
    """Write down what splitting decided: dispositions, documents to bundle, documents that wait. Inside one transaction.

    A page that could not be read makes a parked document of its own; the pages around it go on. Pages that were accounted for when
    the batch was split before (a file of it was opened again since) stay as they are.
    """
    for refs, disposition in ((decision.blanks, Page.Disposition.BLANK), (decision.separators, Page.Disposition.SEPARATOR)):
        Page.objects.filter(pk__in=[pages[ref].pk for ref in refs], disposition=None).update(disposition=disposition)
    drawn: list[Drawn] = []
    for part in decision.parts:
        own = [page for page in (pages[ref] for ref in part.pages) if page.document_id is None and page.disposition is None]
        readable = [page for page in own if page.state == Page.State.READ]
        drawn += _of_part(batch, part, readable, now) if readable else []
        drawn += [_unread(batch, part, page, now) for page in own if page not in readable]
    documents = write(drawn)
    record_many(found(document, now) for document in documents)
    return documents


def found(document: Document, now: datetime) -> Happening:
    """The event of a new document."""
    kind = "document.found" if document.state == Document.State.BUNDLING else "document.parked"
    detail = {"pages": document.page_count, "component": document.component, "reason": document.reason}
    return Happening(kind, now, dossier=document.dossier, document=document, detail=detail)


def judge(document: Document, scan: Scan, now: datetime, facts: Mapping[str, DossierFact] | None = None) -> Verdict:
    """The verdict on what the document's claims say; `scan` is the file of its first page, whose claims they are.

    `facts`: those of all claimed numbers, where they were asked for together.
    """
    printed = printed_numbers(document.claims)
    carriers = {claim["page"] for claim in document.claims} if printed else set()
    texts = scan.pages.filter(number__in=carriers).order_by("number").values_list("text", flat=True) if carriers else ()
    return decide(document.claimed, document.component, document.batch.office, printed, "\n".join(texts), now, facts)


def printed_numbers(claims: Iterable[Mapping[str, object]]) -> list[str]:
    """The numbers among stored claims that were only read by OCR; none where any other source spoke too."""
    spoken = list(claims)
    if any(claim["source"] != Source.PRINTED for claim in spoken):
        return []
    return [str(claim["number"]) for claim in spoken if claim["number"]]


def cut_papers(dossier: Dossier, pages: Sequence[Page], checklists: Checklists) -> list[Cut]:
    """The papers of a dossier among its pages, by its checklist; one paper of everything where nothing is known of it."""
    checklist = checklists.of(dossier.number)
    evidence = [evidence_of(page) for page in pages]
    papers = part_papers(evidence, dossier.number, checklist or Checklist("", (), needs_result=False))
    return [Cut(paper, tuple(pages[place] for place in paper.pages)) for paper in papers]


class Checklists:
    """Checklists of dossiers, each procedure version asked for once: for going through many dossiers.

    `facts`: of the dossiers, where they were asked for together.
    """

    def __init__(self, now: datetime, facts: Mapping[str, DossierFact] | None = None) -> None:
        self._now = now
        self._facts = facts or {}
        self._known: dict[tuple[str, date], Checklist | None] = {}

    def of(self, number: str) -> Checklist | None:
        """What the dossier needs; None where the register does not say."""
        fact = self._facts.get(number) or fact_of(number)
        if fact is None:
            return None
        key = (fact.procedure, localtime(fact.received_at or self._now).date())
        if key not in self._known:
            self._known[key] = checklist_of(fact, self._now)
        return self._known[key]

    def knowing(self, facts: Mapping[str, DossierFact]) -> Checklists:
        """The same with the facts of these dossiers at hand."""
        other = Checklists(self._now, facts)
        other._known = self._known
        return other


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document that is not written yet, and its pages."""

    document: Document
    pages: tuple[Page, ...]


def draw_up(batch: Batch, cut: Cut, claims: Sequence[Mapping[str, object]], claimed: str, verdict: Verdict, now: datetime) -> Drawn:
    """A document for a paper whose verdict is known."""
    first = cut.pages[0]
    document = Document(
        id=uuid.uuid5(batch.id, f"{first.scan_id}/{first.number}"),
        batch=batch,
        claims=list(claims),
        claimed=claimed,
        page_count=len(cut.pages),
        created_at=now,
        state=Document.State.BUNDLING if verdict.dossier else Document.State.PARKED,
        dossier=verdict.dossier,
        reason=verdict.reason,
    )
    describe(document, cut.paper, verdict)
    return Drawn(document, cut.pages)


def describe(document: Document, paper: Paper, verdict: Verdict) -> None:
    """Which component the document is, and who says so: the verdict (a sheet, a name, a person), else its title or own code."""
    document.kind = Document.Kind(paper.kind.value)
    document.component = verdict.component or paper.component
    document.named = verdict.component is not None or (paper.component is not None and not paper.candidates)
    document.candidates = [asdict(candidate) for candidate in paper.candidates]


def write(drawn: Sequence[Drawn]) -> list[Document]:
    """Write new documents and put their pages into them; the pages must not be in another one any more. Inside a transaction."""
    taken = set(Document.objects.filter(pk__in=[one.document.pk for one in drawn]).values_list("pk", flat=True))
    for one in drawn:
        if one.document.pk in taken:  # a document that began with this page was dissolved
            one.document.pk = uuid.uuid4()
    Document.objects.bulk_create([one.document for one in drawn], batch_size=500)
    for one in drawn:
        waits = one.document.state == Document.State.PARKED
        place_pages(one.document, one.pages, Page.Disposition.PARKED if waits else None)
    return [one.document for one in drawn]


def place_pages(document: Document, pages: Sequence[Page], disposition: Page.Disposition | None) -> None:
    """Put the pages into the document, in their places from 1; they must not be in the way of each other there."""
    for place, page in enumerate(pages, start=1):
        page.document, page.page_in_document, page.disposition = document, place, disposition
        page.save(update_fields=["document", "page_in_document", "disposition"])


def _of_part(batch: Batch, part: Part, pages: Sequence[Page], now: datetime) -> list[Drawn]:
    """The documents of a part: one where it waits or its component is known, else one a paper."""
    claims, claimed = [asdict(claim) for claim in part.claims], part.number or ""
    verdict = Verdict(None, reason=part.doubt)
    if part.doubt in (None, Doubt.NO_CODE):
        asked = Document(batch=batch, claims=claims, claimed=claimed, component=part.component)
        verdict = judge(asked, pages[0].scan, now)
    if verdict.dossier is None or verdict.component is not None:
        paper = Paper(tuple(range(len(pages))), Kind.PAPER, part.component)
        return [draw_up(batch, Cut(paper, tuple(pages)), claims, claimed, verdict, now)]
    return [draw_up(batch, cut, claims, claimed, verdict, now) for cut in cut_papers(verdict.dossier, pages, Checklists(now))]


def _unread(batch: Batch, part: Part, page: Page, now: datetime) -> Drawn:
    claims = [asdict(claim) for claim in part.claims]
    verdict = Verdict(None, reason=page.reason or Doubt.UNREAD)
    return draw_up(batch, Cut(Paper((0,), Kind.PAPER, part.component), (page,)), claims, part.number or "", verdict, now)
