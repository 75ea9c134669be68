"""Build the PDFs of this library from `sources/`.

python build.py [STEM ...]

Needs pdflatex and xelatex (TeX Live) and PyMuPDF. The same sources give the same bytes: the clock
is fixed and the trailer's identifier is set in the sources. LaTeX runs in `build/`, which also
keeps the notes for `make_truth.py`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pymupdf

LIBRARY = Path(__file__).parent
SOURCES = LIBRARY / "sources"
BUILD = LIBRARY / "build"
CLOCK = "1793523600"  # 2026-11-01, 09:00 UTC: the date in the PDFs
RUNS = 3  # references need two runs, line numbers and column balance a third
XELATEX_PAPERS = {"rubbing-restoration"}
SCANNED_PAPERS = {"pink-noise"}
SCAN_DPI = 110  # a small office scanner; still legible
SCAN_JPEG_QUALITY = 35


def typeset(stem: str) -> Path:
    """Run LaTeX on a paper, and return the PDF in the build folder."""
    BUILD.mkdir(exist_ok=True)
    environment = os.environ | {
        "SOURCE_DATE_EPOCH": CLOCK,
        "FORCE_SOURCE_DATE": "1",
        "TEXINPUTS": f"{SOURCES.resolve()}:{(SOURCES / 'figures').resolve()}:",
    }
    engine = "xelatex" if stem in XELATEX_PAPERS else "pdflatex"
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", f"{stem}.tex"]
    for _ in range(RUNS):
        run = subprocess.run(
            command,
            cwd=BUILD,
            env=environment,
            capture_output=True,
            check=False,
            text=True,
            errors="replace",
        )
        if run.returncode:
            raise SystemExit(f"{stem}: {engine} failed\n{run.stdout[-3000:]}")
    return BUILD / f"{stem}.pdf"


def scan(paper: Path, target: Path) -> None:
    """Write a PDF that holds nothing but grey pictures of the pages of another."""
    with pymupdf.open(paper) as printed, pymupdf.open() as scanned:
        for page in printed:
            picture = page.get_pixmap(dpi=SCAN_DPI, colorspace=pymupdf.csGRAY)
            jpeg = picture.tobytes("jpeg", jpg_quality=SCAN_JPEG_QUALITY)
            scanned.new_page(width=page.rect.width, height=page.rect.height).insert_image(
                page.rect, stream=jpeg
            )
        scanned.set_metadata(
            {"title": printed.metadata["title"], "author": printed.metadata["author"]}
        )
        scanned.save(target, garbage=4, deflate=True, no_new_id=True)


def main() -> None:
    """Build the papers named on the command line, or all."""
    for stem in sys.argv[1:] or sorted(
        source.stem for source in SOURCES.glob("*.tex") if source.stem != "bibliography"
    ):
        printed, published = typeset(stem), LIBRARY / f"{stem}.pdf"
        if stem in SCANNED_PAPERS:
            scan(printed, published)
        else:
            shutil.copyfile(printed, published)


if __name__ == "__main__":
    main()
