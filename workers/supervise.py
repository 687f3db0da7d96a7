"""`sohoa run`: the watcher, the workers of this machine and the reconciler, until told to stop or until the inbox is worked off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone

from config import Config
from records.notes import write_notes
from records.status import Work, work
from watch import Watcher
from workers.choose import sending_queue
from workers.local import Inline, LocalPool
from workers.queue import Queue
from workers.reconcile import Reconciler

_CELERY_GRACE_SECONDS = 30.0  # a message may lie in the broker for so long before its step is sent again
_RECONCILE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What one run read, and how long it took from the first look at the inbox to the last note."""

    pages: int
    seconds: float

    @property
    def pages_a_minute(self) -> float:
        return 60 * self.pages / self.seconds


@contextmanager
def staffed(config: Config) -> Iterator[Queue]:
    """A queue with workers: the local pool, started and stopped here, or Celery's, which run on their own."""
    if config.queue.kind == "celery":
        yield sending_queue(config)
        return
    pool = LocalPool(config)
    pool.start()
    try:
        yield pool
    finally:
        pool.stop()


def _reconciler(config: Config, queue: Queue) -> Reconciler:
    grace = _CELERY_GRACE_SECONDS if config.queue.kind == "celery" else 0.0
    return Reconciler(queue, grace, config.queue.pages_in_flight)


def run_for_ever(config: Config, stop: threading.Event) -> None:
    """Watch and work until `stop` is set."""
    with staffed(config) as queue:
        watcher = threading.Thread(target=Watcher(config, queue).run, args=(stop,), name="watcher")
        watcher.start()
        reconciler = _reconciler(config, queue)
        while not stop.wait(_RECONCILE_SECONDS):
            reconciler.round(timezone.now())
        watcher.join()


def run_once(config: Config, progress: Callable[[Work], None]) -> Pace:
    """Work the inbox off: until nothing in it is unsettled, and every batch and document has come to its end."""
    begun, before = time.monotonic(), work()
    with staffed(config) as queue:
        watcher, reconciler = Watcher(config, queue), _reconciler(config, queue)
        try:
            reconciled = -_RECONCILE_SECONDS
            while True:
                remaining = watcher.round()
                if time.monotonic() - reconciled >= _RECONCILE_SECONDS:
                    reconciler.round(timezone.now())
                    reconciled = time.monotonic()
                done = work()
                progress(done)
                if not remaining and not done.unfinished:
                    watcher.round()  # the last notes
                    return Pace(done.read - before.read, time.monotonic() - begun)
                time.sleep(0.25)
        finally:
            watcher.release()


def work_off(config: Config) -> None:
    """Do here and now what a command has just made possible; with Celery its workers do it."""
    if config.queue.kind == "celery":
        Reconciler(sending_queue(config), 0.0, config.queue.pages_in_flight).round(timezone.now())
        return
    inline = Inline(config)
    reconciler = Reconciler(inline, 0.0, config.queue.pages_in_flight)
    while reconciler.round(timezone.now()):
        if not inline.drain():
            break
    write_notes(config.inbox)
