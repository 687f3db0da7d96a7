"""Which sheets are printed for a dossier: separators that go between its papers before scanning, patch sheets, its receipt.

What a dossier needs is its checklist, from the procedure version valid on the day of receipt. A separator names a dossier and a
paper, never a person. Nothing is drawn here (see `sheet_print`), and nothing of the catalogue is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.timezone import localtime

from pipeline.errors import BadArgument, UnknownComponent, UnknownDossier
from pipeline.evidence import RESULT, SHEET_PREFIX
from pipeline.text import mask_identity
from records.completeness import ComponentState, State, component_states
from records.identity import checklist, fact_of
from records.models import DossierFact, ProcedureComponent
from records.offices import OfficeTree

RESULT_NAME = "Kết quả giải quyết"


class NothingToPrint(BadArgument):
    vi = "Không có tờ nào để in: theo danh mục, không hồ sơ nào còn thiếu thành phần."
    en = "There is no sheet to print: by their checklists, none of the dossiers lacks a component."


class Which(StrEnum):
    """The separators that are asked for."""

    NEEDED = "needed"  # the dossier's own and those of its components, but the exempt ones
    EVERY = "every"  # those of the exempt ones, too
    MISSING = "missing"  # those of the components that are still missing
    DOSSIER = "dossier"  # the dossier's own alone


@dataclass(frozen=True, slots=True)
class Separator:
    """Says whose the papers after it are: a dossier's, or of one component of it."""

    number: str  # MaHoSo
    procedure: str  # name; its code where no version of it is known for the day of receipt
    component: str = ""  # code; empty: the start of the dossier
    name: str = ""  # of the component

    @property
    def payload(self) -> str:
        """What its QR says (formats.md section 3)."""
        return f"{SHEET_PREFIX}{self.number}:{self.component}" if self.component else f"{SHEET_PREFIX}{self.number}"


@dataclass(frozen=True, slots=True)
class PatchSheet:
    """Says that a new document starts, not whose."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A paper on a receipt."""

    name: str
    note: str  # why it may be absent; empty: it has to be handed in


@dataclass(frozen=True, slots=True)
class Receipt:
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả, as the register knows it; what it does not know is empty."""

    number: str  # MaHoSo
    office: str  # name of the receiving office
    procedure: str  # name
    procedure_code: str
    applicant: str
    identity: str  # masked
    received: datetime | None  # in Vietnam
    due: datetime | None  # in Vietnam
    term_days: int | None  # working days, 0: same day
    papers: tuple[ReceiptLine, ...]


Sheet = Separator | PatchSheet | Receipt


def facts_of(numbers: Iterable[str]) -> tuple[DossierFact, ...]:
    """What the register says of these dossiers, each once, in the order given. Raises UnknownDossier that names all it does not know."""
    found = {number: fact_of(number) for number in dict.fromkeys(number.strip() for number in numbers)}
    unknown = [number for number, fact in found.items() if fact is None]
    if unknown:
        raise UnknownDossier(", ".join(unknown))
    return tuple(fact for fact in found.values() if fact is not None)


def separators(facts: Iterable[DossierFact], which: Which, now: datetime) -> tuple[Separator, ...]:
    """The separators of the dossiers, each dossier's own before those of its components; the result comes last. May be none."""
    return tuple(sheet for fact in facts for sheet in _separators(fact, which, now))


def component_separators(facts: Iterable[DossierFact], codes: Sequence[str], now: datetime) -> tuple[Separator, ...]:
    """The separators of these components of each dossier, in the order given, exempt or not. Raises UnknownComponent."""
    wanted = tuple(dict.fromkeys(code.strip() for code in codes))
    return tuple(_named(fact, code, now) for fact in facts for code in wanted)


def receipts(facts: Iterable[DossierFact], now: datetime) -> tuple[Receipt, ...]:
    """The receipt of each dossier."""
    offices = OfficeTree(now)
    return tuple(_receipt(fact, offices, now) for fact in facts)


# --- separators --------------------------------------------------------------------------------------------------------------


def _separators(fact: DossierFact, which: Which, now: datetime) -> list[Separator]:
    number, procedure = fact.dossier.number, _procedure_name(fact, now)
    own = [] if which is Which.MISSING else [Separator(number, procedure)]
    lines = [line for line in component_states(fact, now) if _is_wanted(line, which)]
    return [*own, *(Separator(number, procedure, line.code, line.name) for line in lines)]


def _is_wanted(line: ComponentState, which: Which) -> bool:
    match which:
        case Which.DOSSIER:
            return False
        case Which.MISSING:
            return line.state is State.MISSING
        case _ if line.code == RESULT:
            return line.required
        case _:
            return which is Which.EVERY or line.duty != ProcedureComponent.Duty.EXEMPT


def _named(fact: DossierFact, code: str, now: datetime) -> Separator:
    names = {RESULT: RESULT_NAME} | {line.code: line.name for line in component_states(fact, now)}
    if code not in names:
        raise UnknownComponent(f"{fact.dossier.number}: {code}")
    return Separator(fact.dossier.number, _procedure_name(fact, now), code, names[code])


def _procedure_name(fact: DossierFact, now: datetime) -> str:
    procedure = checklist(fact, now)
    return procedure.name if procedure is not None else fact.procedure


# --- receipts ----------------------------------------------------------------------------------------------------------------


def _receipt(fact: DossierFact, offices: OfficeTree, now: datetime) -> Receipt:
    procedure = checklist(fact, now)
    office = offices.on(fact.receiving, localtime(fact.received_at or now).date())
    lines = [line for line in component_states(fact, now) if line.code != RESULT]
    return Receipt(
        number=fact.dossier.number,
        office=office.name if office is not None else fact.receiving,
        procedure=_procedure_name(fact, now),
        procedure_code=fact.procedure,
        applicant=fact.applicant,
        identity=_masked(fact.identity_number),
        received=localtime(fact.received_at) if fact.received_at is not None else None,
        due=localtime(fact.due_at) if fact.due_at is not None else None,
        term_days=procedure.term_days if procedure is not None else None,
        papers=tuple(ReceiptLine(line.name, _note(line)) for line in lines),
    )


def _note(line: ComponentState) -> str:
    if line.state is State.REUSED:
        return "dùng lại bản đã số hóa"
    if line.duty == ProcedureComponent.Duty.EXEMPT:
        return "miễn số hóa"
    return "" if line.required else "nếu có"


def _masked(identity: str) -> str:
    """`094******234`; one of another length, which no register should hold, is starred whole."""
    masked = mask_identity(identity)
    return masked if "*" in masked else "*" * len(identity)
