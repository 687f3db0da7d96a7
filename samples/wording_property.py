"""What the papers of the land, building and trade procedures of `repertoire` say, and of papers that no checklist asks for."""

from __future__ import annotations

from samples.repertoire import LAND_DEED
from samples.wording import APPLICANT, OATH, Wording

_PLOT = "Thửa đất số|{d.serial}\nTờ bản đồ số|17\nĐịa chỉ|{d.address}\nDiện tích|142,6 m2\n"
_LAND_OFFICE = "Văn phòng Đăng ký đất đai tỉnh Bình Giang"
_DEED = (
    "Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất:\nÔng|{d.other}\nNăm sinh|{d.other_birth:%Y}\n"
    + _PLOT
    + "Mục đích sử dụng|Đất ở tại nông thôn\nThời hạn sử dụng|Lâu dài\nNguồn gốc sử dụng|Nhận thừa kế đất được Nhà nước giao"
)
_SHOP = "Tên hộ kinh doanh|Cơ sở {d.other}\nĐịa điểm kinh doanh|{d.address}\n"

LAND: dict[tuple[str, str], Wording] = {
    ("1.099901", "TP1"): Wording(
        "Đơn đăng ký biến động đất đai, tài sản gắn liền với đất",
        "form",
        APPLICANT + _PLOT + "Số vào sổ cấp giấy chứng nhận|CS 01{d.serial:04}\nNội dung biến động|Nhận chuyển nhượng toàn bộ thửa đất\n"
        "Người chuyển nhượng|{d.other}\nLý do biến động|Hợp đồng chuyển nhượng đã được chứng thực",
        second="Tình hình thực hiện nghĩa vụ tài chính|Đã kê khai, chờ thông báo\nNhu cầu cấp giấy mới|Có\n"
        "Tôi có nhu cầu được cấp giấy chứng nhận mới và nhận kết quả tại nơi nộp hồ sơ.\n" + OATH,
    ),
    ("1.099901", "TP2"): Wording(
        "Hợp đồng chuyển nhượng quyền sử dụng đất",
        "contract",
        "Hôm nay, ngày {d.event:%d/%m/%Y}, tại {d.receiving.name}, chúng tôi gồm có:\nBên chuyển nhượng (bên A)|{d.other}\n"
        "Sinh năm|{d.other_birth:%Y}\nBên nhận chuyển nhượng (bên B)|{d.applicant}\nSinh ngày|{d.birth:%d/%m/%Y}\n"
        "Số định danh cá nhân|{d.identity}\nCư trú tại|{d.address}\nĐiều 1. Bên A chuyển nhượng cho bên B quyền sử dụng thửa đất sau:\n"
        + _PLOT,
        second="Điều 2. Giá chuyển nhượng là 420.000.000 đồng (bốn trăm hai mươi triệu đồng), trả một lần bằng chuyển khoản.\n"
        "Điều 3. Bên A giao thửa đất và giấy tờ về đất cho bên B vào ngày ký hợp đồng; bên B đăng ký quyền sử dụng đất theo quy định.\n"
        "Điều 4. Thuế thu nhập cá nhân do bên A nộp, lệ phí trước bạ do bên B nộp.\n"
        "Điều 5. Hai bên cam đoan thông tin về nhân thân và về thửa đất ghi trong hợp đồng là đúng sự thật; thửa đất không có tranh "
        "chấp, không bị kê biên để bảo đảm thi hành án.",
        third="Điều 6. Tranh chấp phát sinh được giải quyết bằng thương lượng; nếu không được thì khởi kiện tại Tòa án nhân dân.\n"
        "Điều 7. Hợp đồng được lập thành 03 bản có giá trị như nhau.\nBên A|{d.other}\nBên B|{d.applicant}\n"
        "Lời chứng thực: hai bên đã tự nguyện thỏa thuận và ký vào hợp đồng này trước mặt tôi.",
        foot=True,
    ),
    ("1.099901", "TP3"): Wording(LAND_DEED, "deed", _DEED, "GCN", _LAND_OFFICE),
    ("1.099901", "TP4"): Wording(
        "Tờ khai thuế thu nhập cá nhân",
        "form",
        "Kỳ tính thuế|Theo từng lần phát sinh\nNgười chuyển nhượng|{d.other}\nNgười nhận chuyển nhượng|{d.applicant}\n"
        "Số định danh cá nhân|{d.identity}\nĐịa chỉ|{d.address}\n" + _PLOT + "Giá trị chuyển nhượng|420.000.000 đồng\n"
        "Thuế thu nhập cá nhân phải nộp|8.400.000 đồng\nTôi cam đoan số liệu khai trên là đúng.",
    ),
    ("1.099901", "TP5"): Wording(
        "Tờ khai lệ phí trước bạ",
        "form",
        "Người nộp lệ phí|{d.applicant}\nSố định danh cá nhân|{d.identity}\nĐịa chỉ|{d.address}\n"
        + _PLOT
        + "Nguồn gốc nhà, đất|Nhận chuyển nhượng của {d.other}\nGiá trị đất tính lệ phí|420.000.000 đồng\n"
        "Lệ phí trước bạ phải nộp|2.100.000 đồng\nTôi cam đoan số liệu khai trên là đúng.",
    ),
    ("1.099901", "KQ"): Wording(
        LAND_DEED,
        "certificate",
        _DEED + "\nNội dung thay đổi|Chuyển nhượng cho bà {d.applicant}, theo hồ sơ số {d.number}",
        "GCN",
    ),
    ("1.099902", "TP1"): Wording(
        "Đơn đề nghị tách thửa đất, hợp thửa đất",
        "form",
        APPLICANT + "Đề nghị tách thửa đất thành 02 thửa:\n" + _PLOT + "Diện tích thửa thứ nhất|80,0 m2\nDiện tích thửa thứ hai|62,6 m2\n"
        "Lý do|Tặng cho con là {d.other}\n" + OATH,
    ),
    ("1.099902", "TP2"): Wording(
        "Bản vẽ tách thửa đất, hợp thửa đất",
        "letter",
        "Người sử dụng đất|{d.applicant}\n" + _PLOT + "Thửa 1|80,0 m2, tứ cận đông 8,00 m; tây 8,00 m; nam 10,00 m; bắc 10,00 m\n"
        "Thửa 2|62,6 m2, tứ cận đông 6,26 m; tây 6,26 m; nam 10,00 m; bắc 10,00 m\nNgười nhận thửa 2|{d.other}\nTỷ lệ|1:500",
        "BV",
        _LAND_OFFICE,
    ),
    ("1.099902", "TP3"): Wording(
        LAND_DEED, "deed", _DEED.replace("Ông|{d.other}\nNăm sinh|{d.other_birth:%Y}", "Bà|{d.applicant}"), "GCN", _LAND_OFFICE
    ),
    ("1.099902", "KQ"): Wording(LAND_DEED, "certificate", _DEED + "\nGhi chú|Tách từ thửa đất của bà {d.applicant}", "GCN"),
    ("1.013225", "TP1"): Wording(
        "Đơn đề nghị cấp giấy phép xây dựng",
        "form",
        APPLICANT + "Thông tin công trình:\n" + _PLOT + "Loại công trình|Nhà ở riêng lẻ, cấp III\nSố tầng|02\nChiều cao|7,80 m\n"
        "Đơn vị tư vấn|Công ty TNHH Thiết kế Bình Giang",
        second="Dự kiến thời gian hoàn thành công trình|08 tháng\nChủ nhiệm thiết kế|{d.other}\n"
        "Tôi xin cam đoan làm theo đúng giấy phép được cấp, nếu sai tôi xin hoàn toàn chịu trách nhiệm.",
    ),
    ("1.013225", "TP2"): Wording(
        LAND_DEED, "deed", _DEED.replace("Ông|{d.other}\nNăm sinh|{d.other_birth:%Y}", "Bà|{d.applicant}"), "GCN", _LAND_OFFICE
    ),
    ("1.013225", "TP3"): Wording(
        "Bản cam kết bảo đảm an toàn công trình liền kề",
        "form",
        "Tôi là|{d.applicant}\nChủ công trình tại|{d.address}\nCông trình liền kề của ông/bà|{d.other}\n"
        "Tôi cam kết có biện pháp che chắn, gia cố móng và thi công bảo đảm an toàn cho công trình liền kề.\n"
        "Nếu để xảy ra hư hỏng, tôi chịu trách nhiệm sửa chữa và bồi thường theo quy định của pháp luật.",
    ),
    ("1.013225", "KQ"): Wording(
        "Giấy phép xây dựng",
        "certificate",
        "Cấp cho|{d.applicant}\n" + _PLOT + "Được phép xây dựng công trình|Nhà ở riêng lẻ\nTheo thiết kế do|{d.other} chủ nhiệm\n"
        "Cốt nền xây dựng|+0,45 m so với mặt đường\nMật độ xây dựng|70%\nChiều cao công trình|7,80 m\nSố tầng|02\n"
        "Giấy phép có hiệu lực khởi công xây dựng trong thời hạn 12 tháng kể từ ngày cấp.",
        "GPXD",
    ),
}

