from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from records.models import Batch, Document, DossierFact, Page, Scan
from records.status import Balance, Work, balance, dossier, parked, status, work
from tests.records.drop import RECEIPT, Drop, Leaf, bundle, dropped
from tests.records.register import NOW, add_dossier, add_procedures

A, B = "H51.20-211116-0007", "H51.20-211117-0012"
LATER = NOW + timedelta(hours=1)
PAPER = Leaf()


@pytest.fixture(autouse=True)
def register(catalogue: None) -> DossierFact:
    add_procedures()
    return add_dossier(A, reused=("TP2",))


@pytest.fixture
def drop(register: DossierFact) -> Drop:
    """Two pages attached, one blank, one separator, two parked, one on its way."""
    drop = dropped(
        "scan1.pdf", PAPER, Leaf((A,), RECEIPT), PAPER, Leaf(blank=True), Leaf((f"SOHOA:{A}:TP1",), ""), PAPER, Leaf((B,), RECEIPT)
    )
    _, first, paper, _, _ = drop.assemble()
    bundle(first, LATER)
    bundle(paper, LATER)
    return drop


def valid(shape: str, document: object) -> None:
    """As the contract's JSON Schema has it, where that is at hand."""
    schema = Path(__file__).resolve().parents[2].parent / "shared" / "schemas" / f"{shape}.schema.json"
    if schema.is_file():
        from jsonschema import Draft202012Validator

        Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(json.loads(json.dumps(document)))


def pages(shown: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        tuple(page[key] for key in ("source_page", "disposition", "dossier", "component", "page_in_document")) for page in shown["pages"]
    ]


def test_the_balance_counts_every_page_once(drop: Drop) -> None:
    assert balance() == Balance(attached=2, blank=1, separator=1, parked=2, on_the_way=1)
    assert balance().pages == Page.objects.count() == 7


def test_an_empty_archive() -> None:
    assert balance() == Balance(0, 0, 0, 0, 0)
    assert work() == Work(0, 0, 0)
    assert status(pages=True) == {"scans": [], "cases": []}
    assert parked() == []


def test_work_is_left_until_the_last_document_is_bundled(drop: Drop) -> None:
    assert work() == Work(pages=7, read=7, unfinished=1)
    bundle(Document.objects.get(state=Document.State.BUNDLING))
    assert work().unfinished == 0
    Batch.objects.update(state=Batch.State.READING)
    Page.objects.filter(number=1).update(state=Page.State.WAITING)
    assert work() == Work(pages=7, read=6, unfinished=1)


def test_every_page_that_is_decided_is_shown_once(drop: Drop) -> None:
    bundle(Document.objects.get(state=Document.State.BUNDLING))
    (shown,) = status(pages=True)["scans"]
    assert pages(shown) == [
        (1, "parked", None, None, 1),
        (2, "attached", A, None, 1),
        (3, "attached", A, None, 1),
        (4, "blank", None, None, None),
        (5, "separator", None, None, None),
        (6, "attached", A, "TP1", 1),
        (7, "parked", None, None, 1),
    ]
    assert (shown["path"], shown["state"], shown["reason"]) == ("H51.20/scan1.pdf", "parked", "NoCode")
    assert shown["pages"][6]["codes"] == [B]
    valid("status", status(pages=True))


def test_without_pages(drop: Drop) -> None:
    (shown,) = status(pages=False)["scans"]
    assert "pages" not in shown
    valid("status", status(pages=False))


def test_a_dossier_is_not_told_of_a_page_that_is_not_attached_yet(drop: Drop) -> None:
    assert 6 not in [page[0] for page in pages(status(pages=True)["scans"][0])]


def test_a_citizen_card_is_shown_masked_and_an_unreadable_code_not_at_all(register: DossierFact) -> None:
    drop = dropped("scan1.pdf", Leaf(("?", "094******234")))
    drop.assemble()
    assert status(pages=True)["scans"][0]["pages"][0]["codes"] == ["094******234"]


def test_what_waits_with_both_claims(drop: Drop) -> None:
    (other,) = dropped(f"{A}.pdf", Leaf((B,), RECEIPT), PAPER).assemble(LATER)
    refused = dropped("scan9.pdf").scan
    Scan.objects.filter(pk=refused.pk).update(state=Scan.State.REFUSED, reason="Broken", received_at=LATER + timedelta(hours=1))
    first, second, conflict, broken = parked()
    assert {(one.pages, one.reason, one.claims) for one in (first, second)} == {
        ((1,), "NoCode", ()),
        ((7,), "UnknownDossier", (f"receipt={B}",)),
    }
    assert (conflict.id, conflict.pages, conflict.reason) == (str(other.pk), (1, 2), "Conflict")
    assert conflict.claims == (f"file={A}", f"receipt={B}")
    assert (broken.id, broken.path, broken.reason, broken.pages) == (str(refused.pk), "H51.20/scan9.pdf", "Broken", ())


def test_a_dossier(drop: Drop, register: DossierFact) -> None:
    shown = dossier(register, LATER)
    assert (shown["dossier"], shown["office"], shown["received"]) == (A, "H51.20", "2021-11-16T08:10:00+07:00")
    assert [(line["component"], line["state"]) for line in shown["components"]] == [
        ("TP1", "missing"),
        ("TP2", "reused"),
        ("KQ", "missing"),
    ]
    assert not shown["complete"]
    first, paper = shown["documents"]  # the one on its way is not there yet
    assert (first["kind"], first["component"], first["pages"], first["pdfa"]) == ("receipt", None, 1, "2b")
    assert (paper["kind"], paper["component"], paper["pages"], paper["pdfa"]) == ("paper", None, 1, "2b")
    assert first["original"] == paper["original"] == [drop.scan.original_key]
    assert [event["kind"] for event in shown["events"]] == 3 * ["document.found"] + 2 * ["document.attached"]
    valid("dossier", shown)


def test_a_dossier_that_became_complete(register: DossierFact) -> None:
    for component in ("TP1", "KQ"):
        (document,) = dropped(f"{A}__{component}.pdf", PAPER).assemble()
        bundle(document)
    assert dossier(register, LATER)["complete"]


def test_what_was_withdrawn_is_no_document_of_the_dossier(drop: Drop, register: DossierFact) -> None:
    register.dossier.attachments.update(known_to=LATER)
    assert dossier(register, LATER)["documents"] == []
