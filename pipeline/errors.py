"""Failures, sorted by consequence.

SohoaError              code, sentence for people (vi, en), what to do next
  BadArgument           what was asked cannot be answered as it was asked (subclasses stand beside what they ask)
  Refused               this input will never work: park with the reason
    UnknownFormat  TooLarge  TooManyPages  Encrypted  Broken  Empty  NotAFile  Duplicate
  Undecided             needs a person
    Conflict  UnknownDossier  UnknownComponent  NoCode  WrongOffice  UnreadPage  ImpossibleNumber  FutureNumber  OfficeNotThen  SplitOff
  Unavailable           the world will recover: retry with back-off, then park
    StoreDown  DatabaseDown  QueueDown  EngineMissing  FontMissing  TimedOut  NoSpace
  Violated              our own promise failed: park, alarm, never retry silently
    PageCountMismatch  FixityMismatch  NotStored  NotPdfA  Unexpected

The code of a failure is the name of its class: it is what crosses process boundaries, is stored and shown.
`detail` is for logs and never holds text of a document, names or identity numbers.
"""

from __future__ import annotations

from typing import ClassVar


class SohoaError(Exception):
    """Anything that can be said to a person. `vi` and `en` are whole sentences that say what to do next."""

    vi: ClassVar[str] = "Có lỗi. Hãy báo người vận hành."
    en: ClassVar[str] = "Something failed. Tell the operator."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def code(self) -> str:
        return type(self).__name__

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code


class BadArgument(SohoaError):
    """The question is wrong, not the archive."""

    vi = "Yêu cầu không đúng. Hãy kiểm tra lại."
    en = "The request is wrong. Check it."


class Refused(SohoaError):
    """This input will never work as it is."""


class UnknownFormat(Refused):
    vi = "Tệp không phải là bản quét (PDF, TIFF, JPEG, PNG, JPEG 2000, WebP, BMP). Hãy quét lại và lưu thành PDF."
    en = "The file is not a scan (PDF, TIFF, JPEG, PNG, JPEG 2000, WebP, BMP). Scan again and save as PDF."


class TooLarge(Refused):
    vi = "Trang hoặc tệp quá lớn. Hãy quét lại ở 200-300 dpi, khổ giấy thật."
    en = "The page or file is too large. Scan again at 200-300 dpi, at paper size."


class TooManyPages(Refused):
    vi = "Tệp có quá nhiều trang. Hãy chia thành nhiều tệp nhỏ hơn."
    en = "The file has too many pages. Split it into smaller files."


class Encrypted(Refused):
    vi = "Tệp bị khóa bằng mật khẩu. Hãy lưu lại không có mật khẩu rồi thả vào lần nữa."
    en = "The file is locked with a password. Save it without one and drop it again."


class Broken(Refused):
    vi = "Tệp bị hỏng hoặc chưa ghi xong, không mở được. Hãy quét lại."
    en = "The file is damaged or incomplete and cannot be opened. Scan again."


class Empty(Refused):
    vi = "Tệp rỗng (0 byte). Hãy quét lại."
    en = "The file is empty (0 bytes). Scan again."


class NotAFile(Refused):
    vi = "Đây là lối tắt hoặc mục đặc biệt, không phải tệp quét. Hãy chép chính tệp quét vào thư mục."
    en = "This is a link or a special entry, not a scan file. Copy the scan file itself into the folder."


class Duplicate(Refused):
    vi = "Tệp này đã được nhận trước đó, nội dung giống hệt. Không cần làm gì thêm."
    en = "This very file was received before. Nothing more to do."


class Undecided(SohoaError):
    """A person has to say whose paper this is."""


class Conflict(Undecided):
    vi = "Hai nguồn không khớp nhau (mã trên giấy, tên tệp hoặc thư mục, người nộp). Hãy chọn hồ sơ đúng."
    en = "Two sources disagree (code on paper, name of file or folder, applicant). Choose the right dossier."


class UnknownDossier(Undecided):
    vi = "Mã hồ sơ chưa có trong sổ đăng ký. Hãy nạp sổ mới hoặc chọn hồ sơ đúng."
    en = "The dossier number is not in the register. Load the new register or choose the right dossier."


class UnknownComponent(Undecided):
    vi = "Thủ tục của hồ sơ không có thành phần này. Hãy chọn thành phần đúng."
    en = "The dossier's procedure has no such component. Choose the right component."


class UnreadPage(Undecided):
    vi = "Có trang không đọc được nên không biết các trang sau thuộc hồ sơ nào. Hãy xem và chọn hồ sơ."
    en = "A page could not be read, so whose the pages after it are is not known. Look and choose the dossier."


class NoCode(Undecided):
    vi = "Không tìm thấy mã hồ sơ trên giấy hay trong tên tệp. Hãy chọn hồ sơ."
    en = "No dossier number on the paper or in the file name. Choose the dossier."


