"""The drawn patch code T of Kodak scanners: four black bars across the edge of a sheet that says "a new document starts here".

A patch code is two wide and two narrow bars with narrow spaces between them, 0.8 inch in all. From the edge of the paper inwards T
is narrow, wide, narrow, wide; read from its other side it is patch III, so that the nearer edge of the page decides which of the
two it is. Widths, lengths and places are those of Kodak, Patch Code Information for Kodak Scanners (A-61599, October 2006). It
takes a page for a patch sheet too rarely rather than too often: a wrong one would cut somebody's paper in two. The other five
patch codes have no meaning here and are not reported.

The page is reduced, its paper evened, and cut into strips across the bars; in each strip the four bars are sought by the ratio
of their widths alone, so that neither resolution nor paper size matters. What the strips show must then lie on straight lines, be
as long as Kodak asks, and end together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model import Box, Pixels

# Widths in units of 0.04 inch, bars and spaces in turn from the edge of the paper inwards.
_T = np.array([2, 2, 5, 2, 2, 2, 5], np.float64)
_UNITS = float(_T.sum())
_MIDDLES = tuple(middle / _UNITS for middle in (1, 6.5, 12, 17.5))  # of the bars, in widths of the code
_SLACK = 0.8  # units by which a bar or space may differ: narrow is 2, wide is 5
_QUIET = 3.0  # units without print on either side; Kodak asks for 6, black borders and slant take of them
_LONGEST_QUIET = 100.0  # units from the nearer edge of the page: Kodak's 3.75 inches and some, for a larger glass
_NEARER = 0.7  # of the distance to the other edge; a code in the middle may be T or III
_SHORTEST = 2.2  # widths of the code that bars are long; Kodak asks for 2 inches, which are 2.5
_SMALLEST, _LARGEST = 0.045, 0.14  # of the long side of the page; 0.068 on A4, 0.097 on A5

_LONG_SIDE = 680  # pixels of the reduced page at least: narrow bars of A4 are nearly five wide or more
_STRIPS = 100  # along the long side of the page
_PAPER = 25  # pixels; wider dark things are no bars and may take part in the paper
_STREAK = 3  # pixels; thinner dark lines that run along the bars are dirt on the glass
_DEPTHS = (0.1, 0.18, 0.32, 0.5)  # shares of the paper's light, one of which parts bars from spaces however pale the ink is
_STEEPEST = math.tan(math.radians(8))  # slant of the bars against the edge
_STRAIGHT = 1.5  # pixels off the line, mean deviation
_PARALLEL = 0.02  # by which the slopes of the first and last edge may differ: about a degree
_FEWEST = 6  # strips that show the code
_HOLE = 2  # strips without the code, in a row: dirt, flaked ink
_SHOWN = 0.75  # of the strips between the ends of the bars must show the code
_GAP = 3  # pixels along a bar that may be light
_ENDS = 0.2  # widths of the code by which the ends of three of the bars may differ
_ALIKE = 0.6  # the palest bar, of the depth of the darkest


@dataclass(frozen=True, slots=True)
class Span:
    """Where a strip shows the bars, in pixels along it; `reverse` where they come in the order of patch III."""

    strip: int
    start: int
    end: int
    reverse: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A straight line: `start` pixels down at the left edge of the picture, `slope` more per pixel to the right."""

    start: float
    slope: float


@dataclass(frozen=True, slots=True)
class _Bars:
    """Four level bars on the reduced page. Pixels."""

    first: _Line  # upper edge of the uppermost bar
    last: _Line  # lower edge of the lowest bar
    left: int
    right: int  # exclusive
    reverse: bool

    @property
    def top(self) -> float:
        return self.first.start + self.first.slope * (self.left + self.right) / 2

    @property
    def bottom(self) -> float:
        return self.last.start + self.last.slope * (self.left + self.right) / 2


