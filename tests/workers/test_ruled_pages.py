"""What a person says of a page is carried out by the workers: turned, read and bundled anew, taken back by undoing; and what people see."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest

from config import load_config
from pipeline.model import Pixels
from records.models import Document, Page
from records.review import keep_page, mark_blank, rotate, undo_last
from tests.drops import register
from tests.workers.test_run import accepted, work_off, worker
from workers.local import Inline
from workers.pictures import contact_sheet
from workers.reconcile import Reconciler
from workers.worker import Worker

pytestmark = pytest.mark.usefixtures("catalogue")
__all__ = ["worker"]


def now() -> datetime:
    return datetime.now(UTC)


def the_page(number: int) -> Page:
    return Page.objects.select_related("scan__batch", "document__batch", "document__dossier").get(number=number)


def lies(page: pypdfium2.PdfPage) -> bool:
    return bool(page.get_width() > page.get_height())


def pdf_of(document: Document, worker: Worker, tmp_path: Path) -> pypdfium2.PdfDocument:
    path = tmp_path / f"v{document.version}.pdf"
    worker.store.get(document.key, path, document.sha256)
    return pypdfium2.PdfDocument(io.BytesIO(path.read_bytes()))


def test_a_turned_page_is_read_and_bundled_anew_and_turned_back(worker: Worker, tmp_path: Path) -> None:
    register()
    accepted(tmp_path, pages=2)
    work_off(worker)
    first = Document.objects.get()
    rotate(the_page(2), 90, "clerk", now())
    work_off(worker)
    turned = Document.objects.get()
    assert (turned.state, turned.version, the_page(2).rotation) == ("attached", first.version + 1, 90)
    assert (turned.lineage, turned.key != first.key) == (first.lineage, True)
    pdf = pdf_of(turned, worker, tmp_path)
    assert lies(pdf[0]) != lies(pdf[1])
    pdf.close()
    undo_last(None, "clerk", now())
    work_off(worker)
    back = Document.objects.get()
    assert (back.state, back.version, the_page(2).rotation) == ("attached", first.version + 2, 0)
    pdf = pdf_of(back, worker, tmp_path)
    assert len(pdf) == 2
    assert lies(pdf[0]) == lies(pdf[1])
    pdf.close()


def test_a_page_taken_out_and_kept_after_all(worker: Worker, tmp_path: Path) -> None:
    register()
    accepted(tmp_path, pages=2)
    work_off(worker)
    mark_blank(the_page(2), "clerk", now())
    work_off(worker)
    document = Document.objects.get()
    assert (document.state, document.page_count, the_page(2).disposition) == ("attached", 1, "blank")
    pdf = pdf_of(document, worker, tmp_path)
    assert len(pdf) == 1
    pdf.close()
    keep_page(the_page(2), "clerk", now())
    work_off(worker)
    assert (the_page(2).disposition, the_page(2).state, the_page(2).blank) == ("parked", "read", False)
    assert the_page(2).text
    undo_last(None, "clerk", now())
    undo_last(None, "clerk", now())
    work_off(worker)
    whole = Document.objects.exclude(state="dissolved").get()
    assert (whole.state, whole.page_count, the_page(2).disposition) == ("attached", 2, "attached")


def test_the_contact_sheet_shows_pages_side_by_side_as_they_were_turned(worker: Worker, tmp_path: Path) -> None:
    register()
    accepted(tmp_path, pages=5)
    work_off(worker)
    four_in_a_row = seen(worker, *Page.objects.order_by("number"))
    assert four_in_a_row.shape[1] == 4 * (120 + 16)
    upright = seen(worker, the_page(1))
    rotate(the_page(1), 90, "clerk", now())
    work_off(worker)
    turned = seen(worker, the_page(1))
    assert upright.shape[1] == turned.shape[1] == 120 + 16
    shape, other = upright.shape[0] - 26 - 16, turned.shape[0] - 26 - 16
    assert abs(shape / 120 - 120 / other) < 0.05


def seen(worker: Worker, *pages: Page) -> Pixels:
    picture = cv2.imdecode(np.frombuffer(contact_sheet(pages, worker.reader, 120), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def test_only_what_was_decided_is_worked_off_not_all_that_waits(worker: Worker, tmp_path: Path) -> None:
    """A decision beside a full inbox does not wait for the inbox."""
    register()
    accepted(tmp_path, pages=1)
    work_off(worker)
    other = accepted(tmp_path, name="another.tif", pages=2)
    document = Document.objects.get(state="attached")
    rotate(the_page_of(document), 180, "clerk", now())
    inline = Inline(load_config())
    reconciler = Reconciler(inline, 0.0, 4, {document.batch_id})
    while reconciler.round(now()):
        inline.drain()
    document.refresh_from_db()
    other.refresh_from_db()
    assert (document.version, document.state) == (2, "attached")
    assert (other.state, other.page_count) == ("waiting", None)


def the_page_of(document: Document) -> Page:
    return Page.objects.select_related("scan__batch", "document__batch").get(document=document)
