"""The clerk's commands about what waits for a person: try again, say whose a paper is."""

from __future__ import annotations

from typing import Annotated

import typer

from cli_base import actor, archive, now
from cli_show import out, print_parked


def retry(row_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Bỏ trống: tất cả (empty: everything)")] = None) -> None:
    """Thử lại những gì đang chờ người. (Try again what is parked.)"""
    with archive() as config:
        from records.review import try_again
        from records.status import parked
        from workers.supervise import work_off

        again = try_again(row_id, actor(), now())
        work_off(config)
        out.print(f"Đã thử lại {again.scans} tệp, {again.pages} trang, {again.documents} tài liệu.")
        print_parked(parked())


def resolve(
    row_id: Annotated[str, typer.Argument(metavar="ID", help="ID trong «sohoa status»: tài liệu hoặc tệp quét")],
    number: Annotated[str, typer.Option("--dossier", metavar="MA", help="Mã hồ sơ")],
    component: Annotated[str | None, typer.Option(metavar="C", help="Thành phần (TP1 ..., KQ)")] = None,
) -> None:
    """Người quyết định: giấy này của hồ sơ nào, thành phần nào. (Say whose a parked paper is, or which component an attached one.)"""
    with archive() as config:
        from records.attachment import name_component
        from records.attachment import resolve as decide
        from records.notes import write_notes
        from records.review import undecided_document, waiting_documents
        from workers.supervise import work_off

        attached = undecided_document(row_id)
        if attached is not None and attached.dossier is not None and attached.dossier.number == number.strip() and component:
            name_component(attached, component, actor(), now())
            write_notes(config.inbox)
            out.print(f"Tài liệu của {number} nay là thành phần {component} (component named).")
            return
        documents = waiting_documents(row_id)
        decide(documents, number.strip(), component, actor(), now())
        work_off(config)
        out.print(f"{len(documents)} tài liệu đã gắn vào {number} (attached).")
