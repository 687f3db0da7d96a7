"""What a page and the names of a file say about whose paper it is: claims, nothing decided yet.

Codes are believed as read, titles are told by likeness, and a number that was only recognised stays a claim of its own kind.
Which claim holds for which page is for `split` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.model import Box, Code, Folio, Heading, Symbology
from pipeline.text import DossierNumber, find_impossible_numbers, find_numbers, find_numbers_in_ocr, fold, parse_number

SHEET_PREFIX = "SOHOA:"
PATCH_PAYLOAD = "PATCHT"
RESULT = "KQ"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_RECEIPT_TITLES = ("giay tiep nhan ho so va hen tra ket qua", "giay tiep nhan ho so")
_SHEET_TITLES = ("to ngan cach ho so", "to phan cach ho so", "to ngan cach", "to ngan cach tai lieu", "to phan cach tai lieu")
_OFFICE_TITLES = (  # forms that go with a receipt (TT 01/2018/TT-VPCP annex), made by the office and a component of no checklist
    *_RECEIPT_TITLES,
    "giay bien nhan ho so",
    "bien nhan ho so",
    "phieu tiep nhan ho so",
    "phieu hen tra ket qua",
    "phieu yeu cau bo sung hoan thien ho so",
    "phieu yeu cau bo sung ho so",
    "phieu tu choi tiep nhan giai quyet ho so",
    "phieu tu choi tiep nhan ho so",
    "phieu xin loi va hen lai ngay tra ket qua",
    "phieu kiem soat qua trinh giai quyet ho so",
)
_TITLE_LIKENESS = 84  # of 100, rapidfuzz ratio: two wrong letters in ten
_COMPONENT_LIKENESS = 90
_TITLE_LINES = 25  # a title stands in the upper part of a page


class Source(StrEnum):
    """Where a claim about a dossier comes from."""

    SHEET = "sheet"
    RECEIPT = "receipt"
    RESULT = "result"  # a code on a page that is neither
    FILE = "file"
    FOLDER = "folder"
    PRINTED = "printed"  # read by OCR on a receipt or sheet whose code does not decode
    PERSON = "person"  # the page names the applicant of that dossier, or its number in print, and not the one in force


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's word about whose paper this is; `number` None: it should say, but cannot be read."""

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
    headings: tuple[Heading, ...] = ()
    folio: Folio | None = None
    printed: tuple[str, ...] = ()  # dossier numbers read once more from its head
    speaks_of: frozenset[str] = frozenset()  # dossiers of the register whose number, applicant or his identity number it bears in print
    kept: bool = False  # a person said that there is something on it

    @property
    def empty(self) -> bool:
        """Nothing to keep: a page that bears a code is never that, however white it is."""
        return self.blank and not self.codes and not self.kept


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """One file of what was dropped; `name` without its folder."""

    name: str
    pages: tuple[PageEvidence, ...]
    single_image: bool = False  # a format that holds one page (JPEG, PNG ...)
    aliases: tuple[str, ...] = ()  # names under which the very same bytes were dropped again


def without_show_through(file: FileEvidence) -> FileEvidence:
    """The file, whose blank backs bear no code: what is seen of one there is that of the front, mirrored, at the same height."""
    pages = list(file.pages)
    for place, (front, back) in enumerate(pairwise(file.pages), start=1):
        if back.blank and back.codes and all(_shines_through(code, front) for code in back.codes):
            pages[place] = replace(back, codes=())
    return replace(file, pages=tuple(pages))


def _shines_through(code: Code, front: PageEvidence) -> bool:
    return any(
        own.symbology is Symbology.QR and (code.payload == own.payload if code.payload else _at_one_height(code.box, own.box))
        for own in front.codes
    )


def _at_one_height(one: Box, other: Box) -> bool:
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common >= 0.5 * min(one.bottom - one.top, other.bottom - other.top)


# --- names -------------------------------------------------------------------------------------------------------------------


def name_claims(folder: str | None, names: Iterable[str]) -> tuple[Claim, ...]:
    """What the folder and the names of a file say about whose it is."""
    claims = []
    for source, text in ((Source.FOLDER, folder or ""), *((Source.FILE, _SUFFIX.sub("", name)) for name in names)):
        before, _, after = text.partition("__")
        component = after.split(" ")[0].split("__")[0].strip().upper() or None
        claims += [Claim(source, number.text, component) for number in find_numbers(before)]
        claims += [Claim(source, number, component) for number in find_impossible_numbers(before)]
    return tuple(dict.fromkeys(claims))


