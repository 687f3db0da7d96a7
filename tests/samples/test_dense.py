"""Dense pages are full, exact and repeatable."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from samples import fonts
from samples.dense import dense_page
from samples.prose import Prose


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_page_is_full(seed: int) -> None:
    page = dense_page(seed)
    assert page.image.shape == (3508, 2480, 3)
    assert 3_500 <= len(page.text) <= 4_100
    assert page.text == unicodedata.normalize("NFC", page.text)


def test_the_page_is_filled_from_margin_to_margin() -> None:
    dark = dense_page(4).image[:, :, 0] < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    mm = 25.4 / 300
    assert (rows[0] * mm, columns[0] * mm) == pytest.approx((21, 30), abs=2)
    assert (rows[-1] * mm, columns[-1] * mm) == pytest.approx((276, 195), abs=4)


def test_same_seed_same_page() -> None:
    one, two = dense_page(9), dense_page(9)
    assert one.text == two.text
    assert np.array_equal(one.image, two.image)
    assert dense_page(10).text != one.text


def test_other_text_is_set_as_it_is() -> None:
    page = dense_page(1, text="Điều 1. Phạm vi điều chỉnh\nĐiều 2. Đối tượng áp dụng")
    assert page.text == "Điều 1. Phạm vi điều chỉnh\nĐiều 2. Đối tượng áp dụng"


def test_the_prose_has_every_mark_of_vietnamese() -> None:
    prose = Prose(np.random.default_rng(1))
    text = " ".join(prose.sentence() for _ in range(200))
    decomposed = unicodedata.normalize("NFD", text)
    for mark in "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b":
        assert decomposed.count(mark) > 20
    assert {"đ", "Đ"} <= set(text)
    assert "{" not in text


def test_a_missing_font_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_FAMILIES", ())
    with pytest.raises(fonts.FontMissingError, match="apt-get install fonts-croscore"):
        fonts.serif(7.77)
