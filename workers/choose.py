"""Which queue a process sends to."""

from __future__ import annotations

from config import Config
from workers.queue import Queue, Step


class Unsent:
    """For a process beside the local pool: nothing is sent, the pool's reconciler finds the work in the catalogue."""

    def send(self, step: Step, row_id: str) -> None:
        """Nothing to do: the row itself says what is due."""


def sending_queue(config: Config) -> Queue:
    """The queue for a process that has no workers of its own."""
    if config.queue.kind == "celery":
        from workers.celery_app import CeleryQueue

        return CeleryQueue()
    return Unsent()
