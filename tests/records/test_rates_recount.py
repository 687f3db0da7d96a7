"""The report against a slow recount in plain Python that shares nothing with it but the definitions."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from records.models import Attachment, Batch, Document, Dossier, DossierFact, Known, Office, Procedure, ProcedureComponent, ReusedComponent
from records.rates import By, Question, Row, View, rates

HCM = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
TURN = date(2025, 7, 1)
CODES = ["P", "S", "D", "A", "B", "X", "Y"]
PROCEDURES = ["1.000001", "1.000002", "1.000003"]
COMPONENTS = ["TP1", "TP2", "TP3"]


class Catalogue:
    """A small random archive; the lists hold what was written."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.office("P", "TINH", "")
        self.office("S", "SO", "P")
        self.office("D", "HUYEN", "P", end=TURN, heirs=["X", "Y"])
        self.office("A", "XA", "D", end=TURN, heirs=["Y"])
        self.office("B", "XA", chance.choice(["D", "P"]))
        self.office("X", "XA", "P", start=TURN)
        self.office("Y", "XA", "P", start=TURN)
        for code in PROCEDURES:
            for _ in range(chance.randint(1, 2)):
                self.procedure(code)
        self.batch = Batch.objects.create(received_at=FIRST)
        for number in range(30):
            self.dossier(number)

    def moment(self) -> datetime:
        """Coarse, so that moments often coincide."""
        return FIRST + timedelta(hours=6 * self.chance.randrange(4 * 300))

    def span(self) -> dict[str, datetime | None]:
        start = self.moment()
        return {"known_from": start, "known_to": self.chance.choice([None, None, start + timedelta(days=self.chance.randrange(90))])}

    def office(
        self, code: str, level: str, parent: str, start: date | None = None, end: date | None = None, heirs: list[str] | None = None
    ) -> None:
        Office.objects.create(
            code=code, name=code, level=level, parent=parent, valid_from=start, valid_to=end, successors=heirs or [], known_from=FIRST
        )

    def procedure(self, code: str) -> None:
        start = self.chance.choice([None, date(2025, 3, 1), TURN])
        if Procedure.objects.filter(code=code, valid_from=start).exists():
            return
        end = self.chance.choice([None, date(2025, 9, 1)])
        made = Procedure.objects.create(
            code=code, name=code, needs_result=self.chance.random() < 0.6, valid_from=start, valid_to=end, **self.span()
        )
        for position, component in enumerate(self.chance.sample(COMPONENTS, self.chance.randint(0, 3)), start=1):
            duty = self.chance.choice(["PHAI", "YEU_CAU", "MIEN"])
            required = self.chance.random() < 0.6
            ProcedureComponent.objects.create(procedure=made, position=position, code=component, name="x", required=required, duty=duty)

    def dossier(self, number: int) -> None:
        dossier = Dossier.objects.create(number=f"H51-250101-{number:04}")
        known_from = self.moment()
        for last in (False, True)[self.chance.randrange(2) :]:
            known_to = None if last else known_from + timedelta(days=self.chance.randrange(60))
            self.fact(dossier, known_from, known_to)
            known_from = known_to or known_from
        for _ in range(self.chance.randrange(4)):
            pages = self.chance.choice([0, 1, 2])
            document = Document.objects.create(batch=self.batch, state="attached", dossier=dossier, page_count=pages, created_at=FIRST)
            component = self.chance.choice([*COMPONENTS, "KQ", None])
            Attachment.objects.create(document=document, dossier=dossier, component=component, **self.span())

    def fact(self, dossier: Dossier, known_from: datetime, known_to: datetime | None) -> None:
        received, due, finished = (self.chance.choice([None, *(self.moment() for _ in range(4))]) for _ in range(3))
        fact = DossierFact.objects.create(
            dossier=dossier,
            procedure=self.chance.choice(PROCEDURES),
            receiving="P",
            executing=self.chance.choice(CODES),
            channel=self.chance.randint(1, 3),
            received_at=received,
            due_at=due,
            finished_at=finished,
            status=self.chance.choice(["DANG_XU_LY", "DANG_XU_LY", "DA_GIAI_QUYET", "DUNG", "RUT"]),
            known_from=known_from,
            known_to=known_to,
        )
        for component in self.chance.sample(COMPONENTS, self.chance.choice([0, 0, 1, 2])):
            ReusedComponent.objects.create(fact=fact, component=component)


