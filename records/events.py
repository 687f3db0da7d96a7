"""Append-only events, each holding the SHA-256 of the one before it.

`record` and `record_many` are called inside the transaction whose act they tell of: the act and its event are one. On PostgreSQL
an advisory lock lines writers up until they commit; SQLite's immediate transactions do so by themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from records.models import Document, Dossier, Event, Scan

GENESIS = "0" * 64
_CHAIN_LOCK = 0x536F686F61  # "Sohoa": the one advisory lock this product takes


@dataclass(frozen=True, slots=True)
class Happening:
    """What is to be recorded; `detail` holds codes and counts, never names or text of papers."""

    kind: str
    at: datetime
    dossier: Dossier | None = None
    scan: Scan | None = None
    document: Document | None = None
    actor: str = "system"
    detail: Mapping[str, Any] = field(default_factory=dict)


def digest(
    previous: str,
    at: datetime,
    kind: str,
    actor: str,
    dossier: str | None,
    scan: str | None,
    document: str | None,
    detail: Mapping[str, Any],
) -> str:
    """SHA-256 over the canonical JSON of an event: sorted keys, no blanks, UTC time with microseconds."""
    body = {
        "previous": previous,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": kind,
        "actor": actor,
        "dossier": dossier,
        "scan": scan,
        "document": document,
        "detail": detail,
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def record_many(happenings: Iterable[Happening]) -> int:
    """Append events in order; returns how many. Must run inside a transaction."""
    assert connection.in_atomic_block, "an event belongs to the transaction of its act"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    head = Event.objects.order_by("-id").values_list("hash", flat=True).first() or GENESIS
    return len(Event.objects.bulk_create(_chained(head, happenings), batch_size=500))


def record(happening: Happening) -> None:
    """Append one event. Must run inside a transaction."""
    record_many([happening])


def _chained(head: str, happenings: Iterable[Happening]) -> Iterator[Event]:
    for h in happenings:
        dossier = str(h.dossier.uid) if h.dossier else None
        scan = str(h.scan.id) if h.scan else None
        document = str(h.document.id) if h.document else None
        hashed = digest(head, h.at, h.kind, h.actor, dossier, scan, document, dict(h.detail))
        yield Event(
            at=h.at,
            kind=h.kind,
            actor=h.actor,
            dossier=h.dossier,
            scan=h.scan,
            document=h.document,
            detail=dict(h.detail),
            previous=head,
            hash=hashed,
        )
        head = hashed


def first_broken_link() -> Event | None:
    """The first event whose hash or predecessor is not what the chain says; None when the chain holds."""
    head = GENESIS
    for event in Event.objects.order_by("id").select_related("dossier").iterator(chunk_size=2000):
        expected = digest(
            head,
            event.at,
            event.kind,
            event.actor,
            str(event.dossier.uid) if event.dossier else None,
            str(event.scan_id) if event.scan_id else None,
            str(event.document_id) if event.document_id else None,
            event.detail,
        )
        if event.previous != head or event.hash != expected:
            return event
        head = event.hash
    return None
