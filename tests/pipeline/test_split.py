from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evidence import Claim, FileEvidence, PageEvidence, Source, is_separator, name_claims
from pipeline.model import Box, Code, Symbology
from pipeline.split import Doubt, PageRef, Part, Split, numbers_in, split

A = "H51.20-211116-0007"
B = "H51.20-211116-0008"
C = "000.00.15.H41-240531-0001"
OLD = "H51.20-200102-0003"
BOX = Box(0, 0, 100, 100)
PROSE = "một hai ba bốn năm sáu bảy tám chín mười mười một mười hai mười ba"
RECEIPT = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"
CHECKLIST = ("Tờ khai đăng ký khai sinh", "Giấy chứng sinh")


def qr(payload: str) -> Code:
    return Code(Symbology.QR, payload, BOX)


DEAD = Code(Symbology.UNREADABLE_QR, "", BOX)
CARD = Code(Symbology.QR, "094******234", BOX, citizen_card=True)

# What the pages of a file look like, in short. Numbers are given by `stack`.


def page(*codes: Code, text: str = PROSE) -> PageEvidence:
    return PageEvidence(0, codes, text=text)


def receipt(*numbers: str, printed: str = "") -> PageEvidence:
    return page(*(qr(f"https://motcua.example.vn/?ma={number}") for number in numbers), text=f"{RECEIPT}\nMã hồ sơ: {printed}\n{PROSE}")


def sheet(payload: str) -> PageEvidence:
    return page(qr(f"SOHOA:{payload}"), text="TỜ PHÂN CÁCH HỒ SƠ")


PAPER = page()
BLANK = PageEvidence(0, blank=True)
FAILED = PageEvidence(0, failed=True)
UNREADABLE = page(DEAD, text=f"{RECEIPT}\n{PROSE}")
DEAD_SHEET = page(DEAD, text="TỜ PHÂN CÁCH HỒ SƠ")
PATCH = page(Code(Symbology.PATCH_T, "PATCHT", BOX), text="TỜ PHÂN CÁCH TÀI LIỆU")
PATCH_BAR = page(Code(Symbology.CODE_39, "patcht", BOX), text="")


def stack(*pages: PageEvidence, name: str = "scan0001.pdf", aliases: tuple[str, ...] = ()) -> FileEvidence:
    return FileEvidence(name, tuple(replace(one, number=n) for n, one in enumerate(pages, 1)), aliases=aliases)


def picture(name: str, one: PageEvidence = PAPER) -> FileEvidence:
    return FileEvidence(name, (replace(one, number=1),), single_image=True)


def outcome(*files: FileEvidence, folder: str | None = None) -> list[str]:
    """What becomes of the pages, in order: `A/TP1`, `B/-`, `Conflict`, `blank`, `separator`; a bar before each new document."""
    done = split(folder, files, {A: CHECKLIST, B: CHECKLIST})
    short = {A: "A", B: "B", C: "C", OLD: "OLD"}
    found = dict.fromkeys(done.blanks, "blank") | dict.fromkeys(done.separators, "separator")
    for part in done.parts:
        said = part.doubt.value if part.doubt else f"{short[part.number or '']}/{part.component or '-'}"
        found |= {ref: f"|{said}" if ref == part.pages[0] else said for ref in part.pages}
    return [found[PageRef(place, one.number)] for place, file in enumerate(files) for one in file.pages]


def claims_of(*pages: PageEvidence, name: str = "scan0001.pdf", folder: str | None = None) -> list[tuple[str, str | None]]:
    """Source and number of the claims of the last document."""
    return [(claim.source.value, claim.number) for claim in split(folder, [stack(*pages, name=name)], {}).parts[-1].claims]


# --- receipts and sheets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("payload", [A, f"https://motcua.example.vn/tra-cuu?ma={A}", f"{A}|1.001193|GTN|20211116081000"])
@pytest.mark.parametrize("symbology", [Symbology.QR, Symbology.CODE_128, Symbology.CODE_39])
def test_the_number_is_found_in_whatever_a_receipt_says(payload: str, symbology: Symbology) -> None:
    first = page(Code(symbology, payload, BOX), text=RECEIPT)
    assert outcome(stack(first, PAPER)) == ["|A/-", "A/-"]


