"""The clerk's commands about what waits for a person, or was attached wrongly: look, decide, take back, try again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from cli_base import Json, actor, archive, bad, now, writable
from cli_show import out, print_parked, print_stories

if TYPE_CHECKING:
    from config import Config
    from records.models import Document, Page

RowId = Annotated[str, typer.Argument(metavar="ID", help="ID trong «sohoa status» hoặc ghi chú: tài liệu, tệp quét hoặc việc cần xem")]


def retry(row_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Bỏ trống: tất cả (empty: everything)")] = None) -> None:
    """Thử lại những gì đang chờ người. (Try again what is parked.)"""
    with archive() as config:
        from records.again import try_again
        from records.status import parked
        from workers.supervise import work_off

        again = try_again(row_id, actor(), now())
        work_off(config)
        out.print(f"Đã thử lại {again.scans} tệp, {again.pages} trang, {again.documents} tài liệu.")
        print_parked(parked())


def resolve(
    row_id: RowId,
    number: Annotated[str | None, typer.Option("--dossier", metavar="MA", help="Giấy này của hồ sơ nào")] = None,
    component: Annotated[str | None, typer.Option(metavar="C", help="Thành phần (TP1 ..., KQ)")] = None,
    also: Annotated[bool, typer.Option("--also", help="Dùng chung: thêm hồ sơ này, vẫn giữ hồ sơ cũ (serves this dossier, too)")] = False,
    split: Annotated[int | None, typer.Option(metavar="TRANG", help="Giấy khác bắt đầu từ trang này (split here)")] = None,
    join: Annotated[bool, typer.Option("--join", help="Nối vào tài liệu ngay phía trên (join with the one above)")] = False,
    page: Annotated[int | None, typer.Option(metavar="TRANG", help="Trang cho --rotate, --blank, --not-blank")] = None,
    rotate: Annotated[int | None, typer.Option(metavar="90|180|270", help="Xoay trang theo chiều kim đồng hồ (turn clockwise)")] = None,
    blank: Annotated[bool | None, typer.Option("--blank/--not-blank", help="Trang trắng hay không (nothing on it, or something)")] = None,
    discard: Annotated[str | None, typer.Option(metavar="LÝ_DO", help="Bỏ: duplicate, foreign, spoilt, trial")] = None,
    seen: Annotated[bool, typer.Option("--seen", help="Việc cần xem đã xem xong (a case is dealt with)")] = False,
) -> None:
    """Người quyết định về giấy đang chờ hoặc gắn nhầm; mọi việc đều hoàn tác được bằng «sohoa undo». (Decide; all can be undone.)"""
    asked = {
        "assign": number is not None or component is not None,
        "split": split is not None,
        "join": join,
        "rotate": rotate is not None,
        "blank": blank is not None,
        "discard": discard is not None,
        "seen": seen,
    }
    if sum(asked.values()) != 1 or ((rotate is not None or blank is not None) and page is None) or (also and number is None):
        raise bad(
            "Hãy cho đúng một việc: --dossier [--component] [--also], --component, --split, --join, --page với --rotate hoặc"
            " --blank/--not-blank, --discard, --seen.",
            "Give one thing to do: --dossier [--component] [--also], --component, --split, --join, --page with --rotate or"
            " --blank/--not-blank, --discard, --seen.",
        )
    if asked["assign"]:
        _assign(row_id, number.strip() if number else None, component, also=also)
    elif split is not None:
        _on_page(row_id, split, _split, "Đã tách; phần dưới chờ chọn hồ sơ (split; the part below waits)")
    elif page is not None and rotate is not None:
        _on_page(row_id, page, _rotating(rotate), f"Đã xoay {rotate}° (turned)")
    elif page is not None and blank is not None:
        _on_page(row_id, page, _blank if blank else _keep, "Đã ghi nhận (done)")
    else:
        _on_documents(row_id, join=join, discard_reason=discard)


def _assign(row_id: str, number: str | None, component: str | None, *, also: bool) -> None:
    with _deciding():
        from records.by_id import documents_of, one_document, waiting_documents
        from records.models import Document
        from records.review import assign, name_component, share

        if number is None or also:
            document = one_document(row_id)
            share(document, number, component, actor(), now()) if number else name_component(document, component or "", actor(), now())
            out.print(f"Tài liệu {str(document.pk)[:8]}: {number or ''} {component or ''} (done).")
            return
        documents = documents_of(row_id)
        waiting = [one for one in documents if one.state == Document.State.PARKED]
        if waiting or not _names_component(documents, number, component):
            documents = waiting_documents(row_id) if waiting else documents
            assign(documents, number, component, actor(), now())
            out.print(f"{len(documents)} tài liệu đã gắn vào {number} (attached).")
        else:
            name_component(documents[0], component or "", actor(), now())
            out.print(f"Tài liệu của {number} nay là thành phần {component} (component named).")


def _names_component(documents: list[Document], number: str, component: str | None) -> bool:
    """Whether only the component of one attached document is to be named."""
    one = documents[0]
    own = len(documents) == 1 and one.dossier is not None and one.dossier.number == number
    return own and component is not None and one.component is None and one.state == "attached"


def _on_documents(row_id: str, *, join: bool, discard_reason: str | None) -> None:
    with _deciding():
        from records.by_id import case_of, documents_of, one_document, unopened_of
        from records.cases import NoSuchCase, close_case
        from records.models import Document
        from records.review import discard, join_above, set_aside

        if join:
            above = join_above(one_document(row_id), actor(), now())
            out.print(f"Đã nối vào tài liệu {str(above.pk)[:8]} (joined).")
        elif discard_reason is not None:
            if discard_reason not in Document.Discard.values:
                listed = ", ".join(f"{code} ({words})" for code, words in Document.Discard.choices)
                raise bad(f"Lý do bỏ phải là một trong: {listed}.", f"The reason has to be one of: {', '.join(Document.Discard.values)}.")
            reason, unopened = Document.Discard(discard_reason), unopened_of(row_id)
            if unopened is not None:
                set_aside(unopened, reason, actor(), now())
                out.print(f"Đã bỏ tệp {unopened.path}; bản gốc vẫn được giữ (set aside; the original is kept).")
                return
            documents = documents_of(row_id)
            discard(documents, reason, actor(), now())
            out.print(f"Đã bỏ {len(documents)} tài liệu; bản gốc vẫn được giữ (discarded; the originals are kept).")
        else:
            case = case_of(row_id)
            if case is None:
                raise NoSuchCase(row_id[:40])
            close_case(case, actor(), now())
            out.print("Đã đóng việc cần xem (case closed).")


def _on_page(row_id: str, number: int, act: Callable[[Page], object], told: str) -> None:
    with _deciding():
        from records.by_id import page_of

        act(page_of(row_id, number))
        out.print(f"Trang {number}: {told}.")


def _split(page: Page) -> None:
    from records.review import split_at

    split_at(page, actor(), now())


def _keep(page: Page) -> None:
    from records.review import keep_page

    keep_page(page, actor(), now())


def _blank(page: Page) -> None:
    from records.review import mark_blank

    mark_blank(page, actor(), now())


def _rotating(degrees: int) -> Callable[[Page], None]:
    def turn(page: Page) -> None:
        from records.review import rotate

        rotate(page, degrees, actor(), now())

    return turn


@contextmanager
def _deciding() -> Iterator[Config]:
    """The archive; what a decision makes possible is done before the command ends, and nothing else that waits."""
    with archive() as config:
        from workers.supervise import work_off

        begun = now()
        yield config
        work_off(config, _batches_decided_since(begun))


def _batches_decided_since(begun: datetime) -> set[UUID]:
    from django.db.models import Q

    from records.models import Act, Document

    acts = list(Act.objects.filter(Q(at__gte=begun) | Q(undone_at__gte=begun)))
    documents = Document.objects.filter(pk__in=[key for act in acts for key in act.after["documents"]])
    return {act.batch_id for act in acts} | set(documents.values_list("batch_id", flat=True))


def undo(
    row_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Bỏ trống: việc làm gần nhất (empty: the last one)")] = None,
) -> None:
    """Hoàn tác việc đã quyết định. (Take back what was decided.)"""
    with _deciding():
        from records.cells import VIETNAM
        from records.review import undo_last

        act = undo_last(row_id, actor(), now())
        out.print(f"Đã hoàn tác: {act.kind}, {act.at.astimezone(VIETNAM):%d/%m/%Y %H:%M} (undone).")


def explain(row_id: RowId, as_json: Json = False) -> None:
    """Vì sao giấy này được chia và gắn như vậy: từng trang, thấy gì, quyết định gì. (Why it was split so, page by page.)"""
    with archive():
        from records.by_id import NoSuchWork, batch_of
        from records.decisions import explain as stories_of
        from records.models import Decision

        decision = Decision.objects.filter(batch=batch_of(row_id)).order_by("-at").first()
        if decision is None:
            raise NoSuchWork(row_id[:40])
        print_stories(list(stories_of(decision)), as_json=as_json)


def show(
    row_id: RowId,
    output: Annotated[Path, typer.Option("--output", "-o", help="Tệp JPEG (contact sheet)")],
    width: Annotated[int, typer.Option(min=100, max=2000, help="Bề rộng mỗi trang, điểm ảnh (pixels)")] = 500,
) -> None:
    """Ảnh các trang của một mục đang chờ, xếp cạnh nhau. (Pictures of the pages, side by side.)"""
    writable(output)
    with archive() as config:
        from records.by_id import pages_of
        from records.store import open_store
        from workers.pictures import contact_sheet
        from workers.readings import Reader

        output.write_bytes(contact_sheet(pages_of(row_id), Reader(config.read.settings(), open_store(), config.work), width))
        out.print(f"Đã ghi {output} (written).")
