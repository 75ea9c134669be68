"""Whatever papers and models say shows as text in every format, as GitHub's own reader of Markdown takes it."""

import re
from pathlib import Path

import cmarkgfm
import pytest
import yaml
from cmarkgfm.cmark import Options

from chatpaper.write.formats import format_names, load_format
from tests.write.pages import Part, faults_of, parts_of, tokens_of_html
from tests.write.payload_entries import HARMLESS, write_payload_posts
from tests.write.payloads import PAYLOADS

LEAST_PAYLOADS = 60
_TEMPLATE_TAG = re.compile(r"\{\{|\{%|\{#|%\}|\}\}|#\}")


def gfm_parts(markdown: str, heading: str) -> list[Part]:
    body = markdown.split("\n---\n", 1)[1]
    html = cmarkgfm.github_flavored_markdown_to_html(body, options=Options.CMARK_OPT_UNSAFE)
    return parts_of(tokens_of_html(html), heading)


def test_there_are_enough_of_them() -> None:
    assert len(PAYLOADS) >= LEAST_PAYLOADS
    assert len({payload.text for payload in PAYLOADS}) == len(PAYLOADS)


@pytest.mark.unlinted("its texts break rules on purpose")
@pytest.mark.parametrize("format_name", format_names())
def test_payloads_show_as_text_in_every_format(format_name: str, tmp_path: Path) -> None:
    files = write_payload_posts(tmp_path / "posts", format_name, "Topic", tmp_path)
    heading = "h2" if load_format(format_name).scope == "day" else "h1"
    parts = [part for file in files for part in gfm_parts(file.read_text("utf-8"), heading)]
    assert len(parts) == len(PAYLOADS) + 1
    pattern = parts[0]
    assert HARMLESS.text in pattern.text
    faults = {
        f"{payload.number} {payload.kind}: {payload.text[:60]}": found
        for payload, part in zip(PAYLOADS, parts[1:], strict=True)
        if (found := faults_of(part, pattern, [payload.text, f"所述 {payload.text}"]))
    }
    assert not faults


@pytest.mark.unlinted("its texts break rules on purpose")
@pytest.mark.parametrize("format_name", format_names())
def test_no_post_has_a_template_tag_or_breaks_its_front_matter(format_name: str, tmp_path: Path) -> None:
    for file in write_payload_posts(tmp_path / "posts", format_name, "Topic", tmp_path):
        text = file.read_text("utf-8")
        assert not _TEMPLATE_TAG.findall(text)
        assert isinstance(yaml.safe_load(text.split("---\n")[1]), dict)
