"""The long form of the fuzz test: `python -m tests.fuzz.fuzz_extraction --files 3000 --seed 1`.

Every broken file goes through a worker and must come back as a document or as an error with a
reason, within the time limit. Prints how many ended in which way; the exit code is 1 when one did
not end so.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import islice
from pathlib import Path

import pymupdf

from chatpaper.domain import Document
from chatpaper.domain.errors import ExtractError
from chatpaper.extract.worker import Extractor
from tests.extract.drawn_pages import LEFT_COLUMN, RIGHT_COLUMN, PaperPage, draw, text_page
from tests.fuzz.mutations import mutated

TIMEOUT_SECONDS = 20.0
# Stopping a process that hangs in native code takes the pool some seconds more.
GRACE_SECONDS = 10.0
FILES_AT_ONCE = 64


def figure_page(page: PaperPage) -> None:
    page.plot(80, 80, 270, 200)
    page.text(54, 220, "Figure 1: A plot.", 9)
    page.table(330, 90, 545, 6)
    page.text(318, 186, "Table 1: A table.", 9)
    page.prose(LEFT_COLUMN, 240, 10)
    page.prose(RIGHT_COLUMN, 240, 10)


def originals(folder: Path) -> list[bytes]:
    """Make small whole PDFs with an outline and links.

    Their streams are packed or plain, with or without object streams.
    """
    source = draw(folder / "original.pdf", figure_page, text_page)
    with pymupdf.open(source) as pdf:
        pdf.subset_fonts()
        pdf.set_toc([[1, "Introduction", 1], [2, "Method", 2]])
        pdf[0].insert_link(
            {
                "kind": pymupdf.LINK_URI,
                "from": pymupdf.Rect(54, 210, 90, 222),
                "uri": "https://a.example",
            }
        )
        return [
            pdf.tobytes(garbage=3, deflate=True),
            pdf.tobytes(garbage=3, expand=255, deflate=False),
            pdf.tobytes(garbage=3, deflate=True, use_objstms=1),
        ]


def fuzz(count: int, seed: int, workers: int, folder: Path) -> Counter[str]:
    """Count how `count` broken files ended: "document", or the reason of the error.

    Raises AssertionError for a hang.
    """
    endings: Counter[str] = Counter()
    with Extractor(workers, timeout_seconds=TIMEOUT_SECONDS) as extractor:
        broken = mutated(originals(folder), count, seed)
        while batch := list(islice(broken, FILES_AT_ONCE)):
            futures = [_submitted(extractor, folder, name, content) for name, content in batch]
            deadline = time.monotonic() + len(batch) * (TIMEOUT_SECONDS + GRACE_SECONDS)
            endings.update(_ending(future, deadline) for future in futures)
    return endings


def _submitted(extractor: Extractor, folder: Path, name: str, content: bytes) -> Future[Document]:
    path = folder / f"{name}.pdf"
    path.write_bytes(content)
    return extractor.submit(path, folder / name)


def _ending(future: Future[Document], deadline: float) -> str:
    try:
        future.result(max(0.0, deadline - time.monotonic()))
    except ExtractError as error:
        if not error.reason:
            raise
        return error.reason
    return "document"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        endings = fuzz(options.files, options.seed, options.workers, Path(folder))
    for ending, count in endings.most_common():
        print(f"{count:6} {ending}")
    print(f"{endings.total():6} files, seed {options.seed}, {time.monotonic() - started:.0f} s")
    return 0 if endings.total() == options.files else 1


if __name__ == "__main__":
    raise SystemExit(main())
