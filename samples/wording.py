"""What the papers of the sample procedures say: titles and lines, with places for the facts of a dossier.

A line `label|value` is a fill-in line; a line without a bar is running text. `{d...}` is filled from the `Dossier`.
The wording follows the look of public forms and is shortened; it is no official form.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """One paper. `kind`: `form` is filled in by the applicant, `letter` comes from another body, `certificate` is handed out.

    `contract` is signed by two parties; `deed` is a certificate that another body handed out before there were codes on them.
    """

    title: str
    kind: str
    lines: str
    symbol: str = ""  # of its number, e.g. TLKT
    issuer: str = ""  # of a letter or deed
    second: str = ""  # lines of a second page
    third: str = ""  # ... and of a third
    foot: bool = False  # `Trang 2/3` at the foot of every page, instead of a bare number above all but the first

    @property
    def pages(self) -> int:
        return 1 + bool(self.second) + bool(self.third)


APPLICANT = """Họ, chữ đệm, tên người yêu cầu|{d.applicant}
Ngày, tháng, năm sinh|{d.birth:%d/%m/%Y}
Số định danh cá nhân|{d.identity}
Nơi cư trú|{d.address}
Số điện thoại|{d.phone}
"""
OATH = "Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật về cam đoan của mình."

PAPERS: dict[tuple[str, str], Wording] = {
    ("1.001193", "TP1"): Wording(
        "Tờ khai đăng ký khai sinh",
        "form",
        APPLICANT + "Quan hệ với người được khai sinh|Mẹ đẻ\nĐề nghị cơ quan đăng ký khai sinh cho người dưới đây:\n"
        "Họ, chữ đệm, tên|{d.other}\nNgày, tháng, năm sinh|{d.event:%d/%m/%Y}\nGiới tính|Nam\nDân tộc|Kinh\nQuốc tịch|Việt Nam\n"
        "Nơi sinh|Trung tâm Y tế khu vực Mỹ Thạnh\nQuê quán|{d.receiving.place}, tỉnh Bình Giang\n" + OATH,
    ),
    ("1.001193", "TP2"): Wording(
        "Giấy chứng sinh",
        "letter",
        "Họ và tên mẹ hoặc người nuôi dưỡng|{d.applicant}\nNơi đăng ký thường trú|{d.address}\n"
        "Đã sinh con vào lúc|06 giờ 35 phút, ngày {d.event:%d/%m/%Y}\nTại|Khoa Phụ sản, Trung tâm Y tế khu vực Mỹ Thạnh\n"
        "Số lần sinh|02\nSố con hiện sống|02\nSố con trong lần sinh này|01\nGiới tính của con|Nam\nCân nặng|3.150 gam\n"
        "Dự định đặt tên con là|{d.other}\nNgười đỡ đẻ|Hộ sinh trưởng {d.officer}",
        "CS",
        "Trung tâm Y tế khu vực Mỹ Thạnh",
    ),
    ("1.001193", "KQ"): Wording(
        "Giấy khai sinh",
        "certificate",
        "Họ, chữ đệm, tên|{d.other}\nNgày, tháng, năm sinh|{d.event:%d/%m/%Y}\nGiới tính|Nam\nDân tộc|Kinh\nQuốc tịch|Việt Nam\n"
        "Nơi sinh|Trung tâm Y tế khu vực Mỹ Thạnh\nQuê quán|{d.receiving.place}, tỉnh Bình Giang\n"
        "Số định danh cá nhân|094225000{d.serial:03}\n"
        "Họ, chữ đệm, tên người mẹ|{d.applicant}\nNơi cư trú|{d.address}\nNơi đăng ký khai sinh|{d.executing.name}",
        "GKS",
    ),
    ("1.000894", "TP1"): Wording(
        "Tờ khai đăng ký kết hôn",
        "form",
        APPLICANT + "Dân tộc|Kinh\nQuốc tịch|Việt Nam\nKết hôn lần thứ mấy|01\nThông tin bên nam:\nHọ, chữ đệm, tên|{d.other}\n"
        "Ngày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\nNơi cư trú|{d.receiving.place}, tỉnh Bình Giang\n"
        "Chúng tôi cam đoan việc kết hôn của chúng tôi là tự nguyện, không vi phạm quy định của Luật Hôn nhân và gia đình Việt Nam.\n"
        "Đề nghị cấp bản sao|02 bản",
    ),
    ("1.000894", "TP2"): Wording(
        "Giấy xác nhận tình trạng hôn nhân",
        "letter",
        "Xét đề nghị của ông/bà|{d.other}\nXác nhận ông/bà|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\nDân tộc|Kinh\n"
        "Quốc tịch|Việt Nam\nTình trạng hôn nhân|Chưa đăng ký kết hôn với ai\n"
        "Giấy này được cấp để|Đăng ký kết hôn\n"
        "Giấy này có giá trị sử dụng trong thời hạn 6 tháng kể từ ngày cấp.",
        "XNHN",
        "Ủy ban nhân dân xã Thạnh Phú",
    ),
    ("1.000894", "KQ"): Wording(
        "Giấy chứng nhận kết hôn",
        "certificate",
        "Họ, chữ đệm, tên vợ|{d.applicant}\nNgày, tháng, năm sinh|{d.birth:%d/%m/%Y}\nDân tộc|Kinh\nQuốc tịch|Việt Nam\n"
        "Nơi cư trú|{d.address}\nHọ, chữ đệm, tên chồng|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\n"
        "Nơi cư trú|{d.receiving.place}, tỉnh Bình Giang\nNơi đăng ký kết hôn|{d.executing.name}\n"
        "Giấy chứng nhận kết hôn này có giá trị kể từ ngày ghi vào Sổ đăng ký kết hôn.",
        "GCNKH",
    ),
    ("1.000656", "TP1"): Wording(
        "Tờ khai đăng ký khai tử",
        "form",
        APPLICANT + "Quan hệ với người đã chết|Con ruột\nĐề nghị cơ quan đăng ký khai tử cho người có tên dưới đây:\n"
        "Họ, chữ đệm, tên|{d.other}\nNăm sinh|1941\nGiới tính|Nam\nNơi cư trú cuối cùng|{d.address}\n"
        "Đã chết vào lúc|21 giờ 10 phút, ngày {d.event:%d/%m/%Y}\nNơi chết|Tại nhà\nNguyên nhân chết|Tuổi già sức yếu\n" + OATH,
    ),
    ("1.000656", "TP2"): Wording(
        "Giấy báo tử",
        "letter",
        "Họ, chữ đệm, tên người chết|{d.other}\nGiới tính|Nam\nDân tộc|Kinh\nQuốc tịch|Việt Nam\nNơi cư trú cuối cùng|{d.address}\n"
        "Đã chết vào lúc|21 giờ 10 phút, ngày {d.event:%d/%m/%Y}\nNơi chết|Tại nhà\nNguyên nhân chết|Tuổi già sức yếu\n"
        "Giấy báo tử này được cấp để làm thủ tục đăng ký khai tử.",
        "GBT",
        "Trạm Y tế An Phước",
    ),
    ("1.000656", "KQ"): Wording(
        "Trích lục khai tử",
        "certificate",
        "Họ, chữ đệm, tên|{d.other}\nNăm sinh|1941\nDân tộc|Kinh\nQuốc tịch|Việt Nam\n"
        "Đã chết vào lúc|21 giờ 10 phút, ngày {d.event:%d/%m/%Y}\nNơi chết|Tại nhà\nNguyên nhân chết|Tuổi già sức yếu\n"
        "Đăng ký khai tử tại|{d.executing.name}\n"
        "Họ, chữ đệm, tên người yêu cầu|{d.applicant}",
        "TLKT",
    ),
    ("1.004873", "TP1"): Wording(
        "Tờ khai cấp giấy xác nhận tình trạng hôn nhân",
        "form",
        APPLICANT + "Đề nghị cơ quan cấp giấy xác nhận tình trạng hôn nhân cho người có tên dưới đây:\nHọ, chữ đệm, tên|{d.other}\n"
        "Giới tính|Nam\nTình trạng hôn nhân|Chưa đăng ký kết hôn với ai\nMục đích sử dụng|Đăng ký kết hôn\n" + OATH,
    ),
    ("1.004873", "TP2"): Wording(
        "Trích lục ghi chú ly hôn",
        "letter",
        "Họ, chữ đệm, tên|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\nQuốc tịch|Việt Nam\n"
        "Đã ghi chú việc ly hôn theo Bản án số|12/2021/HNGĐ-ST\nNơi ghi chú|Phòng Tư pháp huyện Mỹ Thạnh",
        "TLLH",
        "Phòng Tư pháp huyện Mỹ Thạnh",
    ),
    ("1.004873", "KQ"): Wording(
        "Giấy xác nhận tình trạng hôn nhân",
        "certificate",
        "Xét đề nghị của ông/bà|{d.applicant}\nXác nhận ông/bà|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\nDân tộc|Kinh\n"
        "Quốc tịch|Việt Nam\nNơi cư trú|{d.address}\nTình trạng hôn nhân|Chưa đăng ký kết hôn với ai\n"
        "Giấy này được cấp để|Đăng ký kết hôn\n"
        "Giấy này có giá trị sử dụng trong thời hạn 6 tháng kể từ ngày cấp.",
        "XNHN",
    ),
    ("1.001612", "TP1"): Wording(
        "Giấy đề nghị đăng ký hộ kinh doanh",
        "form",
        APPLICANT + "Đăng ký hộ kinh doanh với các nội dung sau:\nTên hộ kinh doanh|Tạp hóa {d.other}\nĐịa điểm kinh doanh|{d.address}\n"
        "Ngành, nghề kinh doanh|Bán lẻ lương thực, thực phẩm, đồ uống\nVốn kinh doanh|150.000.000 đồng\nSố lượng lao động|02 người",
        second="Chủ thể thành lập hộ kinh doanh|Cá nhân\nThông tin đăng ký thuế|Kê khai theo quý\nNgày bắt đầu hoạt động|{d.due:%d/%m/%Y}\n"
        "Tôi cam kết bản thân không thuộc diện pháp luật cấm kinh doanh; không đồng thời là chủ hộ kinh doanh khác.\n"
        "Tôi cam kết chịu trách nhiệm về tính hợp pháp, chính xác, trung thực của nội dung đăng ký trên.",
    ),
    ("1.001612", "TP2"): Wording(
        "Biên bản họp thành viên hộ gia đình",
        "form",
        "Hôm nay, {d.event:%d/%m/%Y}, tại {d.address}, các thành viên hộ gia đình đã họp và thống nhất các nội dung sau:\n"
        "Chủ trì|{d.applicant}\nThư ký|{d.other}\nCử làm chủ hộ kinh doanh ông/bà|{d.applicant}\nTên hộ kinh doanh|Tạp hóa {d.other}\n"
        "Vốn góp|150.000.000 đồng\nBiên bản được lập thành 02 bản, mọi thành viên đã đọc, nhất trí và cùng ký tên.",
    ),
    ("1.001612", "KQ"): Wording(
        "Giấy chứng nhận đăng ký hộ kinh doanh",
        "certificate",
        "Tên hộ kinh doanh|Tạp hóa {d.other}\nĐịa điểm kinh doanh|{d.address}\n"
        "Ngành, nghề kinh doanh|Bán lẻ lương thực, thực phẩm, đồ uống\nVốn kinh doanh|150.000.000 đồng\n"
        "Họ và tên chủ hộ kinh doanh|{d.applicant}\nNgày sinh|{d.birth:%d/%m/%Y}\n"
        "Số định danh cá nhân|{d.identity}\nNơi đăng ký|{d.executing.name}",
        "GCN-HKD",
    ),
}
"""By procedure and component code."""
