"""What holds for every stream of pages, whatever came through the feeder: tried on random ones, and the rules told a second time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pipeline.evidence import FileEvidence, PageEvidence, Source, is_separator, name_claims, without_show_through
from pipeline.model import Code, Symbology
from pipeline.split import Doubt, PageRef, Part, Split, split
from tests.pipeline.split_by_the_book import Name, Scan, Side, by_the_book, older
from tests.pipeline.split_pages import (
    CARD,
    CHECKLISTS,
    DEAD,
    IMPOSSIBLE,
    OLD,
    OLDER,
    PAPER,
    PROSE,
    RECEIPT,
    SHEET,
    SHORT,
    A,
    B,
    C,
    page,
    qr,
    receipt,
    stack,
    told,
)
from tests.pipeline.split_streams import NUMBERS, SIDES, TALKATIVE, Batch, batches, numbers_of, scans

BATCHES = batches(SIDES)
TALKING = batches(TALKATIVE)
NAMELESS = st.builds(lambda scan: Batch(None, (replace(scan, names=(None,)),)), scans(SIDES))


def many(count: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(max_examples=count, deadline=None)


def bare(batch: Batch) -> Batch:
    """The same where no page names anybody."""
    return replace(
        batch, scans=tuple(replace(scan, sides=tuple(replace(s, speaks_of=frozenset()) for s in scan.sides)) for scan in batch.scans)
    )


def names_say(batch: Batch, file: int) -> set[str]:
    return {number for number, _ in batch.words(file)}


# --- the rules told a second time --------------------------------------------------------------------------------------------


@many(2500)
@given(BATCHES)
@example(Batch(None, (Scan((Side("paper"), Side("sheet", sheets=((B, ""),))), (Name(A),)),)))
@example(Batch(Name(A), (Scan((Side("sheet", sheets=((B, ""),)),), image=True), Scan((Side("paper"),), image=True))))
@example(Batch(Name(A), (Scan((Side("receipt", (A, B)),), image=True), Scan((Side("paper"),), image=True))))
def test_splitting_is_that_of_the_book(batch: Batch) -> None:
    told_again = by_the_book(batch.folder, batch.scans, IMPOSSIBLE)
    assert batch.told() == [_shortened(line) for line in told_again]


def _shortened(line: str) -> str:
    for number, short in SHORT.items():
        line = line.replace(number, short)
    return line


# --- every page once ---------------------------------------------------------------------------------------------------------


@many(1200)
@given(TALKING)
def test_every_page_exactly_once_in_order_and_without_gaps(batch: Batch) -> None:
    done = batch.split()
    every = [PageRef(place, n) for place, scan in enumerate(batch.scans) for n in range(1, len(scan.sides) + 1)]
    parted = [ref for part in done.parts for ref in part.pages]
    assert sorted([*parted, *done.blanks, *done.separators], key=_place) == every
    assert parted == sorted(parted, key=_place)  # nothing of another document lies between two pages of one
    assert done.blanks == tuple(ref for ref in every if batch.side(ref).kind == "blank")
    assert done.separators == tuple(ref for ref in every if batch.side(ref).separates)
    for part in done.parts:
        assert part.pages and (part.number is None) == (part.doubt is not None)
        files = {ref.file for ref in part.pages}
        assert len(files) == 1 or all(batch.scans[file].image for file in range(min(files), max(files) + 1))


def _place(ref: PageRef) -> tuple[int, int]:
    return ref.file, ref.page


@many(300)
@given(TALKING)
def test_the_same_batch_is_split_in_the_same_way(batch: Batch) -> None:
    assert batch.split() == batch.split() == split(batch.folder_name, iter(batch.files), dict(reversed(list(CHECKLISTS.items()))))


@many(500)
@given(BATCHES, st.data())
def test_a_blank_page_changes_nothing_else(batch: Batch, data: st.DataObject) -> None:
    several = [place for place, scan in enumerate(batch.scans) if not scan.image]
    assume(several)
    place = data.draw(st.sampled_from(several))
    sides = batch.scans[place].sides
    at = data.draw(st.integers(0, len(sides)))
    lines, blank = batch.told(), sum(len(scan.sides) for scan in batch.scans[:place]) + at
    assert batch.with_scan(place, (*sides[:at], Side("blank"), *sides[at:])).told() == [*lines[:blank], "blank", *lines[blank:]]


@many(500)
@given(NAMELESS, st.lists(st.booleans(), min_size=10, max_size=10))
def test_blank_backs_through_which_the_front_shines_change_nothing_else(batch: Batch, mirrored: list[bool]) -> None:
    """From a two-sided scanner: a QR is seen on the back as one that does not decode, or is decoded there once more."""
    (file,) = batch.files
    fronts = zip(file.pages, mirrored, strict=False)
    laid = [side for front, dead in fronts for side in (front, PageEvidence(0, _shining(front.codes, dead), blank=True))]
    lines = told(split(None, [stack(*laid)], CHECKLISTS), (stack(*laid),))
    assert lines[::2] == batch.told() and set(lines[1::2]) <= {"blank"}


def _shining(codes: tuple[Code, ...], dead: bool) -> tuple[Code, ...]:
    qrs = [code for code in codes if code.symbology is Symbology.QR]
    return tuple(replace(DEAD, box=code.box) if dead else code for code in qrs)


# --- names and numbers -------------------------------------------------------------------------------------------------------

DUMB = st.sampled_from(
    ["scan.pdf", "0001.TIF", "Hồ sơ sáng thứ hai (2).pdf", "H51.20.pdf", "211116-0007.jpg", "KQ.pdf", "__TP1.pdf", ".pdf", ""]
)


@many(400)
@given(BATCHES, st.lists(DUMB, min_size=8, max_size=8), st.randoms(use_true_random=False))
def test_names_that_say_nothing_say_nothing(batch: Batch, others: list[str], random: object) -> None:
    def renamed(place: int, file: FileEvidence) -> FileEvidence:
        names = [name if name_claims(None, [name]) else others[(2 * place + n) % 8] for n, name in enumerate((file.name, *file.aliases))]
        return replace(file, name=names[0], aliases=tuple(names[1:]))

    files = tuple(renamed(place, file) for place, file in enumerate(batch.files))
    folder = batch.folder_name or others[0]
    assert split(folder, files, CHECKLISTS) == batch.split()


@many(300)
@given(BATCHES)
def test_under_which_of_its_names_a_file_came_first_says_nothing(batch: Batch) -> None:
    swapped = replace(batch, scans=tuple(replace(scan, names=scan.names[::-1]) for scan in batch.scans))
    assert swapped.told() == batch.told()


@many(400)
@given(TALKING)
def test_numbers_count_by_their_age_alone(batch: Batch) -> None:
    """Other dossiers in the same order of age, and the same outcome. Nothing else about a number decides."""
    others = {
        A: "H13.07.2-241231-0100",
        B: "H13.07.2-241231-0200",
        C: "H13-250101-0001",
        OLD: "H39.1-000229-0009",
        OLDER: "H53.9-000228-9999",
    }
    renamed = split(
        _mapped(batch.folder_name or "", others),
        [_mapped_file(file, others) for file in batch.files],
        dict.fromkeys(others.values(), CHECKLISTS[A]),
    )
    back = {new: old for old, new in others.items()}
    assert (
        told(replace(renamed, parts=tuple(replace(part, number=back.get(part.number or "")) for part in renamed.parts)), batch.files)
        == batch.told()
    )


def _mapped(text: str, others: dict[str, str]) -> str:
    for number, other in others.items():
        text = text.replace(number, other)
    return text


def _mapped_file(file: FileEvidence, others: dict[str, str]) -> FileEvidence:
    def mapped(one: PageEvidence) -> PageEvidence:
        codes = tuple(replace(code, payload=_mapped(code.payload, others)) for code in one.codes)
        return replace(one, codes=codes, text=_mapped(one.text, others), speaks_of=frozenset(others[number] for number in one.speaks_of))

    pages = tuple(mapped(one) for one in file.pages)
    return replace(file, name=_mapped(file.name, others), aliases=tuple(_mapped(name, others) for name in file.aliases), pages=pages)


# --- from file to file -------------------------------------------------------------------------------------------------------


def _alone(batch: Batch, place: int) -> list[Part]:
    done = split(batch.folder_name, [batch.files[place]], CHECKLISTS)
    return [replace(part, pages=tuple(PageRef(place, ref.page) for ref in part.pages)) for part in done.parts]


@many(700)
@given(BATCHES)
def test_without_a_telling_folder_a_file_is_split_as_if_it_lay_alone(batch: Batch) -> None:
    loose = replace(batch, folder=None)
    assert list(loose.split().parts) == [part for place in range(len(loose.scans)) for part in _alone(loose, place)]


@many(700)
@given(BATCHES)
def test_in_a_telling_folder_other_files_only_shake_the_folders_word(batch: Batch) -> None:
    """Pages that the folder alone speaks for wait where a receipt or sheet in another file is another dossier's. No other page cares."""
    assume(batch.folder is not None)
    together = {ref: part for part in batch.split().parts for ref in part.pages}
    for place in range(len(batch.scans)):
        for part in _alone(batch, place):
            for ref in part.pages:
                now = together[ref]
                if (now.number, now.component, now.doubt) != (part.number, part.component, part.doubt):
                    assert now.doubt is Doubt.CONFLICT
                    assert {claim.source for claim in part.claims} == {Source.FOLDER}
                    assert any(_is_anothers(side, names_say(batch, place)) for scan in batch.scans for side in scan.sides)


