"""All kinds of scans through `sohoa ocr`, and every PDF it writes through all the programs: `python -m tests.conformance.whole [FOLDER]`.

Prints a Markdown table and what veraPDF has to say against a file. Exit status 1 when a file fails; what is not installed is said
and counts as not checked. The files stay in FOLDER where one is given.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from samples import cast, files, presets
from samples.dense import dense_page
from samples.papers import paper
from samples.receipts import receipt
from samples.scanner import ScannedPage, scan
from samples.sheets import blank, patch
from tests.conformance import drawn, pdfjs, proof, verapdf

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
_LAID_OVER = 0.015  # of the words: scraps of seals and of handwriting lie over others, and viewers order those by place
EMPTY = "nothing-to-keep"
REAL = (
    "vi_docs/kg_congvan_2264.pdf",
    "vi_docs/dl_thongbao_2095.jpg",
    "dossier/patcht_dossier.pdf",
    "orient/ocrmypdf_cardinal.pdf",
    "orient/kg_thongbao_2276_p1_cw90.tif",
    "skew/ocrmypdf_rotated_skew.pdf",
    "nasty/multipage_g4.tif",
    "nasty/ocrmypdf_jbig2.pdf",
    "nasty/ocrmypdf_ccitt.pdf",
    "nasty/pikepdf_congress-gray.pdf",
    "nasty/paperless_simple-no-dpi.png",
)


def sources(folder: Path) -> Iterator[tuple[str, Path]]:
    """Scans of every preset with dense text, a form, a receipt and a certificate; bitonal, all blank, and drawn with known places."""
    for seed, preset in enumerate(presets.ALL):
        yield preset.name, _written(folder / f"in-{preset.name}.pdf", files.pdf(_pages(preset, seed)))
    yield "bitonal", _written(folder / "in-bitonal.tif", files.tiff(_pages(presets.GOOD, 7)))
    empty = [scan(sheet.image, presets.LOW, 1) for sheet in (blank(), patch())]
    yield EMPTY, _written(folder / "in-nothing.pdf", files.pdf(empty))
    pages = [scan(drawn.page(leading)[0].image, presets.GOOD, 2, angle=1.3) for leading in (drawn.CLOSE, drawn.APART)]
    yield "drawn", _written(folder / "in-drawn.pdf", files.pdf(pages))


def _pages(preset: presets.Preset, seed: int) -> list[ScannedPage]:
    dossier = cast.assemble(np.random.default_rng(90 + seed), date(2025, 11, 3)).an_phuoc[seed % 5]
    sides = (dense_page(40 + seed), paper(dossier, "TP1")[0], receipt(dossier), paper(dossier, "KQ")[0])
    return [scan(side.image, preset, 10 * seed + n, turn=(0, 0, 180, 0)[n]) for n, side in enumerate(sides)]


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def outputs(folder: Path) -> Iterator[proof.Made]:
    """What `sohoa ocr` makes of all of them, of one of its own PDFs, whose pages have text already, and of real scans."""
    for name, source in sources(folder):
        made = proof.made(name, source, folder)
        yield made
        if name == "good":
            yield proof.made("with-text-already", made.pdf, folder)
    for file in REAL:
        if (CORPUS / file).is_file():
            yield proof.made(file.replace("/", "-"), CORPUS / file, folder)


def row(verdict: proof.Verdict) -> str:
    """Markdown; words that differ are counted."""
    archival = "not checked" if verdict.archival is None else "yes" if verdict.archival else "**no**"
    counts = (verdict.pages, verdict.unread, verdict.words, verdict.poppler, verdict.poppler_any_order, verdict.pdfium)
    elsewhere = "not checked" if verdict.pdfjs is None else verdict.pdfjs
    return f"| {verdict.name} | {archival} | {' | '.join(map(str, counts))} | {elsewhere} |"


def report(folder: Path) -> bool:
    """Print the table; whether all is well."""
    files = list(outputs(folder))
    verdicts = proof.proved(files)
    heads = ("file", "PDF/A-2b", "pages", "unread", "words", "wrong in Poppler", "in any order", "in PDFium", "in pdf.js")
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for verdict in verdicts:
        print(row(verdict))
    places = next(file for file in files if file.name == "drawn")
    wrong = [
        fault for n, leading in enumerate((drawn.CLOSE, drawn.APART)) for fault in proof.misplaced(places.pdf, n, drawn.page(leading)[1])
    ]
    print(f"\n{2 * len(drawn.WORDS)} drawn words, misplaced: {len(wrong)}", *wrong, sep="\n")
    for file, verdict in zip(files, verdicts, strict=True):
        if verdict.archival is False:
            print(verapdf.told([str(file.pdf)]))
    textless = [verdict.name for verdict in verdicts if not verdict.words and verdict.name != EMPTY]
    print(*(f"nothing was read of {name}" for name in textless), sep="\n")
    return not wrong and not textless and all(map(_well, verdicts))


def _well(verdict: proof.Verdict) -> bool:
    """PDF/A-2b, every page read, and words that viewers give back as recognised, but for a few that lie over others."""
    counts = (verdict.poppler, verdict.poppler_any_order, verdict.pdfium, verdict.pdfjs or 0)
    return verdict.archival is not False and not verdict.unread and max(counts) <= _LAID_OVER * verdict.words


def main() -> int:
    for absent in (verapdf.missing(), pdfjs.missing()):
        if absent is not None:
            print(absent, file=sys.stderr)
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        return 0 if report(folder) else 1


if __name__ == "__main__":
    sys.exit(main())
