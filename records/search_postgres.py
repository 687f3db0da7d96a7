"""Search in PostgreSQL: two tsvectors a page, one a form, under one GIN index. Implements `records.search_index.Backend`.

The vectors are written out here, word by word, instead of by `to_tsvector`, whose parser has its own idea of codes and hyphens.
Words on the page have weight A, words of the dossier's fields weight D.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection

from records.search_index import RANKED, Entry, Restriction
from records.search_words import Form, Indexed, Term, Wanted, indexed, pairs

_WEIGHTS = "{0.2, 0, 0, 1}"  # D, C, B, A
_NORMALISED = 1 | 32  # divided by 1 + log of the length; scaled to rank / (rank + 1)
_GAP = 10  # positions between fields and page, so that no phrase reaches across


def add(entries: Iterable[Entry]) -> None:
    rows: list[tuple[int | str, ...]] = []
    for entry in entries:
        stored = entry.stored
        bodies, fields = indexed(entry.text), indexed(stored.fields)
        vectors = [_vector(bodies[form], fields[form]) for form in (Form.EXACT, Form.FOLDED)]
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
    with connection.cursor() as cursor:
        cursor.execute(sql, [_match(wanted, Form.FOLDED), *restriction.params])
        return int(cursor.fetchone()[0])


def newest(wanted: Wanted, form: Form, restriction: Restriction) -> Mapping[int, float]:
    sql = f"""
        WITH matching AS MATERIALIZED (SELECT id FROM records_searchpage WHERE {form} @@ %s::tsquery{restriction.clause("id")}),
             newest AS MATERIALIZED (SELECT id FROM matching ORDER BY id DESC LIMIT {RANKED})
        SELECT id, ts_rank('{_WEIGHTS}', {form}, %s::tsquery, {_NORMALISED}) FROM newest JOIN records_searchpage USING (id)
        """  # noqa: S608 - words are parameters
    params: list[Any] = [_match(wanted, form), *restriction.params, _ranking(wanted, form)]
    if wanted.has_long_phrase:
        sql += f" WHERE {form} @@ %s::tsquery"
        params.append(_phrases(wanted, form))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return dict(cursor.fetchall())


def _vector(body: Indexed, fields: Indexed) -> str:
    """The text of a tsvector: fields first, a gap, the page; pairs and keys have places too, or they would weigh nothing."""
    places: dict[str, list[str]] = defaultdict(list)
    end = _place(places, fields, 1, "D")
    _place(places, body, end + _GAP, "A")
    return " ".join(f"'{word}':{','.join(at[:255])}" for word, at in places.items())


def _place(places: dict[str, list[str]], said: Indexed, begin: int, weight: str) -> int:
    for place, word in enumerate(said.words, start=begin):
        places[word].append(f"{place}{weight}")
    for place, pair in enumerate(said.pairs, start=begin):
        places[pair].append(f"{place}{weight}")
    for key in said.keys:
        places[key].append(f"{begin}{weight}")
    return begin + len(said.words)


# --- tsquery expressions; every word is quoted, and no word holds a quote or backslash -----------------------------------------


def _match(wanted: Wanted, form: Form) -> str:
    return " & ".join(_term(term, form) for term in wanted.terms)


def _term(term: Term, form: Form) -> str:
    words = [word.of(form) for word in term.words]
    said = " & ".join(map(_quoted, pairs(words))) if len(words) > 1 else _quoted(*words)
    return f"(({said}) | {_quoted(term.key)}{':*' if term.is_prefix else ''})" if term.key else f"({said})"


def _ranking(wanted: Wanted, form: Form) -> str:
    """As `_match`, or with any pair of words typed side by side, which then adds to the rank."""
    together = [_quoted(f"{left.of(form)}_{right.of(form)}") for left, right in wanted.neighbours]
    return " | ".join([f"({_match(wanted, form)})", *together])


def _phrases(wanted: Wanted, form: Form) -> str:
    long = [term.words for term in wanted.terms if len(term.words) > 2 and not term.key]
    return " & ".join(f"({' <-> '.join(_quoted(word.of(form)) for word in words)})" for words in long)


def _quoted(word: str) -> str:
    return f"'{word}'"
