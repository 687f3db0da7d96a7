"""What clerks drop, small enough for tests; a watcher that is quick to settle; and stores with one fault each."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from config import Config, WatchSection, load_config
from pipeline.errors import FixityMismatch, NoSpace, StoreDown
from records.inbox import is_passing
from records.models import Dossier, DossierFact, Procedure, ProcedureComponent
from records.store import ObjectStore, Stored, open_store
from watch import Watcher
from workers.local import Inline
from workers.queue import Queue, Step
from workers.reconcile import Reconciler

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
_NEVER_BEFORE = itertools.count(1)
OFFICE, NUMBER = "H51.20", "H51.20-260301-0001"


class Recorder:
    """A queue that only remembers what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[Step, str]] = []

    def send(self, step: Step, row_id: str) -> None:
        self.sent.append((step, row_id))


def page_image(text: str = "giay to", size: tuple[int, int] = (300, 160)) -> Image.Image:
    """A small page with a word or two."""
    image = Image.new("L", size, 255)
    ImageDraw.Draw(image).text((30, 50), text, font=ImageFont.load_default(28), fill=0)
    return image


def scan_file(path: Path, text: str | None = None, pages: int = 1) -> Path:
    """A scan of small pages; the format is that of the name's ending. Without a text it is one that was never there before."""
    text = text or f"giay so {next(_NEVER_BEFORE)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    images = [page_image(f"{text} {n}" if pages > 1 else text) for n in range(pages)]
    if pages > 1:
        images[0].save(path, save_all=True, append_images=images[1:], resolution=100, dpi=(100, 100))
    else:
        images[0].save(path, resolution=100, dpi=(100, 100))
    return path


def register(number: str = NUMBER, office: str = OFFICE) -> DossierFact:
    """A dossier of the register whose procedure asks for one form and gives a result."""
    procedure = Procedure.objects.filter(code="1.001193").first()
    if procedure is None:
        procedure = Procedure.objects.create(code="1.001193", name="Đăng ký khai sinh", needs_result=True, term_days=0, known_from=NOW)
        ProcedureComponent.objects.create(procedure=procedure, position=1, code="TP1", name="Tờ khai", required=True, duty="PHAI")
    return DossierFact.objects.create(
        dossier=Dossier.objects.create(number=number),
        procedure=procedure.code,
        receiving=office,
        executing=office,
        channel=1,
        received_at=NOW,
        status=DossierFact.Status.OPEN,
        applicant="Nguyễn Thị Thử",
        known_from=NOW,
    )


def quick(inbox: Path, settle: float = 0.2, incomplete: float = 0.6) -> Config:
    """The configuration of the tests, with an inbox of its own and short waits."""
    inbox.mkdir(parents=True, exist_ok=True)
    section = WatchSection(inbox=inbox, settle_seconds=settle, incomplete_seconds=incomplete, rescan_seconds=0.2)
    return load_config().model_copy(update={"watch": section})


def settle(watcher: Watcher, seconds: float = 10.0) -> None:
    """Look until nothing is left to claim or accept."""
    until = time.monotonic() + seconds
    while watcher.round():
        assert time.monotonic() < until, "something in the inbox does not come to its end"
        time.sleep(0.05)


def work_inbox_off(config: Config) -> None:
    """Claim, accept, read, split and bundle what was dropped, in this process, and write the notes."""
    inline = Inline(config)
    watcher, reconciler = Watcher(config, inline), Reconciler(inline, 0.0, config.queue.pages_in_flight)
    try:
        settle(watcher)
        inline.drain()
        while reconciler.round(datetime.now(UTC)) and inline.drain():
            pass
        watcher.round()
    finally:
        watcher.release()


def left(inbox: Path) -> list[str]:
    """Everything in the inbox but what the product keeps there itself."""
    return sorted(
        path.relative_to(inbox).as_posix()
        for path in inbox.rglob("*")
        if (path.is_symlink() or not path.is_dir()) and not any(is_passing(part) for part in path.relative_to(inbox).parts)
    )


def claimed(inbox: Path) -> list[Path]:
    """The files that are claimed and not accepted."""
    return sorted(path for path in inbox.rglob(".claimed/*/*") if not path.name.startswith("."))


class PassingStore:
    """A store that does what the real one does: what the faulty ones have in common."""

    def __init__(self) -> None:
        self._real: ObjectStore = open_store()

    def put(self, key: str, source: Path, sha256: str) -> Stored:
        return self._real.put(key, source, sha256)

    def get(self, key: str, target: Path, sha256: str | None) -> None:
        self._real.get(key, target, sha256)

    def stat(self, key: str) -> Stored | None:
        return self._real.stat(key)

    def list(self, prefix: str) -> Iterator[Stored]:
        return self._real.list(prefix)

    def delete(self, key: str) -> None:
        self._real.delete(key)


class DownStore(PassingStore):
    """Does not answer."""

    def put(self, key: str, source: Path, sha256: str) -> Stored:
        raise StoreDown("test")

    def get(self, key: str, target: Path, sha256: str | None) -> None:
        raise StoreDown("test")

    def stat(self, key: str) -> Stored | None:
        raise StoreDown("test")


class FullStore(PassingStore):
    """Has no room left."""

    def put(self, key: str, source: Path, sha256: str) -> Stored:
        raise NoSpace("test")


class LyingStore(PassingStore):
    """Gives other bytes back than were given."""

    def put(self, key: str, source: Path, sha256: str) -> Stored:
        raise FixityMismatch("test")

    def get(self, key: str, target: Path, sha256: str | None) -> None:
        raise FixityMismatch("test")


class OnceDownStore(PassingStore):
    """Does not answer the first time it is asked to keep something."""

    def __init__(self) -> None:
        super().__init__()
        self.failed = False

    def put(self, key: str, source: Path, sha256: str) -> Stored:
        if not self.failed:
            self.failed = True
            raise StoreDown("test")
        return super().put(key, source, sha256)


def sending_to(queue: Queue, inbox: Path) -> Watcher:
    """A watcher of an inbox that sends to this queue."""
    return Watcher(quick(inbox), queue)
