"""Invented dossiers: who asked which office for what, and when. Nobody in here exists.

A dossier is a row of the dossier register (formats.md section 1) and the facts that its papers are filled in with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from samples.catalogue import Office, Procedure
from samples.prose import Prose

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Dossier:
    """One case. `other` is the second person of it (child, spouse, the deceased); `event` is when what is registered happened."""

    number: str
    procedure: Procedure
    receiving: Office
    executing: Office
    channel: int  # 1 counter, 2 online, 3 post
    applicant: str
    identity: str  # 12 digits
    birth: date
    address: str
    phone: str
    other: str
    other_birth: date
    event: date
    officer: str
    chairman: str
    received: datetime
    due: datetime
    finished: datetime | None = None
    status: str = "DANG_XU_LY"
    reused: tuple[str, ...] = ()

    @property
    def serial(self) -> int:
        """The order of the dossier within its day."""
        return int(self.number.rsplit("-", 1)[1])

    @property
    def subject(self) -> str:
        return f"{self.procedure.name} cho {self.other}"

    @property
    def issued(self) -> date:
        """The day on its result."""
        return (self.finished or self.due).date()


def invent(random: np.random.Generator, procedure: Procedure, receiving: Office, day: date, serial: int) -> Dossier:
    """A dossier received on that day, still open."""
    prose = Prose(random)
    received = datetime.combine(day, time(int(random.integers(7, 16)), int(random.integers(0, 60))), HANOI)
    birth = date(1960, 1, 1) + timedelta(days=int(random.integers(0, 15_000)))
    return Dossier(
        number=f"{receiving.code}-{day:%y%m%d}-{serial:04}",
        procedure=procedure,
        receiving=receiving,
        executing=receiving,
        channel=1,
        applicant=prose.person("nữ"),
        identity=f"0941{birth:%y}{random.integers(0, 1_000_000):06}",
        birth=birth,
        address=f"số {random.integers(2, 400)}, {prose.hamlet()}, {receiving.name.removeprefix('Ủy ban nhân dân ')}",
        phone=f"0000{random.integers(100_000, 1_000_000)}",
        other=prose.person(),
        other_birth=date(1988, 1, 1) + timedelta(days=int(random.integers(0, 5_000))),
        event=day - timedelta(days=int(random.integers(2, 40))),
        officer=prose.person(),
        chairman=prose.person(),
        received=received,
        due=datetime.combine(working_days_after(day, procedure.days), time(17), HANOI),
    )


def working_days_after(day: date, count: int) -> date:
    """The day that many working days later (holidays are not known here)."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def spoken(day: date) -> str:
    """A day as papers have it: `ngày 05 tháng 01 năm 2024` (leading zero for days under 10 and for months 1 and 2)."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"
