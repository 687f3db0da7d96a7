"""Reading quality and speed beside peers: `python -m bench.reading [--pages N] [--jobs N] [--only PRESET]`.

Dense generated pages in every scanner preset, and the real office scans with truth text where they lie beside the project. Prints
Markdown tables. Times are of whole runs, start of the program included, divided by pages.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pypdf
from PIL import Image

from bench.readers import ROOT, Input, Reader, Run, install_peers, readers
from bench.scoring import Score, mean, score
from samples import files, presets
from samples.dense import dense_page
from samples.scanner import scan

CORPUS = ROOT.parent / "shared" / "corpus"


@dataclass(frozen=True, slots=True)
class Task:
    """Pages to read, and what stands on them."""

    name: str
    given: Input
    truths: tuple[str, ...]


def generated(preset: presets.Preset, pages: int, folder: Path) -> Task:
    """Dense pages in one preset; every second one has a printed back that shines through."""
    drawn = [dense_page(seed) for seed in range(pages)]
    backs = [dense_page(1000 + seed).image if seed % 2 else None for seed in range(pages)]
    scans = [scan(page.image, preset, seed, behind=back) for seed, (page, back) in enumerate(zip(drawn, backs, strict=True))]
    (folder / "in.pdf").write_bytes(files.pdf(scans))
    images: list[Path] = []
    for number, one in enumerate(scans):
        images.append(folder / f"{number}.jpg")
        with Image.open(_written(images[-1], one.jpeg)) as picture:
            picture.save(images[-1], dpi=(one.dpi, one.dpi), quality="keep")
    return Task(preset.name, Input(folder / "in.pdf", tuple(images)), tuple(page.text for page in drawn))


def _written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def real(folder: Path) -> Task | None:
    """The real office scans with truth text as one PDF; None where they are not there."""
    if not (CORPUS / "PAGES.tsv").is_file():
        return None
    writer = pypdf.PdfWriter()
    truths: list[str] = []
    with (CORPUS / "PAGES.tsv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["text_file"] and row["file"].startswith("vi_docs/")]
    for number, row in enumerate(rows):
        source = CORPUS / row["file"]
        if source.suffix == ".jpg":
            with Image.open(source) as picture:
                picture.save(folder / f"{number}.pdf", resolution=picture.info["dpi"][0], quality="keep")
            source = folder / f"{number}.pdf"
        writer.add_page(pypdf.PdfReader(source).pages[int(row["page"]) - 1])
        truths.append((CORPUS / row["text_file"]).read_text(encoding="utf-8"))
    writer.write(folder / "in.pdf")
    return Task("real office scans", Input(folder / "in.pdf", (), layered=True), tuple(truths))


def compare(task: Task, reader: Reader) -> tuple[Score, Run]:
    """Let one reader read one task."""
    with tempfile.TemporaryDirectory() as work:
        run = reader.run(task.given, Path(work))
    texts = run.texts + [""] * len(task.truths)
    return mean([score(truth, text) for truth, text in zip(task.truths, texts, strict=False)]), run


def report(task: Task, among: list[Reader]) -> None:
    """Print the rows of one task."""
    pages = len(task.truths)
    own: float | None = None
    for reader in among:
        if reader.name.startswith("Tesseract") and not task.given.images:
            continue
        quality, run = compare(task, reader)
        own = own or run.seconds
        cells = (
            task.name,
            reader.name,
            f"{100 * quality.cer:.2f}",
            f"{100 * quality.cer_order_free:.2f}",
            f"{quality.recall:.3f}",
            f"{run.seconds / pages:.2f}",
            f"{run.seconds / own:.2f}",
            f"{run.memory / 1e6:.0f}",
            f"{run.size / pages / 1000:.0f}" if run.size else "",
        )
        print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Print the whole comparison."""
    options = argparse.ArgumentParser(description="Reading quality and speed beside peers.")
    options.add_argument("--pages", type=int, default=8, help="pages a preset")
    options.add_argument("--jobs", type=int, default=2, help="processes a reader may use")
    options.add_argument("--only", choices=[*(preset.name for preset in presets.ALL), "real"], help="one part of it")
    chosen = options.parse_args()
    install_peers()
    print("| pages | reader | CER % | CER % order-free | word recall | s/page | time, Sohoa = 1 | memory MB | kB/page |")
    print("|---|---|---|---|---|---|---|---|---|")
    among = readers(chosen.jobs)
    with tempfile.TemporaryDirectory() as folder:
        for preset in presets.ALL:
            if chosen.only in (None, preset.name):
                report(generated(preset, chosen.pages, Path(folder)), among)
        scans = real(Path(folder)) if chosen.only in (None, "real") else None
        if scans is not None:
            report(scans, among)


if __name__ == "__main__":
    main()