def find_patch_t(grey: Pixels) -> Box | None:
    """Where a page image (H×W uint8), turned any quarter and slanting by up to 8 degrees, shows patch T; None where it does not.

    Of several on one sheet only one is reported: they say the same.
    """
    depth, factor = _reduced_depth(grey)
    if min(depth.shape) < _PAPER:
        return None
    for level in (depth, np.asarray(cv2.transpose(depth), np.uint8)):
        for bars in _level_bars(level):
            if _is_t(bars, len(level)):
                box = _box(bars, factor)
                return box if level is depth else Box(box.top, box.left, box.bottom, box.right)
    return None


def _reduced_depth(grey: Pixels) -> tuple[Pixels, int]:
    """How much darker than the paper around it each pixel is (H×W uint8, 255 is black), and by what the page was reduced."""
    factor = max(1, max(grey.shape) // _LONG_SIDE)
    height, width = max(1, grey.shape[0] // factor), max(1, grey.shape[1] // factor)
    small = cv2.resize(grey[: height * factor, : width * factor], (width, height), interpolation=cv2.INTER_AREA)
    paper = np.maximum(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_PAPER, _PAPER), np.uint8)), 1)
    return np.asarray(cv2.bitwise_not(cv2.divide(small, paper, scale=255)), np.uint8), factor


