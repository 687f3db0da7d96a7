"""The single kinds of wear that a scan shows, each on its own: flaked ink, show-through, light, streaks, edges, dust, noise.

Light is a map H×W float32, 1 where the sheet is fully lit, that the functions named `add_...` darken in place.
Ink is uint8, 0 none, 255 full. No function here knows presets or the order of things; see `scanner`.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model import Pixels
from samples.presets import Between

Light = npt.NDArray[np.float32]


def shine_through(behind: Pixels, strength: float) -> Pixels:
    """The ink of the other side as seen through the paper: mirrored, diffuse, weak."""
    mirrored = cv2.flip(cv2.bitwise_not(behind), 1)
    half = cv2.resize(mirrored, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    diffuse = cv2.GaussianBlur(half, (0, 0), 1.8)
    full = cv2.resize(diffuse, (behind.shape[1], behind.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.convertScaleAbs(full, alpha=strength), dtype=np.uint8)


def flake(ink: Pixels, share: float, random: np.random.Generator) -> Pixels:
    """Ink with holes about two pixels wide where toner or a worn ribbon left none."""
    height, width = ink.shape[:2]
    grain = random.standard_normal((height // 2 + 1, width // 2 + 1), dtype=np.float32)
    holes = cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR) > np.quantile(grain, 1 - share)
    ink = ink.copy()
    ink[holes] //= 4
    return ink


def uneven_light(height: int, width: int, depth: float, random: np.random.Generator) -> Light:
    """A slow fall of light from one side to the other with one dimmer region; darkest about 1 - depth."""
    rows, columns = 48, 36
    y, x = np.mgrid[0 : 1 : rows * 1j, 0 : 1 : columns * 1j]
    way = random.uniform(0, 2 * np.pi)
    fall = (np.cos(way) * (x - 0.5) + np.sin(way) * (y - 0.5)) + 0.5
    cx, cy, spread = random.uniform(0, 1), random.uniform(0, 1), random.uniform(0.2, 0.45)
    dim = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * spread**2))
    light = 1 - depth * np.clip(0.55 * fall + 0.6 * dim, 0, 1)
    return np.asarray(cv2.resize(light.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def add_streaks(light: Light, count: int, depth: Between, whole: bool, random: np.random.Generator) -> None:
    """Vertical lines of dirt on the glass, one to three pixels wide; one in four is a light one."""
    height, width = light.shape
    for _ in range(count):
        left, wide = int(random.integers(0, width - 3)), int(random.integers(1, 4))
        top, bottom = (0, height) if whole else sorted(int(edge) for edge in random.integers(0, height, 2))
        factor = 1 - depth.draw(random) if random.random() < 0.75 else 1.08
        light[top:bottom, left : left + wide] *= factor


def add_spine(light: Light, depth: float, random: np.random.Generator) -> None:
    """The shadow where a bound sheet lifts off the glass, along the left or right edge, over about 5-10 mm."""
    if depth <= 0:
        return
    width = light.shape[1]
    reach = width * random.uniform(0.025, 0.05)
    distance = np.arange(width, dtype=np.float32)
    shadow = (1 - depth * np.exp(-distance / reach)).astype(np.float32)
    light *= shadow if random.random() < 0.7 else shadow[::-1]


def add_border(light: Light, wide: float, random: np.random.Generator) -> None:
    """Black edges, each side its own width up to `wide` pixels, slightly slanting."""
    if wide <= 0:
        return
    height, width = light.shape
    for side in range(4):
        start, end = random.uniform(0.1, 1, 2) * wide
        if random.random() < 0.25:
            continue
        corners = (
            [(0, 0), (width, 0), (width, end), (0, start)],
            [(0, 0), (0, height), (end, height), (start, 0)],
            [(0, height), (width, height), (width, height - end), (0, height - start)],
            [(width, 0), (width, height), (width - end, height), (width - start, 0)],
        )[side]
        cv2.fillPoly(light, [np.array(corners, dtype=np.int32)], (float(random.uniform(0.05, 0.2)),))


def add_dust(light: Light, count: float, random: np.random.Generator) -> None:
    """Dark specks one to three pixels wide."""
    height, width = light.shape
    for x, y, size in zip(
        random.integers(0, width, round(count)), random.integers(0, height, round(count)), random.integers(1, 4, round(count)), strict=True
    ):
        light[y : y + size, x : x + size] *= 0.5


def noisy(image: Pixels, sensor: float, chroma: float, grain: float, random: np.random.Generator) -> Pixels:
    """Sensor noise in all colours alike, `chroma` in each its own, and a coarser paper grain (standard deviations, grey levels)."""
    height, width = image.shape[:2]
    noise = random.standard_normal((height, width), dtype=np.float32) * np.float32(sensor)
    if grain > 0:
        coarse = random.standard_normal((height // 3 + 1, width // 3 + 1), dtype=np.float32) * np.float32(grain)
        noise += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    if image.ndim == 2:
        return np.asarray(cv2.add(image, noise, dtype=cv2.CV_8U), dtype=np.uint8)
    colour = noise * np.float32(chroma / max(sensor, 1e-6))  # shifted copies: as good as three draws, a third of the time
    planes = [cv2.add(plane, _shifted(noise, colour, (7 + 61 * n) % height), dtype=cv2.CV_8U) for n, plane in enumerate(cv2.split(image))]
    return np.asarray(cv2.merge(planes), dtype=np.uint8)


def _shifted(noise: npt.NDArray[np.float32], colour: npt.NDArray[np.float32], rows: int) -> npt.NDArray[np.float32]:
    """The sum of both, the second moved down by so many rows, what falls out below coming in above."""
    total = np.empty_like(noise)
    np.add(noise[rows:], colour[: len(colour) - rows], out=total[rows:])
    np.add(noise[:rows], colour[len(colour) - rows :], out=total[:rows])
    return total
