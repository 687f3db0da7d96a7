"""Cases: what a person has to look at before the paper goes back to its shelf, though no page waits for it.

A case is opened once for the same thing, and stays closed when a person has closed it. While a blocking one is open its dossier is not
complete. Text of papers and names never are in a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from pipeline.errors import BadArgument
from records.events import Happening, record
from records.models import Batch, Case, Document, Dossier


class CaseKind(StrEnum):
    """What is in question."""

    MISSING_PAGES = "MissingPages"
    DOUBLED_PAGES = "DoubledPages"
    PAGES_OUT_OF_ORDER = "PagesOutOfOrder"
    PAGE_COUNT = "PageCount"
    ODD_SIDES = "OddSides"
    SCANNED_TWICE = "ScannedTwice"
    ANOTHER_OF_COMPONENT = "AnotherOfComponent"
    FEWER_PAGES = "FewerPages"
    SECOND_ROW = "SecondRow"
    REGISTER_MOVED = "RegisterMoved"
    NUMBER_CORRECTED = "NumberCorrected"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a kind of case says, in Vietnamese and English, and whether its dossier is held up by it."""

    vi: str
    en: str
    blocking: bool


SENTENCES: dict[CaseKind, Sentence] = {
    CaseKind.MISSING_PAGES: Sentence(
        "Theo số trang in trên giấy thì thiếu trang. Hãy tìm trang thiếu và quét lại.",
        "By the printed page numbers a page is missing. Find it and scan it.",
        blocking=True,
    ),
    CaseKind.DOUBLED_PAGES: Sentence(
        "Có trang bị quét hai lần trong một tài liệu.", "A page was scanned twice in one document.", blocking=False
    ),
    CaseKind.PAGES_OUT_OF_ORDER: Sentence(
        "Số trang in trên giấy không theo thứ tự. Hãy xếp lại và quét lại.",
        "The printed page numbers are out of order. Sort the paper and scan it again.",
        blocking=True,
    ),
    CaseKind.PAGE_COUNT: Sentence(
        "Số trang đã quét khác số trang đã khai. Hãy đếm lại.",
        "Fewer or more pages were scanned than were counted. Count again.",
        blocking=True,
    ),
    CaseKind.ODD_SIDES: Sentence(
        "Tập giấy quét hai mặt có số mặt lẻ: có thể máy đã kéo hai tờ cùng lúc.",
        "A stack scanned on both sides has an odd number of sides: two sheets may have gone through at once.",
        blocking=False,
    ),
    CaseKind.SCANNED_TWICE: Sentence(
        "Giấy này có vẻ đã được quét trước đó trong cùng hồ sơ.", "This paper seems to be in the dossier already.", blocking=False
    ),
    CaseKind.ANOTHER_OF_COMPONENT: Sentence(
        "Thành phần này đã có một tài liệu khác; cả hai được giữ. Hãy xem có phải bản thay thế không.",
        "The component has another document already; both are kept. See whether one replaces the other.",
        blocking=False,
    ),
    CaseKind.FEWER_PAGES: Sentence(
        "Bản mới ít trang hơn bản trước. Hãy kiểm tra có thiếu trang không.",
        "The new version has fewer pages than the one before. See whether pages are missing.",
        blocking=True,
    ),
    CaseKind.SECOND_ROW: Sentence(
        "Sổ có hai dòng khác nhau cho mã hồ sơ này; dòng sau không được nạp.",
        "The register has two rows for this number that disagree; the later one was not loaded.",
        blocking=False,
    ),
    CaseKind.REGISTER_MOVED: Sentence(
        "Sổ đã đổi thủ tục, đơn vị hoặc người nộp của hồ sơ đã có giấy tờ. Giấy tờ vẫn ở nguyên chỗ; hãy kiểm tra.",
        "The register changed procedure, office or applicant of a dossier that has papers. They stay where they are; check them.",
        blocking=True,
    ),
    CaseKind.NUMBER_CORRECTED: Sentence(
        "Sổ có một mã mới giống hệt hồ sơ này. Nếu mã đã được sửa, hãy chuyển giấy tờ sang mã mới.",
        "The register has a new number with the very facts of this dossier. If the number was corrected, move the papers to it.",
        blocking=True,
    ),
}


class NoSuchCase(BadArgument):
    vi = "Không có việc cần xem nào đang mở với ID này. Xem «sohoa status»."
    en = "There is no open case with this ID. See `sohoa status`."


def open_case(
    kind: CaseKind,
    now: datetime,
    *,
    document: Document | None = None,
    dossier: Dossier | None = None,
    batch: Batch | None = None,
    detail: Mapping[str, Any],
) -> Case | None:
    """Open a case about a document, a dossier or a batch; None where the very same one was opened before, open or closed."""
    about = {"document": document, "dossier": dossier or (document.dossier if document else None), "batch": batch}
    with transaction.atomic():
        if Case.objects.filter(kind=kind, detail=dict(detail), **about).exists():
            return None
        case = Case.objects.create(kind=kind, blocking=SENTENCES[kind].blocking, detail=dict(detail), opened_at=now, **about)
        record(Happening("case.opened", now, dossier=case.dossier, document=document, detail={"kind": kind, "case": str(case.pk)}))
        told = batch or (document.batch if document else None)
        if told is not None:
            Batch.objects.filter(pk=told.pk).update(note_due=True)
    return case


def close_case(case: Case, actor: str, now: datetime) -> None:
    """A person has seen to it. Raises NoSuchCase when it is closed already."""
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, closed_at=None).update(closed_at=now, closed_by=actor):
            raise NoSuchCase(str(case.pk))
        detail = {"kind": case.kind, "case": str(case.pk)}
        record(Happening("case.closed", now, dossier=case.dossier, document=case.document, actor=actor, detail=detail))
        told = case.batch or (case.document.batch if case.document else None)
        if told is not None:
            Batch.objects.filter(pk=told.pk).update(note_due=True)


def drop_cases(document: Document, now: datetime) -> None:
    """What was asked about a document that was taken back is no question any more. Inside a transaction."""
    for case in Case.objects.filter(document=document, closed_at=None):
        close_case(case, "system", now)


def is_held_up(dossier: Dossier) -> bool:
    """Whether a blocking case of the dossier is open."""
    return Case.objects.filter(dossier=dossier, closed_at=None, blocking=True).exists()