TRADE: dict[tuple[str, str], Wording] = {
    ("1.001266", "TP1"): Wording(
        "Thông báo chấm dứt hoạt động hộ kinh doanh",
        "form",
        APPLICANT + _SHOP + "Thông báo chấm dứt hoạt động kể từ ngày|{d.due:%d/%m/%Y}\nLý do chấm dứt|Chủ hộ chuyển nơi cư trú\n"
        "Tôi cam kết đã thanh toán đầy đủ các khoản nợ, gồm cả nợ thuế và nghĩa vụ tài chính chưa thực hiện.",
    ),
    ("2.000720", "TP1"): Wording(
        "Thông báo thay đổi nội dung đăng ký hộ kinh doanh",
        "form",
        APPLICANT + _SHOP + "Ngành, nghề trước khi thay đổi|Bán lẻ vật liệu xây dựng\nNgành, nghề sau khi thay đổi|Sửa chữa xe máy\n"
        "Tôi cam kết chịu trách nhiệm về tính hợp pháp, chính xác, trung thực của nội dung thông báo này.",
    ),
    ("2.000720", "TP2"): Wording(
        "Giấy chứng nhận đăng ký hộ kinh doanh",
        "deed",
        _SHOP + "Ngành, nghề kinh doanh|Bán lẻ vật liệu xây dựng\nVốn kinh doanh|80.000.000 đồng\n"
        "Họ và tên chủ hộ kinh doanh|{d.applicant}\nNgày sinh|{d.birth:%d/%m/%Y}\nNơi đăng ký|Phòng Tài chính - Kế hoạch huyện Mỹ Thạnh",
        "GCN-HKD",
        "Phòng Tài chính - Kế hoạch huyện Mỹ Thạnh",
    ),
    ("2.000720", "KQ"): Wording(
        "Giấy chứng nhận đăng ký hộ kinh doanh",
        "certificate",
        _SHOP + "Ngành, nghề kinh doanh|Sửa chữa xe máy\nVốn kinh doanh|80.000.000 đồng\nHọ và tên chủ hộ kinh doanh|{d.applicant}\n"
        "Ngày sinh|{d.birth:%d/%m/%Y}\nĐăng ký thay đổi lần thứ|01\nNơi đăng ký|{d.executing.name}",
        "GCN-HKD",
    ),
    ("1.001570", "TP1"): Wording(
        "Thông báo tạm ngừng kinh doanh hộ kinh doanh",
        "form",
        APPLICANT + _SHOP + "Thời gian tạm ngừng|Từ ngày {d.due:%d/%m/%Y}, 06 tháng\nLý do tạm ngừng|Sửa chữa cửa hàng\n"
        "Tôi cam kết chịu trách nhiệm về tính chính xác của nội dung thông báo này.",
    ),
    ("1.001570", "KQ"): Wording(
        "Giấy xác nhận về việc hộ kinh doanh đăng ký tạm ngừng kinh doanh",
        "certificate",
        _SHOP + "Họ và tên chủ hộ kinh doanh|{d.applicant}\nĐã thông báo tạm ngừng kinh doanh kể từ ngày|{d.due:%d/%m/%Y}\n"
        "Lý do tạm ngừng|Sửa chữa cửa hàng\nNơi đăng ký|{d.executing.name}",
        "XN-HKD",
    ),
}

