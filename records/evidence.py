"""What splitting has to know of a batch: its pages as they were read, and what the register adds to them.

The register says which components the dossiers named in the batch consist of, and whom a page speaks of: the dossiers whose number, whose
applicant, or whose applicant's identity number stands on it in print. Names are compared without marks, and only those of dossiers that
the same office received at about the time of those in the batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q
from pydantic import TypeAdapter

from pipeline.evidence import FileEvidence, PageEvidence
from pipeline.model import Code, Folio, Heading
from pipeline.papers import Checklist
from pipeline.split import PageRef, numbers_in
from pipeline.text import find_identity_numbers, find_numbers, fold
from records.identity import checklist, fact_of
from records.models import Batch, DossierFact, Page, Scan

CODES = TypeAdapter(tuple[Code, ...])
HEADINGS = TypeAdapter(tuple[Heading, ...])
_SINGLE_IMAGE = {"jpeg", "png", "jp2", "webp", "bmp"}
_AROUND = timedelta(days=45)  # before and after the dossiers of a batch
_MOST_NAMES = 50_000
_SHORTEST_NAME, _LONGEST_NAME = 3, 6  # syllables; shorter ones stand in any text


@dataclass(frozen=True, slots=True)
class Register:
    """What the register adds to the pages of a batch."""

    checklists: Mapping[str, Checklist]  # by dossier number
    speaks_of: Mapping[PageRef, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A batch as splitting takes it; files in the order of their positions, those that are copies of earlier ones left out."""

    folder: str | None
    files: tuple[FileEvidence, ...]
    pages: Mapping[PageRef, Page]
    register: Register


def gather(batch: Batch, now: datetime) -> Gathered:
    """The evidence of a batch whose pages are read or given up."""
    scans = list(batch.scans.filter(duplicate_of=None).order_by("position"))
    pages = {PageRef(n, page.number): page for n, scan in enumerate(scans) for page in scan.pages.select_related("scan").order_by("number")}
    files = tuple(_file(scan, [page for ref, page in pages.items() if ref.file == n]) for n, scan in enumerate(scans))
    folder = batch.name if batch.is_folder else None
    register = look_up(batch.office, folder, files, now)
    return Gathered(folder, informed(files, register.speaks_of), pages, register)


def look_up(office: str, folder: str | None, files: Collection[FileEvidence], now: datetime) -> Register:
    """Ask the register about the numbers that occur in a batch, and about the people its pages name."""
    numbers = numbers_in(folder, files)
    facts = {number: fact for number in numbers if (fact := fact_of(number)) is not None}
    checklists = {number: found for number, fact in facts.items() if (found := checklist_of(fact, now)) is not None}
    return Register(checklists, _speaks_of(office, files, facts, now))


def checklist_of(fact: DossierFact, now: datetime) -> Checklist | None:
    """What the procedure version valid on the day of receipt asks for; None where there is none."""
    procedure = checklist(fact, now)
    if procedure is None:
        return None
    components = tuple((component.code, component.name) for component in procedure.components.all())
    return Checklist(procedure.name, components, procedure.needs_result)


def informed(files: Iterable[FileEvidence], speaks_of: Mapping[PageRef, frozenset[str]]) -> tuple[FileEvidence, ...]:
    """The files, each page knowing whom it speaks of."""
    return tuple(
        replace(file, pages=tuple(replace(page, speaks_of=speaks_of.get(PageRef(place, page.number), frozenset())) for page in file.pages))
        for place, file in enumerate(files)
    )


def strangers(
    office: str, papers: Mapping[str, Sequence[str]], known: Mapping[str, DossierFact], now: datetime
) -> dict[str, frozenset[str]]:
    """Of the texts of the pages that wait for each dossier: whom a page speaks of that does not speak of its own dossier."""
    facts = {number: fact for number in papers if (fact := known.get(number) or fact_of(number)) is not None}
    files = tuple(
        FileEvidence(number, tuple(PageEvidence(place, text=text) for place, text in enumerate(texts, start=1)))
        for number, texts in papers.items()
    )
    found = _speaks_of(office, files, facts, now)
    return {
        file.name: others
        for place, file in enumerate(files)
        for page in file.pages
        if (others := found.get(PageRef(place, page.number), frozenset())) and file.name not in others
    }


