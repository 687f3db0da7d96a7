from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadArgument, exit_code
from records.models import Attachment, Batch, Document, Dossier, DossierFact, Office, Procedure, ProcedureComponent, ReusedComponent
from records.rates import By, PeriodReversed, Question, Rate, Row, Unbalanced, UnknownOffice, View, rates, truncated

LOADED = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 8, 1, tzinfo=UTC)
MAY = Question(date(2025, 5, 1), date(2025, 5, 31), NOW)


def office(code: str, parent: str = "", level: str = "XA", end: date | None = None, start: date | None = None, heirs: str = "") -> None:
    Office.objects.create(
        code=code,
        name=f"Đơn vị {code}",
        level=level,
        parent=parent,
        valid_from=start,
        valid_to=end,
        successors=heirs.split(),
        known_from=LOADED,
    )


def procedure(code: str = "1.001193", *, needs_result: bool = True, start: date | None = None) -> Procedure:
    """TP1 required, TP2 if any, TP3 required but exempt."""
    made = Procedure.objects.create(code=code, name=f"Thủ tục {code}", needs_result=needs_result, valid_from=start, known_from=LOADED)
    for position, (component, required, duty) in enumerate((("TP1", True, "PHAI"), ("TP2", False, "PHAI"), ("TP3", True, "MIEN")), start=1):
        ProcedureComponent.objects.create(procedure=made, position=position, code=component, name=component, required=required, duty=duty)
    return made


def dossier(
    executing: str = "C",
    received: datetime | None = datetime(2025, 5, 5, 8, tzinfo=UTC),
    *,
    code: str = "1.001193",
    due: datetime | None = None,
    finished: datetime | None = None,
    status: str = "DANG_XU_LY",
    channel: int = 1,
    reused: str = "",
) -> DossierFact:
    number = Dossier.objects.create(number=f"H51.20-250505-{Dossier.objects.count() + 1:04}")
    fact = DossierFact.objects.create(
        dossier=number,
        procedure=code,
        receiving=executing,
        executing=executing,
        channel=channel,
        received_at=received,
        due_at=due,
        finished_at=finished,
        status=status,
        known_from=LOADED,
    )
    for component in reused.split():
        ReusedComponent.objects.create(fact=fact, component=component)
    return fact


def attach(fact: DossierFact, component: str | None, at: datetime = LOADED, until: datetime | None = None, pages: int = 1) -> None:
    batch = Batch.objects.create(received_at=at)
    document = Document.objects.create(batch=batch, state="attached", dossier=fact.dossier, page_count=pages, created_at=at)
    Attachment.objects.create(document=document, dossier=fact.dossier, component=component, known_from=at, known_to=until)


@pytest.fixture
def offices(catalogue: None) -> None:
    """Province P, its department S and commune C; of the district D, which ended on 1 July 2025, the communes E and F took over."""
    turn = date(2025, 7, 1)
    office("P", level="TINH")
    office("S", "P", level="SO")
    office("C", "P")
    office("D", "P", level="HUYEN", end=turn, heirs="E F")
    office("G", "D", end=turn, heirs="E")
    office("E", "P", start=turn)
    office("F", "P", start=turn)
    procedure()


def whole(question: Question = MAY) -> Row:
    return rates(question).rows[0]


def received(question: Question) -> dict[str, int]:
    return {row.group: row.received for row in rates(question).rows}


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_rate_is_cut_off_never_rounded_up(num: int, den: int) -> None:
    num = min(num, den)
    text = truncated(num, den)
    assert text is not None
    hundredths = int(text.replace(".", ""))
    assert text == f"{hundredths / 100:.2f}"
    assert hundredths * den <= num * 10_000 < (hundredths + 1) * den
    assert (text == "100.00") == (num == den)


def test_rates_at_their_edges() -> None:
    assert truncated(99_995, 100_000) == "99.99"
    assert truncated(0, 7) == "0.00"
    assert truncated(1, 10_001) == "0.00"
    assert truncated(0, 0) is None


def test_an_empty_archive_has_one_row_of_nothing(catalogue: None) -> None:
    report = rates(MAY)
    assert [(row.group, row.received, row.k1.text, row.k2.text) for row in report.rows] == [("*", 0, None, None)]
    assert report.rule == "766/2022"


