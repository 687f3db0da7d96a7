"""The pages of one dossier -> its papers, each with its component of the checklist where its title says so beyond doubt.

Every kind of paper is a document of its own (TT 01/2023/TT-VPCP article 8). A paper begins where a page bears a title, the national motto
or the number 1; pages without any of these go with the paper above. A title counts as a component's only where all its words are those
of that component and of no other; what falls short of that is a candidate for a person to choose from. The result (KQ) is told by the
code that the office prints on what it hands out: of all papers only the result and the application form, which may have been filled in
at the office, carry the number of their own dossier. A paper dated later than the day of receipt was not handed in with the dossier,
whatever its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.evidence import RESULT, PageEvidence, code_numbers, looks_like_office_form
from pipeline.model import Heading
from pipeline.text import fold, is_legible, parse_number

SURE = 0.86
"""Likeness from which a title is taken for a component's without a person; measured by `make bench-identity`."""

UNSURE = 0.8
"""The most that a title is like a name of which it has a word too few or too many."""

_WORTH_SHOWING = 0.55
_SAME_WORD = 0.66  # of its letters: one wrong in three
_MARGIN = 0.08  # by which the best component has to be better than the next
_TITLE_PART = 0.5  # share of the height in which a title stands
_CENTRED = 0.13
_CAPITALS = 0.8
_LARGER = 1.15
_NEIGHBOUR = 0.05  # share of the height between two lines of one title
_MOTTO = ("cong hoa xa hoi chu nghia viet nam", "doc lap tu do hanh phuc")
_NO_TITLE = re.compile(r"^(kinh gui|so \d|so$|ma ho so|ubnd|uy ban nhan dan|can cu|noi nhan|tm|kt|tl|tuq)\b")
_FILLER_WORDS = "theo mau quy dinh ban chinh sao photo chung thuc kem neu co cua nguoi da duoc"
_FILLER = frozenset(_FILLER_WORDS.split())
_ABBREVIATIONS = {
    "gcn": "giay chung nhan",
    "qsdd": "quyen su dung dat",
    "cccd": "can cuoc cong dan",
    "hkd": "ho kinh doanh",
    "ubnd": "uy ban nhan dan",
    "tthn": "tinh trang hon nhan",
    "gks": "giay khai sinh",
}
_FORM = re.compile(r"^(to khai|don|phieu|ban khai|van ban de nghi|giay de nghi)\b")
_DATED = re.compile(r"ngay (\d{1,2}) thang (\d{1,2}) nam (\d{4})\b")
_DATE_PART = 500  # characters from the beginning, in which the day of a paper stands
_LIST = re.compile(r"giay to (gui )?kem|ten giay to|^thanh phan ho so")
_ROW = re.compile(r"^\W*\d{1,2}[\s.,)|]|\s0?\d{1,2}\W*$")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_OR = re.compile(r"\bhoac\b|;|/")
_WORD = re.compile(r"[a-z0-9]+")
_FEWEST_WORDS = 25  # on a page that goes on with the paper above; a card, a photograph or a drawing has fewer
_CARD = ("can cuoc cong dan", "citizen identity card", "chung minh nhan dan")


class Kind(StrEnum):
    """What a paper is to its dossier."""

    PAPER = "paper"
    OFFICE = "receipt"  # the receipt, or another form that the office makes about the dossier: a component of no checklist


