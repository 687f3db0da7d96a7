"""Where is this paper? Full text and fields of the dossiers, in the database itself.

The unit is a page of an attached document; the number, applicant, subject and identity number of its dossier are searched along
with it and weigh less. What is found with the marks as typed comes first, what agrees without marks follows, nothing is missed.
Office, day and procedure are asked of the register as it stands, never of copies. Counting takes every match; ranking the newest
2,000, which is what keeps it quick (newest: of the latest registered dossiers). Indexing runs inside its caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from time import perf_counter
from uuid import UUID

from django.db import connection
from django.db.models import Q

from records import search_postgres, search_sqlite
from records.cells import VIETNAM
from records.models import Attachment, Document, Dossier, DossierFact, Office, Page
from records.search_index import (
    RANKED,
    Backend,
    Entry,
    Restriction,
    StoredPage,
    dossier_of,
    ids_of_document,
    located,
    next_id,
    pages_of_dossier,
    storable,
)
from records.search_snippet import snippet
from records.search_words import Form, Wanted, understand

MAX_HITS = 200
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)  # days asked for beyond these are taken as these


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked. `words` is whatever was typed; days are days of receipt in Vietnam, both included; empty filters say nothing."""

    words: str
    office: str | None = None  # code; receiving or executing, offices below it included
    from_day: date | None = None
    to_day: date | None = None
    procedure: str | None = None  # code
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One page. `score`: over 1 where the words stand with their marks as typed, else below; only good for comparing."""

    dossier: str  # number
    document: UUID
    page: int  # in its document, from 1
    score: float
    snippet: str  # HTML, escaped but for <mark>; identity numbers masked


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`total` counts all pages that match, exactly; only for a phrase of three syllables or more that has over 2,000 candidates
    it counts the pages on which all neighbouring pairs of the phrase stand."""

    total: int
    seconds: float
    hits: tuple[Hit, ...]


def search(query: SearchQuery) -> SearchResult:
    """Pages that hold all of the words, best first. Any text may be asked; what says nothing finds nothing."""
    began = perf_counter()
    wanted = understand(query.words)
    total: int = 0
    hits: tuple[Hit, ...] = ()
    if wanted.terms:
        total, scores = _scores(wanted, _restriction(query), max(0, min(query.limit, MAX_HITS)))
        hits = _hits(scores, wanted)
    return SearchResult(total, perf_counter() - began, hits)


def index_document(document: Document) -> int:
    """Make the pages of an attached document findable under each dossier it serves; returns how many. Again is the same as once."""
    assert connection.in_atomic_block, "a document is attached and indexed in one transaction"
    assert document.dossier_id is not None, "only a document with a dossier is indexed"
    remove_document(document)
    served = set(document.attachments.filter(known_to=None).values_list("dossier", flat=True))
    pages = document.placed_pages()
    for dossier in Dossier.objects.select_for_update().filter(pk__in=served or {document.dossier_id}).order_by("pk"):
        # the lock has two documents of a dossier take their turns
        fields = _fields(dossier.number, DossierFact.objects.filter(dossier=dossier, known_to=None).first())
        first = next_id(dossier.pk)
        _backend().add(
            Entry(StoredPage(entry, page.pk, document.pk.hex, place, fields), page.text)
            for entry, (place, page) in enumerate(pages, start=first)
        )
    return len(pages) * max(1, len(served))


def remove_document(document: Document) -> int:
    """Take the pages of a document out of the index; returns how many there were."""
    ids = ids_of_document(document.pk.hex)
    _backend().remove(ids)
    return len(ids)


def refresh_dossiers(dossiers: Iterable[int]) -> int:
    """Index the pages of dossiers (primary keys) anew whose searched fields the register changed; returns how many dossiers.

    To be called in the transaction that loads the register. Unchanged dossiers are not written.
    """
    assert connection.in_atomic_block, "a register is loaded and the index refreshed in one transaction"
    keys = list(dossiers)
    attached = Document.objects.filter(state=Document.State.ATTACHED, dossier__in=keys).values("dossier")
    shared = Attachment.objects.filter(known_to=None, dossier__in=keys).values("dossier")
    facts = DossierFact.objects.filter(Q(dossier__in=attached) | Q(dossier__in=shared), known_to=None).select_related("dossier")
    return sum(_refresh(fact) for fact in facts)


