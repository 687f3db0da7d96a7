"""What a page process and its owner say to each other: a length in four bytes, then one pickled answer of ours.

Requests are short lines of text: "read 3", "picture 3". Answers are `Opened`, `PageReading` or `Failed`. Pickle is safe here
because both ends are this product, on this machine, and what a scan file holds only ever travels as pixels and strings.
"""

from __future__ import annotations

import pickle
import struct
import traceback
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SohoaError
from pipeline.model import PageReading

LENGTH = struct.Struct(">I")
MAX_ANSWER = 256 * 1024**2  # bytes; the picture of the largest page allowed is well under it
BUG = "InternalError"  # the code of a failure that no class of `pipeline.errors` foresaw


@dataclass(frozen=True, slots=True)
class Opened:
    """The process is ready to read; the version of its engine."""

    engine: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A page, or the start of the process, failed. `code` as in `pipeline.errors`, or `BUG`; `detail` names no content."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Pictured:
    """A page that could not be read: all that is known of it is its picture. `code` as in `Failed`."""

    page: PageReading
    code: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A page of which not even a picture could be had. `code` as in `Failed`."""

    number: int
    code: str


PageResult = PageReading | Pictured | Unread
Answer = Opened | PageReading | Failed


def failure_of(error: Exception) -> Failed:
    """An exception as it may cross the boundary: where it happened, not what was in it."""
    if isinstance(error, SohoaError):
        return Failed(error.code, error.detail)
    last = traceback.extract_tb(error.__traceback__)[-1]
    return Failed(BUG, f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}")


def pack(answer: Answer) -> bytes:
    body = pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(body)) + body


def unpack(body: bytes) -> Answer:
    """One answer; ValueError when it is none of ours."""
    answer = pickle.loads(body)  # noqa: S301 - written by `pack` in a child of ours
    if not isinstance(answer, Opened | PageReading | Failed):
        raise ValueError("no answer of a page process")  # noqa: TRY004
    return answer
