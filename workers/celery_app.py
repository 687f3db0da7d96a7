"""The queue over many machines: Celery. Its tasks are one-line calls of the steps; only ids travel, as JSON.

Acknowledged late and given to another worker when one is lost: every step is a guarded re-do, so a message may come twice.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from celery import Celery
from celery.signals import setup_logging, worker_init
from django.db import connections
from kombu.exceptions import OperationalError

from config import load_config
from pipeline.errors import QueueDown
from records.logs import set_up_log
from records.setup import open_catalogue
from workers.queue import Step

if TYPE_CHECKING:
    from workers.worker import Worker  # its models need the catalogue, which is opened when a worker starts

_config = load_config()
app = Celery("sohoa", broker=_config.queue.broker.get_secret_value())
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    task_default_queue="sohoa",
    task_time_limit=_config.queue.lease_seconds,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 10 * _config.queue.lease_seconds},
    worker_hijack_root_logger=False,
    worker_concurrency=_config.processes,
)


@app.task(name="sohoa.step")  # type: ignore[untyped-decorator]
def step(name: str, row_id: str) -> None:
    """One step on the row with this id."""
    _run(Step(name), row_id)


class CeleryQueue:
    """Sends to whatever workers listen to the broker."""

    def send(self, step: Step, row_id: str) -> None:
        try:
            app.send_task("sohoa.step", args=[step.value, row_id])
        except (OSError, OperationalError) as error:
            raise QueueDown(type(error).__name__) from error


@worker_init.connect  # type: ignore[untyped-decorator]
def _prepare(**_: object) -> None:
    os.environ["OMP_THREAD_LIMIT"] = "1"
    open_catalogue()
    connections.close_all()  # a connection does not survive the fork


@setup_logging.connect  # type: ignore[untyped-decorator]
def _log(**_: object) -> None:
    set_up_log(_config)


def _run(name: Step, row_id: str) -> None:
    from workers.run import run

    run(name, row_id, _worker())


@lru_cache(maxsize=1)
def _worker() -> Worker:
    """This process's worker: made in the child, after the fork."""
    from workers.worker import hire

    return hire(_config, CeleryQueue())


def listening() -> int:
    """How many workers answer on the broker; raises QueueDown when the broker itself does not."""
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
        return len(app.control.ping(timeout=1.0))
    except (OSError, OperationalError) as error:
        raise QueueDown(type(error).__name__) from error
