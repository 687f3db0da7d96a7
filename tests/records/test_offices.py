from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from records.models import Office
from records.offices import OfficeTree

NOW = datetime(2025, 8, 1, tzinfo=UTC)
TURN = date(2025, 7, 1)
BEFORE, AFTER = date(2025, 6, 30), TURN


def office(
    code: str,
    parent: str = "",
    *,
    start: date | None = None,
    end: date | None = None,
    heirs: str = "",
    known: int = 0,
    until: int | None = None,
) -> None:
    Office.objects.create(
        code=code,
        name=code,
        level="XA",
        parent=parent,
        valid_from=start,
        valid_to=end,
        successors=heirs.split(),
        known_from=NOW + timedelta(days=known),
        known_to=None if until is None else NOW + timedelta(days=until),
    )


def test_a_chain_holds_the_office_and_what_stood_above_it_on_the_day(catalogue: None) -> None:
    office("P")
    office("D", "P", end=TURN)
    office("C", "D")
    tree = OfficeTree(NOW)
    assert tree.chain("C", BEFORE) == ("C", "D", "P")
    assert tree.chain("C", AFTER) == ("C", "P")  # the district is gone, the province is not
    assert tree.chain("D", AFTER) == ("D", "P")  # a dossier of an office that is gone still is its own
    assert tree.turns(date(2025, 1, 1), date(2026, 1, 1)) == [TURN]
    assert tree.turns(TURN, date(2026, 1, 1)) == []


def test_what_was_known_before_tells_of_the_days_before_the_changed_row_began(catalogue: None) -> None:
    office("P")
    office("D", "P", end=TURN)
    office("C", "D", known=0, until=1)
    office("C", "P", start=TURN, known=1)
    tree = OfficeTree(NOW + timedelta(days=2))
    assert tree.chain("C", BEFORE) == ("C", "D", "P")
    assert tree.chain("C", AFTER) == ("C", "P")
    assert OfficeTree(NOW).chain("C", AFTER) == ("C", "P")
    assert "C" not in OfficeTree(NOW - timedelta(seconds=1))


def test_a_corrected_parent_holds_for_all_days(catalogue: None) -> None:
    office("P")
    office("Q")
    office("C", "P", until=1)
    office("C", "Q", known=1)
    assert OfficeTree(NOW).chain("C", BEFORE) == ("C", "P")
    assert OfficeTree(NOW + timedelta(days=1)).chain("C", BEFORE) == ("C", "Q")


def test_circles_and_unknown_codes_end(catalogue: None) -> None:
    office("A", "B")
    office("B", "A")
    office("C", "X")
    office("E", end=TURN, heirs="F")
    office("F", end=TURN, heirs="E")
    tree = OfficeTree(NOW)
    assert tree.chain("A", BEFORE) == ("A", "B")
    assert tree.chain("C", BEFORE) == ("C",)
    assert tree.chain("X", BEFORE) == ("X",)
    assert tree.heir("E", AFTER) == "E"


def test_an_heir_is_the_office_itself_while_it_is_valid(catalogue: None) -> None:
    office("D", end=TURN, heirs="C1 C2")
    office("C1", start=TURN)
    office("C2", start=TURN)
    assert OfficeTree(NOW).heir("D", BEFORE) == "D"
    assert OfficeTree(NOW).heir("D", AFTER) == "C1"
    assert OfficeTree(NOW).heir("C2", BEFORE) == "C2"
    assert OfficeTree(NOW).heir("X", AFTER) == "X"


def test_successions_are_followed_to_a_valid_office_and_else_upwards(catalogue: None) -> None:
    office("P")
    office("D", "P", end=TURN, heirs="GONE C1")
    office("GONE", "P", end=TURN)
    office("C1", "P", start=date(2025, 1, 1), end=TURN, heirs="C2")
    office("C2", "P", start=TURN)
    tree = OfficeTree(NOW)
    assert tree.heir("D", AFTER) == tree.heir("C1", AFTER) == "C2"
    assert tree.heir("GONE", AFTER) == "P"


def test_an_ended_office_is_not_revived_by_what_was_known_before(catalogue: None) -> None:
    office("D", until=1)
    office("D", end=TURN, heirs="C", known=1)
    office("C", start=TURN, known=1)
    assert OfficeTree(NOW).heir("D", AFTER) == "D"
    assert OfficeTree(NOW + timedelta(days=1)).heir("D", AFTER) == "C"
