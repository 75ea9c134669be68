"""Links to code and project pages."""

import pytest

from chatpaper.domain import BBox
from chatpaper.extract.links.addresses import find_links, normalize_link
from chatpaper.extract.page import Link, Page, PdfContent


def content(*uris: str) -> PdfContent:
    links = tuple(Link(BBox(0, 0, 1, 1), uri) for uri in uris)
    return PdfContent((Page(1, 612, 792, (), (), (), links), Page(2, 612, 792, (), (), (), links)))


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        ("http://www.github.com/Owner/Repo.git", "https://github.com/Owner/Repo"),
        ("github.com/owner/repo/).", "https://github.com/owner/repo"),
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        ("HTTPS://GitHub.com/owner/repo", "https://github.com/owner/repo"),
        ("mailto:someone@example.org", ""),
        ("file:///etc/passwd", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_links_are_normalised(raw: str, link: str) -> None:
    assert normalize_link(raw) == link


def test_links_of_the_text_and_of_annotations_come_once() -> None:
    found = find_links(
        content("https://github.com/owner/repo"), [(1, "Code: http://github.com/owner/repo.")]
    )
    assert found == ("https://github.com/owner/repo",)


def test_a_link_cut_by_a_line_end_is_completed_by_its_annotation() -> None:
    found = find_links(
        content("https://github.com/owner/long-name"), [(1, "at https://github.com/owner/long")]
    )
    assert found == ("https://github.com/owner/long-name",)


def test_pages_that_the_text_announces_as_its_own_count() -> None:
    assert find_links(content(), [(1, "Our code is at https://lab.example.org/tool.")]) == (
        "https://lab.example.org/tool",
    )
    assert find_links(content(), [(1, "See https://news.example.org/today.")]) == ()


def test_links_on_pages_without_running_text_are_of_the_bibliography() -> None:
    assert find_links(content("https://github.com/other/work"), []) == ()
