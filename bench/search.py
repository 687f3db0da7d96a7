"""How long a search takes over a large catalogue: `python -m bench.search [--pages 200000]`.

Builds a catalogue of invented dossiers in a temporary home (or in the configured PostgreSQL database, which must be empty and is
emptied again), with about 250 syllables a page: a letterhead that all pages share, then words whose frequency falls as in real text,
some with their marks lost as recognition loses them. Then asks a mixed set of queries, each once, and prints p50, p95 and maximum.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from records.models import Dossier, DossierFact
    from records.search import SearchQuery

_HEADS = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc ỦY BAN NHÂN DÂN XÃ {place} Số: {serial}/UBND-VP ngày {day}",
    "Kính gửi: Ủy ban nhân dân xã {place} hồ sơ thủ tục hành chính bộ phận một cửa tiếp nhận và trả kết quả ngày {day}",
]
_ONSETS = "b c ch d đ g h kh l m n ng nh ph qu s t th tr v x"
_RIMES = "a an anh ang ao ai at âm ân âu e em en eo ê êm ên i im in inh iên iêu o oi on ong ô ôi ôn ông ơ ơi ơn u ui un ung ư ưng ươi ương"
_TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
_FAMILY, _MIDDLE = ["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ"], ["Văn", "Thị", "Hữu", "Ngọc", "Minh"]
_GIVEN = ["An", "Bình", "Cường", "Dung", "Đạt", "Giang", "Hòa", "Khánh", "Lan", "Mẫu", "Nga", "Oanh", "Phúc", "Quý", "Sơn", "Thúy", "Vinh"]
_PROCEDURES = ["1.001193", "1.000894", "2.000720", "1.012753", "2.000815", "1.001776"]
_PAGES_A_DOSSIER = 8
_FIRST_DAY = date(2021, 1, 4)


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str
    query: SearchQuery


class Invented:
    """Words, names, pages and queries, all from one seed."""

    def __init__(self, seed: int) -> None:
        from pipeline.text import is_syllable, nfc

        self.random = random.Random(seed)
        syllables = [nfc(onset + rime[0] + tone + rime[1:]) for onset, rime, tone in product(_ONSETS.split(), _RIMES.split(), _TONES)]
        syllables = [syllable for syllable in syllables if is_syllable(syllable)]
        self.words = [f"{self.random.choice(syllables)} {self.random.choice(syllables)}" for _ in range(12_000)]
        self.weights = list(accumulate(1 / rank**0.95 for rank in range(1, len(self.words) + 1)))

    def name(self) -> str:
        return f"{self.random.choice(_FAMILY)} {self.random.choice(_MIDDLE)} {self.random.choice(_GIVEN)} {self.random.choice(_GIVEN)}"

    def page(self, number: str) -> str:
        from pipeline.text import fold

        words = self.random.choices(self.words, cum_weights=self.weights, k=108)
        for place in range(self.random.randrange(20), len(words), 20):
            words[place] = fold(words[place])
        day = _FIRST_DAY + timedelta(self.random.randrange(1500))
        head = self.random.choice(_HEADS).format(
            place=self.words[hash(number) % 50], serial=self.random.randrange(900), day=f"{day:%d/%m/%Y}"
        )
        return f"{head} mã hồ sơ {number}\n{' '.join(words)}"


def build(invented: Invented, pages: int) -> float:
    """Fill the catalogue; returns the seconds that indexing alone took."""
    from django.db import transaction

    from records.models import Office

    now = datetime.now(UTC)
    codes = [
        "H51",
        *(f"H51.{office}" for office in range(10, 20)),
        *(f"H51.{office}.{below}" for office in range(10, 20) for below in range(1, 6)),
    ]
    Office.objects.bulk_create(Office(code=code, name=code, level="XA", parent=code.rpartition(".")[0], known_from=now) for code in codes)
    indexing = 0.0
    dossiers = pages // _PAGES_A_DOSSIER
    for begin in range(0, dossiers, 500):
        with transaction.atomic():
            indexing += _build_some(invented, codes, range(begin, min(begin + 500, dossiers)), dossiers, now)
    return indexing


def _build_some(invented: Invented, codes: Sequence[str], places: range, dossiers: int, now: datetime) -> float:
    from records.models import Batch, Document, Dossier, DossierFact, Page, Scan
    from records.search import index_document

    made = Dossier.objects.bulk_create(Dossier(number=number_at(codes, place, dossiers)) for place in places)
    DossierFact.objects.bulk_create(_fact(invented, dossier, place, dossiers, now) for dossier, place in zip(made, places, strict=True))
    batch = Batch.objects.create(name=f"{places.start}.pdf", received_at=now)
    scan = Scan.objects.create(batch=batch, path=batch.name, received_at=now)
    documents = Document.objects.bulk_create(
        Document(batch=batch, state="attached", dossier=dossier, component="TP1", page_count=_PAGES_A_DOSSIER, created_at=now)
        for dossier in made
    )
    Page.objects.bulk_create(
        Page(
            scan=scan,
            number=order * _PAGES_A_DOSSIER + page,
            state="read",
            document=document,
            page_in_document=page,
            text=invented.page(dossier.number),
        )
        for order, (document, dossier) in enumerate(zip(documents, made, strict=True))
        for page in range(1, _PAGES_A_DOSSIER + 1)
    )
    began = time.perf_counter()
    for document in documents:
        index_document(document)
    return time.perf_counter() - began


def number_at(codes: Sequence[str], place: int, dossiers: int) -> str:
    """The number of the dossier at a place; days advance evenly."""
    return f"{codes[1 + place % (len(codes) - 1)]}-{_day_at(place, dossiers):%y%m%d}-{place % 10_000:04d}"


def _day_at(place: int, dossiers: int) -> date:
    return _FIRST_DAY + timedelta(place * 1_700 // dossiers)


def _fact(invented: Invented, dossier: Dossier, place: int, dossiers: int, now: datetime) -> DossierFact:
    from records.models import DossierFact

    office = dossier.number.partition("-")[0]
    day = _day_at(place, dossiers)
    return DossierFact(
        dossier=dossier,
        procedure=invented.random.choice(_PROCEDURES),
        receiving=office,
        executing=office,
        channel=1,
        status="DANG_XU_LY",
        received_at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC),
        applicant=invented.name(),
        identity_number=f"094{place:09d}",
        subject=" ".join(invented.random.choices(invented.words, cum_weights=invented.weights, k=4)),
        known_from=now,
    )


def ask(invented: Invented, dossiers: int) -> Iterator[Asked]:
    """240 queries of twelve kinds, half of them with filters; common ones are as common as they can be."""
    from pipeline.text import fold
    from records.models import Dossier
    from records.search import SearchQuery

    draw = invented.random
    numbers = list(Dossier.objects.values_list("number", flat=True)[:: max(1, dossiers // 400)])
    shared = ["hồ sơ", "ủy ban nhân dân", "thủ tục hành chính", "cộng hòa xã hội", "bộ phận một cửa", "kết quả", "xã", "ngày"]
    for turn in range(20):
        common, rare = invented.words[draw.randrange(40)], invented.words[draw.randrange(3_000, 12_000)]
        number = draw.choice(numbers)
        words = {
            "common, marked": shared[turn % len(shared)],
            "common, unmarked": fold(shared[turn % len(shared)]),
            "frequent words, marked": common,
            "frequent words, unmarked": fold(f"{common} {invented.words[draw.randrange(40)]}"),
            "rare, marked": rare,
            "rare, unmarked": fold(rare),
            "common phrase": f'"{shared[turn % 5]}"',
            "frequent phrase, unmarked": f'"{fold(common)}"',
            "common and rare": f"{shared[turn % len(shared)]} {rare}",
            "number": draw.choice([number, number.replace("-", " ").replace(".", ""), number.rpartition("-")[0]]),
            "name": draw.choice([invented.name(), fold(invented.name())]),
            "identity number": f"094{draw.randrange(dossiers):09d}",
        }
        for kind, typed in words.items():
            yield Asked(kind, _filtered(SearchQuery(typed), turn))


def _filtered(query: SearchQuery, turn: int) -> SearchQuery:
    from dataclasses import replace

    match turn % 8:
        case 1:
            return replace(query, office="H51.12")
        case 3:
            return replace(query, office="H51", from_day=date(2022, 1, 1), to_day=date(2023, 12, 31))
        case 5:
            return replace(query, procedure="2.000720")
        case 7:
            return replace(query, office="H51.13.2", procedure="1.001193", from_day=date(2021, 6, 1))
        case _:
            return query


def _settle(connection: BaseDatabaseWrapper) -> None:
    """What the database does by itself soon after so much was written; then a fresh connection, as a fresh process has."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    connection.close()