@dataclass(frozen=True, slots=True)
class Checklist:
    """What the procedure version of a dossier asks for."""

    procedure: str  # its name
    components: tuple[tuple[str, str], ...] = ()  # code and name, in the order of the register; the result is not among them
    needs_result: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.components)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A component that a title may mean."""

    component: str
    likeness: float  # 0..1


@dataclass(frozen=True, slots=True)
class Paper:
    """A run of pages that make one document; `component` None: undecided, or none of the checklist."""

    pages: tuple[int, ...]  # places in what was given, from 0
    kind: Kind = Kind.PAPER
    component: str | None = None
    candidates: tuple[Candidate, ...] = ()  # the best first, where `component` was not taken from a code


@dataclass(frozen=True, slots=True)
class _Title:
    words: tuple[str, ...]
    prominent: bool  # centred, and in capitals or larger than the rest


@dataclass(slots=True)
class _Growing:
    pages: list[int]
    kind: Kind = Kind.PAPER
    component: str | None = None
    candidates: tuple[Candidate, ...] = field(default_factory=tuple)

    def done(self) -> Paper:
        return Paper(tuple(self.pages), self.kind, self.component, self.candidates)


def part_papers(pages: Sequence[PageEvidence], number: str, checklist: Checklist) -> tuple[Paper, ...]:
    """The papers of the dossier `number` among its pages, in their order; every page is in exactly one."""
    papers: list[_Growing] = []
    for place, page in enumerate(pages):
        begun = _begun(page, number, checklist)
        if begun is not None:
            begun.pages.append(place)
            papers.append(begun)
        elif papers and _goes_on(page, papers[-1]):
            papers[-1].pages.append(place)
        else:
            papers.append(_Growing([place]))
    return tuple(paper.done() for paper in papers)


def candidates_of(page: PageEvidence, checklist: Checklist) -> tuple[Candidate, ...]:
    """The components that a page may be the first of by its title, the best first."""
    titles = tuple(_titles(_unlisted(page)))
    likenesses = {
        code: max((likeness(title.words, name, checklist) for title in titles), default=0.0) for code, name in checklist.components
    }
    ranked = sorted(likenesses.items(), key=lambda one: -one[1])
    return tuple(Candidate(code, round(value, 2)) for code, value in ranked if value >= _WORTH_SHOWING)


def title_of(page: PageEvidence) -> str:
    """The line that looks most like the page's title, as read; empty where none does."""
    prominent = [one for one in page.headings if one.top < _TITLE_PART and _may_be_title(one) and _prominent(one)]
    return max(prominent, key=lambda one: one.size).text if prominent else ""


def _begun(page: PageEvidence, number: str, checklist: Checklist) -> _Growing | None:
    """The paper that begins with this page; None when the page shows no beginning."""
    if looks_like_office_form(page.text):
        return _Growing([], Kind.OFFICE)
    found = candidates_of(page, checklist)
    component = _sure(page, found, checklist)
    form = component is not None and _FORM.match(_plain(dict(checklist.components)[component])) is not None
    coded = any(one.text == number for one in code_numbers(page)) and is_legible(page.text)
    if coded and not form and checklist.needs_result:
        return _Growing([], component=RESULT)
    if component is not None and not form and _is_later(page, number):
        return _Growing([], candidates=(*found, *([Candidate(RESULT, found[0].likeness)] if checklist.needs_result else ())))
    if component is not None:
        return _Growing([], component=component, candidates=found)
    return _Growing([], candidates=found) if found or _begins(page) else None


def _is_later(page: PageEvidence, number: str) -> bool:
    """Whether the paper gives a day after that of the dossier's receipt as its own."""
    received, said = parse_number(number), _DATED.search(" ".join(_WORD.findall(fold(page.text[:_DATE_PART]))))
    if received is None or said is None:
        return False
    day, month, year = (int(part) for part in said.groups())
    return (year, month, day) > (received.date.year, received.date.month, received.date.day)


def _sure(page: PageEvidence, found: tuple[Candidate, ...], checklist: Checklist) -> str | None:
    """The component that the page's title names without doubt."""
    names = dict(checklist.components)
    prominent = [title for title in _titles(_unlisted(page)) if title.prominent]
    best = [
        one for one in found if max((likeness(title.words, names[one.component], checklist) for title in prominent), default=0.0) >= SURE
    ]
    if len(best) != 1 or best[0] is not found[0]:
        return None
    rivals = [one.likeness for one in found[1:]]
    return best[0].component if not rivals or found[0].likeness - max(rivals) >= _MARGIN else None


def _best(titles: Iterable[_Title], name: str, checklist: Checklist) -> float:
    return max((likeness(title.words, name, checklist) for title in titles), default=0.0)


def _begins(page: PageEvidence) -> bool:
    if page.folio is not None:
        return page.folio.number == 1
    upper = [one for one in _unlisted(page) if one.top < 0.35]
    motto = any(fuzz.ratio(_plain(one.text), line) >= 82 for one in upper for line in _MOTTO)
    return motto or any(title.prominent and len(title.words) > 1 for title in _titles(tuple(upper)))


def _goes_on(page: PageEvidence, paper: _Growing) -> bool:
    """Whether a page without a title belongs to the paper above it: an office's form has one page, and a card or a picture is no part of
    what was recognised as a component."""
    if paper.kind is Kind.OFFICE or paper.component is None:
        return paper.kind is not Kind.OFFICE
    if page.folio is not None and page.folio.number > 1:
        return True
    text = _plain(page.text)
    return len(text.split()) >= _FEWEST_WORDS and not any(card in text for card in _CARD)


def _unlisted(page: PageEvidence) -> tuple[Heading, ...]:
    """The headings of a page without what stands in its list of the papers handed in: their names are not its title."""
    lines = [_plain(line) for line in page.text.splitlines()]
    begun = next((place for place, line in enumerate(lines) if _LIST.search(line)), len(lines))
    listed = set(lines[begun:]) - set(lines[:begun])
    return tuple(one for one in page.headings if not _ROW.search(one.text) and _plain(one.text) not in listed)


