"""What of a dossier's checklist is digitised, reused, exempt or missing, from the procedure version valid on the day of receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.evidence import RESULT
from records.identity import checklist
from records.models import Attachment, DossierFact, ProcedureComponent


class State(StrEnum):
    """Of a component (domain: TRANGTHAISOHOA)."""

    MISSING = "missing"
    DIGITISED = "digitised"
    REUSED = "reused"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class ComponentState:
    """One line of the checklist; the result, KQ, is the last one where the procedure requires a written result."""

    code: str
    name: str
    required: bool
    duty: str  # PHAI, YEU_CAU, MIEN
    state: State

    @property
    def lacking(self) -> bool:
        """Whether the dossier is incomplete for want of it."""
        return self.required and self.state is State.MISSING


def component_states(fact: DossierFact, now: datetime) -> tuple[ComponentState, ...]:
    """The checklist of a dossier as it stands."""
    procedure = checklist(fact, now)
    if procedure is None:
        return ()
    attached = Attachment.objects.filter(dossier=fact.dossier_id, known_to=None).exclude(component=None)
    digitised = set(attached.values_list("component", flat=True))
    reused = set(fact.reused.values_list("component", flat=True))
    lines = [
        ComponentState(line.code, line.name, line.required, line.duty, _state(line.code, line.duty, digitised, reused))
        for line in procedure.components.all()
    ]
    must = ProcedureComponent.Duty.MUST.value
    if procedure.needs_result or RESULT in digitised:
        state = State.DIGITISED if RESULT in digitised else State.MISSING
        lines.append(ComponentState(RESULT, "Kết quả giải quyết", procedure.needs_result, must, state))
    return tuple(lines)


def is_complete(lines: tuple[ComponentState, ...]) -> bool:
    """Whether nothing that is required is missing; a dossier without a checklist is not known to be complete."""
    return bool(lines) and not any(line.lacking for line in lines)


def _state(code: str, duty: str, digitised: set[str | None], reused: set[str]) -> State:
    if code in digitised:
        return State.DIGITISED
    if code in reused:
        return State.REUSED
    return State.EXEMPT if duty == ProcedureComponent.Duty.EXEMPT else State.MISSING
