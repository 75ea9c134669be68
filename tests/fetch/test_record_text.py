"""Titles, names and abstracts as their authors meant them, whatever was pasted into the record."""

import pytest

from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.paper_reference import ArxivReference, parse_reference
from chatpaper.fetch.record_text import MAX_CHARACTERS, clean_record_text
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Research &amp; Development", "Research & Development"),
        ("a &lt; b &gt; c &quot;d&quot; &#39;e&#x27;", "a < b > c \"d\" 'e'"),
        ("M&uuml;ller &ndash; Na&iuml;ve", "Müller – Naïve"),
        ("twice &amp;amp; escaped", "twice &amp; escaped"),
        # These are no references.
        ("AT&T, R&D and copy", "AT&T, R&D and copy"),
        ("$a &= b; c &lt d$", "$a &= b; c &lt d$"),
        ("x &nosuchthing; y", "x &nosuchthing; y"),
        (" &nbsp; spaces &nbsp; ", "spaces"),
        ("no&#8203;shape", "noshape"),
        (None, ""),
    ],
)
def test_references_of_html_are_the_characters_that_they_stand_for(
    written: str | None, meant: str
) -> None:
    assert clean_record_text(written) == meant


def test_a_record_of_arxiv_is_read_as_it_was_meant(arxiv_server: FakeArxiv, api: ArxivApi) -> None:
    arxiv_server.papers.append(
        FakePaper("2407.99999", "Rock &amp; Roll", "We play rock &amp; roll.", ("A &amp; B",))
    )
    reference = parse_reference("2407.99999")
    assert isinstance(reference, ArxivReference)
    paper = api.by_id(reference.arxiv_id)
    assert (paper.title, paper.abstract, paper.authors) == (
        "Rock & Roll",
        "We play rock & roll.",
        ("A & B",),
    )


def test_many_ampersands_take_no_time() -> None:
    assert clean_record_text("&a" * 100_000) == "&a" * (MAX_CHARACTERS // 2) + "…"


def test_a_text_that_no_record_has_is_cut(arxiv_server: FakeArxiv, api: ArxivApi) -> None:
    arxiv_server.papers.append(FakePaper("2407.99999", "Ice " * 500_000, "Snow. " * 500_000))
    reference = parse_reference("2407.99999")
    assert isinstance(reference, ArxivReference)
    paper = api.by_id(reference.arxiv_id)
    assert {len(paper.title), len(paper.abstract)} <= {MAX_CHARACTERS, MAX_CHARACTERS + 1}
    assert paper.title.endswith("…")
