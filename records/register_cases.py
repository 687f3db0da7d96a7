"""What a register says that touches papers already attached: nothing is moved, a case asks a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from records.cases import CaseKind, open_case
from records.models import Attachment, Dossier, DossierFact
from records.register_rows import DossierRow
from records.revisions import Revision

_TELLING = {"MaTTHC", "ChuHoSo", "SoDinhDanh"}  # columns that say whose the dossier is and what it needs
_WITH_PAPERS = Exists(Attachment.objects.filter(dossier=OuterRef("dossier"), known_to=None))


@dataclass(frozen=True, slots=True)
class Corrected:
    """A dossier with papers, and the new number that the register gives with the very same facts."""

    dossier: Dossier
    number: str


def open_moved_cases(revisions: Sequence[Revision[DossierRow, DossierFact]], now: datetime) -> None:
    """Cases for the dossiers with papers of which a row says that they are another procedure's or another person's."""
    moved = {each.row.number: sorted(_TELLING & set(each.columns)) for each in revisions if each.fact and _TELLING & set(each.columns)}
    for fact in DossierFact.objects.filter(_WITH_PAPERS, known_to=None, dossier__number__in=moved).select_related("dossier"):
        detail = {"columns": moved[fact.dossier.number], "known": now.isoformat()}
        open_case(CaseKind.REGISTER_MOVED, now, dossier=fact.dossier, detail=detail)


def find_corrected(revisions: Sequence[Revision[DossierRow, DossierFact]]) -> list[Corrected]:
    """The dossiers with papers whose facts a new row has under another number."""
    new = {each.row.identity_number: each.row for each in revisions if each.fact is None and each.row.identity_number}
    found = []
    for fact in DossierFact.objects.filter(_WITH_PAPERS, known_to=None, identity_number__in=new).select_related("dossier"):
        row = new[fact.identity_number]
        same = (fact.procedure, fact.applicant, fact.received_at) == (row.procedure, row.applicant, row.received_at)
        found += [Corrected(fact.dossier, row.number)] if same and fact.dossier.number != row.number else []
    return found


def open_corrected_cases(corrected: Sequence[Corrected], listed: Collection[str], now: datetime) -> None:
    """Cases for those that the register no longer has under the old number; `listed`: all numbers of the file."""
    for one in corrected:
        if one.dossier.number not in listed:
            open_case(CaseKind.NUMBER_CORRECTED, now, dossier=one.dossier, detail={"number": one.number})


def open_second_row_cases(contradicted: Collection[str], now: datetime) -> None:
    """Cases for the dossiers that a register has twice, saying different things."""
    for dossier in Dossier.objects.filter(number__in=list(contradicted)):
        open_case(CaseKind.SECOND_ROW, now, dossier=dossier, detail={})
