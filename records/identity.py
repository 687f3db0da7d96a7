"""Whose paper a document is: the claims of paper and names against the register. Never a guess.

A number that all sources agree on must be in the register and at the office it was dropped at. A number that was only read by OCR
needs a second field of the same dossier on the same page (applicant, procedure or day of receipt), and no other candidate may have
one too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from pipeline.errors import NoCode, UnknownComponent, UnknownDossier, WrongOffice
from pipeline.split import RESULT
from pipeline.text import fold
from records.models import Dossier, DossierFact, Procedure
from records.procedures import procedure_on


@dataclass(frozen=True, slots=True)
class Verdict:
    """Either the dossier (and component, if known), or the code of the reason why a person has to say."""

    dossier: Dossier | None
    component: str | None = None
    reason: str | None = None


def decide(claimed: str, component: str | None, office: str, printed: Sequence[str], text: str, now: datetime) -> Verdict:
    """The verdict on one document.

    `claimed`: the number all sources agree on, or empty; `printed`: numbers read by OCR on an unreadable receipt, whose `text` is
    given; `office`: the folder it was dropped in.
    """
    if claimed:
        fact = fact_of(claimed)
        return _checked(fact, component, office, now) if fact is not None else Verdict(None, reason=UnknownDossier.__name__)
    agreeing = [fact for number in printed if (fact := fact_of(number)) is not None and _second_field(fact, text, now)]
    if len(agreeing) != 1:
        return Verdict(None, reason=NoCode.__name__)
    return _checked(agreeing[0], component, office, now)


def fact_of(number: str) -> DossierFact | None:
    """What the register says now of a dossier number."""
    return DossierFact.objects.filter(dossier__number=number, known_to=None).select_related("dossier").first()


def checklist(fact: DossierFact, now: datetime) -> Procedure | None:
    """The procedure version that decides what the dossier needs: the one valid on the day of receipt."""
    day = localtime(fact.received_at or now).date()
    return procedure_on(fact.procedure, day, now)


def has_component(fact: DossierFact, component: str, now: datetime) -> bool:
    """Whether the dossier's procedure has this component; the result always exists."""
    procedure = checklist(fact, now)
    return component == RESULT or (procedure is not None and procedure.components.filter(code=component).exists())


def _checked(fact: DossierFact, component: str | None, office: str, now: datetime) -> Verdict:
    if office not in (fact.receiving, fact.executing):
        return Verdict(None, reason=WrongOffice.__name__)
    if component is not None and not has_component(fact, component, now):
        return Verdict(None, reason=UnknownComponent.__name__)
    return Verdict(fact.dossier, component)


def _second_field(fact: DossierFact, text: str, now: datetime) -> bool:
    """Whether a receipt's text names the applicant, the procedure or the day of receipt of this dossier as well."""
    page = " ".join(fold(text).split())
    procedure = checklist(fact, now)
    day = localtime(fact.received_at) if fact.received_at else None
    fields = [
        " ".join(fold(fact.applicant).split()) if len(fact.applicant.split()) > 1 else "",
        " ".join(fold(procedure.name).split()) if procedure is not None else "",
        fact.procedure,
        f"{day:%d/%m/%Y}" if day else "",
    ]
    return any(field and f" {field} " in f" {page} " for field in fields)
