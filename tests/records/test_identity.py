from __future__ import annotations

from datetime import date

import pytest

from records.identity import Verdict, checklist, component_of, decide, fact_of
from records.models import DossierFact, ProcedureComponent
from tests.records.register import BIRTH, LONG_AGO, NOTARY, NOW, add_dossier, add_procedures, add_version

A = "H51.20-211116-0007"
NEXT = "H51.20-211116-0008"  # one misread digit away
FAR = "H51.20-211116-0111"
HEAD = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ\n"


@pytest.fixture(autouse=True)
def register(catalogue: None) -> DossierFact:
    add_procedures()
    return add_dossier(A, executing="H51.21")


def printed(text: str, *numbers: str, office: str = "H51.20") -> str:
    """The number of the dossier decided on, else the reason."""
    verdict = decide("", None, office, numbers or (A,), HEAD + text, NOW)
    return verdict.dossier.number if verdict.dossier else str(verdict.reason)


# --- a number that the sources agree on --------------------------------------------------------------------------------------


@pytest.mark.parametrize("office", ["H51.20", "H51.21"])
def test_the_folder_is_of_the_receiving_or_the_executing_office(office: str, register: DossierFact) -> None:
    assert decide(A, "TP1", office, (), "", NOW) == Verdict(register.dossier, "TP1")


@pytest.mark.parametrize("office", ["H51", "H51.2", "H51.22", ""])
def test_another_office_waits(office: str) -> None:
    assert decide(A, "TP1", office, (), "", NOW) == Verdict(None, reason="WrongOffice")


def test_an_unknown_number_waits() -> None:
    assert decide(NEXT, None, "H51.20", (), "", NOW) == Verdict(None, reason="UnknownDossier")


def test_a_fact_that_ended_does_not_count(register: DossierFact) -> None:
    DossierFact.objects.update(known_to=NOW)
    assert fact_of(A) is None
    assert decide(A, None, "H51.20", (), "", NOW).reason == "UnknownDossier"


def test_components_are_those_of_the_procedure_and_the_result(register: DossierFact) -> None:
    assert [component_of(register, component, NOW) for component in ("TP1", "tp2", "TP3", "kq")] == ["TP1", "TP2", None, "KQ"]
    assert decide(A, "TP3", "H51.20", (), "", NOW) == Verdict(None, reason="UnknownComponent")
    assert decide(A, "KQ", "H51.20", (), "", NOW).dossier == register.dossier


def test_the_version_valid_on_the_day_of_receipt_decides(register: DossierFact) -> None:
    add_version(BIRTH, "Đăng ký khai sinh", date(2021, 11, 17), (("TP9", "Cam đoan", True, ProcedureComponent.Duty.MUST),))
    assert not component_of(register, "TP9", NOW)
    add_version(BIRTH, "Đăng ký khai sinh", date(2021, 11, 16), (("TP8", "Cam đoan", True, ProcedureComponent.Duty.MUST),))
    assert component_of(register, "TP8", NOW)
    register.procedure = "9.999999"
    assert checklist(register, NOW) is None
    assert component_of(register, "KQ", NOW)
    assert not component_of(register, "TP1", NOW)


# --- a number that was only read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Ông/Bà: Trần Thị Mẫu",
        "Ông/Bà: TRAN THI MÂU, địa chỉ: An Phước",
        "Ông/Bà: Trần Thị\nMẫu",
        "Nội dung: Đăng ký khai sinh.",
        "Mã thủ tục: 1.001193",
        "Mã thủ tục (1.001193)",
        "Thời gian nhận hồ sơ: 08 giờ 10 phút, ngày 16/11/2021",
        "ngày 16 tháng 11 năm 2021.",
        "16-11-2021",
    ],
)
def test_a_second_field_proves_the_number(text: str) -> None:
    assert printed(text) == A


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mã thủ tục: 1.001193.000.00.00.H51",
        "Mã thủ tục: 11.001193",
        "ngày 16/11/2022",
        "ngày 116/11/2021",
        "ngày 16/11/20211",
        "Mẫu",
    ],
)
def test_without_one_it_waits(text: str) -> None:
    assert printed(text) == "NoCode"


def test_a_name_of_one_word_proves_nothing() -> None:
    add_dossier(FAR, applicant="Mẫu")
    assert printed("Ông/Bà: Mẫu", FAR) == "NoCode"


def test_exactly_one_candidate() -> None:
    add_dossier(FAR, applicant="Lê Văn Thử", procedure=NOTARY)
    assert printed("Ông/Bà: Trần Thị Mẫu", A, FAR) == A
    assert printed("Ông/Bà: Lê Văn Thử", A, FAR) == FAR
    assert printed("Trần Thị Mẫu, Lê Văn Thử", A, FAR) == "NoCode"
    assert printed("Ông/Bà: Trần Thị Mẫu", A, A) == A
    assert printed("Ông/Bà: Trần Thị Mẫu", A, "H51.20-211116-9999") == A


def test_a_misread_digit_is_another_real_dossier() -> None:
    """The paper is NEXT's, its number was read as A's: same day, same procedure, other applicant."""
    add_dossier(NEXT, applicant="Lê Văn Thử")
    assert printed("Lê Văn Thử, Đăng ký khai sinh, ngày 16/11/2021", A) == "NoCode"
    assert printed("L? V?n Th?, Đăng ký khai sinh, ngày 16/11/2021", A) == "NoCode"
    assert printed("Trần Thị Mẫu, Đăng ký khai sinh, ngày 16/11/2021", A) == A


def test_two_dossiers_of_one_person_side_by_side() -> None:
    add_dossier(NEXT, procedure=NOTARY)
    assert printed("Trần Thị Mẫu, Đăng ký khai sinh, ngày 16/11/2021", A) == A
    assert printed("Trần Thị Mẫu, ngày 16/11/2021", A) == "NoCode"


def test_a_printed_number_of_another_office_or_of_no_register_waits() -> None:
    assert printed("Trần Thị Mẫu", A, office="H51.99") == "WrongOffice"
    assert printed("Trần Thị Mẫu", FAR) == "NoCode"
    assert decide("", None, "H51.20", (), "Trần Thị Mẫu", LONG_AGO).reason == "NoCode"
