"""Crop figures and tables from their pages, to the ink, and write them as PNG files."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chatpaper.domain import Figure
from chatpaper.extract.pdf.rendering import open_renderer


def write_images(pdf: Path, figures: Sequence[Figure], folder: Path) -> tuple[Figure, ...]:
    """Render figures of `pdf` into `folder`; return them with image names and boxes cut to the ink.

    Files are named by kind and running number, `figure-1.png` or `table-2.png`, and appear whole or
    not at all. A region without any ink is no figure, and is left out. Raises ExtractError as
    `read_pdf` does.
    """
    if not figures:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    written: Counter[str] = Counter()
    shown: list[Figure] = []
    with open_renderer(pdf) as renderer:
        for figure in figures:
            crop = renderer.crop(figure.page, figure.bbox)
            if crop is None:
                continue
            written[figure.kind] += 1
            name = f"{figure.kind}-{written[figure.kind]}.png"
            part = folder / f"{name}.part"
            part.write_bytes(crop.png)
            part.replace(folder / name)
            shown.append(replace(figure, image=name, bbox=crop.bbox))
    return tuple(shown)
