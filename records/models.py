"""The tables of the catalogue. No logic beyond what a row knows of itself.

Facts that come from registers and attachments are never overwritten: a row holds from `known_from` (inclusive) to `known_to`
(exclusive, null while it holds), so that every report can be asked as of a past moment. Work that has to be done on a row is
in its `state`; `lease_until` says a worker is at it, `attempts` how often it was begun.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Known(models.Model):
    """A fact with the span of time over which the archive knew it."""

    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Task(models.Model):
    """A row that a worker has to do something about."""

    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


# --- registers ---------------------------------------------------------------------------------------------------------------


class Office(Known):
    """Đơn vị, as the office register says."""

    class Level(models.TextChoices):
        PROVINCE = "TINH", "Tỉnh"
        DISTRICT = "HUYEN", "Huyện"
        COMMUNE = "XA", "Xã"
        DEPARTMENT = "SO", "Sở"

    code = models.CharField(max_length=35)
    name = models.CharField(max_length=255)
    level = models.CharField(max_length=5, choices=Level)
    parent = models.CharField(max_length=35, blank=True)  # code; empty at the top
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # exclusive
    successors = models.JSONField(default=list)  # codes of the offices that took over

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], condition=Q(known_to=None), name="one_office_a_code")]


class Procedure(Known):
    """One version of a procedure (thủ tục hành chính); the one valid on the day of receipt decides what a dossier needs."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=500)
    needs_result = models.BooleanField()  # CoKetQua: a written result is required
    term_days = models.PositiveSmallIntegerField(null=True)  # working days, 0: same day
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # exclusive

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"], condition=Q(known_to=None), name="one_procedure_version_a_day", nulls_distinct=False
            )
        ]


class ProcedureComponent(models.Model):
    """Thành phần hồ sơ: one line of a procedure version's checklist. The result, KQ, is not listed here."""

    class Duty(models.TextChoices):
        MUST = "PHAI", "Phải số hóa"
        ON_DEMAND = "YEU_CAU", "Số hóa theo yêu cầu"
        EXEMPT = "MIEN", "Miễn số hóa"

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="components")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=500)
    required = models.BooleanField()
    duty = models.CharField(max_length=7, choices=Duty)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["procedure", "code"], name="one_component_a_code")]


class Dossier(models.Model):
    """Hồ sơ: the identity alone; what the register says of it is in `DossierFact`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # in object keys, which hold nothing personal
    number = models.CharField(max_length=60, unique=True)  # MaHoSo, never rewritten


class DossierFact(Known):
    """What the dossier register says of a dossier, from one load to the next that changed it."""

    class Channel(models.IntegerChoices):
        COUNTER = 1, "Trực tiếp"
        ONLINE = 2, "Trực tuyến"
        POST = 3, "Bưu chính công ích"

    class Status(models.TextChoices):
        OPEN = "DANG_XU_LY", "Đang xử lý"
        SOLVED = "DA_GIAI_QUYET", "Đã giải quyết"
        STOPPED = "DUNG", "Dừng xử lý"
        WITHDRAWN = "RUT", "Rút hồ sơ"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="facts")
    procedure = models.CharField(max_length=40)  # code
    receiving = models.CharField(max_length=35)  # office code
    executing = models.CharField(max_length=35)  # office code
    channel = models.PositiveSmallIntegerField(choices=Channel)
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=13, choices=Status)
    applicant = models.CharField(max_length=255, blank=True)
    identity_number = models.CharField(max_length=12, blank=True)  # citizen's number: masked wherever it is shown
    subject = models.CharField(max_length=1000, blank=True)
    expected_pages = models.JSONField(default=dict)  # page images by component code, where the register says so

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier"], condition=Q(known_to=None), name="one_fact_a_dossier")]
        indexes = [
            models.Index(fields=["received_at", "executing"], name="fact_received"),
            models.Index(fields=["procedure"], name="fact_procedure"),
            models.Index(fields=["identity_number"], name="fact_identity", condition=Q(known_to=None) & ~Q(identity_number="")),
        ]


class ReusedComponent(models.Model):
    """TaiSuDung: a component taken from an earlier result instead of being scanned."""

    fact = models.ForeignKey(DossierFact, on_delete=models.CASCADE, related_name="reused")
    component = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "component"], name="reused_once")]


# --- scans -------------------------------------------------------------------------------------------------------------------


class Batch(Task):
    """What a clerk dropped in one movement: a file, or a folder of files. It is read, split and noted as one."""

    class State(models.TextChoices):
        READING = "reading", "Đang đọc"
        ASSEMBLED = "assembled", "Đã tách"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.CharField(max_length=35, blank=True)  # the folder it was dropped in
    name = models.CharField(max_length=255)  # of the file or folder, NFC, control characters replaced
    is_folder = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.READING)
    note_due = models.BooleanField(default=True, db_index=True)  # the clerk's note does not yet say what is known
    expected_pages = models.PositiveIntegerField(null=True)  # sheet sides that the clerk counted, from the folder's note


class Scan(Task):
    """One dropped file. Its original lies in the store under its SHA-256 and is never altered."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ xử lý"
        RUNNING = "running", "Đang xử lý"
        DONE = "done", "Xong"
        PARKED = "parked", "Cần người xem"
        REFUSED = "refused", "Bị từ chối"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="scans")
    position = models.PositiveIntegerField(default=0)  # in its batch, natural order of names
    path = models.CharField(max_length=1024)  # below the inbox, NFC, control characters replaced
    sha256 = models.CharField(max_length=64, null=True, db_index=True)  # null: refused before it could be read (symlink, fifo)
    size = models.BigIntegerField(default=0)  # bytes
    fingerprint = models.CharField(max_length=80, blank=True, db_index=True)  # of an entry that was refused and left in the inbox
    state = models.CharField(max_length=7, choices=State, default=State.WAITING, db_index=True)
    reason = models.CharField(max_length=40, null=True)  # code, see pipeline.errors
    set_aside = models.CharField(max_length=10, null=True)  # Document.Discard: why a person said that nothing more is to be done about it
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    format = models.CharField(max_length=10, blank=True)  # by content: pdf, tiff, jpeg ...
    page_count = models.PositiveIntegerField(null=True)  # null: not opened yet
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["received_at", "batch", "position"]

    @property
    def original_key(self) -> str:
        return f"originals/{self.sha256}"