def test_a_payload_that_only_resembles_a_number_is_none() -> None:
    for payload in (A[:-4], f"X{A}", A.lower(), "H51.20-211316-0007"):
        assert outcome(stack(page(qr(payload), text=RECEIPT), PAPER)) == ["|NoCode", "NoCode"]


STACKS: dict[str, tuple[tuple[PageEvidence, ...], list[str]]] = {
    "a page belongs to the last receipt above it": ((receipt(A), PAPER, receipt(B), PAPER), ["|A/-", "A/-", "|B/-", "B/-"]),
    "the title may run over two lines": (
        (page(qr(A), text="GIẤY TIẾP NHẬN HỒ SƠ\nVÀ HẸN TRẢ KẾT QUẢ"), PAPER),
        ["|A/-", "A/-"],
    ),
    "a sheet starts a dossier and is never part of it": ((sheet(A), PAPER, PAPER), ["separator", "|A/-", "A/-"]),
    "a sheet starts a component": (
        (sheet(f"{A}:TP1"), PAPER, sheet(f"{A}:kq"), PAPER),
        ["separator", "|A/TP1", "separator", "|A/KQ"],
    ),
    "a sheet, then the receipt of the same dossier": ((sheet(A), receipt(A), PAPER), ["separator", "|A/-", "A/-"]),
    "a sheet and another dossier's receipt right below it": ((sheet(A), receipt(B), PAPER), ["separator", "|Conflict", "Conflict"]),
    "a blank between them changes nothing": ((sheet(A), BLANK, receipt(B)), ["separator", "blank", "|Conflict"]),
    "a sheet, papers, then another dossier's receipt": ((sheet(A), PAPER, receipt(B)), ["separator", "|A/-", "|B/-"]),
    "a sheet with a number that is none": ((receipt(A), sheet("H51.20-211116"), PAPER), ["|A/-", "separator", "|NoCode"]),
    "two sheets on one page": (
        (page(qr(f"SOHOA:{A}"), qr(f"SOHOA:{B}"), text=""), PAPER),
        ["separator", "|Conflict"],
    ),
    "two receipts on one page": ((receipt(A), receipt(A, B), PAPER, receipt(B)), ["|A/-", "|Conflict", "Conflict", "|B/-"]),
    "a sheet that shares its page with another dossier's code is kept": (
        (page(qr(f"SOHOA:{A}"), qr(B)), PAPER),
        ["|Conflict", "Conflict"],
    ),
    "a sheet's label on a receipt does not make it a sheet": (
        (page(qr(f"SOHOA:{A}"), qr(A), text=RECEIPT), PAPER),
        ["|A/-", "A/-"],
    ),
    "pages before the first one wait": ((PAPER, PAPER, receipt(A)), ["|NoCode", "NoCode", "|A/-"]),
    "a patch sheet: a new document without identity": (
        (PATCH, receipt(A), PAPER, PATCH_BAR, PAPER),
        ["separator", "|A/-", "A/-", "separator", "|NoCode"],
    ),
    "a patch on a page with a dossier's code: the page is kept, and starts anew": (
        (receipt(A), page(*PATCH.codes, qr(B))),
        ["|A/-", "|B/KQ"],
    ),
    "a citizen card is no dossier code": ((receipt(A), page(CARD), PAPER), ["|A/-", "A/-", "A/-"]),
    "... whatever it says": ((receipt(A), page(Code(Symbology.QR, B, BOX, citizen_card=True)), PAPER), ["|A/-", "A/-", "A/-"]),
    "a citizen card alone says nothing": ((page(CARD),), ["|NoCode"]),
    # --- what cannot be read ---
    "an unreadable receipt ends the dossier before it": ((receipt(A), UNREADABLE, PAPER), ["|A/-", "|NoCode", "NoCode"]),
    "... until the next receipt": ((receipt(A), UNREADABLE, PAPER, receipt(B)), ["|A/-", "|NoCode", "NoCode", "|B/-"]),
    "... known by its title alone": ((receipt(A), receipt(), PAPER), ["|A/-", "|NoCode", "NoCode"]),
    "... by a title read badly": ((receipt(A), page(text="GIAY TIEP NHẬN HÔ SƠ VẢ HẸN TRÀ KÊT QUA"), PAPER), ["|A/-", "|NoCode", "NoCode"]),
    "... by a QR that does not decode": ((receipt(A), page(DEAD, text=""), PAPER), ["|A/-", "|NoCode", "NoCode"]),
    "... and its own printed number proves nothing": ((receipt(A), receipt(printed=B), PAPER), ["|A/-", "|NoCode", "NoCode"]),
    "an unreadable sheet too, and it is no part of a document": ((receipt(A), DEAD_SHEET, PAPER), ["|A/-", "separator", "|NoCode"]),
    "an unreadable patch sheet too": ((receipt(A), page(text="TỜ PHÂN CÁCH TÀI LIỆU\nPATCH T"), PAPER), ["|A/-", "separator", "|NoCode"]),
    "codes of results start nothing below it": ((UNREADABLE, page(qr(A)), PAPER), ["|NoCode", "NoCode", "NoCode"]),
    "a paper of another dossier is not of the printed number": (
        (receipt(printed=A), PAPER, page(qr(B)), PAPER),
        ["|NoCode", "NoCode", "|Conflict", "Conflict"],
    ),
    "a sheet says what the receipt right below it prints": (
        (sheet(f"{A}:TP1"), receipt(printed=A), PAPER),
        ["separator", "|A/TP1", "A/TP1"],
    ),
    "a sheet says otherwise": ((sheet(A), receipt(printed=B), PAPER), ["separator", "|Conflict", "Conflict"]),
    "two sheets, the second unreadable": (
        (sheet(A), page(DEAD, text=f"TỜ PHÂN CÁCH HỒ SƠ\n{A}"), PAPER),
        ["separator", "separator", "|NoCode"],
    ),
    "a page that failed may have been a receipt": (
        (receipt(A), PAPER, FAILED, PAPER, receipt(B)),
        ["|A/-", "A/-", "|UnreadPage", "UnreadPage", "|B/-"],
    ),
    "a page that failed below an unreadable receipt": ((receipt(printed=A), FAILED, PAPER), ["|NoCode", "|UnreadPage", "UnreadPage"]),
    # --- codes on other pages ---
    "the same dossier's code goes on": ((receipt(A), page(qr(A)), PAPER), ["|A/-", "A/-", "A/-"]),
    "a stack of results": (
        (page(qr(A)), PAPER, page(qr(A)), page(qr(B))),
        ["|A/KQ", "A/KQ", "A/KQ", "|B/KQ"],
    ),
    "a coded page of which nothing else is read may be a receipt": ((page(qr(A), text="mờ"), PAPER), ["|A/-", "A/-"]),
    "a receipt after results": ((page(qr(A)), receipt(B), PAPER), ["|A/KQ", "|B/-", "B/-"]),
    "a younger paper of another dossier": ((receipt(A), page(qr(B)), PAPER, receipt(B)), ["|A/-", "|Conflict", "Conflict", "|B/-"]),
    "an older paper that fits nothing": ((receipt(A), page(qr(OLD)), PAPER), ["|A/-", "|Conflict", "Conflict"]),
    "an older paper that fits a component is brought along": (
        (receipt(A), page(qr(OLD), text="GIẤY CHỨNG SINH\n" + PROSE), PAPER),
        ["|A/-", "A/-", "A/-"],
    ),
    "... its title may run over two lines": (
        (receipt(A), page(qr(OLD), text="TỜ KHAI\nĐĂNG KÝ KHAI SINH\n" + PROSE)),
        ["|A/-", "A/-"],
    ),
    "a younger paper that fits is not": ((receipt(A), page(qr(B), text="GIẤY CHỨNG SINH")), ["|A/-", "|Conflict"]),
    "another agency's number of the same day is not older": (
        (receipt(A), page(qr("H51.19-211116-0001"), text="GIẤY CHỨNG SINH")),
        ["|A/-", "|Conflict"],
    ),
    "two dossiers' codes on one page": ((receipt(A), page(qr(A), qr(B)), PAPER), ["|A/-", "|Conflict", "Conflict"]),
    "below a sheet as well": (
        (sheet(f"{A}:TP1"), PAPER, page(qr(B)), sheet(f"{A}:TP2"), PAPER),
        ["separator", "|A/TP1", "|Conflict", "separator", "|A/TP2"],
    ),
}


