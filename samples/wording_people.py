"""What the papers of the civil status and social procedures of `repertoire` say; see `wording` for how to read it."""

from __future__ import annotations

from samples.wording import APPLICANT, OATH, PAPERS, Wording

_KIND = "Giới tính|Nam\nDân tộc|Kinh\nQuốc tịch|Việt Nam\n"
_OTHER = "Họ, chữ đệm, tên|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\n" + _KIND
_WHOM = "Đề nghị cơ quan đăng ký cho người có tên dưới đây:\n"
_COMMITTEE = "Ủy ban nhân dân xã Thạnh Phú"
_HOSPITAL = "Trung tâm Y tế khu vực Mỹ Thạnh"

CIVIL: dict[tuple[str, str], Wording] = {
    ("1.004884", "TP1"): Wording(
        "Tờ khai đăng ký lại khai sinh",
        "form",
        APPLICANT + "Quan hệ với người được khai sinh|Em ruột\n" + _WHOM + _OTHER + "Nơi sinh|Trạm Y tế xã An Thới\n"
        "Đã đăng ký khai sinh tại|Ủy ban nhân dân xã An Thới (cũ)\nLý do đăng ký lại|Sổ đăng ký và bản chính giấy khai sinh đều bị mất\n"
        + OATH,
    ),
    ("1.004884", "TP2"): Wording(
        "Văn bản cam đoan về việc đã được đăng ký khai sinh nhưng không lưu giữ bản chính",
        "form",
        "Tôi tên là|{d.applicant}\nNgày, tháng, năm sinh|{d.birth:%d/%m/%Y}\nSố định danh cá nhân|{d.identity}\nNơi cư trú|{d.address}\n"
        "Tôi xin cam đoan ông/bà {d.other} đã được đăng ký khai sinh trước ngày 01 tháng 01 năm 2016 nhưng người đó không lưu giữ "
        "được bản chính Giấy khai sinh.\n"
        "Nếu khai sai sự thật, tôi xin hoàn toàn chịu trách nhiệm trước pháp luật.",
    ),
    ("1.004884", "KQ"): Wording(
        "Giấy khai sinh",
        "certificate",
        _OTHER + "Nơi sinh|Trạm Y tế xã An Thới\nQuê quán|{d.receiving.place}, tỉnh Bình Giang\n"
        "Nơi đăng ký khai sinh|{d.executing.name}\nGhi chú|Đăng ký lại\nHọ, chữ đệm, tên người đi khai sinh|{d.applicant}",
        "GKS-BS",
    ),
    ("1.004859", "TP1"): Wording(
        "Tờ khai đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch",
        "form",
        APPLICANT + _WHOM + _OTHER + "Đã đăng ký|Khai sinh, số 47, quyển số 01/2009\n"
        "Nội dung|Cải chính năm sinh của người mẹ từ 1979 thành {d.birth:%Y}\n"
        "Lý do|Khi đăng ký khai sinh ghi sai so với căn cước công dân của người mẹ\n" + OATH,
    ),
    ("1.004859", "TP2"): Wording(
        "Giấy khai sinh",
        "deed",
        _OTHER + "Nơi sinh|" + _HOSPITAL + "\nQuê quán|Thạnh Phú, tỉnh Bình Giang\nHọ, chữ đệm, tên người mẹ|{d.applicant}\n"
        "Năm sinh|1979\nNơi đăng ký khai sinh|" + _COMMITTEE,
        "GKS",
        _COMMITTEE,
    ),
    ("1.004859", "KQ"): Wording(
        "Trích lục cải chính hộ tịch",
        "certificate",
        _OTHER + "Đã cải chính trong Giấy khai sinh số|47, quyển số 01/2009\nNội dung cải chính|Năm sinh của người mẹ {d.applicant}\n"
        "Từ|1979\nThành|{d.birth:%Y}\nCăn cứ|Tờ khai và căn cước công dân của người yêu cầu",
        "TLCC",
    ),
    ("2.000635", "TP1"): Wording(
        "Tờ khai cấp bản sao trích lục hộ tịch",
        "form",
        APPLICANT
        + "Đề nghị cơ quan cấp bản sao trích lục khai sinh cho người có tên dưới đây:\n"
        + _OTHER
        + "Đã đăng ký tại|Ủy ban nhân dân xã An Thới (cũ)\nSố lượng bản sao yêu cầu cấp|03 bản\n"
        + OATH,
    ),
    ("2.000635", "KQ"): Wording(
        "Trích lục khai sinh (bản sao)",
        "certificate",
        _OTHER + "Nơi sinh|" + _HOSPITAL + "\nHọ, chữ đệm, tên người mẹ|{d.applicant}\n"
        "Đăng ký khai sinh tại|Ủy ban nhân dân xã An Thới (cũ)\nThực hiện trích lục từ|Sổ đăng ký khai sinh",
        "TLKS-BS",
    ),
    ("1.001022", "TP1"): Wording(
        "Tờ khai đăng ký nhận cha, mẹ, con",
        "form",
        APPLICANT
        + "Quan hệ với người nhận|Mẹ của trẻ\nĐề nghị cơ quan công nhận người có tên dưới đây:\n"
        + _OTHER
        + "Là cha của|Cháu Lê Gia Bảo\nNgày, tháng, năm sinh của con|{d.event:%d/%m/%Y}\n"
        "Tôi cam đoan việc nhận cha, mẹ, con nói trên là đúng sự thật, tự nguyện, không có tranh chấp.",
    ),
    ("1.001022", "TP2"): Wording(
        "Phiếu kết quả xét nghiệm ADN",
        "letter",
        "Người yêu cầu phân tích|{d.applicant}\nNgười cha giả định|{d.other}\nMẫu|Tế bào niêm mạc miệng\nNgày thu mẫu|{d.event:%d/%m/%Y}\n"
        "Số locus đã phân tích|24\nKết luận|Người có mẫu ADN ký hiệu A1 và A2 có quan hệ huyết thống cha - con\n"
        "Xác suất|99,9999%\nKết quả chỉ có giá trị trên mẫu được thu.",
        "KQ-ADN",
        "Trung tâm Xét nghiệm di truyền Bình Giang",
    ),
    ("1.001022", "KQ"): Wording(
        "Trích lục đăng ký nhận cha, mẹ, con",
        "certificate",
        "Họ, chữ đệm, tên người cha|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\n"
        "Họ, chữ đệm, tên người con|Lê Gia Bảo\nNgày, tháng, năm sinh|{d.event:%d/%m/%Y}\nHọ, chữ đệm, tên người mẹ|{d.applicant}\n"
        "Đăng ký nhận cha, mẹ, con tại|{d.executing.name}",
        "TLNCMC",
    ),
    ("1.000689", "TP1"): PAPERS["1.001193", "TP1"],
    ("1.000689", "TP2"): Wording(
        "Tờ khai đăng ký nhận cha, mẹ, con",
        "form",
        APPLICANT + "Đề nghị cơ quan công nhận người có tên dưới đây:\nHọ, chữ đệm, tên|{d.other}\n"
        "Ngày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\nLà cha của|Trẻ sinh ngày {d.event:%d/%m/%Y}\n"
        "Tôi cam đoan việc nhận cha, mẹ, con nói trên là đúng sự thật, tự nguyện, không có tranh chấp.",
    ),
    ("1.000689", "TP3"): PAPERS["1.001193", "TP2"],
    ("1.000689", "KQ"): PAPERS["1.001193", "KQ"],
    ("1.004837", "TP1"): Wording(
        "Tờ khai đăng ký giám hộ",
        "form",
        APPLICANT + "Đề nghị cơ quan đăng ký việc giám hộ giữa những người có tên dưới đây:\nNgười giám hộ|{d.applicant}\n"
        "Người được giám hộ|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\nNơi cư trú|{d.address}\n"
        "Lý do đăng ký giám hộ|Cha mẹ đều đã mất, không còn ông bà nội, ngoại\n" + OATH,
    ),
    ("1.004837", "TP2"): Wording(
        "Văn bản cử người giám hộ",
        "letter",
        "Cử ông/bà|{d.applicant}\nNgày, tháng, năm sinh|{d.birth:%d/%m/%Y}\nNơi cư trú|{d.address}\nLàm người giám hộ cho|{d.other}\n"
        "Tài sản của người được giám hộ|01 xe đạp, 01 sổ tiết kiệm 12.000.000 đồng\n"
        "Người giám hộ có quyền và nghĩa vụ theo quy định của Bộ luật Dân sự kể từ ngày đăng ký.",
        "UBND-TP",
        _COMMITTEE,
    ),
    ("1.004837", "KQ"): Wording(
        "Trích lục đăng ký giám hộ",
        "certificate",
        "Họ, chữ đệm, tên người giám hộ|{d.applicant}\nNgày, tháng, năm sinh|{d.birth:%d/%m/%Y}\nNơi cư trú|{d.address}\n"
        "Họ, chữ đệm, tên người được giám hộ|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\n"
        "Đăng ký giám hộ tại|{d.executing.name}\nLý do|Cha mẹ đều đã mất",
        "TLGH",
    ),
}

