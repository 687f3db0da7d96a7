"""What `sohoa ocr` tells of a file and of each of its pages; the JSON is that of `sohoa ocr --json` (formats.md section 4)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from pipeline.model import PageReading
from pipeline.split import PageEvidence, is_separator
from workers.page_wire import PageResult, Pictured, Unread

BLANK, SEPARATOR = "blank", "separator"


@dataclass(frozen=True, slots=True)
class PageReport:
    """One page of the input. `reason` says why it is not in the PDF: blank, separator, or the code of its failure."""

    source_page: int  # from 1
    kept: bool
    reason: str | None
    rotation: int = 0  # degrees clockwise that were applied
    skew: float | None = None  # degrees, counter-clockwise positive, found before correction; None: left as it was
    dpi: float | None = None  # of the source image
    confidence: float | None = None  # 0..1; None when nothing was read
    text: str = ""
    seconds: float = 0.0
    failure: str | None = None  # the code why the page could not be read; it is in the PDF as a picture without text, if kept
    notes: tuple[str, ...] = ()  # codes of what the reader had to mend


@dataclass(frozen=True, slots=True)
class OcrReport:
    """What became of one file."""

    pages_in: int
    pages_out: int
    seconds: float  # wall time
    engine: str
    pdfa: str | None  # part and level, "2b"
    pages: tuple[PageReport, ...]

    def to_json(self) -> str:
        """One JSON document, UTF-8 letters as they are."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def report_of(page: PageResult) -> PageReport:
    """The fate of a page and what was found on it."""
    if isinstance(page, Unread):
        return PageReport(page.number, kept=False, reason=page.code, failure=page.code)
    if isinstance(page, Pictured):
        return replace(report_of(page.page), failure=page.code)
    reason = _reason(page)
    confidence = page.confidence
    return PageReport(
        source_page=page.number,
        kept=reason is None,
        reason=reason,
        rotation=page.rotation,
        skew=None if page.skew is None else round(page.skew, 3),
        dpi=round(page.dpi, 2),
        confidence=None if confidence is None else round(confidence, 4),
        text=page.words.text,
        seconds=round(page.seconds, 3),
        notes=page.notes,
    )


def _reason(page: PageReading) -> str | None:
    """A sheet is known by its code even where it looks empty; a page that bears any code is not blank."""
    if is_separator(PageEvidence(page.number, page.codes, page.blank, text=page.words.text)):
        return SEPARATOR
    return BLANK if page.blank and not page.codes else None


def sidecar_text(pages: Iterable[PageReport]) -> str:
    """The text of the pages with form feeds between them; a page that is not kept is empty, so field n is page n of the input."""
    return "\f".join(page.text if page.kept else "" for page in pages)
