"""The pages of one scan, read by a few processes at once and handed back in order.

A page that fails, takes too long or kills its process costs that page only: it is asked for once more as a bare picture, by a
new process if need be, and what even that cannot give is reported as unread. At most a few pages wait for an earlier one, so
memory does not grow with the scan.
"""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType

from pipeline.child import Child
from pipeline.errors import BY_CODE, Broken, EngineMissing, SohoaError, TimedOut
from pipeline.limits import OPEN_SECONDS, PAGE_SECONDS
from pipeline.model import PageReading, ReadSettings
from workers.page_process import order
from workers.page_wire import LENGTH, MAX_ANSWER, Answer, Failed, Opened, PageResult, Pictured, Unread, unpack

log = logging.getLogger(__name__)

_AHEAD = 16  # pages per process that may be in flight or wait for an earlier one
_GRACE = 10  # seconds on top of what reading and decoding a page may take by themselves


class PageProcess:
    """One child that reads pages of one scan; started at the first page and again after it died. One thread at a time."""

    def __init__(self, scan_fd: int, settings: ReadSettings, limit: float) -> None:
        """`limit`: wall seconds a page may take."""
        self._fd = scan_fd
        self._settings = settings
        self._limit = limit
        self._child: Child | None = None
        self.engine = ""  # version, once started

    def read(self, number: int) -> PageResult:
        """The page, read; or its picture; or neither."""
        first = self._ask(f"read {number}")
        if isinstance(first, PageReading):
            return first
        log.warning("page %d was not read: %s %s", number, first.code, first.detail)
        second = self._ask(f"picture {number}")
        return Pictured(second, first.code) if isinstance(second, PageReading) else Unread(number, first.code)

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _ask(self, request: str) -> PageReading | Failed:
        try:
            child = self._child if self._child is not None and self._child.alive else self._start()
            child.send(f"{request}\n".encode())
            answer = _answer(child, self._limit)
        except (Broken, TimedOut) as error:
            return Failed(error.code, error.detail)
        assert not isinstance(answer, Opened)
        return answer

    def _start(self) -> Child:
        """Raises what the child could not do: EngineMissing, or why the scan does not open."""
        self.close()
        child = Child("workers.page_process", [str(self._fd), order(self._settings)], keep_fd=self._fd)
        self._child = child
        try:
            answer = _answer(child, OPEN_SECONDS + _GRACE)
        except (Broken, TimedOut) as error:
            if self.engine:  # it did start before: costs a page, not the document
                raise
            raise EngineMissing(f"page process: {error.detail}") from error
        if isinstance(answer, Opened):
            self.engine = answer.engine
            return child
        self.close()
        assert isinstance(answer, Failed)
        raise BY_CODE.get(answer.code, SohoaError)(answer.detail)


class PagePool:
    """`jobs` page processes for the scan file at `path` of `pages` pages; use it in a `with` statement."""

    def __init__(self, path: Path, pages: int, settings: ReadSettings, jobs: int, limit: float | None = None) -> None:
        """`limit`: wall seconds a page may take, by default what its stages may take together and some more."""
        self.pages = pages
        limit = limit or settings.page_seconds + OPEN_SECONDS + PAGE_SECONDS + _GRACE
        self._fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # the same file for all, whatever happens to its name
        self._processes = [PageProcess(self._fd, settings, limit) for _ in range(jobs)]
        self._idle: SimpleQueue[PageProcess] = SimpleQueue()
        for process in self._processes:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(jobs)

    @property
    def engine(self) -> str:
        """Version of the engine, once a page was read."""
        return next((process.engine for process in self._processes if process.engine), "")

    def read(self, numbers: Iterable[int]) -> Iterator[PageResult]:
        """The pages in the order asked for. Raises EngineMissing, and SohoaError when a process cannot be started."""
        waiting: deque[Future[PageResult]] = deque()
        for number in numbers:
            waiting.append(self._threads.submit(self._read, number))
            if len(waiting) == _AHEAD * len(self._processes):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _read(self, number: int) -> PageResult:
        process = self._idle.get()
        try:
            return process.read(number)
        finally:
            self._idle.put(process)

    def __enter__(self) -> PagePool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.close()
        os.close(self._fd)


def _answer(child: Child, seconds: float) -> Answer:
    deadline = time.monotonic() + seconds
    (length,) = LENGTH.unpack(child.receive(LENGTH.size, deadline))
    if length > MAX_ANSWER:
        child.kill()
        raise Broken(f"answer of {length} bytes")
    return unpack(child.receive(length, deadline))
