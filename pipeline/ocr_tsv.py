"""What both ways of calling Tesseract share: where its models lie, how it takes a page apart, what makes a word of its answer.

The program answers with its TSV (level, page, block, paragraph, line, word, left, top, width, height, confidence, text), the
library word by word. It does not call Tesseract.
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


VARIABLES = {  # of Tesseract, each measured to change no word of any page and to save time
    "invert_threshold": "0",  # lines of low confidence are not read again as white on black
    "textord_all_prop": "1",  # no line of an office paper is set in type of one width
    "textord_tabfind_find_tables": "0",  # what is a table is for the reading order to say
}


class Layout(IntEnum):
    """How a page is taken apart before its lines are read (Tesseract's page segmentation modes)."""

    PAGE = 4  # one column of lines of any size: columns are for the reading order, and streaks are taken for gaps between them
    BLOCK = 6  # one even block of text
    LINE = 7  # one line
    SPARSE = 11  # as much text as possible, in no order
    CODE = 13  # one line, taken as it is, of nothing but `CODE_CHARACTERS`


CODE_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-"
"""What a dossier number is written with."""


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
    """The Debian package of a Tesseract model: "vie" -> tesseract-ocr-vie, "Vietnamese" (of a script) -> tesseract-ocr-script-viet."""
    name = model.removeprefix("script/")
    return f"tesseract-ocr-script-{name.lower()[:4]}" if name[:1].isupper() else f"tesseract-ocr-{name.lower().replace('_', '-')}"


def words_of_tsv(table: str, width: int, height: int) -> Words:
    """Tesseract's table as lines of words, in the order Tesseract gives them; boxes are cut to the image."""
    lines: dict[tuple[str, ...], list[Word]] = {}
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != str(_WORD_LEVEL):
            continue
        left, top = int(cells[6]), int(cells[7])
        box = Box(left, top, left + int(cells[8]), top + int(cells[9]))
        word = word_of(cells[11], box, float(cells[10]), width, height)
        if word is not None:
            lines.setdefault(tuple(cells[1:5]), []).append(word)
    return Words(width, height, tuple(line_of(words) for words in lines.values()))


def word_of(text: str, box: Box, percent: float, width: int, height: int) -> Word | None:
    """A word as Tesseract gives it, cut to the image; None where nothing is left of it. `percent`: its confidence, 0..100."""
    kept = "".join(_LEADER.sub("", unicodedata.normalize("NFC", text)).split())
    inside = Box(max(0, box.left), max(0, box.top), min(width, box.right), min(height, box.bottom))
    if not kept or inside.width <= 0 or inside.height <= 0:
        return None
    return Word(kept, inside, min(1.0, max(0.0, percent / 100.0)))
