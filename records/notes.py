"""The clerk's note: a readable file in `_ket-qua/` beside what was dropped, saying what happened to it and what is still missing.

Written by the watcher, which owns the inbox, whenever the catalogue knows more than the note. Vietnamese first, then English.
"""

from __future__ import annotations

import hashlib
import logging
import re
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localtime

from pipeline.errors import BY_CODE, SohoaError
from pipeline.text import page_ranges
from records.cases import SENTENCES, CaseKind, is_held_up
from records.completeness import State, component_states, is_complete
from records.identity import fact_of
from records.inbox import RESULTS, folder_of, is_folder
from records.models import Batch, Case, Document, Page, Scan

_NAME_BYTES = 200  # of a note's name; a file system takes 255
_AT_ONCE = 200
_DROPS = 5  # of one name that its note tells of
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|]')
log = logging.getLogger(__name__)


def write_notes(inbox: Path) -> int:
    """Write every note that is due; returns how many. Where a folder cannot be written it is tried again later; the others go on."""
    due = Batch.objects.filter(note_due=True)
    return sum(_write_due(inbox, due.filter(office=office)) for office in list(due.order_by().values_list("office", flat=True).distinct()))


def _write_due(inbox: Path, due: QuerySet[Batch]) -> int:
    """The notes of one office."""
    written = 0
    for batch in due.order_by("received_at")[:_AT_ONCE]:
        Batch.objects.filter(pk=batch.pk).update(note_due=False)  # first: what changes while it is written makes it due again
        try:
            _write(inbox, batch)
        except OSError as error:
            Batch.objects.filter(pk=batch.pk).update(note_due=True)
            log.warning("a note could not be written: %s", error.strerror)
            break
        written += 1
    return written


def compose(batch: Batch) -> str:
    """The text of a batch's note."""
    lines = [f"{batch.name}", f"Nhận lúc {localtime(batch.received_at):%d/%m/%Y %H:%M:%S} (received)", ""]
    for scan in batch.scans.order_by("position"):
        lines += [*_scan_lines(scan, batch), ""]
    numbers = dict.fromkeys(
        number for number in batch.documents.order_by("created_at").values_list("dossier__number", flat=True) if number is not None
    )
    for number in numbers:
        lines += [*_missing_lines(number), ""]
    lines += _case_lines(batch)
    return "\n".join(lines)


def reason_text(code: str | None) -> str:
    """A reason code as people read it: Vietnamese, then English, then the code itself."""
    kind = BY_CODE.get(code or "", SohoaError)
    return f"{kind.vi} ({kind.en}) [{code}]"


def _scan_lines(scan: Scan, batch: Batch) -> Iterable[str]:
    if batch.is_folder:
        yield f"• {scan.path.rsplit('/', 1)[-1]}"
    if scan.duplicate_of is not None:
        first = scan.duplicate_of
        yield f"  {reason_text(scan.reason)}"
        yield f"  Lần trước: {first.path}, {localtime(first.received_at):%d/%m/%Y %H:%M} (received before)"
        return
    state = Scan.State(scan.state)
    yield f"  {state.label.upper()} ({state.value})"
    if scan.format == "note":
        yield f"  Số trang đã khai (pages counted): {batch.expected_pages}"
        return
    if scan.page_count == 0 and scan.reason:
        yield f"  {reason_text(scan.reason)}"
        if scan.set_aside is not None:
            yield f"  Đã bỏ: {Document.Discard(scan.set_aside).label} (set aside)"
        return
    pages = list(scan.pages.select_related("document__dossier").order_by("number"))
    counts = {kind: sum(page.disposition == kind for page in pages) for kind in Page.Disposition}
    yield (
        f"  {len(pages)} trang = {counts[Page.Disposition.ATTACHED]} đã gắn + {counts[Page.Disposition.BLANK]} trắng"
        f" + {counts[Page.Disposition.SEPARATOR]} tờ ngăn + {counts[Page.Disposition.PARKED]} cần người xem"
        + (f" + {counts_open} đang xử lý" if (counts_open := sum(page.disposition is None for page in pages)) else "")
    )
    discarded = sum(page.document is not None and page.document.state == Document.State.DISCARDED for page in pages)
    if discarded:
        yield f"  trong đó (of these) {discarded} trang đã bỏ (discarded)"
    for document in dict.fromkeys(page.document for page in pages if page.document is not None):
        yield _document_line(document, [page.number for page in pages if page.document == document])
    yield from _quality_lines(pages)