def known(row: Known, as_of: datetime) -> bool:
    return row.known_from <= as_of and (row.known_to is None or as_of < row.known_to)


def valid(row: Office | Procedure, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day < row.valid_to)


def state_of(fact: DossierFact, as_of: datetime) -> str:
    if fact.status in ("DUNG", "RUT"):
        return "stopped"
    if fact.finished_at:
        if fact.due_at and fact.finished_at.astimezone(HCM).date() < fact.due_at.astimezone(HCM).date():
            return "early"
        return "on_time" if fact.due_at is None or fact.finished_at <= fact.due_at else "late"
    return "open_in_time" if fact.due_at is None or as_of <= fact.due_at else "open_overdue"


def offices_of(fact: DossierFact, question: Question, day: date) -> list[str]:
    rows = {office.code: office for office in Office.objects.all()}
    code = fact.executing
    if question.view == View.CURRENT:
        day = question.as_of.astimezone(HCM).date()
        while (ended := rows[code].valid_to) and ended <= day:
            code = rows[code].successors[0]
    above = []
    parent = rows[code].parent
    while parent:
        above += [parent] if valid(rows[parent], day) else []
        parent = rows[parent].parent
    return [code, *above]


def recount(question: Question) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    found["*"]["received"] = 0
    for fact in DossierFact.objects.all():
        if not known(fact, question.as_of) or fact.received_at is None:
            continue
        day = fact.received_at.astimezone(HCM).date()
        if not question.from_day <= day <= question.to_day:
            continue
        offices = offices_of(fact, question, day)
        if question.office and question.office not in offices:
            continue
        below = offices[: offices.index(question.office) + 1] if question.office else offices
        groups = {
            By.OFFICE: below,
            By.PROCEDURE: [fact.procedure],
            By.LEVEL: [Office.objects.get(code=offices[0]).level],
            By.MONTH: [f"{day:%Y-%m}"],
            By.CHANNEL: [str(fact.channel)],
        }[question.by]
        for group in ["*", *groups]:
            for name in met(fact, question.as_of, day):
                found[group][name] += 1
    return found


def met(fact: DossierFact, as_of: datetime, day: date) -> set[str]:
    versions = [each for each in Procedure.objects.filter(code=fact.procedure) if known(each, as_of) and valid(each, day)]
    version = max(versions, key=lambda each: each.valid_from or date.min, default=None)
    attached = {each.component for each in fact.dossier.attachments.all() if known(each, as_of) and each.document.page_count}
    reused = {each.component for each in fact.reused.all()}
    state = state_of(fact, as_of)
    names = {"received", state}
    if attached - {"KQ"} or reused:
        names.add("k1")
    if version and version.needs_result:
        names |= {"k2 of"} | ({"k2"} if "KQ" in attached else set())
    if "k1" in names and ("KQ" in attached or (version and not version.needs_result)):
        names.add("k3")
    if reused:
        names.add("k4")
    if version and all(c.code in attached | reused for c in version.components.all() if c.required and c.duty != "MIEN"):
        names.add("k6")
    if state in ("early", "on_time", "open_in_time"):
        names.add("k9")
    return names


def figures(row: Row) -> dict[str, int]:
    counted = {name: getattr(row, name) for name in ("received", "early", "on_time", "late", "open_in_time", "open_overdue", "stopped")}
    counted |= {name: getattr(row, name).num for name in ("k1", "k2", "k3", "k4", "k6", "k9")} | {"k2 of": row.k2.den}
    assert all(getattr(row, name).den == row.received for name in ("k1", "k3", "k4", "k6", "k9"))
    return {name: number for name, number in counted.items() if number}


@pytest.mark.parametrize("seed", range(12))
def test_the_report_equals_a_recount(catalogue: None, seed: int) -> None:
    chance = random.Random(seed)
    Catalogue(chance)
    assert DossierFact.objects.exclude(known_to=None).exists()
    for by in By:
        for view in View:
            start = date(2025, 1, 1) + timedelta(days=chance.randrange(200))
            as_of = datetime.combine(date(2025, 3, 1) + timedelta(days=chance.randrange(300)), time(chance.randrange(24)), UTC)
            question = Question(start, start + timedelta(days=chance.randrange(250)), as_of, chance.choice([None, None, *CODES]), by, view)
            expected = {group: {name: n for name, n in counted.items() if n} for group, counted in recount(question).items()}
            assert {row.group: figures(row) for row in rates(question).rows} == expected, question
