"""The same sheet scanned again is told from another copy of the same form."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.likeness import compare, dice, distance, picture_hash
from samples import cast, presets
from samples.drawing import DrawnPage
from samples.papers import paper
from samples.receipts import receipt
from samples.scanner import scan


def hashed(drawn: DrawnPage, preset: presets.Preset, seed: int) -> str:
    pixels = scan(drawn.image, preset, seed, turn=0, angle=0.0).pixels
    return picture_hash(np.asarray(pixels if pixels.ndim == 2 else pixels.mean(axis=2), np.uint8))


def test_a_sheet_scanned_again_by_another_scanner_looks_alike_and_another_paper_does_not() -> None:
    people = cast.assemble(np.random.default_rng(5), date(2025, 11, 3))
    dossier = people.an_phuoc[0]
    sheet, other = receipt(dossier), paper(dossier, "TP1")[0]
    first = hashed(sheet, presets.GOOD, 1)
    assert distance(first, hashed(sheet, presets.LOW, 2)) <= 14 < distance(first, hashed(other, presets.GOOD, 3))


FORM = "tờ khai đăng ký khai sinh họ chữ đệm tên người yêu cầu nơi cư trú quan hệ với người được khai sinh"


def test_the_numbers_tell_two_forms_apart() -> None:
    mine, theirs = f"{FORM} 094190000012 03/11/2025 73", f"{FORM} 094190000777 15/08/2024 12"
    assert compare(mine, "0" * 16, mine, "0" * 16).same
    other = compare(mine, "0" * 16, theirs, "0" * 16)
    assert (other.same, other.kin) == (False, True)


def test_the_picture_has_its_say_even_where_the_words_agree() -> None:
    assert compare(FORM, "0" * 16, FORM, "0000000000003fff").same  # 14 bits
    assert not compare(FORM, "0" * 16, FORM, "0000000000007fff").same


def test_with_hardly_any_text_the_picture_decides() -> None:
    assert compare("ảnh", "0" * 16, "", "000000000000003f").same  # 6 bits
    assert not compare("ảnh", "0" * 16, "", "000000000000007f").same
    assert not compare("", "", "", "").same  # no picture, no text: nothing is known


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_dice_is_a_share_and_symmetrical(one: list[str], other: list[str]) -> None:
    assert dice(one, other) == dice(other, one)
    assert 0 <= dice(one, other) <= 1
    assert dice(one, one) == 1
    assert (dice(one, other) == 1) == (sorted(one) == sorted(other))


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_distance_counts_bits(one: int, other: int) -> None:
    assert distance(f"{one:016x}", f"{other:016x}") == (one ^ other).bit_count()
    assert distance(f"{one:016x}", "") == 64
