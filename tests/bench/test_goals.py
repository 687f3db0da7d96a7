"""The table of aims says yes where an aim was reached and no where it was not."""

from __future__ import annotations

from collections.abc import Iterator

from bench.goals import Goal, goals_of_reading
from bench.readers import Role
from bench.rounds import Outcome, Total
from bench.scoring import Score
from bench.sets import Kind


def outcome(name: str, kind: Kind, ours: Total, peer: Total) -> Outcome:
    return Outcome(name, kind, {Role.OURS: ours, Role.PEER: peer}, floor=8.0)


def total(cer: float, seconds: float, size: int, *, cpu: float = 10.0, empty: int = 0) -> Total:
    return Total("reader", [Score(cer, cer, 0.98)], empty, seconds, cpu, 0, size)


def found(outcomes: list[Outcome]) -> Iterator[tuple[str, float, bool]]:
    return ((goal.what, round(goal.ours, 4), goal.reached) for goal in goals_of_reading(outcomes))


def test_a_good_day() -> None:
    rows = list(found([outcome("good", Kind.DENSE, total(0.001, 1, 200_000), total(0.002, 5.5, 900_000))]))
    assert rows == [
        ("times as fast as OCRmyPDF, dense, good", 5.5, True),
        ("processor time over bare recognition, dense, good", 1.25, True),
        ("CER as read, dense, good", 0.001, True),
        ("bytes a page, of OCRmyPDF's, dense, good", 0.2222, True),
        ("bytes of the mean colour page", 200_000, True),
    ]


def test_a_bad_day() -> None:
    rows = list(found([outcome("good", Kind.DENSE, total(0.002, 1, 600_000, cpu=11), total(0.002, 4.9, 900_000))]))
    assert [reached for _, _, reached in rows] == [False] * 5


def test_harsh_pages_of_both_kinds_count_together() -> None:
    pages = [
        outcome("worn_harsh", Kind.DENSE, total(0.01, 1, 1), total(0.5, 1, 4)),
        outcome("worn_harsh", Kind.FORMS, total(0.06, 1, 1, empty=1), total(0.5, 1, 4)),
    ]
    rows = [row for row in found(pages) if "worn_harsh" in row[0] and "bytes" not in row[0]]
    assert rows == [
        ("CER as read, dense and forms, worn_harsh", 0.035, False),
        ("pages that came out empty, dense and forms, worn_harsh", 1, False),
    ]


def test_real_scans() -> None:
    rows = list(found([outcome("real", Kind.REAL, total(0.015, 1, 1), total(0.1, 1, 4))]))
    assert [(round(ours, 3), reached) for _, ours, reached in rows[:3]] == [(0.98, True), (0.015, True), (0.015, True)]


def test_a_row_is_markdown() -> None:
    assert Goal("speed", 5.25, 1.0, 5.0, at_least=True, digits=2).row() == "| speed | 5.25 | 1.00 | ≥ 5.00 | yes |"
    assert Goal("lost", 1, None, 0, digits=0).row() == "| lost | 1 |  | ≤ 0 | **no** |"
