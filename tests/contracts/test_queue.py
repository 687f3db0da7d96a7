"""What every queue keeps: one contract for the local process pool and for Celery over a real Redis.

Workers are other processes on the same catalogue; what they did is asked of the catalogue, as everything else does.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from config import Config, load_config
from records.intake import Dropped, accept
from records.models import Batch, Document, Page, Scan
from records.store import open_store
from workers.queue import Queue, Step

ROOT = Path(__file__).resolve().parents[2]


def dropped(tmp_path: Path, pages: int = 1) -> Scan:
    """An accepted TIFF of small pages that nobody has opened yet."""
    file = tmp_path / f"{uuid.uuid4().hex}.tif"
    images = [Image.new("L", (420, 300), 255) for _ in range(pages)]
    for n, image in enumerate(images):
        ImageDraw.Draw(image).text((40, 100), f"Trang {n} cua ho so", font=ImageFont.load_default(28), fill=0)
    images[0].save(file, save_all=True, append_images=images[1:], dpi=(100, 100))
    batch = uuid.uuid4()
    (done,) = accept(
        batch, "H51.20", file.name, is_folder=False, files=[Dropped(file, f"H51.20/{file.name}", 0)], store=open_store(), now=timezone.now()
    )
    return Scan.objects.get(pk=done.scan)


def eventually(true: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Whether it becomes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return true()


def is_done(scan: Scan) -> bool:
    return Batch.objects.filter(pk=scan.batch_id, state=Batch.State.ASSEMBLED).exists()


@pytest.mark.usefixtures("catalogue")
class QueueContract:
    """Mixed into a class per implementation, which gives the fixtures `queue` (with workers) and `worker_pids`."""

    def test_one_step_sends_the_next_to_the_end(self, queue: Queue, tmp_path: Path) -> None:
        scan = dropped(tmp_path, pages=7)
        queue.send(Step.OPEN, str(scan.pk))
        assert eventually(lambda: is_done(scan))
        assert list(scan.pages.values_list("number", "state").order_by("number")) == [(n, "read") for n in range(1, 8)]
        assert Document.objects.get().page_count == 7

    def test_repeated_and_early_messages_change_nothing(self, queue: Queue, tmp_path: Path) -> None:
        scan = dropped(tmp_path, pages=2)
        for _ in range(3):
            queue.send(Step.ASSEMBLE, str(scan.batch_id))
            queue.send(Step.OPEN, str(scan.pk))
        assert eventually(lambda: is_done(scan))
        for page in scan.pages.all():
            queue.send(Step.READ, str(page.pk))
        queue.send(Step.ASSEMBLE, str(scan.batch_id))
        time.sleep(1)
        assert Page.objects.count() == 2
        assert Document.objects.count() == 1

    def test_a_message_for_nothing_harms_nobody(self, queue: Queue, tmp_path: Path) -> None:
        for step, nothing in ((Step.OPEN, str(uuid.uuid4())), (Step.READ, "999999999"), (Step.BUNDLE, str(uuid.uuid4()))):
            queue.send(step, nothing)
        scan = dropped(tmp_path)
        queue.send(Step.OPEN, str(scan.pk))
        assert eventually(lambda: is_done(scan))

    def test_a_killed_worker_costs_nothing(self, queue: Queue, worker_pids: Callable[[], list[int]], tmp_path: Path) -> None:
        from workers.reconcile import Reconciler

        scan = dropped(tmp_path, pages=12)
        queue.send(Step.OPEN, str(scan.pk))
        assert eventually(lambda: scan.pages.filter(state="read").exists())
        for pid in worker_pids():
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
        for row in (Scan.objects.all(), Page.objects.filter(state="waiting")):
            row.update(lease_until=None)  # as if the lease had run out
        reconciler = Reconciler(queue, 0.0, 2)

        def worked_off() -> bool:
            reconciler.round(timezone.now())
            return is_done(scan)

        assert eventually(worked_off)
        assert Page.objects.filter(state="read").count() == 12
        assert Document.objects.count() == 1


class TestLocalPool(QueueContract):
    @pytest.fixture
    def queue(self, catalogue: None) -> Iterator[Queue]:
        from workers.local import LocalPool

        pool = LocalPool(load_config())
        pool.start()
        self.pool = pool
        yield pool
        pool.stop()

    @pytest.fixture
    def worker_pids(self, queue: Queue) -> Callable[[], list[int]]:
        return lambda: list(self.pool.workers)


@pytest.mark.servers
class TestCelery(QueueContract):
    @pytest.fixture
    def queue(self, catalogue: None, redis: str, tmp_path: Path) -> Iterator[Queue]:
        with celery_worker(redis, tmp_path) as self.main_pid:
            yield queue_to(redis)

    @pytest.fixture
    def worker_pids(self, queue: Queue) -> Callable[[], list[int]]:
        return lambda: children(self.main_pid)

    def test_only_the_id_travels_as_json(self, catalogue: None, redis: str, tmp_path: Path) -> None:
        from redis import Redis

        client = Redis.from_url(redis)
        client.flushall()
        queue_to(redis).send(Step.READ, "42")
        message = json.loads(client.lrange("sohoa", 0, -1)[0])
        import base64

        body = json.loads(base64.b64decode(message["body"]))
        assert message["content-type"] == "application/json"
        assert body[0] == ["read", "42"]
        client.flushall()
        client.close()

    def test_a_message_is_acknowledged_late(self) -> None:
        from workers.celery_app import app

        assert app.conf.task_acks_late
        assert app.conf.task_reject_on_worker_lost
        assert app.conf.accept_content == ["json"]


class Recorder:
    """A queue that only remembers what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[Step, str]] = []

    def send(self, step: Step, row_id: str) -> None:
        self.sent.append((step, row_id))


@pytest.mark.usefixtures("catalogue")
def test_steps_send_only_after_their_commit(tmp_path: Path) -> None:
    from workers.steps import open_step
    from workers.worker import hire

    scan, recorder = dropped(tmp_path, pages=2), Recorder()
    worker = hire(Config(), recorder)
    with pytest.raises(KeyError), transaction.atomic():
        open_step(str(scan.pk), worker, timezone.now())
        raise KeyError("the transaction around it fails")
    assert recorder.sent == []
    assert not scan.pages.exists()
    open_step(str(scan.pk), worker, timezone.now())
    worker.reader.close()
    assert [step for step, _ in recorder.sent] == [Step.READ, Step.READ]


def queue_to(redis: str) -> Queue:
    from workers.celery_app import CeleryQueue, app

    app.conf.broker_url = redis
    return CeleryQueue()


@contextmanager
def celery_worker(redis: str, folder: Path, environment: Mapping[str, str] = os.environ) -> Iterator[int]:
    """`celery -A workers worker` as an operator starts it; gives the process id of its parent process."""
    environment = {**environment, "SOHOA_QUEUE__KIND": "celery", "SOHOA_QUEUE__BROKER": redis}
    command = [str(Path(sys.executable).with_name("celery")), "-A", "workers", "worker", "--loglevel", "warning"]
    with (folder / "celery.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
