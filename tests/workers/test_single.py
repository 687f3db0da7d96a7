"""`ocr_file` with the real reader, the real engine and real processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from pipeline.errors import EngineMissing, UnknownFormat
from pipeline.model import PageReading, ReadSettings
from pipeline.pdf_proof import prove_pdf
from samples.dense import dense_page
from samples.drawing import DrawnPage
from samples.sheets import blank, patch
from workers.page_pool import PagePool
from workers.page_wire import Pictured
from workers.report import OcrReport
from workers.single import ocr_file

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT.parent / "shared" / "schemas" / "ocr.schema.json"
FIRST = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nTờ khai đăng ký khai sinh của công dân ở địa phương"
SECOND = "Giấy xác nhận tình trạng hôn nhân\nỦy ban nhân dân xã xác nhận nội dung trên là đúng sự thật"


@dataclass(frozen=True)
class Made:
    report: OcrReport
    pdf: Path
    sidecar: Path
    progress: list[tuple[int, int]]


def scan(path: Path, *pages: DrawnPage) -> Path:
    """The pages as a scanner would have saved them: grey, 150 dpi."""
    shown = [Image.fromarray(page.image).convert("L").reduce(2) for page in pages]
    shown[0].save(path, save_all=len(shown) > 1, append_images=shown[1:], resolution=150, dpi=(150, 150))
    return path


def run(source: Path, out: Path, jobs: int = 2, settings: ReadSettings | None = None) -> Made:
    progress: list[tuple[int, int]] = []
    report = ocr_file(
        source,
        out,
        sidecar=out.with_suffix(".txt"),
        jobs=jobs,
        settings=settings or ReadSettings(),
        now=NOW,
        progress=lambda done, total: progress.append((done, total)),
    )
    return Made(report, out, out.with_suffix(".txt"), progress)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = dense_page(1, FIRST), blank(), patch(), dense_page(2, SECOND)
    return scan(tmp_path_factory.mktemp("in") / "Người Thử.pdf", *pages)


@pytest.fixture(scope="module")
def made(stack: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return run(stack, tmp_path_factory.mktemp("out") / "made.pdf")


def test_every_page_is_accounted_for(made: Made) -> None:
    report = made.report
    assert (report.pages_in, report.pages_out, report.pdfa) == (4, 2, "2b")
    assert [(page.source_page, page.kept, page.reason) for page in report.pages] == [
        (1, True, None),
        (2, False, "blank"),
        (3, False, "separator"),
        (4, True, None),
    ]
    assert report.engine.startswith("tesseract 5")
    assert report.seconds > 0
    assert [page.dpi for page in report.pages] == pytest.approx([150] * 4, abs=1)
    assert made.progress == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert (report.pages[0].confidence or 0) > 0.8


def test_the_report_keeps_its_contract(made: Made) -> None:
    document = json.loads(made.report.to_json())
    assert document["pages"][0]["text"].startswith("CỘNG HÒA")
    if not SCHEMA.is_file():
        pytest.skip("shared/schemas is not beside the project")
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_pdf_holds_the_kept_pages_and_their_text(made: Made) -> None:
    assert prove_pdf(made.pdf, 2).pages == 2
    if shutil.which("pdftotext") is None:
        pytest.skip("apt-get install poppler-utils")
    found = subprocess.run(["pdftotext", str(made.pdf), "-"], capture_output=True, check=True, text=True).stdout.split("\f")
    for text, page in zip(found, (made.report.pages[0], made.report.pages[3]), strict=False):
        assert text.split() == page.text.split()
    assert "khai sinh" in found[0]
    assert "hôn nhân" in found[1]


def test_the_pdf_names_nobody(stack: Path, made: Made) -> None:
    title = subprocess.run(["pdfinfo", str(made.pdf)], capture_output=True, check=True, text=True).stdout
    assert "Bản số hóa" in title
    assert stack.stem not in title


def test_field_n_of_the_sidecar_is_page_n(made: Made) -> None:
    fields = made.sidecar.read_text(encoding="utf-8").split("\f")
    assert fields == [made.report.pages[0].text, "", "", made.report.pages[3].text]


def test_nothing_else_is_left_behind(made: Made) -> None:
    assert {path.name for path in made.pdf.parent.iterdir()} == {"made.pdf", "made.txt"}


def test_verapdf_finds_it_compliant(made: Made) -> None:
    script = ROOT / "tests" / "conformance" / "verapdf.py"
    verdict = subprocess.run([sys.executable, str(script), str(made.pdf)], capture_output=True, text=True)
    if verdict.returncode == 3:
        pytest.skip(verdict.stderr.strip())
    assert verdict.returncode == 0, verdict.stdout


def test_the_same_scan_gives_the_same_pdf_with_any_number_of_jobs(stack: Path, made: Made, tmp_path: Path) -> None:
    again = run(stack, tmp_path / "again.pdf", jobs=1)
    assert again.pdf.read_bytes() == made.pdf.read_bytes()


def test_a_single_page_replaces_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "made.pdf"
    out.write_text("an older file")
    made = run(scan(tmp_path / "one.png", dense_page(3, SECOND)), out, jobs=4)
    assert (made.report.pages_in, made.report.pages_out) == (1, 1)
    assert prove_pdf(out, 1).pages == 1
    assert "hôn nhân" in made.report.pages[0].text


def test_nothing_worth_keeping_still_gives_its_pages(tmp_path: Path) -> None:
    out = tmp_path / "made.pdf"
    made = run(scan(tmp_path / "blank.pdf", blank(), blank()), out)
    assert (made.report.pages_in, made.report.pages_out) == (2, 0)
    assert [(page.kept, page.reason) for page in made.report.pages] == [(False, "blank"), (False, "blank")]
    assert prove_pdf(out).pages == 2


def test_what_is_no_scan_leaves_the_output_alone(tmp_path: Path) -> None:
    source, out = tmp_path / "note.pdf", tmp_path / "made.pdf"
    source.write_text("just text, long enough to be looked at")
    out.write_text("an older file")
    with pytest.raises(UnknownFormat):
        run(source, out)
    assert out.read_text() == "an older file"


def test_the_input_is_never_written_over(stack: Path, tmp_path: Path) -> None:
    source = tmp_path / "scan.pdf"
    shutil.copy(stack, source)
    link, hard = tmp_path / "link.pdf", tmp_path / "hard.pdf"
    link.symlink_to(source)
    hard.hardlink_to(source)
    for out in (source, link, hard):
        with pytest.raises(ValueError, match=r"input|different"):
            run(source, out)
    with pytest.raises(IsADirectoryError):
        run(source, tmp_path)
    assert source.read_bytes() == stack.read_bytes()


def page_processes() -> list[int]:
    """The page processes that this process has now."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == os.getpid() and b"workers.page_process" in command:
            found.append(int(folder.name))
    return found


