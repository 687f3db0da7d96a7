"""The rows of the three registers as the contract has them: columns as aliases, values as the catalogue keeps them.

A field carries the name of the model's attribute it fills, so that a row and a fact can be compared. A column that the file does not
have says nothing: it is not in `model_fields_set`, and what was known stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from pipeline.split import RESULT
from pipeline.text import parse_number
from records.cells import (
    Code,
    Count,
    Day,
    Deadline,
    Flag,
    IdentityNumber,
    Moment,
    NoOfficeCode,
    OfficeCode,
    Parts,
    PresentText,
    Text,
    bad,
    present,
    text_of,
)
from records.models import DossierFact, Office, ProcedureComponent


class RegisterRow(BaseModel):
    """One row, read and checked in itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    columns: ClassVar[tuple[str, ...]]  # must be in the header of a table

    @property
    def key(self) -> tuple[object, ...]:
        """What the row is about; two rows of one file must not disagree on it."""
        raise NotImplementedError

    def differing(self, known: Mapping[str, Any]) -> list[str]:
        """The columns in which the row says something else than is known by these attributes, in the order of the contract."""
        fields = type(self).model_fields.items()
        return [str(field.alias) for name, field in fields if name in self.model_fields_set and getattr(self, name) != known[name]]

    def over(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """What is known once the row is believed; of a column that the file does not have, what was known before."""
        return {
            name: getattr(self, name) if name in self.model_fields_set else known.get(name, getattr(self, name))
            for name in type(self).model_fields
        }


def _one_of(choices: type[Office.Level] | type[ProcedureComponent.Duty] | type[DossierFact.Status]) -> BeforeValidator:
    def read(cell: object) -> str:
        text = present(cell)
        if text not in choices.values:
            listed = ", ".join(choices.values)
            raise bad(f"Giá trị phải là một trong: {listed}.", f"The value has to be one of: {listed}.")
        return text

    return BeforeValidator(read)


class OfficeRow(RegisterRow):
    columns = ("MaDonVi", "Ten", "Cap")

    code: OfficeCode = Field(alias="MaDonVi")
    name: PresentText = Field(alias="Ten", max_length=255)
    level: Annotated[str, _one_of(Office.Level)] = Field(alias="Cap")
    parent: NoOfficeCode = Field("", alias="MaCha")
    valid_from: Day = Field(None, alias="HieuLucTu")
    valid_to: Day = Field(None, alias="HieuLucDen")
    successors: Annotated[tuple[OfficeCode, ...], Parts] = Field((), alias="KeThua")

    @property
    def key(self) -> tuple[object, ...]:
        return (self.code,)

    @field_validator("parent")
    @classmethod
    def _not_its_own_parent(cls, parent: str, row: ValidationInfo) -> str:
        if parent and parent == row.data.get("code"):
            raise bad("Đơn vị không thể là cha của chính nó.", "An office cannot be its own parent.")
        return parent

    @field_validator("successors")
    @classmethod
    def _not_its_own_successor(cls, successors: tuple[str, ...], row: ValidationInfo) -> tuple[str, ...]:
        if row.data.get("code") in successors:
            raise bad("Đơn vị không thể kế thừa chính nó.", "An office cannot be its own successor.")
        return successors

    @field_validator("valid_to")
    @classmethod
    def _ends_after_it_starts(cls, valid_to: date | None, row: ValidationInfo) -> date | None:
        return _after(row.data.get("valid_from"), valid_to)


class ComponentRow(BaseModel):
    """One component of `ThanhPhan`: a JSON object or `Ma|Ten|BatBuoc|SoHoa`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: Code = Field(alias="Ma", max_length=20)
    name: PresentText = Field(alias="Ten", max_length=500)
    required: Flag = Field(alias="BatBuoc")
    duty: Annotated[str, _one_of(ProcedureComponent.Duty)] = Field(alias="SoHoa")


def _component(part: object) -> object:
    """What ComponentRow is made of."""
    if isinstance(part, dict):
        return part
    cut = [cell.strip() for cell in text_of(part).split("|")]
    if len(cut) != 4:
        raise bad("Mỗi thành phần phải là Ma|Ten|BatBuoc|SoHoa.", "A component has to be Ma|Ten|BatBuoc|SoHoa.")
    return dict(zip(("Ma", "Ten", "BatBuoc", "SoHoa"), cut, strict=True))


class ProcedureRow(RegisterRow):
    columns = ("MaTTHC", "TenTTHC", "CoKetQua", "ThanhPhan")

    code: Code = Field(alias="MaTTHC", max_length=40)
    name: PresentText = Field(alias="TenTTHC", max_length=500)
    needs_result: Flag = Field(alias="CoKetQua")
    term_days: Count = Field(None, alias="ThoiHan")
    valid_from: Day = Field(None, alias="HieuLucTu")
    valid_to: Day = Field(None, alias="HieuLucDen")
    components: Annotated[tuple[Annotated[ComponentRow, BeforeValidator(_component)], ...], Parts] = Field(alias="ThanhPhan")

    @property
    def key(self) -> tuple[object, ...]:
        return self.code, self.valid_from

    @field_validator("valid_to")
    @classmethod
    def _ends_after_it_starts(cls, valid_to: date | None, row: ValidationInfo) -> date | None:
        return _after(row.data.get("valid_from"), valid_to)

    @field_validator("components")
    @classmethod
    def _each_once(cls, components: tuple[ComponentRow, ...]) -> tuple[ComponentRow, ...]:
        """Inputs only: the result is always component KQ, a line that lists it adds nothing."""
        inputs = tuple(component for component in components if component.code != RESULT)
        if len({component.code for component in inputs}) != len(inputs):
            raise bad("Mã thành phần bị trùng.", "A component code comes twice.")
        return inputs


_PAGES = re.compile(r"[0-9A-Z.]{1,20}=[0-9]{1,4}")


def _number(cell: object) -> str:
    number = parse_number(text_of(cell))
    if number is None:
        raise bad(
            "Mã hồ sơ không đúng mẫu (mã đơn vị, -YYMMDD- là ngày có thật, số thứ tự từ 0001).",
            "Not a dossier number (agency code, -YYMMDD- a real date, sequence from 0001).",
        )
    return number.text


def _channel(cell: object) -> int:
    text = text_of(cell)
    if text not in ("1", "2", "3"):
        raise bad(
            "Kênh phải là 1 (trực tiếp), 2 (trực tuyến) hoặc 3 (bưu chính).", "The channel has to be 1 (counter), 2 (online) or 3 (post)."
        )
    return int(text)


class DossierRow(RegisterRow):
    columns = (
        "MaHoSo",
        "MaTTHC",
        "DonViTiepNhan",
        "DonViXuLy",
        "KenhThucHien",
        "NgayTiepNhan",
        "NgayHenTra",
        "NgayKetThucXuLy",
        "TrangThai",
    )

    number: Annotated[str, BeforeValidator(_number)] = Field(alias="MaHoSo", max_length=60)
    procedure: Code = Field(alias="MaTTHC", max_length=40)
    receiving: OfficeCode = Field(alias="DonViTiepNhan")
    executing: OfficeCode = Field(alias="DonViXuLy")
    channel: Annotated[int, BeforeValidator(_channel)] = Field(alias="KenhThucHien")
    received_at: Moment = Field(None, alias="NgayTiepNhan")
    due_at: Deadline = Field(None, alias="NgayHenTra")
    finished_at: Moment = Field(None, alias="NgayKetThucXuLy")
    status: Annotated[str, _one_of(DossierFact.Status)] = Field(alias="TrangThai")
    applicant: Text = Field("", alias="ChuHoSo", max_length=255)
    identity_number: IdentityNumber = Field("", alias="SoDinhDanh")
    reused: Annotated[tuple[Code, ...], Parts] = Field((), alias="TaiSuDung")
    subject: Text = Field("", alias="TrichYeu", max_length=1000)
    expected_pages: Annotated[tuple[str, ...], Parts] = Field((), alias="SoTrang")  # TP1=2;TP2=1: page images by component

    @property
    def key(self) -> tuple[object, ...]:
        return (self.number,)

    @field_validator("expected_pages")
    @classmethod
    def _counted(cls, parts: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_PAGES.fullmatch(part) for part in parts):
            raise bad("Số trang phải ghi như TP1=2;KQ=1.", "Page counts have to be written like TP1=2;KQ=1.")
        return tuple(sorted(set(parts)))

    @field_validator("reused")
    @classmethod
    def _in_order(cls, reused: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(reused)))


def _after(start: date | None, end: date | None) -> date | None:
    if start and end and end <= start:
        raise bad("Ngày hết hiệu lực phải sau ngày có hiệu lực.", "The end of validity has to be after its start.")
    return end
