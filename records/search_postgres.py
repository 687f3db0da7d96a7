"""Search in PostgreSQL: two tsvectors a page, one a form, under one GIN index. Implements `records.search_index.Backend`.

The vectors are written out here, word by word, instead of by `to_tsvector`, whose parser has its own idea of codes and hyphens.
Words on the page have weight A, words of the dossier's fields weight D. Pairs of neighbours stand in the folded vector alone, without
places: they name the candidates for a phrase, and the places of the words then prove it, in either form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from records.search_index import RANKED, Entry, Restriction
from records.search_words import Form, Indexed, Term, Wanted, indexed, pairs

_WEIGHTS = "{0.2, 0, 0, 1}"  # D, C, B, A
_NORMALISED = 1  # divided by 1 + log of the length
_GAP = 10  # positions between fields and page, so that no phrase reaches across


def add(entries: Iterable[Entry]) -> None:
    rows: list[tuple[int | str, ...]] = []
    for entry in entries:
        stored = entry.stored
        bodies, fields = indexed(entry.text), indexed(stored.fields)
        vectors = [_vector(bodies[form], fields[form], with_pairs=form is Form.FOLDED) for form in (Form.EXACT, Form.FOLDED)]
        rows.append((stored.id, stored.page, stored.document, stored.number, stored.fields, *vectors))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO records_searchpage (id, page_id, document_id, number, fields, exact, folded)"
            " VALUES (%s, %s, %s, %s, %s, %s::tsvector, %s::tsvector)",
            rows,
        )


def remove(ids: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_searchpage WHERE id = ANY(%s)", [list(ids)])


def count(wanted: Wanted, restriction: Restriction) -> int:
    sql = f"SELECT count(*) FROM records_searchpage WHERE folded @@ %s::tsquery{restriction.clause('id')}"  # noqa: S608 - words are parameters
    with _by_index() as cursor:
        cursor.execute(sql, [_match(wanted, Form.FOLDED), *restriction.params])
        return int(cursor.fetchone()[0])


def newest(wanted: Wanted, form: Form, restriction: Restriction) -> Mapping[int, float]:
    # + 0: else all of the table would be read in order of id until enough matches are found
    candidates = "folded @@ %s::tsquery" + (" AND exact @@ %s::tsquery" if form is Form.EXACT else "")
    together = [f"{_quoted(left.of(form))} <-> {_quoted(right.of(form))}" for left, right in wanted.neighbours]
    sql = f"""
        WITH newest AS MATERIALIZED (
               SELECT id FROM records_searchpage WHERE {candidates}{restriction.clause("id")} ORDER BY id + 0 DESC LIMIT {RANKED}),
             vectors AS MATERIALIZED (
               SELECT id, (SELECT {form} FROM records_searchpage WHERE records_searchpage.id = newest.id) AS vector FROM newest)
        SELECT id, ts_rank('{_WEIGHTS}', vector, asked, {_NORMALISED}) * (1{" + (vector @@ %s::tsquery)::int" * len(together)})
        FROM vectors, CAST(%s AS tsquery) AS asked WHERE vector @@ asked
        """  # noqa: S608 - words are parameters
    params = [_match(wanted, Form.FOLDED), *([_words(wanted, form)] if form is Form.EXACT else []), *restriction.params]
    with _by_index() as cursor:
        cursor.execute(sql, [*params, *together, _phrases(wanted, form)])
        return {entry: rank / (1 + rank) for entry, rank in cursor.fetchall()}


@contextmanager
def _by_index() -> Iterator[CursorWrapper]:
    """A cursor whose queries use the indexes even where all rows match: the planner does not see that reading a vector is dear.

    Compiling such queries takes longer than running them; the keys of all matches fit into the memory given.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off; SET LOCAL work_mem = '32MB'")
        yield cursor


def _vector(body: Indexed, fields: Indexed, *, with_pairs: bool) -> str:
    """The text of a tsvector: fields first, a gap, the page; then the pairs, which have no places."""
    places: dict[str, list[str]] = defaultdict(list)
    end = _place(places, fields, 1, "D")
    _place(places, body, end + _GAP, "A")
    words = [f"'{word}':{','.join(at[:255])}" for word, at in places.items()]
    return " ".join(words + ([f"'{pair}'" for pair in {*fields.pairs, *body.pairs}] if with_pairs else []))


def _place(places: dict[str, list[str]], said: Indexed, begin: int, weight: str) -> int:
    for place, word in enumerate(said.words, start=begin):
        places[word].append(f"{place}{weight}")
    for key in said.keys:
        places[key].append(f"{begin}{weight}")
    return begin + len(said.words)


# --- tsquery expressions; every word is quoted, and no word holds a quote or backslash -----------------------------------------


def _match(wanted: Wanted, form: Form) -> str:
    """Candidates: words, and phrases as their pairs."""
    return _all(wanted, form, lambda words: " & ".join(map(_quoted, pairs(words) if len(words) > 1 else words)))


def _words(wanted: Wanted, form: Form) -> str:
    """All words, wherever they stand."""
    return _all(wanted, form, lambda words: " & ".join(map(_quoted, words)))


def _phrases(wanted: Wanted, form: Form) -> str:
    """What is asked for, as it has to stand on the page."""
    return _all(wanted, form, lambda words: " <-> ".join(map(_quoted, words)))


def _all(wanted: Wanted, form: Form, said: Callable[[list[str]], str]) -> str:
    return " & ".join(f"(({said([word.of(form) for word in term.words])}){_or_key(term)})" for term in wanted.terms)


def _or_key(term: Term) -> str:
    return f" | {_quoted(term.key)}{':*' if term.is_prefix else ''}" if term.key else ""


def _quoted(word: str) -> str:
    return f"'{word}'"
