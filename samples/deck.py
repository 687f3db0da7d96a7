"""A deck of invented dossiers for the large days, dealt one after the other: numbers follow on, procedures take turns.

Neighbours in a stack have neighbouring numbers, as at a real counter: one misread digit is another real dossier.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from samples.cast import solved
from samples.catalogue import Office, Procedure
from samples.dossiers import Dossier, invent, working_days_after
from samples.repertoire import MANY

FIRST_DAY = date(2025, 11, 3)
_A_DAY = 9  # dossiers that a counter takes in
_STRANGER = 900  # where the numbers of dossiers begin that no register has


class Deck:
    """Deals dossiers and remembers which of them are registered. The same seed deals the same."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng([seed, 7])
        self.dealt = 0  # dossiers whose papers are scanned for their own sake
        self.registered: list[Dossier] = []
        self._taken: Counter[str] = Counter()
        self._serials: Counter[tuple[str, date]] = Counter()
        self._strangers = _STRANGER
        self._procedures: list[Procedure] = []

    def deal(self, office: Office, procedure: Procedure | None = None) -> Dossier:
        """The next dossier of an office; every other one of them is finished."""
        day = working_days_after(FIRST_DAY, self._taken[office.code] // _A_DAY)
        self._taken[office.code] += 1
        self.dealt += 1
        found = self._invented(procedure or self._next(), office, day)
        return self._registered(solved(found, found.procedure.days) if self.chance(0.5) else found)

    def with_result(self, office: Office) -> Dossier:
        """The next dossier of a procedure that hands something out."""
        procedure = self._next()
        while not procedure.result:
            procedure = self._next()
        return self.deal(office, procedure)

    def older(self, office: Office, procedure: Procedure, person: Dossier | None = None) -> Dossier:
        """A finished dossier of the weeks before, of the same people as another where one is given."""
        day = FIRST_DAY - timedelta(days=int(self.random.integers(12, 75)))
        found = self._invented(procedure, office, day)
        if person is not None:
            found = replace(
                found,
                applicant=person.applicant,
                identity=person.identity,
                birth=person.birth,
                address=person.address,
                phone=person.phone,
                other=person.other,
                other_birth=person.other_birth,
            )
        return self._registered(solved(found, found.procedure.days))

    def stranger(self, office: Office) -> Dossier:
        """A dossier of that office that is in no register."""
        self._strangers += 1
        day = working_days_after(FIRST_DAY, self._taken[office.code] // _A_DAY)
        return invent(self.random, self._next(), office, day, self._strangers)

    def chance(self, share: float) -> bool:
        """True that often."""
        return bool(self.random.random() < share)

    def _invented(self, procedure: Procedure, office: Office, day: date) -> Dossier:
        self._serials[office.code, day] += 1 + int(self.chance(0.2))
        return invent(self.random, procedure, office, day, self._serials[office.code, day])

    def _registered(self, dossier: Dossier) -> Dossier:
        self.registered.append(dossier)
        return dossier

    def _next(self) -> Procedure:
        if not self._procedures:
            self._procedures = [MANY[int(n)] for n in self.random.permutation(len(MANY))]
        return self._procedures.pop()