UNASKED: dict[tuple[str, str], Wording] = {
    ("*", "X1"): Wording(
        "Giấy ủy quyền",
        "form",
        "Bên ủy quyền|{d.applicant}\nSố định danh cá nhân|{d.identity}\nCư trú tại|{d.address}\nBên được ủy quyền|{d.other}\n"
        "Nội dung|Nộp hồ sơ, nhận kết quả và ký các giấy tờ có liên quan\nThời hạn|Đến khi nhận xong kết quả\n"
        "Hai bên đã đọc lại, đồng ý và cùng ký tên dưới đây.",
    ),
    ("*", "X2"): Wording(
        "Phiếu thu",
        "letter",
        "Họ và tên người nộp tiền|{d.applicant}\nĐịa chỉ|{d.address}\nLý do nộp|Lệ phí giải quyết thủ tục hành chính\n"
        "Số tiền|15.000 đồng\nBằng chữ|Mười lăm nghìn đồng\nKèm theo|01 chứng từ gốc",
        "PT",
        "Trung tâm Phục vụ hành chính công",
    ),
    ("*", "X3"): Wording(
        "Đơn trình bày",
        "form",
        "Tôi tên là|{d.applicant}\nCư trú tại|{d.address}\nĐiện thoại|{d.phone}\n"
        "Tôi xin trình bày việc như sau: trong giấy tờ của {d.other} có một số chỗ bị ẩm, mờ chữ do nhà ở bị ngập vào tháng trước.\n"
        "Kính mong cơ quan xem xét và giải quyết hồ sơ cho gia đình tôi đúng hẹn.",
    ),
    ("*", "X4"): Wording(
        "Phiếu lý lịch tư pháp số 1",
        "letter",
        "Họ và tên|{d.applicant}\nNgày, tháng, năm sinh|{d.birth:%d/%m/%Y}\nNơi thường trú|{d.address}\n"
        "Tình trạng án tích|Không có án tích\nThông tin về cấm đảm nhiệm chức vụ|Không có thông tin",
        "LLTP",
        "Công an tỉnh Bình Giang",
    ),
}
"""Papers that people bring along although nobody asks for them, under the procedure code `*`."""
