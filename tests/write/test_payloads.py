"""Whatever papers and models say is shown as text in every format.

The posts are read by GitHub's own reader of Markdown.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from chatpaper.write.formats import list_formats
from chatpaper.write.post_paths import SiteName
from tests.write.pages import count_of
from tests.write.payload_entries import (
    HARMLESS,
    PayloadPost,
    cut_parts_of,
    faults_among,
    gfm_tokens_of,
    read_as_gfm,
    write_payload_posts,
)
from tests.write.payloads import PAYLOADS

pytestmark = pytest.mark.unlinted("its texts break rules on purpose")

LEAST_PAYLOADS = 60
# Title, translated title, abstract and its translation, what was left out, and why the class.
LEAST_PLACES = 6
_OWN_TAG = re.compile(r"</?(?:details|summary|img|p|a|figure)\b[^<>]*>")
_TEMPLATE_TAG = re.compile(r"\{\{|\{%|\{#|%\}|\}\}|#\}")


def test_there_are_enough_of_them() -> None:
    assert len(PAYLOADS) >= LEAST_PAYLOADS
    assert len({payload.text for payload in PAYLOADS}) == len(PAYLOADS)


@pytest.mark.parametrize("format_name", list_formats())
def test_payloads_show_as_text_in_every_format(format_name: str, tmp_path: Path) -> None:
    posts = write_payload_posts(tmp_path / "posts", format_name, "Topic", tmp_path)
    read = [(post, read_as_gfm(post.file, format_name)) for post in posts]
    assert {payload for post, _ in read for payload in post.payloads} >= set(PAYLOADS)
    assert count_of(read[0][1][0].text, [HARMLESS.text]) >= LEAST_PLACES
    assert not faults_among(read)
    assert not _find_cut_faults(posts)
    for post in posts:
        text = post.file.read_text("utf-8")
        assert not _TEMPLATE_TAG.findall(text), "a tag of Hexo's templates"
        assert isinstance(yaml.safe_load(text.split("---\n")[1]), dict)


@pytest.mark.parametrize("site", ["hugo", "obsidian"])
@pytest.mark.parametrize("format_name", list_formats())
def test_payloads_show_as_text_where_html_is_written_as_markdown(
    format_name: str, site: SiteName, tmp_path: Path
) -> None:
    posts = write_payload_posts(tmp_path / "posts", format_name, "Topic", tmp_path, site=site)
    read = [(post, read_as_gfm(post.file, format_name)) for post in posts]
    assert count_of(read[0][1][0].text, [HARMLESS.text]) >= LEAST_PLACES
    assert not faults_among(read)
    assert format_name != "daily" or not _find_cut_faults(posts)
    assert not any(_OWN_TAG.search(post.file.read_text("utf-8")) for post in posts)


def _find_cut_faults(posts: Iterable[PayloadPost]) -> dict[str, list[str]]:
    """Return what is wrong with the papers without room in the posts of days."""
    return faults_among(
        (post, cut_parts_of(gfm_tokens_of(post.file), len(post.payloads)))
        for post in posts
        if len(post.payloads) > 1
    )
