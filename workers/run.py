"""The shell around the steps: runs one, and sorts what fails by consequence. A worker survives whatever a step raises."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from pipeline.errors import DatabaseDown, Encrypted, Refused, SohoaError, TimedOut, Unavailable, Unexpected, Violated
from records.attachment import park, settle
from records.events import Happening, record
from records.models import Batch, Document, Page, Scan
from records.parking import park_whole
from workers.failures import as_ours
from workers.lease import put_off
from workers.queue import Step
from workers.steps import assemble_step, bundle_step, go_on, is_read, open_step, read_step
from workers.worker import Worker

_AGAIN_SECONDS = 10.0
_STEPS = {Step.OPEN: open_step, Step.READ: read_step, Step.ASSEMBLE: assemble_step, Step.BUNDLE: bundle_step}
log = logging.getLogger(__name__)


def run(step: Step, row_id: str, worker: Worker) -> None:
    """Run one step to its end, good or bad. Raises nothing but what ends the process."""
    begun = time.monotonic()
    try:
        _tried(step, row_id, worker)
    except Exception as error:  # the lease runs out and the reconciler sends the step again
        ours = as_ours(error)
        if isinstance(ours, Unavailable):
            log.warning("%s %s: %s", step, row_id, ours)
        else:
            log.exception("%s %s: %s", step, row_id, ours)
        connection.close()
    log.info("%s %s %.2fs", step, row_id, time.monotonic() - begun)


def _tried(step: Step, row_id: str, worker: Worker) -> None:
    try:
        _STEPS[step](row_id, worker, timezone.now())
    except Exception as error:
        ours = as_ours(error)
        if isinstance(ours, DatabaseDown):
            connection.close()  # a new one may be had already, to write that the step is put off
        if isinstance(ours, Violated):
            log.exception("%s %s: %s", step, row_id, ours)
        else:
            log.warning("%s %s: %s", step, row_id, ours)
        _FAILED[step](row_id, ours, worker, timezone.now())


def _later(error: SohoaError, row: Scan | Page | Batch | Document, worker: Worker, now: datetime) -> bool:
    """Whether the step is tried again: always while the world is away, a few times when it is too slow or fell over."""
    outside = isinstance(error, Unavailable) and not isinstance(error, TimedOut)
    passing = isinstance(error, (TimedOut, Unexpected)) and row.attempts < worker.config.queue.attempts
    if outside or passing:
        put_off(row, now, _AGAIN_SECONDS, counted=not outside)
    return outside or passing


def _open_failed(scan_id: str, error: SohoaError, worker: Worker, now: datetime) -> None:
    scan = Scan.objects.filter(pk=scan_id, page_count=None, state=Scan.State.WAITING).select_related("batch").first()
    if scan is None or _later(error, scan, worker, now):
        return
    refused = isinstance(error, Refused) and not isinstance(error, Encrypted)
    with transaction.atomic():
        scan.state = Scan.State.REFUSED if refused else Scan.State.PARKED
        scan.reason, scan.page_count, scan.lease_until = error.code, 0, None
        scan.save(update_fields=["state", "reason", "page_count", "lease_until"])
        record(Happening("scan.refused" if refused else "scan.parked", now, scan=scan, detail={"reason": error.code}))
        settle(scan.batch)
    if is_read(scan.batch):
        worker.queue.send(Step.ASSEMBLE, str(scan.batch_id))


def _read_failed(page_id: str, error: SohoaError, worker: Worker, now: datetime) -> None:
    page = Page.objects.filter(pk=page_id, state=Page.State.WAITING).select_related("scan__batch").first()
    if page is None or _later(error, page, worker, now):
        return
    with transaction.atomic():
        page.state, page.reason, page.lease_until, page.attempts = Page.State.FAILED, error.code, None, 0
        page.save(update_fields=["state", "reason", "lease_until", "attempts"])
        record(Happening("page.failed", now, scan=page.scan, detail={"page": page.number, "reason": error.code}))
    go_on(page, worker, now)


def _assemble_failed(batch_id: str, error: SohoaError, worker: Worker, now: datetime) -> None:
    """A batch that cannot be split waits for a person as a whole: none of its pages may go anywhere by itself."""
    batch = Batch.objects.filter(pk=batch_id, state=Batch.State.READING).first()
    if batch is not None and not _later(error, batch, worker, now):
        park_whole(batch, error.code, now)


def _bundle_failed(document_id: str, error: SohoaError, worker: Worker, now: datetime) -> None:
    document = Document.objects.filter(pk=document_id, state=Document.State.BUNDLING).select_related("batch", "dossier").first()
    if document is not None and not _later(error, document, worker, now):
        park(document, error.code, now)


_FAILED = {Step.OPEN: _open_failed, Step.READ: _read_failed, Step.ASSEMBLE: _assemble_failed, Step.BUNDLE: _bundle_failed}
