"""The letters pages are drawn with: a Times look-alike that has every Vietnamese letter, from Debian's font packages.

Debian's `fonts-liberation` 1.x lacks 92 Vietnamese letters and is therefore not among them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from samples.scanner import PAGE_DPI

_FAMILIES = (
    ("/usr/share/fonts/truetype/croscore", ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf")),
    (
        "/usr/share/fonts/truetype/liberation2",
        ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf", "LiberationSerif-BoldItalic.ttf"),
    ),
    (
        "/usr/share/texmf/fonts/opentype/public/tex-gyre",
        ("texgyretermes-regular.otf", "texgyretermes-bold.otf", "texgyretermes-italic.otf", "texgyretermes-bolditalic.otf"),
    ),
)


class FontMissingError(RuntimeError):
    """No font with all Vietnamese letters is installed."""

    def __init__(self) -> None:
        super().__init__(
            "Thiếu phông chữ tiếng Việt / no serif font with Vietnamese letters: "
            "apt-get install fonts-croscore (or fonts-liberation2, fonts-texgyre)"
        )


@lru_cache(maxsize=64)
def serif(points: float, bold: bool = False, italic: bool = False) -> ImageFont.FreeTypeFont:
    """The serif face at a size in points, for pages of 300 dpi. FontMissingError names the package to install."""
    style = int(bold) + 2 * int(italic)
    for folder, names in _FAMILIES:
        path = Path(folder, names[style])
        if path.is_file():
            return ImageFont.truetype(str(path), round(points * PAGE_DPI / 72), layout_engine=ImageFont.Layout.BASIC)
    raise FontMissingError
