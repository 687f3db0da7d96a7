"""A scanner: takes a drawn page, gives the image that a given kind of scanner makes of it, with the true slant and turn.

The order is that of the paper's way: the ink pales and flakes, the back shines through, the sheet lies wrong and slanted on the
glass, the optics blur, the lamp lights unevenly, dirt draws lines, the lid leaves black edges, the sensor adds noise, the JPEG
coder has the last word. It neither draws pages (see `papers`, `dense`) nor writes files (see `files`).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model import Pixels
from samples import wear
from samples.presets import FADED, FADED_HARSH, GOOD, LOW, WORN, WORN_HARSH, Preset

__all__ = ["FADED", "FADED_HARSH", "GOOD", "LOW", "PAGE_DPI", "WORN", "WORN_HARSH", "Preset", "ScannedPage", "scan"]

PAGE_DPI = 300
"""Resolution at which pages are drawn."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """What the scanner gave, and the truth about it."""

    jpeg: bytes  # as the scanner wrote it; decodes to `pixels`
    pixels: Pixels  # H×W or H×W×3 BGR
    dpi: int
    angle: float  # degrees the content is turned counter-clockwise, once it stands upright
    turn: int  # degrees clockwise that make it stand upright: 0, 90, 180, 270


def scan(
    page: Pixels, preset: Preset, seed: int, *, turn: int = 0, angle: float | None = None, behind: Pixels | None = None
) -> ScannedPage:
    """Scan a page drawn at 300 dpi (H×W×3 uint8, BGR).

    `turn`: degrees clockwise by which a reader will have to turn the scan (0, 90, 180, 270). `angle`: the slant in degrees,
    counter-clockwise positive; None draws one from the preset, with either sign. `behind`: the page printed on the other side,
    same size, as one reads it; it shines through mirrored. The same arguments give the same bytes. ValueError on another turn.
    """
    if turn not in (0, 90, 180, 270):
        raise ValueError(f"turn {turn} is none of 0, 90, 180, 270")
    random = np.random.default_rng([seed, zlib.crc32(preset.name.encode())])
    drawn = preset.skew.draw(random) * random.choice([-1.0, 1.0])
    slant = round(drawn, 3) if angle is None else angle
    ink = _ink(page, preset, random)
    through = preset.show_through.draw(random)
    if behind is not None:
        ink = _bytes(cv2.add(ink, wear.shine_through(behind, through)))
    scale = preset.dpi / PAGE_DPI
    lying = np.rot90(_resized(ink, scale), turn // 90)
    image = _on_glass(_slanted(lying, slant), preset, random)
    quality = round(preset.quality.draw(random))
    jpeg = _with_density(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes(), preset.dpi)
    mode = cv2.IMREAD_GRAYSCALE if preset.grey else cv2.IMREAD_COLOR
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), mode)
    assert pixels is not None
    return ScannedPage(jpeg=jpeg, pixels=_bytes(pixels), dpi=preset.dpi, angle=slant, turn=turn)


def _with_density(jpeg: bytes, dpi: int) -> bytes:
    """The resolution in the JFIF header (ITU-T T.871), where scanners write it: units, then x and y density."""
    assert jpeg[6:11] == b"JFIF\0"
    return jpeg[:13] + struct.pack(">BHH", 1, dpi, dpi) + jpeg[18:]


def _bytes(image: npt.NDArray[np.generic]) -> Pixels:
    return np.ascontiguousarray(image, dtype=np.uint8)


def _ink(page: Pixels, preset: Preset, random: np.random.Generator) -> Pixels:
    """The page as ink (0 none, 255 full), paled and flaked."""
    ink = cv2.convertScaleAbs(cv2.bitwise_not(page), alpha=preset.ink.draw(random))
    share = preset.speckle.draw(random)
    return wear.flake(_bytes(ink), share, random) if share > 0 else _bytes(ink)


def _resized(ink: Pixels, scale: float) -> Pixels:
    return ink if scale == 1 else _bytes(cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _slanted(ink: Pixels, angle: float) -> Pixels:
    """The ink turned counter-clockwise about the middle; the canvas keeps its size, as the glass does."""
    if angle == 0:
        return _bytes(ink)
    height, width = ink.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    return _bytes(cv2.warpAffine(_bytes(ink), matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(0, 0, 0)))


def _on_glass(ink: Pixels, preset: Preset, random: np.random.Generator) -> Pixels:
    """What the scanner sees: ink on lit paper with its own dirt, edges and noise."""
    if preset.grey:
        ink = _bytes(cv2.cvtColor(ink, cv2.COLOR_BGR2GRAY))
    soft = cv2.GaussianBlur(ink, (0, 0), preset.blur)
    height, width = soft.shape[:2]
    light = wear.uneven_light(height, width, preset.shading.draw(random), random)
    light *= preset.paper.draw(random) / 255
    wear.add_streaks(light, round(preset.streaks.draw(random)), preset.streak_depth, preset.whole_streaks, random)
    wear.add_spine(light, preset.spine.draw(random), random)
    wear.add_border(light, preset.border.draw(random) * preset.dpi, random)
    wear.add_dust(light, preset.dust.draw(random) * height * width / preset.dpi**2, random)
    gain = light if soft.ndim == 2 else cv2.merge([light, light, light])
    lit = cv2.multiply(cv2.bitwise_not(soft), gain, dtype=cv2.CV_8U)
    return wear.noisy(_bytes(lit), preset.noise, preset.chroma, preset.grain, random)
