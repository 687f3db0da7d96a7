"""A lease on a row: one worker at a time, and another one's turn when it runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet

from pipeline.errors import TimedOut
from records.models import Task

Row = TypeVar("Row", bound=Task)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a lease."""

    seconds: float  # before another worker may take the row
    attempts: int  # a step may be begun


def take(rows: QuerySet[Row], terms: Terms, now: datetime) -> Row | None:
    """Lease the one row the query names, if it is still there to do and nobody holds it; None when there is nothing to do.

    Raises TimedOut when it was begun as often as the terms allow and never came to an end: it kills or hangs its workers.
    """
    unheld = rows.filter(Q(lease_until=None) | Q(lease_until__lte=now))
    if not unheld.update(lease_until=now + timedelta(seconds=terms.seconds), attempts=F("attempts") + 1):
        return None
    row = rows.get()
    if row.attempts > terms.attempts:
        raise TimedOut(f"begun {row.attempts} times")
    return row


def put_off(row: Task, now: datetime, seconds: float, *, counted: bool) -> None:
    """Leave the row for later: nobody may take it for so many seconds. `counted` False: this attempt was not the row's fault."""
    attempts = row.attempts if counted else max(0, row.attempts - 1)
    _rows(row).update(lease_until=now + timedelta(seconds=seconds), attempts=attempts)


def free(row: Task) -> None:
    """Give the lease back and forget the attempts: the step is done."""
    _rows(row).update(lease_until=None, attempts=0)


def _rows(row: Task) -> QuerySet[Any]:
    model: Any = type(row)
    rows: QuerySet[Any] = model.objects.filter(pk=row.pk)
    return rows
