"""Plots as PDF and pictures as PNG, to be included by the papers."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pymupdf

Colour = tuple[float, float, float]
PALETTES: Sequence[Sequence[Colour]] = (
    ((0.12, 0.47, 0.71), (1.0, 0.5, 0.05), (0.17, 0.63, 0.17), (0.84, 0.15, 0.16)),
    ((0.0, 0.0, 0.0), (0.45, 0.45, 0.45), (0.7, 0.7, 0.7), (0.25, 0.25, 0.25)),
    ((0.27, 0.0, 0.33), (0.13, 0.57, 0.55), (0.99, 0.91, 0.14), (0.23, 0.32, 0.55)),
)
MARGIN = 26.0
TICKS = 5
LABEL_SIZE = 7.0


def draw_plot(path: Path, random: Random, width: float, height: float) -> None:
    """Draw a plot of some kind; `width` and `height` are in points."""
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=width, height=height)
        if random.random() < 0.25:
            page.draw_rect(page.rect, color=None, fill=(0.92, 0.92, 0.95))
        frame = pymupdf.Rect(MARGIN, 8, width - 6, height - MARGIN)
        draw = random.choice(PLOTS)
        if draw is not _draw_boxes_and_arrows:
            _draw_axes(page, random, frame)
        draw(page, random, frame, random.choice(PALETTES))
        pdf.save(path, deflate=True, no_new_id=True)


def _draw_axes(page: pymupdf.Page, random: Random, frame: pymupdf.Rect) -> None:
    shape = page.new_shape()
    if random.random() < 0.5:
        shape.draw_rect(frame)
    else:
        shape.draw_polyline([frame.tl, frame.bl, frame.br])
    shape.finish(width=0.6, closePath=False)
    for tick in range(TICKS + 1):
        x = frame.x0 + frame.width * tick / TICKS
        y = frame.y1 - frame.height * tick / TICKS
        shape.draw_line((x, frame.y1), (x, frame.y1 + 3))
        shape.draw_line((frame.x0, y), (frame.x0 - 3, y))
        shape.insert_text((x - 4, frame.y1 + 11), str(tick * 20), fontsize=LABEL_SIZE)
        shape.insert_text((frame.x0 - 17, y + 2), f"{tick / TICKS:.1f}", fontsize=LABEL_SIZE)
    shape.finish(width=0.5)
    shape.insert_text(
        (frame.x0 + frame.width / 2 - 14, frame.y1 + 22),
        random.choice(("epoch", "time (s)", "distance (km)", "samples")),
        fontsize=LABEL_SIZE + 1,
    )
    shape.commit()


def _draw_lines(
    page: pymupdf.Page, random: Random, frame: pymupdf.Rect, palette: Sequence[Colour]
) -> None:
    for colour in palette[: random.randint(2, 4)]:
        phase, rate = random.random() * 6, random.uniform(1, 9)
        points = [
            (
                frame.x0 + frame.width * step / 60,
                frame.y1 - frame.height * (0.5 + 0.4 * math.sin(phase + rate * step / 60)),
            )
            for step in range(61)
        ]
        page.draw_polyline(points, color=colour, width=1)


def _draw_bars(
    page: pymupdf.Page, random: Random, frame: pymupdf.Rect, palette: Sequence[Colour]
) -> None:
    groups, bars = random.randint(3, 6), random.randint(1, 3)
    step = frame.width / groups
    for group in range(groups):
        for bar in range(bars):
            x = frame.x0 + step * (group + 0.15 + 0.7 * bar / bars)
            top = frame.y1 - frame.height * random.uniform(0.1, 0.95)
            page.draw_rect((x, top, x + 0.7 * step / bars, frame.y1), fill=palette[bar], color=None)


def _draw_points(
    page: pymupdf.Page, random: Random, frame: pymupdf.Rect, palette: Sequence[Colour]
) -> None:
    shape = page.new_shape()
    for colour in palette[: random.randint(1, 3)]:
        centre = random.uniform(0.2, 0.8), random.uniform(0.2, 0.8)
        for _ in range(40):
            x, y = (min(max(random.gauss(c, 0.1), 0.02), 0.98) for c in centre)
            shape.draw_circle((frame.x0 + x * frame.width, frame.y0 + y * frame.height), 1.5)
        shape.finish(fill=colour, color=None)
    shape.commit()


def _draw_boxes_and_arrows(
    page: pymupdf.Page, random: Random, frame: pymupdf.Rect, palette: Sequence[Colour]
) -> None:
    columns = random.randint(3, 5)
    step = frame.width / columns
    for column in range(columns):
        box = pymupdf.Rect(0, 0, step * 0.7, frame.height * random.uniform(0.25, 0.6))
        middle = frame.y0 + frame.height / 2
        box += (frame.x0 + column * step, middle - box.height / 2) * 2
        page.draw_rect(box, fill=tuple(0.6 + 0.4 * part for part in palette[column % 4]))
        word = random.choice(("input", "encode", "mix", "gate", "score", "output", "loss"))
        page.insert_text((box.x0 + 3, middle + 2), word, fontsize=LABEL_SIZE)
        if column:
            page.draw_line((box.x0 - step * 0.3, middle), (box.x0, middle))


PLOTS: Sequence[Callable[..., None]] = (
    _draw_lines,
    _draw_bars,
    _draw_points,
    _draw_boxes_and_arrows,
)


def draw_picture(path: Path, random: Random, width: int, height: int) -> None:
    """Draw a bitmap: waves of two colours, with a white border at times."""
    dark, light = ([random.randint(*limits) for _ in range(3)] for limits in ((0, 120), (130, 235)))
    rates = random.uniform(0.03, 0.2), random.uniform(0.03, 0.2)
    border = 4 if random.random() < 0.15 else 0
    samples = bytearray()
    for y in range(height):
        for x in range(width):
            if not (border <= x < width - border and border <= y < height - border):
                samples += b"\xff\xff\xff"
                continue
            mix = 0.5 + 0.5 * math.sin(x * rates[0]) * math.cos(y * rates[1])
            samples += bytes(
                round(low + (high - low) * mix) for low, high in zip(dark, light, strict=True)
            )
    pymupdf.Pixmap(pymupdf.csRGB, width, height, bytes(samples), 0).save(path)
