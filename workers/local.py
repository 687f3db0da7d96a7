"""The queue on one machine: a pool of worker processes under the process that watches.

Messages wait in the parent's memory and are lost with it; the catalogue has them all. A worker that dies is replaced and its step
sent again by the reconciler when the lease is free; one that hangs longer than its lease is killed.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from config import Config, load_config
from pipeline.errors import Unavailable
from records.logs import set_up_log
from records.setup import open_catalogue
from workers.line import Line, Message
from workers.queue import Queue, Step

if TYPE_CHECKING:
    from workers.worker import Worker

_AGAIN_SECONDS = 2.0  # between two attempts of a worker to begin
log = logging.getLogger(__name__)


@dataclass
class _Seat:
    """A worker process and what it is at."""

    process: BaseProcess
    pipe: Connection
    message: Message | None = None
    since: float = field(default_factory=time.monotonic)


class LocalPool:
    """Worker processes on this machine. `send` may be called from any thread of the parent; workers' own sends come over their pipes."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._context = multiprocessing.get_context("spawn")
        self._line = Line()
        self._lock = threading.Lock()
        self._bell, self._ear = self._context.Pipe()
        self._rung = False
        self._seats: list[_Seat] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="local-pool", daemon=True)

    def send(self, step: Step, row_id: str) -> None:
        self._put((step, row_id), follows=False)

    def _put(self, message: Message, *, follows: bool) -> None:
        with self._lock:
            self._line.add(message, follows=follows)
            self._ring()

    def _ring(self) -> None:
        """Wake the serving thread; called with the lock. One ring is enough: the pipe must never fill, the listener itself rings."""
        if not self._rung:
            self._rung = True
            self._bell.send_bytes(b".")

    def start(self) -> None:
        """Start the worker processes."""
        self._seats = [self._hire() for _ in range(self._config.processes)]
        self._thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Let every worker end its step, for at most so many seconds, then end it; unfinished steps stay in the catalogue."""
        self._stopping.set()
        with self._lock:
            self._line.clear()
            self._ring()
        self._thread.join(seconds)
        for seat in self._seats:
            seat.pipe.close()
        until = time.monotonic() + seconds
        for seat in self._seats:
            seat.process.join(max(0.1, until - time.monotonic()))
            if seat.process.is_alive():
                seat.process.kill()
                seat.process.join()

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nobody works."""
        with self._lock:
            return self._line.empty

    @property
    def workers(self) -> tuple[int, ...]:
        """Process ids of the workers."""
        return tuple(seat.process.pid or 0 for seat in self._seats)

    def _hire(self) -> _Seat:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs,), name="sohoa-worker", daemon=False)
        process.start()
        theirs.close()
        return _Seat(process, ours)

    def _serve(self) -> None:
        while not self._stopping.is_set() or any(seat.message for seat in self._seats):
            for place, seat in enumerate(self._seats):
                if seat.message and time.monotonic() - seat.since > self._config.queue.lease_seconds:
                    log.warning("a worker was at %s %s for longer than its lease and is killed", *seat.message)
                    seat.process.kill()
                if seat.message is None and not self._stopping.is_set():
                    self._seat_next(seat)
                if not seat.process.is_alive():
                    self._replace(place)
            ready = wait([self._ear, *(seat.pipe for seat in self._seats)], timeout=1.0)
            for pipe in ready:
                self._hear(pipe)

    def _seat_next(self, seat: _Seat) -> None:
        with self._lock:
            message = self._line.take()
        if message is not None:
            seat.message, seat.since = message, time.monotonic()
            try:
                seat.pipe.send(message)
            except OSError:
                seat.process.kill()  # replaced in the next round

    def _hear(self, pipe: object) -> None:
        if pipe is self._ear:
            with self._lock:
                self._ear.recv_bytes()
                self._rung = False
            return
        seat = next(seat for seat in self._seats if seat.pipe is pipe)
        try:
            said: Message | None = seat.pipe.recv()
        except (EOFError, OSError):
            seat.process.join(1)
            return
        if said is not None:
            self._put(said, follows=True)
        else:
            self._forget(seat)

    def _forget(self, seat: _Seat) -> None:
        with self._lock:
            if seat.message is not None:
                self._line.done(seat.message)
        seat.message = None

    def _replace(self, place: int) -> None:
        seat = self._seats[place]
        if seat.message is not None:
            log.warning("a worker died at %s %s (exit %s)", *seat.message, seat.process.exitcode)
        self._forget(seat)
        seat.pipe.close()
        if not self._stopping.is_set():
            self._seats[place] = self._hire()


class _Pipe:
    """The queue as a worker of the pool sees it: messages go up to the parent."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def send(self, step: Step, row_id: str) -> None:
        self._pipe.send((step, row_id))


def _work(pipe: Connection) -> None:
    """The life of a worker: a message in, its step done, `None` back; it ends when its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    os.environ["OMP_THREAD_LIMIT"] = "1"
    config = load_config()
    set_up_log(config)
    worker = _hired(config, _Pipe(pipe))
    from workers.run import run

    try:
        while True:
            step, row_id = pipe.recv()
            run(Step(step), row_id, worker)
            pipe.send(None)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        worker.reader.close()


def _hired(config: Config, queue: Queue) -> Worker:
    """A worker, as soon as the catalogue and the store answer."""
    while True:
        try:
            open_catalogue()
            from workers.worker import hire

            return hire(config, queue)
        except Unavailable as error:
            log.warning("a worker waits: %s", error)
        time.sleep(_AGAIN_SECONDS)
        parent = multiprocessing.parent_process()
        if parent is not None and not parent.is_alive():
            raise SystemExit


class Inline:
    """The queue of a command that does its own work: what is sent waits until `drain` runs it in this process."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._waiting: deque[Message] = deque()

    def send(self, step: Step, row_id: str) -> None:
        self._waiting.append((step, row_id))

    def drain(self) -> int:
        """Run what was sent and all that follows from it; returns how many steps that were."""
        from workers.run import run
        from workers.worker import hire

        if not self._waiting:
            return 0
        worker, steps = hire(self._config, self), 0
        while self._waiting:
            run(*self._waiting.popleft(), worker)
            steps += 1
        worker.reader.close()
        return steps
