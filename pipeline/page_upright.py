"""Which quarter turn and which small slant bring a page upright: cheap evidence first, recognition only where that leaves a doubt.

A page is turned only on clear evidence, and levelled only where that leaves it level.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import ink, skew
from pipeline.model import Pixels
from pipeline.ocr import Layout, OcrEngine

_FEWEST_LETTERS = 8.0  # well read in a strip, below which a page is not turned
_CLEARLY = 1.5  # times more of them than as the page lies
_STILL = 4.0  # degrees to either side in which a levelled page is looked at once more
_RESIDUAL = 0.15  # degrees a levelled page may still seem to lean
_BELIEVED = 0.4  # confidence below which words are noise


@dataclass(frozen=True, slots=True)
class Standing:
    """How a page lies on the glass."""

    rotation: int  # degrees clockwise to turn it by: 0, 90, 180, 270
    slant: float | None  # degrees, counter-clockwise positive, left after that turn; None: level, or better left alone

    def undone(self, pixels: Pixels, fill: int) -> Pixels:
        """An image of the page, of any size, upright and level; corners that come in are `fill`."""
        return skew.turned(skew.quarter_turned(pixels, self.rotation), self.slant or 0.0, fill)

    def turned_over(self) -> Standing:
        """The other way up, as level."""
        return Standing((self.rotation + 180) % 360, self.slant)


def find_standing(found: ink.Ink, even: Pixels, engine: OcrEngine, dpi: float, said: int | None = None) -> Standing:
    """How the page of the prepared image `even` (H×W grey, `dpi`) lies. In doubt a strip of it is read each way.

    `said`: the turn that a person asked for, which is not questioned.
    """
    rotation, level = said or 0, skew.find_slant(found.text)
    turns = skew.possible_turns(found.text, level) if said is None else ()
    if len(turns) > 1:
        legible = {turn: _legible(found.text, even, turn, engine, dpi) for turn in sorted({0, *turns})}
        best = max(legible, key=legible.__getitem__)
        sure = legible[best] >= max(_FEWEST_LETTERS, _CLEARLY * legible[0])
        rotation = best if sure else 0
    text, depth = skew.quarter_turned(found.text, rotation), skew.quarter_turned(found.depth, rotation)
    slant = (level if rotation == 0 else skew.find_slant(text)) or skew.find_slant(depth, skew.CLEAR_OF_ALL_INK)
    return Standing(rotation, _harmless(text, slant))


def _legible(text: Pixels, even: Pixels, turn: int, engine: OcrEngine, dpi: float) -> float:
    """How many letters can be read, weighted by confidence, in the most inked strip of the page when it is turned clockwise."""
    level = skew.quarter_turned(text, turn)
    slant = skew.find_slant(level)
    angle = slant.angle if slant else 0.0
    band = skew.densest_band(skew.turned(level, angle, 0))
    strip = skew.cut(skew.turned(skew.quarter_turned(even, turn), angle, 255), band)
    return sum(word.confidence * len(word.text) for word in engine.read(strip, dpi, Layout.BLOCK) if word.confidence > _BELIEVED)


def _harmless(text: Pixels, slant: skew.Slant | None) -> float | None:
    """The slant to undo, in degrees; None where there is none to speak of, or where undoing it would not leave the page level."""
    if slant is None or abs(slant.angle) < skew.NARROWEST:
        return None
    left = skew.find_slant(skew.turned(text, slant.angle, 0), widest=_STILL)
    harmed = left is not None and abs(left.angle) > max(_RESIDUAL, abs(slant.angle) / 2)
    return None if harmed else slant.angle
