"""The folder watcher: inbox -> settled -> claimed -> accepted. It never parses contents.

A file or folder is settled when its size and time were quiet for a while and its structural end is there, or a longer wait has
passed. It is claimed by a rename inside its own office folder, stored, read back, recorded, and only then removed. Links, fifos
and devices are never followed: they are refused where they are. What goes wrong with one entry, or with one office's folder, never
holds up another. Runs alone (`python watch.py`) or inside `sohoa run`.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import sys
import threading
import time
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from config import BadConfiguration, Config, load_config
from pipeline.errors import Broken, NotAFile, QueueDown, SohoaError, exit_code
from records.inbox import Look, is_folder, is_passing, look_at, office_folders, office_of, opens, readable_path
from records.settling import Sights, is_network
from workers.failures import as_ours
from workers.queue import Queue, Step

_LEAST_PAUSE_SECONDS = 0.1  # a file that is being written rings the bell at every block
_LONGEST_REST_SECONDS = 60.0  # between two attempts to accept the same claim
_FAILURES_A_ROUND = 3  # a store that is down takes its time to say so; what is dropped meanwhile has to be seen all the same
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something dropped: a file or folder in an office's folder, or a file beside these (office folder None)."""

    office_folder: str | None
    path: Path

    @property
    def office(self) -> str:
        return office_of(self.office_folder) if self.office_folder is not None else ""


@dataclass(frozen=True, slots=True)
class _Rest:
    """A claim that could not be accepted."""

    until: float  # monotonic
    seconds: float


