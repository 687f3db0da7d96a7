"""What both ways of calling Tesseract share: where its models lie, how it may take a page apart, how its table of words is read.

Tesseract's TSV (the columns of `tesseract ... tsv`) is the one form that the library and the program both give: level,
page, block, paragraph, line, word, left, top, width, height, confidence, text. It does not call Tesseract.
"""

from __future__ import annotations

import os
import re
import unicodedata
from enum import IntEnum
from pathlib import Path

from pipeline.boxes import line_of
from pipeline.errors import EngineMissing
from pipeline.model import Box, Word, Words

TESSDATA_FOLDERS = ("/usr/share/tesseract-ocr/*/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata")
_LEADER = re.compile(r"[._…]{4,}")  # the dotted line of a form, which clerks write on: it is no text
_WORD_LEVEL = 5
_COLUMNS = 12


class Layout(IntEnum):
    """How a page is taken apart before its lines are read (Tesseract's page segmentation modes)."""

    PAGE = 3  # columns, blocks and lines are looked for
    BLOCK = 6  # one even block of text
    SPARSE = 11  # as much text as possible, in no order


def find_tessdata(language: str) -> Path:
    """The folder that holds `<language>.traineddata` for every part of `language` ("vie", "vie+eng").

    Raises `EngineMissing` naming the Debian package.
    """
    prefix = os.environ.get("TESSDATA_PREFIX", "")
    candidates = [Path(prefix), Path(prefix, "tessdata")] if prefix else []
    for pattern in TESSDATA_FOLDERS:
        candidates += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    wanted = language.split("+")
    missing = wanted
    for folder in candidates:
        missing = [name for name in wanted if not (folder / f"{name}.traineddata").is_file()]
        if not missing:
            return folder
    raise EngineMissing("apt-get install " + " ".join(debian_package(name) for name in missing))


def debian_package(model: str) -> str:
    """The Debian package of a Tesseract model: "vie" -> tesseract-ocr-vie, "script/Vietnamese" -> tesseract-ocr-script-viet."""
    kind, _, name = model.rpartition("/")
    return f"tesseract-ocr-script-{name.lower()[:4]}" if kind else f"tesseract-ocr-{name.lower().replace('_', '-')}"


def words_of_tsv(table: str, width: int, height: int) -> Words:
    """Tesseract's table as lines of words, in the order Tesseract gives them; boxes are cut to the image."""
    lines: dict[tuple[str, ...], list[Word]] = {}
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != str(_WORD_LEVEL):
            continue
        text = "".join(_LEADER.sub("", unicodedata.normalize("NFC", cells[11])).split())
        left, top = max(0, int(cells[6])), max(0, int(cells[7]))
        box = Box(left, top, min(width, int(cells[6]) + int(cells[8])), min(height, int(cells[7]) + int(cells[9])))
        if text and box.width > 0 and box.height > 0:
            confidence = min(1.0, max(0.0, float(cells[10]) / 100.0))
            lines.setdefault(tuple(cells[1:5]), []).append(Word(text, box, confidence))
    return Words(width, height, tuple(line_of(words) for words in lines.values()))
