"""What is printed or pressed on papers besides text: QR and bar codes, round seals, signatures, tinted ground.

QR and bar codes are drawn by zxing-cpp's writer. Seals and signatures are transparent pictures to press over what is there.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from pipeline.model import Pixels
from samples.drawing import BLUE, RED, px
from samples.fonts import serif

KODAK_PATCHES = {"I": "WWNN", "II": "WNNW", "III": "WNWN", "IV": "NWWN", "T": "NWNW", "VI": "NNWW"}
_WIDE, _NARROW = 0.20 * 25.4, 0.08 * 25.4  # mm
_DRAWN_LARGER = 2  # curves are drawn larger and reduced, which smooths them


def qr(payload: str, side: float) -> Pixels:
    """A QR code with its quiet zone, about `side` mm wide, error correction M (H×W uint8)."""
    modules = np.asarray(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M")))
    scale = max(1, px(side) // modules.shape[0])
    return np.kron(modules, np.ones((scale, scale), np.uint8))


def bars(payload: str, width: float, height: float, *, code_39: bool = False) -> Pixels:
    """A Code 128 (or Code 39) with quiet zones, at most `width` mm wide where that leaves a pixel a module (H×W uint8)."""
    kind = zxingcpp.BarcodeFormat.Code39 if code_39 else zxingcpp.BarcodeFormat.Code128
    row = np.asarray(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(payload, kind)))[:1]
    return np.kron(row, np.ones((px(height), max(1, px(width) // row.shape[1])), np.uint8))


def patch(kind: str, length: float) -> Pixels:
    """A Kodak patch code, level bars `length` mm long, the one nearest to the edge of the paper uppermost (H×W uint8).

    `kind`: one of KODAK_PATCHES. Wide bars are 0.20 inch, narrow bars and spaces 0.08 inch (Kodak, Patch Code Information for Kodak
    Scanners, A-61599, 2006).
    """
    rows: list[int] = []
    for bar in KODAK_PATCHES[kind]:
        rows += [255] * (px(_NARROW) if rows else 0) + [0] * px(_WIDE if bar == "W" else _NARROW)
    return np.repeat(np.array(rows, np.uint8)[:, None], px(length), axis=1)


def seal(name: str, random: np.random.Generator) -> Image.Image:
    """A round red seal, 36 mm, the name running around it; unevenly inked and not quite straight (RGBA)."""
    side = px(36) * _DRAWN_LARGER
    picture = Image.new("RGBA", (side, side), (*RED, 0))
    pen = ImageDraw.Draw(picture)
    ink = (*RED, 255)
    for inset, wide in ((0.01, 14), (0.05, 5), (0.27, 5)):
        edge = side * inset
        pen.ellipse((edge, edge, side - edge, side - edge), outline=ink, width=wide)
    _around(picture, f"• {name.upper()} • ", side)
    _star(pen, side / 2, side * 0.13, ink)
    turned = picture.rotate(float(random.uniform(-25, 25)), Image.Resampling.BICUBIC)
    small = turned.resize((side // _DRAWN_LARGER, side // _DRAWN_LARGER), Image.Resampling.BOX)
    return _unevenly_inked(small, random)


def _around(picture: Image.Image, text: str, side: int) -> None:
    font = serif(8.5 * _DRAWN_LARGER, bold=True)
    step = 2 * math.pi / len(text)
    for n, letter in enumerate(text):
        tile = Image.new("RGBA", (side // 6, side // 6), (*RED, 0))
        ImageDraw.Draw(tile).text((tile.width / 2, tile.height / 2), letter, font=font, fill=(*RED, 255), anchor="mm")
        angle = n * step + math.pi / 2
        tile = tile.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC)
        x, y = side / 2 + 0.37 * side * math.cos(angle), side / 2 + 0.37 * side * math.sin(angle)
        picture.alpha_composite(tile, (round(x - tile.width / 2), round(y - tile.height / 2)))


def _star(pen: ImageDraw.ImageDraw, centre: float, radius: float, ink: tuple[int, int, int, int]) -> None:
    spikes = [(radius * (1 if n % 2 == 0 else 0.4), math.pi * n / 5 - math.pi / 2) for n in range(10)]
    pen.polygon([(centre + r * math.cos(a), centre + r * math.sin(a)) for r, a in spikes], fill=ink)


def _unevenly_inked(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    pixels = np.array(picture)
    coarse = random.uniform(0.45, 1.0, (9, 9)).astype(np.float32)
    pressure = cv2.resize(coarse, (picture.width, picture.height), interpolation=cv2.INTER_CUBIC)
    pixels[..., 3] = np.clip(pixels[..., 3] * np.clip(pressure, 0, 1), 0, 255)
    return Image.fromarray(pixels)


def signature(random: np.random.Generator) -> Image.Image:
    """A blue scrawl about 45 by 20 mm (RGBA)."""
    width, height = px(45), px(20)
    picture = Image.new("RGBA", (width, height), (*BLUE, 0))
    pen = ImageDraw.Draw(picture)
    phase = random.uniform(0, 2 * math.pi, 4)
    loops = float(random.uniform(2.5, 4.5))
    along = np.linspace(0, 1, 260)
    x = width * (0.08 + 0.8 * along + 0.07 * np.sin(2 * math.pi * loops * 1.7 * along + phase[0]))
    swing = np.sin(2 * math.pi * loops * along + phase[1]) * (1 - 0.75 * along) + 0.3 * np.sin(9 * along + phase[2])
    y = height * (0.52 + 0.33 * swing - 0.12 * along)
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    pen.line(points, fill=(*BLUE, 235), width=5, joint="curve")
    pen.line([(width * 0.15, height * 0.86), (width * 0.9, height * 0.7)], fill=(*BLUE, 220), width=4)
    return picture


def tinted(width: int, height: int, colour: tuple[int, int, int]) -> Image.Image:
    """The waved ground of a certificate, in a pale tint (RGB)."""
    y, x = np.mgrid[0:height:2, 0:width:2].astype(np.float32)
    wave = np.sin(x / 9 + 5 * np.sin(y / 60)) + np.sin(y / 9 + 5 * np.sin(x / 60))
    share = np.clip(0.35 + 0.3 * (np.abs(wave) < 0.25) + 0.1 * wave / 2, 0, 1)[..., None]
    ground = 255 - share * (255 - np.array(colour, np.float32))
    return Image.fromarray(ground.astype(np.uint8)).resize((width, height), Image.Resampling.BILINEAR)
