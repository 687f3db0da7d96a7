"""A dropped file that has been read, without scanner and OCR: the rows as the steps leave them before a batch is split."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter

from pipeline.evidence import FileEvidence, PageEvidence
from pipeline.model import Box, Code, Symbology
from pipeline.split import PageRef, split
from records.attachment import Bundled, attach, settle
from records.documents import make_documents
from records.models import Batch, Document, Page, Scan
from tests.records.register import NOW

_CODES = TypeAdapter(tuple[Code, ...])
_HASHES = itertools.count(1)
RECEIPT = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ\n"


@dataclass(frozen=True)
class Leaf:
    """One page: payloads of its QRs, its text."""

    codes: tuple[str, ...] = ()  # "?" for one that does not decode
    text: str = "một hai ba bốn năm sáu bảy tám chín mười mười một mười hai mười ba"
    blank: bool = False
    failed: bool = False

    @property
    def read_codes(self) -> tuple[Code, ...]:
        kinds = [(Symbology.UNREADABLE_QR, "") if code == "?" else (Symbology.QR, code) for code in self.codes]
        return tuple(Code(kind, payload, Box(0, 0, 9, 9)) for kind, payload in kinds)


@dataclass
class Drop:
    """A batch and its files; `assemble` may be called again, as when a file of it was opened again."""

    name: str
    files: dict[str, tuple[Leaf, ...]]
    office: str = "H51.20"
    is_folder: bool = False
    batch: Batch = field(init=False)

    def __post_init__(self) -> None:
        self.batch = Batch.objects.create(
            id=uuid.uuid4(), office=self.office, name=self.name, is_folder=self.is_folder, received_at=NOW, note_due=False
        )
        for place, (name, leaves) in enumerate(self.files.items()):
            folder = f"{self.name}/" if self.is_folder else ""
            scan = Scan.objects.create(
                batch=self.batch,
                position=place,
                path=f"{self.office}/{folder}{name}",
                sha256=f"{next(_HASHES):064x}",
                state=Scan.State.RUNNING,
                page_count=len(leaves),
                received_at=NOW,
            )
            add_pages(scan, leaves)

    @property
    def scan(self) -> Scan:
        return self.batch.scans.get()

    def assemble(self, now: datetime = NOW) -> list[Document]:
        scans = list(self.batch.scans.filter(duplicate_of=None).order_by("position"))
        pages = {PageRef(n, page.number): page for n, scan in enumerate(scans) for page in scan.pages.select_related("scan")}
        files = [
            FileEvidence(scan.path.rsplit("/", 1)[-1], tuple(_evidence(page) for ref, page in pages.items() if ref.file == n))
            for n, scan in enumerate(scans)
        ]
        from django.db import transaction

        with transaction.atomic():
            made = make_documents(self.batch, split(self.name if self.is_folder else None, files, {}), pages, now)
            self.batch.state = Batch.State.ASSEMBLED
            self.batch.save(update_fields=["state"])
            settle(self.batch)
        return made


def dropped(name: str, *leaves: Leaf, office: str = "H51.20") -> Drop:
    """One file in the inbox of an office."""
    return Drop(name, {name: leaves}, office)


def add_pages(scan: Scan, leaves: tuple[Leaf, ...]) -> None:
    Page.objects.bulk_create(
        Page(
            scan=scan,
            number=number,
            state=Page.State.FAILED if leaf.failed else Page.State.READ,
            reason="TimedOut" if leaf.failed else None,
            codes=_CODES.dump_python(leaf.read_codes, mode="json"),
            blank=leaf.blank,
            text="" if leaf.blank or leaf.failed else leaf.text,
        )
        for number, leaf in enumerate(leaves, 1)
    )


def read_again(page: Page, leaf: Leaf) -> None:
    """What `read_step` writes when a page that had failed is read after all."""
    page.refresh_from_db()
    page.state, page.reason, page.blank, page.text = Page.State.READ, None, leaf.blank, leaf.text
    page.codes = _CODES.dump_python(leaf.read_codes, mode="json")
    page.save()


def bundle(document: Document, now: datetime = NOW) -> bool:
    """Attach as the bundling step does, with a PDF that nobody looks at."""
    document.refresh_from_db()
    return attach(document, Bundled(f"H51.20/{document.pk}/v1.pdf", "ab" * 32, 1234, "2b"), now)


def _evidence(page: Page) -> PageEvidence:
    return PageEvidence(page.number, _CODES.validate_python(page.codes), page.blank, page.state == Page.State.FAILED, page.text)
