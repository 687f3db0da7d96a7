"""When a dropped file or folder is settled: quiet, and complete by its structure, or quiet for a longer while."""

from __future__ import annotations

import time
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from config import WatchSection
from pipeline.ending import has_ending
from records.inbox import Look, Seen

_NETWORK = {"cifs", "smb3", "smbfs", "nfs", "nfs4", "fuse.sshfs", "9p", "vboxsf", "fuse.rclone", "fuse.s3fs"}
_STEADY_LOOKS_SECONDS = 1.0  # between the two looks that must agree


@dataclass(frozen=True, slots=True)
class _Sight:
    """An entry under observation."""

    look: Look
    since: float  # monotonic, of the first look that saw it so
    moved: bool  # whether it changed under our eyes


class Sights:
    """What a watcher has seen of each entry of its inbox; `shared`: the inbox lies on a network share."""

    def __init__(self, section: WatchSection, *, shared: bool) -> None:
        self._section = section
        self._shared = shared
        self._seen: dict[Path, _Sight] = {}

    def settled(self, path: Path, look: Look) -> bool:
        """Whether an entry that looks so now is settled."""
        clock = time.monotonic()
        sight = self._seen.get(path)
        if sight is None or sight.look != look:
            self._seen[path] = _Sight(look, clock, moved=sight is not None)
            return False
        section = self._section
        seen, age = clock - sight.since, time.time() - look.newest
        if seen < min(_STEADY_LOOKS_SECONDS, section.settle_seconds):
            return False
        if seen >= max(section.incomplete_seconds, section.settle_seconds):
            return True
        # Times on a share are another machine's, and what was not seen to be quiet may be between two pages.
        quiet = seen if sight.moved or self._shared else max(seen, age)
        return quiet >= section.settle_seconds and not look.partial and all(_complete(path, one) for one in look.files)

    def keep(self, paths: Set[Path]) -> None:
        """Forget what is no longer in the inbox."""
        self._seen = {path: sight for path, sight in self._seen.items() if path in paths}


def is_network(folder: Path) -> bool:
    """Whether the folder lies on a network share, where the system tells of no events (longest mount point in /proc/mounts)."""
    try:
        mounts = [line.split(" ")[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return False
    inside = [(point.encode().decode("unicode_escape"), kind) for point, kind in mounts]
    fitting = [(len(point), kind) for point, kind in inside if folder.resolve().is_relative_to(point)]
    return max(fitting, default=(0, ""))[1] in _NETWORK


def _complete(path: Path, seen: Seen) -> bool:
    try:
        return has_ending(path / seen.name if seen.name else path, seen.size) is True
    except OSError:
        return False
