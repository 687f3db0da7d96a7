"""The offices and procedures of the sample province: invented names, illustrative codes, real shapes.

A province, a district that ended on 1 July 2025 with its two communes' successors, three receiving offices and a department.
Procedure codes are those of public lists; components and days are typical, not law.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

REFORM = date(2025, 7, 1)  # the district level ended


@dataclass(frozen=True, slots=True)
class Office:
    """A row of the office register (formats.md section 1); dates are half open, None is open."""

    code: str
    name: str
    level: str  # TINH, HUYEN, XA, SO
    parent: str = ""
    since: date | None = None
    until: date | None = None
    successors: tuple[str, ...] = ()
    place: str = ""  # as it stands before the date of its papers


@dataclass(frozen=True, slots=True)
class Component:
    """One paper that a procedure asks for."""

    code: str  # TP1...
    name: str
    duty: str  # PHAI, YEU_CAU, MIEN
    required: bool = True


@dataclass(frozen=True, slots=True)
class Procedure:
    """A row of the procedure register; `result` is the title of what is handed out, empty when nothing written is."""

    code: str
    name: str
    days: int  # working days, 0 is the same day
    result: str
    components: tuple[Component, ...]


PROVINCE = Office("H51", "Ủy ban nhân dân tỉnh Bình Giang", "TINH", place="Bình Giang")
DISTRICT = Office("H51.07", "Ủy ban nhân dân huyện Mỹ Thạnh", "HUYEN", "H51", None, REFORM, ("H51.20", "H51.21"), "Mỹ Thạnh")
AN_PHUOC = Office("H51.20", "Ủy ban nhân dân xã An Phước", "XA", "H51", REFORM, place="An Phước")
VINH_LOC = Office("H51.21", "Ủy ban nhân dân phường Vĩnh Lộc", "XA", "H51", REFORM, place="Vĩnh Lộc")
TAN_HUNG = Office("H51.22", "Ủy ban nhân dân xã Tân Hưng", "XA", "H51", REFORM, place="Tân Hưng")
OLD_COMMUNE = Office("H51.07.04", "Ủy ban nhân dân xã An Thới (cũ)", "XA", "H51.07", None, REFORM, ("H51.20",), "An Thới")
DEPARTMENT = Office("H51.S09", "Sở Tư pháp tỉnh Bình Giang", "SO", "H51", place="Bình Giang")

OFFICES = (PROVINCE, DISTRICT, OLD_COMMUNE, AN_PHUOC, VINH_LOC, TAN_HUNG, DEPARTMENT)
RECEIVING = (AN_PHUOC, VINH_LOC, TAN_HUNG)
"""Offices with a counter and a scanner."""

_CARD = "Thẻ căn cước công dân (xuất trình)"

BIRTH = Procedure(
    "1.001193",
    "Đăng ký khai sinh",
    0,
    "Giấy khai sinh",
    (
        Component("TP1", "Tờ khai đăng ký khai sinh", "PHAI"),
        Component("TP2", "Giấy chứng sinh", "PHAI"),
        Component("TP3", _CARD, "MIEN"),
    ),
)
MARRIAGE = Procedure(
    "1.000894",
    "Đăng ký kết hôn",
    3,
    "Giấy chứng nhận kết hôn",
    (
        Component("TP1", "Tờ khai đăng ký kết hôn", "PHAI"),
        Component("TP2", "Giấy xác nhận tình trạng hôn nhân", "PHAI"),
        Component("TP3", _CARD, "MIEN"),
    ),
)
DEATH = Procedure(
    "1.000656",
    "Đăng ký khai tử",
    0,
    "Trích lục khai tử",
    (Component("TP1", "Tờ khai đăng ký khai tử", "PHAI"), Component("TP2", "Giấy báo tử", "PHAI")),
)
STATUS = Procedure(
    "1.004873",
    "Cấp giấy xác nhận tình trạng hôn nhân",
    3,
    "Giấy xác nhận tình trạng hôn nhân",
    (
        Component("TP1", "Tờ khai cấp giấy xác nhận tình trạng hôn nhân", "PHAI"),
        Component("TP2", "Trích lục ghi chú ly hôn", "YEU_CAU", required=False),
    ),
)
BUSINESS = Procedure(
    "1.001612",
    "Đăng ký thành lập hộ kinh doanh",
    3,
    "Giấy chứng nhận đăng ký hộ kinh doanh",
    (
        Component("TP1", "Giấy đề nghị đăng ký hộ kinh doanh", "PHAI"),
        Component("TP2", "Biên bản họp thành viên hộ gia đình", "PHAI", required=False),
        Component("TP3", _CARD, "MIEN"),
    ),
)
CLOSING = Procedure(
    "1.001266",
    "Chấm dứt hoạt động hộ kinh doanh",
    3,
    "",
    (Component("TP1", "Thông báo chấm dứt hoạt động hộ kinh doanh", "PHAI"),),
)

PROCEDURES = (BIRTH, MARRIAGE, DEATH, STATUS, BUSINESS, CLOSING)
