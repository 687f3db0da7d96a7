"""Load the registers: offices, procedures, dossiers.

Loading again changes nothing. A changed row closes the fact that was known (`known_to` = now), opens a new one (`known_from` = now)
and leaves an event that names the changed columns, never their values. Rows that a register no longer has stay as they are. Offices
and procedures are written in one transaction a file; dossiers in one a thousand rows, so that scans can be taken in meanwhile: a load
that is broken off has written whole rows only, and the same file again writes the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from records.cells import VIETNAM
from records.events import Happening, record_many
from records.models import Dossier, DossierFact, Office, Procedure, ProcedureComponent, ReusedComponent
from records.procedures import KnownProcedures
from records.register_cases import Corrected, find_corrected, open_corrected_cases, open_moved_cases, open_second_row_cases
from records.register_reading import Numbered, R, RegisterReader, RowProblem
from records.register_rows import ComponentRow, DossierRow, OfficeRow, ProcedureRow
from records.revisions import F, Revision, batches, close, one_loader_at_a_time, revise
from records.search import refresh_dossiers

CHUNK = 1_000  # dossier rows a transaction


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. read = new + changed + same + rows with a problem."""

    read: int  # rows that are not blank
    new: int
    changed: int
    same: int
    problems: tuple[RowProblem, ...]  # by line; a row may have several
    remarks: tuple[RowProblem, ...] = ()  # on rows that were loaded all the same


# --- offices -----------------------------------------------------------------------------------------------------------------


def load_offices(path: Path, now: datetime) -> LoadReport:
    """Load the office register; raises BadRegister when the file is no register.

    A parent or successor that neither a row of the file names nor the archive knows is remarked on: until it is loaded the office
    stands at the top, or has no such successor.
    """
    reader = RegisterReader(path, OfficeRow)
    numbered = list(reader.rows())
    with transaction.atomic():
        one_loader_at_a_time(Office)
        known: dict[tuple[object, ...], Office] = {(office.code,): office for office in Office.objects.filter(known_to=None)}
        codes = reader.keys | {office.code for office in known.values()}
        for each in numbered:
            _remark_on_relatives(each, codes, reader)
        rows = [each.row for each in numbered]
        revisions = revise(rows, known, _said_of_office)
        close(Office, revisions, now)
        Office.objects.bulk_create(_office(revision, now) for revision in revisions)
        record_many(
            Happening("office.changed" if each.fact else "office.loaded", now, detail={"office": each.row.code} | _columns(each))
            for each in revisions
        )
    return _counted(reader, len(rows), revisions)


def _remark_on_relatives(each: Numbered[OfficeRow], codes: set[str], reader: RegisterReader[OfficeRow]) -> None:
    if each.row.parent and each.row.parent not in codes:
        reader.remark(each.line, "MaCha", "Chưa có đơn vị cha này trong sổ.", "The parent office is not in the register yet.")
    if not codes.issuperset(each.row.successors):
        reader.remark(each.line, "KeThua", "Chưa có đơn vị kế thừa này trong sổ.", "A successor is not in the register yet.")


def _said_of_office(office: Office) -> Mapping[str, Any]:
    names = ("code", "name", "level", "parent", "valid_from", "valid_to")
    return {name: getattr(office, name) for name in names} | {"successors": tuple(office.successors)}


def _office(revision: Revision[OfficeRow, Office], now: datetime) -> Office:
    return Office(known_from=now, **{**revision.values, "successors": list(revision.values["successors"])})


# --- procedures --------------------------------------------------------------------------------------------------------------


def load_procedures(path: Path, now: datetime) -> LoadReport:
    """Load the procedure register; a version is known by its code and the day it holds from. Raises BadRegister."""
    reader = RegisterReader(path, ProcedureRow)
    rows = [each.row for each in reader.rows()]
    with transaction.atomic():
        one_loader_at_a_time(Procedure)
        versions = Procedure.objects.filter(known_to=None).prefetch_related("components")
        revisions = revise(rows, {(version.code, version.valid_from): version for version in versions}, _said_of_procedure)
        close(Procedure, revisions, now)
        opened = Procedure.objects.bulk_create(_procedure(revision, now) for revision in revisions)
        ProcedureComponent.objects.bulk_create(
            ProcedureComponent(procedure=version, position=place, **component.model_dump())
            for version, revision in zip(opened, revisions, strict=True)
            for place, component in enumerate(revision.row.components, start=1)
        )
        record_many(
            Happening("procedure.changed" if each.fact else "procedure.loaded", now, detail=_version(each.row) | _columns(each))
            for each in revisions
        )
    return _counted(reader, len(rows), revisions)


def _said_of_procedure(version: Procedure) -> Mapping[str, Any]:
    names = ("code", "name", "needs_result", "term_days", "valid_from", "valid_to")
    components = tuple(ComponentRow(Ma=c.code, Ten=c.name, BatBuoc=c.required, SoHoa=c.duty) for c in version.components.all())
    return {name: getattr(version, name) for name in names} | {"components": components}


def _procedure(revision: Revision[ProcedureRow, Procedure], now: datetime) -> Procedure:
    return Procedure(known_from=now, **{name: value for name, value in revision.values.items() if name != "components"})


def _version(row: ProcedureRow) -> dict[str, object]:
    return {"procedure": row.code, "valid_from": row.valid_from.isoformat() if row.valid_from else None}


