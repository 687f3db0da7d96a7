"""The bench of codes counts what was read and what is on no paper."""

from __future__ import annotations

from bench.codes import DRAWINGS, HARD, Mark, Outcome, cases, goals_of, read_case, rows, tally

QR, BAR, OTHER = Mark("QRCode", "A"), Mark("Code128", "A"), Mark("Code128", "B")


def outcome(group: str, preset: str, ours: set[Mark], alone: set[Mark], wanted: tuple[Mark, ...] = (QR, BAR)) -> Outcome:
    return Outcome(group, preset, frozenset(wanted), frozenset(ours), frozenset(alone))


def test_the_same_payload_in_two_codes_counts_twice() -> None:
    found = [outcome("receipt with Code 128", "worn", {QR, BAR}, {QR, OTHER})]
    assert tally(found).cell() == "2 : 1 of 2"
    assert tally(found, "Code128").cell() == "1 : 0 of 1"
    assert (tally(found).ours_wrong, tally(found).alone_wrong) == (0, 1)


def test_aims() -> None:
    sheet = "separator of a dossier"
    good = [outcome(sheet, name, {QR}, set(), (QR,)) for name in ("worn", HARD.name)]
    assert [goal.reached for goal in goals_of(good, [])] == [True] * 4
    bad = [*good, outcome(sheet, "worn_harsh", {OTHER}, {QR}, (QR,))]
    assert [goal.reached for goal in goals_of(bad, [])] == [False, True, False, True]


def test_every_sheet_lies_every_way() -> None:
    laid = cases(1)
    assert {(case.drawing, case.preset.name, case.turn) for case in laid} >= {(name, HARD.name, 270) for name in DRAWINGS}
    assert all(abs(case.angle) <= 5 for case in laid)
    assert {abs(case.angle) for case in laid if case.preset is HARD} == {5.0}


def test_a_sheet_is_scanned_and_read() -> None:
    case = next(case for case in cases(1) if case.drawing == "patch T drawn at the top" and case.preset is HARD)
    found = read_case(case)
    assert found.ours == found.wanted == {Mark("PatchT", "PATCHT")}
    assert any(row.startswith("| patch T drawn at the top | PatchT | 0 : 0 of 0 |") for row in rows([found]))
