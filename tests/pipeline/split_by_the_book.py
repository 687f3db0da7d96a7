"""Section 3 of formats.md told a second time: slow, plain, and by another road than `pipeline.split`, to be held against it.

It knows what was put on each side of paper, not what could be seen of it, and shares no code with the product. A file is cut into
reaches at every receipt, sheet, patch or page that may have been one; each reach has its word by itself, then loses what its own pages
contradict, and at last names and words are laid side by side. Of strangers (ADR 18) it knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

NOBODY, CONFLICT, IMPOSSIBLE, UNREAD = "NoCode", "Conflict", "ImpossibleNumber", "UnreadPage"


@dataclass(frozen=True)
class Side:
    """A side of paper and what was put on it. `kind`: receipt, sheet, patch, paper, blank, failed."""

    kind: str
    codes: tuple[str, ...] = ()  # dossier numbers in its codes, those of sheets apart
    sheets: tuple[tuple[str, str], ...] = ()  # what separator codes on it say: number, component or nothing
    printed: tuple[str, ...] = ()  # numbers that can be read in print
    dead: bool = False  # a QR that does not decode
    patch: bool = False  # a patch code on what is no patch sheet
    fits: bool = False  # the title of a component that the checklist asks for
    legible: bool = True
    extra: str = ""  # card, payment: a code that is no dossier's
    speaks_of: frozenset[str] = frozenset()

    @property
    def separates(self) -> bool:
        """A separator or patch sheet and nothing else."""
        if self.sheets:
            return self.kind == "sheet" and set(self.codes) <= {number for number, _ in self.sheets}
        return self.kind in ("sheet", "patch") and not self.codes

    @property
    def kept(self) -> bool:
        return self.kind != "blank" and not self.separates

    @property
    def marks(self) -> bool:
        """Nothing above it speaks for what follows."""
        if self.kind in ("blank", "failed"):
            return False
        return bool(self.sheets) or self.patch or self.kind in ("receipt", "sheet", "patch") or (self.dead and not self.codes)


@dataclass(frozen=True)
class Name:
    """What a file or folder is called after."""

    number: str
    component: str = ""


@dataclass(frozen=True)
class Scan:
    """A dropped file; `names` are its own and those of its copies, None for one that says nothing."""

    sides: tuple[Side, ...]
    names: tuple[Name | None, ...] = (None,)
    image: bool = False


@dataclass(frozen=True)
class Word:
    """Whose the pages are, or why they wait."""

    number: str = ""
    component: str = ""
    by: str = ""  # name, print (and a name), sheet, receipt, result
    doubt: str = ""
    suspects: frozenset[str] = frozenset()  # numbers that a person will be shown, where nobody is believed
    closed: bool = False  # codes of other papers start nothing here


@dataclass
class Run:
    """Pages that follow one word."""

    word: Word
    sides: list[int]  # places in the file, sheets and blanks left out


def by_the_book(folder: Name | None, scans: Sequence[Scan], impossible: str) -> list[str]:
    """What becomes of every page, written as `split_pages.told` does."""
    runs = [_runs(scan, _called(folder, scan, impossible), impossible) for scan in scans]
    if folder is not None and any(_denies(folder, scan, impossible) for scan in scans):
        runs = [[_without_folder(run, scan) for run in own] for scan, own in zip(scans, runs, strict=True)]
    lines: list[str] = []
    before: Word | None = None  # of the last page, while pictures may still be joined
    for scan, own in zip(scans, runs, strict=True):
        starts = {run.sides[0]: run.word for run in own if run.sides}
        inside = {side: run.word for run in own for side in run.sides}
        for place, side in enumerate(scan.sides):
            before = before if scan.image and not side.separates else None
            if not side.kept:
                lines.append("blank" if side.kind == "blank" else "separator")
                continue
            word = inside[place]
            joins = folder is not None and before is not None and not word.doubt and word.by == "name" and _same(before, word)
            lines.append(("|" if place in starts and not joins else "") + _written(word))
            before = word if scan.image else None
    return lines


def _same(one: Word, other: Word) -> bool:
    return (one.number, one.component, one.doubt) == (other.number, other.component, other.doubt)


def _written(word: Word) -> str:
    return word.doubt or f"{word.number}/{word.component or '-'}"


# --- names -------------------------------------------------------------------------------------------------------------------


def _called(folder: Name | None, scan: Scan, impossible: str) -> Word:
    """The word of the names, before any page has spoken."""
    names = {name for name in (folder, *scan.names) if name is not None}
    numbers, components = {name.number for name in names}, {name.component for name in names} - {""}
    suspects = frozenset(numbers)
    if not names:
        return Word(doubt=NOBODY)
    if len(numbers) > 1 or len(components) > 1:
        return Word(doubt=CONFLICT, suspects=suspects, closed=True)
    if numbers == {impossible}:
        return Word(doubt=IMPOSSIBLE, suspects=suspects, closed=True)
    return Word(numbers.pop(), components.pop() if components else "", by="name", suspects=suspects)


def _denies(folder: Name, scan: Scan, impossible: str) -> bool:
    """Whether a receipt or sheet in the file can be read and is that of a dossier other than the folder's."""
    said = {number for side in scan.sides for number, _ in side.sheets}
    said |= {number for side in scan.sides if side.kind == "receipt" and not side.sheets for number in side.codes}
    return bool(said - {folder.number, impossible, "?"})


