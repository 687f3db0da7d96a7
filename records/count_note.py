"""The clerk's own count: a small text file `so-trang.txt` in a batch folder that says how many sides were put into the scanner."""

from __future__ import annotations

import re

from pipeline.text import fold

_NAMES = {"so-trang.txt", "so trang.txt", "sotrang.txt", "_so-trang.txt"}
_MOST_BYTES = 2_000
_COUNT = re.compile(r"(?<!\d)(\d{1,5})(?!\d)")


def is_count_note(path: str, size: int) -> bool:
    """Whether a dropped file is such a note, by its name below the inbox and its bytes."""
    return fold(path.rsplit("/", 1)[-1]) in _NAMES and path.count("/") >= 2 and size <= _MOST_BYTES


def read_count(untrusted_text: bytes) -> int | None:
    """The one number in the note; None where there is none, or several that differ."""
    found = {int(number) for number in _COUNT.findall(untrusted_text[:_MOST_BYTES].decode("utf-8", "replace"))}
    return found.pop() if len(found) == 1 else None
