"""Page readings in the store, so that nothing is computed twice, and the one scan and engine a worker process keeps open.

A reading lies under the hash of (original, page, settings, version of the pipeline): another attempt at the same page finds it.
"""

from __future__ import annotations

import hashlib
import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import FixityMismatch, NotStored
from pipeline.model import PageReading, ReadSettings, Ruling
from pipeline.ocr import Engines, open_engines
from pipeline.page import read_page
from pipeline.scan import Scan as OpenScan
from pipeline.scan import open_scan
from records.models import Page, Scan
from records.store import ObjectStore

PIPELINE_VERSION = 4  # raised when the same page and settings would be read differently
_ORIGINAL_IDLE_SECONDS = 3600  # a fetched original that nobody asked for in this time goes
_READING = TypeAdapter(PageReading)
log = logging.getLogger(__name__)


def work_key(scan: Scan, number: int, settings: ReadSettings, ruling: Ruling | None = None) -> str:
    """Key of a page's reading in the store."""
    ruled = "" if ruling in (None, Ruling()) else f"|{ruling}"
    ingredients = f"{scan.sha256}|{number}|{sorted(asdict(settings).items())}|{PIPELINE_VERSION}{ruled}"
    digest = hashlib.sha256(ingredients.encode()).hexdigest()
    return f"work/{digest[:2]}/{digest}.json"


def keep_reading(reading: PageReading, key: str, store: ObjectStore, work: Path) -> None:
    """Store a reading; its first line is the SHA-256 of the rest."""
    body = _READING.dump_json(reading)
    content = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
    with _scratch(work) as scratch:
        scratch.write_bytes(content)
        store.put(key, scratch, hashlib.sha256(content).hexdigest())


def kept_reading(key: str, store: ObjectStore, work: Path) -> PageReading | None:
    """The stored reading; None where there is none, or none that is whole."""
    with _scratch(work) as scratch:
        try:
            store.get(key, scratch, None)
        except NotStored:
            return None
        digest, _, body = scratch.read_bytes().partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        log.warning("a stored reading is damaged and will be made again: %s", key)
        return None
    try:
        return _READING.validate_json(body)
    except ValidationError:  # its text quotes the page: not for logs
        log.warning("a stored reading has another shape and will be made again: %s", key)
        return None


def ruling_of(page: Page) -> Ruling:
    """What a person said about the page."""
    return Ruling(page.ruled_rotation, False if page.ruled_blank is False else None)


class Reader:
    """What one worker process keeps between pages: the engine and the scan it read last. Not shared between threads."""

    def __init__(self, settings: ReadSettings, store: ObjectStore, work: Path) -> None:
        self._settings = settings
        self._store = store
        self._work = work
        self._engine: Engines | None = None
        self._open: tuple[str, OpenScan] | None = None

    def scan(self, scan: Scan) -> OpenScan:
        """The opened original of a scan. Raises as `open_scan` and `ObjectStore.get` do."""
        assert scan.sha256 is not None, "a scan without an original is never opened"
        if self._open is None or self._open[0] != scan.sha256:
            self.close()
            self._open = (scan.sha256, open_scan(fetch_original(scan, self._store, self._work)))
        return self._open[1]

    def reading(self, page: Page) -> PageReading:
        """The reading of a page: the stored one, else made now and stored."""
        key = self.key(page)
        if (kept := kept_reading(key, self._store, self._work)) is not None:
            return kept
        if self._engine is None:
            self._engine = open_engines(self._settings)
        reading = read_page(self.scan(page.scan).page(page.number), self._engine, self._settings, ruling_of(page))
        keep_reading(reading, key, self._store, self._work)
        return reading

    def key(self, page: Page) -> str:
        return work_key(page.scan, page.number, self._settings, ruling_of(page))

    def close(self) -> None:
        """Close the scan kept open."""
        if self._open is not None:
            self._open[1].close()
            self._open = None


def fetch_original(scan: Scan, store: ObjectStore, work: Path) -> Path:
    """The original as a file of this machine, verified when it was fetched."""
    assert scan.sha256 is not None
    folder = work / "originals"
    folder.mkdir(parents=True, exist_ok=True)
    local = folder / scan.sha256
    if not local.exists():
        _drop_idle(folder)
        with _scratch(work) as scratch:
            try:
                store.get(scan.original_key, scratch, scan.sha256)
            except FixityMismatch:
                log.exception("the original of scan %s is not what was stored", scan.id)
                raise
            scratch.replace(local)
    return local


def drop_original(scan: Scan, work: Path) -> None:
    """The local copy of an original is needed no longer."""
    if scan.sha256:
        (work / "originals" / scan.sha256).unlink(missing_ok=True)


def _drop_idle(folder: Path) -> None:
    limit = time.time() - _ORIGINAL_IDLE_SECONDS
    for path in folder.iterdir():
        try:
            if path.stat().st_atime < limit and path.stat().st_ctime < limit:
                path.unlink()
        except FileNotFoundError:
            continue  # another worker was faster


@contextmanager
def _scratch(work: Path) -> Iterator[Path]:
    work.mkdir(parents=True, exist_ok=True)
    path = work / f"scratch-{uuid.uuid4().hex}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
