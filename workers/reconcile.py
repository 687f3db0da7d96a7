"""What is unfinished and held by nobody is sent again. Whatever the queue lost, the catalogue still knows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from records.models import Batch, Document, Page, Scan
from workers.queue import Queue, Step
from workers.steps import is_read

_AT_ONCE = 500  # scans looked at in one round


def unfinished(now: datetime, pages_in_flight: int) -> Iterator[tuple[Step, str]]:
    """Every step that could be done now: oldest scans first, a bounded number of pages of each."""
    unheld = Q(lease_until=None) | Q(lease_until__lte=now)
    for document in Document.objects.filter(unheld, state=Document.State.BUNDLING).order_by("created_at")[:_AT_ONCE]:
        yield Step.BUNDLE, str(document.pk)
    for batch in Batch.objects.filter(unheld, state=Batch.State.READING).order_by("received_at")[:_AT_ONCE]:
        if is_read(batch):
            yield Step.ASSEMBLE, str(batch.pk)
    for scan in Scan.objects.filter(unheld, state=Scan.State.WAITING, page_count=None).order_by("received_at")[:_AT_ONCE]:
        yield Step.OPEN, str(scan.pk)
    for (scan_pk,) in Page.objects.filter(state=Page.State.WAITING).order_by("scan__received_at").values_list("scan").distinct()[:_AT_ONCE]:
        waiting = Page.objects.filter(unheld, scan=scan_pk, state=Page.State.WAITING).order_by("number")
        for page in waiting[:pages_in_flight]:
            yield Step.READ, str(page.pk)


class Reconciler:
    """Sends what is unfinished again, each step at most once in `grace` seconds and not before it was seen that long.

    A queue that keeps messages (Celery) needs a grace; the local pool knows itself what it holds and needs none.
    """

    def __init__(self, queue: Queue, grace: float, pages_in_flight: int) -> None:
        self._queue = queue
        self._grace = grace
        self._pages_in_flight = pages_in_flight
        self._seen: dict[tuple[Step, str], float] = {}

    def round(self, now: datetime) -> int:
        """One look at the catalogue; returns how many steps are unfinished and held by nobody."""
        clock = time.monotonic()
        seen = {}
        for item in unfinished(now, self._pages_in_flight):
            since = self._seen.get(item, clock)
            if clock - since >= self._grace:
                self._queue.send(*item)
                since = clock
            seen[item] = since
        self._seen = seen
        return len(seen)
