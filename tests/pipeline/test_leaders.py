"""Dotted lines of forms, on sheets drawn by hand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.leaders import without_leaders
from pipeline.model import Pixels
from samples import letterhead
from samples.dense import dense_page
from samples.drawing import Sheet
from samples.letterhead import field, paragraph

DPI = 200


def at_200(page: Pixels) -> Pixels:
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def form() -> Pixels:
    sheet = Sheet()
    y = 40.0
    for label, value in (("Họ và tên", "Nguyễn Thị Mẫu"), ("Nơi cư trú", "ấp Một, xã Thạnh Phú"), ("Dân tộc", ""), ("Ghi chú", "")):
        y = field(sheet, y, label, value)
    return at_200(sheet.done().image)


def test_a_form_loses_its_dots_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    dotted = form()
    monkeypatch.setattr(letterhead, "_dots", lambda sheet, x, y: None)
    plain = form()
    before = np.count_nonzero((dotted < 150) & (plain >= 150))
    cleared = without_leaders(dotted, DPI)
    assert np.count_nonzero((cleared < 150) & (plain >= 150)) < 0.1 * before
    assert np.count_nonzero((cleared >= 150) & (plain < 150)) == 0
    assert before > 500


@pytest.mark.parametrize("seed", [1, 2])
def test_a_page_of_text_is_left_as_it_is(seed: int) -> None:
    page = at_200(dense_page(seed).image)
    assert without_leaders(page, DPI) is page


def test_dots_of_letters_stay() -> None:
    sheet = Sheet()
    paragraph(sheet, 40, "ị ạ ọ ụ ẹ i í ì ỉ ĩ ... i. i: i; " * 12)
    page = at_200(sheet.done().image)
    assert without_leaders(page, DPI) is page


def test_dust_stays() -> None:
    random = np.random.default_rng(1)
    page = np.full((2339, 1654), 255, np.uint8)
    for x, y in zip(random.integers(5, 1640, 3000), random.integers(5, 2330, 3000), strict=True):
        page[y : y + 3, x : x + 3] = 0
    assert np.count_nonzero(without_leaders(page, DPI) == 0) > 0.98 * np.count_nonzero(page == 0)


def test_rules_stay() -> None:
    page = np.full((2339, 1654), 255, np.uint8)
    page[500:503, 200:1500] = 0
    assert without_leaders(page, DPI) is page


def test_an_empty_page() -> None:
    page = np.full((100, 100), 255, np.uint8)
    assert without_leaders(page, DPI) is page