@pytest.mark.parametrize("pages,expected", STACKS.values(), ids=STACKS.keys())
def test_a_stack(pages: tuple[PageEvidence, ...], expected: list[str]) -> None:
    assert outcome(stack(*pages)) == expected


def test_a_code_never_reaches_across_files() -> None:
    files = (stack(receipt(A), PAPER), stack(PAPER, name="scan0002.pdf"), stack(page(qr(B)), name="scan0003.pdf"), stack(PAPER))
    assert outcome(*files, folder="buổi sáng") == ["|A/-", "A/-", "|NoCode", "|B/KQ", "|NoCode"]


def test_what_was_printed_is_handed_on_as_such() -> None:
    assert claims_of(receipt(A), receipt(printed=B), PAPER) == [("printed", B)]
    assert claims_of(receipt(A), UNREADABLE, PAPER) == [("printed", None)]


def test_both_claims_are_shown() -> None:
    assert claims_of(receipt(B), name=f"{A}.pdf") == [("file", A), ("receipt", B)]
    assert claims_of(sheet(A), receipt(B)) == [("sheet", A), ("receipt", B)]
    assert claims_of(receipt(A), page(qr(B))) == [("receipt", A), ("result", B)]
    assert claims_of(receipt(printed=B), name=f"{A}.pdf") == [("file", A), ("printed", B)]
    assert claims_of(PAPER, name=f"{A}.pdf", folder=B) == [("folder", B), ("file", A)]


