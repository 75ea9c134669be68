"""Draw the bitmaps of the papers: synthetic images, from seeded noise and simple geometry.

Needs numpy and Pillow. The character of the Chinese paper is set in the Fandol font of TeX Live.
"""

import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FIGURES = Path(__file__).parent / "sources" / "figures"
Array = NDArray[np.float64]
SUPERSAMPLING = 4  # shapes are drawn larger and shrunk, since Pillow does not smooth edges
GAP_PIXELS = 4  # white space between the tiles of a strip


def save(name: str, pixels: Array) -> None:
    """Write values between 0 and 1 as a PNG of 8 bits."""
    Image.fromarray((np.clip(pixels, 0, 1) * 255).round().astype(np.uint8)).save(
        FIGURES / name, optimize=True
    )


def strip(tiles: list[Array]) -> Array:
    """Join tiles of equal size side by side with white gaps."""
    gap = np.ones((tiles[0].shape[0], GAP_PIXELS, *tiles[0].shape[2:]))
    return np.concatenate([part for tile in tiles for part in (tile, gap)][:-1], axis=1)


def grid(rows: list[list[Array]]) -> Array:
    """Join rows of tiles with white gaps."""
    return np.swapaxes(strip([np.swapaxes(strip(row), 0, 1) for row in rows]), 0, 1)


def noised(image: Array, kept: float, random: np.random.Generator) -> Array:
    """Add noise to an image, as at a level of the forward process.

    `kept` is the share of its variance that is left.
    """
    return (
        0.5
        + np.sqrt(kept) * (image - 0.5)
        + np.sqrt(1 - kept) * random.normal(0, 0.28, image.shape)
    )


def blobs(size: int, count: int, random: np.random.Generator) -> Array:
    """Draw soft bright discs on a dark ground."""
    y, x = np.mgrid[0:size, 0:size] / size
    image = np.full((size, size), 0.08)
    for _ in range(count):
        centre_x, centre_y = random.uniform(0.2, 0.8, 2)
        radius = random.uniform(0.07, 0.16)
        distance = np.hypot(x - centre_x, y - centre_y)
        image = np.maximum(image, 0.9 / (1 + np.exp((distance - radius) * 60)))
    return image


