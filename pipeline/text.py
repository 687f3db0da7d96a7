"""Vietnamese text and the dossier numbers in it.

One place that says when two writings are the same: canonical form, accents folded away, one style of tone placement, what can
be a syllable at all, which digits must be masked, and how a dossier number looks in print, in a code and in recognised text.
It decides nothing about whose paper something is: a number found here is a claim, and OCR alone never proves one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

# --- writing -----------------------------------------------------------------------------------------------------------------

_UNMARKED = dict.fromkeys(range(0x300, 0x370)) | {ord("đ"): "d", ord("ð"): "d"}  # marks go; đ has no decomposition
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_OPEN_RIME = re.compile(r"(?<![qQ])(?:([òóỏõọÒÓỎÕỌ])([aeAE])|([ùúủũụÙÚỦŨỤ])([yY]))(?!\w)")


def nfc(text: str) -> str:
    """`text` in Unicode normal form C."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower-case ASCII without marks: `Đường Nguyễn Huệ` -> `duong nguyen hue`. What has no ASCII form becomes a blank."""
    return _NOT_ASCII.sub(" ", unicodedata.normalize("NFKD", text).lower().translate(_UNMARKED))


def new_tone_style(text: str) -> str:
    """NFC with tones in open oa, oe, uy on the second vowel (`hòa` -> `hoà`, `thúy` -> `thuý`), for comparing, not for storing.

    The two styles in print differ nowhere else; in `quý` the u belongs to the onset, so it is left alone.
    """
    return _OPEN_RIME.sub(_move_tone, nfc(text))


def _move_tone(found: re.Match[str]) -> str:
    first = unicodedata.normalize("NFD", found[1] or found[3])  # the vowel and its tone
    return first[0] + nfc((found[2] or found[4]) + first[1])


# --- syllables ---------------------------------------------------------------------------------------------------------------

