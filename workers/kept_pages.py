"""What is finished of a long scan, kept beside the PDF in the making, so that a run that was killed is taken up where it ended.

Two hidden files beside OUT, for its owner only: the PDF as far as it is written, and a journal with a record for every finished
page. A record holds what was found out about its page; the picture stands in the PDF already and is only pointed at, so nothing
lies on the disk twice. Each record and each picture carries its SHA-256: what a crash tore off or damaged, and all after it,
counts as not there. A journal of another scan, of other settings or of another version of the program is replaced.
A later run writes the PDF from its beginning: the same pages give the same bytes at the same places.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import Unavailable
from pipeline.model import AccessImage, ReadSettings, Words
from workers.replace_file import sync_folder
from workers.report import PageReport

_ROOT = Path(__file__).resolve().parent.parent
_HEAD = struct.Struct(">I32s")  # length and SHA-256 of a record
_MAX_RECORD = 64 * 1024**2  # bytes, unpacked
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the PDF in the making the picture of a page is, and its SHA-256."""

    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """A page that need not be read again. Without `image` only its report is left."""

    report: PageReport
    engine: str
    image: AccessImage | None = None  # without its bytes where they have a `place`
    words: Words | None = None
    place: Place | None = None


_RECORD = TypeAdapter(FinishedPage)


class KeptPages:
    """The PDF in the making and its journal; made by `keeping`. First every one of `finished` is taken, then pages are added."""

    def __init__(self, path: Path, file: BinaryIO, journal: BinaryIO, key: bytes) -> None:
        self.path = path  # of the PDF in the making
        self.file = file
        self.pages = 0  # known so far
        self._journal = journal
        journal.seek(0)
        if journal.read(len(key)) != key:
            journal.seek(0)
            journal.truncate()
            journal.write(key)
            journal.flush()

    def finished(self) -> Iterator[FinishedPage]:
        """The pages that an earlier run finished, pictures and all, in order; what follows the last whole one is cut off."""
        while True:
            begin = self._journal.tell()
            page = self._next()
            if page is None:
                self._journal.seek(begin)
                self._journal.truncate()
                return
            self.pages += 1
            yield page

    def add(self, page: FinishedPage, begin: int) -> None:
        """Note a page, unless it is known. Its picture is pointed at where it was written since `begin` in the PDF."""
        if page.report.source_page <= self.pages:
            return
        self.pages += 1
        self.file.flush()
        written = os.pread(self.file.fileno(), self.file.tell() - begin, begin)
        if page.image is not None and (at := written.find(page.image.encoded)) >= 0:
            place = Place(begin + at, len(page.image.encoded), hashlib.sha256(page.image.encoded).hexdigest())
            page = replace(page, image=replace(page.image, encoded=b""), place=place)
        body = zlib.compress(_RECORD.dump_json(page), 1)
        self._journal.write(_HEAD.pack(len(body), hashlib.sha256(body).digest()) + body)
        self._journal.flush()

    def _next(self) -> FinishedPage | None:
        head = self._journal.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None
        length, digest = _HEAD.unpack(head)
        body = self._journal.read(min(length, _MAX_RECORD))
        if hashlib.sha256(body).digest() != digest:
            return None
        try:
            page = _RECORD.validate_json(zlib.decompressobj().decompress(body, _MAX_RECORD))
        except (zlib.error, ValidationError):  # its text quotes the page: not for logs
            return None
        return self._with_picture(page)

    def _with_picture(self, page: FinishedPage) -> FinishedPage | None:
        if page.place is None or page.image is None:
            return page
        encoded = os.pread(self.file.fileno(), page.place.length, page.place.offset)
        if hashlib.sha256(encoded).hexdigest() != page.place.sha256:
            return None
        return replace(page, image=replace(page.image, encoded=encoded))


@contextmanager
def keeping(target: Path, key: bytes) -> Iterator[KeptPages | None]:
    """What is kept for the PDF `target` under `key`. None where another run is at it, or where the file system cannot keep it.

    At the end of the block the PDF takes its name. If the block is interrupted or something is unavailable, what is finished
    stays for the next run; of any other failure nothing is left, since the next run would meet it again.
    """
    target = target.resolve()  # a symbolic link keeps pointing
    stem = f".sohoa-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}"  # a file name may hold a person's name
    part, journal = target.with_name(f"{stem}.part"), target.with_name(f"{stem}.pages")
    with ExitStack() as files:
        try:
            noted, file = _locked(journal, files), files.enter_context(_private(part))
        except OSError:  # somebody else's, held by another run, or no locks here
            noted = None
        if noted is None:
            yield None
            return
        kept = KeptPages(part, file, noted, key)
        try:
            yield kept
            _complete(kept.file)
            part.replace(target)
            journal.unlink(missing_ok=True)
        except BaseException as error:
            if not kept.pages or not isinstance(error, KeyboardInterrupt | SystemExit | OSError | Unavailable):
                part.unlink(missing_ok=True)
                journal.unlink(missing_ok=True)
            raise
    sync_folder(target.parent)


def _complete(file: BinaryIO) -> None:
    """Cut off what an earlier run wrote beyond the end, bring it to the disk, and give it the rights of any new file."""
    file.truncate()
    file.flush()
    os.fsync(file.fileno())
    mask = os.umask(0o077)
    os.umask(mask)
    os.fchmod(file.fileno(), 0o666 & ~mask)


def _private(path: Path) -> BinaryIO:
    """The file at `path`, made if need be, for its owner only. Raises OSError where it is a link or somebody else's."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, _PRIVATE)
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_nlink != 1:
        os.close(fd)
        raise PermissionError(errno.EPERM, "is not a file of ours", str(path))
    os.fchmod(fd, _PRIVATE)
    return os.fdopen(fd, "r+b")


def _locked(path: Path, files: ExitStack) -> BinaryIO | None:
    """The journal, held against other runs; None where one has just ended and removed it. Raises OSError where it cannot be held."""
    journal = files.enter_context(_private(path))
    fcntl.flock(journal.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    same = path.stat(follow_symlinks=False).st_ino == os.fstat(journal.fileno()).st_ino
    return journal if same else None


def key_of(path: Path, settings: ReadSettings) -> bytes:
    """What a reading depends on: the scan file, the settings, and the program, by its source and its tables."""
    with path.open("rb") as file:
        scan = hashlib.file_digest(file, "sha256").digest()
    program = hashlib.sha256()
    for source in sorted([*_ROOT.glob("pipeline/*.*"), *_ROOT.glob("workers/*.py")]):
        program.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return hashlib.sha256(scan + repr(sorted(asdict(settings).items())).encode() + program.digest()).digest()