def _is_anothers(side: Side, numbers: set[str]) -> bool:
    said = {number for number, _ in side.sheets} | (set(side.codes) if side.kind == "receipt" else set())
    return bool(said - numbers)


@many(700)
@given(TALKING)
def test_naming_others_only_ever_makes_pages_wait(batch: Batch) -> None:
    """Whatever people the pages of all files name, no page goes to a dossier where it would not be if nobody were named."""
    silent = numbers_of(bare(batch).split())
    assert all(number in (None, silent[ref]) for ref, number in numbers_of(batch.split()).items())


# --- whose an attached page is -----------------------------------------------------------------------------------------------


@many(1500)
@given(BATCHES)
def test_an_attached_page_has_its_number_above_it_or_in_its_names_and_nothing_between_says_otherwise(batch: Batch) -> None:
    """Told by looking upwards from each page, in its own file."""
    for ref, number in numbers_of(batch.split()).items():
        if number is None:
            continue
        above = batch.scans[ref.file].sides[: ref.page]
        names = names_say(batch, ref.file)
        assert names <= {number}
        marks = [place for place, side in enumerate(above) if side.marks]
        between = above[marks[-1] :] if marks else above
        if any(side.kind == "failed" for side in between):
            assert names  # what was in force before may have ended on the page that nobody saw
        mark = above[marks[-1]] if marks else None
        said = set() if mark is None else {said for said, _ in mark.sheets} or set(mark.codes if mark.kind == "receipt" else ())
        said -= {IMPOSSIBLE}
        if mark is not None and (said or mark.kind not in ("patch", "receipt") or not mark.patch):
            if said:
                assert said == {number}
                assert all(_may_lie_under(side, number) for side in between[1:])
            elif mark.kind != "patch":
                assert set(mark.printed) == {number}
                assert names or _sheet_right_above(above[: marks[-1]], number)
        if not said and not names and (mark is None or mark.kind == "patch"):
            coded = [side for side in between if side.codes and side.kind != "blank"]
            assert set(coded[-1].codes) == {number} or _may_lie_under(coded[-1], number)