# --- dossiers ----------------------------------------------------------------------------------------------------------------


def load_dossiers(path: Path, now: datetime) -> LoadReport:
    """Load the dossier register; procedures and offices have to be known. Raises BadRegister when the file is no register."""
    reader = RegisterReader(path, DossierRow)
    offices = set(Office.objects.filter(known_to=None).values_list("code", flat=True))
    procedures = KnownProcedures()
    good = (each.row for each in reader.rows() if _refers_to_known(each, offices, procedures, reader))
    new = changed = same = 0
    corrected: list[Corrected] = []
    for rows in batches(good, CHUNK):
        revisions = _load_some(rows, now)
        new += sum(each.fact is None for each in revisions)
        changed += sum(each.fact is not None for each in revisions)
        same += len(rows) - len(revisions)
        open_moved_cases(revisions, now)
        corrected += find_corrected(revisions)
    open_corrected_cases(corrected, reader.keys, now)
    open_second_row_cases(reader.contradicted, now)
    return _report(reader, new, changed, same)


def _refers_to_known(
    each: Numbered[DossierRow], offices: set[str], procedures: KnownProcedures, reader: RegisterReader[DossierRow]
) -> bool:
    row, before = each.row, len(reader.problems)
    for column, office in (("DonViTiepNhan", row.receiving), ("DonViXuLy", row.executing)):
        if office not in offices:
            reader.refuse(each.line, column, "Đơn vị chưa có trong sổ đơn vị.", "The office is not in the office register.")
    day = row.received_at.astimezone(VIETNAM).date() if row.received_at else None
    if row.procedure not in procedures:
        reader.refuse(each.line, "MaTTHC", "Thủ tục chưa có trong sổ thủ tục.", "The procedure is not in the procedure register.")
    elif row.reused and not procedures.components(row.procedure, day).issuperset(row.reused):
        reader.refuse(
            each.line,
            "TaiSuDung",
            "Thành phần tái sử dụng không có trong thủ tục có hiệu lực ngày tiếp nhận.",
            "A reused component is not in the procedure version valid on the day of receipt.",
        )
    return len(reader.problems) == before


def _load_some(rows: Sequence[DossierRow], now: datetime) -> Sequence[Revision[DossierRow, DossierFact]]:
    """Write these rows and their events, all or none."""
    with transaction.atomic():
        one_loader_at_a_time(DossierFact)
        dossiers = {dossier.number: dossier for dossier in Dossier.objects.filter(number__in=[row.number for row in rows])}
        facts = DossierFact.objects.filter(known_to=None, dossier__in=list(dossiers.values())).select_related("dossier")
        revisions = revise(rows, {(fact.dossier.number,): fact for fact in facts.prefetch_related("reused")}, _said_of_dossier)
        new = Dossier.objects.bulk_create(Dossier(number=row.number) for row in rows if row.number not in dossiers)
        dossiers |= {dossier.number: dossier for dossier in new}
        close(DossierFact, revisions, now)
        opened = DossierFact.objects.bulk_create(_fact(revision, dossiers[revision.row.number], now) for revision in revisions)
        ReusedComponent.objects.bulk_create(
            ReusedComponent(fact=fact, component=component)
            for fact, revision in zip(opened, revisions, strict=True)
            for component in revision.values["reused"]
        )
        record_many(
            Happening(
                "dossier.changed" if each.fact else "dossier.registered", now, dossier=dossiers[each.row.number], detail=_columns(each)
            )
            for each in revisions
        )
        refresh_dossiers(dossiers[each.row.number].pk for each in revisions if each.fact)
    return revisions


_SAID_OF_DOSSIER = tuple(name for name in DossierRow.model_fields if name not in ("number", "reused", "expected_pages"))


def _said_of_dossier(fact: DossierFact) -> Mapping[str, Any]:
    return {name: getattr(fact, name) for name in _SAID_OF_DOSSIER} | {
        "number": fact.dossier.number,
        "reused": tuple(sorted(reused.component for reused in fact.reused.all())),
        "expected_pages": tuple(sorted(f"{component}={pages}" for component, pages in fact.expected_pages.items())),
    }


def _fact(revision: Revision[DossierRow, DossierFact], dossier: Dossier, now: datetime) -> DossierFact:
    counts = {component: int(pages) for component, _, pages in (part.partition("=") for part in revision.values["expected_pages"])}
    said = {name: revision.values[name] for name in _SAID_OF_DOSSIER}
    return DossierFact(dossier=dossier, known_from=now, expected_pages=counts, **said)


# --- what is told of a load --------------------------------------------------------------------------------------------------


def _columns(revision: Revision[R, F]) -> dict[str, object]:
    return {"columns": list(revision.columns)} if revision.fact else {}


def _counted(reader: RegisterReader[R], rows: int, revisions: Sequence[Revision[R, F]]) -> LoadReport:
    new = sum(each.fact is None for each in revisions)
    return _report(reader, new, len(revisions) - new, rows - len(revisions))


def _report(reader: RegisterReader[R], new: int, changed: int, same: int) -> LoadReport:
    problems = sorted(reader.problems, key=lambda problem: problem.line)
    return LoadReport(reader.read, new, changed, same + reader.repeated, tuple(problems), tuple(reader.remarks))
