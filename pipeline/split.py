"""The pages of what was dropped, their codes and the names -> documents. A pure decision: no images, no register, no clock.

The rules are those of formats.md section 3. Identity never crosses a file, a receipt or sheet that cannot be read still ends the
dossier before it, and whatever two sources say differently is parked with both claims. Whether a number exists, and at whose
office, is for the catalogue to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.evidence import (
    RESULT,
    Claim,
    FileEvidence,
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
    name_claims,
    printed_claims,
    sheet_claims,
)
from pipeline.papers import Checklist
from pipeline.text import DossierNumber, parse_number

__all__ = [
    "RESULT",
    "Claim",
    "Doubt",
    "FileEvidence",
    "PageEvidence",
    "PageRef",
    "Part",
    "Source",
    "Split",
    "is_separator",
    "name_claims",
    "numbers_in",
    "split",
]

RULES = 2
"""Version of the rules: raised when the same evidence would be decided differently."""

_OFFICIAL = 3  # dossiers in whose papers the same person stands
_LEGIBLE_WORDS = 15  # fewer words read: the page's kind cannot be told by its look


class Doubt(StrEnum):
    """Why a part waits for a person; the values are codes of `pipeline.errors`."""

    NO_CODE = "NoCode"
    CONFLICT = "Conflict"
    IMPOSSIBLE = "ImpossibleNumber"
    UNREAD = "UnreadPage"


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page by the position of its file in the batch (from 0) and its number in the file (from 1)."""

    file: int
    page: int


