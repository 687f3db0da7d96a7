"""One scan file in, one searchable PDF/A out: the engine behind `sohoa ocr`. No set-up, no database, no queue.

Blank pages and separator sheets stay out of the PDF, everything else is in it, read or at least as a picture. A scan of nothing
else still gives a PDF of its pages, so that nobody is left without a file; its report says that none is kept. Finished pages go
straight into a file beside OUT, which takes its name only when it is complete and proven; those of a long scan are kept if the
run is killed, and not read again by the next.
"""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pipeline.errors import BY_CODE, Broken, NoSpace
from pipeline.model import ReadSettings
from pipeline.pdf import PdfPage, write_pdf
from pipeline.pdf_archive import About
from pipeline.pdf_proof import PdfProof, prove_pdf
from pipeline.scan import open_scan
from workers.kept_pages import FinishedPage, KeptPages, keeping, key_of
from workers.page_pool import PagePool
from workers.page_wire import PageResult, Pictured, Unread
from workers.replace_file import replacing
from workers.report import OcrReport, PageReport, report_of, sidecar_text

log = logging.getLogger(__name__)

_SHORT = 8  # pages that are sooner read again than kept

TITLE = "Bản số hóa"  # of every PDF: a file name may hold a person's name

Progress = Callable[[int, int], None]
"""Called with the pages done and the pages in all."""


class _Reader(Protocol):
    """`PagePool` or `PageReader`."""

    @property
    def pages(self) -> int: ...

    @property
    def engine(self) -> str: ...

    def read(self, numbers: Iterable[int]) -> Iterator[PageResult]: ...


def ocr_file(
    untrusted_in: Path,
    out: Path,
    *,
    sidecar: Path | None,
    jobs: int,
    settings: ReadSettings,
    now: datetime,
    progress: Progress | None,
) -> OcrReport:
    """Read the scan `untrusted_in` with `jobs` processes, write the PDF/A `out`, and the text to `sidecar`; `now`, with zone, dates it.

    Raises Refused (UnknownFormat, Encrypted and so on), EngineMissing, NoSpace, Violated, OSError,
    and ValueError when an output is the input; `out` is then as it was before.
    """
    _spare_the_input(untrusted_in, out, sidecar)
    started = time.perf_counter()
    with _disk_full_is_ours(), _opened(untrusted_in, settings, jobs) as reader:
        pages: list[FinishedPage] = []
        key = key_of(untrusted_in, settings) if reader.pages > _SHORT else None
        proof = _write(reader, pages, out, key, now, progress)
        reports = tuple(page.report for page in pages)
        if sidecar is not None:
            with replacing(sidecar) as part:
                part.file.write(sidecar_text(reports).encode())
        seconds = round(time.perf_counter() - started, 3)
        engine = next((page.engine for page in reversed(pages) if page.engine), "")
        return OcrReport(reader.pages, sum(report.kept for report in reports), seconds, engine, proof.pdfa, reports)


def _write(reader: _Reader, pages: list[FinishedPage], out: Path, key: bytes | None, now: datetime, progress: Progress | None) -> PdfProof:
    """Write `out`; the pages, without their pictures, are noted in `pages`. With a `key` they are kept until it is complete."""
    with ExitStack() as files:
        kept = files.enter_context(keeping(out, key)) if key is not None else None
        part = kept or files.enter_context(replacing(out))
        made = write_pdf(_shown(reader, kept, pages, progress), part.file, About(TITLE, now))
        if not made:
            raise _nothing_read([page.report for page in pages])
        part.file.flush()
        return prove_pdf(part.path, made)


def _shown(reader: _Reader, kept: KeptPages | None, pages: list[FinishedPage], progress: Progress | None) -> Iterator[PdfPage]:
    """The pages that belong into the PDF, as they are read; all of them are noted in `pages` and kept."""
    spare: list[PdfPage] | None = []  # what is left out, until something is kept
    for page in _finished(reader, kept):
        begin = kept.file.tell() if kept is not None else 0
        pages.append(replace(page, image=None, words=None))
        if progress is not None:
            progress(len(pages), reader.pages)
        if page.report.kept:
            spare = None
        shown = _pdf_page(page) if page.report.kept or spare is not None else None
        if shown is not None and spare is None:
            yield shown
        elif shown is not None and spare is not None:
            spare.append(shown)
        if kept is not None:
            kept.add(page if shown is not None else pages[-1], begin)
    yield from spare or ()


def _finished(reader: _Reader, kept: KeptPages | None) -> Iterator[FinishedPage]:
    """All pages in order: those that an earlier run finished, then the others, read now."""
    done = 0
    for page in kept.finished() if kept is not None else ():
        done += 1
        yield page
    if done:
        log.info("%d of %d pages were read by an earlier run", done, reader.pages)
    for result in reader.read(range(done + 1, reader.pages + 1)):
        report = report_of(result)
        if isinstance(result, Unread):
            yield FinishedPage(report, reader.engine)
            continue
        reading = result.page if isinstance(result, Pictured) else result
        yield FinishedPage(report, reader.engine, reading.access, reading.words)


def _pdf_page(page: FinishedPage) -> PdfPage | None:
    return PdfPage(page.image, page.words) if page.image is not None and page.words is not None else None


@contextmanager
def _opened(untrusted_in: Path, settings: ReadSettings, jobs: int) -> Iterator[_Reader]:
    """The scan, ready to be read. A single page is read here: starting processes would cost half as much as reading it."""
    with open_scan(untrusted_in) as scan:
        pages = scan.pages
        if pages == 1:
            from workers.page_reading import PageReader  # loads OpenCV and Tesseract, which the pool's owner never needs

            yield PageReader(scan, settings)
            return
    with PagePool(untrusted_in, pages, settings, min(jobs, pages)) as pool:
        yield pool


def _nothing_read(reports: list[PageReport]) -> Exception:
    """Why there is no PDF: the first failure."""
    failure = next((report.reason for report in reports if report.reason), None)
    return BY_CODE.get(failure or "", Broken)(f"none of {len(reports)} pages could be read")


def _spare_the_input(untrusted_in: Path, out: Path, sidecar: Path | None) -> None:
    named = [untrusted_in, out, *([] if sidecar is None else [sidecar])]
    if len({path.resolve() for path in named}) < len(named):
        raise ValueError("IN, OUT and the sidecar must be different files")
    for path in named[1:]:
        if path.exists() and untrusted_in.exists() and path.samefile(untrusted_in):
            raise ValueError("an output is the input under another name")
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder", str(path))


@contextmanager
def _disk_full_is_ours() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(str(error)) from error
        raise
