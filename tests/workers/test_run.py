"""The shell around the steps: one fault at a time, and where each of them ends."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

from config import Config, load_config
from pipeline.errors import EngineMissing, FixityMismatch, NotPdfA, SohoaError, StoreDown, TimedOut
from pipeline.model import PageReading
from records.again import try_again
from records.intake import Dropped, accept
from records.models import Batch, Document, Page, Scan
from records.store import ObjectStore, open_store
from tests.drops import NOW, NUMBER, OFFICE, DownStore, FullStore, LyingStore, OnceDownStore, PassingStore, Recorder, register, scan_file
from workers.lease import Terms, take
from workers.queue import Step
from workers.readings import Reader
from workers.reconcile import Reconciler
from workers.run import run
from workers.worker import Worker

pytestmark = pytest.mark.usefixtures("catalogue")


def a_worker(store: ObjectStore | None = None, config: Config | None = None) -> Worker:
    config, store = config or load_config(), store or open_store()
    return Worker(config, store, Recorder(), Reader(config.read.settings(), store, config.work))


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = a_worker()
    yield worker
    worker.reader.close()


def accepted(tmp_path: Path, name: str = f"{NUMBER}__TP1.tif", pages: int = 3) -> Scan:
    file = scan_file(tmp_path / name, pages=pages)
    dropped = [Dropped(file, f"{OFFICE}/{name}", 0)]
    (done,) = accept(uuid.uuid4(), OFFICE, name, is_folder=False, files=dropped, store=open_store(), now=NOW)
    return Scan.objects.get(pk=done.scan)


def end_lease() -> None:
    """As if the time of every lease had passed."""
    for model in (Scan, Page, Batch, Document):
        model.objects.update(lease_until=None)


def work_off(worker: Worker, rounds: int = 30) -> None:
    """Everything that can be done now, and what is put off as if its time had come."""
    recorder = Recorder()
    reconciler = Reconciler(recorder, 0.0, 4)
    for _ in range(rounds):
        end_lease()
        recorder.sent.clear()
        if not reconciler.round(datetime.now(UTC)):
            return
        for step, row_id in recorder.sent:
            run(step, row_id, worker)
    raise AssertionError(f"never ends: {recorder.sent}")


def failing_page(monkeypatch: pytest.MonkeyPatch, number: int, fault: Callable[[], Exception]) -> None:
    """Reading this page raises."""
    real = Reader.reading

    def reading(self: Reader, page: Page) -> PageReading:
        if page.number == number:
            raise fault()
        return real(self, page)

    monkeypatch.setattr(Reader, "reading", reading)


# --- faults at our seams -------------------------------------------------------------------------------------------------------


def test_without_a_fault_all_is_attached(worker: Worker, tmp_path: Path) -> None:
    register()
    scan = accepted(tmp_path)
    work_off(worker)
    scan.refresh_from_db()
    assert (scan.state, scan.page_count) == ("done", 3)
    assert Document.objects.get().state == "attached"


@pytest.mark.parametrize("faulty", [DownStore, FullStore])
def test_a_store_that_is_away_is_waited_for(worker: Worker, tmp_path: Path, faulty: type[PassingStore]) -> None:
    register()
    scan = accepted(tmp_path)
    away = a_worker(faulty())
    (away.config.work / "originals" / str(scan.sha256)).unlink(missing_ok=True)
    for _ in range(away.config.queue.attempts + 3):  # as often as it takes: this is not the scan's fault
        end_lease()
        run(Step.OPEN, str(scan.pk), away)
        for page in scan.pages.all():
            run(Step.READ, str(page.pk), away)
    away.reader.close()
    scan.refresh_from_db()
    assert scan.state in ("waiting", "running")
    assert scan.attempts == 0
    assert not Page.objects.exclude(state="waiting").exists()
    assert not Page.objects.exclude(attempts=0).exists()
    work_off(worker)
    scan.refresh_from_db()
    assert scan.state == "done"


def test_a_store_that_is_away_is_asked_again_only_after_a_while(tmp_path: Path) -> None:
    scan, away = accepted(tmp_path), a_worker(DownStore())
    run(Step.OPEN, str(scan.pk), away)
    scan.refresh_from_db()
    assert scan.lease_until is not None
    assert timedelta(seconds=5) < scan.lease_until - datetime.now(UTC) < timedelta(seconds=60)


def test_a_store_that_fails_once_changes_nothing(worker: Worker, tmp_path: Path) -> None:
    register()
    accepted(tmp_path)
    once = a_worker(OnceDownStore())
    work_off(once)
    once.reader.close()
    assert Document.objects.get().state == "attached"


def test_other_bytes_than_were_stored_park_the_scan_and_nothing_is_lost(worker: Worker, tmp_path: Path) -> None:
    scan = accepted(tmp_path)
    lying = a_worker(LyingStore())
    run(Step.OPEN, str(scan.pk), lying)
    scan.refresh_from_db()
    assert (scan.state, scan.reason) == ("parked", FixityMismatch.__name__)
    assert Batch.objects.get().note_due
    register()
    assert try_again(str(scan.pk), "cli:test", NOW).scans == 1
    work_off(worker)
    scan.refresh_from_db()
    assert scan.state == "done"


def test_a_pdf_that_the_store_does_not_give_back_is_not_attached(worker: Worker, tmp_path: Path) -> None:
    register()
    accepted(tmp_path)

    class LyingOfPdfs(PassingStore):
        def put(self, key: str, source: Path, sha256: str):  # type: ignore[no-untyped-def]
            if key.endswith(".pdf"):
                raise FixityMismatch("test")
            return super().put(key, source, sha256)

    lying = a_worker(LyingOfPdfs())
    work_off(lying)
    lying.reader.close()
    document = Document.objects.get()
    assert (document.state, document.reason) == ("parked", "FixityMismatch")
    assert not document.attachments.exists()
    assert {page.disposition for page in Page.objects.all()} == {"parked"}
    assert try_again(None, "cli:test", NOW).documents == 1
    work_off(worker)
    assert Document.objects.get().state == "attached"


def test_a_pdf_that_is_no_archive_file_is_not_attached(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register()
    accepted(tmp_path)

    def unproven(*_: object) -> None:
        raise NotPdfA("test")

    monkeypatch.setattr("workers.steps.prove_pdf", unproven)
    work_off(worker)
    assert (Document.objects.get().state, Document.objects.get().reason) == ("parked", "NotPdfA")
    assert not list(worker.config.work.glob("bundle-*"))


# --- one bad page --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "reason"), [(TimedOut, "TimedOut"), (ValueError, "Unexpected"), (MemoryError, "Unexpected")])
def test_a_page_that_fails_is_alone_and_the_rest_is_attached(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception], reason: str
) -> None:
    register()
    scan = accepted(tmp_path)
    with monkeypatch.context() as patch:
        failing_page(patch, 3, fault)
        work_off(worker)
    by_number = {page.number: page for page in scan.pages.select_related("document")}
    assert (by_number[3].state, by_number[3].reason, by_number[3].disposition) == ("failed", reason, "parked")
    assert [by_number[n].disposition for n in (1, 2)] == ["attached"] * 2
    scan.refresh_from_db()
    assert scan.state == "parked"
    assert try_again(None, "cli:test", NOW).pages == 1
    work_off(worker)
    by_number = {page.number: page for page in scan.pages.select_related("document")}
    assert by_number[3].state == "read"
    assert by_number[3].disposition in ("attached", "parked")
    assert [by_number[n].disposition for n in (1, 2)] == ["attached"] * 2


def test_a_page_is_tried_as_often_as_configured(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted(tmp_path, pages=1)
    tries: list[int] = []

    def fault() -> Exception:
        tries.append(1)
        return TimedOut("test")

    failing_page(monkeypatch, 1, fault)
    work_off(worker)
    assert len(tries) == worker.config.queue.attempts
    assert Page.objects.get().reason == "TimedOut"


def test_what_kills_its_workers_ends_as_too_slow(worker: Worker, tmp_path: Path) -> None:
    """A step that is begun and never comes to an end, again and again."""
    scan = accepted(tmp_path)
    for _ in range(worker.config.queue.attempts):
        assert take(Scan.objects.filter(pk=scan.pk), worker.terms, datetime.now(UTC)) is not None
        end_lease()
    run(Step.OPEN, str(scan.pk), worker)
    scan.refresh_from_db()
    assert (scan.state, scan.reason, scan.page_count) == ("parked", "TimedOut", 0)


def test_a_missing_engine_costs_no_attempt(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = accepted(tmp_path, pages=1)
    run(Step.OPEN, str(scan.pk), worker)
    failing_page(monkeypatch, 1, EngineMissing)
    for _ in range(5):
        end_lease()
        run(Step.READ, str(scan.pages.get().pk), worker)
    assert (scan.pages.get().state, scan.pages.get().attempts) == ("waiting", 0)


def test_recognition_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    """The real engine and a page full of text, with far too little time."""
    from samples.dense import dense_page
    from tests.workers.test_single import scan as scanned

    config = load_config()
    hurried = config.model_copy(update={"read": config.read.model_copy(update={"page_seconds": 1, "engine": "pytesseract"})})
    file = scanned(tmp_path / "dense.png", dense_page(7))
    dropped = [Dropped(file, f"{OFFICE}/dense.png", 0)]
    (done,) = accept(uuid.uuid4(), OFFICE, "dense.png", is_folder=False, files=dropped, store=open_store(), now=NOW)
    worker = a_worker(config=hurried)
    work_off(worker)
    worker.reader.close()
    page = Page.objects.get(scan=done.scan)
    assert (page.state, page.reason, page.disposition) == ("failed", "TimedOut", "parked")


# --- splitting that fails, catalogue that is away ---------------------------------------------------------------------------------


def test_a_batch_that_cannot_be_split_waits_as_a_whole(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register()
    scan = accepted(tmp_path)

    def broken(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("workers.steps.decide", broken)
    work_off(worker)
    document = Document.objects.get()
    assert (document.state, document.reason, document.page_count) == ("parked", "Unexpected", 3)
    assert {page.disposition for page in scan.pages.all()} == {"parked"}
    scan.refresh_from_db()
    assert (scan.state, scan.reason) == ("parked", "Unexpected")
    assert Batch.objects.get().state == "assembled"


def test_a_worker_survives_a_catalogue_that_is_away(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register()
    scan = accepted(tmp_path, pages=1)
    with monkeypatch.context() as away:

        def gone(*_: object, **__: object) -> None:
            raise OperationalError("test")

        away.setattr("workers.steps.take", gone)
        away.setattr("workers.run.put_off", gone)
        run(Step.OPEN, str(scan.pk), worker)
    work_off(worker)
    assert Document.objects.get().state == "attached"


def test_a_worker_survives_a_failure_of_its_own_shell(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = accepted(tmp_path, pages=1)

    def broken(*_: object, **__: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("workers.steps.take", broken)
    monkeypatch.setattr("workers.run.put_off", broken)
    run(Step.OPEN, str(scan.pk), worker)
    assert Scan.objects.get().state == "waiting"


# --- leases --------------------------------------------------------------------------------------------------------------------


def test_a_lease_keeps_others_away_until_it_runs_out(tmp_path: Path) -> None:
    scan, terms, rows = accepted(tmp_path), Terms(seconds=60, attempts=2), Scan.objects.filter(page_count=None)
    assert take(rows, terms, NOW) == scan
    assert take(rows, terms, NOW + timedelta(seconds=59)) is None
    assert take(rows, terms, NOW + timedelta(seconds=60)) == scan
    with pytest.raises(TimedOut):
        take(rows, terms, NOW + timedelta(seconds=120))


def test_only_one_of_many_takes_the_lease(tmp_path: Path) -> None:
    accepted(tmp_path)
    took: list[Scan] = []

    def try_to() -> None:
        from django.db import connection

        if (scan := take(Scan.objects.filter(page_count=None), Terms(60, 3), NOW)) is not None:
            took.append(scan)
        connection.close()

    threads = [threading.Thread(target=try_to) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(took) == 1


def test_a_worker_that_lost_its_lease_undoes_nothing(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes back when another one has read the page and its document is made."""
    register()
    scan = accepted(tmp_path, pages=1)
    run(Step.OPEN, str(scan.pk), worker)
    real, slow = Reader.reading, a_worker()

    def overtaken(self: Reader, page: Page) -> PageReading:
        if self is slow.reader:
            work_off(worker)
        return real(self, page)

    monkeypatch.setattr(Reader, "reading", overtaken)
    run(Step.READ, str(scan.pages.get().pk), slow)
    slow.reader.close()
    page = scan.pages.get()
    assert page.document is not None
    assert page.disposition == "attached"


