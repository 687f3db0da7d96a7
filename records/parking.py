"""A batch that could not be split is kept together: all its pages wait for a person as one document."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from records.attachment import settle
from records.events import Happening, record
from records.models import Batch, Document, Page


def park_whole(batch: Batch, reason: str, now: datetime) -> None:
    """End a batch's way with a parked document of every page that nothing was decided about; `reason` is the code of the failure."""
    with transaction.atomic():
        pages = list(Page.objects.filter(scan__batch=batch, document=None, disposition=None).order_by("scan__position", "number"))
        if pages:
            document = _document(batch, pages, reason, now)
            record(Happening("document.parked", now, document=document, detail={"pages": len(pages), "reason": reason}))
        Batch.objects.filter(pk=batch.pk).update(state=Batch.State.ASSEMBLED, lease_until=None, attempts=0)
        batch.refresh_from_db()
        settle(batch)


def _document(batch: Batch, pages: list[Page], reason: str, now: datetime) -> Document:
    document = Document.objects.create(
        id=uuid.uuid5(batch.id, f"whole/{pages[0].scan_id}/{pages[0].number}"),
        batch=batch,
        state=Document.State.PARKED,
        reason=reason,
        page_count=len(pages),
        created_at=now,
    )
    for place, page in enumerate(pages, start=1):
        page.document, page.page_in_document, page.disposition = document, place, Page.Disposition.PARKED
    Page.objects.bulk_update(pages, ["document", "page_in_document", "disposition"], batch_size=500)
    return document
