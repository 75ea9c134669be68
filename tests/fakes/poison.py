"""PDFs that harm their reader: one breaks off, one takes too much memory, and one is none."""

import zlib
from collections.abc import Sequence
from pathlib import Path

from tests.fakes.arxiv_snapshot import SnapshotPaper


def pdf_of(content: bytes) -> bytes:
    """Return a PDF of one page with this content stream, compressed."""
    packed = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
            b"/Resources<</Font<</F 5 0 R>>>>>>"
        ),
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = bytearray(b"%PDF-1.5\n")
    starts = []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(
        b"%010d 00000 n \n" % start for start in starts
    )
    return bytes(out + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table)


def write_poison(folder: Path, papers: Sequence[SnapshotPaper]) -> list[str]:
    """Put poison in the place of three PDFs, and return the ids of their papers, oldest first."""
    kinds = (
        pdf_of(b"BT /F 10 Tf ET")[:200],
        pdf_of(
            b"BT /F 10 Tf 50 700 Td\n" + b"(abcdefghijklmnopqrstuvwxyz) Tj\n" * 1_000_000 + b"ET"
        ),
        b"%PDF-1.7 broken",
    )
    chosen = [papers[len(papers) * part // 4] for part in (1, 2, 3)]
    for paper, content in zip(chosen, kinds, strict=True):
        name = f"{paper.arxiv_id}v{paper.version}.pdf"
        (folder / paper.arxiv_id[:4] / name).write_bytes(content)
    return [paper.arxiv_id for paper in chosen]
