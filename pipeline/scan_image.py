"""Pages of TIFF, JPEG, PNG, JPEG 2000, WebP and BMP files, through Pillow. Runs in the child process only.

Sizes are checked before anything is decoded. What the file stores (palette, CMYK, 16 bit, alpha, white-is-zero) comes out as
grey or BGR; orientation tags are applied once; pixels that are not square are made so.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from pipeline.errors import Broken, TooLarge, TooManyPages, UnknownFormat
from pipeline.limits import MAX_DPI, MAX_PAGES, MAX_PIXELS, MAX_SIDE, MIN_DPI
from pipeline.model import Pixels
from pipeline.scan_raster import Raster, assumed_dpi, fitting_scale, grey_if_equal, told_dpi
from pipeline.sniff import Format

_PILLOW = {Format.TIFF: "TIFF", Format.JPEG: "JPEG", Format.PNG: "PNG", Format.JP2: "JPEG2000", Format.WEBP: "WEBP", Format.BMP: "BMP"}
_ORIENTATION, _PHOTOMETRIC, _SUBFILE = 0x0112, 0x0106, 0x00FE
_REDUCED_OR_MASK = 0b101  # NewSubfileType: a thumbnail or a transparency mask of another page
_QUARTER_TURNED = (5, 6, 7, 8)
_SQUARE_TOLERANCE = 0.03

Image.MAX_IMAGE_PIXELS = None  # our own bounds are checked on every page, see _check
warnings.simplefilter("ignore")  # nobody reads them here


class ImageSource:
    """An open image file; a TIFF may hold many pages."""

    def __init__(self, path: str, kind: Format) -> None:
        """Raises TooManyPages, TooLarge, UnknownFormat, or what Pillow raises."""
        # Given a name, Pillow maps uncompressed pixels into memory and mixes up the sides of TIFFs with Orientation 5 to 8.
        self._file = Path(path).open("rb")  # noqa: SIM115 - read until this process ends
        self._kind = kind
        self._image = self._open()
        self._frames = _frames(self._image) if kind is Format.TIFF else [0]
        self._animated = kind is not Format.TIFF and kind is not Format.JPEG and getattr(self._image, "n_frames", 1) > 1
        self.pages = len(self._frames)
        if self.pages == 1:
            self._image.seek(self._frames[0])
            _check(self._image)

    def page(self, number: int) -> Raster:
        """Page `number`, from 1. Raises TooLarge, Broken, or what Pillow raises."""
        frame = self._frames[number - 1]
        try:
            raster = self._read(frame, truncated=False)
        except OSError:
            self._image = self._open()  # a failed decoder leaves the old one in a state of its own
            raster = self._read(frame, truncated=True)
        if self._kind is not Format.TIFF:
            self._image = self._open()  # drops the decoded pixels
        return raster

    def _open(self) -> ImageFile.ImageFile:
        try:
            self._file.seek(0)
            return Image.open(self._file, formats=[_PILLOW[self._kind]])
        except UnidentifiedImageError as error:
            raise Broken("the header cannot be read") from error

    def _read(self, frame: int, *, truncated: bool) -> Raster:
        image = self._image
        image.seek(frame)
        _check(image)
        turned = image.getexif().get(_ORIENTATION) in _QUARTER_TURNED
        white_is_zero = self._kind is Format.TIFF and image.tag_v2.get(_PHOTOMETRIC) == 0  # type: ignore[attr-defined]
        resolution = _resolution(image.info.get("dpi"))
        ImageFile.LOAD_TRUNCATED_IMAGES = truncated
        image.load()
        bitonal = image.mode == "1"
        upright = ImageOps.exif_transpose(image)  # Pillow has done so already for TIFF and taken the tag away
        notes = ["truncated"] * truncated + ["animated"] * self._animated
        if resolution is not None and turned:
            resolution = resolution[::-1]
        return _raster(upright, resolution, bitonal=bitonal, invert=white_is_zero, notes=notes)


def _frames(image: ImageFile.ImageFile) -> list[int]:
    """The frames of a TIFF that are pages. Pillow ends a chain of directories that comes back to an earlier one."""
    pages: list[int] = []
    others: list[int] = []
    for frame in range(MAX_PAGES + 1):
        try:
            image.seek(frame)
        except EOFError:
            break
        subfile = image.tag_v2.get(_SUBFILE, 0)  # type: ignore[attr-defined]
        (others if isinstance(subfile, int) and subfile & _REDUCED_OR_MASK else pages).append(frame)
    if len(pages) + len(others) > MAX_PAGES:
        raise TooManyPages(f"more than {MAX_PAGES}")
    if not pages and not others:
        raise UnknownFormat("no image in the file")
    return pages or others


def _check(image: Image.Image) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise Broken("an image without area")
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise TooLarge(f"{width}x{height} pixels")


def _resolution(untrusted: object) -> tuple[float, float] | None:
    """Horizontal and vertical dpi of a tag, each in the range that is believed."""
    if not isinstance(untrusted, tuple) or len(untrusted) != 2:
        return None
    try:
        across, down = float(untrusted[0]), float(untrusted[1])
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if MIN_DPI <= across <= MAX_DPI and MIN_DPI <= down <= MAX_DPI else None


def _raster(image: Image.Image, resolution: tuple[float, float] | None, *, bitonal: bool, invert: bool, notes: list[str]) -> Raster:
    width, height = image.size
    if resolution is not None and abs(resolution[0] / resolution[1] - 1) > _SQUARE_TOLERANCE:  # fax: 204×98 dpi
        finest = max(resolution)
        width, height = max(1, round(width * finest / resolution[0])), max(1, round(height * finest / resolution[1]))
    told = told_dpi(max(resolution), width, height) if resolution is not None else None
    scale = fitting_scale(width, height, told)
    dpi = told or assumed_dpi(width, height)
    if not told:
        notes = [*notes, "dpi_assumed"]
    if scale < 1:
        notes = [*notes, "reduced"]
        width, height = max(1, int(width * scale)), max(1, int(height * scale))
    if (width, height) != image.size:
        image = _resizable(image).resize((width, height), Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR)
    return Raster(_pixels(image, invert=invert), max(MIN_DPI, dpi * scale), bitonal, tuple(notes))


def _resizable(image: Image.Image) -> Image.Image:
    """The image in a mode that Pillow averages in: it would pick single pixels of a palette or of single bits."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _pixels(image: Image.Image, *, invert: bool) -> Pixels:
    """Grey or BGR uint8 of any mode; transparent parts show white paper."""
    if image.has_transparency_data:
        over = image.convert("RGBA")
        paper = Image.new("RGBA", over.size, "white")
        image = Image.alpha_composite(paper, over).convert("RGB")
    if image.mode.startswith("I;16"):
        deep = np.asarray(image) >> 8
        return np.ascontiguousarray(255 - deep if invert else deep, dtype=np.uint8)
    if image.mode in ("I", "F"):
        return _narrowed(np.asarray(image, dtype=np.float64))
    if image.mode in ("1", "L"):
        return np.array(image.convert("L"), dtype=np.uint8)
    return grey_if_equal(np.asarray(image.convert("RGB"))[:, :, ::-1])


def _narrowed(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Pixels:
    """uint8 of 32-bit samples, whose range the file does not tell: the next of 1, 8 bit, 16 bit and 32 bit is taken."""
    if not np.isfinite(values).all():
        raise Broken("samples that are no numbers")
    largest = float(values.max())
    white = next((bound for bound in (1.0, 255.0, 65_535.0) if largest <= bound), 2.0**32 - 1)
    return np.ascontiguousarray(np.clip(values * (255 / white), 0, 255), dtype=np.uint8)
