"""What has to hold of every PDF that `sohoa ocr` writes, checked with programs that are not ours.

One reading is compared with three others: what the report says was recognised, and what Poppler, PDFium and pdf.js find in the file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from tests.conformance import layers, pdfjs, verapdf

SOHOA = Path(sys.executable).with_name("sohoa")
SOME_UNREAD = 2  # exit status: there is a PDF, some pages of it without text
LARGEST_MISS = 1.0  # mm between an edge of a word's ink and of its letters' boxes, left and right
LARGEST_TALL = 2.5  # mm, the same above and below: boxes are as high as their line


@dataclass(frozen=True, slots=True)
class Made:
    """A PDF and the text that was recognised on each of its pages, NFC."""

    name: str
    pdf: Path
    texts: tuple[str, ...]
    unread: int = 0  # pages that could not be read


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one file; None where the program is not installed. Of the words: how many are missing, wrong or out of order."""

    name: str
    pages: int
    words: int
    unread: int  # pages
    archival: bool | None  # veraPDF: PDF/A-2b
    poppler: int  # told to keep to the order of the file
    poppler_any_order: int
    pdfium: int
    pdfjs: int | None

    @property
    def good(self) -> bool:
        wrong = self.unread or self.poppler or self.poppler_any_order or self.pdfium or self.pdfjs
        return not wrong and self.archival is not False


def made(name: str, source: Path, folder: Path) -> Made:
    """Read a scan with `sohoa ocr`. RuntimeError with what it says when it makes no PDF of it."""
    pdf, report = folder / f"{name}.pdf", folder / f"{name}.json"
    command = [str(SOHOA), "ocr", str(source), str(pdf), "--json", str(report), "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, SOME_UNREAD):
        raise RuntimeError(f"{name}: {done.stderr}")
    pages = json.loads(report.read_text(encoding="utf-8"))["pages"]
    kept = [page for page in pages if page["kept"]] or pages
    return Made(name, pdf, tuple(page["text"] for page in kept), sum(page["failure"] is not None for page in pages))


def proved(files: Sequence[Made]) -> list[Verdict]:
    """Every file through every program."""
    archival: list[bool] | list[None] = [None] * len(files)
    if verapdf.missing() is None:
        names = [str(one.pdf) for one in files]
        archival = verapdf.verdicts(names, verapdf.told(names))
    elsewhere: list[list[str]] | list[None] = [None] * len(files)
    if pdfjs.missing() is None:
        elsewhere = pdfjs.texts([one.pdf for one in files])
    return [
        Verdict(
            one.name,
            len(one.texts),
            sum(len(text.split()) for text in one.texts),
            one.unread,
            ruled,
            differences(one.texts, layers.in_poppler(one.pdf, "-raw")),
            differences(one.texts, layers.in_poppler(one.pdf), ordered=False),
            differences(one.texts, layers.in_pdfium(one.pdf)),
            None if texts is None else differences(one.texts, texts),
        )
        for one, ruled, texts in zip(files, archival, elsewhere, strict=True)
    ]


def differences(recognised: Sequence[str], found: Sequence[str], *, ordered: bool = True) -> int:
    """Words that have to be put in, taken out or replaced, page by page; what is found has to be NFC."""
    wrong = 0
    for wanted, got in zip_longest(recognised, found, fillvalue=""):
        pair = unicodedata.normalize("NFC", wanted).split(), got.split()
        wrong += Levenshtein.distance(*(pair if ordered else map(sorted, pair)))
    return wrong


def misplaced(pdf: Path, index: int, drawn: Sequence[layers.Placed]) -> list[str]:
    """What is wrong with the places of words on a page that was drawn; nothing where all is well. A word may be misread."""
    found = layers.places(pdf, index)
    if len(found) != len(drawn):
        return [f"{len(found)} words where {len(drawn)} were drawn: " + " ".join(word.text for word in found)]
    wrong: list[str] = []
    for ink, word in zip(drawn, found, strict=True):
        aside = max(abs(ink.left - word.left), abs(ink.right - word.right))
        above = max(abs(ink.top - word.top), abs(ink.bottom - word.bottom))
        if aside > LARGEST_MISS or above > LARGEST_TALL:
            wrong.append(f"{word.text}: {aside:.2f} mm aside, {above:.2f} mm above or below")
    return wrong
