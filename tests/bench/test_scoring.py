"""The scores of the bench mean what they say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from bench.scoring import Score, came_out_empty, mean, score, without_leaders

TOOL = Path(__file__).resolve().parents[3] / "shared" / "tools" / "score_reading.py"


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


def test_a_page_is_empty_when_hardly_a_word_was_read() -> None:
    truth = "một hai ba bốn năm sáu bảy tám chín mười"
    assert came_out_empty(truth, "một")
    assert came_out_empty(truth, "eee ~ |")
    assert not came_out_empty(truth, "một hai")
    assert not came_out_empty("", "")


def test_leaders_are_no_text() -> None:
    assert score(without_leaders("Họ và tên: Lê Thử"), without_leaders("Họ và tên: ......Lê Thử….___")).cer == 0.0
    assert without_leaders("Điều 1. Xã a_b…") == "Điều 1. Xã a_b…"


@pytest.mark.parametrize(
    ("truth", "reading"),
    [
        ("Ủy ban nhân dân ⟪2264⟫ xã Tân Lộc", "ỦY ban nhan dân\nxa Tân  Lôc thừa"),
        ("Số: 12/QĐ-UBND\nÐộc lập - Tự do", "Độc lập Tự đo Số 12 QÐ"),
        ("một hai ba", ""),
    ],
)
def test_the_scores_are_those_of_the_scoring_tool(truth: str, reading: str) -> None:
    if not TOOL.is_file():
        pytest.skip("no scoring tool beside the project")
    spec = importlib.util.spec_from_file_location("score_reading", TOOL)
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    recall, _ = tool.bag(truth, reading)
    ours = score(truth, reading)
    assert (ours.cer, ours.cer_order_free, ours.recall) == (tool.cer_plain(truth, reading), tool.cer_words(truth, reading), recall)