def _quality_lines(pages: list[Page]) -> Iterable[str]:
    """What was seen to be poor about the pictures of pages, reason by reason, and what to do about it."""
    for code, advice in _ADVICE.items():
        numbers = [page.number for page in pages if code in page.notes]
        if numbers:
            yield f"  Trang {page_ranges(numbers)}: {advice} [{code}]"


def _document_line(document: Document, numbers: list[int]) -> str:
    where = f"  Trang {page_ranges(numbers)}: "
    if document.state == Document.State.PARKED:
        claims = ", ".join(f"{SOURCES.get(claim['source'], claim['source'])}: {claim['number'] or '?'}" for claim in document.claims)
        return f"{where}CẦN NGƯỜI XEM. {reason_text(document.reason)}{' | ' + claims if claims else ''} | ID {str(document.pk)[:8]}"
    number = document.dossier.number if document.dossier else "?"
    if document.state == Document.State.DISCARDED:
        return f"{where}đã bỏ (discarded): {Document.Discard(document.reason or '').label} | ID {str(document.pk)[:8]}"
    if document.state == Document.State.SUPERSEDED:
        return f"{where}{number} / {document.component}, đã có bản quét mới hơn (superseded)"
    if document.kind == Document.Kind.RECEIPT:
        component = ", giấy tiếp nhận (receipt)"
    elif document.component:
        component = f" / {document.component}" + (f", bản {document.version} (version)" if document.version > 1 else "")
    else:
        component = f", thành phần chưa xác định (component undecided){_proposed(document)} | ID {str(document.pk)[:8]}"
    return f"{where}{'đã gắn vào' if document.state == Document.State.ATTACHED else 'sẽ gắn vào'} {number}{component}"


def _proposed(document: Document) -> str:
    """The components that the title may mean."""
    return f", có thể là (perhaps) {', '.join(one['component'] for one in document.candidates)}" if document.candidates else ""


def _case_lines(batch: Batch) -> list[str]:
    """What to look at before the paper goes back to its shelf."""
    cases = list(Case.objects.filter(Q(batch=batch) | Q(document__batch=batch), closed_at=None).select_related("dossier", "document"))
    if not cases:
        return []
    lines = ["KIỂM TRA TRƯỚC KHI CẤT GIẤY (before the paper goes back to its shelf):"]
    for case in cases:
        where = (
            f"{case.dossier.number}{f' / {case.document.component}' if case.document and case.document.component else ''}: "
            if case.dossier
            else ""
        )
        lines.append(f"  {where}{case_text(case)} | ID {str(case.pk)[:8]}")
    return [*lines, ""]


def case_text(case: Case) -> str:
    """A case as people read it: Vietnamese, then English, then its code; numbers of pages where it is about these."""
    sentence = SENTENCES[CaseKind(case.kind)]
    detail = case.detail
    told = {
        CaseKind.MISSING_PAGES: lambda: f" Thiếu trang (missing): {page_ranges(detail['missing'])}.",
        CaseKind.DOUBLED_PAGES: lambda: f" Trang (pages): {page_ranges(detail['pages'])}.",
        CaseKind.PAGE_COUNT: lambda: f" Đã khai (counted) {detail['expected']}, đã quét (scanned) {detail['found']}.",
        CaseKind.FEWER_PAGES: lambda: f" Trước (before) {detail['before']}, nay (now) {detail['pages']}.",
        CaseKind.NUMBER_CORRECTED: lambda: f" Mã mới (new number): {detail['number']}.",
    }.get(CaseKind(case.kind), lambda: "")()
    return f"{sentence.vi}{told} ({sentence.en}) [{case.kind}]"