class Page(Task):
    """One page image of a scan, what was read on it and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ đọc"
        READ = "read", "Đã đọc"
        FAILED = "failed", "Không đọc được"

    class Disposition(models.TextChoices):
        ATTACHED = "attached", "Đã gắn vào hồ sơ"
        BLANK = "blank", "Trang trắng"
        SEPARATOR = "separator", "Tờ ngăn cách"
        PARKED = "parked", "Cần người xem"

    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveIntegerField()  # in its file, from 1
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=40, null=True)  # why it failed
    work_key = models.CharField(max_length=100, blank=True)  # stem of its access image and words in the store
    codes = models.JSONField(default=list)  # [{"symbology", "payload", "citizen_card", "top_left"}]
    blank = models.BooleanField(default=False)
    rotation = models.PositiveSmallIntegerField(default=0)  # degrees clockwise that were applied
    skew = models.FloatField(null=True)  # degrees, counter-clockwise positive; null: left as it was
    dpi = models.FloatField(null=True)
    confidence = models.FloatField(null=True)  # 0..1
    notes = models.JSONField(default=list)  # codes of what was mended or noticed
    text = models.TextField(blank=True)
    headings = models.JSONField(default=list)  # lines that may be its title, see pipeline.model.Heading
    folio = models.PositiveSmallIntegerField(null=True)  # page number printed on it
    folio_total = models.PositiveSmallIntegerField(null=True)  # `5` of `Trang 2/5`
    likeness = models.CharField(max_length=16, blank=True)  # perceptual hash, hexadecimal
    printed_numbers = models.JSONField(default=list)  # dossier numbers read from the head of a receipt without a readable code
    ruled_rotation = models.PositiveSmallIntegerField(null=True)  # a person's word, over what is found out: degrees clockwise
    ruled_blank = models.BooleanField(null=True)  # a person's word
    disposition = models.CharField(max_length=9, choices=Disposition, null=True)
    document = models.ForeignKey("Document", on_delete=models.PROTECT, null=True, related_name="pages")
    page_in_document = models.PositiveIntegerField(null=True)  # from 1

    class Meta:
        ordering = ["scan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["scan", "number"], name="one_row_a_page"),
            models.UniqueConstraint(fields=["document", "page_in_document"], name="one_page_a_place"),
        ]
        indexes = [models.Index(fields=["scan", "number"], name="page_waiting", condition=Q(state="waiting"))]


class Document(Task):
    """A run of pages that belong together: parked until its dossier is known, then bundled as PDF/A and attached.

    A later scan of the same component is a row of its own with the next `version` of the same `lineage`.
    """

    class State(models.TextChoices):
        PARKED = "parked", "Cần người xem"
        BUNDLING = "bundling", "Đang đóng gói"
        ATTACHED = "attached", "Đã gắn vào hồ sơ"
        SUPERSEDED = "superseded", "Đã có bản mới hơn"
        DISCARDED = "discarded", "Đã bỏ"
        DISSOLVED = "dissolved", "Đã chia hoặc gộp"  # its pages are in other documents

    class Kind(models.TextChoices):
        PAPER = "paper", "Giấy tờ"
        RECEIPT = "receipt", "Giấy tiếp nhận"  # says whose the papers behind it are; a component of no checklist

    class Discard(models.TextChoices):
        """Why a person said that it belongs in no dossier; kept in `reason`."""

        DUPLICATE = "duplicate", "đã có bản khác"
        FOREIGN = "foreign", "không thuộc hồ sơ nào"
        SPOILT = "spoilt", "ảnh hỏng, đã quét lại"
        TRIAL = "trial", "quét thử"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="documents")
    state = models.CharField(max_length=10, choices=State, db_index=True)
    reason = models.CharField(max_length=40, null=True)  # why it is parked
    claims = models.JSONField(default=list)  # what the paper and the names said: [{"source", "number", "component", "page"}]
    claimed = models.CharField(max_length=60, blank=True)  # the number all sources agree on, whether or not it is known
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, related_name="documents")
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.PAPER)
    component = models.CharField(max_length=20, null=True)  # null: attached, component still undecided; or a receipt
    named = models.BooleanField(default=False)  # a sheet, a name, a code of its own or a person said the component, not its title
    candidates = models.JSONField(default=list)  # components its title may mean, the best first: [{"component", "likeness"}]
    lineage = models.UUIDField(null=True)  # id of its first version; null until it is bundled
    version = models.PositiveIntegerField(default=1)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="successors")
    page_count = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=200, blank=True)  # of the PDF in the store
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)  # bytes
    pdfa = models.CharField(max_length=4, null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["claimed"], name="document_claimed", condition=Q(state="parked"))]
        constraints = [models.UniqueConstraint(fields=["lineage", "version"], name="one_document_a_version")]

    def placed_pages(self) -> list[tuple[int, Page]]:
        """Its pages in order with their places, its own and those taken over from the version before."""
        own = [(page.page_in_document or 0, page) for page in self.pages.select_related("scan")]
        borrowed = [(one.place, one.page) for one in self.borrowings.select_related("page__scan")]
        return sorted(own + borrowed, key=lambda placed: placed[0])


class BorrowedPage(models.Model):
    """A page that a new version takes over from the one before, where only some of its pages were scanned again."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="borrowings")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="borrowings")
    place = models.PositiveIntegerField()  # in the document, from 1, counted together with its own pages

    class Meta:
        ordering = ["document", "place"]
        constraints = [
            models.UniqueConstraint(fields=["document", "place"], name="one_borrowed_page_a_place"),
            models.UniqueConstraint(fields=["document", "page"], name="borrowed_once"),
        ]


