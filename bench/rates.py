"""How long the report of digitisation rates takes over a large catalogue: python -m bench.rates [DOSSIERS]

Makes a catalogue of invented dossiers (100,000 unless told) with three attached documents each, in a home of its own, asks for the
rates of the whole period by each grouping, and prints the seconds. With SOHOA_DATABASE__KIND=postgresql (and its other settings) the
same is done in that database, which has to be empty.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # models cannot be imported before the catalogue is open
    from records.models import Batch, Dossier, DossierFact

DOSSIERS = 100_000
OFFICES = 100
PROCEDURES = 30
START = datetime(2024, 1, 1, 1, tzinfo=UTC)
LOADED = datetime(2025, 1, 2, tzinfo=UTC)
CHUNK = 5_000


def fill(dossiers: int, chance: random.Random) -> None:
    """Registers of one province with `OFFICES` communes, and `dossiers` dossiers spread over a year."""
    from records.models import Batch, Office, Procedure, ProcedureComponent

    top = Office(code="H51", name="Tỉnh", level="TINH", known_from=LOADED)
    communes = [Office(code=f"H51.{n}", name=f"Xã số {n}", level="XA", parent="H51", known_from=LOADED) for n in range(OFFICES)]
    Office.objects.bulk_create([top, *communes])
    for n in range(PROCEDURES):
        procedure = Procedure.objects.create(code=f"1.{n:06}", name=f"Thủ tục số {n}", needs_result=n % 5 > 0, known_from=LOADED)
        for place, (code, duty) in enumerate((("TP1", "PHAI"), ("TP2", "YEU_CAU"), ("TP3", "MIEN")), start=1):
            ProcedureComponent.objects.create(procedure=procedure, position=place, code=code, name=code, required=True, duty=duty)
    batch = Batch.objects.create(office="H51.0", name="bench", received_at=LOADED)
    for first in range(0, dossiers, CHUNK):
        _fill_some(range(first, min(first + CHUNK, dossiers)), batch, chance)


def _fill_some(numbers: range, batch: Batch, chance: random.Random) -> None:
    from django.db import transaction

    from records.models import Attachment, Document, Dossier, DossierFact, ReusedComponent

    with transaction.atomic():
        dossiers = Dossier.objects.bulk_create(Dossier(number=f"H51.{n % OFFICES}-240101-{n:06}") for n in numbers)
        facts = DossierFact.objects.bulk_create(_facts(dossiers, chance))
        ReusedComponent.objects.bulk_create(ReusedComponent(fact=fact, component="TP1") for fact in facts if chance.random() < 0.2)
        placed = [(dossier, component) for dossier in dossiers for component in chance.sample(("TP1", "TP2", "TP3", "KQ", None), 3)]
        documents = Document.objects.bulk_create(
            Document(batch=batch, state="attached", dossier=dossier, component=component, page_count=2, created_at=LOADED)
            for dossier, component in placed
        )
        Attachment.objects.bulk_create(
            Attachment(document=document, dossier=dossier, component=component, known_from=LOADED)
            for document, (dossier, component) in zip(documents, placed, strict=True)
        )


def _facts(dossiers: list[Dossier], chance: random.Random) -> Iterator[DossierFact]:
    from records.models import DossierFact

    for dossier in dossiers:
        received = START + timedelta(minutes=chance.randrange(366 * 24 * 60))
        office = f"H51.{chance.randrange(OFFICES)}"
        yield DossierFact(
            dossier=dossier,
            procedure=f"1.{chance.randrange(PROCEDURES):06}",
            receiving=office,
            executing=office,
            channel=chance.randint(1, 3),
            received_at=received,
            due_at=received + timedelta(days=5),
            finished_at=received + timedelta(days=chance.randrange(8)) if chance.random() < 0.9 else None,
            status=chance.choice(("DA_GIAI_QUYET", "DANG_XU_LY", "DUNG")),
            known_from=LOADED,
        )


def main() -> None:
    dossiers = int(sys.argv[1]) if len(sys.argv) > 1 else DOSSIERS
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as home:
        os.environ["SOHOA_HOME"] = home
        from records.setup import open_catalogue

        open_catalogue()
        from django.db import connection, connections

        from records.models import Office
        from records.rates import By, Question, rates

        if Office.objects.exists():
            sys.exit("the database is not empty")
        began = time.perf_counter()
        fill(dossiers, random.Random(1))
        print(f"{connection.vendor}: {dossiers} dossiers, {3 * dossiers} attachments made in {time.perf_counter() - began:.0f} s")
        for by in By:
            seconds = []
            for _ in range(3):
                began = time.perf_counter()
                report = rates(Question(date(2024, 1, 1), date(2024, 12, 31), LOADED, by=by))
                seconds.append(time.perf_counter() - began)
            print(f"by {by}: {len(report.rows)} rows, {report.rows[0].received} dossiers, {min(seconds):.2f} s (best of 3)")
        connections.close_all()


if __name__ == "__main__":
    main()
