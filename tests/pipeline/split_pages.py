"""What the pages of a dropped file look like to splitting, in short. Pages are numbered by `stack`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.evidence import FileEvidence, PageEvidence
from pipeline.model import Box, Code, Symbology
from pipeline.papers import Checklist
from pipeline.split import PageRef, Split, split

A = "H51.20-211116-0007"
B = "H51.20-211116-0008"
C = "000.00.15.H41-240531-0001"
OLD = "H51.20-200102-0003"
OLDER = "H51.20-190815-0021"
IMPOSSIBLE = "H51.20-211316-0007"  # in the 13th month
NUMBERS = (A, B, C, OLD, OLDER)
BOX = Box(0, 0, 100, 100)
PROSE = "một hai ba bốn năm sáu bảy tám chín mười mười một mười hai mười ba"
RECEIPT = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"
SHEET = "TỜ PHÂN CÁCH HỒ SƠ"
FITS = "GIẤY CHỨNG SINH"  # the title of a component that every checklist here asks for
BIRTH = Checklist("Đăng ký khai sinh", (("TP1", "Tờ khai đăng ký khai sinh"), ("TP2", "Giấy chứng sinh")))
CHECKLISTS: Mapping[str, Checklist] = dict.fromkeys(NUMBERS, BIRTH)
SHORT = {A: "A", B: "B", C: "C", OLD: "OLD", OLDER: "OLDER"}


def qr(payload: str) -> Code:
    return Code(Symbology.QR, payload, BOX)


DEAD = Code(Symbology.UNREADABLE_QR, "", BOX)
CARD = Code(Symbology.QR, "094******234", BOX, citizen_card=True)
PAYMENT = qr("00020101021238450010A000000727012700069704360113000000000000000208QRIBFTTA53037045802VN6211080720211163041F2E")


def page(*codes: Code, text: str = PROSE, speaks_of: frozenset[str] = frozenset()) -> PageEvidence:
    return PageEvidence(0, codes, text=text, speaks_of=speaks_of)


def naming(*numbers: str) -> PageEvidence:
    """A paper without a code that names the applicants of these dossiers."""
    return page(speaks_of=frozenset(numbers))


def receipt(*numbers: str, printed: str = "") -> PageEvidence:
    return page(*(qr(f"https://motcua.example.vn/?ma={number}") for number in numbers), text=f"{RECEIPT}\nMã hồ sơ: {printed}\n{PROSE}")


def sheet(payload: str) -> PageEvidence:
    return page(qr(f"SOHOA:{payload}"), text=SHEET)


PAPER = page()
BLANK = PageEvidence(0, blank=True)
FAILED = PageEvidence(0, failed=True)
UNREADABLE = page(DEAD, text=f"{RECEIPT}\n{PROSE}")
DEAD_SHEET = page(DEAD, text=SHEET)
PATCH = page(Code(Symbology.PATCH_T, "PATCHT", BOX), text="TỜ PHÂN CÁCH TÀI LIỆU")
PATCH_BAR = page(Code(Symbology.CODE_39, "patcht", BOX), text="")


def stack(*pages: PageEvidence, name: str = "scan0001.pdf", aliases: tuple[str, ...] = ()) -> FileEvidence:
    return FileEvidence(name, tuple(replace(one, number=n) for n, one in enumerate(pages, 1)), aliases=aliases)


def picture(name: str, one: PageEvidence = PAPER) -> FileEvidence:
    return FileEvidence(name, (replace(one, number=1),), single_image=True)


def told(done: Split, files: tuple[FileEvidence, ...]) -> list[str]:
    """What becomes of the pages, in order: `A/TP1`, `B/-`, `Conflict`, `blank`, `separator`; a bar before each new document."""
    found = dict.fromkeys(done.blanks, "blank") | dict.fromkeys(done.separators, "separator")
    for part in done.parts:
        said = part.doubt.value if part.doubt else f"{SHORT[part.number or '']}/{part.component or '-'}"
        found |= {ref: f"|{said}" if ref == part.pages[0] else said for ref in part.pages}
    return [found[PageRef(place, one.number)] for place, file in enumerate(files) for one in file.pages]


def outcome(*files: FileEvidence, folder: str | None = None) -> list[str]:
    """What becomes of the pages of a batch, as `told`."""
    return told(split(folder, files, CHECKLISTS), files)
