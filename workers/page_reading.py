"""Read one page of an open scan, or failing that make at least its picture; the same in this process and in a child."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator

from pipeline import access
from pipeline.model import PageReading, ReadSettings, Words
from pipeline.ocr import Engines, open_engines
from pipeline.page import read_page
from pipeline.scan import Scan
from workers.page_wire import PageResult, Pictured, Unread, failure_of

log = logging.getLogger(__name__)


class PageReader:
    """The pages of an open scan, read in this process: for a single page, and where a hanging page may be waited for."""

    def __init__(self, scan: Scan, settings: ReadSettings) -> None:
        """Raises EngineMissing."""
        self._scan = scan
        self._settings = settings
        self._engine = open_engines(settings)

    @property
    def pages(self) -> int:
        return self._scan.pages

    @property
    def engine(self) -> str:
        """Version of the engine."""
        return self._engine.version

    def read(self, numbers: Iterable[int]) -> Iterator[PageResult]:
        """The pages in the order asked for."""
        return map(self._read, numbers)

    def _read(self, number: int) -> PageResult:
        try:
            return read(self._scan, number, self._engine, self._settings)
        except Exception as error:  # noqa: BLE001 - one bad page never stops a document
            failed = failure_of(error)
        log.warning("page %d was not read: %s %s", number, failed.code, failed.detail)
        try:
            return Pictured(picture_only(self._scan, number, self._settings), failed.code)
        except Exception:  # noqa: BLE001 - the first failure is the one to tell
            return Unread(number, failed.code)


def read(scan: Scan, number: int, engine: Engines, settings: ReadSettings) -> PageReading:
    """Page `number` with everything the pipeline finds out about it. Raises what `Scan.page` and `read_page` raise."""
    return read_page(scan.page(number), engine, settings)


def picture_only(scan: Scan, number: int, settings: ReadSettings) -> PageReading:
    """Page `number` as it was scanned, unread and unturned: what is left to give when reading it failed."""
    started = time.perf_counter()
    page = scan.page(number)
    if page.bitonal and page.pixels.ndim == 2:
        pixels, dpi = access.fitted(page.pixels, page.dpi, access.BITONAL_DPI)
        picture = access.encode_g4(pixels, dpi)
    else:
        pixels, dpi = access.fitted(page.pixels, page.dpi, settings.access_dpi)
        picture = access.encode_jpeg(pixels, dpi, settings.jpeg_quality)
    return PageReading(
        number=number,
        codes=(),
        blank=False,
        ink=0.0,
        rotation=0,
        skew=None,
        dpi=page.dpi,
        words=Words(picture.width, picture.height),
        access=picture,
        notes=page.notes,
        seconds=time.perf_counter() - started,
    )