# --- names -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name,number,component",
    [
        (f"{A}.pdf", A, None),
        (f"{A}.PDF", A, None),
        (A, A, None),
        (f"{C}__TP2.tif", C, "TP2"),
        (f"{A}__kq.jpeg", A, "KQ"),
        (f"{A} (2).pdf", A, None),
        (f"{A}__TP1 (2).pdf", A, "TP1"),
        (f"{A}_2.pdf", A, None),
        ("scan0001.pdf", None, None),
        (f"{A}-2.pdf", None, None),
        (f"x{A}.pdf", None, None),
        (f"scan__{A}.pdf", None, None),
    ],
)
def test_a_name(name: str, number: str | None, component: str | None) -> None:
    expected = (Claim(Source.FILE, number, component),) if number else ()
    assert name_claims(None, [name]) == expected


NAMED: dict[str, tuple[tuple[PageEvidence, ...], str, list[str]]] = {
    "pages before the first code belong to what the name says": ((PAPER, receipt(A)), f"{A}.pdf", ["|A/-", "|A/-"]),
    "the component too": ((PAPER, PAPER), f"{A}__TP2.pdf", ["|A/TP2", "A/TP2"]),
    "it holds below a receipt": ((receipt(A), PAPER), f"{A}__TP2.pdf", ["|A/TP2", "A/TP2"]),
    "it holds below a sheet that names none": ((sheet(A), PAPER), f"{A}__TP2.pdf", ["separator", "|A/TP2"]),
    "a sheet's component where the name has none": ((PAPER, sheet(f"{A}:TP1"), PAPER), f"{A}.pdf", ["|A/-", "separator", "|A/TP1"]),
    "two components": ((sheet(f"{A}:TP1"), PAPER), f"{A}__TP2.pdf", ["separator", "|Conflict"]),
    "name says A, QR says B: no page is believed": ((PAPER, receipt(B), PAPER), f"{A}.pdf", ["|Conflict", "|Conflict", "Conflict"]),
    "a code on another page that says B": ((PAPER, page(qr(B)), PAPER), f"{A}.pdf", ["|Conflict", "|Conflict", "Conflict"]),
    "what a code and the name agree on stays": ((receipt(A), receipt(B)), f"{A}.pdf", ["|A/-", "|Conflict"]),
    "two numbers in the name": ((PAPER, receipt(A), PAPER), f"{A} {B}.pdf", ["|Conflict", "|Conflict", "Conflict"]),
    "a patch sheet": ((receipt(A), PATCH, PAPER), f"{A}.pdf", ["|A/-", "separator", "|A/-"]),
    "an unreadable receipt that prints the name's number": ((receipt(printed=A), PAPER), f"{A}__TP1.pdf", ["|A/TP1", "A/TP1"]),
    "... another number": ((PAPER, receipt(printed=B), PAPER), f"{A}.pdf", ["|Conflict", "|Conflict", "Conflict"]),
    "... both": ((receipt(printed=f"{A} {B}"),), f"{A}.pdf", ["|Conflict"]),
    "... none": ((PAPER, UNREADABLE, PAPER), f"{A}.pdf", ["|A/-", "|NoCode", "NoCode"]),
    "... under two names": ((receipt(printed=A),), f"{A} {B}.pdf", ["|Conflict"]),
    "a page that failed": ((PAPER, FAILED, PAPER), f"{A}.pdf", ["|A/-", "A/-", "A/-"]),
    "a page that failed may have been the sheet of another component": (
        (sheet(f"{A}:TP1"), PAPER, FAILED, PAPER),
        f"{A}.pdf",
        ["separator", "|A/TP1", "|A/-", "A/-"],
    ),
    "a page that failed releases nothing": ((receipt(B), FAILED, PAPER), f"{A}.pdf", ["|Conflict", "Conflict", "Conflict"]),
}


