"""The watcher on real folders: nothing is lost, nothing doubled, and what is bad holds up nobody."""

from __future__ import annotations

import logging
import os
import socket
import stat
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypdf import PdfWriter

from config import load_config
from pipeline.errors import BY_CODE, DatabaseDown, Refused
from records.claims import accept_claim, claim, claims_in
from records.inbox import readable
from records.models import Batch, Document, Event, Page, Scan
from records.settling import is_network
from records.store import open_store
from tests.drops import (
    NOW,
    NUMBER,
    OFFICE,
    DownStore,
    FullStore,
    LyingStore,
    OnceDownStore,
    PassingStore,
    Recorder,
    claimed,
    left,
    quick,
    register,
    scan_file,
    sending_to,
    settle,
    work_inbox_off,
)
from tests.pipeline.scan_samples import PdfPage as SamplePage
from tests.pipeline.scan_samples import png_header, tiff, write_pdf
from watch import Watcher
from workers.queue import Step

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
def office(inbox: Path) -> Path:
    folder = inbox / OFFICE
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def queue() -> Recorder:
    return Recorder()


@pytest.fixture
def watcher(inbox: Path, queue: Recorder) -> Iterator[Watcher]:
    watcher = sending_to(queue, inbox)
    yield watcher
    watcher.release()


# --- bad files: each ends with a sentence, and the next one goes on ------------------------------------------------------------


def truncated_pdf(path: Path) -> None:
    scan_file(path)
    path.write_bytes(path.read_bytes()[:200])


def truncated_tiff(path: Path) -> None:
    scan_file(path.with_suffix(".tif"))
    path.write_bytes(path.with_suffix(".tif").read_bytes()[:60])
    path.with_suffix(".tif").unlink()


