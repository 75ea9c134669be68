"""PDFs that harm their reader: one breaks off, one takes too much memory, one never ends."""

import zlib
from collections.abc import Sequence
from pathlib import Path

from tests.fakes.arxiv_snapshot import SnapshotPaper

_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<%s>>>>"
# Forms that draw ten others each, so deep: nobody lives to see the last one.
_LEVELS, _CALLS = 12, 10


def pdf_of(content: bytes) -> bytes:
    """Return a PDF of one page with this content stream, compressed."""
    page = _PAGE % b"/Font<</F 5 0 R>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    return _join([page, _stream(zlib.compress(content, 9), b"/Filter/FlateDecode"), font])


def pdf_without_end() -> bytes:
    """Return a PDF of a kilobyte that takes years to draw, and no memory."""
    forms = [
        _stream(
            b"/X Do " * _CALLS,
            b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</X %d 0 R>>>>"
            % (6 + level),
        )
        for level in range(_LEVELS)
    ]
    last = _stream(b"0 0 1 1 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]")
    return _join([_PAGE % b"/XObject<</X 5 0 R>>", _stream(b"/X Do"), *forms, last])


def _stream(body: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(body), body)


def _join(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of one page, which is the first of these objects."""
    head = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    out = bytearray(b"%PDF-1.5\n")
    starts = []
    for number, body in enumerate([*head, *objects], 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, size = len(out), len(starts) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(
        b"%010d 00000 n \n" % start for start in starts
    )
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, table))


def write_poison(folder: Path, papers: Sequence[SnapshotPaper]) -> list[str]:
    """Put poison in the place of three PDFs, and return the ids of their papers, oldest first.

    The first breaks off, the second takes too much memory, the third never ends.
    """
    kinds = (
        pdf_of(b"BT /F 10 Tf ET")[:200],
        pdf_of(
            b"BT /F 10 Tf 50 700 Td\n" + b"(abcdefghijklmnopqrstuvwxyz) Tj\n" * 1_000_000 + b"ET"
        ),
        pdf_without_end(),
    )
    chosen = [papers[len(papers) * part // 4] for part in (1, 2, 3)]
    for paper, content in zip(chosen, kinds, strict=True):
        name = f"{paper.arxiv_id}v{paper.version}.pdf"
        (folder / paper.arxiv_id[:4] / name).write_bytes(content)
    return [paper.arxiv_id for paper in chosen]