@pytest.mark.parametrize("pages,name,expected", NAMED.values(), ids=NAMED.keys())
def test_a_named_file(pages: tuple[PageEvidence, ...], name: str, expected: list[str]) -> None:
    assert outcome(stack(*pages, name=name)) == expected


def test_the_same_bytes_under_another_name() -> None:
    assert outcome(stack(PAPER, aliases=(f"{A}__TP1.pdf",))) == ["|A/TP1"]
    assert outcome(stack(PAPER, name=f"{A}__TP1.pdf", aliases=(f"{A}.pdf",))) == ["|A/TP1"]
    assert outcome(stack(PAPER, name=f"{A}.pdf", aliases=(f"{B}.pdf",))) == ["|Conflict"]
    assert outcome(stack(receipt(A), name=f"{A}__TP1.pdf", aliases=(f"{A}__TP2.pdf",))) == ["|Conflict"]


def test_a_folder_of_pictures_is_one_document() -> None:
    assert outcome(picture("001.jpg", receipt(A)), picture("002.jpg"), picture("003.jpg", BLANK), picture("004.jpg"), folder=A) == [
        "|A/-",
        "A/-",
        "blank",
        "A/-",
    ]


def test_a_receipt_a_sheet_a_component_or_another_kind_of_file_begins_another_document() -> None:
    files = (picture("1.jpg"), picture("2.jpg", PATCH), picture("3.jpg"), picture("4.jpg", receipt(A)), picture(f"{A}__KQ.jpg"))
    assert outcome(*files, stack(PAPER), picture("9.jpg", BLANK), picture("A.jpg"), folder=A) == [
        "|A/-",
        "separator",
        "|A/-",
        "|A/-",
        "|A/KQ",
        "|A/-",
        "blank",
        "|A/-",
    ]


def test_a_folder_that_says_nothing_joins_nothing() -> None:
    assert outcome(picture("001.jpg", receipt(A)), picture("002.jpg"), folder="buổi sáng") == ["|A/-", "|NoCode"]


def test_the_receipt_of_another_dossier_shakes_the_folders_word() -> None:
    files = (picture("001.jpg"), picture("002.jpg", receipt(B)), picture("003.jpg"), picture(f"{A}__KQ.jpg"), picture("9.jpg", receipt(A)))
    assert outcome(*files, folder=A) == ["|Conflict", "|Conflict", "|Conflict", "|A/KQ", "|A/-"]


def test_a_paper_brought_along_does_not() -> None:
    assert outcome(picture("001.jpg"), picture("002.jpg", page(qr(B))), picture("003.jpg"), folder=A) == ["|A/-", "|Conflict", "|A/-"]


def test_a_paper_brought_along_fits_the_dossier_that_only_the_folder_names() -> None:
    files = [picture("001.jpg", page(qr(OLD), text="Giấy chứng sinh"))]
    assert set(numbers_in(A, files)) == {A, OLD}
    assert outcome(*files, folder=A) == ["|A/-"]


def test_numbers_in_names_codes_and_sheets() -> None:
    file = stack(receipt(A), sheet(f"{B}:TP1"), sheet("none"), page(CARD), name=f"{C}__TP1.pdf", aliases=(f"{OLD}.pdf",))
    assert set(numbers_in(None, [file])) == {A, B, C, OLD}