@pytest.mark.parametrize(
    ("due", "finished", "status", "state"),
    [
        ("2025-05-07T10:00", "2025-05-06T23:59", "DA_GIAI_QUYET", "early"),
        ("2025-05-07T10:00", "2025-05-07T00:00", "DA_GIAI_QUYET", "on_time"),
        ("2025-05-07T10:00", "2025-05-07T10:00", "DANG_XU_LY", "on_time"),
        ("2025-05-07T10:00", "2025-05-07T10:01", "DA_GIAI_QUYET", "late"),
        (None, "2025-05-07T10:01", "DA_GIAI_QUYET", "on_time"),
        (None, None, "DANG_XU_LY", "open_in_time"),
        ("2025-08-01T07:00", None, "DANG_XU_LY", "open_in_time"),
        ("2025-08-01T06:59", None, "DA_GIAI_QUYET", "open_overdue"),
        ("2025-05-07T10:00", "2025-05-06T10:00", "RUT", "stopped"),
        ("2025-05-07T10:00", None, "DUNG", "stopped"),
    ],
)
def test_every_dossier_is_in_one_state(offices: None, due: str | None, finished: str | None, status: str, state: str) -> None:
    due_at, finished_at = (datetime.fromisoformat(f"{text}+07:00") if text else None for text in (due, finished))
    dossier(due=due_at, finished=finished_at, status=status)
    row = whole()
    states = {name: getattr(row, name) for name in ("early", "on_time", "late", "open_in_time", "open_overdue", "stopped")}
    assert states == {name: int(name == state) for name in states}
    assert row.k9 == Rate(int(state in ("early", "on_time", "open_in_time")), 1)


def test_the_period_is_of_vietnamese_days_both_included(offices: None) -> None:
    for moment in ("2025-04-30T23:59:59", "2025-05-01T00:00:00", "2025-05-31T23:59:59", "2025-06-01T00:00:00"):
        dossier(received=datetime.fromisoformat(f"{moment}+07:00"))
    dossier(received=None)
    assert whole().received == 2
    assert received(replace(MAY, by=By.MONTH, from_day=date(2025, 4, 1), to_day=date(2025, 6, 30))) == {
        "*": 4,
        "2025-04": 1,
        "2025-05": 2,
        "2025-06": 1,
    }


@pytest.mark.parametrize(
    ("components", "reused", "met"),
    [
        ("", "", ""),
        ("TP1", "", "k1 k6"),
        ("TP2", "", "k1"),
        ("?", "", "k1"),
        ("KQ", "", "k2"),
        ("TP2 KQ", "", "k1 k2 k3"),
        ("TP1 KQ", "", "k1 k2 k3 k6"),
        ("", "TP1", "k1 k4 k6"),
        ("KQ", "TP2", "k1 k2 k3 k4"),
    ],
)
def test_the_indicators(offices: None, components: str, reused: str, met: str) -> None:
    fact = dossier(reused=reused)
    for component in components.split():
        attach(fact, None if component == "?" else component)
    row = whole()
    assert {name for name in ("k1", "k2", "k3", "k4", "k6") if getattr(row, name) == Rate(1, 1)} == set(met.split())
    assert all(getattr(row, name).den == 1 for name in ("k1", "k2", "k3", "k4", "k6", "k9"))


def test_a_procedure_without_a_written_result_needs_none(offices: None) -> None:
    procedure("2.000815", needs_result=False)
    attach(dossier(code="2.000815"), "TP1")
    row = whole()
    assert (row.k2, row.k2.text, row.k3) == (Rate(0, 0), None, Rate(1, 1))


def test_without_a_procedure_version_on_the_day_nothing_is_taken_as_met(offices: None) -> None:
    procedure("2.000815", start=date(2025, 6, 1))
    attach(dossier(code="2.000815"), "TP1")
    row = whole()
    assert (row.received, row.k1, row.k2, row.k3, row.k6) == (1, Rate(1, 1), Rate(0, 0), Rate(0, 1), Rate(0, 1))


def test_a_document_without_pages_is_no_document(offices: None) -> None:
    attach(dossier(), "TP1", pages=0)
    assert whole().k1 == Rate(0, 1)


def test_a_document_counts_from_its_attachment_to_its_withdrawal(offices: None) -> None:
    attached, withdrawn = datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 6, 9, tzinfo=UTC)
    attach(dossier(), "TP1", attached, withdrawn)
    moments = [attached - timedelta(microseconds=1), attached, withdrawn - timedelta(microseconds=1), withdrawn]
    assert [whole(replace(MAY, as_of=moment)).k1.num for moment in moments] == [0, 1, 1, 0]


