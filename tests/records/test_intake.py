"""Taking over what was claimed: stored first, recorded once, whatever happens in between."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest

from config import load_config
from pipeline.errors import BY_CODE, FixityMismatch, NoSpace, NotAFile, SohoaError, StoreDown
from records.intake import Dropped, accept, refuse_in_place, scan_id
from records.models import Batch, Event, Scan
from records.store import ObjectStore, open_store, sha256_of
from tests.drops import NOW, OFFICE, DownStore, FullStore, LyingStore, PassingStore, scan_file

pytestmark = pytest.mark.usefixtures("catalogue")


def take(batch: uuid.UUID, *files: Path, office: str = OFFICE, store: ObjectStore | None = None) -> list[Scan]:
    dropped = [Dropped(file, f"{office}/{file.name}", position) for position, file in enumerate(files)]
    done = accept(batch, office, files[0].name, is_folder=len(files) > 1, files=dropped, store=store or open_store(), now=NOW)
    return [Scan.objects.get(pk=accepted.scan) for accepted in done]


def test_an_accepted_file_is_stored_and_recorded(tmp_path: Path) -> None:
    file, batch = scan_file(tmp_path / "a.png"), uuid.uuid4()
    (scan,) = take(batch, file)
    assert (scan.pk, scan.sha256, scan.size, scan.state) == (scan_id(batch, 0), sha256_of(file), file.stat().st_size, "waiting")
    assert (load_config().store_folder / scan.original_key).read_bytes() == file.read_bytes()
    assert [event.kind for event in Event.objects.all()] == ["scan.received"]
    assert file.exists()  # removing it is for the watcher, after the commit


def test_the_same_claim_again_changes_nothing(tmp_path: Path) -> None:
    batch, files = uuid.uuid4(), [scan_file(tmp_path / f"{n}.png") for n in range(3)]
    first = take(batch, *files)
    files[0].unlink()
    assert {scan.pk for scan in take(batch, *files[1:])} == {scan.pk for scan in first}
    assert Scan.objects.count() == 3
    assert Event.objects.count() == 3


@pytest.mark.parametrize(("store", "failure"), [(DownStore, StoreDown), (FullStore, NoSpace), (LyingStore, FixityMismatch)])
def test_nothing_is_recorded_when_the_store_fails(tmp_path: Path, store: type[PassingStore], failure: type[SohoaError]) -> None:
    file, batch = scan_file(tmp_path / "a.png"), uuid.uuid4()
    with pytest.raises(failure):
        take(batch, file, store=store())
    assert Batch.objects.count() == Scan.objects.count() == Event.objects.count() == 0
    assert file.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]  # no scratch is left either
    take(batch, file)
    assert Scan.objects.count() == 1


def test_a_link_in_the_place_of_a_claimed_file_is_not_read(tmp_path: Path) -> None:
    secret, link = scan_file(tmp_path / "secret.png"), tmp_path / "claimed.png"
    link.symlink_to(secret)
    with pytest.raises(OSError, match="symbolic links"):
        take(uuid.uuid4(), link)
    os.mkfifo(tmp_path / "fifo.png")
    with pytest.raises(OSError, match="regular"):
        take(uuid.uuid4(), tmp_path / "fifo.png")
    assert open_store().stat(f"originals/{sha256_of(secret)}") is None


def test_a_file_that_changes_while_it_is_stored_is_not_recorded(tmp_path: Path) -> None:
    file = scan_file(tmp_path / "a.png")

    class Writing(PassingStore):
        def put(self, key: str, source: Path, sha256: str):  # type: ignore[no-untyped-def]
            stored = super().put(key, source, sha256)
            with file.open("ab") as late:
                late.write(b"more")
            return stored

    with pytest.raises(FixityMismatch):
        take(uuid.uuid4(), file, store=Writing())
    assert Scan.objects.count() == 0


def test_the_same_bytes_within_one_folder_are_one_scan_and_a_duplicate(tmp_path: Path) -> None:
    one = scan_file(tmp_path / "1.png")
    two = tmp_path / "2.png"
    two.write_bytes(one.read_bytes())
    first, second = take(uuid.uuid4(), one, two)
    assert second.duplicate_of == first
    assert (second.state, second.reason, second.page_count) == ("done", "Duplicate", 0)


@pytest.mark.parametrize(
    ("state", "reason", "again"), [("refused", "Broken", True), ("parked", "Encrypted", True), ("parked", "TimedOut", False)]
)
def test_what_can_never_be_processed_is_no_first_copy(tmp_path: Path, state: str, reason: str, again: bool) -> None:
    file = scan_file(tmp_path / "a.png")
    (first,) = take(uuid.uuid4(), file)
    Scan.objects.filter(pk=first.pk).update(state=state, reason=reason, page_count=0)
    (second,) = take(uuid.uuid4(), file)
    assert (second.duplicate_of is None) is again


def test_what_is_no_file_is_recorded_once(tmp_path: Path) -> None:
    assert refuse_in_place(OFFICE, f"{OFFICE}/link.pdf", "1-2", NotAFile(), NOW)
    assert not refuse_in_place(OFFICE, f"{OFFICE}/link.pdf", "1-2", NotAFile(), NOW)
    assert refuse_in_place(OFFICE, f"{OFFICE}/link.pdf", "3-4", NotAFile(), NOW)  # another one under the same name
    assert Scan.objects.count() == 2
    assert {(scan.state, scan.reason, scan.sha256) for scan in Scan.objects.all()} == {("refused", "NotAFile", None)}
    assert BY_CODE["NotAFile"] is NotAFile
