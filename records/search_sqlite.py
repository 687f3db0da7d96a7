"""Search in SQLite: two contentless FTS5 tables, one a form, ranked by BM25. Implements `records.search_index.Backend`.

A contentless table stores the index alone; taking a row out means telling it the words that went in, so these are kept, packed.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping

from django.db import connection

from records.search_index import RANKED, Entry, Restriction
from records.search_words import Form, Indexed, Term, Wanted, indexed, pairs

_TABLES = {Form.EXACT: "records_searchpage_exact", Form.FOLDED: "records_searchpage_folded"}
_FIELD_WEIGHT = 0.2  # of a hit in the dossier's fields, a hit on the page being 1


def add(entries: Iterable[Entry]) -> None:
    rows = []
    words: dict[Form, list[tuple[int, str, str]]] = {form: [] for form in Form}
    for entry in entries:
        stored = entry.stored
        bodies, fields = indexed(entry.text), indexed(stored.fields)
        rows.append((stored.id, stored.page, stored.document, stored.number, stored.fields, _packed(bodies, fields)))
        for form in Form:
            words[form].append((stored.id, _column(bodies[form]), _column(fields[form])))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO records_searchpage (id, page_id, document_id, number, fields, words) VALUES (%s, %s, %s, %s, %s, %s)", rows
        )
        for form, table in _TABLES.items():
            cursor.executemany(f"INSERT INTO {table} (rowid, body, fields) VALUES (%s, %s, %s)", words[form])  # noqa: S608 - constant


def remove(ids: Collection[int]) -> None:
    with connection.cursor() as cursor:
        for entry in ids:
            cursor.execute("SELECT words FROM records_searchpage WHERE id = %s", [entry])
            bodies, fields = _unpacked(cursor.fetchone()[0])
            for form, table in _TABLES.items():
                cursor.execute(
                    f"INSERT INTO {table} ({table}, rowid, body, fields) VALUES ('delete', %s, %s, %s)",  # noqa: S608 - constant
                    [entry, _column(bodies[form]), _column(fields[form])],
                )
            cursor.execute("DELETE FROM records_searchpage WHERE id = %s", [entry])


def count(wanted: Wanted, restriction: Restriction) -> int:
    table = _TABLES[Form.FOLDED]
    sql = f"SELECT count(*) FROM {table} WHERE {table} MATCH %s{restriction.clause('rowid')}"  # noqa: S608 - words are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, [_match(wanted, Form.FOLDED), *restriction.params])
        return int(cursor.fetchone()[0])


def newest(wanted: Wanted, form: Form, restriction: Restriction) -> Mapping[int, float]:
    table = _TABLES[form]
    sql = (
        f"SELECT rowid, -bm25({table}, 1.0, {_FIELD_WEIGHT}) FROM {table} WHERE {table} MATCH %s{restriction.clause('rowid')}"  # noqa: S608
        f" ORDER BY rowid DESC LIMIT {RANKED}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [_ranking(wanted, form), *restriction.params])
        scores = {entry: score / (1 + score) for entry, score in cursor.fetchall()}
        if scores and wanted.has_long_phrase:
            sql = f"SELECT rowid FROM {table} WHERE {table} MATCH %s AND rowid BETWEEN %s AND %s"  # noqa: S608 - as above
            cursor.execute(sql, [_phrases(wanted, form), min(scores), max(scores)])
            proved = {entry for (entry,) in cursor.fetchall()}
            scores = {entry: score for entry, score in scores.items() if entry in proved}
    return scores


def _column(said: Indexed) -> str:
    return " ".join((*said.words, *said.keys, *said.pairs))


def _packed(*texts: Mapping[Form, Indexed]) -> bytes:
    lines = [" ".join(line) for text in texts for said in (text[Form.EXACT], text[Form.FOLDED]) for line in (said.words, said.keys)]
    return zlib.compress("\n".join(lines).encode(), 1)


def _unpacked(packed: bytes) -> tuple[Mapping[Form, Indexed], Mapping[Form, Indexed]]:
    lines = [tuple(line.split()) for line in zlib.decompress(packed).decode().split("\n")]
    exact, folded, field_exact, field_folded = (Indexed(words, keys) for words, keys in zip(lines[::2], lines[1::2], strict=True))
    return {Form.EXACT: exact, Form.FOLDED: folded}, {Form.EXACT: field_exact, Form.FOLDED: field_folded}


# --- FTS5 expressions; every word is quoted, and no word holds a quote ---------------------------------------------------------


def _match(wanted: Wanted, form: Form) -> str:
    return " AND ".join(_term(term, form) for term in wanted.terms)


def _term(term: Term, form: Form) -> str:
    words = [word.of(form) for word in term.words]
    said = " AND ".join(map(_quoted, pairs(words))) if len(words) > 1 else _quoted(*words)
    key = f"{_quoted(term.key)}{' *' if term.is_prefix else ''}"
    return f"(({said}) OR {key})" if term.key else f"({said})"


def _ranking(wanted: Wanted, form: Form) -> str:
    """As `_match`, with neighbours weighed in: the first word, which is there anyway, or any pair of words typed side by side."""
    first = wanted.terms[0]
    if not wanted.neighbours or len(first.words) > 1 or first.key:
        return _match(wanted, form)
    together = [_quoted(f"{left.of(form)}_{right.of(form)}") for left, right in wanted.neighbours]
    return f"{_match(wanted, form)} AND ({' OR '.join([_quoted(first.words[0].of(form)), *together])})"


def _phrases(wanted: Wanted, form: Form) -> str:
    long = [term.words for term in wanted.terms if len(term.words) > 2 and not term.key]
    return " AND ".join(_quoted(" ".join(word.of(form) for word in words)) for words in long)


def _quoted(words: str) -> str:
    return f'"{words}"'
