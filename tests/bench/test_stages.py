"""The single stages that the bench measures are those of the product, and its cases are what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import stages
from bench.blanks import Side, judge, only_seal, shine_through
from bench.lying import Laid, find, laid_pages
from bench.sets import Kind, generated, shared_out
from pipeline.scan import open_scan
from samples import presets


@pytest.mark.parametrize("turn", [0, 180])
def test_slant_and_turn_are_found_and_timed(turn: int) -> None:
    found = find(Laid("dense", presets.LOW, 1, turn))
    assert (found.turn, found.found_turn) == (turn, turn)
    assert found.error < 0.2
    assert 0 < found.cpu < 5


def test_a_wrong_answer_leaves_its_picture(tmp_path: Path) -> None:
    find(Laid("dense", presets.LOW, 1, 0, angle=20.0), tmp_path)  # beyond what is mended
    assert len(list(tmp_path.iterdir())) == 1


def test_blank_and_not() -> None:
    assert [judge(Side(draw, presets.LOW, 0)).found_blank for draw in (shine_through, only_seal)] == [True, False]


def test_every_preset_and_turn_is_tried() -> None:
    tried = laid_pages(3)
    assert len(tried) == len({str(page) for page in tried}) >= 200
    assert {page.turn for page in tried} == {0, 90, 180, 270}


def test_a_set_is_cut_into_rounds_that_hold_what_they_say(tmp_path: Path) -> None:
    pages = generated(presets.LOW, Kind.FORMS, 3, 2, tmp_path)
    assert [len(part.truths) for part in pages.rounds] == [2, 1]
    for part in pages.rounds:
        with open_scan(part.given.pdf) as scan:
            assert (scan.pages, len(part.given.images)) == (len(part.truths),) * 2
            picture = stages.stood(scan.page(1)).picture
        assert picture.ndim == 2
        assert stages.cpu_of(lambda picture=picture: stages.recognised(picture)) > 0.01  # type: ignore[misc]


def test_rounds_are_of_like_size() -> None:
    assert [list(part) for part in shared_out(range(5), 2)] == [[0, 1, 2], [3, 4]]
    assert [list(part) for part in shared_out(range(1), 4)] == [[0]]
