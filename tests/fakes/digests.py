"""Digests of papers that nobody wrote."""

import struct
import zlib
from dataclasses import replace
from datetime import date

from chatpaper.write.messages.digest import Digest, DigestFigure, DigestPaper

DAY = date(2026, 11, 22)


def make_png(width: int = 40, height: int = 20) -> bytes:
    """Return a white picture as a PNG file (RFC 2083)."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\xff" * width) * height)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def make_paper(number: int, **changes: object) -> DigestPaper:
    """Return a paper whose title has its number."""
    paper = DigestPaper(
        arxiv_id=f"2611.{number:05d}",
        title=f"第 {number} 篇：扩散模型的步数预算",
        original_title=f"Step Budgets {number}",
        authors="José Núñez, Oğuzhan Kar",
        tldr="四十步就够，测出这一点约花一百个样本的计算。" * 2,
        verdict="61 处数字、名称和引文与原文相符",
        reason="标题提到“diffusion”",
        topics=("Diffusion Models",),
        paper_url=f"http://arxiv.org/abs/2611.{number:05d}v1",
        post_url=f"https://papers.example.org/2026-11-22/Diffusion_Models/#paper-{number}",
    )
    return replace(paper, **changes)  # type: ignore[arg-type]


def make_digest(papers: int, *, figures: bool = True) -> Digest:
    """Return a digest of so many papers."""
    figure = DigestFigure(make_png(), "图 1", "误差随步数下降。", 40) if figures else None
    return Digest(
        DAY,
        ("Diffusion Models",),
        tuple(make_paper(number, figure=figure) for number in range(1, papers + 1)),
        url="https://papers.example.org/2026-11-22/Diffusion_Models/",
    )