def _without_folder(run: Run, scan: Scan) -> Run:
    only_folder = run.word.by == "name" and not any(scan.names)
    return replace(run, word=Word(doubt=CONFLICT)) if only_folder else run


# --- reaches -----------------------------------------------------------------------------------------------------------------


def _runs(scan: Scan, called: Word, impossible: str) -> list[Run]:
    sides = scan.sides
    heads = [place for place, side in enumerate(sides) if side.marks]
    runs: list[Run] = []
    for top, bottom in zip([-1, *heads], [*heads, len(sides)], strict=True):
        word = called if top < 0 else _head(sides[top], called, runs[-1], impossible)
        start = Run(word, [])
        runs += _cut(start, [(place, sides[place]) for place in range(max(top, 0), bottom)], called)
    agreed = [replace(run, word=_beside(run.word, called)) for run in runs]
    if any(run.word.doubt == CONFLICT for run in agreed):
        agreed = [replace(run, word=Word(doubt=CONFLICT)) if run.word.by == "name" else run for run in agreed]
    return agreed


def _head(side: Side, called: Word, above: Run, impossible: str) -> Word:
    """The word of a receipt, a sheet, a patch, or of what can no longer be read."""
    real = tuple(dict.fromkeys(code for code in side.codes if code != impossible))
    if side.sheets:
        said = {number for number, _ in side.sheets}
        others = set(real) - said
        if len({*side.sheets}) > 1 or others:
            return _closed(CONFLICT, said | others)
        number, component = side.sheets[0]
        return _agreed({number}, "sheet", component, impossible)
    if side.kind == "receipt":
        return _receipt(side, real, called, above, impossible)
    if side.patch or side.kind == "patch":
        return called
    return _dead(side, (), called)


def _agreed(numbers: set[str], by: str, component: str, impossible: str) -> Word:
    if len(numbers) > 1:
        return _closed(CONFLICT, numbers)
    (number,) = numbers
    if number in ("?", impossible):
        return _closed(NOBODY if number == "?" else IMPOSSIBLE, numbers - {"?"})
    return Word(number, component, by, suspects=frozenset(numbers))


def _closed(doubt: str, suspects: Iterable[str]) -> Word:
    return Word(doubt=doubt, suspects=frozenset(suspects), closed=True)


def _receipt(side: Side, real: tuple[str, ...], called: Word, above: Run, impossible: str) -> Word:
    sheet = above.word if above.word.by == "sheet" and not side.patch else None
    touching = sheet is not None and not above.sides
    if not side.codes:
        return _dead(side, (sheet,) if sheet is not None and touching else (), called)
    if not real:
        return _agreed(set(side.codes), "receipt", "", impossible)
    if sheet is not None and set(real) != {sheet.number}:
        photocopy = sheet.component and (side.fits or any(older(number, sheet.number) for number in real))
        if touching or photocopy:
            return _closed(CONFLICT, {*real, sheet.number})
    return _agreed(set(real), "receipt", "", impossible)


def _dead(side: Side, sheets: tuple[Word, ...], called: Word) -> Word:
    """No code to go by: its print is believed where a name or the sheet upon it says the same, and nobody says otherwise."""
    believable = [*([called] if called.by == "name" else []), *sheets]
    said = {*side.printed, *called.suspects, *(word.number for word in sheets)}
    if believable and side.printed and len(said) == 1:
        best = believable[-1]
        return replace(best, by="print" if best.by == "name" else best.by)
    against = bool(side.printed) and bool(called.suspects or sheets)
    return _closed(CONFLICT if against else NOBODY, said)


# --- what the pages of a reach say against its word --------------------------------------------------------------------------


def _cut(start: Run, pages: Sequence[tuple[int, Side]], called: Word) -> list[Run]:
    runs = [start]
    for place, side in pages:
        if side.kind == "failed":
            other = _after_failure(runs[-1].word, called)
        elif side.kind in ("paper", "patch"):
            other = _coded(side, runs[-1].word)
        else:
            other = None
        if other is not None:
            runs.append(Run(other, []))
        if side.kept:
            runs[-1].sides.append(place)
    return runs


def _after_failure(word: Word, called: Word) -> Word | None:
    if word.doubt == CONFLICT:
        return None
    if not called.number:
        return _closed(UNREAD, ())
    return called if word.by == "sheet" else None


def _coded(side: Side, word: Word) -> Word | None:
    numbers = tuple(dict.fromkeys(side.codes))
    if not numbers:
        return None
    against = _closed(CONFLICT, ())
    if word.closed:
        waits_for = word.suspects if word.doubt == NOBODY else frozenset[str]()
        return against if waits_for and not set(numbers) <= waits_for else None
    if len(numbers) > 1:
        return against
    (number,) = numbers
    if number == word.number:
        return None
    if word.by in ("", "result"):
        return Word(number, "KQ" if side.legible else "", "result")
    return None if side.fits and older(number, word.number) else against


def older(number: str, than: str) -> bool:
    """By the day in it; of one day, by the count of one office."""
    (office, day, count), (other_office, other_day, other_count) = (one.rsplit("-", 2) for one in (number, than))
    return day < other_day or (day == other_day and office == other_office and count < other_count)


# --- words beside names ------------------------------------------------------------------------------------------------------


def _beside(word: Word, called: Word) -> Word:
    if word.doubt or word.by in ("name", "print") or not called.suspects:
        return word
    components = {word.component, called.component} - {""}
    if called.number != word.number or len(components) > 1:
        return Word(doubt=CONFLICT)
    return replace(word, component=components.pop() if components else "")
