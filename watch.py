"""The folder watcher: inbox -> settled -> claimed -> accepted. It never parses contents.

A file or folder is settled when its size and time were quiet for a while and its structural end is there, or a longer wait has
passed. It is claimed by a rename inside its own office folder, stored, read back, recorded, and only then removed. Links, fifos
and devices are never followed: they are refused where they are. Runs alone (`python watch.py`) or inside `sohoa run`.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import stat
import sys
import threading
import time
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from config import Config, load_config
from pipeline.ending import has_ending
from pipeline.errors import NotAFile, SohoaError
from workers.queue import Queue, Step

CLAIMED = ".claimed"
RESULTS = "_ket-qua"
_PASSING = re.compile(r"^(?:\.|~\$|_ket-qua$)|\.(?:tmp|part|partial|crdownload|filepart)$|^(?:thumbs\.db|desktop\.ini)$", re.IGNORECASE)
_NETWORK = {"cifs", "smb3", "smbfs", "nfs", "nfs4", "fuse.sshfs", "9p", "vboxsf", "fuse.rclone", "fuse.s3fs"}
_STEADY_LOOKS_SECONDS = 1.0  # between the two looks that must agree
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at an entry saw."""

    files: tuple[tuple[str, int, int], ...]  # relative name, bytes, mtime in ns
    odd: tuple[str, ...]  # relative names of links, fifos, devices

    @property
    def newest(self) -> float:
        """Seconds since the epoch of the last change that the file system tells of."""
        return max((mtime for _, _, mtime in self.files), default=0) / 1e9


@dataclass
class _Sight:
    """An entry under observation."""

    look: Look
    since: float  # monotonic, of the first look that saw it so
    moved: bool  # whether it changed under our eyes


class Watcher:
    """Watches one inbox. `round` does all there is to do now; `run` repeats it, woken by events or by the clock."""

    def __init__(self, config: Config, queue: Queue) -> None:
        self._config = config
        self._inbox = config.inbox
        self._queue = queue
        self._sights: dict[Path, _Sight] = {}
        self._wake = threading.Event()
        self._lock: int | None = None

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set."""
        observer = self._observer()
        try:
            while not stop.is_set():
                unsettled = self.round()
                pause = min(self._config.watch.settle_seconds / 4, 0.5) if unsettled else self._config.watch.rescan_seconds
                self._wake.wait(max(0.1, pause))
                self._wake.clear()
        finally:
            observer.stop()
            observer.join()
            self.release()

    def round(self) -> int:
        """One look at the inbox: recover claims, claim what is settled, accept it, write notes. Returns how many entries remain."""
        from records.notes import write_notes

        self._inbox.mkdir(parents=True, exist_ok=True)
        remaining = 0
        if self._holds_lock():
            remaining = self._claim_settled()
            remaining += self._accept_claims()
        else:
            remaining = sum(1 for _ in self._entries())
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
        except BlockingIOError:
            os.close(handle)
            return False
        self._lock = handle
        return True

    def _observer(self) -> BaseObserver:
        polling = self._config.watch.polling == "always" or (self._config.watch.polling == "auto" and is_network(self._inbox))
        observer: BaseObserver = PollingObserver(timeout=1.0) if polling else Observer()
        self._inbox.mkdir(parents=True, exist_ok=True)
        observer.schedule(_Bell(self._wake), str(self._inbox), recursive=True)
        try:
            observer.start()
        except OSError as error:  # the system's limit of watches is reached: the periodic look still sees everything
            log.warning("no events for the inbox (%s); looking every %s s", error.strerror, self._config.watch.rescan_seconds)
        return observer

    # --- settled ---

    def _entries(self) -> Iterator[tuple[str, Path]]:
        """(office, path) of everything dropped: files and folders in office folders, and files beside them."""
        for top in sorted(self._inbox.iterdir()):
            if _PASSING.search(top.name):
                continue
            if _is_folder(top):
                yield from ((top.name, entry) for entry in sorted(top.iterdir()) if not _PASSING.search(entry.name))
            else:
                yield "", top

    def _claim_settled(self) -> int:
        remaining, seen = 0, set()
        for office, path in self._entries():
            seen.add(path)
            try:
                look = look_at(path)
            except FileNotFoundError:
                continue
            for odd in look.odd:
                self._refuse(office, path / odd if odd else path)
            if not look.files:
                continue
            if not self._settled(path, look):
                remaining += 1
            elif self._claim(path):
                self._sights.pop(path, None)
        self._sights = {path: sight for path, sight in self._sights.items() if path in seen}
        return remaining

    def _settled(self, path: Path, look: Look) -> bool:
        clock = time.monotonic()
        sight = self._sights.get(path)
        if sight is None or sight.look != look:
            self._sights[path] = _Sight(look, clock, moved=sight is not None)
            return False
        seen, age = clock - sight.since, time.time() - look.newest
        if seen < min(_STEADY_LOOKS_SECONDS, self._config.watch.settle_seconds):
            return False
        quiet = seen if sight.moved or age < 0 else max(seen, age)
        if quiet >= self._config.watch.incomplete_seconds:
            return True
        return quiet >= self._config.watch.settle_seconds and all(_complete(path, name, size) for name, size, _ in look.files)

    # --- claimed and accepted ---

    def _claim(self, path: Path) -> bool:
        """Move the entry into our own folder on the same file system; False when somebody else took it."""
        own = path.parent / CLAIMED / uuid.uuid4().hex
        own.mkdir(parents=True)
        try:
            path.rename(own / path.name)
        except FileNotFoundError:
            own.rmdir()
            return False
        return True

    def _accept_claims(self) -> int:
        """Accept what is claimed, by this process or by one that did not live to do it; returns how many claims remain."""
        remaining = 0
        for folder in [self._inbox, *(top for top in sorted(self._inbox.iterdir()) if _is_folder(top) and not _PASSING.search(top.name))]:
            office = "" if folder == self._inbox else readable(folder.name)
            for own in sorted(folder.glob(f"{CLAIMED}/*"), key=_dropped_name):
                remaining += not self._accept(office, folder, own)
        return remaining

    def _accept(self, office: str, home: Path, own: Path) -> bool:
        from django.utils import timezone

        from records.intake import Dropped, accept
        from records.store import open_store

        try:
            batch = uuid.UUID(own.name)
            claimed = next(entry for entry in own.iterdir() if not entry.name.startswith("."))
        except (ValueError, StopIteration):
            _remove_empty(own)
            return True
        look = look_at(claimed)
        shown = "/".join(filter(None, [office, readable(claimed.name)]))
        sources = [claimed / name if name else claimed for name, _, _ in look.files]
        paths = [f"{shown}/{readable(name)}" if name else shown for name, _, _ in look.files]
        files = [Dropped(source, path, position) for position, (source, path) in enumerate(zip(sources, paths, strict=True))]
        try:
            done = accept(
                batch, office, readable(claimed.name), is_folder=claimed.is_dir(), files=files, store=open_store(), now=timezone.now()
            )
        except (SohoaError, OSError) as error:
            log.warning("a claimed drop could not be stored and stays: %s", error)
            return False
        for source in sources:
            source.unlink()
        self._give_back(claimed, home)
        _remove_empty(own)
        for accepted in done:
            if not accepted.duplicate:
                self._queue.send(Step.OPEN, str(accepted.scan))
        return True

    @staticmethod
    def _give_back(claimed: Path, home: Path) -> None:
        """What is left of a claimed folder (links, foreign things) goes back where it was; it is refused there."""
        if claimed.is_dir():
            _remove_empty(claimed)
        if claimed.is_dir() and not (home / claimed.name).exists():
            claimed.rename(home / claimed.name)

    def _refuse(self, office: str, path: Path) -> None:
        from django.utils import timezone

        from records.intake import refuse_in_place

        status = path.lstat()
        below = readable(path.relative_to(self._inbox).as_posix())
        if refuse_in_place(readable(office), below, f"{status.st_ino}-{status.st_ctime_ns}", NotAFile(), timezone.now()):
            log.warning("an entry of the inbox is no file and was refused")


class _Bell(FileSystemEventHandler):
    """Any event in the inbox wakes the watcher."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._wake.set()


