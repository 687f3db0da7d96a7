"""Taking over what was dropped: the original into the store, then one transaction, then nothing else.

Called by the watcher with files it has claimed. Every function may be called again for the same claim after a crash: ids come from
the claim, so that a row is written once. Nothing here looks into a file.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from pipeline.errors import Duplicate, SohoaError
from pipeline.limits import MAX_FILE_BYTES
from records.attachment import adopt_name
from records.events import Happening, record, record_many
from records.models import Batch, Scan
from records.store import ObjectStore, sha256_of


@dataclass(frozen=True, slots=True)
class Dropped:
    """One claimed file of a batch."""

    untrusted_file: Path  # where it lies now
    path: str  # below the inbox as people saw it: NFC, control characters replaced
    position: int  # in its batch


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of one claimed file."""

    scan: uuid.UUID
    duplicate: bool


def scan_id(batch: uuid.UUID, position: int) -> uuid.UUID:
    """The id of a batch's file: the same for every attempt at the same claim."""
    return uuid.uuid5(batch, str(position))


def accept(
    batch: uuid.UUID, office: str, name: str, *, is_folder: bool, files: Sequence[Dropped], store: ObjectStore, now: datetime
) -> list[Accepted]:
    """Store the originals, read them back, then record batch, scans and events in one transaction.

    The same bytes again from the same office are recorded as a duplicate and not processed again. Raises StoreDown, NoSpace,
    FixityMismatch, OSError: nothing is recorded then, and the claimed files stay.
    """
    if Batch.objects.filter(pk=batch).exists():
        return [Accepted(scan.id, scan.duplicate_of_id is not None) for scan in Scan.objects.filter(batch=batch)]
    originals = [_store_original(file, store) for file in files]
    with transaction.atomic():
        row = Batch.objects.create(id=batch, office=office, name=name, is_folder=is_folder, received_at=now)
        scans = [_scan(row, file, sha256, now) for file, sha256 in zip(files, originals, strict=True)]
    return [Accepted(scan.id, scan.duplicate_of_id is not None) for scan in scans]


def _store_original(file: Dropped, store: ObjectStore) -> str:
    size = file.untrusted_file.stat().st_size
    sha256 = sha256_of(file.untrusted_file)
    kept = store.stat(f"originals/{sha256}")
    if kept is None or kept.size != size or size > MAX_FILE_BYTES:
        store.put(f"originals/{sha256}", file.untrusted_file, sha256)
    else:
        _read_back(store, sha256, file.untrusted_file.with_name(f".{uuid.uuid4().hex}"))
    return sha256


def _read_back(store: ObjectStore, sha256: str, scratch: Path) -> None:
    """The store has these bytes already; the inbox file may only go once they were seen to be the right ones."""
    store.get(f"originals/{sha256}", scratch, sha256)
    scratch.unlink()


def _scan(batch: Batch, file: Dropped, sha256: str, now: datetime) -> Scan:
    first = Scan.objects.filter(sha256=sha256, batch__office=batch.office, duplicate_of=None).exclude(state=Scan.State.REFUSED).first()
    size = file.untrusted_file.stat().st_size
    scan = Scan(
        id=scan_id(batch.id, file.position),
        batch=batch,
        position=file.position,
        path=file.path,
        sha256=sha256,
        size=size,
        received_at=now,
    )
    if first is not None:
        scan.state, scan.reason, scan.duplicate_of, scan.page_count = Scan.State.DONE, Duplicate.__name__, first, 0
    scan.save(force_insert=True)
    received = Happening("scan.received", now, scan=scan, detail={"sha256": sha256, "bytes": size})
    repeated = Happening("scan.duplicate", now, scan=scan, detail={"of": str(first.id)}) if first is not None else None
    record_many([received, *([repeated] if repeated else [])])
    if first is not None:
        adopt_name(first, file.path.rsplit("/", 1)[-1], now)
    return scan


def refuse_in_place(office: str, path: str, fingerprint: str, error: SohoaError, now: datetime) -> bool:
    """Record an inbox entry that is no file (link, fifo) and stays where it is; False if that was recorded before."""
    batch_id = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(f"{path}\n{fingerprint}".encode()).hexdigest())
    with transaction.atomic():
        if Batch.objects.filter(pk=batch_id).exists():
            return False
        batch = Batch.objects.create(id=batch_id, office=office, name=path.rsplit("/", 1)[-1], received_at=now, state=Batch.State.ASSEMBLED)
        scan = Scan.objects.create(
            id=scan_id(batch_id, 0),
            batch=batch,
            path=path,
            fingerprint=fingerprint,
            state=Scan.State.REFUSED,
            reason=error.code,
            page_count=0,
            received_at=now,
        )
        record(Happening("scan.refused", now, scan=scan, detail={"reason": error.code}))
    return True
