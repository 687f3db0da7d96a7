"""Coloured ink over black print vanishes from what is read, coloured print stays, and nothing else changes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.colour import grey_for_reading
from pipeline.model import Pixels, ReadSettings
from pipeline.ocr import Layout, open_engine
from samples.drawing import BOLD, DrawnPage, Sheet, Type

RED, BLUE = (60, 50, 205), (170, 70, 40)  # BGR
NAME = "TRẦN VĂN MINH"


def page(colour: tuple[int, int, int] = (0, 0, 0)) -> Pixels:
    """A name and a title in the middle of a sheet, 300 dpi, BGR."""
    sheet = Sheet()
    sheet.write(105, 120, "CHỦ TỊCH", BOLD, "middle")
    sheet.write(105, 140, NAME, Type(14, bold=True, colour=colour[::-1]), "middle")
    return drawn(sheet.done())


def drawn(one: DrawnPage) -> Pixels:
    return one.image.copy()


def sealed(image: Pixels, colour: tuple[int, int, int], strength: float = 0.9) -> Pixels:
    """A seal of 36 mm with two rings and a filled star over the name; ink darkens what is under it."""
    mask = np.zeros(image.shape[:2], np.uint8)
    middle = (round(105 / 25.4 * 300), round(140 / 25.4 * 300))
    for radius, width in ((212, 14), (150, 8)):
        cv2.circle(mask, middle, radius, 255, width)
    cv2.circle(mask, middle, 90, 255, -1)
    ink = np.full_like(image, 255)
    ink[mask > 0] = colour
    return np.asarray(np.minimum(image, 255 - (255 - ink.astype(float)) * strength), dtype=np.uint8)


@pytest.mark.parametrize("colour", [RED, BLUE])
def test_print_under_a_seal_is_left_alone_on_paper(colour: tuple[int, int, int]) -> None:
    plain = cv2.cvtColor(page(), cv2.COLOR_BGR2GRAY)
    before = cv2.cvtColor(sealed(page(), colour), cv2.COLOR_BGR2GRAY)
    after = grey_for_reading(sealed(page(), colour))
    under = (plain > 250) & (before < 200)
    assert np.median(after[under]) > np.median(before[under]) + 60
    assert np.median(after[plain < 40]) < 60


def test_a_name_under_a_seal_can_be_read() -> None:
    engine = open_engine(ReadSettings())

    def reading(grey: Pixels) -> str:
        part = cv2.resize(grey[1300:1800, 600:1900], None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
        return engine.read(np.asarray(part, dtype=np.uint8), 200, Layout.BLOCK).text

    image = sealed(page(), RED)
    assert NAME not in reading(np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8))
    assert NAME in reading(grey_for_reading(image))


def test_what_is_printed_in_colour_stays() -> None:
    image = page(RED)
    assert np.array_equal(grey_for_reading(image), cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))


def test_tinted_paper_is_not_ink() -> None:
    tinted = np.minimum(page(), np.full_like(page(), (190, 210, 245)))
    assert np.array_equal(grey_for_reading(tinted), cv2.cvtColor(tinted, cv2.COLOR_BGR2GRAY))


def test_grey_pages_are_handed_through() -> None:
    grey = cv2.cvtColor(page(), cv2.COLOR_BGR2GRAY)
    assert grey_for_reading(np.asarray(grey, dtype=np.uint8)) is grey


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 700, 3), (40, 30, 3)])
def test_scraps_pass(shape: tuple[int, int, int]) -> None:
    random = np.random.default_rng(3)
    assert grey_for_reading(random.integers(0, 256, shape, dtype=np.uint8)).shape == shape[:2]
