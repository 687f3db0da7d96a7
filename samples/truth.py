"""What has to become of every page and file of a sample day, written to and read from `truth.json`.

Terms follow `sohoa status --pages --json`: rotation in degrees clockwise, skew in degrees counter-clockwise positive.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PageTruth:
    """One source page. Pages of one `document` (numbered from 1 in each file) belong together, in this order."""

    source_page: int
    kind: str  # receipt, paper, separator, patch, blank
    disposition: str  # attached, blank, separator, parked
    dossier: str | None  # number; None where the page is not attached
    component: str | None  # None: attached to the dossier, component undecided
    document: int | None
    page_in_document: int | None
    rotation: int
    skew: float
    scanner: str  # name of the preset
    text: str  # NFC, one printed line per line


@dataclass(frozen=True, slots=True)
class FileTruth:
    """One dropped file or folder. Refused files and duplicates have no pages: nobody looks into them."""

    path: str  # below the inbox
    end: str  # done, parked, refused, duplicate
    reason: str | None  # code of the failure; Duplicate for the second of two equal files
    same_as: str | None  # path of the equal file that is dropped too
    pages: tuple[PageTruth, ...]


@dataclass(frozen=True, slots=True)
class DayTruth:
    """A whole sample day."""

    seed: int
    size: str
    files: tuple[FileTruth, ...]

    @property
    def pages(self) -> tuple[PageTruth, ...]:
        return tuple(page for file in self.files for page in file.pages)

    def file(self, path: str) -> FileTruth:
        """The file of that path. StopIteration where there is none."""
        return next(file for file in self.files if file.path == path)


def save(truth: DayTruth, path: Path) -> None:
    """Write the truth as JSON."""
    path.write_text(json.dumps(asdict(truth), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> DayTruth:
    """Read what `save` wrote. TypeError or KeyError where it is something else."""
    found = json.loads(path.read_text(encoding="utf-8"))
    files = tuple(FileTruth(**{**file, "pages": tuple(PageTruth(**page) for page in file["pages"])}) for file in found["files"])
    return DayTruth(seed=found["seed"], size=found["size"], files=files)
