"""PDFs that harm their reader: one breaks off, one takes too much memory, one never ends."""

import zlib
from collections.abc import Sequence
from pathlib import Path

from tests.fakes.arxiv_snapshot import SnapshotPaper

# A million bytes that draw nothing, so many times.
_NOTHING, _TIMES = b"q Q\n" * 250_000, 20_000


def pdf_of(content: bytes) -> bytes:
    """Return a PDF of one page with this content stream, compressed."""
    return _join(zlib.compress(content, 9), b"/FlateDecode")


def pdf_without_end() -> bytes:
    """Return a PDF of 45 kB that takes long to draw, and no memory: 20 GB, compressed twice."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    block = packer.compress(_NOTHING) + packer.flush(zlib.Z_FULL_FLUSH)
    # Blocks that were flushed stand by themselves, behind the head of a stream.
    return _join(zlib.compress(b"\x78\x9c" + block * _TIMES, 9), b"[/FlateDecode/FlateDecode]")


def _join(packed: bytes, filters: bytes) -> bytes:
    """Return a PDF of one page whose content stream is this."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
            b"/Resources<</Font<</F 5 0 R>>>>>>"
        ),
        b"<</Length %d/Filter%s>>stream\n%s\nendstream" % (len(packed), filters, packed),
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
