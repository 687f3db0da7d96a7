"""Facts are never overwritten: which rows of a register say something new, and how a known fact is closed and a new one opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db import connection

from records.models import Known
from records.register_reading import R

F = TypeVar("F", bound=Known)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Revision(Generic[R, F]):
    """A row that says something the catalogue does not know."""

    row: R
    fact: F | None  # what was known of its key; None: nothing
    values: Mapping[str, Any]  # the attributes of the new fact
    columns: tuple[str, ...]  # that changed; empty when nothing was known


def revise(rows: Iterable[R], known: Mapping[tuple[object, ...], F], attributes: Callable[[F], Mapping[str, Any]]) -> list[Revision[R, F]]:
    """The revisions that the rows ask for; rows that say what is known ask for none. `attributes` tells what a fact says."""
    revisions = []
    for row in rows:
        fact = known.get(row.key)
        before = attributes(fact) if fact else {}
        columns = tuple(row.differing(before)) if fact else ()
        if fact is None or columns:
            revisions.append(Revision(row, fact, row.over(before), columns))
    return revisions


def close(kind: type[F], revisions: Iterable[Revision[R, F]], now: datetime) -> None:
    """End the facts that are revised, before their successors are written."""
    for some in batches((revision.fact.pk for revision in revisions if revision.fact), 500):
        kind._default_manager.filter(pk__in=some).update(known_to=now)


def one_loader_at_a_time(kind: type[Known]) -> None:
    """Inside a transaction: wait until no other load writes these facts. SQLite's immediate transactions do so by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{kind._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')


def batches(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    """The items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
