"""Whose every side of the large days is and what it is, to be compared with what an archive made of it; `truth.json` there.

Other than `truth`, which says what has to become of a page, this says what a page is and which ends are no mistake: where a
receipt was lost in the feeder, a page that waits for a person and a page that found its dossier are both right.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class SideTruth:
    """One source page. `ends` and `components` list what is no mistake; an undecided component never is one."""

    source_page: int
    kind: str  # receipt, paper, card, separator, patch, blank
    owner: str | None  # number of the dossier whose paper it is, registered or not; None for sheets, patches and blanks
    component: str | None  # what it really is; None for receipts and papers that the procedure does not ask for
    components: tuple[str | None, ...]  # that it may be given without a person
    ends: tuple[str, ...]  # attached (to its owner), parked, blank, separator
    readable: bool  # bears or stands under a whole code or a file name that names its owner
    titled: bool  # bears, or is a later page of a paper that bears, the title by which the checklist calls its component
    trouble: str  # name of what went wrong, empty for most
    document: int | None  # of the file, from 1: sides of one paper; None for sheets, patches and blanks
    page_in_document: int | None
    rotation: int  # degrees clockwise that make it upright
    skew: float  # degrees counter-clockwise
    text: str  # NFC, one printed line per line


@dataclass(frozen=True, slots=True)
class HeapTruth:
    """One dropped file or folder."""

    path: str  # below the inbox
    way: str  # how its papers are told apart, or the trouble it was made for
    scanner: str  # name of the preset
    sides: tuple[SideTruth, ...]


@dataclass(frozen=True, slots=True)
class Belonging:
    """All large days of one seed and size."""

    seed: int
    dossiers: int  # as asked for
    heaps: tuple[HeapTruth, ...]


def save(truth: Belonging, path: Path) -> None:
    """Write it as JSON."""
    path.write_text(json.dumps(asdict(truth), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> Belonging:
    """Read what `save` wrote. TypeError or KeyError where it is something else."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return Belonging(found["seed"], found["dossiers"], tuple(_heap(heap) for heap in found["heaps"]))


def _heap(found: dict[str, Any]) -> HeapTruth:
    return HeapTruth(**{**found, "sides": tuple(_side(side) for side in found["sides"])})


def _side(found: dict[str, Any]) -> SideTruth:
    return SideTruth(**{**found, "components": tuple(found["components"]), "ends": tuple(found["ends"])})
