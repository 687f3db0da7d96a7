"""The one question the rates ask the database: the dossiers of a period, each in one state and with its conditions, counted.

It is one statement, hence one view of the catalogue. Offices are not rolled up here. The conditions are those of QĐ 766/QĐ-TTg
(23/06/2022) as the contract has them, each in one place of the statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from django.db import connection

from records.cells import VIETNAM

_INPUTS, _RESULT = 1, 2  # what of a dossier is digitised, added up
_KNOWN = "{0}.known_from <= %(as_of)s AND ({0}.known_to IS NULL OR {0}.known_to > %(as_of)s)"
_ATTACHED = f"""FROM records_attachment a WHERE a.dossier_id = fact.dossier_id AND {_KNOWN.format("a")}
            AND a.document_id NOT IN (SELECT d.id FROM records_document d WHERE d.page_count = 0 OR d.kind = 'receipt')"""  # noqa: S608 - put together from constants
_REUSED = "EXISTS (SELECT 1 FROM records_reusedcomponent r WHERE r.fact_id = fact.id AND {0})"
_RECEIVED = f"f.received_at >= %(start)s AND f.received_at < %(end)s AND {_KNOWN.format('f')}"

_QUERY = f"""
WITH fact AS MATERIALIZED (     -- what was known of the dossiers that were received in the period
    SELECT f.id, f.dossier_id, f.executing, f.procedure, f.channel, f.status, f.due_at, f.finished_at,
           {{received_day}} AS received_day, {{span}} AS span
    FROM records_dossierfact f WHERE {_RECEIVED}
),
ranked AS (                     -- the versions of their procedures that cover their day of receipt, the one that began last first
    SELECT asked.procedure, asked.received_day, p.id, p.needs_result,
           ROW_NUMBER() OVER (PARTITION BY asked.procedure, asked.received_day ORDER BY p.valid_from DESC NULLS LAST, p.id DESC) AS place
    FROM (SELECT DISTINCT procedure, received_day FROM fact) asked
    JOIN records_procedure p ON p.code = asked.procedure AND {_KNOWN.format("p")}
     AND (p.valid_from IS NULL OR p.valid_from <= asked.received_day) AND (p.valid_to IS NULL OR p.valid_to > asked.received_day)
),
version AS MATERIALIZED (SELECT procedure, received_day, id, needs_result FROM ranked WHERE place = 1),
judged AS (
    SELECT fact.span, {{executing}} AS executing, {{key}} AS key,
        CASE WHEN fact.status IN ('DUNG', 'RUT') THEN 'stopped'
             WHEN fact.finished_at IS NOT NULL THEN
                 CASE WHEN fact.due_at IS NULL THEN 'on_time'
                      WHEN {{finished_day}} < {{due_day}} THEN 'early'
                      WHEN fact.finished_at <= fact.due_at THEN 'on_time'
                      ELSE 'late' END
             WHEN fact.due_at IS NULL OR %(as_of)s <= fact.due_at THEN 'open_in_time'
             ELSE 'open_overdue' END AS state,
        CASE WHEN version.needs_result THEN 1 WHEN version.id IS NOT NULL THEN 0 END AS needs_result,
        (SELECT SUM(DISTINCT CASE WHEN a.component = 'KQ' THEN {{result}} ELSE {{inputs}} END) {_ATTACHED}) AS digitised,
        CASE WHEN {_REUSED.format("r.component <> 'KQ'")} THEN 1 ELSE 0 END AS reused,
        CASE WHEN version.id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM records_procedurecomponent c
            WHERE c.procedure_id = version.id AND c.required AND c.duty <> 'MIEN'
              AND NOT EXISTS (SELECT 1 {_ATTACHED} AND a.component = c.code)
              AND NOT {_REUSED.format("r.component = c.code")}
        ) THEN 1 ELSE 0 END AS complete
    FROM fact LEFT JOIN version ON version.procedure = fact.procedure AND version.received_day = fact.received_day
)
SELECT span, executing, key, state, needs_result, digitised, reused, complete, COUNT(*),
       (SELECT COUNT(*) FROM records_dossierfact f WHERE {_RECEIVED})
FROM judged GROUP BY span, executing, key, state, needs_result, digitised, reused, complete
"""  # noqa: S608 - put together from constants


class Key(StrEnum):
    """What else dossiers are counted apart by."""

    NONE = ""
    PROCEDURE = "procedure"
    CHANNEL = "channel"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Counted:
    """Dossiers that are alike in everything a report asks of them."""

    span: int  # of the days they were received in, from 0
    executing: str  # office code; empty where it was not asked for
    key: str  # procedure, channel or month (yyyy-mm), whichever was asked for; else empty
    state: str  # early, on_time, late, open_in_time, open_overdue, stopped
    needs_result: bool | None  # None: no version of the procedure was valid on the day of receipt
    inputs: bool  # an input digitised
    result: bool  # the result digitised
    reused: bool  # an input reused
    complete: bool  # every required input that is not exempt digitised or reused
    dossiers: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The answer, and the number of dossiers of the period as counted without any of its joins."""

    lines: tuple[Counted, ...]
    received: int


def count_dossiers(days: Sequence[date], as_of: datetime, *, executing: bool, key: Key) -> Counts:
    """Count the dossiers received from `days[0]` up to, not including, `days[-1]`, as known at `as_of`.

    The days between cut the period into spans that are counted apart. `executing`: apart by executing office; `key`: by what else.
    """
    cuts = {f"cut_{place}": _midnight(day) for place, day in enumerate(days[1:-1])}
    span = " ".join(f"WHEN f.received_at < %({name})s THEN {place}" for place, name in enumerate(cuts))
    query = _QUERY.format(
        received_day=_day("f.received_at"),
        finished_day=_day("fact.finished_at"),
        due_day=_day("fact.due_at"),
        span=f"CASE {span} ELSE {len(cuts)} END" if cuts else "0",
        inputs=_INPUTS,
        result=_RESULT,
        executing="fact.executing" if executing else "''",
        key=_key(key),
    )
    moments = {"start": _midnight(days[0]), "end": _midnight(days[-1]), "as_of": as_of} | cuts
    with connection.cursor() as cursor:
        cursor.execute(query, {name: connection.ops.adapt_datetimefield_value(moment) for name, moment in moments.items()})
        rows = cursor.fetchall()
    return Counts(tuple(_counted(rows)), rows[0][-1] if rows else 0)


def _counted(rows: Sequence[tuple[Any, ...]]) -> Iterator[Counted]:
    for span, executing, key, state, needs_result, digitised, reused, complete, dossiers, _ in rows:
        yield Counted(
            span=span,
            executing=executing,
            key=key,
            state=state,
            needs_result=None if needs_result is None else bool(needs_result),
            inputs=bool((digitised or 0) & _INPUTS),
            result=bool((digitised or 0) & _RESULT),
            reused=bool(reused),
            complete=bool(complete),
            dossiers=dossiers,
        )


def _key(key: Key) -> str:
    match key:
        case Key.PROCEDURE:
            return "fact.procedure"
        case Key.CHANNEL:
            return "CAST(fact.channel AS varchar(1))"
        case Key.MONTH:
            postgresql = connection.vendor == "postgresql"
            return "to_char(fact.received_day, 'YYYY-MM')" if postgresql else "substr(fact.received_day, 1, 7)"
        case Key.NONE:
            return "''"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, VIETNAM)


def _day(column: str) -> str:
    """SQL for the Vietnamese day of a moment; the country has kept +07:00 since 1975."""
    if connection.vendor == "postgresql":
        return f"({column} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
    return f"date({column}, '+7 hours')"
