"""Opening untrusted files, and the child that does it."""

from __future__ import annotations

import csv
import multiprocessing
import os
import resource
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from pipeline import errors, scan
from pipeline.limits import MAX_RENDER_PIXELS, OPEN_SECONDS, PAGE_SECONDS
from pipeline.scan import open_scan
from tests.pipeline.scan_samples import PdfPage, colours, flate_image, full_page, jpeg_image, noise, png_header, tiff, write_pdf

_CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"


def _nasty() -> list[tuple[str, str]]:
    index = _CORPUS / "INDEX.tsv"
    if not index.exists():
        return []
    with index.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["file"], row["truth"]) for row in rows if row["file"].startswith("nasty/")]


@pytest.mark.parametrize(("name", "truth"), _nasty())
def test_nasty_files_end_as_the_index_says(name: str, truth: str) -> None:
    begun = time.monotonic()
    read, expected = 0, None
    try:
        with open_scan(_CORPUS / name) as scan_:
            expected = scan_.pages
            for number in range(1, scan_.pages + 1):
                page = scan_.page(number)
                assert page.pixels.dtype == np.uint8
                assert 0 < page.pixels.shape[0] * page.pixels.shape[1] <= MAX_RENDER_PIXELS
                read += 1
    except errors.Refused:
        assert not truth.startswith("must be processed"), "was refused"
    else:
        assert read == expected
        assert not truth.startswith("must be rejected"), "was accepted"
    assert time.monotonic() - begun < 30
    told = truth.rpartition(":")[2].strip().split(" ")[0]
    if truth.startswith("must be processed") and told.isdigit():
        assert read == int(told)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.Empty),
        (b"Kinh gui: Uy ban nhan dan xa\n" * 50, errors.UnknownFormat),
        (b"<html><body>404</body></html>", errors.UnknownFormat),
        (b"GIF89a" + b"\0" * 100, errors.UnknownFormat),
        (b"%PDF-1.7\n", errors.Broken),
        (b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF", errors.Broken),
        (b"II*\0\x08\0\0\0", errors.Broken),
        (b"\xff\xd8\xff\xe0 and nothing else", errors.Broken),
        (b"RIFF\x10\0\0\0WEBPVP8 \0\0\0\0", errors.Broken),
        (png_header(60_000, 60_000), errors.TooLarge),
        (png_header(29_000, 29_000), errors.TooLarge),
    ],
)
def test_what_is_no_scan_is_refused(tmp_path: Path, content: bytes, error: type[errors.Refused]) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(content)
    with pytest.raises(error):
        open_scan(path)


def test_the_name_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    write_pdf(path, [full_page(flate_image(noise(40, 30)), 100)])
    with open_scan(path) as opened:
        assert (opened.format, opened.pages) == ("pdf", 1)


def test_a_fifo_does_not_hold_us(tmp_path: Path) -> None:
    fifo = tmp_path / "scan.pdf"
    os.mkfifo(fifo)
    with pytest.raises(errors.UnknownFormat):
        open_scan(fifo)


def test_too_large_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)])
    monkeypatch.setattr(scan, "MAX_FILE_BYTES", 100)
    with pytest.raises(errors.TooLarge):
        open_scan(path)


def test_a_file_that_is_not_there_is_not_our_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_scan(tmp_path / "gone.pdf")


def test_pages_that_are_not_there_are_the_callers_mistake(tmp_path: Path) -> None:
    with open_scan(write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)])) as opened:
        for number in (0, 2, -1):
            with pytest.raises(ValueError, match="page"):
                opened.page(number)


def test_a_page_tree_that_claims_100_000_pages(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [PdfPage("0 0 200 300", "")], repeat=100_000)
    with pytest.raises(errors.TooManyPages):
        open_scan(path)


def test_pages_that_the_tree_counts_but_does_not_hold_fail_one_by_one(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)], count=3)
    with open_scan(path) as opened:
        assert opened.pages == 3
        opened.page(1)
        for number in (2, 3):
            with pytest.raises(errors.Broken):
                opened.page(number)
        opened.page(1)


def test_pages_that_the_tree_holds_but_does_not_count_are_not_lost_in_silence(tmp_path: Path) -> None:
    page = full_page(flate_image(noise(40, 30)), 100)
    with pytest.raises(errors.Broken):
        open_scan(write_pdf(tmp_path / "scan.pdf", [page, page, page], count=1))


