"""Paper to print on: an A4 document in which text keeps to its place and codes are vectors. What a sheet says is for `sheet_print`.

Texts come from registers: they are wrapped, made smaller and at last cut, so that they never leave their place, and are never taken
for markup. Places and lengths are mm from the top left corner of the page, sizes of letters are points.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import zxingcpp
from django.utils.timezone import localtime
from fpdf import FPDF
from fpdf.drawing import PaintedPath
from fpdf.enums import PathPaintRule
from fpdf.fonts import TTFFont

from pipeline.errors import FontMissing
from pipeline.model import Pixels
from pipeline.text import nfc

FONTS = Path("/usr/share/fonts/truetype/croscore")  # Debian's fonts-croscore
WIDTH, LEFT, RIGHT = 210.0, 22.0, 188.0  # of the paper, and the text column
MIDDLE, COLUMN = WIDTH / 2, RIGHT - LEFT
_FILES = {"": "Tinos-Regular.ttf", "B": "Tinos-Bold.ttf", "I": "Tinos-Italic.ttf"}
_POINT = 25.4 / 72  # mm
_LEADING, _ASCENT = 1.2, 0.92  # of the size: from line to line; from the upper end of a line to its base
_RULE = 0.25
_UNPRINTABLE = "\N{WHITE SQUARE}"
_ROUNDING = 1e-6
_MEASURED = 100.0  # points at which widths are taken


def require_fonts() -> str:
    """The folder of the fonts that sheets are printed in. Raises FontMissing."""
    missing = next((FONTS / name for name in _FILES.values() if not (FONTS / name).is_file()), None)
    if missing is not None:
        raise FontMissing(str(missing))
    return str(FONTS)


@dataclass(frozen=True, slots=True)
class Face:
    """How a text is set: the size it has where there is room, and the smallest it may be given."""

    size: float
    style: str = ""  # B bold, I italic
    least: float = 8.0


@dataclass(frozen=True, slots=True)
class Setting:
    """A text as it will stand."""

    lines: tuple[str, ...]
    size: float
    style: str

    @property
    def leading(self) -> float:
        return _LEADING * self.size * _POINT

    @property
    def height(self) -> float:
        return len(self.lines) * self.leading


class Paper:
    """The pages as they are drawn, one after the other; to be closed. Raises FontMissing."""

    def __init__(self, title: str, now: datetime) -> None:
        logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table of the font that it leaves out
        self._pdf = FPDF(orientation="portrait", unit="mm", format="A4")
        require_fonts()
        for style, name in _FILES.items():
            self._pdf.add_font("Tinos", style, FONTS / name)
        self._fonts = [font for font in self._pdf.fonts.values() if isinstance(font, TTFFont)]
        self._letters = frozenset.intersection(*(frozenset(font.cmap) for font in self._fonts))
        self._advances: dict[tuple[str, str], float] = {}
        self._pdf.set_auto_page_break(False)
        self._pdf.set_creation_date(localtime(now).replace(hour=0, minute=0, second=0, microsecond=0))
        self._pdf.set_title(title)
        self._pdf.set_lang("vi")

    def turn(self) -> None:
        """Go on on a new page."""
        self._pdf.add_page()
        self._pdf.set_line_width(_RULE)

    def finished(self) -> bytes:
        """The PDF; the same pages drawn on the same day are the same bytes."""
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Let go of the font files, which fpdf2 keeps open until the pages are finished."""
        for font in self._fonts:
            font.close()

    # text

    def left(self, x: float, top: float, text: str, face: Face, width: float, height: float) -> float:
        """Text from `x` on, as large as fits into `width` × `height`; gives its lower end."""
        return self._set(self.fitted(text, face, width, height), top, lambda _: x)

    def centred(self, top: float, text: str, face: Face, height: float, *, middle: float = MIDDLE, width: float = COLUMN) -> float:
        """Text in lines of about the same length around `middle`, as large as fits into `width` × `height`; gives its lower end."""
        setting = self._evened(self.fitted(text, face, width, height), width)
        return self._set(setting, top, lambda line: middle - self.width_of(line, setting.style, setting.size) / 2)

    def width_of(self, line: str, style: str, size: float) -> float:
        """The width of a line; letters stand side by side, without kerning."""
        return size * sum(self._advance(letter, style) for letter in line)

    def fitted(self, text: str, face: Face, width: float, height: float) -> Setting:
        """The text as large as fits into `width` × `height`, at least in one line; what fits at no size is cut."""
        size = face.size
        while True:
            setting = Setting(self._wrapped(text, width, size, face.style), size, face.style)
            if setting.height <= height + _ROUNDING:
                return setting
            if size <= face.least:
                return self._cut(setting, max(1, int((height + _ROUNDING) / setting.leading)), width)
            size = max(face.least, size - 1)

    def _cut(self, setting: Setting, room: int, width: float) -> Setting:
        """The first lines, with dots where there would be more."""
        *kept, last = setting.lines[:room]
        if len(setting.lines) > room:
            while last and self.width_of(f"{last}…", setting.style, setting.size) > width:
                last = last[:-1]
            last = f"{last}…"
        return Setting((*kept, last), setting.size, setting.style)

    def _set(self, setting: Setting, top: float, start: Callable[[str], float]) -> float:
        self._pdf.set_font("Tinos", setting.style, setting.size)
        for place, line in enumerate(setting.lines):
            self._pdf.text(start(line), top + place * setting.leading + _ASCENT * setting.size * _POINT, line)
        return top + setting.height

    def _wrapped(self, text: str, width: float, size: float, style: str) -> tuple[str, ...]:
        """Lines of at most `width`; a word that is longer than that is broken."""
        lines, room = [""], width
        blank = self.width_of(" ", style, size)
        for word in self._printable(text).split(" "):
            for place, piece in enumerate(self._pieces(word, width, size, style)):
                length = self.width_of(piece, style, size)
                if place == 0 and not lines[-1]:
                    lines[-1], room = piece, width - length
                elif place == 0 and blank + length <= room:
                    lines[-1], room = f"{lines[-1]} {piece}", room - blank - length
                else:
                    lines, room = [*lines, piece], width - length
        return tuple(lines)

    def _pieces(self, word: str, width: float, size: float, style: str) -> Iterator[str]:
        """The word, in parts of at most `width` where it is longer."""
        start, length = 0, 0.0
        for place, letter in enumerate(word):
            advance = size * self._advance(letter, style)
            if place > start and length + advance > width:
                yield word[start:place]
                start, length = place, 0.0
            length += advance
        yield word[start:]

    def _advance(self, letter: str, style: str) -> float:
        """The width of a letter of one point."""
        known = self._advances.get((letter, style))
        if known is None:
            self._pdf.set_font("Tinos", style, _MEASURED)
            known = self._advances[letter, style] = self._pdf.get_string_width(letter) / _MEASURED
        return known

    def _evened(self, setting: Setting, width: float) -> Setting:
        """No more lines than there are, but none with a single word under a long one."""
        if len(setting.lines) == 1 or setting.lines[-1].endswith("…"):
            return setting
        narrower = (self._wrapped(" ".join(setting.lines), share * width, setting.size, setting.style) for share in np.arange(0.5, 1, 0.05))
        lines = next((lines for lines in narrower if len(lines) == len(setting.lines)), setting.lines)
        return Setting(lines, setting.size, setting.style)

    def _printable(self, text: str) -> str:
        """NFC on one line, an empty square for what the font does not have."""
        return "".join(letter if ord(letter) in self._letters else _UNPRINTABLE for letter in nfc(" ".join(text.split())))

    # lines and codes

    def rule(self, x: float, y: float, length: float) -> None:
        """A level line."""
        self._pdf.line(x, y, x + length, y)

    def box(self, x: float, top: float, width: float, height: float) -> None:
        """A frame."""
        self._pdf.rect(x, top, width, height)

    def qr(self, payload: str, x: float, top: float, side: float, level: str) -> None:
        """A QR code with that level of error correction (L, M, Q, H); `side` is without its quiet zone of 4 modules."""
        dark = _modules(zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level=level))
        self._fill(dark, x, top, side / dark.shape[1], side / dark.shape[0])

    def code_128(self, payload: str, x: float, top: float, module: float, height: float, *, upright: bool = False) -> None:
        """A Code 128 without its quiet zone, its bars `height` long; `upright`: it runs down the page instead of across."""
        dark = _modules(zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.Code128))[:1]
        if upright:
            self._fill(dark.T, x, top, height, module)
        else:
            self._fill(dark, x, top, module, height)

    def _fill(self, dark: npt.NDArray[np.bool_], x: float, top: float, width: float, height: float) -> None:
        """Dark modules (rows × columns) of that size, as one path: painted one by one they would show seams where they meet."""
        path = PaintedPath()
        path.style.paint_rule = PathPaintRule.FILL_NONZERO
        path.style.fill_color = "#000000"
        for row, cells in enumerate(dark):
            edges = np.flatnonzero(np.diff(np.concatenate(([False], cells, [False])).astype(np.int8)))
            for start, end in edges.reshape(-1, 2).tolist():
                path.rectangle(x + start * width, top + row * height, (end - start) * width, height)
        with self._pdf.drawing_context() as context:
            context.add_item(path, clone=False)


def _modules(code: zxingcpp.Barcode) -> npt.NDArray[np.bool_]:
    """Which modules of a code are dark, one a pixel, without its quiet zone."""
    drawn: Pixels = np.asarray(zxingcpp.write_barcode_to_image(code, add_quiet_zones=False))
    return np.asarray(drawn == 0)