# --- codes -------------------------------------------------------------------------------------------------------------------


def sheet_claims(page: PageEvidence) -> tuple[Claim, ...]:
    """What the codes of separator sheets on the page say."""
    claims = []
    for code in page.codes:
        if not code.payload.startswith(SHEET_PREFIX):
            continue
        number, _, component = code.payload.removeprefix(SHEET_PREFIX).partition(":")
        parsed, impossible = parse_number(number), find_impossible_numbers(number)
        said = parsed.text if parsed else next(iter(impossible), None)
        claims.append(Claim(Source.SHEET, said, component.strip().upper() or None, page.number))
    return tuple(dict.fromkeys(claims))


def code_numbers(page: PageEvidence) -> tuple[DossierNumber, ...]:
    """The dossier numbers in the codes of the page; those of sheets and of citizen cards are none."""
    others = [code for code in page.codes if not code.citizen_card and not code.payload.startswith(SHEET_PREFIX)]
    return tuple(dict.fromkeys(number for code in others for number in find_numbers(code.payload)))


def impossible_numbers(page: PageEvidence) -> tuple[str, ...]:
    """What the codes of the page give as the number of a dossier and cannot be one."""
    others = [code for code in page.codes if not code.citizen_card and not code.payload.startswith(SHEET_PREFIX)]
    return tuple(dict.fromkeys(number for code in others for number in find_impossible_numbers(code.payload)))


def is_possible(number: str | None) -> bool:
    """Whether a claimed number can be that of a dossier; where none could be read, nothing is wrong with it."""
    return number is None or parse_number(number) is not None


def is_patch(page: PageEvidence) -> bool:
    """Whether a patch code says that a new document starts here."""
    return any(code.symbology is Symbology.PATCH_T or code.payload.strip().upper() == PATCH_PAYLOAD for code in page.codes)


def has_dead_code(page: PageEvidence) -> bool:
    """Whether a QR was seen that does not decode."""
    return any(code.symbology is Symbology.UNREADABLE_QR for code in page.codes)


def is_separator(page: PageEvidence) -> bool:
    """Whether the page is a separator or patch sheet and nothing else: never part of a document.

    A sheet whose code does not decode is one still, by its title. A receipt with a sheet's label on it, or a sheet that shares its
    page with another dossier's code, is a paper to keep.
    """
    if page.empty or page.failed or (looks_like_receipt(page.text) and not looks_like_sheet(page.text)):
        return False
    numbers = {number.text for number in code_numbers(page)}
    if sheet_claims(page):
        return numbers <= {claim.number for claim in sheet_claims(page)}
    return not numbers and (is_patch(page) or looks_like_sheet(page.text))


# --- print -------------------------------------------------------------------------------------------------------------------


def printed_claims(page: PageEvidence) -> tuple[Claim, ...]:
    """The numbers recognised on a receipt or sheet without a readable code; one claim without a number where there are none."""
    numbers = dict.fromkeys((*page.printed, *(number.text for number in find_numbers_in_ocr(page.text))))
    found = tuple(Claim(Source.PRINTED, number, None, page.number) for number in numbers)
    return found or (Claim(Source.PRINTED, None, None, page.number),)


def looks_like_receipt(text: str) -> bool:
    """Whether the page bears the title of a Giấy tiếp nhận hồ sơ và hẹn trả kết quả."""
    return _has_title(text, _RECEIPT_TITLES, _TITLE_LIKENESS)


def looks_like_office_form(text: str) -> bool:
    """Whether the page bears the title of a receipt or of another form that the office makes about a dossier."""
    return _has_title(text, _OFFICE_TITLES, _TITLE_LIKENESS)


def looks_like_sheet(text: str) -> bool:
    """Whether the page bears the title of a separator or patch sheet."""
    return _has_title(text, _SHEET_TITLES, _TITLE_LIKENESS)


def is_titled(text: str, names: Iterable[str]) -> bool:
    """Whether the page bears one of the names of papers as its title."""
    folded = (" ".join(fold(name).split()) for name in names)
    return _has_title(text, tuple(name for name in folded if name), _COMPONENT_LIKENESS)


def _has_title(text: str, titles: tuple[str, ...], likeness: int) -> bool:
    lines = [line for line in (" ".join(fold(line).split()) for line in text.splitlines()[:_TITLE_LINES]) if line]
    joined = [f"{one} {two}" for one, two in pairwise(lines)]
    return any(fuzz.ratio(title, line) >= likeness for line in (*lines, *joined) for title in titles)