SOCIAL: dict[tuple[str, str], Wording] = {
    ("1.001776", "TP1"): Wording(
        "Tờ khai đề nghị trợ giúp xã hội",
        "form",
        "Phần 1. Thông tin của đối tượng\n" + APPLICANT + "Dân tộc|Kinh\nHiện có thẻ BHYT không?|Có\nTrình độ văn hóa|5/12\n"
        "Tình trạng đi học|Không đi học\nĐang hưởng chế độ nào sau đây|Không\nCó khuyết tật không?|Có\n"
        "Mức độ khuyết tật|Nặng\nDạng tật|Vận động\nCó tham gia làm việc không?|Không",
        second="Tình trạng hôn nhân|Đã có chồng\nSố con|02\nKhả năng tự phục vụ|Cần người hỗ trợ trong đi lại\n"
        "Phần 2. Thông tin của người chăm sóc\nHọ và tên|{d.other}\nQuan hệ với đối tượng|Con\n"
        "Tôi xin cam đoan những lời khai trên là đúng, nếu có điều gì khai không đúng tôi xin chịu trách nhiệm hoàn toàn.",
    ),
    ("1.001776", "TP2"): Wording(
        "Giấy xác nhận khuyết tật",
        "deed",
        "Họ và tên|{d.applicant}\nNgày, tháng, năm sinh|{d.birth:%d/%m/%Y}\nNơi cư trú|{d.address}\nDạng khuyết tật|Vận động\n"
        "Mức độ khuyết tật|Nặng\nGiấy này có giá trị đến khi có kết quả xác định lại.",
        "GXN-KT",
        _COMMITTEE,
    ),
    ("1.001776", "KQ"): Wording(
        "Quyết định về việc trợ cấp xã hội hằng tháng",
        "certificate",
        "Căn cứ hồ sơ đề nghị của bà {d.applicant} và biên bản họp ngày {d.received:%d/%m/%Y}; theo đề nghị của Phòng Văn hóa - Xã hội.\n"
        "Điều 1. Trợ cấp xã hội hằng tháng đối với|{d.applicant}\nNgày, tháng, năm sinh|{d.birth:%d/%m/%Y}\nNơi cư trú|{d.address}\n"
        "Mức trợ cấp|750.000 đồng một tháng\nThời gian hưởng kể từ|{d.due:%d/%m/%Y}\n"
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.",
        "QĐ-UBND",
    ),
    ("1.001699", "TP1"): Wording(
        "Đơn đề nghị xác định mức độ khuyết tật",
        "form",
        APPLICANT + "Thông tin về người được xác định:\nHọ và tên|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\n"
        "Thành phần gia đình|Bố, mẹ và hai em\nThông tin về tình trạng khuyết tật|Khó khăn khi đi lại, cầm nắm\n"
        "Dạng khuyết tật|Vận động\n" + OATH,
    ),
    ("1.001699", "TP2"): Wording(
        "Tóm tắt hồ sơ bệnh án",
        "letter",
        "Họ và tên người bệnh|{d.other}\nNgười nhà|{d.applicant}\nĐịa chỉ|{d.address}\nVào viện ngày|{d.event:%d/%m/%Y}\n"
        "Chẩn đoán|Di chứng yếu nửa người bên phải\nPhương pháp điều trị|Vật lý trị liệu, phục hồi chức năng\n"
        "Tình trạng khi ra viện|Ổn định, đi lại cần người đỡ\nHướng điều trị tiếp|Tập luyện tại nhà, tái khám sau 03 tháng",
        "TTBA",
        _HOSPITAL,
    ),
    ("1.001699", "KQ"): Wording(
        "Giấy xác nhận khuyết tật",
        "certificate",
        "Họ và tên|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\nNơi cư trú|{d.address}\nDạng khuyết tật|Vận động\n"
        "Mức độ khuyết tật|Nặng\nNgười đề nghị|{d.applicant}\nHội đồng xác định mức độ khuyết tật|{d.executing.place}",
        "GXN-KT",
    ),
    ("1.014028", "TP1"): Wording(
        "Tờ khai đề nghị hỗ trợ chi phí mai táng",
        "form",
        "Thông tin người chết:\nHọ và tên|{d.other}\nNăm sinh|1941\nNgày chết|{d.event:%d/%m/%Y}\nNơi cư trú|{d.address}\n"
        "Thông tin cá nhân, hộ gia đình đứng ra mai táng:\n" + APPLICANT + "Quan hệ với người chết|Con ruột\n" + OATH,
    ),
    ("1.014028", "TP2"): Wording(
        "Trích lục khai tử",
        "deed",
        "Họ, chữ đệm, tên|{d.other}\nNăm sinh|1941\nDân tộc|Kinh\nQuốc tịch|Việt Nam\n"
        "Đã chết vào lúc|04 giờ 25 phút, ngày {d.event:%d/%m/%Y}\nNơi chết|Tại nhà\nNguyên nhân chết|Tuổi già sức yếu\n"
        "Họ, chữ đệm, tên người yêu cầu|{d.applicant}\nĐăng ký khai tử tại|" + _COMMITTEE,
        "TLKT",
        _COMMITTEE,
    ),
    ("1.014028", "KQ"): Wording(
        "Quyết định về việc hỗ trợ chi phí mai táng",
        "certificate",
        "Xét tờ khai của bà {d.applicant}, cư trú tại {d.address}.\nĐiều 1. Hỗ trợ chi phí mai táng cho thân nhân của|{d.other}\n"
        "Người nhận|{d.applicant}\nSố tiền|10.000.000 đồng (mười triệu đồng)\n"
        "Điều 2. Văn phòng, Phòng Văn hóa - Xã hội và bà {d.applicant} chịu trách nhiệm thi hành Quyết định này.",
        "QĐ-UBND",
    ),
    ("1.004222", "TP1"): Wording(
        "Tờ khai thay đổi thông tin cư trú",
        "form",
        APPLICANT + "Họ, chữ đệm và tên chủ hộ|{d.other}\nMối quan hệ với chủ hộ|Vợ\nNội dung đề nghị|Đăng ký thường trú về nhà chồng\n"
        "Những thành viên trong hộ gia đình cùng thay đổi|Không\nÝ kiến của chủ hộ|Đồng ý, {d.other} đã ký\n" + OATH,
    ),
    ("1.004222", "TP2"): Wording(
        "Hợp đồng cho mượn nhà ở",
        "contract",
        "Hôm nay, ngày {d.event:%d/%m/%Y}, tại {d.address}, chúng tôi gồm:\nBên cho mượn|{d.other}\nNăm sinh|{d.other_birth:%Y}\n"
        "Bên mượn|{d.applicant}\nSố định danh cá nhân|{d.identity}\nNhà ở cho mượn tại|{d.address}\nThời hạn|Không xác định",
        second="Điều 3. Bên mượn giữ gìn nhà ở, tự sửa chữa những hư hỏng nhỏ và trả lại khi bên cho mượn có yêu cầu.\n"
        "Điều 4. Hai bên cam kết thực hiện đúng hợp đồng này.\nBên cho mượn|{d.other}\nBên mượn|{d.applicant}",
    ),
    ("1.004222", "KQ"): Wording(
        "Thông báo về kết quả giải quyết hồ sơ đăng ký cư trú",
        "certificate",
        "Kính gửi|{d.applicant}\nSố định danh cá nhân|{d.identity}\nNơi thường trú|{d.address}\nHọ, chữ đệm và tên chủ hộ|{d.other}\n"
        "Nội dung|Đã cập nhật thông tin đăng ký thường trú vào Cơ sở dữ liệu về cư trú",
        "TB-CT08",
    ),
    ("1.004194", "TP1"): Wording(
        "Tờ khai thay đổi thông tin cư trú",
        "form",
        APPLICANT + "Họ, chữ đệm và tên chủ hộ|{d.applicant}\nMối quan hệ với chủ hộ|Chủ hộ\n"
        "Nội dung đề nghị|Đăng ký tạm trú đến ngày {d.due:%d/%m/%Y}\nÝ kiến của chủ sở hữu chỗ ở|Đồng ý, {d.other} đã ký\n" + OATH,
    ),
    ("1.004194", "TP2"): Wording(
        "Hợp đồng thuê nhà ở",
        "contract",
        "Hôm nay, ngày {d.event:%d/%m/%Y}, tại {d.address}, chúng tôi gồm:\nBên cho thuê|{d.other}\nNăm sinh|{d.other_birth:%Y}\n"
        "Bên thuê|{d.applicant}\nSố định danh cá nhân|{d.identity}\nĐiện thoại|{d.phone}\nNhà ở cho thuê tại|{d.address}\n"
        "Điều 1. Bên cho thuê đồng ý cho bên thuê sử dụng căn nhà nói trên để ở.",
        second="Điều 2. Giá thuê là 1.800.000 đồng một tháng, trả vào ngày 05 hằng tháng.\nĐiều 3. Thời hạn thuê là 24 tháng.\n"
        "Điều 4. Bên thuê trả tiền điện, nước theo đồng hồ; không cho người khác thuê lại; báo trước 30 ngày khi trả nhà.\n"
        "Điều 5. Bên cho thuê bảo đảm quyền sử dụng trọn vẹn căn nhà và sửa chữa những hư hỏng lớn.",
        third="Điều 6. Tranh chấp được giải quyết bằng thương lượng; nếu không thành thì do Tòa án nhân dân giải quyết.\n"
        "Điều 7. Hợp đồng được lập thành 02 bản, mỗi bên giữ 01 bản.\nBên cho thuê|{d.other}\nBên thuê|{d.applicant}",
        foot=True,
    ),
    ("1.004194", "KQ"): Wording(
        "Thông báo về kết quả giải quyết hồ sơ đăng ký cư trú",
        "certificate",
        "Kính gửi|{d.applicant}\nSố định danh cá nhân|{d.identity}\nNơi tạm trú|{d.address}\nChủ sở hữu chỗ ở|{d.other}\n"
        "Nội dung|Đã cập nhật thông tin đăng ký tạm trú vào Cơ sở dữ liệu về cư trú",
        "TB-CT08",
    ),
    ("1.011607", "TP1"): Wording(
        "Giấy đề nghị rà soát hộ nghèo, hộ cận nghèo",
        "form",
        APPLICANT + "Thông tin các thành viên của hộ:\n1. Họ và tên|{d.other}\nNgày, tháng, năm sinh|{d.other_birth:%d/%m/%Y}\n"
        "Quan hệ với chủ hộ|Con\nTình trạng (có công việc, học sinh, già yếu)|Làm thuê theo mùa vụ\n"
        "Lý do đề nghị|Thu nhập không ổn định, nhà ở hư hỏng nặng\n" + OATH,
    ),
    ("1.011607", "KQ"): Wording(
        "Giấy chứng nhận hộ nghèo, hộ cận nghèo",
        "certificate",
        "Họ và tên chủ hộ|{d.applicant}\nNgày, tháng, năm sinh|{d.birth:%d/%m/%Y}\nNơi cư trú|{d.address}\n"
        "Thành viên trong hộ|{d.other}\nPhân loại hộ|Hộ cận nghèo\nGiấy có giá trị kể từ ngày|{d.due:%d/%m/%Y}",
        "GCN-HN",
    ),
}