def test_a_loop_of_tiff_directories_ends(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(tiff([1, 2, 0]))
    with open_scan(path) as opened:
        assert opened.pages == 3
        assert opened.page(3).pixels.shape == (2, 2)


def test_a_tiff_with_more_directories_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(tiff([*range(1, 5_001), -1]))
    with pytest.raises(errors.TooManyPages):
        open_scan(path)


def test_a_child_that_dies_costs_its_page_only(tmp_path: Path) -> None:
    pages = [full_page(flate_image(noise(40, 30, seed)), 100) for seed in range(3)]
    with open_scan(write_pdf(tmp_path / "scan.pdf", pages)) as opened:
        first = opened.page(1).pixels
        child = opened._child
        assert child is not None
        child._process.kill()
        child._process.wait()
        assert np.array_equal(opened.page(2).pixels, noise(40, 30, 1))
        assert np.array_equal(opened.page(1).pixels, first)


def test_a_child_that_hangs_is_killed_and_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_scan(write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)])) as opened:
        child = opened._child
        assert child is not None
        os.kill(child._process.pid, 19)  # SIGSTOP: alive, and silent for ever
        monkeypatch.setattr(scan, "PAGE_SECONDS", 0.3)
        with pytest.raises(errors.TimedOut):
            opened.page(1)
        assert not Path(f"/proc/{child._process.pid}").exists()
        monkeypatch.setattr(scan, "PAGE_SECONDS", PAGE_SECONDS)
        assert opened.page(1).pixels.shape == (40, 30)


def test_opening_has_a_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)])
    monkeypatch.setattr(scan, "OPEN_SECONDS", 0.001)
    with pytest.raises(errors.TimedOut):
        open_scan(path)
    assert OPEN_SECONDS > 1


def test_the_child_is_confined_and_ends_with_the_scan(tmp_path: Path) -> None:
    opened = open_scan(write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)]))
    assert opened._child is not None
    pid = opened._child._process.pid
    limits = {line[:26].strip(): line[26:].split()[0] for line in Path(f"/proc/{pid}/limits").read_text().splitlines()}
    assert limits["Max address space"] == "1500000000"
    assert limits["Max cpu time"] == "600"
    assert limits["Max file size"] == limits["Max core file size"] == "0"
    assert int(limits["Max open files"]) <= 64
    assert os.getsid(pid) == pid
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"HOME=" not in environment
    assert b"SOHOA" not in environment
    opened.close()
    opened.close()
    assert not Path(f"/proc/{pid}").exists()


def test_no_file_of_ours_is_open_in_the_child(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)])
    secret = tmp_path / "secret"
    secret.write_text("s")
    with secret.open() as file:
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003 - takes no names
        with open_scan(path) as opened:
            assert opened._child is not None
            links = [str(link.readlink()) for link in Path(f"/proc/{opened._child._process.pid}/fd").iterdir()]
    assert str(secret) not in links
    assert str(path) in links


def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)])
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom pipeline.scan import open_scan\n"
        f"scan = open_scan(Path({str(path)!r}))\nprint(scan._child._process.pid, flush=True)\nsys.stdin.read()\n"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", program], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        parent.kill()
    for _ in range(100):
        if not _running(child):
            break
        time.sleep(0.05)
    assert not _running(child)


def _running(pid: int) -> bool:
    """Whether the process does anything still; a zombie waits for an init that these test machines may not have."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except FileNotFoundError:
        return False


def _shape(path: Path) -> tuple[int, ...]:
    with open_scan(path) as opened:
        return opened.page(1).pixels.shape


def _put_shape(path: Path, answers: multiprocessing.SimpleQueue[tuple[int, ...]]) -> None:
    answers.put(_shape(path))


def test_it_works_in_daemonic_pool_workers(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)])
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.SimpleQueue[tuple[int, ...]] = context.SimpleQueue()
    worker = context.Process(target=_put_shape, args=(path, answers), daemon=True)
    worker.start()
    worker.join(20)
    assert worker.exitcode == 0
    assert answers.get() == (40, 30)


def test_it_works_in_threads(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)])
    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(_shape, [path] * 6)) == {(40, 30)}


def test_a_scan_outlives_the_thread_that_opened_it(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)])
    opened: list[scan.Scan] = []
    thread = threading.Thread(target=lambda: opened.append(open_scan(path)))
    thread.start()
    thread.join()
    with opened[0]:
        time.sleep(0.2)  # the kernel ends the child with the thread that started it
        assert opened[0].page(1).pixels.shape == (40, 30)


def test_many_pages_need_no_more_memory_than_few(tmp_path: Path) -> None:
    page = full_page(jpeg_image(colours(1_200, 900), quality=95), 150)  # colour noise: about a megabyte compressed
    path = write_pdf(tmp_path / "scan.pdf", [page] * 120)
    with open_scan(path) as opened:
        assert opened._child is not None
        status = Path(f"/proc/{opened._child._process.pid}/status")
        for number in range(1, 121):
            opened.page(number)
        peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    assert peak * 1024 < path.stat().st_size


def test_overhead_of_a_single_page(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [full_page(jpeg_image(colours(400, 300)), 100)])
    used = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert _shape(path) == (400, 300, 3)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(used) < 0.8  # CPU seconds: a busy machine does not make them more
