from __future__ import annotations

from datetime import date, timedelta

import pytest

from records.completeness import ComponentState, State, component_states, is_complete
from records.models import Attachment, DossierFact, ProcedureComponent
from tests.records.drop import Leaf, bundle, dropped
from tests.records.register import BIRTH, NOTARY, NOW, add_dossier, add_procedures, add_version

A = "H51.20-211116-0007"


@pytest.fixture(autouse=True)
def register(catalogue: None) -> DossierFact:
    add_procedures()
    return add_dossier(A)


def scan(component: str) -> None:
    """One page of that component, attached."""
    (document,) = dropped(f"{A}{component}.pdf", Leaf()).assemble()
    assert bundle(document)


def states(fact: DossierFact) -> dict[str, str]:
    return {line.code: line.state.value for line in component_states(fact, NOW)}


def test_nothing_scanned_yet(register: DossierFact) -> None:
    assert component_states(register, NOW) == (
        ComponentState("TP1", "Tờ khai đăng ký khai sinh", required=True, duty="PHAI", state=State.MISSING),
        ComponentState("TP2", "Giấy chứng sinh", required=False, duty="YEU_CAU", state=State.MISSING),
        ComponentState("KQ", "Kết quả giải quyết", required=True, duty="PHAI", state=State.MISSING),
    )
    assert [line.code for line in component_states(register, NOW) if line.lacking] == ["TP1", "KQ"]


def test_complete_when_everything_required_is_there(register: DossierFact) -> None:
    scan("__TP1")
    assert not is_complete(component_states(register, NOW))
    scan("__KQ")
    assert states(register) == {"TP1": "digitised", "TP2": "missing", "KQ": "digitised"}
    assert is_complete(component_states(register, NOW))


def test_an_undecided_component_counts_for_none(register: DossierFact) -> None:
    scan("")
    assert states(register) == {"TP1": "missing", "TP2": "missing", "KQ": "missing"}


def test_what_waits_does_not_count(register: DossierFact) -> None:
    dropped(f"{A}__TP1.pdf", Leaf()).assemble()
    assert states(register)["TP1"] == "missing"


def test_what_was_withdrawn_does_not_count(register: DossierFact) -> None:
    scan("__TP1")
    Attachment.objects.update(known_to=NOW + timedelta(hours=1))
    assert states(register)["TP1"] == "missing"


def test_reused_and_exempt() -> None:
    reused = add_dossier("H51.20-211116-0101", reused=("TP1",))
    exempt = add_dossier("H51.20-211116-0102", procedure=NOTARY)
    assert states(reused) == {"TP1": "reused", "TP2": "missing", "KQ": "missing"}
    assert states(exempt) == {"TP1": "exempt"}
    assert is_complete(component_states(exempt, NOW))


def test_scanned_after_all_counts_more_than_reused(register: DossierFact) -> None:
    register.reused.create(component="TP1")
    scan("__TP1")
    assert states(register)["TP1"] == "digitised"


def test_a_result_that_nobody_asked_for_is_shown(register: DossierFact) -> None:
    DossierFact.objects.update(procedure=NOTARY)
    register.refresh_from_db()
    scan("__KQ")
    assert states(register) == {"TP1": "exempt", "KQ": "digitised"}
    assert not component_states(register, NOW)[-1].required


def test_the_version_of_the_day_of_receipt(register: DossierFact) -> None:
    add_version(BIRTH, "Đăng ký khai sinh", date(2021, 11, 16), (("TP9", "Cam đoan", True, ProcedureComponent.Duty.MUST),))
    assert set(states(register)) == {"TP9", "KQ"}


def test_without_a_checklist_nothing_is_known_to_be_complete(register: DossierFact) -> None:
    register.procedure = "9.999999"
    assert component_states(register, NOW) == ()
    assert not is_complete(())
