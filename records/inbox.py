"""What lies in the inbox: one look at an entry, names as they may be stored and shown, and whose folder is whose.

Links, fifos and devices are seen and never followed. Nothing is decided or moved here: that is for `watch` and `records.claims`.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CLAIMED = ".claimed"
RESULTS = "_ket-qua"
OFFICE_CHARACTERS = 35  # of an office code in the registers
PATH_CHARACTERS = 1024  # of a path in the catalogue
_DEEPEST = 32  # folders within a dropped folder; what lies deeper is refused as no scan
_PASSING = re.compile(r"\A(?:\.|~\$|_ket-qua\Z|(?:thumbs\.db|desktop\.ini)\Z)", re.IGNORECASE)
_PARTIAL = re.compile(r"\.(?:tmp|part|partial|crdownload|filepart)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A regular file at one look."""

    name: str  # below the entry; empty for the entry itself
    size: int  # bytes
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at an entry saw."""

    files: tuple[Seen, ...]  # in natural order of their names
    partial: tuple[Seen, ...] = ()  # under the passing name of a copy that is not finished
    odd: tuple[str, ...] = ()  # names of links, fifos, devices, and of folders that cannot be looked into

    @property
    def newest(self) -> float:
        """Seconds since the epoch of the last change that the file system tells of."""
        return max((seen.mtime_ns for seen in (*self.files, *self.partial)), default=0) / 1e9


def look_at(path: Path) -> Look:
    """One look at a file, or at everything below a folder. Raises FileNotFoundError when it has gone."""
    files: list[Seen] = []
    partial: list[Seen] = []
    odd: list[str] = []
    status = path.lstat()
    entries = _below(path, odd) if stat.S_ISDIR(status.st_mode) else iter([("", status)])
    for name, status in entries:
        seen = Seen(name, status.st_size, status.st_mtime_ns)
        last = name.rsplit("/", 1)[-1]
        if not stat.S_ISREG(status.st_mode):
            odd.append(name)
        elif _PARTIAL.search(last):
            partial.append(seen)
        elif not _PASSING.search(last):
            files.append(seen)
    return Look(tuple(sorted(files, key=_order)), tuple(sorted(partial, key=_order)), tuple(sorted(odd)))


def _order(seen: Seen) -> tuple[tuple[tuple[int, str], ...], str]:
    return natural(seen.name), seen.name


def _below(top: Path, odd: list[str]) -> Iterator[tuple[str, os.stat_result]]:
    """Everything but folders, at any depth; folders that cannot be looked into are added to `odd`."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(top / below) as listing:
                found = list(listing)
        except FileNotFoundError:
            continue  # moved away while we looked: the next look differs
        except OSError:
            odd.append(below)
            continue
        for entry in found:
            name = f"{below}/{entry.name}" if below else entry.name
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if not stat.S_ISDIR(status.st_mode):
                yield name, status
            elif name.count("/") < _DEEPEST:
                waiting.append(name)
            else:
                odd.append(name)


def folders_below(top: Path) -> list[Path]:
    """The folder and all folders in it, the deepest first; links are not followed."""
    found = [top]
    for folder in found:
        try:
            with os.scandir(folder) as listing:
                found += [Path(entry.path) for entry in listing if entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
    return found[::-1]


def is_passing(name: str) -> bool:
    """Whether a name is of no scan: ours, hidden, an editor's, a copy that is not finished."""
    return bool(_PASSING.search(name) or _PARTIAL.search(name))


def is_folder(path: Path) -> bool:
    """Whether this is a folder and no link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def opens(path: Path) -> bool:
    """Whether we may read the file; a link is not followed, a fifo not waited for."""
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Sort key of a name as people count: `2.jpg` before `10.jpg`."""
    return tuple((int(part), "") if part.isdecimal() and part.isascii() else (-1, part.casefold()) for part in re.split(r"([0-9]+)", name))


def readable(untrusted_name: str) -> str:
    """A name as it may be stored, logged and shown: NFC, no control or direction characters, valid Unicode."""
    text = unicodedata.normalize("NFC", untrusted_name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    return "".join("�" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c for c in text)


def readable_path(office: str, untrusted_names: str) -> str:
    """Path below the inbox as it is stored: the office, then names, cut in the middle where they would not fit."""
    path = "/".join(filter(None, [office, readable(untrusted_names)]))
    half = PATH_CHARACTERS // 2
    return path if len(path) <= PATH_CHARACTERS else f"{path[: half - 20]}~{_digest(path)}~{path[-half:]}"


def office_of(folder_name: str) -> str:
    """The office code that a folder's name says; one too long for a code becomes something that no register holds."""
    name = readable(folder_name)
    return name if len(name) <= OFFICE_CHARACTERS else f"{name[: OFFICE_CHARACTERS - 13]}~{_digest(name)}"


def office_folders(inbox: Path) -> list[Path]:
    """The folders of offices, by name."""
    return [top for top in sorted(inbox.iterdir()) if not is_passing(top.name) and is_folder(top)]


def folder_of(inbox: Path, office: str) -> Path:
    """Where an office's clerks drop and read: the folder whose name, as it may be stored, is the office's."""
    plain = inbox / office
    if not office or is_folder(plain):
        return plain
    return next((folder for folder in office_folders(inbox) if office_of(folder.name) == office), plain)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
