"""Whose paper a document is: the claims of paper and names against the register. Never a guess.

A number that all sources agree on must be in the register and at the office it was dropped at. A number that was only read by OCR
needs a second field of the same dossier on the same page (applicant, procedure or day of receipt), and no other candidate may fit
as well: neither another number printed there, nor a dossier of the register whose number is one misread digit away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime

from pipeline.errors import FutureNumber, ImpossibleNumber, NoCode, OfficeNotThen, UnknownComponent, UnknownDossier, WrongOffice
from pipeline.evidence import RESULT
from pipeline.text import fold, parse_number
from records.models import Dossier, DossierFact, Office, Procedure
from records.procedures import procedure_on


@dataclass(frozen=True, slots=True)
class Verdict:
    """Either the dossier (and component, if known), or the code of the reason why a person has to say."""

    dossier: Dossier | None
    component: str | None = None
    reason: str | None = None


def decide(
    claimed: str,
    component: str | None,
    office: str,
    printed: Sequence[str],
    text: str,
    now: datetime,
    facts: Mapping[str, DossierFact] | None = None,
) -> Verdict:
    """The verdict on one document.

    `claimed`: the number all sources agree on, or empty; `printed`: numbers read by OCR on an unreadable receipt or sheet, whose
    `text` is given; `office`: the folder it was dropped in; `facts`: those of all claimed numbers, where they are at hand.
    """
    if claimed:
        fact = facts.get(claimed) if facts is not None else fact_of(claimed)
        return _checked(fact, component, office, now) if fact is not None else Verdict(None, reason=_why_unknown(claimed, now))
    agreed = _agreed(printed, text, now)
    return _checked(agreed, component, office, now) if agreed is not None else Verdict(None, reason=NoCode.__name__)


def fact_of(number: str) -> DossierFact | None:
    """What the register says now of a dossier number."""
    return DossierFact.objects.filter(dossier__number=number, known_to=None).select_related("dossier").first()


def facts_of(numbers: Collection[str]) -> dict[str, DossierFact]:
    """The same of many, by number; those that the register does not have are left out."""
    facts = DossierFact.objects.filter(known_to=None, dossier__number__in=list(numbers)).select_related("dossier")
    return {fact.dossier.number: fact for fact in facts}


def checklist(fact: DossierFact, now: datetime) -> Procedure | None:
    """The procedure version that decides what the dossier needs: the one valid on the day of receipt."""
    day = localtime(fact.received_at or now).date()
    return procedure_on(fact.procedure, day, now)


def component_of(fact: DossierFact, component: str, now: datetime) -> str | None:
    """The component of the dossier's procedure as the register spells it, whatever case it is named in; the result always exists."""
    if component.upper() == RESULT:
        return RESULT
    procedure = checklist(fact, now)
    return procedure.components.filter(code__iexact=component).values_list("code", flat=True).first() if procedure is not None else None


def _why_unknown(number: str, now: datetime) -> str:
    """Why the register does not have a dossier of this number: it may be one that cannot be, or not yet."""
    parsed = parse_number(number)
    if parsed is None:
        return ImpossibleNumber.__name__
    if parsed.date > localtime(now).date():
        return FutureNumber.__name__
    office = Office.objects.filter(code=parsed.agency, known_to=None).first()
    began = office is None or office.valid_from is None or office.valid_from <= parsed.date
    open_then = office is None or office.valid_to is None or parsed.date < office.valid_to
    return UnknownDossier.__name__ if began and open_then else OfficeNotThen.__name__


def _checked(fact: DossierFact, component: str | None, office: str, now: datetime) -> Verdict:
    if office not in (fact.receiving, fact.executing) or _is_anothers(fact):
        return Verdict(None, reason=WrongOffice.__name__)
    known = component_of(fact, component, now) if component is not None else None
    if component is not None and known is None:
        return Verdict(None, reason=UnknownComponent.__name__)
    return Verdict(fact.dossier, known)


def _is_anothers(fact: DossierFact) -> bool:
    """Whether the number begins with the code of an office of the register that has nothing to do with the dossier, neither itself nor
    by succession: then register and number contradict each other."""
    parsed = parse_number(fact.dossier.number)
    if parsed is None or parsed.agency in (fact.receiving, fact.executing):
        return False
    successors, seen = {parsed.agency}, set[str]()
    while successors - seen:
        seen |= successors
        offices = Office.objects.filter(code__in=seen, known_to=None)
        successors = {code for office in offices for code in office.successors}
    return Office.objects.filter(code=parsed.agency, known_to=None).exists() and not {fact.receiving, fact.executing} & (seen | successors)


# --- numbers that were only printed ------------------------------------------------------------------------------------------


def _agreed(printed: Sequence[str], text: str, now: datetime) -> DossierFact | None:
    """The one dossier that number and second field agree on; None where there is none or another one fits as well."""
    page = _folded(text)
    facts = [fact for number in dict.fromkeys(printed) if (fact := fact_of(number)) is not None]
    fitting = [fact for fact in facts if _second_fields(fact, page, now)]
    if len(fitting) != 1:
        return None
    own = _second_fields(fitting[0], page, now)
    return fitting[0] if all(_second_fields(rival, page, now) < own for rival in _rivals(fitting[0].dossier.number)) else None


def _rivals(number: str) -> Iterable[DossierFact]:
    """The dossiers whose number is one misread digit of date or sequence away: no check digit tells them apart."""
    agency = len(number.rsplit("-", 2)[0])
    others = [
        f"{number[:place]}{digit}{number[place + 1 :]}"
        for place, old in enumerate(number)
        if place > agency and old.isdigit()
        for digit in "0123456789"
        if digit != old
    ]
    return DossierFact.objects.filter(known_to=None, dossier__number__in=others)


def _second_fields(fact: DossierFact, page: str, now: datetime) -> frozenset[str]:
    """Which of applicant, procedure and day of receipt of this dossier a page names, its text folded."""
    procedure = checklist(fact, now)
    applicant, name = _folded(fact.applicant), _folded(procedure.name) if procedure is not None else ""
    named = {
        "applicant": " " in applicant and _stands_in(page, re.escape(applicant)),
        "procedure": _stands_in(page, re.escape(name)) or _stands_in(page, re.escape(fact.procedure)),
        "day": fact.received_at is not None and _stands_in(page, _written(localtime(fact.received_at).date())),
    }
    return frozenset(field for field, found in named.items() if found)


def _stands_in(page: str, pattern: str) -> bool:
    """Whether the pattern stands in the text by itself, not as a part of a longer word or number."""
    return bool(pattern) and re.search(rf"(?<!\w)(?<!\w[./]){pattern}(?!\w|[./]\w)", page) is not None


def _written(day: date) -> str:
    """A pattern for the ways a day is printed: 05/01/2024, 5-1-2024, ngày 05 tháng 01 năm 2024."""
    return rf"0?{day.day}(?: ?[/.-] ?| thang )0?{day.month}(?: ?[/.-] ?| nam ){day.year}"


def _folded(text: str) -> str:
    return " ".join(fold(text).split())
