"""`post.figures` in every format: no image that may not be shown, but a link to its page."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chatpaper.domain import BBox, Document, Figure, Paper, Post, PostEntry, Summary
from chatpaper.write.formats import list_formats, load_format, load_labels
from chatpaper.write.licenses import FigurePolicy
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle

CC_BY = "http://creativecommons.org/licenses/by-sa/4.0/"
ARXIV = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
FREE = Paper(
    "2611.00001",
    "Free",
    ("Ann Lee",),
    "An abstract.",
    version=1,
    license=CC_BY,
    abs_url="http://arxiv.org/abs/2611.00001v1",
    pdf_url="https://arxiv.org/pdf/2611.00001v1",
)
# From a folder: its metadata names the arXiv id, but no address of the PDF.
CLOSED = replace(
    FREE,
    arxiv_id="2611.00002",
    title="Closed",
    license=ARXIV,
    abs_url="http://arxiv.org/abs/2611.00002v1",
    pdf_url="",
)
FIGURE = Figure("Figure 1", "figure", "A caption", 7, BBox(0, 0, 10, 10), "figure-1.png")
# A report speaks of figures by their labels and shows none.
FORMATS = [name for name in list_formats() if name != "report"]
IMAGE = re.compile(r'<img src="([^"]+)"|!\[[^\]]*\]\(([^)]+)\)')


def texts(
    tmp_path: Path, name: str, policy: FigurePolicy, figure: Figure = FIGURE
) -> tuple[str, list[str]]:
    """Return what the format writes of both papers, and the images on the disk."""
    images = tmp_path / "cache"
    images.mkdir(exist_ok=True)
    (images / FIGURE.image).write_bytes(b"\x89PNG")
    chosen = load_format(name)
    summary = Summary(
        dict.fromkeys(chosen.fields, ""), "zh", "gemini", "gemini-3.5-flash-lite", "abc"
    )
    entries = [
        PostEntry(paper, Document(figures=(figure,)), summary, images=images)
        for paper in (FREE, CLOSED)
    ]
    style = PostStyle(load_labels("zh"), figures=policy)
    output = tmp_path / "posts"
    posts = [Post(date(2026, 11, 22), "A", tuple(entries))]
    if chosen.scope == "paper":
        posts = [Post(date(2026, 11, 22), "A", (entry,)) for entry in entries]
    written = [write_post(post, chosen, style, output).read_text("utf-8") for post in posts]
    return "\n".join(written), [path.parent.name for path in sorted(output.rglob("*.png"))]


def images_in(text: str) -> list[str]:
    return [Path(one or other).parent.name for one, other in IMAGE.findall(text)]


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_what_it_may_not(tmp_path: Path, name: str) -> None:
    both = ["2611.00001", "2611.00002"]
    shown, files = texts(tmp_path, name, "all")
    assert files == both
    assert images_in(shown) == both
    assert shown.count("CC BY-SA 4.0") == 1

    shown, files = texts(tmp_path, name, "licensed")
    assert (images_in(shown), files) == (both[:1], both[:1])
    assert (
        '<a href="https://arxiv.org/pdf/2611.00002v1#page=7">图 1：A caption</a>（第 7 页）'
        in shown
    )

    shown, files = texts(tmp_path, name, "linked")
    assert (images_in(shown), files) == ([], [])
    assert shown.count("#page=7") == 2
    assert "CC BY-SA" not in shown

    shown, files = texts(tmp_path, name, "none")
    assert (images_in(shown), files) == ([], [])
    assert "A caption" not in shown


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_figure_whose_region_is_uncertain(tmp_path: Path, name: str) -> None:
    shown, files = texts(tmp_path, name, "all", replace(FIGURE, confidence=0.49))
    assert (images_in(shown), files) == ([], [])
    assert "A caption" not in shown
    records = [
        figure
        for path in (tmp_path / "posts").rglob("*.json")
        for paper in json.loads(path.read_text("utf-8"))["papers"]
        for figure in paper["figures"]
    ]
    assert records
    assert all(
        (figure["left_out"], figure["confidence"], figure["image"]) == ("low_confidence", 0.49, "")
        for figure in records
    )