_ONSET_TABLE = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_ONSETS = ["", *_ONSET_TABLE.split()]
_RIME_TABLE = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et
ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay
oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyp uyt uyu
ư ưa ưc ưi ươc ươi ươm ươn ương ươp ươt ươu ưm ưn ưng ưt ưu
"""
_RIMES = _RIME_TABLE.split()
_Y_RIMES = ("y", "yêm", "yên", "yêng", "yêt", "yêu")  # the same sounds as i, iê-, written so where no consonant stands before
_QU_ONLY = ("y", "ych", "yên", "yêt", "ynh", "yt", "yu", "ôc")
_GLIDES = ("oa", "oă", "oe", "uâ", "uê", "uơ", "uy")
_FRONT = ("e", "ê", "i", "y")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOPS = ("c", "ch", "p", "t")
_STOP_TONES = frozenset("\u0301\u0323")


def _rimes_after(onset: str) -> Iterable[str]:
    """The rimes that spelling allows after `onset`: c/k, g/gh, ng/ngh by the vowel, y- for iê- at the beginning, u once in qu."""
    match onset:
        case "":
            return [rime for rime in _RIMES if not rime.startswith("iê")] + list(_Y_RIMES)
        case "qu":
            return [rime for rime in _RIMES if rime[0] in "aăâeêơ"] + list(_QU_ONLY)
        case "gi":
            return [rime for rime in _RIMES if rime[0] not in _FRONT or rime[0] in "eê"]
        case "g":
            return [rime for rime in _RIMES if rime[0] not in _FRONT] + ["i", "in", "iêc", "iêng", "iêt"]
        case "k" | "gh" | "ngh":
            return [rime for rime in _RIMES if rime[0] in _FRONT] + (["y"] if onset == "k" else [])
        case "c" | "ng":
            return [rime for rime in _RIMES if rime[0] not in _FRONT and not (onset == "c" and rime.startswith(_GLIDES))]
        case _:
            return _RIMES + (["y"] if onset in {"h", "l", "m", "n", "s", "t", "v"} else [])


def _tone_places(rime: str) -> set[int]:
    """Where the tone of `rime` may stand, both styles in use allowed."""
    marked = [place for place, letter in enumerate(rime) if letter in "ăâêôơư"]
    if marked:
        return {marked[-1]}
    vowels = len(rime.rstrip("bcdghmnpt"))
    if vowels < len(rime):
        return {vowels - 1}
    if rime in ("oa", "oe", "uy"):
        return {0, 1}
    return {0 if vowels < 3 else 1}


_PLACE_NAMES = {"đăk": frozenset({1}), "lăk": frozenset({1}), "kan": frozenset({1}), "kon": frozenset({1})}  # Đắk Lắk, Bắc Kạn, Kon Tum
_SYLLABLES = _PLACE_NAMES | {
    onset + rime: frozenset(len(onset) + place for place in _tone_places(rime)) for onset in _ONSETS for rime in _rimes_after(onset)
}
"""Every syllable without its tone -> the letters that may carry one."""


def is_syllable(word: str) -> bool:
    """Whether `word` can be a Vietnamese syllable: onset, rime, tone and the letter that carries it; letters only, any case."""
    letters: list[str] = []
    tones: list[tuple[str, int]] = []
    for letter in unicodedata.normalize("NFD", word.lower()):
        if letter in _TONES:
            tones.append((letter, len(nfc("".join(letters))) - 1))
        else:
            letters.append(letter)
    base = nfc("".join(letters))
    places = _SYLLABLES.get(base)
    if places is None or len(tones) > 1:
        return False
    if base.endswith(_STOPS) and (not tones or tones[0][0] not in _STOP_TONES):
        return False
    return not tones or tones[0][1] in places


_FEWEST_WORDS = 15  # fewer tell nothing
_LEGIBLE_SHARE = 0.6


def is_legible(text: str) -> bool:
    """Whether the text of a page was read: enough words, most of them Vietnamese syllables. Of 1,833 generated pages of all scanners 7
    were guessed at, all of them upside down."""
    words = text.split()
    return len(words) >= _FEWEST_WORDS and _mostly_syllables(words)


def is_guessed_at(text: str) -> bool:
    """Whether there are enough words to tell, and too few of them are Vietnamese syllables: a page in another language, or upside down."""
    words = text.split()
    return len(words) >= _FEWEST_WORDS and not _mostly_syllables(words)


def _mostly_syllables(words: list[str]) -> bool:
    bare = [word.strip(".,:;()") for word in words]
    return sum(is_syllable(word) for word in bare) >= _LEGIBLE_SHARE * sum(word.isalpha() for word in bare)


# --- identity numbers --------------------------------------------------------------------------------------------------------

_CITIZEN = re.compile(r"(?<!\d)(\d{3})([ .]?)(\d{3})(\2)(\d{3})(\2)(\d{3})(?!\d)")
_SPACED_CITIZEN = re.compile(r"(?<!\d)(0\d{2})[ .]?([0-3]\d{2})[ .]?(\d{3})[ .]?(\d{3})(?!\d)")  # province, sex and century, year, order
_OLD_IDENTITY = re.compile(r"(?<!\d)(\d{3})(\d{3})(\d{3})(?!\d)")


def page_ranges(numbers: Iterable[int]) -> str:
    """Rising page numbers as people write them: `1-3, 5`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in spans)


def find_identity_numbers(text: str) -> frozenset[str]:
    """The numbers in `text` that can be those of citizens (số định danh cá nhân), as 12 digits each."""
    return frozenset("".join(found.groups()) for found in _SPACED_CITIZEN.finditer(text))


def mask_identity(text: str) -> str:
    """Stars in the middle of every 12-digit number (`094******234`) and every 9-digit one (`271***456`); the length is kept.

    Twelve digits are also taken in four groups of three with a blank or dot between, as forms have them.
    """
    text = _CITIZEN.sub(r"\1\2***\4***\6\7", text)
    return _OLD_IDENTITY.sub(r"\1***\3", text)


# --- dossier numbers ---------------------------------------------------------------------------------------------------------