# --- readings --------------------------------------------------------------------------------------------------------------------


def test_a_stored_reading_that_is_damaged_is_made_again(worker: Worker, tmp_path: Path) -> None:
    scan = accepted(tmp_path, pages=1)
    run(Step.OPEN, str(scan.pk), worker)
    page = scan.pages.select_related("scan").get()
    first = worker.reader.reading(page)
    stored = load_config().store_folder / worker.reader.key(page)
    import hashlib

    wrong_shape = b'{"other": "shape"}'
    for content in (b"", b"damaged", hashlib.sha256(wrong_shape).hexdigest().encode() + b"\n" + wrong_shape):
        stored.chmod(0o640)
        stored.write_bytes(content)
        assert worker.reader.reading(page).words == first.words


# --- the pool --------------------------------------------------------------------------------------------------------------------


def test_thousands_of_messages_at_once_do_not_block_the_pool() -> None:
    """More than a pipe can hold, from two threads, while workers answer."""
    from workers.local import LocalPool

    config = load_config()
    pool = LocalPool(config.model_copy(update={"queue": config.queue.model_copy(update={"processes": 1})}))
    pool.start()
    try:

        def send_many() -> None:
            for _ in range(1500):
                pool.send(Step.OPEN, str(uuid.uuid4()))

        sender = threading.Thread(target=send_many, daemon=True)
        sender.start()
        sender.join(20)
        assert not sender.is_alive()
        until = time.monotonic() + 40
        while not pool.idle and time.monotonic() < until:
            time.sleep(0.1)
        assert pool.idle
    finally:
        pool.stop()


