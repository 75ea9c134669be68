"""arXiv's public metadata snapshot, as it is published: one JSON record a line."""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

FIRST_SUBMISSION = datetime(2021, 2, 27, 9, tzinfo=UTC)


@dataclass(frozen=True)
class SnapshotPaper:
    """A paper of the snapshot; the file that holds its PDF."""

    arxiv_id: str
    title: str
    abstract: str
    published: datetime
    pdf: Path
    authors: Sequence[tuple[str, str]] = (("Köhler", "Maren"), ("Yıldız", "Oğuzhan"))
    version: int = 2
    categories: str = "cs.LG cs.CV"

    @property
    def record(self) -> Mapping[str, Any]:
        created = format_datetime(self.published, usegmt=True)
        return {
            "id": self.arxiv_id,
            "submitter": 'Maren K\\"ohler',
            "authors": ", ".join(f"{given} {family}" for family, given in self.authors),
            "title": self.title.replace(": ", ":\n  "),
            "comments": None,
            "journal-ref": None,
            "doi": None,
            "report-no": None,
            "categories": self.categories,
            "license": "http://creativecommons.org/licenses/by/4.0/",
            "abstract": f"  {self.abstract}\n",
            "versions": [
                {"version": f"v{number}", "created": created}
                for number in range(1, self.version + 1)
            ],
            "update_date": f"{self.published:%Y-%m-%d}",
            "authors_parsed": [[family, given, ""] for family, given in self.authors],
        }


def make_papers(library: Path, count: int, hours_apart: int = 12) -> list[SnapshotPaper]:
    """Return so many papers: those of the library on diffusion, over and over under other ids."""
    records = [
        record
        for record in json.loads((library / "metadata.json").read_text(encoding="utf-8"))
        if "iffusion model" in record["title"] + record["abstract"]
    ]
    papers = []
    for number in range(count):
        record = records[number % len(records)]
        published = FIRST_SUBMISSION + timedelta(hours=hours_apart * number)
        papers.append(
            SnapshotPaper(
                f"{published:%y%m}.{number + 1:05d}",
                record["title"],
                record["abstract"],
                published,
                library / record["file"],
            )
        )
    return papers


def write_snapshot(path: Path, papers: Iterable[SnapshotPaper], more: Sequence[str] = ()) -> Path:
    """Write the records of papers, with other lines between them."""
    lines = [json.dumps(paper.record) for paper in papers]
    path.write_text("".join(f"{line}\n" for line in (*more, *lines)), encoding="utf-8")
    return path


def write_pdfs(folder: Path, papers: Iterable[SnapshotPaper]) -> Path:
    """Put the PDFs where arXiv's bucket has them: in a folder a month, with their versions."""
    for paper in papers:
        target = folder / paper.arxiv_id[:4] / f"{paper.arxiv_id}v{paper.version}.pdf"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(paper.pdf, target)
    return folder