def _may_lie_under(side: Side, number: str) -> bool:
    """A paper without a number, with this one, or brought along."""
    return not set(side.codes) - {number} or (len(side.codes) == 1 and side.fits and older(side.codes[0], number))


def _sheet_right_above(sides: Iterable[Side], number: str) -> bool:
    laid = [side for side in sides if side.kind != "blank"]
    return bool(laid) and laid[-1].separates and [said for said, _ in laid[-1].sheets] == [number]


@many(600)
@given(TALKING)
def test_what_contradicts_itself_is_nobodys(batch: Batch) -> None:
    done = batch.split()
    for part in done.parts:
        if part.doubt is Doubt.CONFLICT:
            assert len({(claim.number, claim.component) for claim in part.claims}) > 1  # a person is shown both
        for ref in part.pages:
            side, names = batch.side(ref), batch.words(ref.file)
            components = {component for _, component in names} - {""}
            codes = {number for number, _ in side.sheets} | set(side.codes)
            if len({number for number, _ in names}) > 1 or len(components) > 1 or len(codes - {IMPOSSIBLE}) > 1:
                assert part.number is None
            if part.number and side.kind == "receipt" and codes:
                assert codes - {IMPOSSIBLE} == {part.number}
            if part.number and side.speaks_of and not codes and part.number not in side.speaks_of:
                assert not side.speaks_of & numbers_of(done).keys()