def test_a_run_that_is_to_end_says_why_it_stands_still(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tests.drops import quick
    from workers import supervise

    config = quick(tmp_path / "inbox")
    config = config.model_copy(update={"queue": config.queue.model_copy(update={"processes": 1})})
    scan_file(config.inbox / OFFICE / "scan.png")
    monkeypatch.setattr("records.store.open_store", DownStore)
    monkeypatch.setattr(supervise, "_STANDSTILL_SECONDS", 1.0)
    with pytest.raises(SohoaError) as why:
        supervise.run_once(config, lambda _: None)
    assert isinstance(why.value, StoreDown)
    assert list(config.inbox.rglob("scan.png"))


def test_the_service_survives_a_reconciler_that_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tests.drops import left, quick
    from workers import supervise

    config = quick(tmp_path / "inbox")
    config = config.model_copy(update={"queue": config.queue.model_copy(update={"processes": 1})})
    failed: list[int] = []

    def failing(*_: object) -> int:
        failed.append(1)
        raise OperationalError("test")

    monkeypatch.setattr(Reconciler, "round", failing)
    monkeypatch.setattr(supervise, "_RECONCILE_SECONDS", 0.1)
    stop = threading.Event()
    service = threading.Thread(target=supervise.run_for_ever, args=(config, stop))
    service.start()
    scan_file(config.inbox / OFFICE / "scan.png")
    until = time.monotonic() + 20
    while (left(config.inbox) or len(failed) < 3) and time.monotonic() < until:
        time.sleep(0.1)
    stop.set()
    service.join(20)
    assert not service.is_alive()
    assert len(failed) >= 3
    assert Scan.objects.count() == 1
