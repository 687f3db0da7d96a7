"""A sheet of A4 to draw on in millimetres, that remembers what was written on it.

Text that is written is also the truth text of the page, one printed line per line in the order of writing: the left of two
blocks first, cells of a table row parted by a tab. Signatures, seals and ruling are drawn without a trace in the text.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw

from pipeline.model import Pixels
from samples.fonts import serif
from samples.scanner import PAGE_DPI

A4_WIDTH, A4_HEIGHT = 210.0, 297.0  # mm
BLACK, BLUE, RED = (20, 20, 20), (35, 45, 150), (200, 30, 40)

Colour = tuple[int, int, int]
Align = Literal["left", "middle", "right"]


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page before it is scanned. `image`: H×W×3 uint8 BGR at 300 dpi; `text`: NFC, one printed line per line."""

    image: Pixels
    text: str
    payloads: tuple[str, ...] = ()  # of the codes printed on it


@dataclass(frozen=True, slots=True)
class Type:
    """How a piece of text is set."""

    size: float = 13.0  # points
    bold: bool = False
    italic: bool = False
    colour: Colour = BLACK


PLAIN, BOLD, ITALIC = Type(), Type(bold=True), Type(italic=True)


def px(mm: float) -> int:
    """Millimetres to pixels of the drawn page."""
    return round(mm * PAGE_DPI / 25.4)


class Sheet:
    """An A4 sheet in the making. Positions are millimetres from the top left; `y` of text is its base line."""

    def __init__(self, paper: Colour = (255, 255, 255)) -> None:
        self.image = Image.new("RGB", (px(A4_WIDTH), px(A4_HEIGHT)), paper)
        self.pen = ImageDraw.Draw(self.image)
        self._lines: list[str] = []
        self._payloads: list[str] = []

    def write(self, x: float, y: float, text: str, face: Type = PLAIN, align: Align = "left") -> None:
        """One printed line, on the paper and in the truth."""
        self.put(x, y, text, face, align)
        self.note(text)

    def put(self, x: float, y: float, text: str, face: Type = PLAIN, align: Align = "left") -> float:
        """Text on the paper only; gives the x where it ends."""
        font = serif(face.size, face.bold, face.italic)
        anchor = {"left": "ls", "middle": "ms", "right": "rs"}[align]
        self.pen.text((px(x), px(y)), text, font=font, fill=face.colour, anchor=anchor)
        return x + width_of(text, face)

    def note(self, *parts: str) -> None:
        """A line of the truth for what was put piecewise; more than one part are cells of one row."""
        self._lines.append(unicodedata.normalize("NFC", "\t".join(parts)))

    def rule(self, x1: float, y1: float, x2: float, y2: float, wide: float = 0.25) -> None:
        self.pen.line((px(x1), px(y1), px(x2), px(y2)), fill=BLACK, width=max(1, px(wide)))

    def paste(self, x: float, y: float, picture: Pixels, payload: str) -> None:
        """A printed code (H×W uint8) with its top left corner there."""
        self.image.paste(Image.fromarray(picture), (px(x), px(y)))
        self._payloads.append(payload)

    def overlay(self, picture: Image.Image, x: float, y: float) -> None:
        """An RGBA picture pressed over what is there, as ink: it only darkens."""
        left, top = px(x), px(y)
        under = np.asarray(self.image.crop((left, top, left + picture.width, top + picture.height)), dtype=np.float32)
        over = np.asarray(picture, dtype=np.float32)
        share = over[..., 3:] / 255
        ink = 255 - share * (255 - over[..., :3])
        self.image.paste(Image.fromarray((under * ink / 255).astype(np.uint8)), (left, top))

    def done(self) -> DrawnPage:
        """The finished page."""
        image = np.ascontiguousarray(np.asarray(self.image, dtype=np.uint8)[:, :, ::-1])
        return DrawnPage(image=image, text="\n".join(self._lines), payloads=tuple(self._payloads))


def width_of(text: str, face: Type = PLAIN) -> float:
    """Printed width in millimetres."""
    return serif(face.size, face.bold, face.italic).getlength(text) * 25.4 / PAGE_DPI


def wrapped(text: str, width: float, face: Type = PLAIN, indent: float = 0.0) -> list[str]:
    """Text broken at blanks into lines no wider than `width` mm, the first one shorter by `indent`."""
    lines: list[str] = []
    current, room = "", width - indent
    for word in text.split():
        longer = f"{current} {word}" if current else word
        if current and width_of(longer, face) > room:
            lines.append(current)
            current, room = word, width
        else:
            current = longer
    return [*lines, current] if current else lines
