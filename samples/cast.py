"""The dossiers of a sample day: those whose papers are scanned, those that are only in the register, one that is in neither.

More dossiers are registered than scanned and some are late, stopped or from the time of the districts, so that no rate is 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from samples.catalogue import (
    AN_PHUOC,
    BIRTH,
    BUSINESS,
    CLOSING,
    DEATH,
    DISTRICT,
    MARRIAGE,
    PROCEDURES,
    RECEIVING,
    STATUS,
    TAN_HUNG,
    VINH_LOC,
    Office,
)
from samples.dossiers import HANOI, Dossier, invent, working_days_after

_ORDER = (BIRTH, MARRIAGE, DEATH, STATUS, BUSINESS)
_UNSCANNED = 24
_DISTRICT_DAY = date(2025, 5, 20)


@dataclass(frozen=True, slots=True)
class Cast:
    """Five dossiers of each receiving office, one of each drawn procedure in the order of `_ORDER`, and the others."""

    an_phuoc: tuple[Dossier, ...]
    vinh_loc: tuple[Dossier, ...]
    tan_hung: tuple[Dossier, ...]
    brought: Dossier  # an older dossier whose result is brought along to another
    unknown: Dossier  # in no register
    unscanned: tuple[Dossier, ...]

    @property
    def registered(self) -> tuple[Dossier, ...]:
        return (*self.an_phuoc, *self.vinh_loc, *self.tan_hung, self.brought, *self.unscanned)


def assemble(random: np.random.Generator, day: date) -> Cast:
    """Invent the dossiers received on a day, and older ones."""
    vinh_loc = _five(random, VINH_LOC, day)
    earlier = day - timedelta(days=12)
    brought = replace(invent(random, STATUS, VINH_LOC, earlier, 3), other=vinh_loc[1].other, other_birth=vinh_loc[1].other_birth)
    return Cast(
        an_phuoc=_five(random, AN_PHUOC, day),
        vinh_loc=vinh_loc,
        tan_hung=_five(random, TAN_HUNG, day),
        brought=solved(brought, 2),
        unknown=invent(random, BIRTH, AN_PHUOC, day, 907),
        unscanned=_others(random, day),
    )


def _five(random: np.random.Generator, office: Office, day: date) -> tuple[Dossier, ...]:
    found = (invent(random, procedure, office, day, 7 + n) for n, procedure in enumerate(_ORDER))
    return tuple(solved(dossier, dossier.procedure.days) for dossier in found)


def solved(dossier: Dossier, days: int) -> Dossier:
    """Finished that many working days after it came in."""
    day = working_days_after(dossier.received.date(), days)
    return replace(dossier, finished=datetime.combine(day, time(16, 30), HANOI), status="DA_GIAI_QUYET")


def _others(random: np.random.Generator, day: date) -> tuple[Dossier, ...]:
    found = [
        invent(random, PROCEDURES[n % len(PROCEDURES)], RECEIVING[n % len(RECEIVING)], day - timedelta(days=1 + n // 6), 20 + n)
        for n in range(_UNSCANNED)
    ]
    fates = (
        lambda dossier: solved(dossier, dossier.procedure.days + 2),  # late
        lambda dossier: solved(dossier, 0),
        lambda dossier: replace(dossier, channel=2),
        lambda dossier: replace(dossier, status="RUT"),
        lambda dossier: replace(dossier, channel=2, reused=("TP2",)) if dossier.procedure is not CLOSING else dossier,
        lambda dossier: replace(dossier, channel=3, status="DUNG"),
        lambda dossier: replace(dossier, executing=AN_PHUOC),
    )
    district = [solved(invent(random, _ORDER[n % 5], DISTRICT, _DISTRICT_DAY + timedelta(days=day.day), 1 + n), n) for n in range(4)]
    return (*(fates[n % len(fates)](dossier) for n, dossier in enumerate(found)), *district)
