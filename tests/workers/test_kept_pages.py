"""A long scan is taken up where it was interrupted; what is kept for that is private, bounded and never believed blindly."""

from __future__ import annotations

import hashlib
import io
import logging
import shutil
import signal
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import Broken, NotPdfA, StoreDown
from pipeline.model import AccessImage, Box, Encoding, Line, ReadSettings, Word, Words
from samples.dense import dense_page
from samples.sheets import blank
from workers.kept_pages import FinishedPage, keeping, key_of
from workers.report import OcrReport, PageReport
from workers.single import ocr_file

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
PAGES = 12
KEY = b"k" * 32
OWNER = 0o600

RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.model import ReadSettings
from workers.single import ocr_file
ocr_file(Path(sys.argv[1]), Path(sys.argv[2]), sidecar=None, jobs=1, settings=ReadSettings(), now=datetime(2026, 3, 2, 5, 0, tzinfo=UTC),
         progress=lambda done, total: print(done, flush=True))
"""


def run(source: Path, out: Path, settings: ReadSettings | None = None) -> OcrReport:
    return ocr_file(source, out, sidecar=None, jobs=2, settings=settings or ReadSettings(), now=NOW, progress=None)


def run_until(source: Path, out: Path, pages: int) -> None:
    """A process of its own that is killed when it has come to page `pages`."""
    process = subprocess.Popen([sys.executable, "-c", RUN, source, out], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) == pages:
            process.send_signal(signal.SIGKILL)
            break
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pages, the first one blank."""
    pages = [blank(), *(dense_page(seed, f"Tờ khai số {seed}\nđăng ký khai sinh của công dân") for seed in range(1, PAGES))]
    shown = [Image.fromarray(page.image).convert("L").reduce(3) for page in pages]
    path = tmp_path_factory.mktemp("in") / "scan.pdf"
    shown[0].save(path, save_all=True, append_images=shown[1:], resolution=100)
    return path


