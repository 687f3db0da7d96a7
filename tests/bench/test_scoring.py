"""The scores of the bench mean what they say."""

from __future__ import annotations

import pytest

from bench.scoring import Score, mean, score


def test_a_perfect_reading() -> None:
    assert score("Ủy ban nhân dân\nxã Tân Lộc", "Ủy  ban nhân dân xã Tân Lộc\n") == Score(0.0, 0.0, 1.0)


def test_decomposed_letters_count_as_right() -> None:
    assert score("hộ tịch", "hô\u0323 ti\u0323ch").cer == 0.0


def test_order_counts_only_as_read() -> None:
    swapped = score("một hai ba", "hai ba một")
    assert swapped.cer > 0.3
    assert swapped.cer_order_free == 0.0
    assert swapped.recall == 1.0


def test_a_wrong_letter_costs_one_edit_and_its_word() -> None:
    wrong = score("nhân dân", "nhăn dân")
    assert wrong.cer == pytest.approx(1 / 8)
    assert wrong.cer_order_free == pytest.approx(1 / 7)
    assert wrong.recall == 0.5


def test_nothing_read_is_all_wrong() -> None:
    assert score("nhân dân", "") == Score(1.0, 1.0, 0.0)


def test_handwriting_is_left_out() -> None:
    assert score("Số: ⟪2264⟫ /SYT", "Số: /SYT").cer == 0.0


def test_the_mean_of_pages() -> None:
    assert mean([Score(0.0, 0.0, 1.0), Score(1.0, 0.5, 0.0)]) == Score(0.5, 0.25, 0.5)
