"""The rows of the search index, the same in every database, and what a database has to do for search.

An entry is one page of one dossier. Its id begins with the dossier's key, so that a filter over dossiers needs no look-up per
match and a dossier's entries are one range. No model stands for the table: nothing else reads or writes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from records.search_words import Form, Wanted

RANKED = 2_000  # newest matches that are ranked
DOSSIER_BITS = 20  # an entry's id is its dossier's key, then this many bits of count


@dataclass(frozen=True, slots=True)
class StoredPage:
    """One row of the index."""

    id: int
    page: int  # primary key of the page
    document: str  # hex
    number: int  # of the page in its document, from 1
    fields: str  # what is searched of its dossier


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be indexed."""

    stored: StoredPage
    text: str  # of the page


@dataclass(frozen=True, slots=True)
class Restriction:
    """A subquery of dossier keys that matches must belong to; empty: any dossier."""

    sql: str = ""
    params: tuple[Any, ...] = ()

    def clause(self, entry: str) -> str:
        """` AND ...` for the entry id in column `entry`, or nothing."""
        return f" AND {entry} >> {DOSSIER_BITS} IN ({self.sql})" if self.sql else ""


class Backend(Protocol):
    """What a database has to do. Scores lie between 0 and 1, greater is better."""

    def add(self, entries: Iterable[Entry]) -> None:
        """Write rows and their words."""

    def remove(self, ids: Collection[int]) -> None:
        """Take rows and their words out."""

    def count(self, wanted: Wanted, restriction: Restriction) -> int:
        """Entries that match in folded form; phrases as far as pairs of neighbours tell."""

    def newest(self, wanted: Wanted, form: Form, restriction: Restriction) -> Mapping[int, float]:
        """Scores of the newest RANKED matches by entry id; phrases proved word by word."""


def dossier_of(entry: int) -> int:
    """The key of the dossier an entry belongs to."""
    return entry >> DOSSIER_BITS


def next_id(dossier: int) -> int:
    """The first free entry id of a dossier."""
    first = dossier << DOSSIER_BITS
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM records_searchpage WHERE id BETWEEN %s AND %s", [first, first + (1 << DOSSIER_BITS) - 1])
        (last,) = cursor.fetchone()
    return first if last is None else last + 1


def ids_of_document(document: str) -> list[int]:
    """The entries of a document."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM records_searchpage WHERE document_id = %s ORDER BY id", [document])
        return [entry for (entry,) in cursor.fetchall()]


def pages_of_dossier(dossier: int) -> list[StoredPage]:
    """The rows of a dossier in order."""
    first = dossier << DOSSIER_BITS
    return _rows("id BETWEEN %s AND %s ORDER BY id", [first, first + (1 << DOSSIER_BITS) - 1])


def located(ids: Collection[int]) -> dict[int, StoredPage]:
    """The rows with these ids."""
    if not ids:
        return {}
    return {row.id: row for row in _rows(f"id IN ({', '.join(['%s'] * len(ids))})", list(ids))}


def storable(text: str) -> str:
    """`text` without what no database takes: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _rows(condition: str, params: Sequence[int | str]) -> list[StoredPage]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, page_id, document_id, number, fields FROM records_searchpage WHERE {condition}", params)  # noqa: S608 - constants
        return [StoredPage(*row) for row in cursor.fetchall()]
