"""What an id that a person typed names: a document, a scan, a page of either, a case, an act. Its first characters do."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from pipeline.errors import BadArgument
from records.acts import NothingToUndo
from records.models import Act, Batch, Case, Document, Page, Scan

_SHORTEST = 6  # characters of an id that a person may shorten it to
IN_HAND = (Document.State.PARKED, Document.State.BUNDLING, Document.State.ATTACHED)


class NoSuchWork(BadArgument):
    vi = "Không có mục nào đang chờ với ID này. Xem «sohoa status»."
    en = "Nothing with this ID is waiting. See `sohoa status`."


class NothingToResolve(BadArgument):
    vi = "Mục này không có trang nào để gắn. Hãy dùng «sohoa retry» hoặc quét lại."
    en = "There is no page to attach here. Use `sohoa retry` or scan again."


class NoSuchPage(BadArgument):
    vi = "Không có trang này ở đây. Hãy ghi số trang như trong ghi chú."
    en = "There is no such page here. Give the page number as the note has it."


def waiting_documents(row_id: str) -> list[Document]:
    """The parked documents that an id names: the document's own, or all of a scan's. Raises NoSuchWork, NothingToResolve."""
    documents = _named(row_id, Document.objects.filter(state=Document.State.PARKED))
    if any(document.pages.exclude(state=Page.State.READ).exists() for document in documents):
        raise NothingToResolve(row_id[:40])
    return documents


def documents_of(row_id: str) -> list[Document]:
    """The documents in hand, waiting or attached, that an id names: the document's own, or all of a scan's. Raises as above."""
    return _named(row_id, Document.objects.filter(state__in=IN_HAND))


def _named(row_id: str, rows: QuerySet[Document]) -> list[Document]:
    documents = list(rows.filter(id_begins(Document, row_id)).select_related("batch", "dossier"))
    if len(documents) > 1:
        raise NoSuchWork(f"{row_id[:40]}: {len(documents)}")
    if not documents:
        scans = list(Scan.objects.filter(id_begins(Scan, row_id)))
        if len(scans) != 1:
            raise NoSuchWork(row_id[:40])
        documents = list(rows.filter(pages__scan=scans[0]).select_related("batch", "dossier").distinct())
        if not documents:
            raise NothingToResolve(row_id[:40])
    return documents


def one_document(row_id: str) -> Document:
    """The one document in hand that an id names. Raises NoSuchWork."""
    documents = documents_of(row_id)
    if len(documents) != 1:
        raise NoSuchWork(f"{row_id[:40]}: {len(documents)}")
    return documents[0]


def unopened_of(row_id: str) -> Scan | None:
    """The file that an id names, if it could not be opened and so has no pages."""
    refused = Scan.objects.filter(state__in=[Scan.State.PARKED, Scan.State.REFUSED], page_count=0)
    scans = list(refused.filter(id_begins(Scan, row_id)).select_related("batch")[:2])
    return scans[0] if len(scans) == 1 else None


def page_of(row_id: str, number: int) -> Page:
    """A page of a scan, or of a document: its number in its file; in its document where that has pages of several files.

    Raises NoSuchWork, NoSuchPage.
    """
    pages = Page.objects.select_related("scan__batch", "document__batch", "document__dossier")
    scans = list(Scan.objects.filter(id_begins(Scan, row_id))[:2])
    documents = list(Document.objects.filter(id_begins(Document, row_id))[:2])
    if len(scans) + len(documents) != 1:
        raise NoSuchWork(row_id[:40])
    if scans:
        found = pages.filter(scan=scans[0], number=number).first()
    else:
        own = pages.filter(document=documents[0])
        several = own.values("scan").distinct().count() > 1
        found = own.filter(page_in_document=number).first() if several else own.filter(number=number).first()
    if found is None:
        raise NoSuchPage(f"{number}")
    return found


def batch_of(row_id: str) -> Batch:
    """The drop that a document or a scan belongs to. Raises NoSuchWork."""
    found = Batch.objects.filter(Q(documents__in=Document.objects.filter(id_begins(Document, row_id))))
    found |= Batch.objects.filter(scans__in=Scan.objects.filter(id_begins(Scan, row_id)))
    batches = list(found.distinct()[:2])
    if len(batches) != 1:
        raise NoSuchWork(row_id[:40])
    return batches[0]


def pages_of(row_id: str) -> list[Page]:
    """The pages of a document or a scan, in order. Raises NoSuchWork."""
    documents = list(Document.objects.filter(id_begins(Document, row_id))[:2])
    if len(documents) == 1:
        return [page for _, page in documents[0].placed_pages()]
    scans = list(Scan.objects.filter(id_begins(Scan, row_id))[:2])
    if len(scans) != 1:
        raise NoSuchWork(row_id[:40])
    return list(scans[0].pages.select_related("scan").order_by("number"))


def case_of(row_id: str) -> Case | None:
    """The open case that an id names."""
    return Case.objects.filter(id_begins(Case, row_id), closed_at=None).first()


def last_act(row_id: str | None) -> Act:
    """The newest act not undone yet: of all, with that id, or about the document or scan that the id names. Raises NothingToUndo."""
    acts = Act.objects.filter(undone_at=None).order_by("-at")
    if row_id is None:
        found = acts.first()
    else:
        text = "".join(c for c in row_id.lower() if c in "0123456789abcdef")
        batches = Batch.objects.filter(Q(scans__in=Scan.objects.filter(id_begins(Scan, row_id))))
        batches |= Batch.objects.filter(documents__in=Document.objects.filter(id_begins(Document, row_id)))
        about = (one for one in acts.filter(batch__in=batches.values("pk")) if _concerns(one, text))
        found = acts.filter(id_begins(Act, row_id)).first() or next(about, None)
    if found is None:
        raise NothingToUndo((row_id or "")[:40])
    return found


def _concerns(act: Act, beginning: str) -> bool:
    scans = Page.objects.filter(pk__in=act.after["pages"]).values_list("scan", flat=True)
    ids = [*act.after["documents"], *act.after.get("scans", {}), *(str(scan) for scan in scans)]
    return any(one.replace("-", "").startswith(beginning) for one in ids)


def id_begins(model: type[Document] | type[Scan] | type[Case] | type[Act], row_id: str) -> Q:
    """Ids that begin as given: a person types the first eight characters that a list shows."""
    text = "".join(c for c in row_id.lower() if c in "0123456789abcdef")
    if len(text) < _SHORTEST or len(text) > 32:
        return Q(pk=None)
    return Q(pk__gte=UUID(text.ljust(32, "0")), pk__lte=UUID(text.ljust(32, "f")))