class Attachment(Known):
    """A document counted for a component of a dossier, from when to when."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="attachments")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="attachments")
    component = models.CharField(max_length=20, null=True)  # null: undecided
    by = models.CharField(max_length=60, default="system")  # who decided

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "dossier", "component"], condition=Q(known_to=None), name="attached_once")
        ]


# --- what people and rules decided -------------------------------------------------------------------------------------------


class Decision(models.Model):
    """How a batch was split, with what was known of its numbers and persons then: enough to decide again and find the same."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    rules = models.PositiveSmallIntegerField()  # version of the rules
    evidence = models.JSONField()  # what the register added to the pages: checklists by number, dossiers whose people a page names
    outcome = models.JSONField()  # parts with their claims, blanks, separators, by position of the file and page number


class Act(models.Model):
    """What a person did about pages and documents, with both states, so that it can be undone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=20)  # assign, share, component, split, join, rotate, blank, keep, discard
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    before = models.JSONField()  # see records.acts
    after = models.JSONField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["at"]


class Case(models.Model):
    """Something a person has to look at though no page waits for it: a page seems to be missing, the register moved a dossier."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30)  # code, see records.cases
    blocking = models.BooleanField()  # the dossier cannot be called complete while it is open
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="cases")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, related_name="cases")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="cases")
    detail = models.JSONField(default=dict)  # numbers, codes and counts
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["opened_at"]
        indexes = [
            models.Index(fields=["dossier"], name="case_open", condition=Q(closed_at=None)),
            models.Index(fields=["opened_at"], name="case_oldest", condition=Q(closed_at=None)),
        ]


class Event(models.Model):
    """One act of system or people. Append-only; each holds the SHA-256 of the one before it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=60, default="system")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, related_name="events")
    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, null=True, related_name="events")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="events")
    detail = models.JSONField(default=dict)  # codes and counts; no names, no text of papers
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
