"""The check of the set-up finds what is broken; most of it is tried from outside in tests/test_cli.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from records import sheet_paper
from records.events import Happening, record_many
from records.models import Event
from tests.records.register import NOW
from workers.doctor import examine


@pytest.mark.usefixtures("catalogue")
def test_a_tampered_event_is_an_alarm() -> None:
    with transaction.atomic():
        record_many(Happening("scan.received", NOW, detail={"bytes": n}) for n in range(3))
    assert [finding for finding in examine() if not finding.well] == []
    Event.objects.filter(kind="scan.received").order_by("id").filter(detail={"bytes": 1}).update(detail={"bytes": 9})
    (broken,) = [finding for finding in examine() if not finding.well]
    assert broken.exit_code == 15
    assert "đứt" in broken.detail
    assert "broken" in broken.detail


@pytest.mark.usefixtures("catalogue")
def test_a_missing_font_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_paper, "FONTS", tmp_path)
    (missing,) = [finding for finding in examine() if not finding.well]
    assert missing.exit_code == 3
    assert "fonts-croscore" in missing.detail
