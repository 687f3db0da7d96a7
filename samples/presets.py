"""How good or bad a scanner is, as values: resolution, ink, light, dirt, noise, compression, slant.

The first four stand for what offices report (a good new scanner, a worn one, a cheap one at low resolution, pale prints);
the two harsh ones add what makes layout analysis fail: streaks over the whole page, a dark spine, black borders, ink that
is full of holes. Strengths were set so that plain Tesseract loses on them what it loses on real poor office scans.
This module holds no code that touches pixels; see `scanner`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Between:
    """A range from which each scan draws its own value, evenly."""

    low: float
    high: float

    def draw(self, random: np.random.Generator) -> float:
        return float(random.uniform(self.low, self.high))


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of scanner and paper. Shares are of full range (0 nothing, 1 black on white); sizes are pixels of the scan."""

    name: str
    dpi: int
    blur: float  # sigma of the optics
    noise: float  # standard deviation, grey levels, of the sensor
    chroma: float  # standard deviation, grey levels, that differs between the colours
    grain: float  # sigma of paper grain, which JPEG does not smooth away
    ink: Between  # contrast of the ink on this paper; 1 is black
    paper: Between  # grey level of the empty sheet
    shading: Between  # how much darker the worst lit region is
    streaks: Between  # how many vertical lines the dirt on the glass draws
    streak_depth: Between  # how dark such a line is
    whole_streaks: bool  # the lines run over the full height
    spine: Between  # darkness at the bound edge
    border: Between  # width of the black frame where the lid stood open, inches
    speckle: Between  # share of the ink that has flaked off
    dust: Between  # specks a square inch
    skew: Between  # slant without sign, degrees
    show_through: Between  # strength of the other side's ink
    quality: Between  # of the JPEG the scanner writes
    grey: bool  # writes one component


NONE = Between(0, 0)

GOOD = Preset(
    name="good",
    dpi=300,
    blur=0.8,
    noise=3.0,
    chroma=1.5,
    grain=0.0,
    ink=Between(0.92, 1.0),
    paper=Between(244, 252),
    shading=Between(0.0, 0.03),
    streaks=NONE,
    streak_depth=NONE,
    whole_streaks=False,
    spine=NONE,
    border=NONE,
    speckle=NONE,
    dust=Between(0, 0.3),
    skew=Between(0, 1.5),
    show_through=Between(0.03, 0.06),
    quality=Between(85, 85),
    grey=False,
)

WORN = Preset(
    name="worn",
    dpi=200,
    blur=0.75,
    noise=9.0,
    chroma=2.0,
    grain=2.0,
    ink=Between(0.62, 0.8),
    paper=Between(205, 225),
    shading=Between(0.14, 0.26),
    streaks=Between(2, 5),
    streak_depth=Between(0.1, 0.3),
    whole_streaks=False,
    spine=Between(0.05, 0.15),
    border=NONE,
    speckle=Between(0.0, 0.05),
    dust=Between(1, 3),
    skew=Between(0.2, 3.0),
    show_through=Between(0.06, 0.12),
    quality=Between(40, 45),
    grey=False,
)

LOW = Preset(
    name="low",
    dpi=150,
    blur=0.6,
    noise=7.0,
    chroma=1.5,
    grain=1.0,
    ink=Between(0.75, 0.9),
    paper=Between(225, 240),
    shading=Between(0.2, 0.34),
    streaks=Between(0, 2),
    streak_depth=Between(0.05, 0.15),
    whole_streaks=False,
    spine=NONE,
    border=NONE,
    speckle=NONE,
    dust=Between(0, 1),
    skew=Between(0, 2.0),
    show_through=Between(0.05, 0.1),
    quality=Between(45, 45),
    grey=False,
)

FADED = Preset(
    name="faded",
    dpi=300,
    blur=1.0,
    noise=8.0,
    chroma=1.5,
    grain=3.0,
    ink=Between(0.2, 0.32),
    paper=Between(225, 240),
    shading=Between(0.32, 0.45),
    streaks=Between(0, 2),
    streak_depth=Between(0.03, 0.08),
    whole_streaks=False,
    spine=NONE,
    border=NONE,
    speckle=Between(0.0, 0.08),
    dust=Between(0, 1),
    skew=Between(0, 2.0),
    show_through=Between(0.02, 0.04),
    quality=Between(70, 80),
    grey=False,
)

WORN_HARSH = Preset(
    name="worn_harsh",
    dpi=200,
    blur=0.8,
    noise=10.0,
    chroma=0.0,
    grain=3.0,
    ink=Between(0.55, 0.75),
    paper=Between(200, 220),
    shading=Between(0.3, 0.5),
    streaks=Between(8, 16),
    streak_depth=Between(0.15, 0.45),
    whole_streaks=True,
    spine=Between(0.5, 0.8),
    border=Between(0.1, 0.35),
    speckle=Between(0.0, 0.1),
    dust=Between(2, 6),
    skew=Between(0.3, 3.0),
    show_through=Between(0.08, 0.15),
    quality=Between(40, 50),
    grey=True,
)

FADED_HARSH = Preset(
    name="faded_harsh",
    dpi=300,
    blur=1.0,
    noise=6.0,
    chroma=0.0,
    grain=3.0,
    ink=Between(0.2, 0.48),
    paper=Between(215, 235),
    shading=Between(0.2, 0.4),
    streaks=Between(4, 8),
    streak_depth=Between(0.05, 0.2),
    whole_streaks=True,
    spine=Between(0.4, 0.7),
    border=Between(0.1, 0.3),
    speckle=Between(0.12, 0.25),
    dust=Between(1, 4),
    skew=Between(0.3, 3.0),
    show_through=Between(0.02, 0.05),
    quality=Between(60, 75),
    grey=True,
)

ALL = (GOOD, WORN, LOW, FADED, WORN_HARSH, FADED_HARSH)