def test_a_dossier_is_answered_as_known_at_the_moment_asked(offices: None) -> None:
    fact = dossier("C")
    DossierFact.objects.filter(pk=fact.pk).update(known_to=NOW)
    DossierFact.objects.create(
        dossier=fact.dossier,
        procedure=fact.procedure,
        receiving="C",
        executing="S",
        channel=2,
        received_at=fact.received_at,
        status="DUNG",
        known_from=NOW,
    )
    before = replace(MAY, as_of=NOW - timedelta(microseconds=1))
    assert received(before) == {"*": 1, "C": 1, "P": 1}
    assert (received(MAY), whole().stopped) == ({"*": 1, "P": 1, "S": 1}, 1)
    assert received(replace(MAY, as_of=LOADED - timedelta(microseconds=1))) == {"*": 0}


def test_offices_have_a_row_each_with_all_below_them(offices: None) -> None:
    for executing in ("C", "C", "S", "G", "D"):
        dossier(executing)
    assert received(MAY) == {"*": 5, "C": 2, "D": 2, "G": 1, "P": 5, "S": 1}
    assert received(replace(MAY, office="D")) == {"*": 2, "D": 2, "G": 1}
    assert received(replace(MAY, office="D", by=By.LEVEL)) == {"*": 2, "HUYEN": 1, "XA": 1}
    assert list(received(replace(MAY, by=By.LEVEL))) == ["*", "SO", "HUYEN", "XA"]


def test_the_current_view_rolls_ended_offices_up_and_adds_up(offices: None) -> None:
    for executing in ("C", "G", "D", "D"):
        dossier(executing)
    current = replace(MAY, view=View.CURRENT)
    assert received(current) == {"*": 4, "C": 1, "E": 3, "P": 4}
    assert received(replace(current, office="E")) == {"*": 3, "E": 3}
    assert (
        received(replace(current, as_of=datetime(2025, 6, 30, 16, tzinfo=UTC))) == received(MAY) == {"*": 4, "C": 1, "D": 3, "G": 1, "P": 4}
    )


def test_a_turn_of_the_tree_within_the_period_is_seen(offices: None) -> None:
    office("X", "D")
    for day in (1, 30):
        dossier("X", datetime(2025, 6, day, 3, tzinfo=UTC))
    dossier("X", datetime(2025, 7, 1, 3, tzinfo=UTC))
    assert received(replace(MAY, to_day=date(2025, 7, 31))) == {"*": 3, "D": 2, "P": 3, "X": 3}


def test_the_other_groupings_split_the_whole_in_order(offices: None) -> None:
    procedure("1.000656")
    for channel, code in ((3, "1.001193"), (1, "1.000656"), (1, "1.001193")):
        dossier(channel=channel, code=code)
    by_procedure, by_channel = rates(replace(MAY, by=By.PROCEDURE)), rates(replace(MAY, by=By.CHANNEL))
    assert [(row.group, row.name, row.received) for row in by_procedure.rows] == [
        ("*", "Toàn bộ", 3),
        ("1.000656", "Thủ tục 1.000656", 1),
        ("1.001193", "Thủ tục 1.001193", 2),
    ]
    assert [(row.group, row.name, row.received) for row in by_channel.rows] == [
        ("*", "Toàn bộ", 3),
        ("1", "Trực tiếp", 2),
        ("3", "Bưu chính công ích", 1),
    ]
    assert received(replace(MAY, by=By.CHANNEL, office="S")) == {"*": 0}


def test_questions_that_cannot_be_answered(offices: None) -> None:
    with pytest.raises(UnknownOffice) as unknown:
        rates(replace(MAY, office="X9"))
    with pytest.raises(PeriodReversed) as reversed_period:
        replace(MAY, to_day=date(2025, 4, 30))
    for told in (unknown.value, reversed_period.value):
        assert isinstance(told, BadArgument)
        assert told.vi != told.en
        assert exit_code(told) == 1


def test_the_ends_of_the_calendar_can_be_asked_for(offices: None) -> None:
    dossier()
    assert received(replace(MAY, from_day=date.min, to_day=date.max)) == {"*": 1, "C": 1, "P": 1}


def test_a_row_that_does_not_balance_is_not_made(offices: None) -> None:
    dossier()
    row = whole()
    with pytest.raises(Unbalanced):
        replace(row, early=1)
    with pytest.raises(Unbalanced):
        replace(row, k1=Rate(2, 1))
