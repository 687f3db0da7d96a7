"""The real scans that lie beside the project, where they do, with what is known about each page."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdf
from PIL import Image

from bench.readers import ROOT, Input
from bench.sets import Kind, PageSet, Round, shared_out
from pipeline.model import SourcePage
from pipeline.scan import open_scan

CORPUS = ROOT.parent / "shared" / "corpus"


@dataclass(frozen=True, slots=True)
class Known:
    """A page and what is known about it; None is not known."""

    file: str  # below the corpus
    page: int  # from 1
    text_file: str | None
    slant: float | None  # degrees, counter-clockwise positive, once the page stands upright
    tolerance: float  # degrees, how well that is known
    turn: int | None  # degrees clockwise that make it stand upright
    blank: bool | None

    def scanned(self) -> SourcePage:
        """The page as the product sees it."""
        with open_scan(CORPUS / self.file) as scan:
            return scan.page(self.page)


def known_pages(*folders: str) -> Iterator[Known]:
    """What PAGES.tsv says about the pages of some of its folders; nothing where there is no corpus."""
    if not (CORPUS / "PAGES.tsv").is_file():
        return
    with (CORPUS / "PAGES.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            if row["file"].split("/")[0] in folders:
                yield Known(
                    row["file"],
                    int(row["page"]),
                    row["text_file"] or None,
                    float(row["skew_ccw_deg"]) if row["skew_ccw_deg"] else None,
                    float(row["skew_tol_deg"] or 0),
                    int(row["fix_rotate_cw_deg"]) if row["fix_rotate_cw_deg"] else None,
                    bool(int(row["blank"])) if row["blank"] else None,
                )


def real(rounds: int, folder: Path) -> PageSet | None:
    """The office scans with truth text; None where they are not there."""
    pages = [page for page in known_pages("vi_docs") if page.text_file]
    if not pages:
        return None
    parts = enumerate(shared_out(pages, rounds))
    return PageSet("real", Kind.REAL, tuple(_round(part, number, folder) for number, part in parts))


def _round(pages: Sequence[Known], number: int, folder: Path) -> Round:
    """The pages as one PDF whose pictures are those of the originals, and as pictures."""
    writer = pypdf.PdfWriter()
    truths: list[str] = []
    images: list[Path] = []
    for place, page in enumerate(pages):
        source = CORPUS / page.file
        if source.suffix == ".jpg":
            with Image.open(source) as picture:
                picture.save(folder / "one.pdf", resolution=picture.info["dpi"][0], quality="keep")
            source = folder / "one.pdf"
        writer.add_page(pypdf.PdfReader(source).pages[page.page - 1])
        images.append(_picture(page.scanned(), folder / f"{number}-{place}.png"))
        truths.append((CORPUS / str(page.text_file)).read_text(encoding="utf-8"))
    pdf = folder / f"real-{number}.pdf"
    writer.write(pdf)
    return Round(Input(pdf, tuple(images), layered=True), tuple(truths))


def _picture(page: SourcePage, path: Path) -> Path:
    pixels = page.pixels if page.pixels.ndim == 2 else page.pixels[:, :, ::-1]
    Image.fromarray(pixels).save(path, dpi=(page.dpi, page.dpi), compress_level=1)
    return path