@pytest.fixture(scope="module")
def whole(stack: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The PDF of a run that nothing interrupted."""
    out = tmp_path_factory.mktemp("whole") / "made.pdf"
    run(stack, out)
    assert list(out.parent.iterdir()) == [out]
    return out.read_bytes()


@pytest.fixture(scope="module")
def killed(stack: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run that was killed leaves behind."""
    folder = tmp_path_factory.mktemp("killed")
    run_until(stack, folder / "made.pdf", 9)
    return folder


def earlier(caplog: pytest.LogCaptureFixture) -> int:
    """How many pages the last run did not read, by its log."""
    return next((int(message.split()[0]) for message in caplog.messages if message.endswith("read by an earlier run")), 0)


def test_a_killed_run_goes_on_where_it_was(
    stack: Path, whole: bytes, killed: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(killed, tmp_path, dirs_exist_ok=True)
    out = tmp_path / "made.pdf"
    left = sorted(tmp_path.iterdir())
    assert [path.suffix for path in left] == [".pages", ".part"]
    assert [path.stat().st_mode & 0o777 for path in left] == [OWNER, OWNER]
    assert left[0].stat().st_size < 0.2 * left[1].stat().st_size  # a picture lies on the disk once
    with caplog.at_level(logging.INFO, "workers.single"):
        report = run(stack, out)
    assert earlier(caplog) in (8, 9)  # the ninth may have been noted before the end came
    assert out.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [out]
    assert [page.source_page for page in report.pages] == list(range(1, PAGES + 1))
    assert [page.reason for page in report.pages] == ["blank"] + [None] * (PAGES - 1)
    assert report.engine.startswith("tesseract")


@pytest.mark.parametrize("harm", ["torn", "flipped record", "flipped picture", "emptied"])
def test_what_is_damaged_is_read_again(
    stack: Path, whole: bytes, killed: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    shutil.copytree(killed, tmp_path, dirs_exist_ok=True)
    out = tmp_path / "made.pdf"
    journal, part = sorted(tmp_path.iterdir())
    kept = bytearray(journal.read_bytes())
    if harm == "torn":
        journal.write_bytes(kept[:-3])
    elif harm == "flipped record":
        kept[len(kept) * 3 // 4] ^= 1
        journal.write_bytes(kept)
    elif harm == "flipped picture":
        pictures = bytearray(part.read_bytes())
        pictures[len(pictures) // 2] ^= 1
        part.write_bytes(pictures)
    else:
        part.write_bytes(b"")
    with caplog.at_level(logging.INFO, "workers.single"):
        run(stack, out)
    assert out.read_bytes() == whole
    assert earlier(caplog) in {"torn": (7, 8), "emptied": (1,)}.get(harm, range(1, 8))  # the blank page's picture is in the journal


def test_other_settings_start_anew(stack: Path, killed: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shutil.copytree(killed, tmp_path, dirs_exist_ok=True)
    out = tmp_path / "made.pdf"
    with caplog.at_level(logging.INFO, "workers.single"):
        run(stack, out, ReadSettings(jpeg_quality=40))
    assert earlier(caplog) == 0
    assert list(tmp_path.iterdir()) == [out]


def test_the_key_depends_on_scan_and_settings(tmp_path: Path) -> None:
    one, other = tmp_path / "1", tmp_path / "2"
    one.write_bytes(b"1")
    other.write_bytes(b"2")
    assert key_of(one, ReadSettings()) == key_of(one, ReadSettings())
    assert len({key_of(one, ReadSettings()), key_of(other, ReadSettings()), key_of(one, ReadSettings(reread=True))}) == 3


def page(number: int) -> FinishedPage:
    words = Words(10, 10, (Line((Word("chữ", Box(1, 1, 9, 9), 0.5),), Box(1, 1, 9, 9)),))
    picture = AccessImage(b"picture %d" % number, Encoding.JPEG, 10, 10, 200.0, grey=True)
    return FinishedPage(PageReport(number, kept=True, reason=None, text="chữ", notes=("low_dpi",)), "tesseract", picture, words)


def keep(target: Path, count: int, failure: BaseException | None = None) -> None:
    with keeping(target, KEY) as kept:
        assert kept is not None
        known = [*kept.finished()]
        for number in range(len(known) + 1, count + 1):
            one = page(number)
            begin = kept.file.tell()
            assert one.image is not None
            kept.file.write(b"before" + one.image.encoded + b"after")
            kept.add(one, begin)
        if failure is not None:
            raise failure


def test_pages_come_back_as_they_were(tmp_path: Path) -> None:
    target = tmp_path / "made.pdf"
    with pytest.raises(KeyboardInterrupt):
        keep(target, 3, KeyboardInterrupt())
    with keeping(target, KEY) as kept:
        assert kept is not None
        found = [*kept.finished()]
        assert [(one.report, one.words, one.image) for one in found] == [(p.report, p.words, p.image) for p in map(page, (1, 2, 3))]


@pytest.mark.parametrize(("failure", "stays"), [(StoreDown(), True), (OSError(28, "full"), True), (NotPdfA(), False), (Broken(), False)])
def test_only_what_may_go_on_stays(tmp_path: Path, failure: Exception, stays: bool) -> None:
    with pytest.raises(type(failure)):
        keep(tmp_path / "made.pdf", 2, failure)
    assert len(list(tmp_path.iterdir())) == (2 if stays else 0)


def test_nothing_finished_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        keep(tmp_path / "made.pdf", 0, KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


def test_two_runs_do_not_share(tmp_path: Path) -> None:
    with keeping(tmp_path / "made.pdf", KEY) as first:
        assert first is not None
        first.file.write(b"mine")
        with keeping(tmp_path / "made.pdf", KEY) as second:
            assert second is None
    assert (tmp_path / "made.pdf").read_bytes() == b"mine"


@pytest.mark.parametrize("suffix", [".pages", ".part"])
def test_a_planted_link_is_not_followed(tmp_path: Path, suffix: str) -> None:
    target, victim = tmp_path / "made.pdf", tmp_path / "victim"
    victim.write_bytes(b"precious")
    with pytest.raises(KeyboardInterrupt):
        keep(target, 1, KeyboardInterrupt())
    (planted,) = tmp_path.glob(f".*{suffix}")
    planted.unlink()
    planted.symlink_to(victim)
    with keeping(target, KEY) as kept:
        assert kept is None
    assert victim.read_bytes() == b"precious"


def test_rights_are_those_of_any_new_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    keep(tmp_path / "made.pdf", 1)
    assert (tmp_path / "made.pdf").stat().st_mode == plain.stat().st_mode


def test_a_record_that_unpacks_to_gigabytes_is_no_record(tmp_path: Path) -> None:
    target = tmp_path / "made.pdf"
    with pytest.raises(KeyboardInterrupt):
        keep(target, 1, KeyboardInterrupt())
    (journal,) = tmp_path.glob(".*.pages")
    bomb = io.BytesIO()
    pack = zlib.compressobj(9)
    for _ in range(80):
        bomb.write(pack.compress(b" " * 1024**2))
    bomb.write(pack.flush())
    body = bomb.getvalue()
    with journal.open("ab") as file:
        file.write(len(body).to_bytes(4, "big") + hashlib.sha256(body).digest() + body)
    with keeping(target, KEY) as kept:
        assert kept is not None
        assert len([*kept.finished()]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["made.pdf"]