@many(600)
@given(TALKING)
def test_below_a_page_that_names_a_dossier_of_the_batch_and_not_its_own_all_wait(batch: Batch) -> None:
    silent, done = numbers_of(bare(batch).split()), numbers_of(batch.split())
    present = set(silent.values()) - {None}
    for place, scan in enumerate(batch.scans):
        waits = False
        for n, side in enumerate(scan.sides, 1):
            ref = PageRef(place, n)
            waits = waits and not side.marks
            if side.kept and silent[ref] and side.speaks_of & present and silent[ref] not in side.speaks_of and not side.codes:
                waits = waits or not side.marks
            assert not (waits and side.kept and done[ref])


# --- damage and loss ---------------------------------------------------------------------------------------------------------


def _damaged(side: Side) -> st.SearchStrategy[Side]:
    """A receipt whose code is spilt over or torn off, its print read, misread or lost; or the whole page unreadable."""
    still = replace(side, codes=(), patch=False)
    printed = tuple(number for number in side.codes if number != IMPOSSIBLE)
    return st.sampled_from(
        [
            replace(still, dead=True),
            replace(still, dead=False),
            replace(still, dead=True, printed=printed),
            replace(still, printed=printed),
            Side("failed"),
        ]
    )


def _is_bare_receipt(side: Side) -> bool:
    """A receipt with a number; without a sheet's label on it, which would be damaged, too."""
    return side.kind == "receipt" and bool(side.codes) and not side.sheets


@many(1200)
@given(TALKING, st.data())
def test_a_damaged_receipt_never_gives_its_pages_to_another(batch: Batch, data: st.DataObject) -> None:
    """No page goes where it was not before. But where the receipt contradicted the names or a sheet, and nobody can see that any more,
    pages that waited may go where their names say."""
    receipts = [(place, n) for place, scan in enumerate(batch.scans) for n, side in enumerate(scan.sides) if _is_bare_receipt(side)]
    assume(receipts)
    place, n = data.draw(st.sampled_from(receipts))
    sides = batch.scans[place].sides
    damaged = batch.with_scan(place, (*sides[:n], data.draw(_damaged(sides[n])), *sides[n + 1 :]))
    before = numbers_of(bare(batch).split())
    for ref, number in numbers_of(damaged.split()).items():
        if number not in (None, before[ref]):
            assert before[ref] is None
            assert names_say(batch, ref.file) == {number}


@many(600)
@given(NAMELESS, st.data())
def test_a_page_that_is_not_there_changes_nothing_above_it(batch: Batch, data: st.DataObject) -> None:
    sides = batch.scans[0].sides
    gone = data.draw(st.integers(0, len(sides) - 1))
    assert batch.with_scan(0, (*sides[:gone], *sides[gone + 1 :])).told()[:gone] == batch.told()[:gone]


@many(600)
@given(TALKING, st.data())
def test_a_page_that_is_not_there_takes_no_more_than_its_contradiction_from_those_above(batch: Batch, data: st.DataObject) -> None:
    """With names, or pages that name people: what waited above may be attached to the number its names say, or to where it would be if
    nobody were named; nothing goes from one dossier to another."""
    place = data.draw(st.integers(0, len(batch.scans) - 1))
    sides = batch.scans[place].sides
    gone = data.draw(st.integers(0, len(sides) - 1))
    before = numbers_of(bare(batch).split())
    shorter = batch.with_scan(place, (*sides[:gone], *sides[gone + 1 :]))
    for ref, number in numbers_of(shorter.split()).items():
        if ref.file == place and ref.page <= gone and number not in (None, before[ref]):
            assert before[ref] is None
            assert names_say(batch, place) == {number}