class ImpossibleNumber(Undecided):
    vi = "Mã hồ sơ ghi một ngày không có thật hoặc số thứ tự 0000. Hãy kiểm tra mã và chọn hồ sơ đúng."
    en = "The dossier number has a day that does not exist, or the sequence 0000. Check it and choose the right dossier."


class FutureNumber(Undecided):
    vi = "Ngày trong mã hồ sơ còn ở phía trước ngày quét. Hãy kiểm tra mã và chọn hồ sơ đúng."
    en = "The day in the dossier number is after the day of scanning. Check it and choose the right dossier."


class OfficeNotThen(Undecided):
    vi = "Ngày trong mã hồ sơ nằm ngoài thời gian đơn vị hoạt động. Hãy kiểm tra mã và chọn hồ sơ đúng."
    en = "The office of the dossier number did not exist on its day. Check it and choose the right dossier."


class SplitOff(Undecided):
    vi = "Đã tách ra khỏi tài liệu phía trên, chưa có hồ sơ. Hãy chọn hồ sơ."
    en = "Split off from the document above and without a dossier yet. Choose one."


class WrongOffice(Undecided):
    vi = "Hồ sơ thuộc đơn vị khác. Hãy kiểm tra thư mục đã thả hoặc chọn hồ sơ đúng."
    en = "The dossier belongs to another office. Check the folder it was dropped in or choose the right dossier."


class Unavailable(SohoaError):
    """Something outside is not there now; the same step works later."""


class StoreDown(Unavailable):
    vi = "Kho lưu trữ không trả lời. Hệ thống sẽ tự thử lại."
    en = "The object store does not answer. It will be tried again."


class DatabaseDown(Unavailable):
    vi = "Cơ sở dữ liệu không trả lời. Hệ thống sẽ tự thử lại."
    en = "The database does not answer. It will be tried again."


class QueueDown(Unavailable):
    vi = "Hàng đợi không trả lời. Việc vẫn nằm trong sổ và sẽ được gửi lại."
    en = "The queue does not answer. The work is in the catalogue and will be sent again."


class EngineMissing(Unavailable):
    vi = "Thiếu bộ nhận dạng chữ hoặc ngôn ngữ của nó. Hãy chạy «sohoa doctor»."
    en = "The OCR engine or its language is missing. Run `sohoa doctor`."


class FontMissing(Unavailable):
    vi = "Thiếu phông chữ Tinos nên không in được. Hãy cài: apt-get install fonts-croscore"
    en = "The font Tinos is missing, nothing can be printed. Install it: apt-get install fonts-croscore"


class TimedOut(Unavailable):
    vi = "Xử lý quá lâu nên đã dừng. Hãy thử lại bằng «sohoa retry»."
    en = "It took too long and was stopped. Try again with `sohoa retry`."


class NoSpace(Unavailable):
    vi = "Hết chỗ trên đĩa. Hãy dọn đĩa, hệ thống sẽ tự thử lại."
    en = "The disk is full. Make room; it will be tried again."


class Violated(SohoaError):
    """We did not keep our own promise. Parked, and the operator is told."""


class PageCountMismatch(Violated):
    vi = "Số trang của PDF khác số trang đã quét. Bản quét được giữ lại, hãy báo người vận hành."
    en = "The PDF has another number of pages than the scan. The scan is kept; tell the operator."


class FixityMismatch(Violated):
    vi = "Dữ liệu đọc lại từ kho khác dữ liệu đã ghi. Bản quét được giữ lại, hãy báo người vận hành."
    en = "What the store gave back differs from what was written. The scan is kept; tell the operator."


class NotStored(Violated):
    vi = "Kho lưu trữ không còn tệp mà sổ ghi là có. Hãy báo người vận hành."
    en = "The store no longer has a file that the catalogue says it has. Tell the operator."


class NotPdfA(Violated):
    vi = "PDF tạo ra không đạt chuẩn PDF/A. Bản quét được giữ lại, hãy báo người vận hành."
    en = "The PDF that was made is not valid PDF/A. The scan is kept; tell the operator."


class Unexpected(Violated):
    vi = "Lỗi ngoài dự kiến của chương trình. Bản quét được giữ lại, hãy báo người vận hành."
    en = "An unexpected failure of the program. The scan is kept; tell the operator."


def _tree(root: type[SohoaError]) -> dict[str, type[SohoaError]]:
    found = {root.__name__: root}
    for child in root.__subclasses__():
        found |= _tree(child)
    return found


BY_CODE: dict[str, type[SohoaError]] = _tree(SohoaError)
"""Every class by its code, to rebuild a failure on the other side of a process boundary."""

EXIT_CODES: dict[type[SohoaError], int] = {
    BadArgument: 1,
    Encrypted: 8,
    Refused: 2,
    Undecided: 2,
    EngineMissing: 3,
    FontMissing: 3,
    Unavailable: 4,
    Violated: 15,
}
"""Exit codes of the command line (formats.md section 4); the first class in the method resolution order wins."""


def exit_code(error: SohoaError) -> int:
    """The exit code for a failure."""
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), 15)
