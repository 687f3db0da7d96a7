"""Taking over what was dropped: the original into the store, then one transaction, then nothing else.

Called by the watcher with files it has claimed. Every function may be called again for the same claim after a crash: ids come from
the claim, so that a row is written once. Nothing here looks into a file.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import stat
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from pipeline.errors import Duplicate, Encrypted, FixityMismatch, SohoaError
from pipeline.limits import MAX_FILE_BYTES
from records.count_note import is_count_note
from records.events import Happening, record, record_many
from records.models import Batch, Scan
from records.rematch import adopt_name
from records.store import ObjectStore, sha256_of

log = logging.getLogger(__name__)


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
    sha256: str | None


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
        return [_accepted(scan) for scan in Scan.objects.filter(batch=batch)]
    originals = [_store_original(file, store) for file in files]
    with transaction.atomic():
        row = Batch.objects.create(id=batch, office=office, name=name, is_folder=is_folder, received_at=now)
        scans = [_scan(row, file, original, now) for file, original in zip(files, originals, strict=True)]
    return [_accepted(scan) for scan in scans]


def _accepted(scan: Scan) -> Accepted:
    return Accepted(scan.id, scan.duplicate_of_id is not None, scan.sha256)


@dataclass(frozen=True, slots=True)
class _Original:
    sha256: str
    size: int  # bytes


def _store_original(file: Dropped, store: ObjectStore) -> _Original:
    """Store one file and read it back. All reading goes through one descriptor: nobody can put a link in the file's place meanwhile."""
    handle = os.open(file.untrusted_file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        source = Path(f"/proc/self/fd/{handle}")
        sha256 = sha256_of(source)
        _keep(store, sha256, source, before.st_size, file.untrusted_file.with_name(f".{uuid.uuid4().hex}"))
        after = os.fstat(handle)
    finally:
        os.close(handle)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise FixityMismatch("the file was written to while it was stored")
    return _Original(sha256, before.st_size)


def _keep(store: ObjectStore, sha256: str, source: Path, size: int, scratch: Path) -> None:
    """Have these bytes in the store, seen to be the right ones; an object that is damaged there is written anew."""
    key = f"originals/{sha256}"
    kept = store.stat(key)
    if kept is not None and kept.size == size <= MAX_FILE_BYTES:
        try:
            store.get(key, scratch, sha256)
        except FixityMismatch:
            log.exception("an original in the store was damaged; it was dropped again and is written anew: %s", key)
        else:
            return
        finally:
            scratch.unlink(missing_ok=True)
    store.put(key, source, sha256)


def _scan(batch: Batch, file: Dropped, original: _Original, now: datetime) -> Scan:
    first = None if is_count_note(file.path, original.size) else _first_of(original.sha256, batch.office)
    scan = Scan(
        id=scan_id(batch.id, file.position),
        batch=batch,
        position=file.position,
        path=file.path,
        sha256=original.sha256,
        size=original.size,
        received_at=now,
    )
    if first is not None:
        scan.state, scan.reason, scan.duplicate_of, scan.page_count = Scan.State.DONE, Duplicate.__name__, first, 0
    scan.save(force_insert=True)
    received = Happening("scan.received", now, scan=scan, detail={"sha256": original.sha256, "bytes": original.size})
    repeated = Happening("scan.duplicate", now, scan=scan, detail={"of": str(first.id)}) if first is not None else None
    record_many([received, *([repeated] if repeated else [])])
    if first is not None:
        adopt_name(first, file.path.rsplit("/", 1)[-1], now)
    return scan


def _first_of(sha256: str, office: str) -> Scan | None:
    """The scan of these bytes from this office that was, or will be, processed; one that was refused or is locked never will be."""
    same = Scan.objects.filter(sha256=sha256, batch__office=office, duplicate_of=None)
    return same.exclude(state=Scan.State.REFUSED).exclude(state=Scan.State.PARKED, reason=Encrypted.__name__).first()


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
