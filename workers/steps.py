"""The steps of a scan's way, top to bottom: open, read, assemble, bundle.

A step takes one id, asks the catalogue whether anything is left to do, does it under a lease, commits, and only then sends what
follows. Any message may be lost, repeated or come out of order. What fails is raised: `workers.run` sorts it by consequence.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from pipeline.pdf import PdfPage, write_pdf
from pipeline.pdf_archive import About
from pipeline.pdf_proof import prove_pdf
from records.attachment import Bundled, attach, settle
from records.count_note import is_count_note, read_count
from records.decisions import decide, write_down
from records.documents import make_documents
from records.events import Happening, record
from records.evidence import CODES, HEADINGS
from records.models import Batch, Document, Page, Scan
from records.page_accounts import account_for_batch, account_for_document
from records.rematch import rejudge
from records.review import read_as_ruled
from records.store import ObjectStore, sha256_of
from records.versions import plan_version, turn_of
from workers.lease import free, put_off, take
from workers.queue import Queue, Step
from workers.readings import drop_original, fetch_original
from workers.worker import Worker

_TURN_SECONDS = 2.0
_READ_FIELDS = [
    *("state", "work_key", "reason", "codes", "blank", "rotation", "skew", "dpi", "confidence", "notes", "text"),
    *("headings", "folio", "folio_total", "likeness", "printed_numbers"),
    *("lease_until", "attempts"),
]


# --- open --------------------------------------------------------------------------------------------------------------------


def open_step(scan_id: str, worker: Worker, now: datetime) -> None:
    """Count the pages of a scan under limits and write their rows; the first few are sent to be read."""
    scan = take(Scan.objects.filter(pk=scan_id, page_count=None, state=Scan.State.WAITING), worker.terms, now)
    if scan is None:
        return
    if is_count_note(scan.path, scan.size) and _counted(scan, worker, now):
        return
    opened = worker.reader.scan(scan)
    with transaction.atomic():
        Page.objects.bulk_create([Page(scan=scan, number=n) for n in range(1, opened.pages + 1)], batch_size=500)
        scan.page_count, scan.format, scan.state, scan.lease_until, scan.attempts = opened.pages, opened.format, Scan.State.RUNNING, None, 0
        scan.save(update_fields=["page_count", "format", "state", "lease_until", "attempts"])
        record(Happening("scan.opened", now, scan=scan, detail={"pages": opened.pages, "format": opened.format}))
        first = scan.pages.order_by("number")[: worker.config.queue.pages_in_flight]
        _send_after_commit(worker.queue, Step.READ, [str(page.pk) for page in first])


def _counted(scan: Scan, worker: Worker, now: datetime) -> bool:
    """Take a clerk's count over; False when the file holds none and is to be treated as any other."""
    count = read_count(fetch_original(scan, worker.store, worker.config.work).read_bytes())
    if count is None:
        return False
    with transaction.atomic():
        scan.page_count, scan.format, scan.state, scan.lease_until, scan.attempts = 0, "note", Scan.State.DONE, None, 0
        scan.save(update_fields=["page_count", "format", "state", "lease_until", "attempts"])
        Batch.objects.filter(pk=scan.batch_id).update(expected_pages=count)
        record(Happening("batch.counted", now, scan=scan, detail={"pages": count}))
        if is_read(scan.batch):
            _send_after_commit(worker.queue, Step.ASSEMBLE, [str(scan.batch_id)])
    return True


# --- read --------------------------------------------------------------------------------------------------------------------


def read_step(page_id: str, worker: Worker, now: datetime) -> None:
    """Read one page and store the reading; the page W places further is sent next, and the batch when this was its last."""
    page = take(Page.objects.filter(pk=page_id, state=Page.State.WAITING).select_related("scan__batch"), worker.terms, now)
    if page is None:
        return
    reading = worker.reader.reading(page)
    page.state, page.work_key, page.reason = Page.State.READ, worker.reader.key(page), None
    page.codes = CODES.dump_python(reading.codes, mode="json")
    page.blank, page.rotation, page.skew, page.dpi = reading.blank, reading.rotation, reading.skew, reading.dpi
    page.confidence, page.notes, page.text = reading.confidence, list(reading.notes), reading.words.text
    page.headings = HEADINGS.dump_python(reading.headings, mode="json")
    page.folio, page.folio_total = (reading.folio.number, reading.folio.total) if reading.folio else (None, None)
    page.likeness, page.printed_numbers = reading.likeness, list(reading.printed_numbers)
    page.lease_until, page.attempts = None, 0
    page.save(update_fields=_READ_FIELDS)  # nothing of what may have been decided meanwhile, should this worker have lost its lease
    go_on(page, worker, now)