def test_a_page_with_a_code_is_never_blank() -> None:
    assert outcome(stack(receipt(A), replace(page(DEAD, text=""), blank=True), PAPER)) == ["|A/-", "|NoCode", "NoCode"]


# --- properties --------------------------------------------------------------------------------------------------------------

NUMBERS = st.sampled_from([A, B, C, OLD])
COMPONENTS = st.sampled_from(["", ":TP1", ":KQ"])
PAGES = st.one_of(
    st.sampled_from([PAPER, PAPER, BLANK, FAILED, UNREADABLE, DEAD_SHEET, PATCH, page(CARD), page(DEAD), page(qr("http://example.vn"))]),
    st.builds(receipt, NUMBERS),
    st.builds(receipt, NUMBERS, NUMBERS),
    st.builds(lambda number: receipt(printed=number), NUMBERS),
    st.builds(lambda number, component: sheet(number + component), NUMBERS, COMPONENTS),
    st.builds(lambda number, text: page(qr(number), text=text), NUMBERS, st.sampled_from([PROSE, "", "GIẤY CHỨNG SINH"])),
    st.builds(lambda one, two: page(qr(f"SOHOA:{one}"), qr(two)), NUMBERS, NUMBERS),
    st.builds(
        lambda codes, text, blank: PageEvidence(0, tuple(codes), blank, text=text),
        st.lists(
            st.one_of(st.sampled_from([DEAD, CARD]), st.builds(qr, NUMBERS), st.builds(lambda n: qr(f"SOHOA:{n}"), NUMBERS)), max_size=3
        ),
        st.sampled_from([RECEIPT, PROSE, "TỜ PHÂN CÁCH HỒ SƠ", f"{RECEIPT}\n{A}"]),
        st.booleans(),
    ),
)
NAMES = st.one_of(st.just("scan.pdf"), st.builds(lambda number, end: f"{number}{end}.pdf", NUMBERS, st.sampled_from(["", "__TP1", "__KQ"])))
FILES = st.builds(
    lambda pages, name, alias, single: replace(stack(*pages, name=name, aliases=alias), single_image=single),
    st.lists(PAGES, max_size=9),
    NAMES,
    st.one_of(st.just(()), st.tuples(NAMES)),
    st.booleans(),
)


@dataclass(frozen=True)
class Drop:
    folder: str | None
    files: tuple[FileEvidence, ...]

    def split(self) -> Split:
        return split(self.folder, self.files, dict.fromkeys((A, B, C, OLD), CHECKLIST))

    def page(self, ref: PageRef) -> PageEvidence:
        return self.files[ref.file].pages[ref.page - 1]


DROPS = st.builds(Drop, st.one_of(st.none(), st.just("sáng"), NUMBERS), st.lists(FILES, min_size=1, max_size=3).map(tuple))


@settings(max_examples=400, deadline=None)
@given(DROPS)
def test_every_page_exactly_once_in_order_and_the_same_again(drop: Drop) -> None:
    done = drop.split()
    everywhere = [*(ref for part in done.parts for ref in part.pages), *done.blanks, *done.separators]
    assert sorted(everywhere, key=lambda ref: (ref.file, ref.page)) == [
        PageRef(place, one.number) for place, file in enumerate(drop.files) for one in file.pages
    ]
    assert all(list(part.pages) == sorted(part.pages, key=lambda ref: (ref.file, ref.page)) and part.pages for part in done.parts)
    assert drop.split() == done


@settings(max_examples=300, deadline=None)
@given(DROPS)
def test_no_blank_and_no_separator_in_a_document(drop: Drop) -> None:
    done = drop.split()
    for part in done.parts:
        assert not any(drop.page(ref).empty or is_separator(drop.page(ref)) for ref in part.pages)
    assert all(drop.page(ref).empty for ref in done.blanks)