@dataclass(frozen=True, slots=True)
class Part:
    """A run of pages that make one document. `doubt` None: `number` (and `component`, if known) are agreed by all sources."""

    pages: tuple[PageRef, ...]
    number: str | None
    component: str | None
    doubt: Doubt | None
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Every page of the batch exactly once: in a part, blank, or a separator."""

    parts: tuple[Part, ...]
    blanks: tuple[PageRef, ...]
    separators: tuple[PageRef, ...]


@dataclass(frozen=True, slots=True)
class _Force:
    """What is in force for the next page of a file, and the pages gathered under it so far."""

    claim: Claim | None  # that decides: of the last receipt, sheet or result above, or of the names; None: there is a doubt
    doubt: Doubt | None
    claims: tuple[Claim, ...]  # of all who spoke
    held: bool = False  # all pages wait until the next receipt or sheet, whatever codes they carry
    pages: tuple[PageRef, ...] = ()

    def part(self) -> Part:
        claim = self.claim
        return Part(self.pages, claim.number if claim else None, claim.component if claim else None, self.doubt, self.claims)


def split(folder: str | None, files: Iterable[FileEvidence], checklists: Mapping[str, Checklist]) -> Split:
    """Decide the documents of one batch.

    `checklists` holds that of each dossier number that occurs in the batch and is known to the register; it only serves to let a
    brought-along paper stay where it fits.
    """
    sources = tuple(files)
    pages = [(PageRef(position, page.number), page) for position, file in enumerate(sources) for page in file.pages]
    parts = _split_files(folder, sources, checklists, frozenset())
    telling = _telling(sources, parts)
    if telling:
        parts = _split_files(folder, sources, checklists, telling)
    with_pages = [[part for part in own if part.pages] for own in _distrust_folder(folder, parts)]
    return Split(
        _join_images(sources, with_pages),
        tuple(ref for ref, page in pages if page.empty),
        tuple(ref for ref, page in pages if is_separator(page)),
    )


def _split_files(
    folder: str | None, sources: Sequence[FileEvidence], checklists: Mapping[str, Checklist], telling: frozenset[str]
) -> list[list[Part]]:
    return [
        _split_file(position, file, _named(name_claims(folder, (file.name, *file.aliases))), checklists, telling)
        for position, file in enumerate(sources)
    ]


def _telling(sources: Sequence[FileEvidence], parts: list[list[Part]]) -> frozenset[str]:
    """The dossiers that a page in another one speaks of, where that means something: a name that stands in the papers of many
    dossiers is that of an official, unless its own dossier is in the batch, too."""
    holders: dict[str, set[str]] = defaultdict(set)
    own = {part.number for some in parts for part in some if part.number and part.pages}
    for some in parts:
        for part in some:
            for ref in part.pages if part.number else ():
                speaks_of = next(page.speaks_of for page in sources[ref.file].pages if page.number == ref.page)
                if speaks_of and part.number not in speaks_of:
                    for number in speaks_of:
                        holders[number].add(part.number or "")
    return frozenset(number for number, some in holders.items() if number in own or len(some) < _OFFICIAL)


def numbers_in(folder: str | None, files: Iterable[FileEvidence]) -> tuple[str, ...]:
    """Every dossier number that a code or a name of the batch carries."""
    found: dict[str, None] = {}
    for file in files:
        claims = [*name_claims(folder, (file.name, *file.aliases)), *(claim for page in file.pages for claim in sheet_claims(page))]
        found |= dict.fromkeys(claim.number for claim in claims if claim.number)
        found |= dict.fromkeys(number.text for page in file.pages for number in code_numbers(page))
    return tuple(found)


# --- one file ----------------------------------------------------------------------------------------------------------------


def _split_file(
    position: int, file: FileEvidence, start: _Force, checklists: Mapping[str, Checklist], telling: frozenset[str]
) -> list[Part]:
    force, done = start, list[_Force]()
    for page in file.pages:
        if page.empty:
            continue
        opened = _opens(page, force, start, checklists) or _strange(page, force, telling)
        if opened is not None:
            done.append(force)
            force = opened
        if not is_separator(page):
            force = replace(force, pages=(*force.pages, PageRef(position, page.number)))
    parts = [_against_names(force, start).part() for force in (*done, force)]  # a sheet with no page behind it speaks, too
    wrong = next((part for part in parts if part.doubt is Doubt.CONFLICT), None)
    return _distrust(parts, {Source.FILE, Source.FOLDER}, wrong)


def _strange(page: PageEvidence, force: _Force, telling: frozenset[str]) -> _Force | None:
    """A page whose print speaks of another dossier and not of the one in force: a receipt may have gone through the feeder unseen, or
    two stacks ran together. From here on everything waits. A page that carries a code has spoken already."""
    number = force.claim.number if force.claim else None
    named = page.speaks_of & telling
    if number is None or not named or number in page.speaks_of or code_numbers(page) or is_separator(page):
        return None
    claims = tuple(Claim(Source.PERSON, one, None, page.number) for one in sorted(named))
    return _Force(None, Doubt.CONFLICT, (*force.claims, *claims), held=True)


def _named(names: tuple[Claim, ...]) -> _Force:
    """What holds before the first receipt or sheet: what the file and its folder say."""
    if not names:
        return _Force(None, Doubt.NO_CODE, ())
    if len({claim.number for claim in names}) > 1 or len({claim.component for claim in names if claim.component}) > 1:
        return _Force(None, Doubt.CONFLICT, names, held=True)
    if not is_possible(names[0].number):
        return _Force(None, Doubt.IMPOSSIBLE, names, held=True)
    return _Force(next((claim for claim in names if claim.component), names[0]), None, names)


def _opens(page: PageEvidence, force: _Force, start: _Force, checklists: Mapping[str, Checklist]) -> _Force | None:
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


def _after_unread(force: _Force, start: _Force) -> _Force | None:
    """A page that could not be read may have been a receipt or a sheet: what one above said does not reach beyond it."""
    if force.doubt is Doubt.CONFLICT:
        return None
    if start.claim is None:
        return _Force(None, Doubt.UNREAD, start.claims, held=True)
    by_sheet = force.claim is not None and force.claim.source is Source.SHEET
    return start if by_sheet else None


def _other_codes(page: PageEvidence, sheets: tuple[Claim, ...], numbers: tuple[DossierNumber, ...]) -> tuple[Claim, ...]:
    """The claims of codes on a sheet that name another dossier."""
    said = {claim.number for claim in sheets}
    return tuple(Claim(Source.RESULT, number.text, None, page.number) for number in numbers if number.text not in said)


def _agreeing(claims: tuple[Claim, ...]) -> _Force:
    if len({(claim.number, claim.component) for claim in claims}) > 1:
        return _Force(None, Doubt.CONFLICT, claims, held=True)
    if claims[0].number is None:
        return _Force(None, Doubt.NO_CODE, claims, held=True)
    if not is_possible(claims[0].number):
        return _Force(None, Doubt.IMPOSSIBLE, claims, held=True)
    return _Force(claims[0], None, claims)


def _receipt(
    page: PageEvidence, numbers: tuple[DossierNumber, ...], force: _Force, start: _Force, checklists: Mapping[str, Checklist]
) -> _Force:
    sheet = force.claim if force.claim and force.claim.source is Source.SHEET else None
    right_above = sheet if not force.pages else None
    if not numbers:
        impossible = tuple(Claim(Source.RECEIPT, number, None, page.number) for number in impossible_numbers(page))
        return _agreeing(impossible) if impossible else _unreadable(page, right_above, start)
    claims = tuple(Claim(Source.RECEIPT, number.text, None, page.number) for number in numbers)
    others = {claim.number for claim in claims} != {sheet.number} if sheet else False
    if sheet is not None and others and (right_above or _photocopied(page, numbers, sheet, checklists)):
        return _Force(None, Doubt.CONFLICT, (sheet, *claims), held=True)
    return _agreeing(claims)


def _photocopied(page: PageEvidence, numbers: tuple[DossierNumber, ...], sheet: Claim, checklists: Mapping[str, Checklist]) -> bool:
    """Whether a receipt behind the sheet of another dossier's component may be a part of that component: it is older, or what the
    checklist asks for."""
    if sheet.component is None or sheet.number is None:
        return False
    return any(_older(number, sheet.number) for number in numbers) or is_titled(page.text, _names(checklists, sheet.number))


def _unreadable(page: PageEvidence, right_above: Claim | None, start: _Force) -> _Force:
    """A receipt or sheet whose code does not decode: its printed numbers are claims, for the names, the sheet right above a receipt, or
    the catalogue to confirm."""
    printed = printed_claims(page)
    said = tuple(claim for claim in (start.claim, right_above) if claim is not None)
    claims = tuple(dict.fromkeys((*start.claims, *said, *printed)))
    if said and len({claim.number for claim in claims}) == 1:
        return _Force(said[-1], None, claims)
    contradicted = len(claims) > len(printed) and printed[0].number is not None
    return _Force(None, Doubt.CONFLICT if contradicted else Doubt.NO_CODE, claims, held=True)


def _foreign_code(
    page: PageEvidence, numbers: tuple[DossierNumber, ...], force: _Force, checklists: Mapping[str, Checklist]
) -> _Force | None:
    """A page that is neither receipt nor sheet and carries the number of a dossier."""
    claims = tuple(Claim(Source.RESULT, number.text, None, page.number) for number in numbers)
    conflict = _Force(None, Doubt.CONFLICT, tuple(dict.fromkeys((*force.claims, *claims))), held=True)
    if force.held:  # the catalogue may yet believe a printed number, but not for a page that says otherwise
        printed = {claim.number for claim in force.claims if force.doubt is Doubt.NO_CODE}
        return conflict if printed - {None} and {number.text for number in numbers} - printed else None
    if len(numbers) > 1:
        return conflict
    in_force = force.claim
    if in_force is not None and in_force.number == numbers[0].text:
        return None
    if in_force is None or in_force.source is Source.RESULT:
        component = RESULT if len(page.text.split()) >= _LEGIBLE_WORDS else None
        claim = replace(claims[0], component=component)
        return _Force(claim, None, (claim,))
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


# --- names against codes -----------------------------------------------------------------------------------------------------


def _against_names(force: _Force, start: _Force) -> _Force:
    """Names and codes must agree; a component named by the file holds where the code names none."""
    coded, named = force.claim, start.claim
    if coded is None or not start.claims or coded in start.claims:
        return force
    claims = tuple(dict.fromkeys((*start.claims, *force.claims)))
    both = {coded.component, named.component} - {None} if named else set()
    if named is None or named.number != coded.number or len(both) > 1:
        return replace(force, claim=None, doubt=Doubt.CONFLICT, claims=claims)
    return replace(force, claim=replace(coded, component=coded.component or named.component), claims=claims)


def _distrust(parts: list[Part], sources: Collection[Source], wrong: Part | None) -> list[Part]:
    """Where a code contradicts a name, the name proves nothing about the other pages either: those it alone speaks for wait."""
    if wrong is None:
        return parts
    return [
        replace(part, number=None, component=None, doubt=Doubt.CONFLICT, claims=tuple(dict.fromkeys((*part.claims, *wrong.claims))))
        if part.doubt is None and {claim.source for claim in part.claims} <= set(sources)
        else part
        for part in parts
    ]


def _distrust_folder(folder: str | None, parts: list[list[Part]]) -> list[list[Part]]:
    """A folder is contradicted by the receipt or sheet of another dossier in any of its files."""
    named = {claim.number for claim in name_claims(folder, ())}
    wrong = next((part for own in parts for part in own if named and _contradicts(part, named)), None)
    return [_distrust(own, {Source.FOLDER}, wrong) for own in parts]


def _contradicts(part: Part, named: Collection[str | None]) -> bool:
    coded = {claim.number for claim in part.claims if claim.source in (Source.RECEIPT, Source.SHEET)} - {None}
    return part.doubt is Doubt.CONFLICT and not coded <= set(named)


# --- pictures of one folder --------------------------------------------------------------------------------------------------


def _join_images(files: tuple[FileEvidence, ...], parts: list[list[Part]]) -> tuple[Part, ...]:
    """Consecutive single-page images of one folder that say the same make one document; a receipt or a sheet begins another."""
    joined: list[Part] = []
    growing = False
    for file, own in zip(files, parts, strict=True):
        growing = growing and file.single_image and not any(is_separator(page) for page in file.pages)
        for part in own:
            if growing and _continues(joined[-1], part):
                claims = tuple(dict.fromkeys((*joined[-1].claims, *part.claims)))
                joined[-1] = replace(joined[-1], pages=(*joined[-1].pages, *part.pages), claims=claims)
            else:
                joined.append(part)
            growing = file.single_image
    return tuple(joined)


def _continues(one: Part, two: Part) -> bool:
    by_name = {claim.source for claim in two.claims} <= {Source.FILE, Source.FOLDER}
    named = any(claim.source is Source.FOLDER for claim in two.claims)
    agreed = one.doubt is None and two.doubt is None and (one.number, one.component) == (two.number, two.component)
    return agreed and by_name and named