def _refresh(fact: DossierFact) -> bool:
    fields = _fields(fact.dossier.number, fact)
    pages = pages_of_dossier(fact.dossier_id)
    if all(page.fields == fields for page in pages):
        return False
    texts = dict(Page.objects.filter(pk__in=[page.page for page in pages]).values_list("pk", "text"))
    _backend().remove([page.id for page in pages])
    _backend().add([Entry(replace(page, fields=fields), texts[page.page]) for page in pages])
    return True


def _backend() -> Backend:
    return search_sqlite if connection.vendor == "sqlite" else search_postgres


def _fields(number: str, fact: DossierFact | None) -> str:
    """What is searched of a dossier beside its pages, a line each."""
    return "\n".join([number] if fact is None else [number, fact.applicant, fact.subject, fact.identity_number])


def _scores(wanted: Wanted, restriction: Restriction, limit: int) -> tuple[int, dict[int, float]]:
    """How many pages match, and the scores of the best `limit` of them by entry id, best first."""
    backend = _backend()
    exact = backend.newest(wanted, Form.EXACT, restriction) if wanted.is_marked else {}
    folded = None if wanted.is_marked and len(exact) >= limit else backend.newest(wanted, Form.FOLDED, restriction)
    if folded is not None and len(folded) < RANKED and not wanted.has_long_phrase:
        total = len(folded)
    else:
        total = backend.count(wanted, restriction)
        if wanted.has_long_phrase and total <= RANKED:  # few enough for all of them to be proved
            folded = backend.newest(wanted, Form.FOLDED, restriction) if folded is None else folded
            total = len(folded)
    scores = dict(folded or {}) | {entry: 1 + score for entry, score in exact.items()}
    best = sorted(scores.items(), key=lambda scored: (-scored[1], -scored[0]))
    return total, dict(best[:limit])


def _hits(scores: dict[int, float], wanted: Wanted) -> tuple[Hit, ...]:
    pages = located(scores)
    texts = dict(Page.objects.filter(pk__in=[page.page for page in pages.values()]).values_list("pk", "text"))
    numbers = dict(Dossier.objects.filter(pk__in=[dossier_of(entry) for entry in scores]).values_list("pk", "number"))
    return tuple(
        Hit(
            dossier=numbers[dossier_of(entry)],
            document=UUID(pages[entry].document),
            page=pages[entry].number,
            score=score,
            snippet=snippet(texts[pages[entry].page], wanted),
        )
        for entry, score in scores.items()
        if entry in pages  # it may have been taken out since it was counted
    )


def _restriction(query: SearchQuery) -> Restriction:
    """The dossiers that pass the filters, as a subquery over the facts that hold now."""
    facts = DossierFact.objects.filter(known_to=None)
    if query.office:
        below = _offices_below(storable(query.office))
        facts = facts.filter(Q(receiving__in=below) | Q(executing__in=below))
    if query.from_day is not None:
        facts = facts.filter(received_at__gte=_midnight(query.from_day))
    if query.to_day is not None:
        facts = facts.filter(received_at__lt=_midnight(query.to_day) + timedelta(days=1))
    if query.procedure:
        facts = facts.filter(procedure=storable(query.procedure))
    if not (query.office or query.from_day or query.to_day or query.procedure):
        return Restriction()
    sql, params = facts.values("dossier_id").query.sql_with_params()
    return Restriction(sql, tuple(params))


def _midnight(day: date) -> datetime:
    return datetime.combine(min(max(day, _FIRST_DAY), _LAST_DAY), time(), VIETNAM)


def _offices_below(code: str) -> list[str]:
    """The office and every office below it, as the register says now."""
    found, latest = {code}, {code} - {""}  # an office without a parent is below nothing
    while latest:
        latest = set(Office.objects.filter(known_to=None, parent__in=latest).values_list("code", flat=True)) - found
        found |= latest
    return sorted(found)
