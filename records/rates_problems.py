"""Dossiers that a report of rates cannot count, or counts by a register row that contradicts itself: what auditors look at first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from records.cells import VIETNAM
from records.models import DossierFact
from records.offices import OfficeTree
from records.procedures import KnownProcedures, known_at
from records.rates import Question, UnknownOffice


@dataclass(frozen=True, slots=True)
class DossierProblem:
    """One thing that is wrong with a dossier's row."""

    number: str
    office: str  # executing
    column: str  # of the register
    reason_vi: str
    reason_en: str


def problems(question: Question) -> Iterator[DossierProblem]:
    """The problems of the dossiers of the period, and of all that have no day of receipt, by dossier number.

    Raises UnknownOffice. Grouping and view of the question do not matter: offices are those of the day of receipt.
    """
    tree = OfficeTree(question.as_of)
    if question.office is not None and question.office not in tree:
        raise UnknownOffice(question.office)
    procedures = KnownProcedures(question.as_of)
    today = question.as_of.astimezone(VIETNAM).date()
    for fact in _facts(question):
        day = fact.received_at.astimezone(VIETNAM).date() if fact.received_at else None
        if question.office is None or question.office in tree.chain(fact.executing, day or today):
            for column, vi, en in _wrong(fact, day, tree, procedures):
                yield DossierProblem(fact.dossier.number, fact.executing, column, vi, en)


def _facts(question: Question) -> Iterator[DossierFact]:
    start = datetime.combine(max(question.from_day, date(1900, 1, 1)), time.min, VIETNAM).astimezone(UTC)
    end = datetime.combine(min(question.to_day, date(9999, 12, 30)) + timedelta(days=1), time.min, VIETNAM).astimezone(UTC)
    asked = Q(received_at=None) | Q(received_at__gte=start, received_at__lt=end)
    facts = DossierFact.objects.filter(known_at(question.as_of), asked).select_related("dossier").order_by("dossier__number")
    return facts.iterator(chunk_size=2000)


def _wrong(fact: DossierFact, day: date | None, tree: OfficeTree, procedures: KnownProcedures) -> Iterator[tuple[str, str, str]]:
    """Column and reasons of each problem."""
    if day is None:
        yield "NgayTiepNhan", "Không có ngày tiếp nhận nên không thuộc kỳ nào.", "No day of receipt: it is in no period."
    else:
        if procedures.on(fact.procedure, day) is None:
            yield "MaTTHC", "Thủ tục không có hiệu lực vào ngày tiếp nhận.", "No version of the procedure is valid on the day of receipt."
        if not tree.is_valid(fact.executing, day):
            yield (
                "DonViXuLy",
                "Đơn vị xử lý không có hiệu lực vào ngày tiếp nhận.",
                "The executing office is not valid on the day of receipt.",
            )
    if fact.received_at and fact.finished_at and fact.finished_at < fact.received_at:
        yield "NgayKetThucXuLy", "Kết thúc trước khi tiếp nhận.", "It ended before it was received."
    if fact.status == DossierFact.Status.SOLVED and fact.finished_at is None:
        yield (
            "NgayKetThucXuLy",
            "Đã giải quyết nhưng không có ngày kết thúc; được tính là chưa xong.",
            "Solved without an end: counted as open.",
        )
    if fact.status == DossierFact.Status.OPEN and fact.finished_at is not None:
        yield "TrangThai", "Đang xử lý nhưng có ngày kết thúc; được tính là đã xong.", "Open, but it has an end: counted as finished."
