"""The order of work on one machine: a file is ended before the next is begun, and a thick one does not keep a thin one waiting."""

from __future__ import annotations

from workers.line import Line
from workers.queue import Step


def page(name: str) -> tuple[Step, str]:
    return (Step.READ, name)


def drained(line: Line) -> list[str]:
    found = []
    while (message := line.take()) is not None:
        found.append(message[1])
    return found


def test_first_come_first_served() -> None:
    line = Line()
    for name in "abc":
        line.add(page(name))
    assert drained(line) == ["a", "b", "c"]


def test_what_follows_from_a_step_goes_before_what_waits() -> None:
    line = Line()
    line.add(page("b1"))
    line.add(page("a2"), follows=True)
    assert drained(line) == ["a2", "b1"]


def test_a_message_is_in_it_once_until_it_is_done() -> None:
    line = Line()
    line.add(page("a"))
    line.add(page("a"), follows=True)
    assert line.take() == page("a")
    line.add(page("a"))
    assert (line.take(), line.empty) == (None, False)
    line.done(page("a"))
    assert line.empty
    line.add(page("a"))
    assert drained(line) == ["a"]


def test_a_file_without_end_lets_others_through() -> None:
    line = Line()
    line.add(page("other"))
    line.add(page("thick 0"))
    order = []
    for n in range(1, 100):
        message = line.take()
        assert message is not None
        order.append(message[1])
        line.done(message)
        if message[1].startswith("thick"):
            line.add(page(f"thick {n}"), follows=True)
        elif n == 1:
            line.add(page("other again"))
    assert order.index("other again") < 20


def test_what_waits_is_forgotten_at_the_end_and_may_come_again() -> None:
    line = Line()
    line.add(page("a"))
    taken = line.take()
    line.add(page("b"))
    line.clear()
    assert (line.take(), line.empty) == (None, False)
    assert taken is not None
    line.done(taken)
    assert line.empty
    line.add(page("b"))
    assert drained(line) == ["b"]
