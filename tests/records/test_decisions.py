"""How a batch was split is kept with all it was decided on: decided again on that, the same comes of it, whatever the register says now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.decisions import explain, outcome_of, replay
from records.models import Decision, DossierFact
from tests.records.drop import RECEIPT, Drop, Leaf, dropped, titled
from tests.records.register import NOW, add_dossier, add_procedures

A, B = "H51.20-211116-0007", "H51.20-211117-0012"
LATER = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def register(catalogue: None) -> None:
    add_procedures()
    add_dossier(A)
    add_dossier(B, applicant="Lê Văn Thử")


LEAVES = st.sampled_from(
    [
        Leaf((A,), RECEIPT),
        Leaf((B,), RECEIPT),
        Leaf(("?",), RECEIPT),
        Leaf((f"SOHOA:{A}:TP2",), "TỜ PHÂN CÁCH HỒ SƠ"),
        Leaf((B,)),
        Leaf(blank=True),
        Leaf(failed=True),
        titled("GIẤY CHỨNG SINH"),
        titled("TỜ KHAI ĐĂNG KÝ KHAI SINH", "của Lê Văn Thử"),
        Leaf(),
    ]
)
NAMES = st.sampled_from(["scan1.pdf", f"{A}.pdf", f"{B}__TP1.pdf"])


@given(name=NAMES, leaves=st.lists(LEAVES, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_decided_again_it_is_the_same_though_the_register_changed(name: str, leaves: list[Leaf]) -> None:
    with transaction.atomic():
        dropped(name, *leaves).assemble()
        decision = Decision.objects.get()
        DossierFact.objects.filter(dossier__number=B).update(applicant="Một Người Khác", procedure="2.000815")
        DossierFact.objects.filter(dossier__number=A).delete()
        assert replay(decision, LATER) == outcome_of(decision)
        transaction.set_rollback(True)


def test_it_is_told_page_by_page_what_was_seen_and_decided() -> None:
    files: dict[str, tuple[Leaf, ...]] = {
        "1.pdf": (Leaf((A,), RECEIPT), titled("GIẤY CHỨNG SINH")),
        f"{B}__TP1.pdf": (Leaf(), Leaf(blank=True)),
    }
    Drop("lo 1", files, is_folder=True).attached()
    stories = list(explain(Decision.objects.get()))
    assert [(story.path.rsplit("/")[-1], story.page, story.decided) for story in stories] == [
        ("1.pdf", 1, A),
        ("1.pdf", 2, A),
        (f"{B}__TP1.pdf", 1, B),
        (f"{B}__TP1.pdf", 2, "blank"),
    ]
    assert stories[1].title == "GIẤY CHỨNG SINH"
    assert stories[0].begins
    assert not stories[1].begins
    assert {claim.source.value for claim in stories[2].claims} == {"file"}
