"""Large days: large enough, every trouble on every scanner, a truth that contradicts neither itself nor the registers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp

from samples import belonging, presets, stacks, troubles
from samples.belonging import Belonging
from samples.deck import Deck
from samples.large_days import DOSSIERS, LargeDays, made, make, planned
from samples.leaves import drawn, first, named
from samples.oddities import card, card_payload
from samples.papers import drawn_components, paper, wording_of
from samples.repertoire import COUNTERS, MANY
from samples.stacks import Heap, Side


@pytest.fixture(scope="module")
def large() -> LargeDays:
    return planned(1)


def sides(large: LargeDays) -> list[tuple[str, Side]]:
    return [(laid.path, side) for laid in large.laid for side in laid.heap.sides]


def test_they_are_as_large_as_promised(large: LargeDays) -> None:
    owners = {side.leaf.owner.number for _, side in sides(large) if side.leaf.owner}
    assert len(owners) >= DOSSIERS >= 300
    assert len(sides(large)) >= 2_500
    assert {laid.path.split("/")[0] for laid in large.laid} == {office.code for office in COUNTERS}
    assert {dossier.procedure for dossier in large.dossiers} == set(MANY)


def test_the_same_seed_plans_the_same_and_another_begins_elsewhere() -> None:
    assert planned(4, 20) == planned(4, 20)
    assert planned(4, 20).laid[0].heap.way != planned(5, 20).laid[0].heap.way


def test_no_name_and_no_number_comes_twice(large: LargeDays) -> None:
    paths = [laid.path for laid in large.laid]
    numbers = [dossier.number for dossier in large.dossiers]
    assert len(set(paths)) == len(paths)
    assert len(set(numbers)) == len(numbers)


def test_every_way_and_trouble_comes_on_every_kind_of_scanner(large: LargeDays) -> None:
    scanners = defaultdict(set)
    for laid in large.laid:
        scanners[laid.heap.way].add(laid.preset)
    assert len(scanners) == len(stacks.ORDINARY) + len(troubles.ALL)
    assert {way for way, found in scanners.items() if found != set(presets.ALL)} == set()


def test_owners_are_registered_unless_the_trouble_is_that_they_are_not(large: LargeDays) -> None:
    registered = {dossier.number for dossier in large.dossiers}
    strangers = [side for _, side in sides(large) if side.leaf.owner and side.leaf.owner.number not in registered]
    assert {side.trouble for side in strangers} == {"receipt unregistered"}
    assert {side.ends for side in strangers} == {("parked",)}


def test_what_must_be_attached_lies_at_its_own_office_and_below_its_own_name_or_code(large: LargeDays) -> None:
    for laid in large.laid:
        for side, over in zip(laid.heap.sides, in_force(laid.heap), strict=True):
            if side.readable:
                assert side.ends == ("attached",)
                assert side.leaf.owner is not None
                assert laid.path.startswith(f"{side.leaf.owner.receiving.code}/")
                assert over in (None, side.leaf.owner.number) or is_own_result(side), (laid.heap.way, side)


def in_force(heap: Heap) -> list[str | None]:
    """The number that rules at each side by formats.md section 3: of the last whole receipt or sheet above, else of the name."""
    number = heap.name.split(".pdf")[0].split("__")[0] or None
    found = []
    for side in heap.sides:
        leaf = side.leaf
        if leaf.kind in ("receipt", "separator") and leaf.dossier and not leaf.damaged and not leaf.copied:
            number = leaf.dossier.number
        found.append(number)
    return found


def is_own_result(side: Side) -> bool:
    return side.leaf.part == "KQ" and side.leaf.dossier == side.leaf.owner


def test_what_stands_below_nothing_is_a_result_with_its_code(large: LargeDays) -> None:
    for laid in large.laid:
        for side, over in zip(laid.heap.sides, in_force(laid.heap), strict=True):
            if side.readable and over is None:
                assert is_own_result(side)


def test_sheets_and_blanks_have_no_owner_and_one_end(large: LargeDays) -> None:
    for _, side in sides(large):
        if side.leaf.kind in ("separator", "patch", "blank"):
            assert side.leaf.owner is None
            assert side.ends == (("blank",) if side.leaf.kind == "blank" else ("separator",))
            assert not side.readable
        else:
            assert side.leaf.owner is not None
            assert set(side.ends) <= {"attached", "parked"}


def test_a_component_is_one_of_the_owners_procedure(large: LargeDays) -> None:
    for _, side in sides(large):
        if side.leaf.component is not None and side.leaf.owner is not None:
            codes = {part.code for part in side.leaf.owner.procedure.components} | {"KQ"}
            assert side.leaf.component in codes


@pytest.mark.parametrize("procedure", MANY, ids=lambda procedure: procedure.code)
def test_what_must_be_digitised_is_worded_and_says_who_asked(procedure: object) -> None:
    found = next(one for one in MANY if one is procedure)
    office = Deck(1)
    dossier = office.deal(COUNTERS[0], found)
    must = [part.code for part in found.components if part.required and part.duty == "PHAI"]
    assert set(must) <= set(drawn_components(found))
    for part in [*drawn_components(found), *(("KQ",) if found.result else ())]:
        wording = wording_of(found, part)
        told = (wording.lines + wording.second + wording.third).format(d=dossier)
        assert dossier.applicant in told or dossier.other in told
        assert "{" not in told


def test_titles_are_easily_taken_for_one_another() -> None:
    asked, given = set(), set()
    for procedure in MANY:
        asked |= {part.name for part in procedure.components}
        given.add(procedure.result)
    assert len(asked & given) >= 5  # a result here, an input there


def test_a_numbered_contract_says_which_page_of_how_many() -> None:
    dossier = Deck(2).deal(COUNTERS[0], next(one for one in MANY if one.code == "1.099901"))
    pages = paper(dossier, "TP2")
    assert [page.text.splitlines()[-1] for page in pages] == ["Trang 1/3", "Trang 2/3", "Trang 3/3"]
    assert len(named(dossier, "TP2")) == 3


def test_a_card_bears_its_own_code() -> None:
    dossier = Deck(3).deal(COUNTERS[0])
    page = card(dossier)
    assert [code.text for code in zxingcpp.read_barcodes(page.image)] == [card_payload(dossier)]


def test_two_small_receipts_both_read() -> None:
    deck = Deck(3)
    one, two = deck.deal(COUNTERS[0]), deck.deal(COUNTERS[0])
    page = drawn(replace(first(one), beside=two))
    read = " ".join(code.text for code in zxingcpp.read_barcodes(page.image))
    assert one.number in read
    assert two.number in read
    assert page.image.shape[1] > page.image.shape[0]
    back = stacks.duplex(Heap("", stacks.known((replace(first(one), beside=two),)))).sides[1].leaf
    assert drawn(back).image.shape == page.image.shape


def test_an_old_receipt_has_its_bars_alone() -> None:
    dossier = Deck(3).deal(COUNTERS[0])
    page = drawn(replace(first(dossier, "Code128"), bare=True))
    assert [(code.text, code.format.name) for code in zxingcpp.read_barcodes(page.image)] == [(dossier.number, "Code128")]


def test_days_are_written_with_their_truth_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = planned(1, 1)
    short = LargeDays((replace(small.laid[0], heap=replace(small.laid[0].heap, sides=small.laid[0].heap.sides[:2])),), ())
    monkeypatch.setattr("samples.large_days.planned", lambda seed, dossiers: short)
    told = make(tmp_path / "days", 1, 1, processes=1)
    assert isinstance(told, Belonging)
    assert belonging.load(tmp_path / "days" / "truth.json") == told
    assert made(tmp_path / "days", 1, 1) == told
    assert made(tmp_path / "days", 2, 1) is None
    assert made(tmp_path / "elsewhere", 1, 1) is None
    assert (tmp_path / "days" / "inbox" / told.heaps[0].path).exists()
    assert len(told.heaps[0].sides) == 2
    with pytest.raises(FileExistsError):
        make(tmp_path / "days", 1, 1, processes=1)
