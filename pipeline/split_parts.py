"""What splitting decides: parts, each with whose it is or why that waits for a person, and every page in one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.evidence import Claim


class Doubt(StrEnum):
    """Why a part waits for a person; the values are codes of `pipeline.errors`."""

    NO_CODE = "NoCode"
    CONFLICT = "Conflict"
    IMPOSSIBLE = "ImpossibleNumber"
    UNREAD = "UnreadPage"


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page by the position of its file in the batch (from 0) and its number in the file (from 1)."""

    file: int
    page: int


@dataclass(frozen=True, slots=True)
class Part:
    """A run of pages that make one document. `doubt` None: `number` (and `component`, if known) are agreed by all sources."""

    pages: tuple[PageRef, ...]
    number: str | None
    component: str | None
    doubt: Doubt | None
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Every page of the batch exactly once: in a part, blank, or a separator."""

    parts: tuple[Part, ...]
    blanks: tuple[PageRef, ...]
    separators: tuple[PageRef, ...]
