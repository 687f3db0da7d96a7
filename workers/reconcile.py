"""What is unfinished and held by nobody is sent again. Whatever the queue lost, the catalogue still knows."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from records.models import Batch, Document, Page, Scan
from workers.queue import Queue, Step
from workers.steps import is_read

_AT_ONCE = 500  # scans looked at in one round


def unfinished(now: datetime, pages_in_flight: int, batches: Collection[UUID] | None = None) -> Iterator[tuple[Step, str]]:
    """Every step that could be done now: oldest scans first, a bounded number of pages of each. `batches`: of these only."""
    unheld = Q(lease_until=None) | Q(lease_until__lte=now)
    within = Q() if batches is None else Q(batch__in=batches)
    for document in Document.objects.filter(unheld, within, state=Document.State.BUNDLING).order_by("created_at")[:_AT_ONCE]:
        yield Step.BUNDLE, str(document.pk)
    reading = Batch.objects.filter(unheld, Q() if batches is None else Q(pk__in=batches), state=Batch.State.READING)
    for batch in reading.order_by("received_at")[:_AT_ONCE]:
        if is_read(batch):
            yield Step.ASSEMBLE, str(batch.pk)
    for scan in Scan.objects.filter(unheld, within, state=Scan.State.WAITING, page_count=None).order_by("received_at")[:_AT_ONCE]:
        yield Step.OPEN, str(scan.pk)
    unread = Page.objects.filter(Q() if batches is None else Q(scan__batch__in=batches), state=Page.State.WAITING)
    for (scan_pk,) in unread.order_by("scan__received_at").values_list("scan").distinct()[:_AT_ONCE]:
        waiting = Page.objects.filter(unheld, scan=scan_pk, state=Page.State.WAITING).order_by("number")
        for page in waiting[:pages_in_flight]:
            yield Step.READ, str(page.pk)


class Reconciler:
    """Sends what is unfinished again, each step at most once in `grace` seconds and not before it was seen that long.

    A queue that keeps messages (Celery) needs a grace; the local pool knows itself what it holds and needs none.
    """

    def __init__(self, queue: Queue, grace: float, pages_in_flight: int, batches: Collection[UUID] | None = None) -> None:
        self._queue = queue
        self._batches = batches  # None: all
        self._grace = grace
        self._pages_in_flight = pages_in_flight
        self._seen: dict[tuple[Step, str], float] = {}

    def round(self, now: datetime) -> int:
        """One look at the catalogue; returns how many steps are unfinished and held by nobody."""
        clock = time.monotonic()
        seen = {}
        for item in unfinished(now, self._pages_in_flight, self._batches):
            since = self._seen.get(item, clock)
            if clock - since >= self._grace:
                self._queue.send(*item)
                since = clock
            seen[item] = since
        self._seen = seen
        return len(seen)
