"""The program in the child process: opens one untrusted file and writes its pages to standard output on request.

Gives up rights before it looks at the file. Whatever the parsing libraries raise becomes a refusal with the name of the
exception and the place; what they crash on is for the parent to notice. Started by `scan`, see `scan_wire` for the answers.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING, Protocol

from pipeline.errors import Broken, Refused, TooLarge
from pipeline.limits import CHILD_CPU_SECONDS, CHILD_MEMORY, MAX_RENDER_PIXELS
from pipeline.scan_wire import Failure, Opened, PageHeader, encode
from pipeline.scan_wire_text import encode_text
from pipeline.sniff import Format

if TYPE_CHECKING:
    from pipeline.scan_raster import Raster

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_OPEN_FILES = 32


class PageSource(Protocol):
    """An open file of one format."""

    pages: int

    def page(self, number: int) -> Raster:
        """Page `number`, from 1. Raises Refused, or anything that its library raises."""


def confine(parent: int) -> None:
    """Bound memory, CPU time, files and rights of this process, and tie its life to that of process `parent`."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:  # it died before the first prctl
        sys.exit(1)
    for bound, value in (
        (resource.RLIMIT_AS, CHILD_MEMORY),
        (resource.RLIMIT_CPU, CHILD_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(bound, (value, value))


def open_source(path: str, kind: Format) -> PageSource:
    """Open the file. Only the libraries that its format needs are loaded."""
    if kind is Format.PDF:
        from pipeline.scan_pdf import PdfSource

        return PdfSource(path)
    from pipeline.scan_image import ImageSource

    return ImageSource(path, kind)


def serve(source: PageSource, out: int) -> None:
    """Answer every line on standard input, a page number, until there are no more."""
    for line in sys.stdin.buffer:
        try:
            raster = source.page(int(line))
            height, width = raster.pixels.shape[:2]
            if height * width > MAX_RENDER_PIXELS:
                raise TooLarge(f"{width}x{height} pixels")
        except Exception as error:  # noqa: BLE001 - hostile bytes make the libraries raise nearly anything
            write(out, encode(failure(error)))
            continue
        channels = 1 if raster.pixels.ndim == 2 else 3
        text = encode_text(raster.words)
        write(out, encode(PageHeader(height, width, channels, raster.dpi, raster.bitonal, raster.notes, len(text))))
        write(out, raster.pixels.reshape(-1).data)
        write(out, text)


def failure(error: Exception) -> Failure:
    """What an exception is called on the wire: our own by its code, lack of memory TooLarge, all others Broken."""
    if isinstance(error, Refused):
        return Failure(error.code, error.detail)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    # The message is left out: libraries quote the file in theirs.
    place = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""  # noqa: PTH119
    return Failure((TooLarge if isinstance(error, MemoryError) else Broken).__name__, type(error).__name__ + place)


def write(out: int, content: bytes | memoryview) -> None:
    """Write all of it to the file descriptor `out`."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(out, rest) :]


def main() -> None:
    """`python -m pipeline.scan_reader FD FORMAT PARENT-PID`."""
    fd, kind, parent = sys.argv[1:]
    confine(int(parent))
    out = os.dup(1)
    os.dup2(2, 1)  # a library that prints would garble the answers
    try:
        source = open_source(f"/proc/self/fd/{int(fd)}", Format(kind))
        answer: Opened | Failure = Opened(source.pages)
    except Exception as error:  # noqa: BLE001 - see serve
        write(out, encode(failure(error)))
        return
    write(out, encode(answer))
    serve(source, out)


if __name__ == "__main__":
    main()
