"""Where bar codes stand that could not be read, and pictures of them in which they can.

Bars are told from print by their gradients, which all point the same way (the structure tensor, after Bigün and Granlund, Optimal
Orientation Detection of Linear Symmetry, 1987). A field of bars is turned upright and averaged along its bars, which takes noise,
flaked ink and the ragged traces of JPEG away, then sharpened across them. It decodes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model import Box, Pixels

_LONG_SIDE = 1_100  # pixels of the reduced page at least: 94 dpi for A4, where bars run together but keep their direction
_COARSER = 3  # and reduced by so much again, for sheets with bars as wide as letters
_BLOCK = 8  # pixels of it: 2 mm of A4
_LONG, _HIGH = 9, 3  # blocks across and along the bars that a field has at least; streaks and rules are not so wide
_ONE_WAY = 0.7  # share of the gradients' energy that points one way; print has half of that
_NOISES = 3.0  # times the energy of the paper's noise
_FAINTEST = 200.0  # energy, squared grey levels per pixel: less is paper
_MOST = 3  # fields of a page
_QUIET = 0.12  # of the length of the bars, taken beside them: their quiet zones
_READ_SIDE = 5_200  # pixels that the page would have at the resolution in which bars are read: 450 dpi for A4
_LEAN, _STEP = 1.5, 0.25  # degrees by which bars may lean otherwise than their gradients say
_ENDS = 0.2  # of the height of a field, not taken at its top and bottom
_MOST_ROWS = 240  # taken of a field
_ROWS = 24  # of a picture; they are all the same
_BLUR = 1.2  # pixels of the page, sigma: what sharpening makes up for
_STREAK = 0.1  # of a block: thinner than bars of sheets, thicker than the lines that dirt on the glass draws
_REACH = 2  # blocks within which a bar and a space stand
_PALEST = 0.35  # of the strongest contrast of bars; less is stretched no further


@dataclass(frozen=True, slots=True)
class Field:
    """A rectangle of bars. Pixels of the page; `u` runs across the bars, `v` along them."""

    angle: float  # radians by which `u` is turned clockwise from the x axis
    u_start: float
    u_end: float
    v_start: float
    v_end: float
    block: int  # size of the blocks in which it was seen

    def box(self, width: int, height: int) -> Box:
        """The box around it on a page of that size."""
        corners = [self._page(u, v) for u in (self.u_start, self.u_end) for v in (self.v_start, self.v_end)]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        left, top = max(0, math.floor(min(across))), max(0, math.floor(min(down)))
        return Box(left, top, max(left + 1, min(width, math.ceil(max(across)))), max(top + 1, min(height, math.ceil(max(down)))))

    def _page(self, u: float, v: float) -> tuple[float, float]:
        return u * math.cos(self.angle) - v * math.sin(self.angle), u * math.sin(self.angle) + v * math.cos(self.angle)


def find_bars(grey: Pixels) -> list[Field]:
    """Fields of parallel bars on a page image (H×W uint8) near enough to upright or lying, the largest first, at most three."""
    factor = max(1, max(grey.shape) // _LONG_SIDE)
    fine = _reduced(grey, factor)
    fields = [*_fields(fine, factor), *_fields(_reduced(fine, _COARSER), _COARSER * factor)]
    return sorted(fields, key=lambda field: (field.u_start - field.u_end) * (field.v_end - field.v_start))[:_MOST]


def _reduced(grey: Pixels, factor: int) -> Pixels:
    height, width = (max(1, side // factor) for side in grey.shape)
    part = grey[: height * factor, : width * factor]
    return np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA), np.uint8) if factor > 1 else grey


def _fields(small: Pixels, factor: int) -> Iterator[Field]:
    """Those that are seen on a page reduced by so much."""
    if min(small.shape) < _LONG * _BLOCK:
        return
    xx, yy, xy = _tensor(small)
    energy = xx + yy
    noise = float(np.percentile(energy[::2, ::2], 25))
    one_way = np.sqrt((xx - yy) ** 2 + 4 * xy**2) > _ONE_WAY * (energy - noise)
    clear = one_way & (energy > _NOISES * noise + _FAINTEST)
    for mask, window in ((clear & (xx > yy), (_HIGH, _LONG)), (clear & (xx < yy), (_LONG, _HIGH))):
        joined = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones(window, np.uint8))
        count, labels = cv2.connectedComponents(joined, connectivity=4)
        for index in range(1, count):
            inside = labels == index
            angle = 0.5 * math.atan2(2 * float(xy[inside].sum()), float(xx[inside].sum() - yy[inside].sum()))
            yield _field(inside, angle, _BLOCK * factor)


def _tensor(small: Pixels) -> list[npt.NDArray[np.float32]]:
    """The structure tensor: gradients' products xx, yy and xy, averaged over three by three blocks."""
    size = (small.shape[1] // _BLOCK, small.shape[0] // _BLOCK)
    whole = np.ascontiguousarray(small[: size[1] * _BLOCK, : size[0] * _BLOCK])
    across, down = (gradient.astype(np.float32) for gradient in cv2.spatialGradient(whole))
    products = (across * across, down * down, across * down)
    return [np.asarray(cv2.blur(cv2.resize(one, size, interpolation=cv2.INTER_AREA), (3, 3)), np.float32) for one in products]


def _field(inside: npt.NDArray[np.bool_], angle: float, block: int) -> Field:
    """Around blocks of that many pixels."""
    down, across = np.nonzero(inside)
    x, y = (across + 0.5) * block, (down + 0.5) * block
    u, v = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    half = block / 2
    return Field(angle, float(u.min()) - half, float(u.max()) + half, float(v.min()) - half, float(v.max()) + half, block)


def upright_pictures(grey: Pixels, field: Field) -> Iterator[Pixels]:
    """Pictures of the bars of a field on its page (H×W uint8), made upright, in the order of what helped most.

    No two of them are made of the same rows in the same way, so that what is read in two of them has been seen twice.
    """
    scale = max(1.0, _READ_SIDE / max(grey.shape))
    bars = _straight(_cut_out(grey, field, scale), scale * _row_step(field))
    margin = int(len(bars) * _ENDS)
    rows = bars[margin : len(bars) - margin]
    upper, lower = np.array_split(rows, 2)
    mean, reach, streak = rows.mean(axis=0)[None], round(_REACH * field.block * scale), round(_STREAK * field.block * scale)
    thin = np.ones((1, max(1, streak)), np.uint8)
    even = np.asarray(cv2.morphologyEx(cv2.morphologyEx(mean, cv2.MORPH_CLOSE, thin), cv2.MORPH_OPEN, thin), np.float32)
    crossed = np.median(rows, axis=0)[None].astype(np.float32)  # by streaks, at an angle
    yield _picture(_sharpened(mean, scale), reach)
    yield _picture(mean, reach)
    for row in (crossed, even, upper.mean(axis=0)[None], lower.mean(axis=0)[None]):
        yield _picture(_sharpened(row, scale), reach)


def _row_step(field: Field) -> float:
    """Pixels of the page from one row of the cut-out to the next."""
    return max(1.0, (field.v_end - field.v_start) / _MOST_ROWS)


def _cut_out(grey: Pixels, field: Field, scale: float) -> npt.NDArray[np.float32]:
    """The field with its quiet zones, `scale` times as large across the bars."""
    quiet, step = _QUIET * (field.u_end - field.u_start), _row_step(field)
    u, v = field.u_start - quiet, field.v_start
    size = (round((field.u_end - field.u_start + 2 * quiet) * scale), max(5, int((field.v_end - field.v_start) / step)))
    cos, sin = math.cos(field.angle), math.sin(field.angle)
    matrix = np.array([[cos / scale, -sin * step, cos * u - sin * v], [sin / scale, cos * step, sin * u + cos * v]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(grey, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _straight(bars: npt.NDArray[np.float32], aspect: float) -> npt.NDArray[np.float32]:
    """Sheared so that the bars stand upright: then their average is sharpest. `aspect`: pixels across that are one row along."""

    def sheared(degrees: float) -> npt.NDArray[np.float32]:
        lean = math.tan(math.radians(degrees)) * aspect
        matrix = np.array([[1, lean, -lean * len(bars) / 2], [0, 1, 0]])
        size, flags = (bars.shape[1], bars.shape[0]), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(bars, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)

    def sharpness(image: npt.NDArray[np.float32]) -> float:
        return float(np.square(np.diff(image.mean(axis=0))).sum())

    return max((sheared(float(degrees)) for degrees in np.arange(-_LEAN, _LEAN + _STEP, _STEP)), key=sharpness)


def _sharpened(row: npt.NDArray[np.float32], scale: float) -> npt.NDArray[np.float32]:
    return np.asarray(2 * row - cv2.GaussianBlur(row, (0, 0), _BLUR * scale), np.float32)


def _picture(row: npt.NDArray[np.float32], reach: int) -> Pixels:
    """Bars of one row of grey levels, 1×W: stretched from black to white, and drawn as high as a reader wants them."""
    reach += 1 - reach % 2
    window = np.ones((1, reach), np.uint8)
    light = cv2.morphologyEx(cv2.dilate(row, window), cv2.MORPH_OPEN, np.ones((1, 2 * reach), np.uint8))  # no thin light lines
    light, dark = cv2.blur(light, (reach, 1)), cv2.blur(cv2.erode(row, window), (reach, 1))
    contrast = np.maximum(light - dark, max(1.0, _PALEST * float((light - dark).max())))
    even = np.clip(255 + (row - light) * (255 / contrast), 0, 255).astype(np.uint8)
    return np.repeat(even, _ROWS, axis=0)
