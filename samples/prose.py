"""Administrative Vietnamese by the yard: invented sentences from a small grammar, for pages that need full text.

Every sentence is made up; the frames use all tones and letters, document numbers, dates, sums and shares, which are what
recognition gets wrong. The grammar makes no claim to say anything true about any office.
"""

from __future__ import annotations

import re
import string
import unicodedata

import numpy as np

_FRAMES = """
Căn cứ {số_văn_bản} ngày {ngày} của {cơ_quan} về việc {việc}, {đơn_vị} báo cáo kết quả thực hiện như sau.
Trong {kỳ}, {đơn_vị} đã tiếp nhận {nghìn} hồ sơ, trong đó {nghìn} hồ sơ nộp trực tiếp và {số} hồ sơ nộp trực tuyến.
Tỷ lệ giải quyết trước hạn đạt {phần_trăm}%, đúng hạn đạt {phần_trăm}%, còn {số} hồ sơ quá hạn do chờ bổ sung giấy tờ.
{Đơn_vị} yêu cầu công chức bộ phận Một cửa nhập đầy đủ thành phần hồ sơ và kết quả trước ngày {ngày}.
Máy quét tại {nơi} đã cũ, bản chụp bị mờ, lệch và có sọc dọc, không đáp ứng yêu cầu số hóa hồ sơ lưu trữ.
Đề nghị {cơ_quan} hỗ trợ kinh phí {tiền} đồng để mua sắm, sửa chữa trang thiết bị phục vụ {việc}.
Người dân phản ánh việc phải chờ đợi lâu tại quầy số {nhỏ}; {đơn_vị} đã kiểm điểm và rút kinh nghiệm nghiêm túc.
Hồ sơ của ông {người}, cư trú tại {nơi}, được trả kết quả vào lúc {giờ} ngày {ngày}.
Bà {người_nữ} đề nghị cấp lại bản sao trích lục hộ tịch vì giấy tờ cũ bị ẩm ướt, rách nát, mất chữ ở nhiều chỗ.
Các ngành, các cấp phối hợp chặt chẽ, xử lý dứt điểm những vướng mắc kéo dài từ năm {năm} đến nay.
Việc rà soát, đơn giản hóa thủ tục hành chính được thực hiện thường xuyên theo {số_văn_bản}.
Đội ngũ cán bộ, công chức phần lớn kiêm nhiệm, trình độ công nghệ thông tin còn hạn chế, nhất là ở {nơi}.
Thời gian giải quyết được rút ngắn từ {nhỏ} ngày làm việc xuống còn {nhỏ} ngày, kể từ khi nhận đủ hồ sơ hợp lệ.
{Cơ_quan} giao Văn phòng theo dõi, đôn đốc và tổng hợp, báo cáo định kỳ vào ngày {nhỏ} hằng tháng.
Những trường hợp từ chối tiếp nhận phải có phiếu trả lời bằng văn bản, nêu rõ lý do và hướng dẫn cụ thể.
Quỹ đất công ích của {nơi} gồm {số} thửa, diện tích {nghìn} m2, hiện cho {số} hộ gia đình thuê sử dụng.
Đoàn kiểm tra đã đối chiếu ngẫu nhiên {số} hồ sơ, phát hiện {nhỏ} hồ sơ thiếu chữ ký của người nộp.
Mỗi trang giấy được chụp một lần, đúng thứ tự, không bỏ sót mặt sau có chữ viết hoặc dấu xác nhận.
Phí, lệ phí thu được trong {kỳ} là {tiền} đồng, nộp vào ngân sách {tiền} đồng, để lại {phần_trăm}% theo quy định.
Tổ công tác gồm {nhỏ} thành viên, do ông {người} làm tổ trưởng, họp vào sáng thứ hai hằng tuần tại {nơi}.
Công dân có thể tra cứu tình trạng hồ sơ bằng mã số in trên giấy tiếp nhận hoặc gọi số điện thoại {điện_thoại}.
Đến ngày {ngày}, {đơn_vị} đã ký số {nghìn} văn bản đi và lưu {nghìn} trang tài liệu vào kho dữ liệu điện tử.
Ủy ban nhân dân các xã, phường tiếp tục tuyên truyền để nhân dân hiểu rõ quyền lợi và nghĩa vụ của mình.
Khẩn trương khắc phục tình trạng hồ sơ đã có kết quả nhưng chưa đính kèm tệp quét lên hệ thống Một cửa điện tử.
Các khoản trợ cấp được chi trả qua tài khoản ngân hàng hoặc bưu điện trước ngày {nhỏ} của tháng kế tiếp.
Trẻ em sinh ra từ ngày {ngày} được đăng ký khai sinh, cấp thẻ bảo hiểm y tế và đăng ký thường trú cùng một lúc.
Biên bản được lập thành {nhỏ} bản có giá trị như nhau, đã đọc lại cho những người có mặt cùng nghe và nhất trí ký tên.
Kế hoạch số {nhỏ}/KH-UBND đặt mục tiêu {phần_trăm}% hồ sơ được luân chuyển hoàn toàn bằng bản điện tử.
""".strip().splitlines()

