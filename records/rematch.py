"""What waits is judged again when more is known: a register was loaded, a page was read, the same bytes came under a telling name.

In bulk, a few hundred documents a transaction: ten thousand papers may wait for one register.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from pipeline.errors import BY_CODE, FutureNumber, ImpossibleNumber, OfficeNotThen, SohoaError, SplitOff, Undecided, UnknownDossier
from pipeline.evidence import Claim, Source, looks_like_receipt, looks_like_sheet, name_claims
from pipeline.split import Doubt
from records.attachment import Released, release_many, settle
from records.documents import Checklists, judge, printed_numbers
from records.events import Happening, record
from records.evidence import strangers
from records.identity import Verdict, facts_of
from records.models import Document, DossierFact, Page, Scan
from records.revisions import batches

_AT_ONCE = 300
_UNKNOWN = {error.__name__ for error in (UnknownDossier, FutureNumber, OfficeNotThen, ImpossibleNumber)}


def rejudge(documents: QuerySet[Document], now: datetime) -> list[Document]:
    """Judge parked documents again; returns those that can be bundled now.

    Documents that have a dossier already are left to people: their bundling failed. Conflicts claim no one number. What a person split
    off is no longer what the paper above it says.
    """
    waiting = documents.filter(state=Document.State.PARKED, dossier=None).exclude(reason=SplitOff.__name__)
    ids = waiting.order_by("batch__office", "created_at", "pk").values_list("pk", flat=True)
    checklists = Checklists(now)
    return [document for some in batches(list(dict.fromkeys(ids)), _AT_ONCE) for document in _rejudge_some(some, checklists, now)]


def _rejudge_some(ids: Sequence[UUID], checklists: Checklists, now: datetime) -> list[Document]:
    documents = list(Document.objects.filter(pk__in=ids).select_related("batch"))
    firsts = {page.document_id: page for page in Page.objects.filter(document__in=ids, page_in_document=1).select_related("scan")}
    claimed = {document.claimed for document in documents} - {""}
    facts = facts_of(claimed)
    released = []
    for document in documents:
        first = firsts.get(document.pk)
        if document.claimed and document.claimed not in facts and document.reason in _UNKNOWN:
            continue
        verdict = _judged(document, first, facts, now) if first is not None else None
        if verdict is not None:
            released.append(Released(document, verdict))
    sure = _without_strangers(released, facts, now)
    return release_many(sure, "system", now, checklists.knowing(facts)) if sure else []


def _without_strangers(released: Sequence[Released], facts: Mapping[str, DossierFact], now: datetime) -> list[Released]:
    """Those none of whose pages speaks of another dossier; the others wait on as a conflict, as splitting would have had it."""
    texts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    pages = Page.objects.filter(document__in=[one.document for one in released], codes=[]).values_list("document", "text")
    own = defaultdict(list)
    for document_id, text in pages:
        own[document_id].append(text)
    for one in released:
        if one.verdict.dossier is not None:
            texts[one.document.batch.office][one.verdict.dossier.number] += own[one.document.pk]
    strange = {office: strangers(office, papers, facts, now) for office, papers in texts.items()}
    sure = []
    for one in released:
        others = strange[one.document.batch.office].get(one.verdict.dossier.number) if one.verdict.dossier else None
        if others is None:
            sure.append(one)
        else:
            one.document.claims += [asdict(Claim(Source.PERSON, number)) for number in sorted(others)]
            Document.objects.filter(pk=one.document.pk).update(claims=one.document.claims, claimed="")
            _stay(one.document, Verdict(None, reason=Doubt.CONFLICT), now)
    return sure


def _judged(document: Document, first: Page, facts: Mapping[str, DossierFact], now: datetime) -> Verdict | None:
    """The verdict that lets it go on; None where it waits on, if for another reason that is written down."""
    if first.state != Page.State.READ or not (document.claimed or printed_numbers(document.claims)):
        return None
    if _was_unread(document) and _speaks(first):
        _stay(document, Verdict(None, reason=Doubt.UNREAD), now)
        return None
    verdict = judge(document, first.scan, now, facts)
    if verdict.dossier is not None:
        return verdict
    if verdict.reason != document.reason:
        _stay(document, verdict, now)
    return None


def _was_unread(document: Document) -> bool:
    """Whether it waits because its page failed: splitting did not know what is on it."""
    return not issubclass(BY_CODE.get(document.reason or "", SohoaError), Undecided)


def _speaks(page: Page) -> bool:
    """Whether there may be something on the page that splitting would have had to weigh, or nothing at all to keep."""
    return bool(page.codes) or page.blank or looks_like_receipt(page.text) or looks_like_sheet(page.text)


def _stay(document: Document, verdict: Verdict, now: datetime) -> None:
    """It waits on, for another reason; what was claimed of an unread page is no longer believed."""
    with transaction.atomic():
        document.claimed = "" if verdict.reason in (Doubt.UNREAD, Doubt.CONFLICT) else document.claimed
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
        claimed=claims[0].number or "" if agreed else "",
        component=claims[0].component if agreed else None,
        reason=Doubt.NO_CODE if agreed else Doubt.CONFLICT,
    )
    rejudge(Document.objects.filter(pages__scan=scan).distinct(), now)