@pytest.mark.parametrize(("with_signal", "code"), [(signal.SIGKILL, "Broken"), (signal.SIGSTOP, "TimedOut")])
def test_a_lost_process_costs_one_page_its_text(stack: Path, with_signal: signal.Signals, code: str) -> None:
    with PagePool(stack, 4, ReadSettings(), jobs=1, limit=5) as pool:
        pages = pool.read([1, 4, 1])
        before = next(pages)
        time.sleep(0.1)  # the process is busy with the next page by now
        (pid,) = page_processes()
        os.kill(pid, with_signal)
        lost, after = next(pages), next(pages)
    assert isinstance(lost, Pictured)
    assert (lost.code, lost.page.number) == (code, 4)
    assert lost.page.access.width == 1240
    assert isinstance(before, PageReading)
    assert isinstance(after, PageReading)
    assert after.words == before.words
    assert page_processes() == []


def test_pages_that_cannot_be_read_are_kept_as_pictures(tmp_path: Path) -> None:
    """Recognition that is given too little time fails on every page; the document is made all the same, and says so."""
    source = scan(tmp_path / "dense.pdf", dense_page(4), dense_page(5))
    made = run(source, tmp_path / "made.pdf", settings=ReadSettings(page_seconds=1, engine="pytesseract"))
    assert prove_pdf(made.pdf).pages == made.report.pages_out == 2
    assert [(page.kept, page.failure, page.text, page.confidence) for page in made.report.pages] == [(True, "TimedOut", "", None)] * 2
    assert made.sidecar.read_text() == "\f"


def test_a_missing_model_stops_the_run(stack: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="tesseract-ocr-xyz"):
        run(stack, tmp_path / "made.pdf", settings=ReadSettings(language="xyz"))
    assert list(tmp_path.iterdir()) == []
