"""The pages of what was dropped, their codes and the names -> documents. A pure decision: no images, no register, no clock.

The rules are those of formats.md section 3. Identity never crosses a file, a receipt or sheet that cannot be read still ends the
dossier before it, and whatever two sources say differently is parked with both claims. Whether a number exists, and at whose
office, is for the catalogue to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.evidence import (
    RESULT,
    Claim,
    FileEvidence,
    PageEvidence,
    Source,
    code_numbers,
    is_separator,
    name_claims,
    sheet_claims,
    without_show_through,
)
from pipeline.papers import Checklist
from pipeline.split_force import Force, opened_by, said_by_names, stray
from pipeline.split_parts import Doubt, PageRef, Part, Split

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

RULES = 3
"""Version of the rules: raised when the same evidence would be decided differently."""

_OFFICIAL = 3  # dossiers in whose papers the same person stands


def split(folder: str | None, files: Iterable[FileEvidence], checklists: Mapping[str, Checklist]) -> Split:
    """Decide the documents of one batch.

    `checklists` holds that of each dossier number that occurs in the batch and is known to the register; it only serves to let a
    brought-along paper stay where it fits.
    """
    sources = tuple(without_show_through(file) for file in files)
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
        _split_file(position, file, said_by_names(name_claims(folder, (file.name, *file.aliases))), checklists, telling)
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
    position: int, file: FileEvidence, start: Force, checklists: Mapping[str, Checklist], telling: frozenset[str]
) -> list[Part]:
    force, done = start, list[Force]()
    for page in file.pages:
        if page.empty:
            continue
        opened = opened_by(page, force, start, checklists) or stray(page, force, telling)
        if opened is not None:
            done.append(force)
            force = opened
        if not is_separator(page):
            force = replace(force, pages=(*force.pages, PageRef(position, page.number)))
    parts = [_against_names(force, start).part() for force in (*done, force)]  # a sheet with no page behind it speaks, too
    wrong = next((part for part in parts if part.doubt is Doubt.CONFLICT), None)
    return _distrust(parts, {Source.FILE, Source.FOLDER}, wrong)


# --- names against codes -----------------------------------------------------------------------------------------------------


def _against_names(force: Force, start: Force) -> Force:
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
