from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from records.models import Procedure, ProcedureComponent
from records.procedures import KnownProcedures, procedure_on

NOW = datetime(2025, 7, 2, tzinfo=UTC)


def version(name: str, start: date | None, end: date | None, known_from: datetime = NOW, known_to: datetime | None = None) -> Procedure:
    made = Procedure.objects.create(
        code="1.001193", name=name, needs_result=True, valid_from=start, valid_to=end, known_from=known_from, known_to=known_to
    )
    ProcedureComponent.objects.create(procedure=made, position=1, code=name, name=name, required=True, duty="PHAI")
    return made


def test_among_the_versions_that_cover_a_day_the_one_that_began_last_holds(catalogue: None) -> None:
    version("first", None, None)
    version("second", date(2024, 1, 1), date(2025, 1, 1))
    days = {date(2023, 12, 31): "first", date(2024, 1, 1): "second", date(2024, 12, 31): "second", date(2025, 1, 1): "first"}
    for day, name in days.items():
        found = procedure_on("1.001193", day, NOW)
        assert found is not None and found.name == name
        assert KnownProcedures().components("1.001193", day) == {name}


def test_a_day_before_the_first_version_has_none(catalogue: None) -> None:
    version("only", date(2024, 1, 1), date(2025, 1, 1))
    assert procedure_on("1.001193", date(2023, 12, 31), NOW) is None
    assert procedure_on("1.001193", date(2025, 1, 1), NOW) is None
    assert procedure_on("1.000000", date(2024, 6, 1), NOW) is None
    assert KnownProcedures().components("1.001193", date(2025, 1, 1)) == frozenset()
    assert KnownProcedures().components("1.001193", None) == {"only"}


@pytest.mark.parametrize(("ago", "name"), [(timedelta(0), "mended"), (timedelta(microseconds=1), "as it was"), (timedelta(days=9), None)])
def test_it_is_answered_as_known_at_the_moment_asked(catalogue: None, ago: timedelta, name: str | None) -> None:
    version("as it was", None, None, NOW - timedelta(days=8), NOW)
    version("mended", None, None, NOW)
    found = procedure_on("1.001193", date(2024, 1, 1), NOW - ago)
    assert (found.name if found else None) == name
    assert KnownProcedures(NOW - ago).name("1.001193") == (name or "")
