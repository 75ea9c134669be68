"""Where a paper was published stands in its record, and is no statement about it."""

from dataclasses import replace

import pytest

from chatpaper.summarize.verify.statements import parse_statements
from chatpaper.write.formats import load_format, load_labels
from chatpaper.write.render import PostStyle, render_post
from tests.contracts import values


@pytest.mark.parametrize("name", ["brief", "daily"])
def test_venue_and_citations_stand_in_the_record(name: str) -> None:
    entry = replace(
        values.ENTRY, paper=replace(values.ENTRY.paper, venue="Nature *X*", citations=1234)
    )
    post = replace(values.POST, entries=(entry,))
    folders = {entry.paper.arxiv_id: "figures"}
    text = render_post(post, load_format(name), PostStyle(load_labels("zh")), folders)
    (line,) = [line for line in text.splitlines() if "Nature" in line]
    assert line.endswith("Nature \\*X\\* · 被引 1,234 次")
    said = " ".join(statement.text for statement in parse_statements(text, entry.paper))
    assert "1,234" not in said
    unknown = replace(values.POST, entries=(values.ENTRY,))
    plain = render_post(unknown, load_format(name), PostStyle(load_labels("zh")), folders)
    assert "被引" not in plain
