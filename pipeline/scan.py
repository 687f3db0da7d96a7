"""An untrusted scan file as page images, one at a time.

The parsing is done by a child process with bounded memory, time and rights (`scan_reader`); here the file is checked from the
outside, the child is started, asked and replaced when it fails, and its answers are checked before a byte is allocated.
A page that hangs or kills the child costs that page only. Nothing is improved: that is for `tone` and `skew`.
"""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path
from types import TracebackType

import numpy as np

from pipeline import scan_wire, scan_wire_text
from pipeline.child import Child
from pipeline.errors import Broken, Empty, TooLarge, UnknownFormat
from pipeline.limits import CHILD_CPU_SECONDS, MAX_FILE_BYTES, OPEN_SECONDS, PAGE_SECONDS
from pipeline.model import SourcePage
from pipeline.sniff import HEAD_BYTES, Format, format_of

_READER = "pipeline.scan_reader"


class Scan:
    """An open scan file. Not to be shared between threads; close it, or use it in a `with` statement."""

    def __init__(self, fd: int, kind: Format) -> None:
        self._fd = fd
        self._child: Child | None = None
        self._served = 0  # pages that the present child has given
        self._busy = 0.0  # seconds that the present child was waited for, no less than the CPU time it used
        self.format = kind.value
        self.pages = self._start()

    def page(self, number: int) -> SourcePage:
        """Page `number`, from 1: H×W grey or H×W×3 BGR uint8, /Rotate and orientation tags applied, at most 400 dpi;
        with the text that a page of a PDF was made with, unjudged.

        Raises Broken, TooLarge or TimedOut for this page; the next call works again. ValueError: there is no such page.
        """
        if not 1 <= number <= self.pages:
            raise ValueError(f"page {number} of {self.pages}")
        child = self._child
        if child is None or not child.alive or self._busy > CHILD_CPU_SECONDS / 2:
            child = self._restart()
        try:
            return self._ask(child, number)
        except (Broken, TooLarge) as error:
            if not self._served or (isinstance(error, Broken) and child.alive):
                raise
        # Perhaps earlier pages had filled the child's memory: let this one prove it in a new child.
        return self._ask(self._restart(), number)

    def close(self) -> None:
        """End the child and close the file. May be called again."""
        self._stop()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Scan:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _start(self) -> int:
        """Start a child, have it open the file, and return the number of pages it counted."""
        begun = time.monotonic()
        self._child = Child(_READER, [str(self._fd), self.format, str(os.getpid())], keep_fd=self._fd)
        try:
            pages = scan_wire.opened(self._header(self._child, begun + OPEN_SECONDS)).pages
        except BaseException:
            self._stop()
            raise
        self._served, self._busy = 0, time.monotonic() - begun
        return pages

    def _restart(self) -> Child:
        self._stop()
        if self._start() != self.pages or self._child is None:
            self._stop()
            raise Broken("the file was changed while it was being read")
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _ask(self, child: Child, number: int) -> SourcePage:
        begun = time.monotonic()
        deadline = begun + PAGE_SECONDS
        child.send(f"{number}\n".encode())
        header = scan_wire.page_header(self._header(child, deadline))
        pixels = np.empty((header.height, header.width) if header.channels == 1 else (header.height, header.width, 3), np.uint8)
        child.receive_into(pixels.reshape(-1).data, deadline)
        words = scan_wire_text.text(child.receive(header.text, deadline), header.width, header.height)
        self._served += 1
        self._busy += time.monotonic() - begun
        return SourcePage(number, pixels, header.dpi, header.bitonal, header.notes, words)

    @staticmethod
    def _header(child: Child, deadline: float) -> bytes:
        return child.receive(scan_wire.header_length(child.receive(4, deadline)), deadline)


def open_scan(path: Path) -> Scan:
    """Open the scan file at `path`. The name of the file is not looked at.

    Raises Empty, UnknownFormat, TooLarge, TooManyPages, Encrypted, Broken, TimedOut, and OSError as `open` does.
    """
    # Without O_NONBLOCK a fifo with a scan's name would hold us for ever.
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise UnknownFormat("not a regular file")
        if not status.st_size:
            raise Empty()
        if status.st_size > MAX_FILE_BYTES:
            raise TooLarge(f"{status.st_size} bytes")
        kind = format_of(os.pread(fd, HEAD_BYTES, 0))
        if kind is None:
            raise UnknownFormat()
        return Scan(fd, kind)
    except BaseException:
        os.close(fd)
        raise