def evidence_of(page: Page) -> PageEvidence:
    """A page as splitting takes it."""
    return PageEvidence(
        number=page.number,
        codes=CODES.validate_python(page.codes),
        blank=page.blank,
        failed=page.state == Page.State.FAILED,
        text=page.text,
        headings=HEADINGS.validate_python(page.headings),
        folio=Folio(page.folio, page.folio_total) if page.folio else None,
        printed=tuple(page.printed_numbers),
        kept=page.ruled_blank is False,
    )


def _file(scan: Scan, pages: list[Page]) -> FileEvidence:
    aliases = tuple(path.rsplit("/", 1)[-1] for path in scan.duplicates.order_by("received_at", "path").values_list("path", flat=True))
    evidence = tuple(evidence_of(page) for page in pages)
    return FileEvidence(scan.path.rsplit("/", 1)[-1], evidence, scan.format in _SINGLE_IMAGE, aliases)


# --- whom a page speaks of ---------------------------------------------------------------------------------------------------


def _speaks_of(
    office: str, files: Collection[FileEvidence], facts: Mapping[str, DossierFact], now: datetime
) -> dict[PageRef, frozenset[str]]:
    texts = {PageRef(place, page.number): page.text for place, file in enumerate(files) for page in file.pages if page.text}
    identities = {ref: find_identity_numbers(text) for ref, text in texts.items()}
    by_identity = _numbers_of_identities(office, frozenset().union(*identities.values()))
    by_name = _numbers_of_names(office, facts, now)
    printed = {ref: frozenset(number.text for number in find_numbers(text)) for ref, text in texts.items()}
    known = set(_known(frozenset().union(*printed.values())))
    found = {}
    for ref, text in texts.items():
        dossiers = {number for one in identities[ref] for number in by_identity.get(one, ())}
        dossiers |= printed[ref] & known
        dossiers |= {number for name in names_in(text, by_name) for number in by_name[name]}
        if dossiers:
            found[ref] = frozenset(dossiers)
    return found


def _known(numbers: Collection[str]) -> Iterable[str]:
    return DossierFact.objects.filter(known_to=None, dossier__number__in=list(numbers)).values_list("dossier__number", flat=True)


def _numbers_of_identities(office: str, identities: Collection[str]) -> dict[str, set[str]]:
    rows = DossierFact.objects.filter(Q(receiving=office) | Q(executing=office), known_to=None, identity_number__in=list(identities))
    found: dict[str, set[str]] = defaultdict(set)
    for identity, number in rows.values_list("identity_number", "dossier__number") if identities else ():
        found[identity].add(number)
    return found


def _numbers_of_names(office: str, facts: Mapping[str, DossierFact], now: datetime) -> dict[str, set[str]]:
    """Folded names of applicants and the dossiers they applied for: those of the batch, and of the office at about their time."""
    found: dict[str, set[str]] = defaultdict(set)
    for number, fact in facts.items():
        found[_folded(fact.applicant)].add(number)
    days = [fact.received_at for fact in facts.values() if fact.received_at is not None]
    if days:
        about = Q(received_at__gte=min(days) - _AROUND, received_at__lte=max(days) + _AROUND)
        rows = DossierFact.objects.filter(Q(receiving=office) | Q(executing=office), about, known_to=None).exclude(applicant="")
        for name, number in rows.values_list("applicant", "dossier__number")[:_MOST_NAMES]:
            folded = _folded(name)
            if _SHORTEST_NAME <= len(folded.split()) <= _LONGEST_NAME:
                found[folded].add(number)
    found.pop("", None)
    return found


def names_in(text: str, names: Collection[str]) -> set[str]:
    """Which of the folded names stand in a text, as whole words one after the other."""
    words = _folded(text).split()
    lengths = {len(name.split()) for name in names}
    return {name for start in range(len(words)) for length in lengths if (name := " ".join(words[start : start + length])) in names}


def _folded(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())