def _level_bars(depth: Pixels) -> Iterator[_Bars]:
    """Patches T and III whose bars lie level."""
    side = max(depth.shape)
    wide = max(1, side // _STRIPS)
    strips = np.ascontiguousarray(cv2.blur(depth, (wide, 1))[:, wide // 2 :: wide].T)
    strips = np.asarray(cv2.morphologyEx(strips, cv2.MORPH_OPEN, np.ones((1, _STREAK), np.uint8)), np.uint8)
    for share in _DEPTHS:
        least = round(255 * share)
        for chain in _chains(find_spans(strips >= least, _SMALLEST * side, _LARGEST * side), wide):
            bars = _ruled(chain, depth, wide, least)
            if bars is not None:
                yield bars


def find_spans(dark: npt.NDArray[np.bool_], smallest: float, largest: float) -> list[Span]:
    """Where the rows of `dark`, S×L, show the bars of T in one order or the other, `smallest` to `largest` pixels from end to end.

    In the order of rows, then of columns. On either side of the bars there is nothing dark, and the row goes on.
    """
    edged = np.ones((dark.shape[0], dark.shape[1] + 2), np.bool_)
    edged[:, 1:-1] = dark
    changes = np.flatnonzero(np.diff(edged.ravel()))  # to light and to dark in turn
    if len(changes) < 10:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(changes, 10)[::2]  # a space, four bars with three spaces, a space
    first, last = windows[:, 1], windows[:, 8]
    strip = first // edged.shape[1]
    windows = windows[(last // edged.shape[1] == strip) & (last - first >= smallest) & (last - first <= largest)]
    spans: list[Span] = []
    units = np.diff(windows, axis=1) * (_UNITS / (windows[:, 8] - windows[:, 1]))[:, None]
    quiet = np.minimum(units[:, 0], units[:, 8]) >= _QUIET
    for reverse, bars in ((False, _T), (True, _T[::-1])):
        fitting = windows[quiet & (np.abs(units[:, 1:8] - bars) <= _SLACK).all(axis=1)]
        starts, ends = fitting[:, 1].tolist(), fitting[:, 8].tolist()
        for start, end in zip(starts, ends, strict=True):
            row = start // edged.shape[1]
            spans.append(Span(row, start - row * edged.shape[1], end - row * edged.shape[1], reverse))
    return sorted(spans, key=lambda span: (span.strip, span.start))


def _chains(spans: list[Span], wide: int) -> list[list[Span]]:
    """Spans of neighbouring strips, `wide` pixels each, that may belong to the same bars."""
    chains: list[list[Span]] = []
    for span in spans:
        chain = next((chain for chain in chains if _follows(span, chain[-1], wide)), None)
        if chain is None:
            chains.append([span])
        else:
            chain.append(span)
    return [chain for chain in chains if len(chain) >= _FEWEST]


def _follows(span: Span, before: Span, wide: int) -> bool:
    further = span.strip - before.strip
    reach = further * wide * _STEEPEST + _STRAIGHT
    near = abs(span.start - before.start) <= reach and abs(span.end - before.end) <= reach
    return span.reverse == before.reverse and 0 < further <= _HOLE + 1 and near


def _ruled(chain: list[Span], depth: Pixels, wide: int, least: int) -> _Bars | None:
    """The bars that strips `wide` pixels wide show, if they are straight, parallel, long, equally long and equally dark."""
    x = [span.strip * wide + wide // 2 for span in chain]
    first, last = _line(x, [span.start for span in chain]), _line(x, [span.end for span in chain])
    if first is None or last is None or abs(first.slope - last.slope) > _PARALLEL or abs(first.slope) > _STEEPEST:
        return None
    width = chain[0].end - chain[0].start
    rows = [_between(first, last, 1 - part if chain[0].reverse else part) for part in _MIDDLES]
    profiles = [_along(depth, row) for row in rows]
    runs = [_run(profile >= least, x[len(x) // 2]) for profile in profiles]
    left, right = (_common_end(rows, list(ends), width) for ends in zip(*runs, strict=True))
    if left is None or right is None or right - left < max(1, _SHORTEST * width) or len(chain) * wide < _SHOWN * (right - left):
        return None
    darkness = [float(profile[left:right].mean()) for profile in profiles]
    return _Bars(first, last, left, right, chain[0].reverse) if min(darkness) >= _ALIKE * max(darkness) else None


def _common_end(rows: list[_Line], ends: list[int], width: int) -> int | None:
    """Where bars along `rows` end, square to them; None where they do not end together. One may run into a dark border of the scan."""
    square = sorted(end + row.slope * (row.start + row.slope * end) for row, end in zip(rows, ends, strict=True))
    together = min(square[-1] - square[1], square[-2] - square[0]) <= _ENDS * width
    return sorted(ends)[len(ends) // 2] if together else None


def _between(first: _Line, last: _Line, part: float) -> _Line:
    return _Line(first.start + part * (last.start - first.start), first.slope + part * (last.slope - first.slope))


def _line(x: list[int], y: list[int]) -> _Line | None:
    """The line through the points, None where they do not lie on one."""
    slope, start = (float(term) for term in np.polyfit(x, y, 1))
    off = float(np.abs(start + slope * np.array(x) - y).mean())
    return _Line(start, slope) if off <= _STRAIGHT else None


def _along(depth: Pixels, line: _Line) -> npt.NDArray[np.float32]:
    """The depth along a line from the left to the right edge, averaged over three pixels across it; 0 where it leaves the picture."""
    x = np.arange(depth.shape[1], dtype=np.float32)[None]
    y = (line.start + line.slope * x).astype(np.float32)
    rows = [cv2.remap(depth, x, y + step, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=0) for step in (-1, 0, 1)]
    return np.asarray(np.vstack(rows).mean(axis=0), np.float32)


def _run(dark: npt.NDArray[np.bool_], at: int) -> tuple[int, int]:
    """The run of `dark` around a place, over small gaps: where it starts, and where it has ended. Empty where that place is light."""
    closed = cv2.morphologyEx(dark[None].astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))[0]
    light = np.flatnonzero(closed == 0)
    place = int(np.searchsorted(light, at))
    if place < len(light) and light[place] == at:
        return at, at
    return (int(light[place - 1]) + 1 if place > 0 else 0), (int(light[place]) if place < len(light) else len(dark))


def _is_t(bars: _Bars, height: int) -> bool:
    """Whether the order from the nearer edge inwards is that of T, and that edge near enough."""
    above, below = bars.top, height - bars.bottom
    near, far = (below, above) if bars.reverse else (above, below)
    return near < _NEARER * far and near * _UNITS < _LONGEST_QUIET * (bars.bottom - bars.top)


def _box(bars: _Bars, factor: int) -> Box:
    """In pixels of the page, which may be transposed."""
    tops = [bars.first.start + bars.first.slope * x for x in (bars.left, bars.right)]
    bottoms = [bars.last.start + bars.last.slope * x for x in (bars.left, bars.right)]
    top, bottom = max(0, math.floor(min(tops))), math.ceil(max(bottoms))
    return Box(bars.left * factor, top * factor, bars.right * factor, bottom * factor)
