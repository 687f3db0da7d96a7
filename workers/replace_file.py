"""A file that takes its name only when it is complete and on disk."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Part:
    """A file in the making."""

    path: Path  # beside the name it will take
    file: BinaryIO


@contextmanager
def replacing(target: Path) -> Iterator[Part]:
    """Write a file that replaces `target` in one step at the end of the block, or leaves `target` as it was if the block fails."""
    target = target.resolve()  # a symbolic link keeps pointing
    path = target.with_name(f".sohoa-{secrets.token_hex(6)}.part")
    try:
        with path.open("xb") as file:
            yield Part(path, file)
            file.flush()
            os.fsync(file.fileno())
        path.replace(target)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(path: Path) -> None:
    """Bring the names in the folder at `path` to the disk: a new one outlives a power cut."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