MAX_AGENCY = 35  # characters of an agency's code (QĐ 20/2020/QĐ-TTg)
_STRICT = (
    r"(?P<agency>[0-9]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-HJ-NP-Z][0-9]{2}|[A-HJ-NP-Z][0-9]{2}(?:\.[0-9A-Z]{1,5}){0,4})"
    r"-(?P<ymd>[0-9]{6})-(?P<sequence>[0-9]{4,6})"
)
_WHOLE = re.compile(_STRICT)
_WITHIN = re.compile(rf"(?<!\w)(?<!\w[.\-]){_STRICT}(?![^\W_]|-\w)")
_DIGIT = "[0-9OQIlSBZ]"
_LOOSE = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9A-Z][.,·])(?<![0-9A-Z][.,·]\s)"
    rf"(?P<agency>{_DIGIT}{{3}}[.,·]\s?(?:[0-9A-Zl]{{2}}[.,·]\s?){{2}}[A-Z]{_DIGIT}{{2}}|[A-Z]{_DIGIT}{{2}}(?:[.,·]\s?[0-9A-Zl]{{1,5}}){{0,4}})"
    rf"\s?[-–—_]\s?(?P<ymd>{_DIGIT}{{6}})\s?[-–—_]\s?(?P<sequence>{_DIGIT}{{4,6}})(?![0-9A-Za-z]|[-–—][0-9A-Za-z])"
)
_OLD_SHAPE = re.compile(rf"{_DIGIT}{{3}}(?:\.[0-9A-Zl]{{2}}){{2}}\.[A-Z]{_DIGIT}{{2}}")
_DIGITS = str.maketrans("OQIlSBZ", "0011582")
_POINT = re.compile(r"[.,·]\s?")
_NOT_KEY = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class DossierNumber:
    """Mã hồ sơ as TT 01/2018/TT-VPCP article 19 builds it. There is no check digit: another digit is another dossier."""

    text: str
    agency: str  # code of the receiving agency
    date: date  # of receipt
    sequence: int  # within that day, from 1


def parse_number(text: str) -> DossierNumber | None:
    """`text` as a dossier number, strictly and whole: a real day of 2000-2099, a sequence from 1, an agency of at most 35 characters."""
    found = _WHOLE.fullmatch(text)
    if not found or len(found["agency"]) > MAX_AGENCY or not int(found["sequence"]):
        return None
    ymd = found["ymd"]
    try:
        day = date(2000 + int(ymd[:2]), int(ymd[2:4]), int(ymd[4:]))
    except ValueError:
        return None
    return DossierNumber(text, found["agency"], day, int(found["sequence"]))


def find_numbers(text: str) -> tuple[DossierNumber, ...]:
    """The distinct dossier numbers in `text`, e.g. the payload of a code, in order; strictly written, never a part of a longer run."""
    return _distinct(parse_number(found[0]) for found in _WITHIN.finditer(text))


def find_impossible_numbers(text: str) -> tuple[str, ...]:
    """What is written as a dossier number in `text` and cannot be one: no such day, sequence 0000, an agency too long."""
    return tuple(dict.fromkeys(found[0] for found in _WITHIN.finditer(text) if parse_number(found[0]) is None))


def find_numbers_in_ocr(text: str) -> tuple[DossierNumber, ...]:
    """The distinct dossier numbers in recognised `text`, in order, with look-alikes repaired (`O00,00.l5.H41–24053l-00O1`).

    A repaired number is a claim only: without a check digit it needs the register and a second field that agree.
    """
    return _distinct(parse_number(_repaired(found)) for found in _LOOSE.finditer(nfc(text)))


def number_key(text: str) -> str:
    """The letters and digits of `text`, upper case: the same for every punctuation a dossier number may be typed with."""
    return _NOT_KEY.sub("", unicodedata.normalize("NFKC", text).upper())


def _repaired(found: re.Match[str]) -> str:
    groups = _POINT.split(found["agency"])
    old_style = bool(_OLD_SHAPE.fullmatch(".".join(groups)))  # no code of the new style ends in a level code
    agency = ".".join(_repaired_groups(groups, old_style=old_style))
    return f"{agency}-{found['ymd'].translate(_DIGITS)}-{found['sequence'].translate(_DIGITS)}"


def _repaired_groups(groups: list[str], *, old_style: bool) -> Iterator[str]:
    """Groups of digits made digits; the level code keeps its letter; a group of letters alone may be meant so (new style only)."""
    level = len(groups) - 1 if old_style else 0
    for place, group in enumerate(groups):
        digits = group.translate(_DIGITS)
        if place == level:
            yield group[0] + group[1:].translate(_DIGITS)
        elif digits.isdigit() and (old_style or "l" in group or any(letter.isdigit() for letter in group)):
            yield digits
        else:
            yield group.replace("l", "1")


def _distinct(numbers: Iterable[DossierNumber | None]) -> tuple[DossierNumber, ...]:
    return tuple(dict.fromkeys(number for number in numbers if number))
