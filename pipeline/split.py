"""The pages of what was dropped, their codes and the names -> documents. A pure decision: no images, no register, no clock.

The rules are those of formats.md section 3. Identity never crosses a file, a receipt or sheet that cannot be read still ends the
dossier before it, and whatever two sources say differently is parked with both claims. Whether a number exists, and at whose
office, is for the catalogue to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.model import Code, Symbology
from pipeline.text import DossierNumber, find_numbers, find_numbers_in_ocr, fold, parse_number

SHEET_PREFIX = "SOHOA:"
PATCH_PAYLOAD = "PATCHT"
RESULT = "KQ"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_RECEIPT_TITLES = ("giay tiep nhan ho so va hen tra ket qua", "giay tiep nhan ho so")
_SHEET_TITLES = ("to ngan cach ho so", "to phan cach ho so", "to ngan cach")
_TITLE_LIKENESS = 84  # of 100, rapidfuzz ratio: two wrong letters in ten
_TITLE_LINES = 25  # a title stands in the upper part of a page
_COMPONENT_LIKENESS = 90
_LEGIBLE_WORDS = 15  # fewer words read: the page's kind cannot be told by its look


class Source(StrEnum):
    """Where a claim about a dossier comes from."""

    SHEET = "sheet"
    RECEIPT = "receipt"
    RESULT = "result"  # a code on a page that is neither
    FILE = "file"
    FOLDER = "folder"
    PRINTED = "printed"  # read by OCR on a receipt or sheet whose code does not decode


class Doubt(StrEnum):
    """Why a part waits for a person; the values are codes of `pipeline.errors`."""

    NO_CODE = "NoCode"
    CONFLICT = "Conflict"
    UNREAD = "UnreadPage"


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's word about whose paper this is."""

    source: Source
    number: str | None
    component: str | None = None
    page: int | None = None  # that carries it, in its file; None for names


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """What splitting needs to know of a page."""

    number: int  # in its file, from 1
    codes: tuple[Code, ...] = ()
    blank: bool = False
    failed: bool = False  # could not be read at all
    text: str = ""

    @property
    def empty(self) -> bool:
        """Nothing to keep: a page that bears a code is never that, however white it is."""
        return self.blank and not self.codes


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """One file of what was dropped; `name` without its folder."""

    name: str
    pages: tuple[PageEvidence, ...]
    single_image: bool = False  # a format that holds one page (JPEG, PNG ...)
    aliases: tuple[str, ...] = ()  # names under which the very same bytes were dropped again


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

    claim: Claim | None  # the last receipt, sheet or result above
    doubt: Doubt | None
    claims: tuple[Claim, ...]
    held: bool = False  # all pages wait until the next receipt or sheet, whatever codes they carry
    pages: tuple[PageRef, ...] = ()

    def part(self) -> Part:
        number = self.claim.number if self.claim and not self.doubt else None
        component = self.claim.component if self.claim and not self.doubt else None
        return Part(self.pages, number, component, self.doubt, self.claims)


def split(folder: str | None, files: Iterable[FileEvidence], checklists: Mapping[str, tuple[str, ...]]) -> Split:
    """Decide the documents of one batch.

    `checklists` gives the component names of each dossier number that occurs in the batch and is known to the register; it only
    serves to let a brought-along paper stay where it fits.
    """
    blanks: list[PageRef] = []
    separators: list[PageRef] = []
    parts: list[list[Part]] = []
    sources = tuple(files)
    for position, file in enumerate(sources):
        blanks += [PageRef(position, page.number) for page in file.pages if page.empty]
        separators += [PageRef(position, page.number) for page in file.pages if is_separator(page)]
        parts.append(_split_file(position, file, name_claims(folder, (file.name, *file.aliases)), checklists))
    return Split(_join_images(sources, parts), tuple(blanks), tuple(separators))


def is_separator(page: PageEvidence) -> bool:
    """Whether the page is a sheet of ours or a patch sheet: never part of a document."""
    return _is_patch(page) or any(code.payload.startswith(SHEET_PREFIX) for code in page.codes)


def looks_like_receipt(text: str) -> bool:
    """Whether the page bears the title of a Giấy tiếp nhận hồ sơ và hẹn trả kết quả."""
    return _has_title(text, _RECEIPT_TITLES)


def name_claims(folder: str | None, names: Iterable[str]) -> tuple[Claim, ...]:
    """What the folder and the names of a file say about whose it is."""
    claims = []
    for source, text in ((Source.FOLDER, folder or ""), *((Source.FILE, _SUFFIX.sub("", name)) for name in names)):
        before, _, after = text.partition("__")
        component = after.split(" ")[0].split("__")[0].strip().upper() or None
        claims += [Claim(source, number.text, component) for number in find_numbers(before)]
    return tuple(dict.fromkeys(claims))