def look_at(path: Path) -> Look:
    """One look at a file, or at everything below a folder, in natural order; links are seen, never followed."""
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode):
        regular = stat.S_ISREG(status.st_mode)
        return Look((("", status.st_size, status.st_mtime_ns),) if regular else (), () if regular else ("",))
    files, odd = [], []
    for folder, _, names in os.walk(path):
        for name in names:
            entry = Path(folder, name)
            status = entry.lstat()
            below = entry.relative_to(path).as_posix()
            if not stat.S_ISREG(status.st_mode):
                odd.append(below)
            elif not _PASSING.search(name):
                files.append((below, status.st_size, status.st_mtime_ns))
    return Look(tuple(sorted(files, key=lambda file: natural(file[0]))), tuple(sorted(odd)))


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Sort key of a name as people count: `2.jpg` before `10.jpg`."""
    return tuple((int(part), "") if part.isdecimal() and part.isascii() else (-1, part.casefold()) for part in re.split(r"([0-9]+)", name))


def readable(untrusted_name: str) -> str:
    """A name as it may be stored, logged and shown: NFC, no control or direction characters, valid Unicode."""
    text = unicodedata.normalize("NFC", untrusted_name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    return "".join("�" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c for c in text)


def is_network(folder: Path) -> bool:
    """Whether the folder lies on a network share, where the system tells of no events (longest mount point in /proc/mounts)."""
    try:
        mounts = [line.split(" ")[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return False
    inside = [(point.encode().decode("unicode_escape"), kind) for point, kind in mounts]
    fitting = [(len(point), kind) for point, kind in inside if folder.resolve().is_relative_to(point)]
    return max(fitting, default=(0, ""))[1] in _NETWORK


def _complete(path: Path, name: str, size: int) -> bool:
    try:
        return has_ending(path / name if name else path, size) is True
    except OSError:
        return False


def _dropped_name(own: Path) -> tuple[tuple[int, str], ...]:
    """Claims are accepted in the order of what was dropped, so that the same drops always give the same catalogue."""
    return natural(min((entry.name for entry in own.iterdir() if not entry.name.startswith(".")), default=""))


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _remove_empty(folder: Path) -> None:
    for below, _, _ in os.walk(folder, topdown=False):
        if not any(Path(below).iterdir()):
            Path(below).rmdir()


def main() -> int:
    """Watch alone: what is accepted is sent to the configured queue, or waits in the catalogue for `sohoa run`."""
    from records.logs import set_up_log
    from records.setup import open_catalogue
    from workers.choose import sending_queue

    config = load_config()
    set_up_log(config)
    open_catalogue()
    stop = threading.Event()
    try:
        Watcher(config, sending_queue(config)).run(stop)
    except KeyboardInterrupt:
        stop.set()
    return 0


if __name__ == "__main__":
    sys.exit(main())
