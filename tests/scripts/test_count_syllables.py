"""The counting script on tiny invented texts: what it keeps, what it leaves out, that it gives the same bytes again."""

from __future__ import annotations

import lzma
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.context_table import Table, load_table
from pipeline.context_tokens import BREAK, FIRST_SYLLABLE, NUMBER

ROOT = Path(__file__).resolve().parents[2]
COMMON = "Ủy ban nhân dân xã tiếp nhận hồ sơ số 15 của người dân."
RARE = "Bà Lê Thị Thúy nộp đơn xin phép."


def counted(folder: Path, *options: str) -> Table:
    out = folder / "context.npz"
    command = [sys.executable, "-m", "scripts.count_syllables", str(folder), "--out", str(out), *options]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return load_table(out)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six hundred paragraphs, one of them about a person; a list of two names."""
    top = tmp_path_factory.mktemp("texts")
    (top / "lm").mkdir()
    paragraphs = [COMMON] * 600
    paragraphs[77] = RARE
    (top / "lm" / "admin.txt.xz").write_bytes(lzma.compress("\n".join(paragraphs).encode()))
    (top / "lm" / "names.tsv.xz").write_bytes(lzma.compress("ho\tTạ\t3\ndem_ten\tHoài Thư\t1\n".encode()))
    return top


@pytest.fixture(scope="module")
def table(folder: Path) -> Table:
    return counted(folder)


def number(table: Table, syllable: str) -> int:
    return FIRST_SYLLABLE + table.syllables.index(syllable)


def log_of(table: Table, first: int, second: int) -> float:
    return float(table.pairs(np.array([first]), np.array([second])).logs[0])


def test_what_is_common_is_kept(table: Table) -> None:
    assert {"ban", "nhân", "dân", "xã", "uỷ"} <= set(table.syllables)


def test_what_is_rare_cannot_be_read_out_of_it(table: Table) -> None:
    assert not {"thuý", "đơn", "phép"} & set(table.syllables)


def test_of_the_lists_of_names_nothing_is_cut_off(table: Table) -> None:
    assert {"tạ", "hoài", "thư"} <= set(table.syllables)
    assert table.pairs(np.array([number(table, "hoài")]), np.array([number(table, "thư")])).place[0] >= 0


def test_the_neighbour_that_was_seen_is_likely(table: Table) -> None:
    people, folk = number(table, "nhân"), number(table, "dân")
    assert log_of(table, people, folk) > -0.3
    assert log_of(table, people, number(table, "hồ")) < -4
    assert log_of(table, number(table, "số"), NUMBER) > -0.3
    assert log_of(table, folk, BREAK) > log_of(table, people, BREAK)


def test_two_words_before_tell_more_than_one(table: Table) -> None:
    folk, commune = number(table, "dân"), number(table, "xã")
    after_one = table.pairs(np.array([folk]), np.array([commune]))
    context = table.pairs(np.array([number(table, "nhân")]), np.array([folk]))
    after_two = table.triples(context.place, np.array([commune]), after_one.logs)
    assert after_one.logs[0] < -0.5 < after_two[0]


def test_after_a_word_all_chances_add_up_to_one(table: Table) -> None:
    every = np.arange(FIRST_SYLLABLE + len(table.syllables))
    for first in (BREAK, number(table, "dân"), number(table, "tạ")):
        assert np.exp(table.pairs(np.full(len(every), first), every).logs).sum() == pytest.approx(1, abs=0.06)


def test_the_same_texts_give_the_same_bytes(folder: Path, table: Table) -> None:
    first = (folder / "context.npz").read_bytes()
    counted(folder)
    assert (folder / "context.npz").read_bytes() == first


def test_paragraphs_may_be_left_out_to_measure_on(folder: Path, table: Table) -> None:
    left = counted(folder, "--leave-out", "2")
    assert "tạ" not in left.syllables
    assert "hoài" in left.syllables


def test_a_folder_without_texts_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.count_syllables", str(tmp_path), "--out", str(tmp_path / "out.npz")]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert "admin.txt.xz" in done.stderr
    assert not (tmp_path / "out.npz").exists()