class Watcher:
    """Watches one inbox. `round` does all there is to do now; `run` repeats it, woken by events or by the clock."""

    def __init__(self, config: Config, queue: Queue) -> None:
        self._config = config
        self._inbox = config.inbox
        self._queue = queue
        self._shared = is_network(self._inbox)
        self._sights = Sights(config.watch, shared=self._shared)
        self._refused: set[tuple[str, str]] = set()
        self._rests: dict[Path, _Rest] = {}
        self._wake = threading.Event()
        self._lock: int | None = None
        self.failure: SohoaError | None = None
        """Why the last attempt to accept something failed; None once one went well, or when nothing is left to accept."""

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set. Survives whatever a round raises: the next one finds all as it was."""
        from django.db import connection

        observer = self._observer()
        try:
            while not stop.is_set():
                try:
                    unsettled = self.round()
                except Exception as error:  # the one shell of the watcher
                    log.exception("a look at the inbox failed: %s", as_ours(error))
                    connection.close()
                    unsettled = 0
                pause = min(self._config.watch.settle_seconds / 4, 0.5) if unsettled else self._config.watch.rescan_seconds
                stop.wait(_LEAST_PAUSE_SECONDS)
                self._wake.wait(max(_LEAST_PAUSE_SECONDS, pause) - _LEAST_PAUSE_SECONDS)
                self._wake.clear()
        finally:
            if observer is not None:
                observer.stop()
                observer.join()
            self.release()
            connection.close()

    def wake(self) -> None:
        """End the pause that `run` is in."""
        self._wake.set()

    def round(self) -> int:
        """One look at the inbox: recover claims, claim what is settled, accept it, write notes. Returns how many entries remain."""
        from records.notes import write_notes

        self._inbox.mkdir(parents=True, exist_ok=True)
        if self._holds_lock():
            remaining = self._claim_settled()
            remaining += self._accept_claims()
        else:
            remaining = self._left_to_the_other()
        write_notes(self._inbox)
        return remaining

    def release(self) -> None:
        """Let another watcher have the inbox."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # --- which watcher ---

    def _holds_lock(self) -> bool:
        """Whether this watcher is the one that claims; the lock is the system's and goes with the process."""
        if self._lock is not None:
            return True
        handle = os.open(self._inbox / ".watcher.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if isinstance(error, (BlockingIOError, PermissionError)):  # the second is what some network shares say
                return False
            raise
        self._lock = handle
        return True

    def _left_to_the_other(self) -> int:
        return sum(bool(look.files) for _, look in self._looks()) + len(self._claims())

    def _observer(self) -> BaseObserver | None:
        self._inbox.mkdir(parents=True, exist_ok=True)
        polling = self._config.watch.polling == "always" or (self._config.watch.polling == "auto" and self._shared)
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")  # of folders renamed under it; they name them
        observer: BaseObserver = PollingObserver(timeout=1.0) if polling else Observer()
        observer.schedule(_Bell(self._wake), str(self._inbox), recursive=True)
        try:
            observer.start()
        except OSError as error:  # the system's limit of watches is reached: the periodic look still sees everything
            log.warning("no events for the inbox (%s); looking every %s s", error.strerror, self._config.watch.rescan_seconds)
            return None
        return observer

    # --- settled ---

    def _looks(self) -> Iterator[tuple[_Entry, Look]]:
        """One look at everything dropped: files and folders in office folders, and files beside them."""
        for top in sorted(self._inbox.iterdir()):
            if is_passing(top.name):
                continue
            try:
                inside = sorted(top.iterdir()) if is_folder(top) else None
            except OSError as error:
                log.warning("the folder of an office cannot be looked into: %s", error.strerror)
                continue
            entries = [_Entry(None, top)] if inside is None else [_Entry(top.name, path) for path in inside if not is_passing(path.name)]
            for entry in entries:
                try:
                    look = look_at(entry.path)
                except FileNotFoundError:
                    continue
                yield entry, look

    def _claim_settled(self) -> int:
        remaining, seen = 0, set()
        for entry, look in self._looks():
            seen.add(entry.path)
            for name in look.odd:
                self._refuse(entry, name, NotAFile())
            if not look.files:
                continue
            if not self._sights.settled(entry.path, look):
                remaining += 1
            elif self._claim(entry, look):
                seen.discard(entry.path)
        self._sights.keep(seen)
        return remaining

    # --- claimed and accepted ---

    def _claim(self, entry: _Entry, look: Look) -> bool:
        """Claim what of an entry can be read; what cannot is refused where it is."""
        from records.claims import claim

        closed = [seen.name for seen in look.files if not opens(entry.path / seen.name if seen.name else entry.path)]
        for name in closed:
            self._refuse(entry, name, Broken())
        if len(closed) == len(look.files):
            return False
        try:
            return claim(entry.path)
        except OSError as error:
            log.warning("a drop cannot be claimed and stays: %s", error.strerror)
            return False

    def _accept_claims(self) -> int:
        """Accept what is claimed, by this process or by one that did not live to do it; returns how many claims remain."""
        failures = 0
        claims = self._claims()
        self._rests = {own: rest for own, rest in self._rests.items() if own in claims}
        for own in claims:
            rest = self._rests.get(own)
            if failures < _FAILURES_A_ROUND and (rest is None or time.monotonic() >= rest.until):
                failures += not self._accept(own)
        remaining = len(self._claims())  # what was changed after it was stored is claimed anew
        if not remaining:
            self.failure = None
        return remaining

    def _claims(self) -> list[Path]:
        from records.claims import claims_in

        return [own for home in [self._inbox, *office_folders(self._inbox)] for own in claims_in(home)]

    def _accept(self, own: Path) -> bool:
        from django.db import DatabaseError, InterfaceError, connection
        from django.utils import timezone

        from records.claims import accept_claim
        from records.store import open_store

        try:
            scans = accept_claim(own, self._inbox, store=open_store(), now=timezone.now())
        except (SohoaError, OSError, DatabaseError, InterfaceError) as error:
            self.failure = as_ours(error)
            log.warning("a claimed drop could not be stored and stays: %s", self.failure)
            before = self._rests.get(own)
            seconds = min(2 * before.seconds, _LONGEST_REST_SECONDS) if before is not None else 1.0
            self._rests[own] = _Rest(time.monotonic() + seconds, seconds)
            if isinstance(error, (DatabaseError, InterfaceError)):
                connection.close()
            return False
        self.failure = None
        self._send(scans)
        return True

    def _send(self, scans: list[uuid.UUID]) -> None:
        try:
            for scan in scans:
                self._queue.send(Step.OPEN, str(scan))
        except QueueDown as error:
            log.warning("what was accepted waits in the catalogue: %s", error)

    def _refuse(self, entry: _Entry, name: str, reason: SohoaError) -> None:
        """Record once that an entry, or a file in it, is no scan we can take; it stays where it is."""
        from django.utils import timezone

        from records.intake import refuse_in_place

        try:
            status = (entry.path / name if name else entry.path).lstat()
        except OSError:
            return
        shown = readable_path(entry.office, f"{entry.path.name}/{name}" if name else entry.path.name)
        fingerprint = f"{status.st_ino}-{status.st_ctime_ns}"
        if (shown, fingerprint) in self._refused:
            return
        if refuse_in_place(entry.office, shown, fingerprint, reason, timezone.now()):
            log.warning("an entry of the inbox cannot be taken and was refused: %s", reason.code)
        self._refused.add((shown, fingerprint))


class _Bell(FileSystemEventHandler):
    """Any event in the inbox wakes the watcher."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._wake.set()


def main() -> int:
    """Watch alone: what is accepted is sent to the configured queue, or waits in the catalogue for `sohoa run`."""
    from records.logs import set_up_log
    from records.setup import open_catalogue
    from workers.choose import sending_queue

    stop = threading.Event()
    try:
        config = load_config()
        set_up_log(config)
        open_catalogue()
        watcher = Watcher(config, sending_queue(config))

        def end(*_: object) -> None:
            stop.set()
            watcher.wake()

        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, end)
        watcher.run(stop)
    except BadConfiguration as error:
        print(error, file=sys.stderr)  # noqa: T201 - the one thing it has to say before there is a log
        return 1
    except SohoaError as error:
        print(f"{error.vi}\n{error.en}", file=sys.stderr)  # noqa: T201
        return exit_code(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
