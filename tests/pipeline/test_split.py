"""Whose the pages of a batch are: cases, each with its expected outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.evidence import Claim, PageEvidence, Source, name_claims
from pipeline.model import Box, Code, Symbology
from pipeline.split import Doubt, numbers_in, split
from tests.pipeline.split_pages import (
    BLANK,
    BOX,
    CARD,
    DEAD,
    DEAD_SHEET,
    FAILED,
    FITS,
    IMPOSSIBLE,
    OLD,
    OLDER,
    PAPER,
    PATCH,
    PATCH_BAR,
    PAYMENT,
    PROSE,
    RECEIPT,
    UNREADABLE,
    A,
    B,
    C,
    naming,
    outcome,
    page,
    picture,
    qr,
    receipt,
    sheet,
    stack,
)


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
    for payload in (A[:-4], f"X{A}", A.lower()):
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
    "a payment code is no dossier's, on whatever page": (
        (receipt(A), page(PAYMENT), page(qr(A), PAYMENT), receipt(B), page(PAYMENT, text="BIÊN LAI")),
        ["|A/-", "A/-", "A/-", "|B/-", "B/-"],
    ),
    # --- numbers that cannot be ---
    "a receipt of a day that does not exist": (
        (receipt(A), receipt(IMPOSSIBLE), PAPER, page(qr(A)), receipt(B)),
        ["|A/-", "|ImpossibleNumber", "ImpossibleNumber", "ImpossibleNumber", "|B/-"],
    ),
    "a sheet of such a number": ((receipt(A), sheet(f"{IMPOSSIBLE}:TP1"), PAPER), ["|A/-", "separator", "|ImpossibleNumber"]),
    "two of them on a page": ((receipt(IMPOSSIBLE, "H51.20-210230-0001"), PAPER), ["|Conflict", "Conflict"]),
    "a number that can be beside one that cannot: the receipt is that one's": ((receipt(A, IMPOSSIBLE), PAPER), ["|A/-", "A/-"]),
    "on another page it says nothing": ((receipt(A), page(qr(IMPOSSIBLE)), PAPER), ["|A/-", "A/-", "A/-"]),
    # --- receipts behind the sheet of a component ---
    "an older receipt behind a component's sheet may be a photocopy": (
        (sheet(f"{A}:TP2"), PAPER, receipt(OLD), PAPER, receipt(B), PAPER),
        ["separator", "|A/TP2", "|Conflict", "Conflict", "|B/-", "B/-"],
    ),
    "so may one that the checklist asks for": (
        (sheet(f"{A}:TP2"), PAPER, page(qr(B), text=f"{RECEIPT}\n{FITS}"), PAPER),
        ["separator", "|A/TP2", "|Conflict", "Conflict"],
    ),
    "a younger one starts its dossier": ((sheet(f"{A}:TP2"), PAPER, receipt(B), PAPER), ["separator", "|A/TP2", "|B/-", "B/-"]),
    "an older one behind the sheet of a whole dossier does, too": (
        (sheet(A), PAPER, receipt(OLD), PAPER),
        ["separator", "|A/-", "|OLD/-", "OLD/-"],
    ),
    "the dossier's own receipt behind its component's sheet": (
        (sheet(f"{A}:TP2"), PAPER, receipt(A), PAPER),
        ["separator", "|A/TP2", "|A/-", "A/-"],
    ),
    # --- strangers ---
    "a page that names another's applicant stops the dossier there": (
        (receipt(A), naming(A), naming(B), PAPER, receipt(C)),
        ["|A/-", "A/-", "|Conflict", "Conflict", "|C/-"],
    ),
    "until the next sheet, whatever it names below": (
        (receipt(A), naming(B), naming(A), sheet(f"{A}:TP1"), naming(A)),
        ["|A/-", "|Conflict", "Conflict", "separator", "|A/TP1"],
    ),
    "... or unless it names its own as well": ((receipt(A), naming(A, B), PAPER), ["|A/-", "A/-", "A/-"]),
    "... or carries a code": (
        (receipt(A), page(qr(A), speaks_of=frozenset({B})), PAPER),
        ["|A/-", "A/-", "A/-"],
    ),
    "where nobody's dossier is in force names start nothing": ((naming(A), naming(B)), ["|NoCode", "NoCode"]),
    "below a result as well": ((page(qr(A)), naming(B), page(qr(C))), ["|A/KQ", "|Conflict", "Conflict"]),
    "one who stands in the papers of three dossiers is an official": (
        (receipt(A), naming(OLDER), receipt(B), naming(OLDER), receipt(C), naming(OLDER)),
        ["|A/-", "A/-", "|B/-", "B/-", "|C/-", "C/-"],
    ),
    "... of two is not": (
        (receipt(A), naming(OLDER), receipt(B), naming(OLDER), receipt(C), PAPER),
        ["|A/-", "|Conflict", "|B/-", "|Conflict", "|C/-", "C/-"],
    ),
    "... unless the official's own dossier is there": (
        (receipt(A), naming(OLD), receipt(B), naming(OLD), receipt(C), naming(OLD), receipt(OLD), PAPER),
        ["|A/-", "|Conflict", "|B/-", "|Conflict", "|C/-", "|Conflict", "|OLD/-", "OLD/-"],
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
    assert claims_of(receipt(A), naming(B)) == [("receipt", A), ("person", B)]
    assert claims_of(receipt(IMPOSSIBLE)) == [("receipt", IMPOSSIBLE)]
    assert claims_of(sheet(f"{A}:TP1"), PAPER, receipt(OLD)) == [("sheet", A), ("receipt", OLD)]
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
    "the name's number cannot be": ((PAPER, PAPER), f"{IMPOSSIBLE}.pdf", ["|ImpossibleNumber", "ImpossibleNumber"]),
    "... and a receipt says another": ((PAPER, receipt(A)), f"{IMPOSSIBLE}.pdf", ["|ImpossibleNumber", "|Conflict"]),
    "a receipt's number cannot be": ((PAPER, receipt(IMPOSSIBLE), PAPER), f"{A}.pdf", ["|A/-", "|ImpossibleNumber", "ImpossibleNumber"]),
    "a page that names another's applicant: the name is not believed": (
        (PAPER, naming(B), PAPER),
        f"{A}.pdf",
        ["|Conflict", "|Conflict", "Conflict"],
    ),
    "... what the receipt says above it is": ((receipt(A), naming(B), PAPER), f"{A}.pdf", ["|A/-", "|Conflict", "Conflict"]),
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


def test_officials_are_told_from_applicants_by_all_files_of_a_batch() -> None:
    one, two, three = (stack(receipt(number), naming(OLDER)) for number in (A, B, C))
    assert outcome(one, two) == ["|A/-", "|Conflict", "|B/-", "|Conflict"]
    assert outcome(one, two, three) == ["|A/-", "A/-", "|B/-", "B/-", "|C/-", "C/-"]


def test_a_page_that_a_person_said_is_not_blank_is_kept() -> None:
    assert outcome(stack(receipt(A), replace(BLANK, kept=True), BLANK)) == ["|A/-", "A/-", "blank"]


LOWER = Box(900, 400, 1000, 500)  # beside the place of the codes here, and below it


def test_a_page_with_a_code_is_never_blank() -> None:
    dead = replace(DEAD, box=LOWER)
    assert outcome(stack(receipt(A), replace(page(dead, text=""), blank=True), PAPER)) == ["|A/-", "|NoCode", "NoCode"]
    assert outcome(stack(PAPER, replace(page(DEAD, text=""), blank=True), PAPER)) == ["|NoCode", "|NoCode", "NoCode"]


def test_the_front_s_code_that_shines_through_a_blank_back_is_none() -> None:
    mirrored = replace(DEAD, box=Box(900, 4, 1000, 106))
    read_mirrored = replace(receipt(A).codes[0], box=LOWER)
    for back in (replace(page(mirrored, text=""), blank=True), replace(page(read_mirrored, text=""), blank=True)):
        assert outcome(stack(receipt(A), back, PAPER)) == ["|A/-", "blank", "A/-"]
    printed_on = replace(page(mirrored), blank=False)
    assert outcome(stack(receipt(A), printed_on, PAPER)) == ["|A/-", "|NoCode", "NoCode"]


def test_a_dead_code_on_another_page_leaves_its_printed_number_to_a_person() -> None:
    """A certificate that came along has a number in print, too; who takes it for a receipt gives it what lies behind it."""
    certificate = page(DEAD, text=f"TRÍCH LỤC KHAI TỬ\nMã hồ sơ: {OLD}\n{PROSE}")
    _, part = split(None, [stack(receipt(A), certificate, PAPER)], {}).parts
    assert (part.number, part.doubt) == (None, Doubt.NO_CODE)
    assert {claim.source for claim in part.claims if claim.number} == {Source.RESULT}


def test_a_page_that_was_guessed_at_is_no_result() -> None:
    upside_down = page(
        qr(A), text="ApuIB ua4ut jÈpui 200Ø SoU DuBupd oSoj BUDtx tIUln npb UDNubo F312x 0p308N tIMoj iIPpx AWjk OSQHx NYHNx"
    )
    assert outcome(stack(upside_down)) == ["|A/-"]
    assert outcome(stack(page(qr(A)))) == ["|A/KQ"]
