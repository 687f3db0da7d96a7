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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier"], condition=Q(known_to=None), name="one_fact_a_dossier")]
        indexes = [
            models.Index(fields=["received_at", "executing"], name="fact_received"),
            models.Index(fields=["procedure"], name="fact_procedure"),
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
    """A run of pages that belong together: parked until its dossier is known, then bundled as PDF/A and attached."""

    class State(models.TextChoices):
        PARKED = "parked", "Cần người xem"
        BUNDLING = "bundling", "Đang đóng gói"
        ATTACHED = "attached", "Đã gắn vào hồ sơ"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="documents")
    state = models.CharField(max_length=8, choices=State, db_index=True)
    reason = models.CharField(max_length=40, null=True)  # why it is parked
    claims = models.JSONField(default=list)  # what the paper and the names said: [{"source", "number", "component", "page"}]
    claimed = models.CharField(max_length=60, blank=True)  # the number all sources agree on, whether or not it is known
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, related_name="documents")
    component = models.CharField(max_length=20, null=True)  # null: attached, component still undecided
    version = models.PositiveIntegerField(default=1)
    page_count = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=200, blank=True)  # of the PDF in the store
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)  # bytes
    pdfa = models.CharField(max_length=4, null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["claimed"], name="document_claimed", condition=Q(state="parked"))]


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
