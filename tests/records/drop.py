"""A dropped file that has been read, without scanner and OCR: the rows as the steps leave them; and the two steps after reading."""

from __future__ import annotations

import hashlib
import itertools
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from pydantic import TypeAdapter

from pipeline.model import Box, Code, Folio, Heading, Symbology
from records.attachment import Bundled, attach, settle
from records.decisions import decide, write_down
from records.documents import make_documents
from records.models import Batch, Document, Page, Scan
from records.page_accounts import account_for_batch, account_for_document
from records.versions import plan_version
from tests.records.register import NOW

_CODES = TypeAdapter(tuple[Code, ...])
_HEADINGS = TypeAdapter(tuple[Heading, ...])
_HASHES = itertools.count(1)
SHELF: dict[str, str] = {}  # what was stored under each key: no key may come twice with other bytes
RECEIPT = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ\n"


@dataclass(frozen=True)
class Leaf:
    """One page: payloads of its QRs, its text, and what else reading finds out."""

    codes: tuple[str, ...] = ()  # "?" for one that does not decode
    text: str = "một hai ba bốn năm sáu bảy tám chín mười mười một mười hai mười ba"
    blank: bool = False
    failed: bool = False
    headings: tuple[Heading, ...] = ()
    folio: Folio | None = None
    likeness: str = ""
    printed: tuple[str, ...] = ()  # dossier numbers read once more from its head

    @property
    def read_codes(self) -> tuple[Code, ...]:
        kinds = [(Symbology.UNREADABLE_QR, "") if code == "?" else (Symbology.QR, code) for code in self.codes]
        return tuple(Code(kind, payload, Box(0, 0, 9, 9)) for kind, payload in kinds)

    def onto(self, page: Page) -> Page:
        """Write on the row what reading writes."""
        gone = self.blank or self.failed
        page.state, page.reason = (Page.State.FAILED, "TimedOut") if self.failed else (Page.State.READ, None)
        page.codes = _CODES.dump_python(self.read_codes, mode="json")
        page.blank, page.text = self.blank, "" if gone else self.text
        page.headings = [] if gone else _HEADINGS.dump_python(self.headings, mode="json")
        page.folio, page.folio_total = (self.folio.number, self.folio.total) if self.folio else (None, None)
        page.likeness, page.printed_numbers = self.likeness, list(self.printed)
        return page


@dataclass
class Drop:
    """A batch and its files; `assemble` may be called again, as when a file of it was opened again."""

    name: str
    files: dict[str, tuple[Leaf, ...]]
    office: str = "H51.20"
    is_folder: bool = False
    at: datetime = NOW
    batch: Batch = field(init=False)

    def __post_init__(self) -> None:
        self.batch = Batch.objects.create(
            id=uuid.uuid4(), office=self.office, name=self.name, is_folder=self.is_folder, received_at=self.at, note_due=False
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
                received_at=self.at,
            )
            add_pages(scan, leaves)

    @property
    def scan(self) -> Scan:
        return self.batch.scans.get()

    def page(self, number: int) -> Page:
        """A page of the one file, with what acts ask of it."""
        return Page.objects.select_related("scan__batch", "document__batch", "document__dossier").get(scan=self.scan, number=number)

    def assemble(self, now: datetime | None = None) -> list[Document]:
        """Split as the assembling step does."""
        now = now or self.at
        gathered, decision = decide(self.batch, now)
        with transaction.atomic():
            write_down(self.batch, gathered, decision, now)
            made = make_documents(self.batch, decision, gathered.pages, now)
            account_for_batch(self.batch, now)
            self.batch.state = Batch.State.ASSEMBLED
            self.batch.save(update_fields=["state"])
            settle(self.batch)
        return made

    def attached(self, now: datetime | None = None) -> list[Document]:
        """Split, and bundle what has a dossier; the rows as they are then."""
        made = self.assemble(now)
        for document in made:
            bundle(document, now or self.at)
            document.refresh_from_db()
        return made


def dropped(name: str, *leaves: Leaf, office: str = "H51.20", at: datetime = NOW) -> Drop:
    """One file in the inbox of an office."""
    return Drop(name, {name: leaves}, office, at=at)


def titled(title: str, body: str = "", folio: Folio | None = None, likeness: str = "") -> Leaf:
    """A page with a title: capitals in the middle of its upper part."""
    heading = Heading(title, top=0.15, size=1.3, off_centre=0.01, width=0.4)
    return Leaf(text=f"{title}\n{body}", headings=(heading,), folio=folio, likeness=likeness)


def add_pages(scan: Scan, leaves: tuple[Leaf, ...]) -> None:
    Page.objects.bulk_create(leaf.onto(Page(scan=scan, number=number)) for number, leaf in enumerate(leaves, 1))


def read_again(page: Page, leaf: Leaf) -> None:
    """What `read_step` writes when a page is read again."""
    page.refresh_from_db()
    leaf.onto(page).save()


def bundle(document: Document, now: datetime = NOW) -> bool:
    """Plan the version and attach as the bundling step does, with a PDF that nobody looks at; False where nothing is left to do."""
    document.refresh_from_db()
    if document.state != Document.State.BUNDLING:
        return False
    plan_version(document, now)
    digest = hashlib.sha256(repr([(place, page.pk, page.ruled_rotation) for place, page in document.placed_pages()]).encode()).hexdigest()
    assert len(document.placed_pages()) == document.page_count, "the PDF would not have the pages it is to have"
    key = document_key(document)
    assert SHELF.setdefault(key, digest) == digest, "the key of one PDF came again for another"
    with transaction.atomic():
        attached = attach(document, Bundled(key, digest, 1234, "2b"), now)
        if attached:
            account_for_document(document, now)
    return attached


def bundle_all(now: datetime = NOW) -> None:
    """Bundle whatever there is to bundle, the oldest first, as the reconciler has it done."""
    for document in Document.objects.filter(state=Document.State.BUNDLING).order_by("created_at", "pk"):
        assert bundle(document, now)


def document_key(document: Document) -> str:
    """The key of a document's PDF, as the bundling step makes it."""
    assert document.dossier is not None
    made = document.created_at
    return f"{document.batch.office}/{made:%Y}/{made:%m}/{document.dossier.uid}/{document.lineage}/v{document.version}.pdf"
