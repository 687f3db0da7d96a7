"""`sohoa run`: the watcher, the workers of this machine and the reconciler, until told to stop or until the inbox is worked off."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from config import Config
from pipeline.errors import SohoaError, Unavailable
from records.notes import write_notes
from records.status import Work, work
from records.store import open_store
from watch import Watcher
from workers.choose import sending_queue
from workers.failures import as_ours
from workers.local import Inline, LocalPool
from workers.queue import Queue
from workers.reconcile import Reconciler

_CELERY_GRACE_SECONDS = 30.0  # a message may lie in the broker for so long before its step is sent again
_RECONCILE_SECONDS = 2.0
_STANDSTILL_SECONDS = 30.0  # after which a run that is to end asks why
log = logging.getLogger(__name__)


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
    """Watch and work until `stop` is set. Survives a catalogue or a queue that does not answer for a while."""
    with staffed(config) as queue:
        watcher = Watcher(config, queue)
        watching = threading.Thread(target=watcher.run, args=(stop,), name="watcher")
        watching.start()
        reconciler = _reconciler(config, queue)
        try:
            while not stop.wait(_RECONCILE_SECONDS):
                _reconciled(reconciler)
        finally:
            stop.set()
            watcher.wake()
            watching.join()


def _reconciled(reconciler: Reconciler) -> None:
    try:
        reconciler.round(timezone.now())
    except Exception as error:  # the one shell of the reconciler
        ours = as_ours(error)
        if isinstance(ours, Unavailable):
            log.warning("the catalogue was not looked through: %s", ours)
        else:
            log.exception("the catalogue was not looked through: %s", ours)
        connection.close()


def run_once(config: Config, progress: Callable[[Work], None]) -> Pace:
    """Work the inbox off: until nothing in it is unsettled, and every batch and document has come to its end.

    Raises why nothing can be taken in or read, when that lasts: StoreDown, NoSpace, FixityMismatch and others.
    """
    begun, before = time.monotonic(), work()
    with staffed(config) as queue:
        watcher, reconciler = Watcher(config, queue), _reconciler(config, queue)
        try:
            reconciled, patience = -_RECONCILE_SECONDS, _Patience()
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
                patience.look(done, remaining, watcher.failure)
                time.sleep(0.25)
        finally:
            watcher.release()


class _Patience:
    """How long a run that is to end may stand still for a dependency."""

    def __init__(self) -> None:
        self._seen: tuple[Work, int] | None = None
        self._since = time.monotonic()

    def look(self, done: Work, remaining: int, failure: SohoaError | None) -> None:
        """Raises the failure of the watcher, or of the store, when nothing has moved for a while because of it."""
        if self._seen != (done, remaining):
            self._seen, self._since = (done, remaining), time.monotonic()
        if time.monotonic() - self._since < _STANDSTILL_SECONDS:
            return
        if failure is not None and not done.unfinished:
            raise failure
        if done.unfinished:
            open_store().stat("work/standstill")
        self._since = time.monotonic()


def work_off(config: Config, batches: Collection[UUID] | None = None) -> None:
    """Do here and now what a command has just made possible, in these batches only if they are named; with Celery its workers do it."""
    if config.queue.kind == "celery":
        Reconciler(sending_queue(config), 0.0, config.queue.pages_in_flight, batches).round(timezone.now())
        return
    inline = Inline(config)
    reconciler = Reconciler(inline, 0.0, config.queue.pages_in_flight, batches)
    while reconciler.round(timezone.now()):
        if not inline.drain():
            break
    write_notes(config.inbox)