# --- titles ------------------------------------------------------------------------------------------------------------------


def _titles(headings: tuple[Heading, ...]) -> Iterator[_Title]:
    """The lines that may be a title, and two or three lines of one joined."""
    lines = [one for one in headings if one.top < _TITLE_PART and _may_be_title(one)]
    for one in lines:
        yield _Title(tuple(_plain(one.text).split()), _prominent(one))
    runs = [(first, second) for first, second in pairwise(lines) if second.top - first.top < _NEIGHBOUR]
    for first, second in runs:
        yield _Title(tuple(f"{_plain(first.text)} {_plain(second.text)}".split()), _prominent(first) and _prominent(second))
    for (first, second), (third, fourth) in pairwise(runs):
        if second is third:
            text = f"{_plain(first.text)} {_plain(second.text)} {_plain(fourth.text)}"
            yield _Title(tuple(text.split()), _prominent(first) and _prominent(second) and _prominent(fourth))


def _may_be_title(one: Heading) -> bool:
    plain = _plain(one.text)
    return not _NO_TITLE.match(plain) and not any(fuzz.ratio(plain, line) >= 82 for line in _MOTTO)


def _prominent(one: Heading) -> bool:
    letters = [letter for letter in one.text if letter.isalpha()]
    capitals = len(letters) >= 4 and sum(letter.isupper() for letter in letters) >= _CAPITALS * len(letters)
    return one.off_centre < _CENTRED and (capitals or one.size >= _LARGER)


def likeness(said: Sequence[str], name: str, checklist: Checklist) -> float:
    """How far the words of a title are those of a component's name, 0..1.

    Above `UNSURE` only where no word is missing and none too many, but for words that say nothing of the paper (theo mẫu, bản chính), and
    for the procedure's own behind a general name (`Tờ khai` for `TỜ KHAI ĐĂNG KÝ KHAI TỬ`). Of a name with alternatives the best counts.
    """
    procedure = tuple(_plain(checklist.procedure).split())
    return max((_of_words(tuple(said), tuple(part.split()), procedure) for part in _alternatives(name)), default=0.0)


def _alternatives(name: str) -> Iterable[str]:
    plain = _BRACKETS.sub(" ", fold(name))
    return [part for part in (_plain(part) for part in _OR.split(plain)) if part]


def _plain(text: str) -> str:
    words = _WORD.findall(fold(text))
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def _of_words(said: tuple[str, ...], name: tuple[str, ...], procedure: tuple[str, ...]) -> float:
    if not said or not name:
        return 0.0
    if len(said) != len(name) and _run_together(said, name):
        return 1.0
    pairs = _partners(said, name)
    spoken, meant = {one for one, _ in pairs}, {other for _, other in pairs}
    lacking = [word for place, word in enumerate(name) if place not in meant and word not in _FILLER]
    over = [(place, word) for place, word in enumerate(said) if place not in spoken and word not in _FILLER]
    mean = sum(_same(said[one], name[other]) for one, other in pairs) / max(1, len(pairs))
    if not lacking and not over:
        return mean
    if not lacking and pairs[-1][0] < over[0][0] and all(any(_same(word, own) for own in procedure) for _, word in over):
        return 0.98 * mean
    return min(UNSURE, 2 * mean * len(pairs) / (len(said) + len(name)))


def _run_together(said: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether recognition ran words together or tore them apart, and nothing else."""
    one, other = "".join(said), "".join(name)
    return abs(len(one) - len(other)) <= 1 and fuzz.ratio(one, other) >= 97


def _same(one: str, other: str) -> float:
    """Likeness of two words, 0..1; 0 where they are two words."""
    ratio = fuzz.ratio(one, other) / 100
    return ratio if ratio >= _SAME_WORD else 0.0


def _partners(said: tuple[str, ...], name: tuple[str, ...]) -> list[tuple[int, int]]:
    """The places of the words that are each other's, in order (S. B. Needleman, C. D. Wunsch, 1970, gaps cost nothing)."""
    best = [[0.0] * (len(name) + 1) for _ in range(len(said) + 1)]
    for i, one in enumerate(said, start=1):
        for j, other in enumerate(name, start=1):
            best[i][j] = max(best[i - 1][j], best[i][j - 1], best[i - 1][j - 1] + _same(one, other))
    pairs: list[tuple[int, int]] = []
    i, j = len(said), len(name)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]
