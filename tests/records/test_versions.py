"""A later scan of a component takes the place of the earlier one where it is plain; else both stay, and a person is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from records import status
from records.identity import fact_of
from records.models import Attachment, Case, Document
from records.review import assign, undo_last
from tests.records.drop import RECEIPT, Drop, Leaf, bundle_all, dropped, titled
from tests.records.register import NOW, add_dossier, add_procedures

A, B = "H51.20-211116-0007", "H51.20-211117-0012"
DAY = timedelta(days=1)
PROSE = "Kính gửi Ủy ban nhân dân xã nơi cư trú tôi xin trình bày việc sau đây cho con tôi số {n} ngày {n} tháng {n}"


@pytest.fixture(autouse=True)
def register(catalogue: None) -> None:
    add_procedures()
    add_dossier(A)
    add_dossier(B, applicant="Lê Văn Thử")


def side(n: int, hash_: str = "00ff00ff00ff00ff", words: str = "") -> Leaf:
    """A filled-in page; another `n` is another page of the same paper."""
    own = " ".join(chr(96 + n) * length for length in range(2, 22))
    return Leaf(text=f"{PROSE.format(n=n)} {words or own}", likeness=hash_)


def scanned(name: str, *leaves: Leaf, at: datetime) -> Document:
    (document,) = dropped(name, *leaves, at=at).attached()
    return document


def in_force(component: str) -> list[Document]:
    held = Attachment.objects.filter(dossier__number=A, component=component, known_to=None)
    return list(Document.objects.filter(pk__in=held.values("document")))


def kinds() -> list[str]:
    return list(Case.objects.filter(closed_at=None).values_list("kind", flat=True))


def test_a_named_component_scanned_again_supersedes_the_first() -> None:
    old = scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    new = scanned(f"{A}__TP2.pdf", side(2, "123456789abcdef0"), at=NOW + DAY)
    old.refresh_from_db()
    assert (new.lineage, new.version, new.supersedes, new.state) == (old.lineage, 2, old, "attached")
    assert (old.state, old.version) == ("superseded", 1)
    assert in_force("TP2") == [new]
    fact = fact_of(A)
    assert fact is not None
    told = status.dossier(fact, NOW + DAY)
    assert [one["id"] for one in told["documents"]] == [str(new.pk)]
    assert [(one["id"], one["version"]) for one in told["history"]] == [(str(old.pk), 1)]
    assert Attachment.objects.get(document=old).known_to == NOW + DAY  # a report of yesterday counts the first


def test_fewer_pages_than_before_hold_the_dossier_up() -> None:
    scanned(f"{A}__TP2.pdf", side(1), side(2), side(3), at=NOW)
    scanned(f"{A}__TP2.pdf", Leaf(text="một tờ hoàn toàn khác " * 6, likeness="ffffffff00000000"), at=NOW + DAY)
    assert kinds() == ["FewerPages"]
    assert Case.objects.get().blocking


def test_one_page_scanned_better_replaces_that_page_only() -> None:
    old = scanned(f"{A}__TP2.pdf", side(1), side(2), side(3), at=NOW)
    new = scanned(f"{A}__TP2.pdf", side(2), at=NOW + DAY)
    placed = [(place, page.scan.batch_id) for place, page in new.placed_pages()]
    assert placed == [(1, old.batch_id), (2, new.batch_id), (3, old.batch_id)]
    assert (new.page_count, new.version, kinds()) == (3, 2, [])
    third = scanned(f"{A}__TP2.pdf", side(3), at=NOW + 2 * DAY)  # on top of a version with borrowed pages
    assert [page.scan.batch_id for _, page in third.placed_pages()] == [old.batch_id, new.batch_id, third.batch_id]


def test_a_page_that_may_be_either_of_two_replaces_none() -> None:
    scanned(f"{A}__TP2.pdf", side(1, words="y"), side(1, words="y"), at=NOW)
    new = scanned(f"{A}__TP2.pdf", side(1, words="y"), at=NOW + DAY)
    assert new.page_count == 1
    assert "FewerPages" in kinds()


def test_what_is_not_plainly_the_same_is_kept_beside_and_asked_about() -> None:
    for n, hash_ in ((1, "00000000ffffffff"), (2, "ffff0000ffff0000")):
        body = side(n, words="khác hẳn " * n).text
        drop = dropped(f"scan{n}.pdf", Leaf((A,), RECEIPT), titled("GIẤY CHỨNG SINH", body, likeness=hash_), at=NOW + n * DAY)
        drop.attached()
    assert len(in_force("TP2")) == 2
    assert "AnotherOfComponent" in kinds()
    fact = fact_of(A)
    assert fact is not None
    assert [line["state"] for line in status.dossier(fact, NOW)["components"] if line["component"] == "TP2"] == ["digitised"]


def test_the_same_drop_never_supersedes_itself() -> None:
    drop = Drop("ho so", {f"{A}__TP2.pdf": (side(1),), f"{A}__TP2 (1).pdf": (side(2),)}, is_folder=True)
    drop.attached()
    assert [one.version for one in in_force("TP2")].count(1) == len(in_force("TP2")) > 0


def test_a_version_that_is_taken_back_lets_the_one_before_count_again() -> None:
    old = scanned(f"{A}__TP2.pdf", side(1), at=NOW)
    new = scanned(f"{A}__TP2.pdf", side(2, "123456789abcdef0"), at=NOW + DAY)
    assign([new], B, "TP2", "clerk", NOW + 2 * DAY)
    bundle_all(NOW + 2 * DAY)
    assert in_force("TP2") == [old]
    undo_last(None, "clerk", NOW + 3 * DAY)
    bundle_all(NOW + 3 * DAY)
    new.refresh_from_db()
    assert in_force("TP2") == [new]
    assert new.key.endswith(f"v{new.version}.pdf")
    assert Document.objects.get(pk=old.pk).state == "superseded"
