"""The tree of offices as it was on a day, and along successions as it is now.

A dossier belongs to its executing office and to everything above it. Above it "as of the day of receipt" means the parents that were
valid on that day; "as of today" means what became of the office. What the register said of an office before it was changed tells of
the days before the changed row's validity began.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date, datetime

from records.models import Office


class OfficeTree:
    """All that the archive knew of offices at a moment."""

    def __init__(self, as_of: datetime) -> None:
        self._facts: dict[str, list[Office]] = defaultdict(list)  # newest first
        turns = set()
        for office in Office.objects.filter(known_from__lte=as_of).order_by("-known_from", "-id"):
            self._facts[office.code].append(office)
            turns |= {day for day in (office.valid_from, office.valid_to) if day}
        self._turns = sorted(turns)  # days on which the tree may change
        self._chains: dict[tuple[str, int], tuple[str, ...]] = {}

    def __contains__(self, code: str) -> bool:
        return code in self._facts

    def turns(self, after: date, before: date) -> list[date]:
        """The days between on which the tree may change, in order."""
        return [day for day in self._turns if after < day < before]

    def on(self, code: str, day: date) -> Office | None:
        """What is known of the office on a day.

        The newest row that had begun to hold by then, even if it has ended since; before all of them, the newest row; None: unknown.
        """
        facts = self._facts.get(code, [])
        begun = (fact for fact in facts if fact.valid_from is None or fact.valid_from <= day)
        return next(begun, facts[0] if facts else None)

    def is_valid(self, code: str, day: date) -> bool:
        office = self.on(code, day)
        return (
            office is not None
            and (office.valid_from is None or office.valid_from <= day)
            and (office.valid_to is None or day < office.valid_to)
        )

    def chain(self, code: str, day: date) -> tuple[str, ...]:
        """The office and those above it on a day, itself first, whether or not it is valid then.

        An office above it that is not valid on that day is left out, but what stands above that one is not.
        """
        key = code, bisect_right(self._turns, day)
        if key not in self._chains:
            self._chains[key] = (code, *(above for above in self._above(code, day) if self.is_valid(above, day)))
        return self._chains[key]

    def _above(self, code: str, day: date) -> list[str]:
        above: list[str] = []
        office = self.on(code, day)
        while office and office.parent and office.parent not in (code, *above):  # a register may hold a circle
            above.append(office.parent)
            office = self.on(office.parent, day)
        return above

    def heir(self, code: str, day: date) -> str:
        """The one office that stands for another on a day, so that totals add up.

        The office itself until it has ended. Then the first of its successors, in the order of the register, that leads to one that
        has not ended (a register names first who took over the files): a dossier of a district that was split counts once, there.
        Without such a successor the nearest valid office above it; without any, itself.
        """
        above = (office for office in self._above(code, day) if self.is_valid(office, day))
        return self._succeeded(code, day, set()) or next(above, code)

    def _succeeded(self, code: str, day: date, seen: set[str]) -> str | None:
        office = self.on(code, day)
        if office is None:
            return None
        if office.valid_to is None or day < office.valid_to:
            return code
        seen.add(code)
        for successor in office.successors:
            if successor not in seen and (found := self._succeeded(successor, day, seen)):
                return found
        return None