def _split_file(position: int, file: FileEvidence, names: tuple[Claim, ...], checklists: Mapping[str, tuple[str, ...]]) -> list[Part]:
    start = _named(names)
    force, done = start, list[_Force]()
    for page in file.pages:
        if page.empty:
            continue
        opened = _opens(page, force, start, checklists)
        if opened is not None:
            done.append(force)
            force = opened
        if not is_separator(page):
            force = replace(force, pages=(*force.pages, PageRef(position, page.number)))
    parts = [_against_names(force, names).part() for force in (*done, force) if force.pages]
    return _distrust_name(parts) if names else parts


def _named(names: tuple[Claim, ...]) -> _Force:
    """What holds before the first receipt or sheet: what the file and its folder say."""
    if not names:
        return _Force(None, Doubt.NO_CODE, ())
    if len({claim.number for claim in names}) > 1:
        return _Force(None, Doubt.CONFLICT, names, held=True)
    return _Force(names[-1], None, names)


def _opens(page: PageEvidence, force: _Force, start: _Force, checklists: Mapping[str, tuple[str, ...]]) -> _Force | None:
    """What this page puts in force from here on; None when it goes with the pages above it."""
    sheets = _sheet_claims(page)
    if sheets:
        return _agreeing(sheets)
    if _is_patch(page):
        return start
    if page.failed:
        return None if start.claim else _Force(None, Doubt.UNREAD, force.claims, held=True)
    numbers = _code_numbers(page)
    if looks_like_receipt(page.text):
        return _receipt(page, numbers, force, start)
    if not numbers:
        dead = _has_dead_code(page) or _has_title(page.text, _SHEET_TITLES)
        return _unreadable(page, start) if dead else None
    return _foreign_code(page, numbers, force, checklists)


def _receipt(page: PageEvidence, numbers: tuple[DossierNumber, ...], force: _Force, start: _Force) -> _Force:
    claims = tuple(Claim(Source.RECEIPT, number.text, None, page.number) for number in numbers)
    if not claims:
        return _unreadable(page, start)
    opened = _agreeing(claims)
    sheet = force.claim
    if sheet is not None and sheet.source is Source.SHEET and not force.pages and {c.number for c in claims} != {sheet.number}:
        return _Force(None, Doubt.CONFLICT, (sheet, *claims), held=True)  # the sheet right above says otherwise
    return opened


def _foreign_code(
    page: PageEvidence, numbers: tuple[DossierNumber, ...], force: _Force, checklists: Mapping[str, tuple[str, ...]]
) -> _Force | None:
    """A page that is neither receipt nor sheet and carries the number of a dossier."""
    claims = tuple(Claim(Source.RESULT, number.text, None, page.number) for number in numbers)
    if len(numbers) > 1:
        return _Force(None, Doubt.CONFLICT, (*force.claims, *claims), held=True)
    in_force = force.claim
    if force.held or (in_force is not None and in_force.number == numbers[0].text):
        return None
    if in_force is None or in_force.source is Source.RESULT:
        component = RESULT if len(page.text.split()) >= _LEGIBLE_WORDS else None
        claim = replace(claims[0], component=component)
        return _Force(claim, None, (claim,))
    if in_force.number and _brought_along(page, numbers[0], in_force.number, checklists):
        return None
    return _Force(None, Doubt.CONFLICT, (*force.claims, *claims), held=True)


