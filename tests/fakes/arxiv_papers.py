"""Papers for the fake arXiv, with records that arXiv has and PDFs of our own.

The metadata of arXiv is CC0; the abstracts are retold.
"""

import itertools
import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.fakes.arxiv_feed import FakePaper

_LINE_CHARACTERS = 80
_LINES_PER_PAGE = 45


def tiny_pdf(title: str, text: str = "") -> bytes:
    """Write a PDF of text pages: a title in large letters on the first, and text in small ones."""
    lines = textwrap.wrap(text, _LINE_CHARACTERS) or [""]
    pages = [
        lines[first : first + _LINES_PER_PAGE] for first in range(0, len(lines), _LINES_PER_PAGE)
    ]
    numbers = range(len(pages))
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in numbers)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number in numbers:
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 "
            f"R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        stream = _page_stream(title if number == 0 else "", pages[number])
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return _pdf_file(objects)


def library_papers(folder: Path) -> list[FakePaper]:
    """Read the PDFs of a folder with a `metadata.json` (a list of objects) as papers of arXiv."""
    records: list[dict[str, Any]] = json.loads((folder / "metadata.json").read_text("utf-8"))
    return [
        _library_paper(number, record, folder) for number, record in enumerate(records, start=1)
    ]


def repeated(originals: Sequence[FakePaper], count: int, newest: datetime) -> list[FakePaper]:
    """Return `count` papers of the topic "Diffusion Models", the originals over and over.

    They are submitted a minute apart. Each has an id and a title of its own, and its id in a
    comment after the end of its PDF, so that none is taken for another.
    """
    return [
        replace(
            original,
            arxiv_id=f"{newest:%y%m}.{number:05d}",
            title=f"Diffusion Models {number}: {original.title}",
            published=newest - timedelta(minutes=number),
            updated=None,
            categories=("cs.CV", "cs.LG"),
            comment=None,
            pdf=(original.pdf or b"") + f"\n% {number}\n".encode(),
        )
        for number, original in zip(range(1, count + 1), itertools.cycle(originals), strict=False)
    ]


def _library_paper(number: int, record: dict[str, Any], folder: Path) -> FakePaper:
    published = _moment(record.get("published")) or datetime.now(UTC)
    return FakePaper(
        arxiv_id=record.get("arxiv_id") or f"{published:%y%m}.{number:05d}",
        title=record.get("title") or record["file"],
        abstract=record.get("abstract") or "No abstract.",
        authors=tuple(record.get("authors") or ("Anonymous",)),
        version=record.get("version") or 1,
        published=published,
        updated=_moment(record.get("updated")),
        categories=tuple(record.get("categories") or ("cs.CV",)),
        comment=record.get("comment"),
        pdf=(folder / record["file"]).read_bytes(),
    )


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _page_stream(title: str, lines: list[str]) -> str:
    heading = [f"({_escaped(line)}) Tj T*" for line in textwrap.wrap(title, 50)]
    body = [f"({_escaped(line)}) Tj T*" for line in lines]
    return "\n".join(["BT /F1 18 Tf 22 TL 72 720 Td", *heading, "/F1 10 Tf 14 TL T*", *body, "ET"])


def _escaped(text: str) -> str:
    return re.sub(r"([()\\])", r"\\\1", text.encode("latin-1", "replace").decode("latin-1"))


def _pdf_file(objects: list[str]) -> bytes:
    file = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = len(file)
    file += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for offset in offsets:
        file += f"{offset:010d} 00000 n \n".encode()
    file += (
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    )
    return bytes(file)


def _sample(
    arxiv_id: str, title: str, abstract: str, authors: str, day: int, **more: Any
) -> FakePaper:
    names = tuple(authors.split(", "))
    published = datetime(2024, 7, day, 9, 30, tzinfo=UTC)
    return FakePaper(
        arxiv_id, title, abstract, names, published=published, pdf=tiny_pdf(title, abstract), **more
    )


# The four papers of one published day of "Diffusion Models"; line breaks in titles as arXiv sends
# them.
SAMPLE_PAPERS = (
    _sample(
        "2407.18125",
        (
            "Self-supervised pre-training with diffusion model for few-shot landmark\n  "
            "detection in x-ray images"
        ),
        "A diffusion model is trained without labels on small collections of X-ray images and "
        "then tuned to find\n"
        "landmarks. With at most 50 annotated images it does better than pre-training on ImageNet.",
        "Roberto Di Via, Francesca Odone, Vito Paolo Pastore",
        25,
        categories=("cs.CV", "cs.LG"),
    ),
    _sample(
        "2407.17571",
        "Diffusion Models for Multi-Task Generative Modeling",
        "Standard diffusion models learn one kind of data. A shared diffusion space lets one "
        "model learn several at\n"
        "once: masked images, labels and representations.",
        (
            "Changyou Chen, Han Ding, Bunyamin Sisman, Yi Xu, Ouye Xie, Benjamin Z. Yao, Son "
            "Dinh Tran, Belinda Zeng"
        ),
        24,
        comment="Published as a conference paper at ICLR 2024",
    ),
    _sample(
        "2407.17229",
        "LPGen: Enhancing High-Fidelity Landscape Painting Generation through\n  Diffusion Model",
        "A diffusion model paints landscapes in the manner of a given picture, and keeps the "
        "outline that it is\n"
        "given by means of an adapter for structure and one for style.",
        "Wanggong Yang, Xiaona Wang, Yingrui Qiu, Yifei Zhao",
        24,
        version=2,
        updated=datetime(2024, 7, 25, 8, 0, tzinfo=UTC),
    ),
    _sample(
        "2407.16772",
        "VisMin: Visual Minimal-Change Understanding",
        "Given two images and two captions that differ in one respect only, a model has to match "
        "them. The pairs were\n"
        "made with large language models and diffusion models, then checked by people.",
        "Rabiul Awal, Saba Ahmadi, Le Zhang, Aishwarya Agrawal",
        23,
        comment="Project URL at https://vismin.net/",
    ),
)