@many(300)
@given(
    st.lists(SIDES, max_size=6),
    st.sampled_from(NUMBERS),
    st.sampled_from(
        [Side("receipt", dead=True), Side("receipt"), Side("sheet", dead=True), Side("sheet"), Side("failed"), Side("paper", dead=True)]
    ),
)
def test_what_cannot_be_read_ends_the_dossier_before_it(above: list[Side], number: str, unread: Side) -> None:
    sides = (*above, Side("receipt", (number,)), Side("paper"), unread, Side("paper"), Side("paper", extra="card"))
    done = numbers_of(Batch(None, (Scan(sides),)).split())
    assert done[PageRef(0, len(above) + 2)] in (number, None)  # None: behind the sheet of a component it may be a photocopy
    assert done[PageRef(0, len(above) + 4)] is done[PageRef(0, len(above) + 5)] is None


# --- whatever is seen --------------------------------------------------------------------------------------------------------

_CODES = st.one_of(
    st.sampled_from([DEAD, CARD, qr("http://example.vn"), qr("SOHOA:"), qr(f"SOHOA:{A}:tp1:2"), qr(f"SOHOA:{A};{B}")]),
    st.builds(qr, st.sampled_from([*NUMBERS, IMPOSSIBLE])),
    st.builds(lambda number: qr(f"SOHOA:{number}"), st.sampled_from([*NUMBERS, IMPOSSIBLE])),
)
_TEXTS = st.sampled_from([RECEIPT, PROSE, SHEET, f"{RECEIPT}\n{A}", f"{SHEET}\n{RECEIPT}", "", f"{PROSE}\n{B}", "TỜ NGĂN CÁCH"])
WILD = st.builds(
    lambda codes, text, blank, failed, kept, named, crop: PageEvidence(
        0, tuple(codes), blank, failed, text, printed=tuple(crop), speaks_of=frozenset(named), kept=kept
    ),
    st.lists(_CODES, max_size=3),
    _TEXTS,
    st.booleans(),
    st.sampled_from([False] * 6 + [True]),
    st.booleans(),
    st.lists(st.sampled_from(NUMBERS), max_size=2),
    st.lists(st.sampled_from([A, B]), max_size=2),
)
_WILD_FILES = st.builds(
    lambda pages, name, single: replace(stack(*pages, name=name), single_image=single),
    st.lists(WILD, max_size=7),
    st.sampled_from(["scan.pdf", f"{A}.pdf", f"{A}__TP1.pdf", f"{A} {B}.pdf", f"{A}-{B}.pdf", f"{IMPOSSIBLE}.pdf"]),
    st.booleans(),
)


@many(900)
@given(st.sampled_from([None, "sáng", A, B, IMPOSSIBLE, f"{A}__KQ"]), st.lists(_WILD_FILES, max_size=3))
def test_whatever_is_seen_of_a_page_it_comes_out_once(folder: str | None, files: list[FileEvidence]) -> None:
    done = split(folder, files, CHECKLISTS)
    seen = {PageRef(place, one.number): one for place, file in enumerate(files) for one in without_show_through(file).pages}
    assert sorted(_all(done), key=_place) == list(seen)
    for part in done.parts:
        assert not any(seen[ref].empty or is_separator(seen[ref]) for ref in part.pages)
        for ref in part.pages if part.number else ():
            names = {claim.number for claim in name_claims(folder, [files[ref.file].name])}
            above = [code.payload for n, one in seen.items() if n.file == ref.file and n.page <= ref.page for code in one.codes]
            assert part.number in names or any((part.number or "") in payload for payload in above)
            assert names <= {part.number}


def _all(done: Split) -> list[PageRef]:
    return [*(ref for part in done.parts for ref in part.pages), *done.blanks, *done.separators]


def test_a_stack_of_a_thousand_pages_is_split_at_once() -> None:
    pages = [one for n in range(250) for one in (receipt(f"H51.20-211116-{n + 1:04}"), PAPER, PAPER, page(CARD))]
    done = split(None, [stack(*pages)], {})
    assert [len(part.pages) for part in done.parts] == [4] * 250
