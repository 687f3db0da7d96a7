"""The text layer of a PDF as Poppler and PDFium find it: text a page, and for PDFium where each word stands."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pypdfium2


@dataclass(frozen=True, slots=True)
class Placed:
    """A word and where it stands on its page, in millimetres from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def in_poppler(pdf: Path, *flags: str) -> list[str]:
    """The text of every page, as `pdftotext` gives it: in its own order of blocks, with `-raw` in that of the file."""
    done = subprocess.run(["pdftotext", *flags, str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def in_pdfium(pdf: Path) -> list[str]:
    """The text of every page. A hyphen that ends a line, which PDFium gives as U+FFFE to say that the word may go on, is a hyphen."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [str(page.get_textpage().get_text_range()).replace("\ufffe", "-\n") for page in document]
    finally:
        document.close()


def places(pdf: Path, index: int) -> list[Placed]:
    """The words of a page, by the boxes of their letters."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return list(_places(document[index]))
    finally:
        document.close()


def _places(page: pypdfium2.PdfPage) -> Iterator[Placed]:
    layer, height = page.get_textpage(), page.get_height()
    letters = enumerate(layer.get_text_range())
    for space, word in groupby(letters, lambda letter: letter[1].isspace()):
        if not space:
            part = list(word)
            boxes = [layer.get_charbox(at) for at, _ in part]
            left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
            top, bottom = height - max(box[3] for box in boxes), height - min(box[1] for box in boxes)
            yield Placed("".join(letter for _, letter in part), *(edge * 25.4 / 72 for edge in (left, top, right, bottom)))
