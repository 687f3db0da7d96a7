"""The clerk's commands on what waits: one thing at a time, clear sentences, everything taken back by `undo`.

The workers are played as in the tests of the catalogue; with the real ones the commands are tried in tests/end_to_end.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import cli
from pipeline.model import Folio
from records.cases import CaseKind, open_case
from records.models import Attachment, Case, Document, Event, Page, Scan
from records.notes import compose
from tests.records.drop import RECEIPT, Drop, Leaf, bundle_all, dropped, titled
from tests.records.register import NOW, add_dossier, add_procedures
from tests.test_cli import in_two_languages

A, B = "H51.20-211116-0007", "H51.20-211117-0012"
CITIZEN = "094190000012"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def drop(catalogue: None, monkeypatch: pytest.MonkeyPatch) -> Drop:
    """A page of nobody; a receipt of A, its form of two sides, its proof; a blank back."""
    monkeypatch.setattr("workers.supervise.work_off", lambda *_: bundle_all(datetime.now(UTC)))
    add_procedures()
    add_dossier(A)
    add_dossier(B, applicant="Lê Văn Thử")
    form, proof = titled("TỜ KHAI ĐĂNG KÝ KHAI SINH"), titled("GIẤY CHỨNG SINH")
    made = dropped("scan1.pdf", Leaf(), Leaf((A,), RECEIPT), form, Leaf(folio=Folio(2, 2)), proof, Leaf(blank=True))
    made.attached()
    return made


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sohoa", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        assert isinstance(left.value.code, int | None)
        return left.value.code or 0, out, err

    return command


def paper(component: str) -> str:
    return str(Document.objects.get(component=component, state="attached").pk)[:8]


def waiting() -> str:
    return str(Document.objects.get(state="parked").pk)[:8]


def held() -> list[tuple[str, str | None]]:
    return sorted(Attachment.objects.filter(known_to=None).exclude(component=None).values_list("dossier__number", "component"))


def test_what_waits_is_assigned_and_taken_back(drop: Drop, run: Run) -> None:
    before = held()
    code, out, _ = run("resolve", waiting(), "--dossier", f" {B} ", "--component", "tp2")
    assert code == 0
    assert B in out
    assert held() == sorted([*before, (B, "TP2")])
    code, out, _ = run("undo")
    assert (code, held()) == (0, before)
    assert "assign" in out
    assert waiting()
    assert list(Event.objects.filter(kind__startswith="act.").values_list("kind", flat=True)) == ["act.done", "act.undone"]


def test_what_was_attached_wrongly_is_moved(drop: Drop, run: Run) -> None:
    assert run("resolve", paper("TP1"), "--dossier", B, "--component", "TP1")[0] == 0
    assert held() == [(A, "TP2"), (B, "TP1")]
    assert run("undo")[0] == 0
    assert held() == [(A, "TP1"), (A, "TP2")]


def test_one_paper_serves_two_dossiers(drop: Drop, run: Run) -> None:
    assert run("resolve", paper("TP2"), "--dossier", B, "--component", "TP2", "--also")[0] == 0
    assert held() == [(A, "TP1"), (A, "TP2"), (B, "TP2")]


def test_an_undecided_component_is_named(drop: Drop, run: Run) -> None:
    dropped("scan2.pdf", Leaf((B,), RECEIPT), Leaf()).attached()
    undecided = str(Document.objects.get(dossier__number=B, kind="paper").pk)
    assert run("resolve", undecided, "--component", "tp1")[0] == 0
    assert (B, "TP1") in held()


def test_split_join_turn_blank(drop: Drop, run: Run) -> None:
    form = paper("TP1")
    assert run("resolve", form, "--split", "4")[0] == 0
    lower = str(Document.objects.get(reason="SplitOff").pk)[:8]
    assert run("resolve", lower, "--join")[0] == 0
    assert [page.number for _, page in Document.objects.get(component="TP1").placed_pages()] == [3, 4]
    assert run("resolve", form, "--page", "4", "--blank")[0] == 0
    assert Page.objects.get(number=4).disposition == "blank"
    assert run("resolve", str(drop.scan.pk), "--page", "6", "--not-blank")[0] == 0
    assert Page.objects.get(number=6).disposition == "parked"
    assert run("resolve", form, "--page", "3", "--rotate", "90")[0] == 0
    assert Page.objects.get(number=3).ruled_rotation == 90
    for _ in range(5):
        assert run("undo")[0] == 0
    assert held() == [(A, "TP1"), (A, "TP2")]
    assert run("undo")[0] == 1


@pytest.mark.parametrize("reason", Document.Discard.values)
def test_discarding_needs_one_of_the_reasons(drop: Drop, run: Run, reason: str) -> None:
    assert run("resolve", waiting(), "--discard", reason)[0] == 0
    assert Document.objects.get(state="discarded").reason == reason


def test_a_file_that_could_not_be_opened_is_set_aside_and_taken_back(drop: Drop, run: Run) -> None:
    scan = Scan.objects.create(
        batch=drop.batch, path="H51.20/scan9.pdf", sha256="0" * 64, state="parked", reason="Encrypted", page_count=0, received_at=NOW
    )
    own = str(scan.pk)[:8]
    assert own in run("status")[1]
    code, _, err = run("resolve", own, "--dossier", A)
    assert code == 1
    assert in_two_languages(err)
    code, out, _ = run("resolve", own, "--discard", "spoilt")
    assert (code, "scan9.pdf" in out) == (0, True)
    assert f"  {own}  H51.20/scan9.pdf" not in run("status")[1]
    run("retry")
    scan.refresh_from_db()
    assert (scan.state, scan.set_aside) == ("parked", "spoilt")  # "everything" does not mean what was set aside
    assert "Đã bỏ: ảnh hỏng, đã quét lại" in compose(drop.batch)
    assert run("undo", own)[0] == 0
    assert f"  {own}  H51.20/scan9.pdf" in run("status")[1]
    acts = Event.objects.filter(kind__startswith="act.", detail__do="discard")
    assert list(acts.values_list("kind", flat=True)) == ["act.done", "act.undone"]


def test_a_case_is_seen_to(drop: Drop, run: Run) -> None:
    case = open_case(CaseKind.ODD_SIDES, NOW, batch=drop.batch, detail={"sides": 7})
    assert case is not None
    assert run("resolve", str(case.pk)[:8], "--seen")[0] == 0
    assert Case.objects.get().closed_at is not None
    code, _, err = run("resolve", str(case.pk)[:8], "--seen")
    assert code == 1
    assert in_two_languages(err)


BAD = [
    ["resolve", "{waits}"],
    ["resolve", "{waits}", "--dossier", A, "--join"],
    ["resolve", "{waits}", "--rotate", "90"],
    ["resolve", "{waits}", "--blank"],
    ["resolve", "{waits}", "--also"],
    ["resolve", "{waits}", "--discard", "because"],
    ["resolve", "{waits}", "--page", "1", "--rotate", "45"],
    ["resolve", "{waits}", "--page", "99", "--blank"],
    ["resolve", "{waits}", "--page", "0", "--blank"],
    ["resolve", "{waits}", "--split", "1"],
    ["resolve", "{waits}", "--join"],
    ["resolve", "{waits}", "--seen"],
    ["resolve", "ffffffff", "--dossier", A],
    ["resolve", "", "--dossier", A],
    ["resolve", "' OR 1=1", "--dossier", A],
    ["undo", "ffffffff"],
    ["undo"],
    ["explain", "ffffffff"],
    ["show", "ffffffff", "-o", "pages.jpg"],
    ["show", "{waits}", "-o", "/nonexistent/pages.jpg"],
    ["retry", "ffffffff"],
]


@pytest.mark.parametrize("arguments", BAD, ids=" ".join)
def test_bad_input_is_told_in_two_languages_and_changes_nothing(
    drop: Drop, run: Run, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = Event.objects.count()
    code, out, err = run(*(part.format(waits=waiting()) for part in arguments))
    assert (code, out) == (1, "")
    assert in_two_languages(err), err
    assert "Traceback" not in err
    assert Event.objects.count() == told
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_dossier_or_component_is_told(drop: Drop, run: Run) -> None:
    for arguments, code in ((("--dossier", "H51.20-211116-9999"), 2), (("--dossier", A, "--component", "TP9"), 2)):
        got, _, err = run("resolve", waiting(), *arguments)
        assert got == code
        assert in_two_languages(err)


def test_why_a_stack_was_split_so_is_told_page_by_page(drop: Drop, run: Run) -> None:
    code, out, _ = run("explain", waiting(), "--json")
    assert code == 0
    pages = json.loads(out)
    pages = pages if isinstance(pages, list) else pages["pages"]
    assert [page["page"] for page in pages] == [1, 2, 3, 4, 5, 6]
    assert [page["decided"] for page in pages] == ["NoCode", A, A, A, A, "blank"]
    code, out, _ = run("explain", paper("TP1"))
    assert code == 0
    assert "TỜ KHAI ĐĂNG KÝ KHAI SINH" in out


def test_numbers_of_citizens_are_masked_where_a_split_is_told(drop: Drop, run: Run) -> None:
    other = dropped("scan3.pdf", Leaf((f"{B}|{CITIZEN}",), RECEIPT), titled(f"ĐƠN CỦA {CITIZEN}"))
    other.attached()
    for arguments in (("explain", str(other.scan.pk)), ("explain", str(other.scan.pk), "--json")):
        _, out, _ = run(*arguments)
        assert CITIZEN not in out
        assert "094******012" in out