@settings(max_examples=500, deadline=None)
@given(DROPS)
def test_nothing_is_attached_under_a_number_that_no_source_above_or_name_said(drop: Drop) -> None:
    for part in drop.split().parts:
        assert (part.number is None) == (part.doubt is not None)
        for ref in part.pages if part.number else ():
            file = drop.files[ref.file]
            named = {claim.number for claim in name_claims(drop.folder, (file.name, *file.aliases))}
            above = [code.payload for one in file.pages[: ref.page] for code in one.codes if not code.citizen_card]
            assert part.number in named or any((part.number or "") in payload for payload in above)
            assert named <= {part.number}


@settings(max_examples=500, deadline=None)
@given(DROPS)
def test_the_last_receipt_or_sheet_above_decides_or_the_page_waits(drop: Drop) -> None:
    """Told here a second time, by looking upwards from each page alone."""
    for part in drop.split().parts:
        for ref in part.pages if part.number else ():
            upwards = reversed(drop.files[ref.file].pages[: ref.page])
            marks = ((one, said) for one in upwards if not one.empty and (said := _says(one)) is not None)
            one, said = next(marks, (None, set[str]()))
            named = bool(name_claims(drop.folder, (drop.files[ref.file].name, *drop.files[ref.file].aliases)))
            if one is None:
                continue
            if said:
                assert said == {part.number}
            else:
                assert named or (one.failed is False and _is_patch(one))


def _says(one: PageEvidence) -> set[str] | None:
    """The numbers a receipt, a sheet, a patch sheet or an unreadable page says; None for other pages."""
    sheets = {code.payload.removeprefix("SOHOA:").partition(":")[0] for code in one.codes if code.payload.startswith("SOHOA:")}
    others = {number for code in one.codes for number in (A, B, C, OLD) if number in code.payload and not code.payload.startswith("SOHOA:")}
    dead = any(code.symbology is Symbology.UNREADABLE_QR for code in one.codes) and not others
    if sheets or RECEIPT in one.text:
        printed = {number for number in (A, B, C, OLD) if number in one.text}
        return (sheets | others) or printed
    return set() if one.failed or _is_patch(one) or dead or ("PHÂN CÁCH" in one.text and not others) else None


def _is_patch(one: PageEvidence) -> bool:
    return any(code.symbology is Symbology.PATCH_T for code in one.codes)


@settings(max_examples=200, deadline=None)
@given(DROPS)
def test_files_are_split_as_if_each_lay_alone(drop: Drop) -> None:
    """Without a folder's name, nothing of a file depends on another one."""
    together = split(None, drop.files, {}).parts
    alone: list[Part] = []
    for place, file in enumerate(drop.files):
        alone += [replace(part, pages=tuple(PageRef(place, ref.page) for ref in part.pages)) for part in split(None, [file], {}).parts]
    assert list(together) == alone


@settings(max_examples=300, deadline=None)
@given(DROPS, st.data())
def test_a_blank_page_changes_nothing_else(drop: Drop, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(drop.files) - 1))
    file = drop.files[place]
    at = data.draw(st.integers(0, len(file.pages)))
    more = replace(file, pages=stack(*file.pages[:at], BLANK, *file.pages[at:]).pages)
    with_blank = Drop(drop.folder, (*drop.files[:place], more, *drop.files[place + 1 :])).split()

    def before(number: int) -> int:
        return number - 1 if number > at + 1 else number

    def renumbered(part: Part) -> Part:
        pages = tuple(PageRef(ref.file, before(ref.page)) if ref.file == place else ref for ref in part.pages)
        return replace(part, pages=pages, claims=())

    assert PageRef(place, at + 1) in with_blank.blanks
    assert [renumbered(part) for part in with_blank.parts] == [replace(part, claims=()) for part in drop.split().parts]


@settings(max_examples=200, deadline=None)
@given(st.lists(PAGES, max_size=6), NUMBERS, st.sampled_from([UNREADABLE, DEAD_SHEET, FAILED, page(DEAD)]))
def test_what_cannot_be_read_ends_the_dossier_before_it(above: list[PageEvidence], number: str, unread: PageEvidence) -> None:
    done = split(None, [stack(*above, PAPER, receipt(number), PAPER, unread, PAPER, page(CARD))], {number: CHECKLIST})
    last = done.parts[-1]
    assert last.doubt in (Doubt.NO_CODE, Doubt.UNREAD)
    assert {ref.page for ref in last.pages} >= {len(above) + 5, len(above) + 6}
    assert PageRef(0, len(above) + 3) not in last.pages
