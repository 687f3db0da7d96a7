"""A small register for tests of attaching: two offices, two procedures, dossiers made as needed. The people are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime

from records.models import Dossier, DossierFact, Procedure, ProcedureComponent, ReusedComponent

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
RECEIVED = datetime(2021, 11, 16, 1, 10, tzinfo=UTC)  # 08:10 in Vietnam
NOW = datetime(2021, 11, 20, 3, tzinfo=UTC)
BIRTH, NOTARY = "1.001193", "2.000815"
Line = tuple[str, str, bool, str]


def add_procedures() -> None:
    """Birth registration (a result is required), certified copies (none is)."""
    duty = ProcedureComponent.Duty
    add_version(
        BIRTH,
        "Đăng ký khai sinh",
        None,
        (("TP1", "Tờ khai đăng ký khai sinh", True, duty.MUST), ("TP2", "Giấy chứng sinh", False, duty.ON_DEMAND)),
    )
    add_version(NOTARY, "Chứng thực bản sao", None, (("TP1", "Bản chính", True, duty.EXEMPT),), needs_result=False)


def add_version(code: str, name: str, valid_from: date | None, lines: tuple[Line, ...], *, needs_result: bool = True) -> None:
    version = Procedure.objects.create(code=code, name=name, needs_result=needs_result, valid_from=valid_from, known_from=LONG_AGO)
    for place, (component, title, required, duty) in enumerate(lines, 1):
        ProcedureComponent.objects.create(procedure=version, position=place, code=component, name=title, required=required, duty=duty)


def add_dossier(
    number: str, applicant: str = "Trần Thị Mẫu", procedure: str = BIRTH, executing: str = "H51.20", reused: tuple[str, ...] = ()
) -> DossierFact:
    dossier = Dossier.objects.create(number=number)
    fact = DossierFact.objects.create(
        dossier=dossier,
        procedure=procedure,
        receiving="H51.20",
        executing=executing,
        channel=DossierFact.Channel.COUNTER,
        received_at=RECEIVED,
        status=DossierFact.Status.OPEN,
        applicant=applicant,
        known_from=LONG_AGO,
    )
    ReusedComponent.objects.bulk_create(ReusedComponent(fact=fact, component=component) for component in reused)
    return fact
