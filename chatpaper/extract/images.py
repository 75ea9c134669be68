"""Pictures of figures and tables: cropped from their pages to the ink, and written as PNG files."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chatpaper.domain import BBox, Figure
from chatpaper.extract.pdf import open_renderer

# Strokes reach beyond their paths by half their width, and letters beyond their boxes a little.
BLEED_POINTS = 1.0


def write_images(pdf: Path, figures: Sequence[Figure], folder: Path) -> tuple[Figure, ...]:
    """Render the figures of `pdf` into `folder`; each comes back with its image's name and its box shrunk to the ink.

    Files are named by kind and running number, `figure-1.png` or `table-2.png`, and appear whole or not at all. A
    region without any ink is no figure, and is left out. Raises ExtractError as `read_pdf` does.
    """
    if not figures:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    written: Counter[str] = Counter()
    shown: list[Figure] = []
    with open_renderer(pdf) as renderer:
        for figure in figures:
            crop = renderer.crop(figure.page, _with_bleed(figure.bbox))
            if crop is None:
                continue
            written[figure.kind] += 1
            name = f"{figure.kind}-{written[figure.kind]}.png"
            part = folder / f"{name}.part"
            part.write_bytes(crop.png)
            part.replace(folder / name)
            shown.append(replace(figure, image=name, bbox=crop.bbox))
    return tuple(shown)


def _with_bleed(box: BBox) -> BBox:
    return BBox(
        max(0.0, box.x0 - BLEED_POINTS), max(0.0, box.y0 - BLEED_POINTS), box.x1 + BLEED_POINTS, box.y1 + BLEED_POINTS
    )