def canvas(size: int, colour: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Make an enlarged picture to draw on."""
    image = Image.new("RGB", (size * SUPERSAMPLING, size * SUPERSAMPLING), colour)
    return image, ImageDraw.Draw(image)


def shrunk(image: Image.Image) -> Array:
    """Reduce an enlarged picture to its final size."""
    small = image.resize(
        (image.width // SUPERSAMPLING, image.height // SUPERSAMPLING), Image.Resampling.LANCZOS
    )
    return np.asarray(small, dtype=np.float64) / 255


def leaf(size: int) -> Array:
    """Draw a pressed leaf with veins on toned paper."""
    image, draw = canvas(size, "#e9dfc6")
    unit = size * SUPERSAMPLING
    along = np.linspace(0, 1, 80)
    half_width = 0.23 * np.sin(np.pi * along) ** 0.8
    right = [
        (unit * (0.5 + w), unit * (0.08 + 0.78 * t)) for t, w in zip(along, half_width, strict=True)
    ]
    left = [
        (unit * (0.5 - w), unit * (0.08 + 0.78 * t)) for t, w in zip(along, half_width, strict=True)
    ]
    draw.polygon(right + left[::-1], fill="#5d7a3a")
    draw.line(
        [(unit * 0.5, unit * 0.08), (unit * 0.5, unit * 0.95)], fill="#34491d", width=unit // 90
    )
    for t in np.linspace(0.15, 0.85, 9):
        reach = 0.2 * np.sin(np.pi * t)
        for side in (-1, 1):
            start = (unit * 0.5, unit * (0.1 + 0.78 * t))
            draw.line(
                [start, (unit * (0.5 + side * reach), unit * (0.03 + 0.78 * t))],
                fill="#4a632b",
                width=unit // 200,
            )
    return shrunk(image)


def dust_mask(size: int, random: np.random.Generator) -> Array:
    """Draw a mask that is white where dust and fibres lie."""
    image, draw = canvas(size, "black")
    unit = size * SUPERSAMPLING
    for _ in range(70):
        x, y = random.uniform(0, unit, 2)
        radius = random.uniform(0.004, 0.013) * unit
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill="white")
    for _ in range(7):
        points = np.cumsum(random.normal(0, 0.035, (9, 2)), axis=0) + random.uniform(0.2, 0.8, 2)
        draw.line(
            [(unit * x, unit * y) for x, y in points],
            fill="white",
            width=unit // 120,
            joint="curve",
        )
    return shrunk(image)


def blurred(pixels: Array, radius: float) -> Array:
    """Apply a Gaussian blur of `radius` pixels."""
    image = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float64) / 255


def scene(size: int, cube_x: float, sphere_x: float) -> Array:
    """Draw a red cube and a blue sphere on a grey floor; positions are shares of the width."""
    image, draw = canvas(size, "#d7dbe0")
    unit = size * SUPERSAMPLING
    draw.rectangle([0, unit * 0.62, unit, unit], fill="#a9a39a")
    side, depth = 0.2 * unit, 0.07 * unit
    x, y = cube_x * unit - side / 2, 0.55 * unit
    draw.rectangle([x, y, x + side, y + side], fill="#c5281c")
    draw.polygon(
        [(x, y), (x + depth, y - depth), (x + side + depth, y - depth), (x + side, y)],
        fill="#e2604f",
    )
    corner = [
        (x + side, y),
        (x + side + depth, y - depth),
        (x + side + depth, y + side - depth),
        (x + side, y + side),
    ]
    draw.polygon(corner, fill="#8d170f")
    for step in range(24):
        radius = 0.12 * unit * (1 - step / 24)
        x, y = sphere_x * unit - 0.02 * unit * step / 12, 0.63 * unit - 0.025 * unit * step / 12
        shade = (30 + 6 * step, 60 + 6 * step, 165 + 3 * step)
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=shade)
    return shrunk(image)


def cells(size: int, random: np.random.Generator) -> tuple[Array, Array]:
    """Draw a synthetic micrograph and its mask."""
    y, x = np.mgrid[0:size, 0:size] / size
    image, mask = np.full((size, size), 0.15), np.zeros((size, size))
    for centre_x, centre_y in [
        (0.2, 0.25),
        (0.52, 0.2),
        (0.82, 0.3),
        (0.3, 0.62),
        (0.62, 0.55),
        (0.8, 0.8),
        (0.45, 0.87),
    ]:
        stretch, angle = random.uniform(0.75, 1.3), random.uniform(0, np.pi)
        u = (x - centre_x) * np.cos(angle) + (y - centre_y) * np.sin(angle)
        v = -(x - centre_x) * np.sin(angle) + (y - centre_y) * np.cos(angle)
        distance = np.hypot(u * stretch, v / stretch) / 0.11
        mask = np.maximum(mask, (distance < 1).astype(np.float64))
        image = np.maximum(
            image,
            0.15
            + 0.5 / (1 + np.exp((distance - 0.95) * 12))
            + 0.25 * np.exp(-((distance * 2.5) ** 2)),
        )
    return image + random.normal(0, 0.05, image.shape), mask


def rubbing(size: int, random: np.random.Generator) -> tuple[Array, Array, Array]:
    """Draw a stone rubbing of one character: whole, damaged, and as a model might restore it."""
    found = subprocess.run(
        ["kpsewhich", "FandolKai-Regular.otf"], capture_output=True, text=True, check=True
    )
    font = ImageFont.truetype(found.stdout.strip(), int(size * SUPERSAMPLING * 0.8))
    image, draw = canvas(size, "black")
    middle = size * SUPERSAMPLING // 2
    draw.text((middle, middle), "永", font=font, fill="white", anchor="mm")
    stroke = shrunk(image)[..., 0]
    stone = blurred(0.12 + 0.5 * np.clip(random.normal(0, 0.5, stroke.shape), 0, 1), 0.7)
    whole = np.maximum(stone, stroke * 0.93)
    harm = blurred((random.uniform(0, 1, stroke.shape) > 0.5).astype(np.float64), size / 28)
    damaged = np.where(harm > np.quantile(harm, 0.72), stone * 0.6, whole)
    return whole, damaged, np.maximum(stone, blurred(stroke, 0.8) * 0.9)


def colour_grid(random: np.random.Generator) -> Array:
    """Draw patches that grow more saturated from left to right.

    Samples do so with the guidance weight.
    """
    hues = [np.array(h) for h in ([0.75, 0.35, 0.3], [0.3, 0.6, 0.4], [0.3, 0.4, 0.75])]
    rows = []
    for hue in hues:
        row = []
        for gain in (0.4, 0.8, 1.2, 1.7, 2.3):
            light = blobs(72, 3, random)[..., None]
            row.append(np.clip(light * (hue.mean() + gain * (hue - hue.mean())) * 1.4 + 0.05, 0, 1))
        rows.append(row)
    return grid(rows)


def main() -> None:
    """Draw every bitmap."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(2026)
    image = blobs(96, 4, random)
    save(
        "forward-strip.png",
        strip([noised(image, kept, random) for kept in (1.0, 0.8, 0.5, 0.2, 0.02)]),
    )
    save(
        "sample-grid.png",
        grid(
            [
                [blobs(48, 3, random) + random.normal(0, s, (48, 48)) for _ in range(4)]
                for s in (0.14, 0.05, 0.015)
            ]
        ),
    )
    whole, mask = leaf(160), dust_mask(160, random)
    save("leaf-clean.png", whole)
    save("leaf-mask.png", mask[..., 0])
    save(
        "leaf-dusty.png", np.where(mask > 0.4, 0.45 + 0.3 * random.uniform(0, 1, mask.shape), whole)
    )
    save("leaf-restored.png", np.where(mask > 0.1, blurred(whole, 1.2), whole))
    for name, (cube_x, sphere_x) in {
        "left": (0.28, 0.72),
        "right": (0.7, 0.25),
        "overlap": (0.45, 0.6),
        "far": (0.14, 0.86),
    }.items():
        save(f"scene-{name}.png", scene(128, cube_x, sphere_x))
    micrograph, cell_mask = cells(128, random)
    save("cells.png", micrograph)
    save("cells-mask.png", cell_mask)
    save(
        "cells-early.png",
        blurred(cell_mask * 0.8 + 0.1, 3) + random.normal(0, 0.04, cell_mask.shape),
    )
    save("cells-late.png", blurred(cell_mask, 1.0))
    for name, pixels in zip(("whole", "damaged", "restored"), rubbing(140, random), strict=True):
        save(f"rubbing-{name}.png", pixels)
    save("saturation.png", colour_grid(random))
    planted = [blobs(56, 3, random) for _ in range(5)]
    save(
        "planted-pairs.png", grid([planted, [p + random.normal(0, 0.03, p.shape) for p in planted]])
    )
    white = random.normal(0, 1, (5, 80, 80))
    frequency = np.maximum(np.hypot(*np.meshgrid(np.fft.fftfreq(80), np.fft.fftfreq(80))), 1 / 80)
    pink = [
        np.real(np.fft.ifft2(np.fft.fft2(w) / frequency**p))
        for w, p in zip(white, (0, 0.25, 0.5, 0.75, 1.0), strict=True)
    ]
    save("noise-colours.png", strip([0.5 + 0.18 * (p - p.mean()) / p.std() for p in pink]))


if __name__ == "__main__":
    main()
