"""Claims: a dropped entry is moved into our own folder beside it, accepted, and only then removed.

A claim is a folder `.claimed/<uuid>` with one entry in it. Its id is the batch's, so that a claim may be accepted again after a
crash. A claimed file goes only when its bytes, read once more, are those that were recorded; whatever else is there stays.
"""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from records.inbox import CLAIMED, folders_below, is_folder, look_at, natural, office_of, opens, readable, readable_path
from records.intake import Accepted, Dropped, accept
from records.store import ObjectStore, sha256_of

_ID = re.compile(r"[0-9a-f]{32}")
_SCRATCH = re.compile(r"\.[0-9a-f]{32}")


def claim(path: Path) -> bool:
    """Move an entry into our own folder on the same file system; False when it has gone. Raises OSError when that is not allowed."""
    box = path.parent / CLAIMED
    if not is_folder(box):
        box.mkdir()  # fails where a link lies in its place: nothing is ever moved through one
    own = box / uuid.uuid4().hex
    own.mkdir()
    try:
        path.rename(own / path.name)
    except FileNotFoundError:
        return False
    finally:
        if not any(own.iterdir()):
            own.rmdir()
    return True


def claims_in(home: Path) -> list[Path]:
    """The claims beside what was dropped in `home`, in the order of their names: the same drops always give the same catalogue."""
    box = home / CLAIMED
    if not is_folder(box):
        return []
    return sorted((own for own in box.iterdir() if _ID.fullmatch(own.name) and is_folder(own)), key=_order)


def accept_claim(own: Path, inbox: Path, *, store: ObjectStore, now: datetime) -> list[uuid.UUID]:
    """Take over what is claimed; returns the scans to open. Raises as `accept` does: the claim stays then and may be tried again."""
    home = own.parent.parent
    claimed = _content(own)
    if claimed is None:
        _clear(own)
        return []
    office = office_of(home.name) if home != inbox else ""
    files = _dropped(claimed, office)
    done: list[Accepted] = []
    if files:
        batch, name = uuid.UUID(own.name), readable(claimed.name)
        done = accept(batch, office, name, is_folder=is_folder(claimed), files=files, store=store, now=now)
        _remove_recorded(files, {accepted.sha256 for accepted in done})
    _give_back(claimed, home)
    _clear(own)
    return [accepted.scan for accepted in done if not accepted.duplicate]


def _dropped(claimed: Path, office: str) -> list[Dropped]:
    sources = [(claimed / seen.name if seen.name else claimed, seen.name) for seen in look_at(claimed).files]
    readables = [(source, f"{claimed.name}/{name}" if name else claimed.name) for source, name in sources if opens(source)]
    return [Dropped(source, readable_path(office, shown), position) for position, (source, shown) in enumerate(readables)]


def _remove_recorded(files: list[Dropped], recorded: set[str | None]) -> None:
    """A file that was changed after it was stored, or came into a claimed folder later, is not the one that was recorded."""
    for file in files:
        if sha256_of(file.untrusted_file) in recorded:
            file.untrusted_file.unlink()


def _give_back(claimed: Path, home: Path) -> None:
    """What is left: files are claimed anew; links, unfinished copies and foreign things go back where they were."""
    if is_folder(claimed):
        _remove_empty(claimed)
    if not _there(claimed):
        return
    if _dropped(claimed, ""):
        own = claimed.parent
        own.rename(own.with_name(uuid.uuid4().hex))
        return
    target, again = home / claimed.name, 1
    while _there(target):
        again += 1
        target = home / f"{claimed.name[:80]} ({again})"
    claimed.rename(target)


def _content(own: Path) -> Path | None:
    """The claimed entry; what begins with a dot is our own scratch."""
    return next((entry for entry in own.iterdir() if not entry.name.startswith(".")), None)


def _order(own: Path) -> tuple[tuple[int, str], ...]:
    claimed = _content(own)
    return natural(claimed.name) if claimed is not None else ()


def _clear(own: Path) -> None:
    """Remove a claim that holds nothing more."""
    if is_folder(own):
        _remove_empty(own)


def _remove_empty(top: Path) -> None:
    """Remove the folders that hold nothing, or nothing but the scratch of an attempt that died."""
    for folder in folders_below(top):
        for entry in folder.iterdir():
            if _SCRATCH.fullmatch(entry.name) and not is_folder(entry):
                entry.unlink()
        with suppress(OSError):  # not empty
            folder.rmdir()


def _there(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True
