"""What one worker process has of its own: configuration, store, queue, and the reader with its engine."""

from __future__ import annotations

from dataclasses import dataclass

from config import Config
from records.store import ObjectStore, open_store
from workers.lease import Terms
from workers.queue import Queue
from workers.readings import Reader


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker process."""

    config: Config
    store: ObjectStore
    queue: Queue
    reader: Reader

    @property
    def terms(self) -> Terms:
        """How long a step may hold its row, and how often it may be begun."""
        return Terms(self.config.queue.lease_seconds, self.config.queue.attempts)


def hire(config: Config, queue: Queue) -> Worker:
    """A worker for this process; the store is opened here."""
    store = open_store()
    return Worker(config, store, queue, Reader(config.read.settings(), store, config.work))
