"""What a page puts in force for itself and the pages behind it: a receipt, a sheet, a result, a code that does not decode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.evidence import (
    RESULT,
    Claim,
    PageEvidence,
    Source,
    code_numbers,
    has_dead_code,
    impossible_numbers,
    is_patch,
    is_possible,
    is_separator,
    is_titled,
    looks_like_receipt,
    looks_like_sheet,
    printed_claims,
    sheet_claims,
)
from pipeline.papers import Checklist
from pipeline.split_parts import Doubt, PageRef, Part
from pipeline.text import DossierNumber, is_legible, parse_number


@dataclass(frozen=True, slots=True)
class Force:
    """What is in force for the next page of a file, and the pages gathered under it so far."""

    claim: Claim | None  # that decides: of the last receipt, sheet or result above, or of the names; None: there is a doubt
    doubt: Doubt | None
    claims: tuple[Claim, ...]  # of all who spoke
    held: bool = False  # all pages wait until the next receipt or sheet, whatever codes they carry
    pages: tuple[PageRef, ...] = ()

    def part(self) -> Part:
        claim = self.claim
        return Part(self.pages, claim.number if claim else None, claim.component if claim else None, self.doubt, self.claims)


def stray(page: PageEvidence, force: Force, telling: frozenset[str]) -> Force | None:
    """A page whose print speaks of another dossier and not of the one in force: a receipt may have gone through the feeder unseen, or
    two stacks ran together. From here on everything waits. A page that carries a code has spoken already."""
    number = force.claim.number if force.claim else None
    named = page.speaks_of & telling
    if number is None or not named or number in page.speaks_of or code_numbers(page) or is_separator(page):
        return None
    claims = tuple(Claim(Source.PERSON, one, None, page.number) for one in sorted(named))
    return Force(None, Doubt.CONFLICT, (*force.claims, *claims), held=True)


def said_by_names(names: tuple[Claim, ...]) -> Force:
    """What holds before the first receipt or sheet: what the file and its folder say."""
    if not names:
        return Force(None, Doubt.NO_CODE, ())
    if len({claim.number for claim in names}) > 1 or len({claim.component for claim in names if claim.component}) > 1:
        return Force(None, Doubt.CONFLICT, names, held=True)
    if not is_possible(names[0].number):
        return Force(None, Doubt.IMPOSSIBLE, names, held=True)
    return Force(next((claim for claim in names if claim.component), names[0]), None, names)


def opened_by(page: PageEvidence, force: Force, start: Force, checklists: Mapping[str, Checklist]) -> Force | None:
    """What this page puts in force from here on; None when it goes with the pages above it."""
    if page.failed:
        return _after_unread(force, start)
    numbers = code_numbers(page)
    sheets = sheet_claims(page)
    if sheets:
        return _agreeing((*sheets, *_other_codes(page, sheets, numbers)))
    patched = start if is_patch(page) else None
    force = patched or force
    if looks_like_receipt(page.text):
        return _receipt(page, numbers, force, start, checklists)
    if numbers:
        return _foreign_code(page, numbers, force, checklists) or patched
    if patched is None and (has_dead_code(page) or looks_like_sheet(page.text)):
        return _unreadable(page, None, start)
    return patched


def _after_unread(force: Force, start: Force) -> Force | None:
    """A page that could not be read may have been a receipt or a sheet: what one above said does not reach beyond it."""
    if force.doubt is Doubt.CONFLICT:
        return None
    if start.claim is None:
        return Force(None, Doubt.UNREAD, start.claims, held=True)
    by_sheet = force.claim is not None and force.claim.source is Source.SHEET
    return start if by_sheet else None


def _other_codes(page: PageEvidence, sheets: tuple[Claim, ...], numbers: tuple[DossierNumber, ...]) -> tuple[Claim, ...]:
    """The claims of codes on a sheet that name another dossier."""
    said = {claim.number for claim in sheets}
    return tuple(Claim(Source.RESULT, number.text, None, page.number) for number in numbers if number.text not in said)


def _agreeing(claims: tuple[Claim, ...]) -> Force:
    if len({(claim.number, claim.component) for claim in claims}) > 1:
        return Force(None, Doubt.CONFLICT, claims, held=True)
    if claims[0].number is None:
        return Force(None, Doubt.NO_CODE, claims, held=True)
    if not is_possible(claims[0].number):
        return Force(None, Doubt.IMPOSSIBLE, claims, held=True)
    return Force(claims[0], None, claims)


def _receipt(
    page: PageEvidence, numbers: tuple[DossierNumber, ...], force: Force, start: Force, checklists: Mapping[str, Checklist]
) -> Force:
    sheet = force.claim if force.claim and force.claim.source is Source.SHEET else None
    right_above = sheet if not force.pages else None
    if not numbers:
        impossible = tuple(Claim(Source.RECEIPT, number, None, page.number) for number in impossible_numbers(page))
        return _agreeing(impossible) if impossible else _unreadable(page, right_above, start)
    claims = tuple(Claim(Source.RECEIPT, number.text, None, page.number) for number in numbers)
    others = {claim.number for claim in claims} != {sheet.number} if sheet else False
    if sheet is not None and others and (right_above or _photocopied(page, numbers, sheet, checklists)):
        return Force(None, Doubt.CONFLICT, (sheet, *claims), held=True)
    return _agreeing(claims)


def _photocopied(page: PageEvidence, numbers: tuple[DossierNumber, ...], sheet: Claim, checklists: Mapping[str, Checklist]) -> bool:
    """Whether a receipt behind the sheet of another dossier's component may be a part of that component: it is older, or what the
    checklist asks for."""
    if sheet.component is None or sheet.number is None:
        return False
    return any(_older(number, sheet.number) for number in numbers) or is_titled(page.text, _names(checklists, sheet.number))


def _unreadable(page: PageEvidence, right_above: Claim | None, start: Force) -> Force:
    """A receipt or sheet whose code does not decode: its printed numbers are claims, for the names, the sheet right above a receipt, or
    the catalogue to confirm. Of another page, as a certificate that came along, they are for a person to weigh."""
    printed = printed_claims(page)
    if not (looks_like_receipt(page.text) or looks_like_sheet(page.text)):
        printed = tuple(replace(claim, source=Source.RESULT) if claim.number else claim for claim in printed)
    said = tuple(claim for claim in (start.claim, right_above) if claim is not None)
    claims = tuple(dict.fromkeys((*start.claims, *said, *printed)))
    if said and len({claim.number for claim in claims}) == 1:
        return Force(said[-1], None, claims)
    contradicted = len(claims) > len(printed) and printed[0].number is not None
    return Force(None, Doubt.CONFLICT if contradicted else Doubt.NO_CODE, claims, held=True)


def _foreign_code(
    page: PageEvidence, numbers: tuple[DossierNumber, ...], force: Force, checklists: Mapping[str, Checklist]
) -> Force | None:
    """A page that is neither receipt nor sheet and carries the number of a dossier."""
    claims = tuple(Claim(Source.RESULT, number.text, None, page.number) for number in numbers)
    conflict = Force(None, Doubt.CONFLICT, tuple(dict.fromkeys((*force.claims, *claims))), held=True)
    if force.held:  # the catalogue may yet believe a printed number, but not for a page that says otherwise
        printed = {claim.number for claim in force.claims if force.doubt is Doubt.NO_CODE}
        return conflict if printed - {None} and {number.text for number in numbers} - printed else None
    if len(numbers) > 1:
        return conflict
    in_force = force.claim
    if in_force is not None and in_force.number == numbers[0].text:
        return None
    if in_force is None or in_force.source is Source.RESULT:
        component = RESULT if is_legible(page.text) else None
        claim = replace(claims[0], component=component)
        return Force(claim, None, (claim,))
    if in_force.number and _brought_along(page, numbers[0], in_force.number, checklists):
        return None
    return conflict


def _brought_along(page: PageEvidence, number: DossierNumber, in_force: str, checklists: Mapping[str, Checklist]) -> bool:
    """Whether an older dossier's paper fits a component of the dossier in force by its title."""
    return _older(number, in_force) and is_titled(page.text, _names(checklists, in_force))


def _older(number: DossierNumber, holder_number: str) -> bool:
    """Whether a dossier was received before another one; of two of one day only where one office counted both."""
    holder = parse_number(holder_number)
    if holder is None or number.date > holder.date:
        return False
    return number.date < holder.date or (number.agency == holder.agency and number.sequence < holder.sequence)


def _names(checklists: Mapping[str, Checklist], number: str) -> tuple[str, ...]:
    return checklists[number].names if number in checklists else ()