def go_on(page: Page, worker: Worker, now: datetime) -> None:
    """After a page is read or given up, and that is committed: send what can be done now."""
    if page.document_id is not None:  # it had been given up before, or a person turned it: its document waits for it
        released = [*read_as_ruled(page, now), *rejudge(Document.objects.filter(pk=page.document_id), now)]
        _send_after_commit(worker.queue, Step.BUNDLE, [str(document.pk) for document in released])
        return
    further = page.scan.pages.filter(number=page.number + worker.config.queue.pages_in_flight, state=Page.State.WAITING).first()
    if further is not None:
        _send_after_commit(worker.queue, Step.READ, [str(further.pk)])
    elif is_read(page.scan.batch):
        _send_after_commit(worker.queue, Step.ASSEMBLE, [str(page.scan.batch_id)])


def is_read(batch: Batch) -> bool:
    """Whether every scan of the batch is opened or refused, and every page read or given up."""
    if batch.scans.filter(page_count=None).exists():
        return False
    return not Page.objects.filter(scan__batch=batch, state=Page.State.WAITING).exists()


# --- assemble ----------------------------------------------------------------------------------------------------------------


def assemble_step(batch_id: str, worker: Worker, now: datetime) -> None:
    """Decide which pages make which document of which dossier; documents with a dossier are sent to be bundled."""
    batch = take(Batch.objects.filter(pk=batch_id, state=Batch.State.READING), worker.terms, now)
    if batch is None:
        return
    if not is_read(batch):
        free(batch)
        return
    gathered, decision = decide(batch, now)
    with transaction.atomic():
        write_down(batch, gathered, decision, now)
        documents = make_documents(batch, decision, gathered.pages, now)
        account_for_batch(batch, now)
        batch.state, batch.lease_until, batch.attempts = Batch.State.ASSEMBLED, None, 0
        batch.save(update_fields=["state", "lease_until", "attempts"])
        settle(batch)
        _send_after_commit(worker.queue, Step.BUNDLE, [str(d.pk) for d in documents if d.state == Document.State.BUNDLING])
    for scan in batch.scans.filter(duplicate_of=None):
        drop_original(scan, worker.config.work)
    _drop_readings([page for page in gathered.pages.values() if page.document is None], worker.store)


# --- bundle ------------------------------------------------------------------------------------------------------------------


def bundle_step(document_id: str, worker: Worker, now: datetime) -> None:
    """Make the PDF/A of a document, prove it, store it and read it back; then attach, index and event in one transaction."""
    rows = Document.objects.filter(pk=document_id, state=Document.State.BUNDLING).select_related("batch", "dossier")
    document = take(rows, worker.terms, now)
    if document is None:
        return
    if not _is_its_turn(document, now):
        return
    plan_version(document, now)
    pages = [page for _, page in document.placed_pages()]
    file = worker.config.work / f"bundle-{uuid.uuid4().hex}.pdf"
    try:
        with file.open("wb") as out:
            write_pdf(_pdf_pages(document, pages, worker), out, About(_title(document), document.created_at))
        proof = prove_pdf(file, document.page_count)
        bundled = Bundled(_document_key(document), sha256_of(file), file.stat().st_size, proof.pdfa)
        worker.store.put(bundled.key, file, bundled.sha256)
    finally:
        file.unlink(missing_ok=True)
    with transaction.atomic():
        if attach(document, bundled, now):
            account_for_document(document, now)
    _drop_readings(pages, worker.store)


def _is_its_turn(document: Document, now: datetime) -> bool:
    """Scans of one component are bundled in the order in which they were dropped: a later one may supersede the one before it."""
    first = turn_of(document)
    if first == document:
        return True
    if first.lease_until is not None and first.lease_until > now:
        put_off(document, now, _TURN_SECONDS, counted=False)
    else:
        free(document)
    return False


def _pdf_pages(document: Document, pages: list[Page], worker: Worker) -> Iterator[PdfPage]:
    for place, page in enumerate(pages, start=1):
        reading = worker.reader.reading(page)
        title = _title(document) if place == 1 else f"Trang {place}"
        yield PdfPage(reading.access, reading.words, title)


def _title(document: Document) -> str:
    assert document.dossier is not None
    return f"{document.dossier.number} {document.component or ''}".strip()


def _document_key(document: Document) -> str:
    """`{office}/{yyyy}/{mm}/{dossier uid}/{document uid}/v{n}.pdf`: nothing personal in it; all versions under the uid of the first."""
    assert document.dossier is not None
    made = document.created_at
    office = document.batch.office or "-"
    return f"{office}/{made:%Y}/{made:%m}/{document.dossier.uid}/{document.lineage or document.id}/v{document.version}.pdf"


# --- what the steps share ----------------------------------------------------------------------------------------------------


def _send_after_commit(queue: Queue, step: Step, ids: list[str]) -> None:
    for row_id in ids:
        transaction.on_commit(lambda row_id=row_id: queue.send(step, row_id))  # type: ignore[misc]


def _drop_readings(pages: list[Page], store: ObjectStore) -> None:
    """What was only needed on the way goes; were it needed again, it would be made again."""
    for page in pages:
        if page.work_key:
            store.delete(page.work_key)