def measure(asked: Sequence[Asked]) -> dict[str, list[float]]:
    """Milliseconds of each query, by kind."""
    from records.search import search

    took: dict[str, list[float]] = defaultdict(list)
    for each in asked:
        took[each.kind].append(search(each.query).seconds * 1000)
    return took


def _line(kind: str, took: Sequence[float], found: str = "") -> str:
    p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
    return f"{kind:28} {len(took):4} {statistics.median(took):8.1f} {p95:8.1f} {max(took):8.1f} {found}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as home:
        os.environ["SOHOA_HOME"] = home
        _run(arguments.pages, arguments.seed, Path(home))


def _run(pages: int, seed: int, home: Path) -> None:
    from records.setup import open_catalogue

    open_catalogue()
    from django.core.management import call_command
    from django.db import connection

    from records.models import Dossier

    if Dossier.objects.exists():
        raise SystemExit("The configured database is not empty: the bench builds its own catalogue and empties it afterwards.")
    invented = Invented(seed)
    try:
        began = time.perf_counter()
        indexing = build(invented, pages)
        print(
            f"{connection.vendor}: {pages} pages built in {time.perf_counter() - began:.0f} s, of which indexing {indexing:.0f} s", end=""
        )
        print(f" ({indexing / pages * 1000:.2f} ms a page); files {sum(file.stat().st_size for file in home.glob('*')) / 1e6:.0f} MB")
        _settle(connection)
        took = measure(list(ask(invented, pages // _PAGES_A_DOSSIER)))
        print(f"{'ms':28} {'n':>4} {'p50':>8} {'p95':>8} {'max':>8}")
        for kind, times in took.items():
            print(_line(kind, times))
        print(_line("all", [each for times in took.values() for each in times]))
    finally:
        if connection.vendor == "postgresql":
            call_command("flush", verbosity=0, interactive=False)


if __name__ == "__main__":
    main()
