"""Digitisation rates for auditors: how many dossiers of a period were digitised, by office, procedure, level, month or channel.

A number says only what the archive knew at the moment asked for, every row balances, and no rate is rounded up. K1-K4, K6 and K9 are
those of the contract, after QĐ 766/QĐ-TTg (23/06/2022). Scores and the list behind each number are not made here.

Where a dossier counts
    View RECEIPT: with its executing office and the offices above that one on the day of receipt. View CURRENT: with the office that
    stands for it on the day of `as_of` (`OfficeTree.heir`: the office itself until it ends, then its first successor that leads to
    one that has not ended, else the nearest valid office above) and the offices above that one. A dossier has one such office, so
    that the whole is the same in both views.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pipeline.errors import BadArgument, Violated
from records.cells import VIETNAM
from records.models import DossierFact, Office
from records.offices import OfficeTree
from records.procedures import KnownProcedures
from records.rates_sql import Counted, Key, count_dossiers

RULE = "766/2022"
WHOLE = "*"
_LEVELS = [Office.Level.PROVINCE, Office.Level.DEPARTMENT, Office.Level.DISTRICT, Office.Level.COMMUNE]
_EARLIEST, _LATEST = date(1900, 1, 1), date(9999, 12, 30)  # days that have a midnight in every zone


class UnknownOffice(BadArgument):
    vi = "Không có đơn vị này trong sổ đơn vị. Hãy kiểm tra mã đơn vị."
    en = "There is no such office in the register. Check the office code."


class PeriodReversed(BadArgument):
    vi = "Ngày đầu kỳ sau ngày cuối kỳ. Hãy đổi lại hai ngày."
    en = "The period ends before it begins. Swap the two days."


class Unbalanced(Violated):
    vi = "Số liệu của báo cáo không cân đối nên không được đưa ra. Hãy báo người vận hành."
    en = "The figures of the report do not balance and are not shown. Tell the operator."


class By(StrEnum):
    OFFICE = "office"
    PROCEDURE = "procedure"
    LEVEL = "level"
    MONTH = "month"
    CHANNEL = "channel"


class View(StrEnum):
    RECEIPT = "receipt"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Raises PeriodReversed."""

    from_day: date  # included
    to_day: date  # included
    as_of: datetime  # with zone: the moment whose knowledge counts
    office: str | None = None  # only dossiers of this office and those below it
    by: By = By.OFFICE
    view: View = View.RECEIPT

    def __post_init__(self) -> None:
        if self.from_day > self.to_day:
            raise PeriodReversed(f"{self.from_day} > {self.to_day}")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of dossiers."""

    num: int
    den: int

    @property
    def text(self) -> str | None:
        """Per cent with two decimals, truncated: `99.99` for 99,995 of 100,000. None when there is nothing to divide by."""
        return truncated(self.num, self.den)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. Raises Unbalanced unless every dossier is in exactly one state and no share is more than the whole."""

    group: str  # `*`, or office code, procedure code, level, yyyy-mm or channel
    name: str  # what the group is called in Vietnamese
    received: int
    early: int
    on_time: int
    late: int
    open_in_time: int
    open_overdue: int
    stopped: int
    k1: Rate  # at least one input digitised or reused
    k2: Rate  # result digitised, of those whose procedure gives a written result
    k3: Rate  # K1, and the result digitised where there is a written one
    k4: Rate  # at least one input reused
    k6: Rate  # every required input that is not exempt digitised or reused
    k9: Rate  # early, on time or open in time

    def __post_init__(self) -> None:
        in_a_state = self.early + self.on_time + self.late + self.open_in_time + self.open_overdue + self.stopped
        shares = (self.k1, self.k2, self.k3, self.k4, self.k6, self.k9)
        if in_a_state != self.received or any(share.num > share.den or share.den > self.received for share in shares):
            raise Unbalanced(self.group)


@dataclass(frozen=True, slots=True)
class Report:
    """The answer; its first row is the whole, the others are in the order of their groups."""

    question: Question
    rows: tuple[Row, ...]
    rule: str = RULE


def truncated(num: int, den: int) -> str | None:
    """`num` of `den` in per cent with two decimals, cut off, never rounded up; None when `den` is 0."""
    if not den:
        return None
    hundredths = num * 10_000 // den
    return f"{hundredths // 100}.{hundredths % 100:02}"