def _brought_along(page: PageEvidence, number: DossierNumber, in_force: str, checklists: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether an older dossier's paper fits a component of the dossier in force by its title."""
    holder = parse_number(in_force)
    if holder is None or (number.date, number.sequence) >= (holder.date, holder.sequence):
        return False
    lines = [fold(line) for line in page.text.splitlines()[:_TITLE_LINES]]
    names = [fold(name) for name in checklists.get(in_force, ())]
    return any(fuzz.ratio(name, line) >= _COMPONENT_LIKENESS for name in names for line in lines)


def _sheet_claims(page: PageEvidence) -> tuple[Claim, ...]:
    claims = []
    for code in page.codes:
        if not code.payload.startswith(SHEET_PREFIX):
            continue
        number, _, component = code.payload.removeprefix(SHEET_PREFIX).partition(":")
        parsed = parse_number(number)
        claims.append(Claim(Source.SHEET, parsed.text if parsed else None, component.strip().upper() or None, page.number))
    return tuple(dict.fromkeys(claims))


def _agreeing(claims: tuple[Claim, ...]) -> _Force:
    distinct = {(claim.number, claim.component) for claim in claims}
    if len(distinct) > 1:
        return _Force(None, Doubt.CONFLICT, claims, held=True)
    if claims[0].number is None:
        return _Force(None, Doubt.NO_CODE, claims, held=True)
    return _Force(claims[0], None, claims)


def _unreadable(page: PageEvidence, start: _Force) -> _Force:
    """A receipt or sheet whose code does not decode: its printed numbers are claims, for the name or the catalogue to confirm."""
    printed = tuple(Claim(Source.PRINTED, number.text, None, page.number) for number in find_numbers_in_ocr(page.text))
    if start.claim is not None and {claim.number for claim in printed} == {start.claim.number}:
        return _Force(replace(printed[0], component=start.claim.component), None, (*start.claims, *printed))
    return _Force(None, Doubt.NO_CODE, printed, held=True)


def _code_numbers(page: PageEvidence) -> tuple[DossierNumber, ...]:
    found = [number for code in page.codes if not code.citizen_card for number in find_numbers(code.payload)]
    return tuple(dict.fromkeys(found))


def _is_patch(page: PageEvidence) -> bool:
    return any(code.symbology is Symbology.PATCH_T or code.payload.strip().upper() == PATCH_PAYLOAD for code in page.codes)


def _has_dead_code(page: PageEvidence) -> bool:
    return any(code.symbology is Symbology.UNREADABLE_QR for code in page.codes)


def _has_title(text: str, titles: tuple[str, ...]) -> bool:
    lines = [" ".join(fold(line).split()) for line in text.splitlines()[:_TITLE_LINES]]
    joined = [f"{one} {two}" for one, two in pairwise(lines)]
    return any(fuzz.ratio(title, line) >= _TITLE_LIKENESS for line in (*lines, *joined) for title in titles)


def _against_names(force: _Force, names: tuple[Claim, ...]) -> _Force:
    """Names and codes must agree; a component named by the file holds where the code names none."""
    if force.claim is None or not names or force.claim in names:
        return force
    claims = tuple(dict.fromkeys((*names, *force.claims)))
    if {claim.number for claim in claims} != {force.claim.number}:
        return replace(force, claim=None, doubt=Doubt.CONFLICT, claims=claims)
    named = next((claim.component for claim in reversed(names) if claim.component), None)
    coded = force.claim.component
    if named and coded and named != coded and force.claim.source is Source.SHEET:
        return replace(force, claim=None, doubt=Doubt.CONFLICT, claims=claims)
    component = coded if force.claim.source is Source.SHEET and coded else named or coded
    return replace(force, claim=replace(force.claim, component=component), claims=claims)


def _distrust_name(parts: list[Part]) -> list[Part]:
    """Where a code in the file contradicts the file's name, the name proves nothing about the other pages either."""
    if not any(part.doubt is Doubt.CONFLICT for part in parts):
        return parts
    wrong = next(part for part in parts if part.doubt is Doubt.CONFLICT)
    by_name = {Source.FILE, Source.FOLDER}
    return [
        replace(part, number=None, component=None, doubt=Doubt.CONFLICT, claims=wrong.claims)
        if part.doubt is None and {claim.source for claim in part.claims} <= by_name
        else part
        for part in parts
    ]


def _join_images(files: tuple[FileEvidence, ...], parts: list[list[Part]]) -> tuple[Part, ...]:
    """Consecutive single-page images of one folder that say the same make one document."""
    joined: list[Part] = []
    last_image = False
    for file, own in zip(files, parts, strict=True):
        for part in own:
            mergeable = file.single_image and last_image and part.doubt is None and bool(joined)
            if mergeable and _same(joined[-1], part):
                claims = tuple(dict.fromkeys((*joined[-1].claims, *part.claims)))
                joined[-1] = replace(joined[-1], pages=(*joined[-1].pages, *part.pages), claims=claims)
            else:
                joined.append(part)
        last_image = file.single_image
    return tuple(joined)


def _same(one: Part, two: Part) -> bool:
    named = any(claim.source is Source.FOLDER for claim in two.claims)
    return one.doubt is None and named and (one.number, one.component) == (two.number, two.component)


def numbers_in(files: Iterable[FileEvidence]) -> tuple[str, ...]:
    """Every dossier number that a code or a file name of the batch carries."""
    found: list[DossierNumber] = []
    for file in files:
        found += find_numbers(file.name)
        for page in file.pages:
            found += _code_numbers(page)
            found += [number for claim in _sheet_claims(page) if (number := parse_number(claim.number or ""))]
    return tuple(dict.fromkeys(number.text for number in found))
