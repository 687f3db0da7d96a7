"""What a person does about what waits, or was attached wrongly: say whose it is, cut, join, turn, set aside, discard, try again.

These calls are the only way for people, from the command line and the web page alike. Each is one act of `records.acts`, which can be
undone; what is then to be read or bundled anew is found by the workers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from pipeline.errors import BadArgument, SplitOff, UnknownComponent, UnknownDossier
from pipeline.split import Doubt
from records.acts import Touched, acting, part_versions, take_back, undo
from records.attachment import Released, hold, release_many
from records.by_id import IN_HAND, NoSuchPage, NoSuchWork, last_act
from records.documents import place_pages
from records.events import Happening, record
from records.identity import Verdict, component_of, fact_of
from records.models import Act, Document, DossierFact, Page, Scan
from records.search import index_document


class CannotSplit(BadArgument):
    vi = "Không tách được ở trang đầu tiên của tài liệu. Hãy chọn trang mà giấy tờ mới bắt đầu."
    en = "A document cannot be split at its first page. Choose the page on which the other paper begins."


class SharedWithItself(BadArgument):
    vi = "Giấy này đã thuộc hồ sơ đó. Để đổi thành phần, hãy bỏ --also."
    en = "The paper is that dossier's already. To change the component, leave out --also."


class NothingAbove(BadArgument):
    vi = "Không có tài liệu nào phía trên để nối vào."
    en = "There is no document above to join it to."


# --- whose it is -------------------------------------------------------------------------------------------------------------


def assign(documents: Sequence[Document], number: str, component: str | None, actor: str, now: datetime) -> list[Document]:
    """The documents are this dossier's, whether they waited or were attached elsewhere. Returns those to be bundled.

    Raises UnknownDossier, UnknownComponent, NoSuchWork; nothing is changed then.
    """
    fact, component = _fact(number, component, now)
    touched = Touched(list(documents), _pages(documents))
    with acting("assign", documents[0].batch, touched, actor, now, component=component):
        for document in documents:
            if document.state in (Document.State.ATTACHED, Document.State.BUNDLING):
                take_back(document, now)
                Document.objects.filter(pk=document.pk).update(state=Document.State.PARKED)
        verdict = Verdict(fact.dossier, component)
        released = release_many([Released(document, verdict) for document in documents], actor, now)
        if not {document.pk for document in documents} <= {document.pk for document in released}:
            raise NoSuchWork(str(documents[0].pk))
        known = {document.pk for document in documents}
        touched.documents.extend(document for document in released if document.pk not in known)
    return released


def name_component(document: Document, component: str, actor: str, now: datetime) -> None:
    """Which component an attached document is, where that was undecided. Raises UnknownComponent, NoSuchWork."""
    if document.dossier is None:
        raise NoSuchWork(str(document.pk))
    fact, known = _fact(document.dossier.number, component, now)
    component = known or component
    with acting("component", document.batch, Touched([document], []), actor, now, component=component):
        undecided = Document.objects.filter(pk=document.pk, state=Document.State.ATTACHED, component=None)
        if not undecided.update(component=component, named=True, kind=Document.Kind.PAPER):
            raise NoSuchWork(str(document.pk))
        hold(document, fact.dossier, component, actor, now)
        told = {"component": component}
        record(Happening("document.component", now, dossier=document.dossier, document=document, actor=actor, detail=told))


def share(document: Document, number: str, component: str | None, actor: str, now: datetime) -> None:
    """An attached document serves this dossier, too; no bytes are copied.

    Raises UnknownDossier, UnknownComponent, NoSuchWork, SharedWithItself.
    """
    fact, component = _fact(number, component, now)
    if document.dossier == fact.dossier:
        raise SharedWithItself(number)
    with acting("share", document.batch, Touched([document], []), actor, now, component=component):
        if not Document.objects.filter(pk=document.pk, state=Document.State.ATTACHED).exists():
            raise NoSuchWork(str(document.pk))
        hold(document, fact.dossier, component, actor, now)
        index_document(document)
        record(Happening("document.shared", now, dossier=fact.dossier, document=document, actor=actor, detail={"component": component}))


def _fact(number: str, component: str | None, now: datetime) -> tuple[DossierFact, str | None]:
    """What the register says of the number, and how it spells the component."""
    fact = fact_of(number)
    if fact is None:
        raise UnknownDossier(number)
    known = component_of(fact, component, now) if component is not None else None
    if component is not None and known is None:
        raise UnknownComponent(component)
    return fact, known


# --- where it begins and ends ------------------------------------------------------------------------------------------------


def split_at(page: Page, actor: str, now: datetime) -> Document:
    """Another paper begins with this page: it and those below it leave their document and wait. Returns the new document.

    Raises CannotSplit where it is the first page, or in no document.
    """
    document = page.document
    if document is None or document.state not in IN_HAND:
        raise CannotSplit(str(page.number))
    pages = _pages([document])
    above = [one for one in pages if (one.page_in_document or 0) < (page.page_in_document or 0)]
    below = [one for one in pages if one not in above]
    if not above:
        raise CannotSplit(str(page.number))
    touched = Touched([document], pages)
    with acting("split", document.batch, touched, actor, now, page=page.number):
        part_versions(document, now)
        other = Document.objects.create(
            batch=document.batch,
            state=Document.State.PARKED,
            reason=SplitOff.__name__,
            claims=document.claims,
            page_count=len(below),
            created_at=now,
        )
        touched.documents.append(other)
        _move(below, other, Page.Disposition.PARKED)
        _resized(document, len(above), now)
        record(Happening("document.parked", now, document=other, detail={"pages": len(below), "reason": SplitOff.__name__}))
    return other


def join_above(document: Document, actor: str, now: datetime) -> Document:
    """The document goes on with the one above it in its file or folder. Returns that. Raises NothingAbove."""
    first = document.pages.select_related("scan").order_by("scan__position", "number").first()
    before = _page_above(first) if first is not None else None
    above = before.document if before is not None else None
    if first is None or above is None or above == document or document.state not in IN_HAND:
        raise NothingAbove(str(document.pk))
    pages, upper = _pages([document]), _pages([above])
    touched = Touched([above, document], [*upper, *pages])
    with acting("join", document.batch, touched, actor, now):
        part_versions(above, now)
        take_back(document, now)
        Document.objects.filter(pk=document.pk).update(state=Document.State.DISSOLVED, reason=None)
        disposition = Page.Disposition.PARKED if above.state == Document.State.PARKED else None
        Page.objects.filter(pk__in=[page.pk for page in pages]).update(document=None, page_in_document=None)
        _move(sorted([*upper, *pages], key=lambda page: (page.scan.position, page.number)), above, disposition)
        _resized(above, len(upper) + len(pages), now)
    return above


def _page_above(page: Page) -> Page | None:
    """The page before it, over blank ones and separators, that is in a document in hand."""
    same_batch = Page.objects.filter(scan__batch=page.scan.batch).exclude(document=None).select_related("document__batch", "scan")
    above = same_batch.filter(Q(scan=page.scan, number__lt=page.number) | Q(scan__position__lt=page.scan.position))
    found = above.order_by("-scan__position", "-number").first()
    return found if found is not None and found.document is not None and found.document.state in IN_HAND else None


def _move(pages: Sequence[Page], document: Document, disposition: Page.Disposition | None) -> None:
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(document=None, page_in_document=None)
    place_pages(document, pages, disposition)


def _resized(document: Document, pages: int, now: datetime) -> None:
    """The document has other pages now: what was attached is bundled anew."""
    document.refresh_from_db()
    document.page_count = pages
    if pages == 0:
        take_back(document, now)
    going_on = document.state == Document.State.ATTACHED
    document.state = Document.State.DISSOLVED if pages == 0 else Document.State.BUNDLING if going_on else Document.State(document.state)
    document.lease_until, document.attempts = None, 0
    document.save(update_fields=["page_count", "state", "lease_until", "attempts"])


# --- pages -------------------------------------------------------------------------------------------------------------------


def rotate(page: Page, degrees: int, actor: str, now: datetime) -> None:
    """Turn a page clockwise by 90, 180 or 270 degrees from how it is shown now; it is read anew so. Raises NoSuchPage."""
    if degrees % 360 not in (90, 180, 270):
        raise NoSuchPage(f"{degrees}")
    documents = [page.document] if page.document is not None else []
    with acting("rotate", page.scan.batch, Touched(documents, [page]), actor, now, page=page.number, degrees=degrees):
        turned = (page.rotation + degrees) % 360
        Page.objects.filter(pk=page.pk).update(ruled_rotation=turned, state=Page.State.WAITING, lease_until=None, attempts=0)


def mark_blank(page: Page, actor: str, now: datetime) -> None:
    """There is nothing to keep on the page: it leaves its document. Raises NoSuchPage where it is in none."""
    document = page.document
    if document is None or document.state not in IN_HAND:
        raise NoSuchPage(str(page.number))
    rest = [one for one in _pages([document]) if one.pk != page.pk]
    with acting("blank", document.batch, Touched([document], [*rest, page]), actor, now, page=page.number):
        part_versions(document, now)
        Page.objects.filter(pk=page.pk).update(
            document=None, page_in_document=None, disposition=Page.Disposition.BLANK, blank=True, ruled_blank=True
        )
        _move(rest, document, Page.Disposition.PARKED if document.state == Document.State.PARKED else None)
        _resized(document, len(rest), now)


def keep_page(page: Page, actor: str, now: datetime) -> Document:
    """There is something on a page that was taken for blank or for a separator: it is read, and waits as a document of its own.

    Raises NoSuchPage where it was not set aside.
    """
    if page.disposition not in (Page.Disposition.BLANK, Page.Disposition.SEPARATOR):
        raise NoSuchPage(str(page.number))
    touched = Touched([], [page])
    with acting("keep", page.scan.batch, touched, actor, now, page=page.number):
        document = Document.objects.create(
            batch=page.scan.batch, state=Document.State.PARKED, reason=Doubt.NO_CODE, page_count=1, created_at=now
        )
        touched.documents.append(document)
        page.blank, page.ruled_blank, page.state, page.lease_until, page.attempts = False, False, Page.State.WAITING, None, 0
        page.save(update_fields=["blank", "ruled_blank", "state", "lease_until", "attempts"])
        _move([page], document, Page.Disposition.PARKED)
        record(Happening("document.parked", now, document=document, detail={"pages": 1, "reason": Doubt.NO_CODE}))
    return document


def discard(documents: Sequence[Document], reason: Document.Discard, actor: str, now: datetime) -> None:
    """The documents belong in no dossier. Their pages stay accounted for as set aside by a person, their originals in the store."""
    with acting("discard", documents[0].batch, Touched(list(documents), _pages(documents)), actor, now, reason=reason.value):
        for document in documents:
            take_back(document, now)
            Document.objects.filter(pk=document.pk).update(state=Document.State.DISCARDED, reason=reason.value)
            document.pages.update(disposition=Page.Disposition.PARKED)
            told = {"reason": reason.value}
            record(Happening("document.discarded", now, dossier=document.dossier, document=document, actor=actor, detail=told))


def set_aside(scan: Scan, reason: Document.Discard, actor: str, now: datetime) -> None:
    """Nothing more is to be done about a file that could not be opened: it was scanned again, or needed by nobody. Its original is kept."""
    with acting("discard", scan.batch, Touched([], [], [scan]), actor, now, reason=reason.value, scan=str(scan.pk)):
        Scan.objects.filter(pk=scan.pk).update(set_aside=reason.value)


def undo_last(row_id: str | None, actor: str, now: datetime) -> Act:
    """Take back the newest act, of all or about what an id names. Raises NothingToUndo, UndoLaterFirst."""
    act = last_act(row_id)
    undo(act, actor, now)
    return act


def _pages(documents: Sequence[Document]) -> list[Page]:
    pages = Page.objects.filter(document__in=documents).select_related("scan__batch", "document")
    return list(pages.order_by("document", "page_in_document"))


def read_as_ruled(page: Page, now: datetime) -> list[Document]:
    """A page was read anew because a person turned it, or took that back: documents with it are bundled anew. Returns those."""
    going = (Document.State.ATTACHED, Document.State.BUNDLING)  # one that is being bundled may have been begun with the page as it was
    showing = Document.objects.filter(Q(pk=page.document_id) | Q(borrowings__page=page), state__in=going).distinct()
    return [one for one in showing if _bundle_again(one)]


def _bundle_again(document: Document) -> bool:
    again = Document.objects.filter(pk=document.pk, state=document.state)
    return bool(again.update(state=Document.State.BUNDLING, lease_until=None, attempts=0))