def rates(question: Question) -> Report:
    """The report. Raises UnknownOffice, and Unbalanced if the figures do not add up."""
    tree = OfficeTree(question.as_of)
    if question.office is not None and question.office not in tree:
        raise UnknownOffice(question.office)
    start, end = max(question.from_day, _EARLIEST), min(question.to_day, _LATEST) + timedelta(days=1)
    days = [start, *tree.turns(start, end), end]
    key = {By.PROCEDURE: Key.PROCEDURE, By.CHANNEL: Key.CHANNEL, By.MONTH: Key.MONTH}.get(question.by, Key.NONE)
    by_office = key == Key.NONE or question.office is not None
    counts = count_dossiers(days if by_office else [start, end], question.as_of, executing=by_office, key=key)
    if sum(line.dossiers for line in counts.lines) != counts.received:
        raise Unbalanced("dossiers counted twice or left out")
    tallies: dict[str, Counter[str]] = defaultdict(Counter, {WHOLE: Counter()})
    for line in counts.lines:
        for group in _groups(line, question, tree, days[line.span]):
            _add(tallies[group], line)
    return Report(question, tuple(_row(group, name, tallies[group]) for group, name in _named(sorted(tallies, key=_order), question, tree)))


def _groups(line: Counted, question: Question, tree: OfficeTree, day: date) -> Iterator[str]:
    """The groups a line counts in, the whole among them; none when it is not below the office asked for."""
    code = line.executing
    if question.view == View.CURRENT:
        day = question.as_of.astimezone(VIETNAM).date()
        code = tree.heir(code, day)
    chain = tree.chain(code, day)
    if question.office is not None:
        if question.office not in chain:
            return
        chain = chain[: chain.index(question.office) + 1]
    yield WHOLE
    if question.by == By.OFFICE:
        yield from chain
    elif question.by == By.LEVEL:
        office = tree.on(code, day)
        yield office.level if office else ""
    else:
        yield line.key


def _add(tally: Counter[str], line: Counted) -> None:
    paper = line.inputs or line.reused
    holds = {
        "received": True,
        line.state: True,
        "k1": paper,
        "k2": line.result and line.needs_result is True,
        "k2 of": line.needs_result is True,
        "k3": paper and (line.result or line.needs_result is False),
        "k4": line.reused,
        "k6": line.complete,
        "k9": line.state in ("early", "on_time", "open_in_time"),
    }
    for name, true in holds.items():
        tally[name] += line.dossiers if true else 0


def _named(groups: Iterable[str], question: Question, tree: OfficeTree) -> Iterator[tuple[str, str]]:
    """The groups with their names as known at the moment of the question."""
    today = question.as_of.astimezone(VIETNAM).date()
    procedures = KnownProcedures(question.as_of) if question.by == By.PROCEDURE else None
    for group in groups:
        office = tree.on(question.office or "" if group == WHOLE else group, today)
        match question.by:
            case _ if group == WHOLE:
                yield group, office.name if office else "Toàn bộ"
            case By.PROCEDURE if procedures:
                yield group, procedures.name(group)
            case By.LEVEL if group in Office.Level.values:
                yield group, str(Office.Level(group).label)
            case By.CHANNEL:
                yield group, str(DossierFact.Channel(int(group)).label)
            case By.MONTH:
                yield group, f"Tháng {group[5:]}/{group[:4]}"
            case _:
                yield group, office.name if office else ""


def _row(group: str, name: str, tally: Counter[str]) -> Row:
    received = tally["received"]
    return Row(
        group=group,
        name=name,
        received=received,
        early=tally["early"],
        on_time=tally["on_time"],
        late=tally["late"],
        open_in_time=tally["open_in_time"],
        open_overdue=tally["open_overdue"],
        stopped=tally["stopped"],
        k1=Rate(tally["k1"], received),
        k2=Rate(tally["k2"], tally["k2 of"]),
        k3=Rate(tally["k3"], received),
        k4=Rate(tally["k4"], received),
        k6=Rate(tally["k6"], received),
        k9=Rate(tally["k9"], received),
    )


def _order(group: str) -> tuple[int, str]:
    """The whole first, levels from the top down, all else by its text."""
    if group == WHOLE:
        return -1, ""
    return (_LEVELS.index(Office.Level(group)) if group in _LEVELS else len(_LEVELS)), group