def encrypted_pdf(path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("bí mật", algorithm="RC4-128")
    writer.write(path)


def too_many_pages(path: Path) -> None:
    write_pdf(path, [SamplePage("0 0 100 100", "")], repeat=100_000)


def text_file(path: Path) -> None:
    path.write_text("đây không phải là bản quét, chỉ là chữ", encoding="utf-8")


def huge_picture(path: Path) -> None:
    path.write_bytes(png_header(60_000, 60_000))


BAD_FILES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "zero bytes": (Path.touch, "refused", "Empty"),
    "text": (text_file, "refused", "UnknownFormat"),
    "truncated PDF": (truncated_pdf, "refused", "Broken"),
    "truncated TIFF": (truncated_tiff, "refused", "Broken"),
    "encrypted PDF": (encrypted_pdf, "parked", "Encrypted"),
    "60,000 pixels square": (huge_picture, "refused", "TooLarge"),
    "100,000 pages": (too_many_pages, "refused", "TooManyPages"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_refused_with_a_sentence_and_the_next_goes_on(inbox: Path, office: Path, kind: str) -> None:
    make, state, reason = BAD_FILES[kind]
    make(office / "a-bad.pdf")
    scan_file(office / "b-good.png")
    begun = time.monotonic()
    work_inbox_off(quick(inbox))
    assert time.monotonic() - begun < 30
    bad, good = Scan.objects.get(path=f"{OFFICE}/a-bad.pdf"), Scan.objects.get(path=f"{OFFICE}/b-good.png")
    assert (bad.state, bad.reason) == (state, reason)
    assert good.pages.get().state == Page.State.READ
    note = (office / "_ket-qua" / "a-bad.pdf.txt").read_text(encoding="utf-8")
    assert BY_CODE[reason].vi in note
    assert BY_CODE[reason].en in note
    assert open_store().stat(bad.original_key) is not None  # a refused file is never deleted
    assert left(inbox) == []


def test_a_loop_of_tiff_directories_comes_to_an_end(inbox: Path, office: Path) -> None:
    (office / "loop.tif").write_bytes(tiff([1, 0]))
    work_inbox_off(quick(inbox))
    scan = Scan.objects.get()
    assert scan.state in (Scan.State.REFUSED, Scan.State.PARKED, Scan.State.DONE)
    assert scan.page_count is not None
    assert Batch.objects.get().state == Batch.State.ASSEMBLED


def test_an_encrypted_file_that_comes_again_is_no_duplicate(inbox: Path, office: Path) -> None:
    """Nothing of it was ever processed: that it was received before is no answer to the clerk."""
    for name in ("one.pdf", "two.pdf"):
        encrypted_pdf(office / "made")
        (office / "made").rename(office / name)
        source = (office / name).read_bytes()
        (office / name).write_bytes(source if name == "one.pdf" else open_store_bytes())
        work_inbox_off(quick(inbox))
    assert list(Scan.objects.values_list("state", "reason")) == [("parked", "Encrypted")] * 2


def open_store_bytes() -> bytes:
    """The original that came first, as it lies in the store."""
    first = Scan.objects.get()
    return (load_config().store_folder / first.original_key).read_bytes()


# --- what is no file ---------------------------------------------------------------------------------------------------------


def test_a_link_is_never_followed(watcher: Watcher, inbox: Path, office: Path, tmp_path: Path) -> None:
    target = scan_file(tmp_path / "elsewhere" / "secret.pdf")
    before = target.read_bytes()
    (office / "link.pdf").symlink_to(target)
    (office / "folder").symlink_to(target.parent)
    (inbox / "H99").symlink_to(target.parent)
    (office / "broken.pdf").symlink_to(tmp_path / "nowhere")
    scan_file(office / "scan.png")
    for _ in range(3):
        settle(watcher)
    fresh = sending_to(Recorder(), inbox)
    watcher.release()
    settle(fresh)
    fresh.release()
    assert left(inbox) == ["H51.20/broken.pdf", "H51.20/folder", "H51.20/link.pdf", "H99"]
    assert target.read_bytes() == before
    refused = Scan.objects.filter(state="refused").values_list("path", "reason", "sha256")
    assert sorted(refused) == [(path, "NotAFile", None) for path in left(inbox)]
    assert Event.objects.filter(kind="scan.refused").count() == 4
    assert Scan.objects.exclude(state="refused").get().path == f"{OFFICE}/scan.png"
    assert BY_CODE["NotAFile"].vi in (office / "_ket-qua" / "link.pdf.txt").read_text(encoding="utf-8")


def test_fifos_sockets_and_devices_are_refused_where_they_are(watcher: Watcher, office: Path, inbox: Path) -> None:
    os.mkfifo(office / "fifo.pdf")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(office / "socket.pdf"))
    expected = ["fifo.pdf", "socket.pdf"]
    try:
        os.mknod(office / "device.pdf", stat.S_IFCHR | 0o600, os.makedev(1, 3))
        expected.append("device.pdf")
    except PermissionError:  # only root may make one
        pass
    settle(watcher)
    assert left(inbox) == sorted(f"{OFFICE}/{name}" for name in expected)
    assert {scan.reason for scan in Scan.objects.all()} == {"NotAFile"}
    assert Scan.objects.count() == len(expected)


def test_a_link_to_a_folder_inside_a_dropped_folder(watcher: Watcher, office: Path, inbox: Path, tmp_path: Path) -> None:
    target = scan_file(tmp_path / "elsewhere" / "secret.pdf")
    scan_file(office / "batch" / "1.png")
    (office / "batch" / "linked").symlink_to(target.parent)
    for _ in range(3):
        settle(watcher)
    assert target.exists()
    assert left(inbox) == [f"{OFFICE}/batch/linked"]
    assert sorted(Scan.objects.values_list("path", "state")) == [
        (f"{OFFICE}/batch/1.png", "waiting"),
        (f"{OFFICE}/batch/linked", "refused"),
    ]


def test_a_link_in_place_of_our_own_folders_is_not_used(watcher: Watcher, office: Path, inbox: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (office / ".claimed").symlink_to(outside)
    (office / "_ket-qua").symlink_to(outside)
    scan_file(office / "scan.png")
    scan_file(inbox / "H51.21" / "scan.png")
    for _ in range(8):
        watcher.round()
        time.sleep(0.05)
    assert list(outside.iterdir()) == []
    assert left(inbox) == [f"{OFFICE}/scan.png"]
    (office / ".claimed").unlink()
    (office / "_ket-qua").unlink()
    settle(watcher)
    assert left(inbox) == []
    assert (office / "_ket-qua" / "scan.png.txt").is_file()


def test_foreign_things_in_our_own_folder_harm_nobody(watcher: Watcher, office: Path, inbox: Path) -> None:
    (office / ".claimed" / "a folder").mkdir(parents=True)
    (office / ".claimed" / "Thumbs.db").write_bytes(b"x")
    (office / ".claimed" / ("0" * 32)).write_bytes(b"x")
    scan_file(office / "scan.png")
    settle(watcher)
    assert Scan.objects.get().path == f"{OFFICE}/scan.png"
    assert (office / ".claimed" / "Thumbs.db").exists()


def test_folders_nested_without_end(watcher: Watcher, office: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = office / "deep"
    deep.mkdir()
    monkeypatch.chdir(deep)
    for _ in range(1500):
        Path("d").mkdir()
        os.chdir("d")
    scan_file(office / "scan.png")
    settle(watcher)
    assert sorted(Scan.objects.values_list("state", flat=True)) == ["refused", "waiting"]


# --- names -------------------------------------------------------------------------------------------------------------------

AWKWARD = [
    "Giấy khai sinh (bản sao) số 1.png".encode(),
    unicodedata.normalize("NFD", "Đơn đề nghị.png").encode(),
    b"quote'double\"semi;colon.png",
    b"line\nbreak.png",
    b"tab\tand\x1b[31mescape.png",
    "bidi\u202egnp.png".encode(),
    b"latin\xe9\xff.png",
    b"..evil..\\..\\name.png"[2:],
    b"-rf.png",
    b"%s %d {0} [red].png",
    ("ấ" * 85)[:83].encode() + b".png",
    b"x" * 251 + b".png",
    b" leading and trailing .png ",
    b"no-ending",
]


def test_awkward_names_are_taken_stored_readable_and_noted(inbox: Path, office: Path) -> None:
    for number, name in enumerate(AWKWARD):
        picture = scan_file(inbox.parent / "made.png", f"so {number}")
        picture.rename(office / os.fsdecode(name))
    watcher = sending_to(Recorder(), inbox)
    settle(watcher)
    watcher.release()
    assert left(inbox) == []
    names = [path.split("/", 1)[1] for path in Scan.objects.values_list("path", flat=True)]
    assert sorted(names) == sorted(readable(os.fsdecode(name)) for name in AWKWARD)
    for stored in names:
        assert unicodedata.is_normalized("NFC", stored)
        assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in stored)
        stored.encode("utf-8")
    notes = [path.name for path in (office / "_ket-qua").iterdir()]
    assert len(notes) == len(AWKWARD)
    assert all(len(os.fsencode(note)) <= 255 and not set('\\:*?"<>|\n') & set(note) for note in notes)


def test_nfd_twins_of_one_name_are_two_scans(watcher: Watcher, inbox: Path, office: Path) -> None:
    name = "Đơn đề nghị.png"
    scan_file(office / unicodedata.normalize("NFC", name), "mot")
    scan_file(office / unicodedata.normalize("NFD", name), "hai")
    settle(watcher)
    scans = list(Scan.objects.all())
    assert [scan.path for scan in scans] == [f"{OFFICE}/{name}"] * 2
    assert scans[0].sha256 != scans[1].sha256
    (note,) = (office / "_ket-qua").iterdir()
    assert note.read_text(encoding="utf-8").count("Nhận lúc") == 2


def test_an_office_folder_with_an_awkward_name_has_its_notes_in_it(watcher: Watcher, inbox: Path) -> None:
    decomposed = inbox / unicodedata.normalize("NFD", "Xã Thử Nghiệm")
    long = inbox / ("Ủy ban nhân dân xã " * 4).strip()
    for folder in (decomposed, long):
        scan_file(folder / "scan.png", folder.name[:9])
    settle(watcher)
    assert {path.name for path in inbox.iterdir() if path.is_dir()} == {decomposed.name, long.name}
    assert (decomposed / "_ket-qua" / "scan.png.txt").is_file()
    assert (long / "_ket-qua" / "scan.png.txt").is_file()
    assert all(len(batch.office) <= 35 for batch in Batch.objects.all())


def test_passing_names_are_left_alone(watcher: Watcher, inbox: Path, office: Path) -> None:
    names = ["a.tmp", "b.pdf.part", "~$c.pdf", "Thumbs.db", ".hidden.pdf", "desktop.ini", "d.crdownload", "E.PARTIAL"]
    for name in names:
        scan_file(inbox.parent / "made.png", name).rename(office / name)
    assert watcher.round() == 0
    time.sleep(0.7)
    settle(watcher)
    assert Scan.objects.count() == 0
    assert sorted(path.name for path in office.iterdir()) == sorted(names)


# --- settled -----------------------------------------------------------------------------------------------------------------


def test_a_growing_file_is_not_claimed_until_it_is_quiet_and_complete(inbox: Path, office: Path) -> None:
    watcher = Watcher(quick(inbox, settle=0.3, incomplete=5.0), Recorder())
    whole = scan_file(inbox.parent / "made.pdf", pages=3).read_bytes()
    growing = office / "growing.pdf"
    step = len(whole) // 6 + 1
    for start in range(0, len(whole), step):
        with growing.open("ab") as file:
            file.write(whole[start : start + step])
        for _ in range(3):
            assert watcher.round() == 1
            time.sleep(0.05)
    assert Scan.objects.count() == 0
    settle(watcher, 4.0)
    watcher.release()
    assert Scan.objects.get().size == len(whole)


def test_an_incomplete_file_is_claimed_only_after_the_longer_wait(inbox: Path, office: Path) -> None:
    watcher = Watcher(quick(inbox, settle=0.2, incomplete=1.2), Recorder())
    truncated_pdf(office / "cut.pdf")
    os.utime(office / "cut.pdf", (0, 0))  # what a file server's clock says proves nothing
    begun = time.monotonic()
    settle(watcher)
    watcher.release()
    assert 1.2 <= time.monotonic() - begun < 3
    assert Scan.objects.count() == 1


def test_files_there_at_the_start_are_looked_at_like_any_other(watcher: Watcher, office: Path) -> None:
    scan_file(office / "old.png")
    os.utime(office / "old.png", (1_600_000_000, 1_600_000_000))
    assert watcher.round() == 1
    assert Scan.objects.count() == 0
    settle(watcher)
    assert Scan.objects.count() == 1


def test_a_folder_moved_in_as_a_whole_is_one_batch_in_natural_order(watcher: Watcher, inbox: Path, office: Path) -> None:
    outside = inbox.parent / NUMBER
    for number in (10, 2, 1):
        scan_file(outside / f"{number}.jpg", f"trang {number}")
    (outside / "Thumbs.db").write_bytes(b"x")
    outside.rename(office / NUMBER)
    settle(watcher)
    batch = Batch.objects.get()
    assert batch.is_folder
    assert batch.name == NUMBER
    paths = list(batch.scans.order_by("position").values_list("path", flat=True))
    assert paths == [f"{OFFICE}/{NUMBER}/{number}.jpg" for number in (1, 2, 10)]
    assert left(inbox) == []


def test_a_growing_folder_is_not_claimed(inbox: Path, office: Path) -> None:
    watcher = Watcher(quick(inbox, settle=0.3, incomplete=3.0), Recorder())
    for number in range(5):
        scan_file(office / "batch" / f"{number}.jpg", str(number))
        for _ in range(4):
            assert watcher.round() == 1
            time.sleep(0.04)
    settle(watcher)
    watcher.release()
    assert Batch.objects.get().scans.count() == 5


def test_a_folder_with_an_unfinished_copy_waits_for_it(inbox: Path, office: Path) -> None:
    watcher = Watcher(quick(inbox, settle=0.2, incomplete=20.0), Recorder())
    scan_file(office / "batch" / "1.jpg", "mot")
    scan_file(office / "batch" / "2.png", "hai").rename(office / "batch" / "2.jpg.part")
    for _ in range(12):
        assert watcher.round() == 1
        time.sleep(0.05)
    (office / "batch" / "2.jpg.part").rename(office / "batch" / "2.jpg")
    settle(watcher)
    watcher.release()
    assert Batch.objects.get().scans.count() == 2


def test_a_file_that_is_written_to_after_it_was_claimed_is_kept(
    watcher: Watcher, inbox: Path, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that paused for long and still holds the file: what it adds is not thrown away with what was recorded."""
    file = scan_file(office / "slow.png")
    first = file.read_bytes()

    class Interrupted(PassingStore):
        def put(self, key: str, source: Path, sha256: str):  # type: ignore[no-untyped-def]
            stored = super().put(key, source, sha256)
            if not written:
                written.append(True)
                with claimed(inbox)[0].open("ab") as late:
                    late.write(b"more")
            return stored

    written: list[bool] = []
    monkeypatch.setattr("records.store.open_store", Interrupted)
    settle(watcher)
    stored = [(load_config().store_folder / scan.original_key).read_bytes() for scan in Scan.objects.all()]
    assert first + b"more" in stored
    assert left(inbox) == []


# --- one watcher, crashes, a store that is away --------------------------------------------------------------------------------


def test_a_second_watcher_claims_nothing_while_the_first_lives(watcher: Watcher, inbox: Path, office: Path) -> None:
    assert watcher.round() == 0
    second = sending_to(Recorder(), inbox)
    scan_file(office / "scan.png")
    (office / "link.pdf").symlink_to("nowhere")
    for _ in range(10):
        assert second.round() == 1
        time.sleep(0.05)
    assert Scan.objects.count() == 0
    settle(watcher)
    assert second.round() == 0
    watcher.release()
    scan_file(office / "next.png", "khac")
    settle(second)
    second.release()
    assert Scan.objects.exclude(state="refused").count() == 2


def test_a_crash_between_claim_and_accept_loses_nothing(watcher: Watcher, inbox: Path, office: Path, queue: Recorder) -> None:
    claim(scan_file(office / "scan.png"))
    assert left(inbox) == []
    settle(watcher)
    assert Scan.objects.get().path == f"{OFFICE}/scan.png"
    assert queue.sent == [(Step.OPEN, str(Scan.objects.get().pk))]
    assert claimed(inbox) == []


def test_a_crash_between_store_and_commit_doubles_nothing(
    watcher: Watcher, inbox: Path, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(scan_file(office / "scan.png"))
    (own,) = claims_in(office)
    with monkeypatch.context() as crash:
        crash.setattr("records.intake._scan", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            accept_claim(own, inbox, store=open_store(), now=NOW)
    assert Batch.objects.count() == 0
    assert len(claimed(inbox)) == 1
    settle(watcher)
    assert Scan.objects.count() == 1
    assert claimed(inbox) == []


def test_a_crash_between_commit_and_removal_doubles_nothing(
    watcher: Watcher, inbox: Path, office: Path, queue: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        scan_file(office / "batch" / f"{number}.png", str(number))
    claim(office / "batch")
    (own,) = claims_in(office)
    with monkeypatch.context() as crash:
        crash.setattr("records.claims._remove_recorded", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            accept_claim(own, inbox, store=open_store(), now=NOW)
    assert Batch.objects.count() == 1
    late = scan_file(claimed(inbox)[0] / "3.png", "late")  # a copy that was still under way
    bytes_of_late = late.read_bytes()
    settle(watcher)
    assert claimed(inbox) == []
    assert left(inbox) == []
    assert Scan.objects.count() == 3
    assert Scan.objects.filter(duplicate_of__isnull=False).count() == 0
    last = Scan.objects.get(path__endswith="3.png")
    assert (load_config().store_folder / last.original_key).read_bytes() == bytes_of_late
    assert len(queue.sent) == 3


@pytest.mark.parametrize("store", [DownStore, FullStore, LyingStore])
def test_what_the_store_does_not_take_stays_and_is_accepted_later(
    watcher: Watcher, inbox: Path, office: Path, monkeypatch: pytest.MonkeyPatch, store: type[PassingStore]
) -> None:
    files = [scan_file(office / f"{n}.png").name for n in range(5)]
    with monkeypatch.context() as fault:
        fault.setattr("records.store.open_store", store)
        for _ in range(12):
            watcher.round()
            time.sleep(0.05)
        assert Batch.objects.count() == 0
        assert [path.name for path in claimed(inbox)] and sorted(path.name for path in claimed(inbox)) == files
        assert watcher.failure is not None
    settle(watcher, 15.0)
    assert Scan.objects.count() == 5
    assert claimed(inbox) == []
    assert watcher.failure is None


def test_a_store_that_fails_once_costs_a_moment(watcher: Watcher, inbox: Path, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = OnceDownStore()
    monkeypatch.setattr("records.store.open_store", lambda: store)
    scan_file(office / "scan.png")
    settle(watcher)
    assert store.failed
    assert Scan.objects.count() == 1


def test_an_original_damaged_in_the_store_is_written_anew(watcher: Watcher, inbox: Path, office: Path) -> None:
    content = scan_file(office / "one.png").read_bytes()
    settle(watcher)
    stored = load_config().store_folder / Scan.objects.get().original_key
    stored.chmod(0o640)
    stored.write_bytes(b"x" * len(content))
    (office / "two.png").write_bytes(content)
    settle(watcher)
    assert stored.read_bytes() == content


def test_the_loop_survives_a_catalogue_that_does_not_answer(inbox: Path, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher, stop = sending_to(Recorder(), inbox), threading.Event()
    looked: list[int] = []
    real = watcher.round

    def failing_twice() -> int:
        looked.append(1)
        if len(looked) <= 2:
            raise DatabaseDown("test")
        return real()

    monkeypatch.setattr(watcher, "round", failing_twice)
    scan_file(office / "scan.png")
    thread = threading.Thread(target=watcher.run, args=(stop,))
    thread.start()
    until = time.monotonic() + 10
    while left(inbox) and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    watcher.wake()
    thread.join(5)
    assert not thread.is_alive()
    assert left(inbox) == []
    assert len(looked) > 2


# --- many, again, elsewhere ----------------------------------------------------------------------------------------------------


def test_two_hundred_files_at_once(watcher: Watcher, inbox: Path, office: Path, queue: Recorder) -> None:
    source = scan_file(inbox.parent / "made.png").read_bytes()
    for number in range(200):
        (office / f"scan{number:04}.png").write_bytes(source + b"%d" % number)
    settle(watcher, 60.0)
    assert Scan.objects.count() == 200
    assert len(queue.sent) == 200
    assert left(inbox) == []
    assert len(list((office / "_ket-qua").iterdir())) == 200


def test_the_same_bytes_from_one_office_are_recorded_once(watcher: Watcher, inbox: Path, office: Path, queue: Recorder) -> None:
    content = scan_file(office / "first.png").read_bytes()
    settle(watcher)
    (office / "again.png").write_bytes(content)
    other = inbox / "H51.21"
    other.mkdir()
    (other / "first.png").write_bytes(content)
    settle(watcher)
    by_path = {scan.path: scan for scan in Scan.objects.all()}
    again, elsewhere = by_path[f"{OFFICE}/again.png"], by_path["H51.21/first.png"]
    assert (again.state, again.reason, again.duplicate_of) == ("done", "Duplicate", by_path[f"{OFFICE}/first.png"])
    assert (elsewhere.state, elsewhere.duplicate_of) == ("waiting", None)
    assert len(queue.sent) == 2
    assert f"Lần trước: {OFFICE}/first.png" in (office / "_ket-qua" / "again.png.txt").read_text(encoding="utf-8")


def test_the_same_name_in_two_offices_overwrites_nothing(watcher: Watcher, inbox: Path) -> None:
    for name in ("A", "B"):
        scan_file(inbox / name / "scan1.pdf", name)
    settle(watcher)
    assert sorted(Scan.objects.values_list("path", flat=True)) == ["A/scan1.pdf", "B/scan1.pdf"]
    assert len(set(Scan.objects.values_list("sha256", flat=True))) == 2
    assert all((inbox / name / "_ket-qua" / "scan1.pdf.txt").is_file() for name in ("A", "B"))


def test_a_file_replaced_under_its_name_is_processed_again(inbox: Path, office: Path) -> None:
    (office / "scan.png").write_bytes(b"")
    work_inbox_off(quick(inbox))
    scan_file(office / "scan.png")
    work_inbox_off(quick(inbox))
    first, second = Scan.objects.order_by("received_at")
    assert (first.state, first.reason) == ("refused", "Empty")
    assert second.page_count == 1
    note = (office / "_ket-qua" / "scan.png.txt").read_text(encoding="utf-8")
    assert note.index("NoCode") < note.index("Empty")  # the newest first


def test_files_of_no_known_office_wait_and_are_not_lost(inbox: Path, office: Path) -> None:
    register()
    scan_file(inbox / "Phòng lạ" / f"{NUMBER}.png", "mot")
    scan_file(inbox / f"{NUMBER}__TP1.png", "hai")
    scan_file(office / "H51.20-260301-9999.png", "ba")
    scan_file(office / "scan0001.png", "bon")
    scan_file(office / f"{NUMBER}__TP1.png", "nam")
    work_inbox_off(quick(inbox))
    reasons = {scan.path: (scan.state, scan.reason) for scan in Scan.objects.all()}
    assert reasons == {
        f"Phòng lạ/{NUMBER}.png": ("parked", "WrongOffice"),
        f"{NUMBER}__TP1.png": ("parked", "WrongOffice"),
        f"{OFFICE}/H51.20-260301-9999.png": ("parked", "UnknownDossier"),
        f"{OFFICE}/scan0001.png": ("parked", "NoCode"),
        f"{OFFICE}/{NUMBER}__TP1.png": ("done", None),
    }
    assert Document.objects.get(state="attached").component == "TP1"
    assert (inbox / "_ket-qua" / f"{NUMBER}__TP1.png.txt").is_file()
    assert left(inbox) == []
    assert not issubclass(BY_CODE["WrongOffice"], Refused)


def test_what_may_not_be_read_is_refused_where_it_is(watcher: Watcher, inbox: Path, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the question itself is answered with no."""
    from records import inbox as looks

    monkeypatch.setattr("watch.opens", lambda path: "closed" not in path.name and looks.opens(path))
    monkeypatch.setattr("records.claims.opens", lambda path: "closed" not in path.name and looks.opens(path))
    scan_file(office / "closed.png", "mot")
    scan_file(office / "open.png", "hai")
    scan_file(office / "batch" / "1.png", "ba")
    scan_file(office / "batch" / "closed.png", "bon")
    for _ in range(15):
        watcher.round()
        time.sleep(0.05)
    assert left(inbox) == [f"{OFFICE}/batch/closed.png", f"{OFFICE}/closed.png"]
    assert sorted(Scan.objects.values_list("path", "reason")) == [
        (f"{OFFICE}/batch/1.png", None),
        (f"{OFFICE}/batch/closed.png", "Broken"),
        (f"{OFFICE}/closed.png", "Broken"),
        (f"{OFFICE}/open.png", None),
    ]


def test_logs_hold_no_names(watcher: Watcher, office: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.store.open_store", DownStore)
    scan_file(office / "Nguyễn Thị Thử.png")
    (office / "Lê Văn Mẫu.pdf").symlink_to("nowhere")
    with caplog.at_level(logging.DEBUG):
        for _ in range(12):
            watcher.round()
            time.sleep(0.05)
    assert "StoreDown" in caplog.text
    assert "Thử" not in caplog.text
    assert "Mẫu" not in caplog.text


def test_events_wake_the_watcher_long_before_the_next_look(inbox: Path, office: Path) -> None:
    config = quick(inbox)
    config = config.model_copy(update={"watch": config.watch.model_copy(update={"rescan_seconds": 60.0})})
    watcher, stop = Watcher(config, Recorder()), threading.Event()
    thread = threading.Thread(target=watcher.run, args=(stop,))
    thread.start()
    time.sleep(1.0)
    scan_file(inbox.parent / "made" / "1.png").parent.rename(office / "moved in")
    until = time.monotonic() + 10
    while left(inbox) and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    watcher.wake()
    thread.join(5)
    assert left(inbox) == []
    assert Batch.objects.get().name == "moved in"


def test_network_shares_are_known_by_their_mount(tmp_path: Path) -> None:
    assert not is_network(tmp_path)
