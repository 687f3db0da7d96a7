"""All procedures of the large days: those of `catalogue` and more, chosen because their papers are easily taken for one another.

Codes are those of public lists or illustrative; components and days are typical, not law. A result of one procedure is an input
of another, sisters ask for forms whose titles differ by a word, and some certificates have the title of what they replace.
"""

from __future__ import annotations

from samples.catalogue import AN_PHUOC, PROCEDURES, REFORM, TAN_HUNG, VINH_LOC, Component, Office, Procedure

LAND_DEED = "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất"
_TRADE_DEED = "Giấy chứng nhận đăng ký hộ kinh doanh"
_CARD = Component("TP9", "Thẻ căn cước công dân (xuất trình)", "MIEN")


def _must(*names: str, card: bool = True) -> tuple[Component, ...]:
    """Papers that must be digitised, in order, and the card that is only shown."""
    parts = tuple(Component(f"TP{n}", name, "PHAI") for n, name in enumerate(names, 1))
    return (*parts, _CARD) if card else parts


REBIRTH = Procedure(
    "1.004884",
    "Đăng ký lại khai sinh",
    5,
    "Giấy khai sinh",
    _must("Tờ khai đăng ký lại khai sinh", "Văn bản cam đoan về việc đã được đăng ký khai sinh nhưng không lưu giữ bản chính"),
)
CORRECTION = Procedure(
    "1.004859",
    "Đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch",
    3,
    "Trích lục cải chính hộ tịch",
    _must("Tờ khai đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch", "Giấy khai sinh"),
)
EXTRACT = Procedure(
    "2.000635",
    "Cấp bản sao trích lục hộ tịch",
    0,
    "Trích lục khai sinh (bản sao)",
    _must("Tờ khai cấp bản sao trích lục hộ tịch"),
)
PARENTAGE = Procedure(
    "1.001022",
    "Đăng ký nhận cha, mẹ, con",
    3,
    "Trích lục đăng ký nhận cha, mẹ, con",
    _must("Tờ khai đăng ký nhận cha, mẹ, con", "Phiếu kết quả xét nghiệm ADN"),
)
BIRTH_AND_PARENTAGE = Procedure(
    "1.000689",
    "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con",
    3,
    "Giấy khai sinh",
    _must("Tờ khai đăng ký khai sinh", "Tờ khai đăng ký nhận cha, mẹ, con", "Giấy chứng sinh"),
)
GUARDIAN = Procedure(
    "1.004837",
    "Đăng ký giám hộ",
    3,
    "Trích lục đăng ký giám hộ",
    _must("Tờ khai đăng ký giám hộ", "Văn bản cử người giám hộ"),
)
TRANSFER = Procedure(
    "1.099901",
    "Đăng ký biến động do chuyển nhượng quyền sử dụng đất",
    10,
    LAND_DEED,
    _must(
        "Đơn đăng ký biến động đất đai, tài sản gắn liền với đất",
        "Hợp đồng chuyển nhượng quyền sử dụng đất",
        LAND_DEED,
        "Tờ khai thuế thu nhập cá nhân",
        "Tờ khai lệ phí trước bạ",
    ),
)
SPLITTING = Procedure(
    "1.099902",
    "Tách thửa hoặc hợp thửa đất",
    15,
    LAND_DEED,
    _must("Đơn đề nghị tách thửa đất, hợp thửa đất", "Bản vẽ tách thửa đất, hợp thửa đất", LAND_DEED, card=False),
)
BUILDING = Procedure(
    "1.013225",
    "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    15,
    "Giấy phép xây dựng",
    _must("Đơn đề nghị cấp giấy phép xây dựng", LAND_DEED, "Bản cam kết bảo đảm an toàn công trình liền kề", card=False),
)
TRADE_CHANGE = Procedure(
    "2.000720",
    "Đăng ký thay đổi nội dung đăng ký hộ kinh doanh",
    3,
    _TRADE_DEED,
    _must("Thông báo thay đổi nội dung đăng ký hộ kinh doanh", _TRADE_DEED),
)
TRADE_PAUSE = Procedure(
    "1.001570",
    "Tạm ngừng kinh doanh hộ kinh doanh",
    3,
    "Giấy xác nhận về việc hộ kinh doanh đăng ký tạm ngừng kinh doanh",
    _must("Thông báo tạm ngừng kinh doanh hộ kinh doanh"),
)
ALLOWANCE = Procedure(
    "1.001776",
    "Trợ cấp xã hội hằng tháng",
    22,
    "Quyết định về việc trợ cấp xã hội hằng tháng",
    _must("Tờ khai đề nghị trợ giúp xã hội", "Giấy xác nhận khuyết tật"),
)
DISABILITY = Procedure(
    "1.001699",
    "Xác định, xác định lại mức độ khuyết tật",
    25,
    "Giấy xác nhận khuyết tật",
    _must("Đơn đề nghị xác định mức độ khuyết tật", "Tóm tắt hồ sơ bệnh án"),
)
FUNERAL = Procedure(
    "1.014028",
    "Hỗ trợ chi phí mai táng đối với người hưởng trợ cấp hưu trí xã hội",
    5,
    "Quyết định về việc hỗ trợ chi phí mai táng",
    _must("Tờ khai đề nghị hỗ trợ chi phí mai táng", "Trích lục khai tử"),
)
RESIDENCE = Procedure(
    "1.004222",
    "Đăng ký thường trú",
    7,
    "Thông báo về kết quả giải quyết hồ sơ đăng ký cư trú",
    _must("Tờ khai thay đổi thông tin cư trú", "Giấy tờ, tài liệu chứng minh chỗ ở hợp pháp"),
)
STAY = Procedure(
    "1.004194",
    "Đăng ký tạm trú",
    3,
    "Thông báo về kết quả giải quyết hồ sơ đăng ký cư trú",
    _must("Tờ khai thay đổi thông tin cư trú", "Hợp đồng thuê nhà ở"),
)
POVERTY = Procedure(
    "1.011607",
    "Công nhận hộ nghèo, hộ cận nghèo thường xuyên hằng năm",
    15,
    "Giấy chứng nhận hộ nghèo, hộ cận nghèo",
    _must("Giấy đề nghị rà soát hộ nghèo, hộ cận nghèo", card=False),
)

MANY = (
    *PROCEDURES,
    REBIRTH,
    CORRECTION,
    EXTRACT,
    PARENTAGE,
    BIRTH_AND_PARENTAGE,
    GUARDIAN,
    TRANSFER,
    SPLITTING,
    BUILDING,
    TRADE_CHANGE,
    TRADE_PAUSE,
    ALLOWANCE,
    DISABILITY,
    FUNERAL,
    RESIDENCE,
    STAY,
    POVERTY,
)

PHU_MY = Office("H51.241", "Ủy ban nhân dân phường Phú Mỹ", "XA", "H51", REFORM, place="Phú Mỹ")
LOC_DIEN = Office("000.00.31.H51", "Ủy ban nhân dân xã Lộc Điền", "XA", "H51", REFORM, place="Lộc Điền")
THANH_PHU = Office("H51.25", "Ủy ban nhân dân xã Thạnh Phú", "XA", "H51", REFORM, place="Thạnh Phú")

MORE_OFFICES = (PHU_MY, LOC_DIEN, THANH_PHU)
COUNTERS = (AN_PHUOC, VINH_LOC, TAN_HUNG, *MORE_OFFICES)
"""Offices with a counter and a scanner on a large day; the codes of two have other shapes than those of the small days."""
