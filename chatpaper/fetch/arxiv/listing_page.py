"""Parse arXiv's listing page of the newest announcements, `/list/{category}/new`, strictly.

The page is made for people and may change: anything that is not where it is expected is an error,
never an empty day. Its structure: the templates `list/new.html` and `list/list_macros.html` of
arXiv's site (github.com/arXiv/arxiv-browse).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from lxml import etree, html

from chatpaper.domain import ArxivId
from chatpaper.domain.errors import UpstreamError
from chatpaper.fetch.record_text import clean_record_text

_DAY = re.compile(r"Showing new listings for \w+, (?P<day>\d{1,2} \w+ \d{4})")
_SECTION = re.compile(
    r"(?P<kind>New|Cross|Replacement) submissions "
    r"\((?:continued, )?showing (?:first |last )?(?P<shown>\d+) of "
    r"(?P<total>\d+) entr(?:y|ies)\)"
)
_TOTAL = re.compile(r"[Tt]otal of (?P<total>\d+) entr(?:y|ies)")
_NO_UPDATES = "No updates today."
_KINDS: dict[str, Literal["new", "cross", "replace"]] = {
    "New": "new",
    "Cross": "cross",
    "Replacement": "replace",
}
_CATEGORY = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """A paper as the page shows it, without a version; a `new` paper is in its first one."""

    arxiv_id: str
    kind: Literal["new", "cross", "replace"]
    title: str
    authors: tuple[str, ...]
    abstract: str
    categories: tuple[str, ...]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """The announcements of one day in one category or archive.

    `is_complete` is False where the page says that it shows only some of them.
    """

    day: date
    papers: tuple[ListedPaper, ...]
    is_complete: bool


def parse_listing(content: bytes, content_type: str, url: str) -> ListingPage:
    """Parse the page.

    Raises UpstreamError for anything that is not such a page, or whose entries are not complete.
    """
    if "html" not in content_type or not content.strip():
        raise UpstreamError("arXiv sent no web page instead of its listing", url=url)
    # The parser would close open elements, and a page that was cut off between two sections would
    # look complete.
    if not content.rstrip().endswith(b"</html>"):
        raise UpstreamError("arXiv sent a listing that was cut off", url=url)
    try:
        root = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError as error:
        raise UpstreamError(
            f"arXiv sent a listing that cannot be read: {error}", url=url
        ) from error
    headings = [_text(heading) for heading in root.iter("h3")]
    day = _find_day(headings, url)
    sections = _elements(root, "//dl[@id='articles']")
    if not sections:
        if _NO_UPDATES not in _text(root):
            raise UpstreamError(
                "arXiv sent a listing without entries that does not say that there are none",
                url=url,
            )
        return ListingPage(day, (), is_complete=True)
    papers: list[ListedPaper] = []
    stated = 0
    for section in sections:
        listed, total = _parse_section(section, url)
        papers += listed
        stated += total
    # A section of which the page shows nothing is not there; what it holds is in the total.
    total = max(stated, _find_total(root, stated, url))
    return ListingPage(day, tuple(papers), is_complete=len(papers) == total)


def _find_total(root: html.HtmlElement, stated: int, url: str) -> int:
    """Return how many entries the page says that it has in all; 0 where it does not say.

    Raises UpstreamError where its sections say that they have more.
    """
    totals = [_TOTAL.search(_text(each)) for each in _elements(root, "//div[@class='paging']")]
    found = [int(total["total"]) for total in totals if total is not None]
    if found and min(found) < stated:
        raise UpstreamError(
            f"arXiv sent a listing of {min(found)} papers whose sections have {stated}", url=url
        )
    return max(found, default=0)


def _find_day(headings: list[str], url: str) -> date:
    for heading in headings:
        found = _DAY.fullmatch(heading)
        if found:
            try:
                return datetime.strptime(f"{found['day']} +0000", "%d %B %Y %z").date()
            except ValueError:
                break
    raise UpstreamError("arXiv sent a listing that does not say of which day it is", url=url)


def _parse_section(section: html.HtmlElement, url: str) -> tuple[list[ListedPaper], int]:
    """Return the papers of a section, and how many it says that there are."""
    headings = [_text(heading) for heading in section.iter("h3")]
    heading = _SECTION.fullmatch(headings[0]) if headings else None
    if heading is None:
        raise UpstreamError(f"arXiv sent a listing with an unknown section {headings[:1]}", url=url)
    terms, descriptions = section.findall("dt"), section.findall("dd")
    if not len(terms) == len(descriptions) == int(heading["shown"]):
        raise UpstreamError(
            f"arXiv sent a listing that shows {len(terms)} papers where it says {heading['shown']}",
            url=url,
        )
    kind = _KINDS[heading["kind"]]
    papers = [
        _parse_entry(kind, term, shown, url)
        for term, shown in zip(terms, descriptions, strict=True)
    ]
    return papers, int(heading["total"])


def _parse_entry(
    kind: Literal["new", "cross", "replace"],
    term: html.HtmlElement,
    shown: html.HtmlElement,
    url: str,
) -> ListedPaper:
    links = _elements(term, ".//a[@title='Abstract']")
    try:
        arxiv_id = ArxivId.parse(links[0].get("id", ""))
    except (IndexError, ValueError) as error:
        raise UpstreamError(
            f"arXiv sent a listing with an entry without an id: {_text(term)[:80]}", url=url
        ) from error
    title = _read_part(shown, "list-title")
    categories = tuple(dict.fromkeys(_CATEGORY.findall(_read_part(shown, "list-subjects"))))
    abstract = " ".join(
        _text(paragraph) for paragraph in _elements(shown, ".//p[contains(@class, 'mathjax')]")
    )
    if not title or not categories or not abstract:
        raise UpstreamError(
            f"arXiv listed {arxiv_id.id} without a title, a category or an abstract", url=url
        )
    authors = tuple(
        _text(author) for author in _elements(shown, ".//div[contains(@class, 'list-authors')]/a")
    )
    return ListedPaper(
        arxiv_id.id, kind, title, authors, abstract, categories, _read_part(shown, "list-comments")
    )


def _read_part(shown: html.HtmlElement, name: str) -> str:
    """Read the text of a part of an entry, without the descriptor before it."""
    parts = _elements(shown, f".//div[contains(@class, '{name}')]")
    if not parts:
        return ""
    descriptors = _elements(parts[0], "./span[@class='descriptor']")
    prefix = _text(descriptors[0]) if descriptors else ""
    return _text(parts[0]).removeprefix(prefix).strip()


def _elements(element: html.HtmlElement, path: str) -> list[html.HtmlElement]:
    return cast(list[html.HtmlElement], element.xpath(path))


def _text(element: html.HtmlElement) -> str:
    return clean_record_text(element.text_content())