SOURCES = {
    "sheet": "tờ ngăn",
    "receipt": "giấy tiếp nhận",
    "result": "mã trên giấy",
    "file": "tên tệp",
    "folder": "tên thư mục",
    "printed": "chữ in (đọc máy)",
    "person": "người nộp hoặc mã in trên giấy",
}


_ADVICE = {
    "low_dpi": "độ phân giải thấp – đặt máy quét từ 200 dpi trở lên (tốt nhất 300) và quét lại"
    " (resolution below 200 dpi: set 200 dpi or more, scan again)",
    "faded": "chữ mờ nhạt – tăng độ đậm của máy quét và quét lại (faint print: set the scanner darker, scan again)",
    "blurred": "chữ bị nhòe – lau mặt kính, đặt giấy phẳng và quét lại (blurred: wipe the glass, lay the sheet flat, scan again)",
    "cut_off": "chữ bị cắt ở mép ảnh – đặt giấy ngay ngắn, chọn đúng khổ giấy và quét lại"
    " (text runs out of the picture: align the sheet, check the paper size, scan again)",
    "dark": "ảnh tối hoặc vùng đen che chữ – đậy nắp máy quét, giảm độ đậm và quét lại"
    " (dark picture, or black over text: close the lid, set the scanner brighter, scan again)",
    "unread_ink": "có chỗ không đọc được – xem lại ảnh bằng mắt, nếu không rõ thì quét lại"
    " (parts could not be read: look at the page, scan again if it is not clear)",
}
"""What a clerk can do about a page, by the codes in `Page.notes`. All of it is advice: the page is processed as it is."""


def _missing_lines(number: str) -> Iterable[str]:
    fact = fact_of(number)
    if fact is None:
        return
    lines = component_states(fact, timezone.now())
    complete = is_complete(lines) and not is_held_up(fact.dossier)
    yield f"Hồ sơ {number}: {'ĐỦ (complete)' if complete else 'CHƯA ĐỦ (incomplete)'}"
    for line in lines:
        if line.lacking:
            yield f"  thiếu: {line.name} ({line.code})"
    for state, told in ((State.DIGITISED, "đã số hóa"), (State.REUSED, "tái sử dụng"), (State.EXEMPT, "miễn")):
        named = [line.code for line in lines if line.state is state]
        if named:
            yield f"  {told}: {', '.join(named)}"


def _write(inbox: Path, batch: Batch) -> None:
    """The note of a name tells of every drop under that name, the newest first."""
    folder = folder_of(inbox, batch.office) / RESULTS
    if not is_folder(folder):
        folder.mkdir(parents=True)  # fails where a link or a file lies in its place: nothing is ever written through one
    named = Batch.objects.filter(office=batch.office, name=batch.name).order_by("-received_at")[:_DROPS]
    text = "\n----------------------------------------\n".join(compose(one) for one in named)
    scratch = folder / f".{uuid.uuid4().hex}"
    try:
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(folder / note_name(batch.name))
    finally:
        scratch.unlink(missing_ok=True)


def note_name(name: str) -> str:
    """The name of the note for a dropped name: `scan0001.pdf.txt`. Shortened where the file system would not take it, and without
    what a clerk's Windows would not show; then it ends in a hash, so that no two names share a note."""
    safe = _NOT_IN_A_NAME.sub("_", name)
    encoded = safe.encode()
    if safe != name or len(encoded) > _NAME_BYTES:
        digest = hashlib.sha256(name.encode()).hexdigest()[:12]
        safe = f"{encoded[: _NAME_BYTES - 20].decode('utf-8', 'ignore')}~{digest}"
    return f"{safe}.txt"