_WORDS: dict[str, tuple[str, ...]] = {
    "cơ_quan": (
        "Ủy ban nhân dân tỉnh",
        "Sở Nội vụ",
        "Sở Tư pháp",
        "Văn phòng Ủy ban nhân dân tỉnh",
        "Thanh tra tỉnh",
        "Sở Khoa học và Công nghệ",
    ),
    "đơn_vị": (
        "Ủy ban nhân dân xã",
        "phòng Văn hóa - Xã hội",
        "Trung tâm Phục vụ hành chính công",
        "phòng Kinh tế",
        "bộ phận Một cửa của phường",
    ),
    "việc": (
        "kiểm soát thủ tục hành chính",
        "số hóa hồ sơ, giấy tờ",
        "chỉnh lý tài liệu tồn đọng",
        "nâng cao chất lượng phục vụ người dân",
        "thực hiện cơ chế một cửa, một cửa liên thông",
        "đăng ký, quản lý hộ tịch",
        "giải quyết khiếu nại, tố cáo",
    ),
    "kỳ": ("quý I", "quý II", "6 tháng đầu năm", "9 tháng đầu năm", "tháng vừa qua", "năm trước"),
    "nơi": (
        "ấp Bình Thạnh",
        "ấp Phước Hưng",
        "khóm Mỹ Đức",
        "xã Tân Thuận Đông",
        "phường Vĩnh Lộc",
        "ấp Cầu Ngang",
        "khu vực Thới Hòa",
        "xã Lộc Điền",
    ),
    "ấp": ("ấp Bình Thạnh", "ấp Phước Hưng", "khóm Mỹ Đức", "ấp Cầu Ngang", "ấp Rạch Tràm", "ấp Giồng Chùa"),
    "họ": ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"),
    "đệm_nam": ("Văn", "Hữu", "Đức", "Quốc", "Thanh", "Hoàng"),
    "đệm_nữ": ("Thị", "Ngọc", "Kim", "Mỹ", "Thị Xuân", "Thị Bích"),
    "tên_nam": ("Bảy", "Hiển", "Đạt", "Nghĩa", "Quyền", "Khởi", "Hoàng", "Sửu", "Vững", "Ẩn", "Trường", "Kiệt"),
    "tên_nữ": ("Thúy", "Phượng", "Tuyết", "Lượm", "Diễm", "Thảo", "Hằng", "Nguyệt", "Mận", "Trúc", "Yến", "Đẹp"),
    "loại": ("QĐ-UBND", "KH-UBND", "CT-UBND", "BC-UBND", "NQ-HĐND", "TB-VP", "CV-STP"),
}


class Prose:
    """An endless, seeded source of sentences."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._order: list[int] = []

    def sentence(self) -> str:
        """One sentence, NFC; no frame comes again before all have been used."""
        if not self._order:
            self._order = [int(n) for n in self._random.permutation(len(_FRAMES))]
        frame = _FRAMES[self._order.pop()]
        return unicodedata.normalize("NFC", re.sub(r"\{(\w+)\}", lambda slot: self._filled(slot[1]), frame))

    def paragraph(self) -> str:
        """Three to six sentences."""
        return " ".join(self.sentence() for _ in range(int(self._random.integers(3, 7))))

    def person(self, sex: str = "nam") -> str:
        """An invented full name of a man (`nam`) or a woman (`nữ`)."""
        return " ".join(self._pick(_WORDS[part]) for part in ("họ", f"đệm_{sex}", f"tên_{sex}"))

    def hamlet(self) -> str:
        """An invented hamlet or quarter."""
        return self._pick(_WORDS["ấp"])

    def _pick(self, words: tuple[str, ...]) -> str:
        return words[int(self._random.integers(len(words)))]

    def _below(self, low: int, high: int) -> int:
        return int(self._random.integers(low, high))

    def _filled(self, slot: str) -> str:
        if slot[0] in string.ascii_uppercase + "Đ":
            text = self._filled(slot[0].lower() + slot[1:])
            return text[0].upper() + text[1:]
        if slot in _WORDS:
            return self._pick(_WORDS[slot])
        if slot == "người":
            return self.person()
        if slot == "người_nữ":
            return self.person("nữ")
        if slot == "ngày":
            return f"{self._below(1, 29):02}/{self._below(1, 13):02}/{self._below(2019, 2026)}"
        return self._number(slot)

    def _number(self, slot: str) -> str:
        match slot:
            case "số_văn_bản":
                return f"Văn bản số {self._below(1, 3000):02}/{self._pick(_WORDS['loại'])}"
            case "nghìn":
                return f"{self._below(1, 60)}.{self._below(0, 1000):03}"
            case "tiền":
                return f"{self._below(2, 900)}.{self._below(0, 1000):03}.000"
            case "phần_trăm":
                return f"{self._below(40, 100)},{self._below(0, 100):02}"
            case "giờ":
                return f"{self._below(7, 17)} giờ {self._below(0, 60):02} phút"
            case "điện_thoại":
                return f"0{self._below(200, 300)}.{self._below(100, 1000)}.{self._below(1000, 10000)}"
            case "năm":
                return str(self._below(2012, 2026))
            case "số":
                return str(self._below(12, 999))
            case "nhỏ":
                return f"{self._below(2, 30):02}"
        raise KeyError(slot)
