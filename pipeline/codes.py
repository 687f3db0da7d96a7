"""QR, Code 128, Code 39 and the drawn patch code T on a page image as scanned, before anything is altered.

zxing-cpp reads the page as it is. A QR that it sees and cannot decode is tried again, each time with another treatment. Where it reads
no bars, fields of bars are made upright and tried (see `codes_bars`); where there is still nothing, the places where a dossier's code
is printed (top left, and where a turned sheet has its top left). The QR of a citizen card is reported without its payload. A Code 128
or Code 39 with the text PATCHT is a patch code T as the drawn one is, for which see `codes_patch`. What a payload means is for `split`
to say.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np
import zxingcpp

from pipeline.codes_bars import find_bars, upright_pictures
from pipeline.codes_patch import find_patch_t
from pipeline.limits import MAX_CODES, MAX_PAYLOAD
from pipeline.model import Box, Code, Pixels, Symbology

_QR = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.QRCodeModel1, zxingcpp.BarcodeFormat.QRCodeModel2)
_SYMBOLOGIES = {
    **dict.fromkeys(_QR, Symbology.QR),
    zxingcpp.BarcodeFormat.Code128: Symbology.CODE_128,
    zxingcpp.BarcodeFormat.Code39: Symbology.CODE_39,
    zxingcpp.BarcodeFormat.Code39Std: Symbology.CODE_39,
    zxingcpp.BarcodeFormat.Code39Ext: Symbology.CODE_39,
}
_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.Code39])
_PATCH_T = "PATCHT"
_SHORTEST_BAR_CODE = 4  # characters; Code 39 has no check digit, and shorter ones are read out of table rules
_CITIZEN_CARD = re.compile(r"\s*(\d{12}\||\d{9,12}\|\d*\|[^|]*\|\d{8}(\||$))")
_UNSAFE = ("Cc", "Cf", "Cs")  # control, invisible format (direction overrides) and surrogate characters

_HEAD_ROWS, _HEAD_COLUMNS = 0.28, 0.6  # share of the sheet at its top left where codes are printed
_FINDERS = (*_QR, zxingcpp.BarcodeFormat.MicroQRCode)  # zxing-cpp takes a QR with one visible finder pattern for a Micro QR
_MARGIN = 1.0  # of the side of an undecoded QR, taken around it: only a corner of it may have been seen
_UPSCALED_PIXELS = 3_000_000  # a region is not enlarged beyond this
_SMALLEST_QR = 30  # pixels; below that a QR that does not decode cannot be told from print
_PLAIN_DEVIATION = 3.0  # grey levels; a region with less than this has nothing printed in it


def read_codes(pixels: Pixels) -> tuple[Code, ...]:
    """The codes on an H×W grey or H×W×3 BGR page image, whichever way it is turned, from top to bottom; at most MAX_CODES.

    Payloads are NFC, at most MAX_PAYLOAD characters, without control characters but inner newlines.
    """
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    found, undecoded = _decode(grey)
    unread: list[Code] = []
    for box in undecoded:
        read = _decode_harder(pixels, _widened(box, grey.shape[1], grey.shape[0]), _qr_treatments)
        found += read
        unread += [] if read else [Code(Symbology.UNREADABLE_QR, "", box)]
    if not any(code.symbology is Symbology.PATCH_T for code in found):
        patch = find_patch_t(grey)
        found += [Code(Symbology.PATCH_T, _PATCH_T, patch)] if patch is not None else []
    if all(code.symbology is Symbology.QR for code in found):
        found += _decode_bars(pixels, grey)
    for box in [] if found else _heads(grey.shape[1], grey.shape[0]):
        found += [] if found else _decode_harder(pixels, box, _head_treatments)
    found += [code for code in unread if not any(_near(code.box, other.box) for other in found)]
    return tuple(sorted(_settled(found), key=lambda code: (code.box.top, code.box.left))[:MAX_CODES])


def _decode(grey: Pixels, *, white_on_black: bool = True) -> tuple[list[Code], list[Box]]:
    """What zxing-cpp reads on an image as it is, and where it sees a QR that it cannot read."""
    found: list[Code] = []
    undecoded: list[Box] = []
    seen = zxingcpp.read_barcodes(grey, formats=_FORMATS, text_mode=zxingcpp.TextMode.Plain, return_errors=True, try_invert=white_on_black)
    for barcode in seen:
        box = _box(barcode.position, grey.shape[1], grey.shape[0])
        if box is None:
            continue
        if barcode.valid and barcode.format in _SYMBOLOGIES:
            code = _code(_SYMBOLOGIES[barcode.format], barcode.text, box)
            found += [code] if code is not None else []
        elif not barcode.valid and barcode.format in _FINDERS and _square(box):
            undecoded.append(box)
    return found, _merged(undecoded)


def _square(box: Box) -> bool:
    return min(box.width, box.height) >= _SMALLEST_QR and 0.7 < box.width / box.height < 1.4


def _merged(boxes: list[Box]) -> list[Box]:
    """One box for all that are near each other: the finder patterns of one QR."""
    merged: list[Box] = []
    for box in boxes:
        for other in [other for other in merged if _near(box, other)]:
            merged.remove(other)
            box = Box(min(box.left, other.left), min(box.top, other.top), max(box.right, other.right), max(box.bottom, other.bottom))
        merged.append(box)
    return merged


def _decode_harder(pixels: Pixels, box: Box, treatments: Callable[[Pixels], Iterator[Pixels]]) -> list[Code]:
    """What can be read in a part of the page once it is treated in one way or another; boxes in pixels of the page."""
    part = _lightest(np.ascontiguousarray(pixels[box.top : box.bottom, box.left : box.right]))
    if min(part.shape) < _SMALLEST_QR or float(part[::4, ::4].std()) < _PLAIN_DEVIATION:
        return []
    unconfirmed: list[Code] = []

    def lights() -> Iterator[Pixels]:
        yield from treatments(part)
        if unconfirmed:
            yield _enlarged(_evened(part))
            yield _sharpened(_enlarged(part))

    for treated in lights():
        scale = treated.shape[0] / part.shape[0]
        found = [_moved(code, scale, box) for code in _decode(treated, white_on_black=False)[0]]
        # Code 39 has no check digit: what is read of a treated image counts once another treatment agrees.
        sure = [code for code in found if code.symbology is not Symbology.CODE_39 or any(_same(code, other) for other in unconfirmed)]
        if sure:
            return sure
        unconfirmed += found
    return []


def _decode_bars(pixels: Pixels, grey: Pixels) -> list[Code]:
    """The bar codes that read once they are made upright; what counts is seen in two pictures, of the same bars or of others."""
    fields = find_bars(grey)
    light = _lightest(pixels) if fields else grey
    found: list[Code] = []
    seen: set[Code] = set()
    for field in fields:
        box = field.box(light.shape[1], light.shape[0])
        for picture in upright_pictures(light, field):
            codes = {replace(code, box=box) for code in _decode(picture, white_on_black=False)[0]}
            agreed = [code for code in codes if any(_same_text(code, other) for other in seen)]
            seen |= codes
            found += agreed
            if agreed:
                break
    return found


def _lightest(part: Pixels) -> Pixels:
    """The lightest channel: seals and signatures are red or blue and vanish in it, what is black stays."""
    return part if part.ndim == 2 else np.asarray(cv2.max(cv2.max(part[:, :, 0], part[:, :, 1]), part[:, :, 2]), np.uint8)


def _head_treatments(part: Pixels) -> Iterator[Pixels]:
    """A part of the page in other lights, in the order of what helped most in measurements on worn scans of QR and bar codes."""
    yield _enlarged(_sharpened(_evened(part)))
    yield np.asarray(cv2.medianBlur(part, 3), np.uint8)


def _qr_treatments(part: Pixels) -> Iterator[Pixels]:
    yield _enlarged(_sharpened(_evened(part)))
    yield np.asarray(cv2.medianBlur(part, 3), np.uint8)  # specks
    yield np.asarray(cv2.GaussianBlur(part, (0, 0), 1.0), np.uint8)  # noise, ragged edges of a bitonal scan
    yield np.asarray(cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8)  # thin dark streaks
    yield _enlarged(_evened(part))


def _evened(part: Pixels) -> Pixels:
    """Divided by its background and stretched: uneven light, pale ink."""
    small = cv2.resize(part, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), (0, 0), 5)
    even = cv2.divide(part, cv2.resize(paper, (part.shape[1], part.shape[0])), scale=255)
    darkest = min(235.0, float(np.percentile(even[::4, ::4], 0.5)))
    table = np.clip((np.arange(256) - darkest) * (255 / (255 - darkest)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(even, table), np.uint8)


def _sharpened(part: Pixels) -> Pixels:
    return np.asarray(cv2.addWeighted(part, 2.0, cv2.GaussianBlur(part, (0, 0), 2.0), -1.0, 0), np.uint8)


def _enlarged(part: Pixels) -> Pixels:
    if part.size * 4 > _UPSCALED_PIXELS:
        return part
    return np.asarray(cv2.resize(part, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR), np.uint8)


def _heads(width: int, height: int) -> tuple[Box, ...]:
    """Where the top left of the sheet is when it was put in the right way up and upside down; sideways for broad images."""
    if width <= height:
        across, down = int(width * _HEAD_COLUMNS), int(height * _HEAD_ROWS)
        return Box(0, 0, across, down), Box(width - across, height - down, width, height)
    across, down = int(width * _HEAD_ROWS), int(height * _HEAD_COLUMNS)
    return Box(0, height - down, across, height), Box(width - across, 0, width, down)


def _code(symbology: Symbology, untrusted_text: str, box: Box) -> Code | None:
    if _CITIZEN_CARD.match(untrusted_text):
        number = untrusted_text.strip().split("|", 1)[0]
        return Code(symbology, f"{number[:3]}******{number[-3:]}", box, citizen_card=True)
    payload = _clean(untrusted_text)
    if symbology is Symbology.QR:
        return Code(symbology, payload, box) if payload else None
    if payload.upper() == _PATCH_T:
        return Code(Symbology.PATCH_T, payload.upper(), box)
    return Code(symbology, payload, box) if len(payload) >= _SHORTEST_BAR_CODE else None


def _clean(untrusted_text: str) -> str:
    lines = untrusted_text.replace("\r\n", "\n").replace("\r", "\n")[:MAX_PAYLOAD]
    kept = "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in _UNSAFE)
    return unicodedata.normalize("NFC", kept).strip()[:MAX_PAYLOAD]


def _box(position: zxingcpp.Position, width: int, height: int) -> Box | None:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    box = Box(max(0, min(across)), max(0, min(down)), min(width, max(across) + 1), min(height, max(down) + 1))
    return box if box.width > 0 and box.height > 0 else None


def _widened(box: Box, width: int, height: int) -> Box:
    across, down = int(box.width * _MARGIN), int(box.height * _MARGIN)
    return Box(max(0, box.left - across), max(0, box.top - down), min(width, box.right + across), min(height, box.bottom + down))


def _moved(code: Code, scale: float, part: Box) -> Code:
    """The code with its box in pixels of the page, from that in a part of it which was enlarged `scale` times."""
    box = Box(
        part.left + int(code.box.left / scale),
        part.top + int(code.box.top / scale),
        min(part.right, part.left + math.ceil(code.box.right / scale)),
        min(part.bottom, part.top + math.ceil(code.box.bottom / scale)),
    )
    return Code(code.symbology, code.payload, box, code.citizen_card)


def _near(one: Box, other: Box) -> bool:
    """Whether they can be two readings of one printed code: of a bar code a reader may see a line or two only."""
    slack = max(one.width, one.height, other.width, other.height) // 10
    return (
        one.left < other.right + slack
        and other.left < one.right + slack
        and one.top < other.bottom + slack
        and other.top < one.bottom + slack
    )


def _same(one: Code, other: Code) -> bool:
    return _same_text(one, other) and _near(one.box, other.box)


def _same_text(one: Code, other: Code) -> bool:
    return one.symbology is other.symbology and one.payload == other.payload


def _contradicts(one: Code, other: Code) -> bool:
    """Whether one printed bar code was read in two ways."""
    return one.symbology is other.symbology is not Symbology.QR and one.payload != other.payload and _near(one.box, other.box)


def _settled(codes: list[Code]) -> list[Code]:
    """Without those that were read twice in the same place, and without both of two readings that differ."""
    kept: list[Code] = []
    for code in codes:
        if not any(_same(code, other) for other in kept):
            kept.append(code)
    return [code for code in kept if not any(_contradicts(code, other) for other in codes)]
