"""The addresses of the page that people share and keep."""

from urllib.parse import quote, urlencode

from chatpaper.domain import ArxivId

PAPERS = "/papers/"
MARKS = "/marks"


def make_paper_address(key: str) -> str:
    """Return the address of a paper, by its key.

    >>> make_paper_address("hep-th/9901001")
    '/papers/hep-th/9901001'
    """
    return PAPERS + quote(key)


def make_mark_path(kind: str, key: str) -> str:
    """Return the address that marks a paper, by its key.

    >>> make_mark_path("like", "hep-th/9901001")
    '/marks/like/hep-th/9901001'
    """
    return f"{MARKS}/{kind}/{quote(key)}"


def make_page_address(language: str, **choices: str) -> str:
    """Return the address of the page in a language, with what it shows first.

    >>> make_page_address("zh", tab="paper")
    '/zh/?tab=paper'
    """
    return f"/{language}/" + (f"?{urlencode(choices)}" if choices else "")


def find_arxiv_id(key: str) -> str | None:
    """Return the arXiv id that an address names, without version; None where it names none."""
    try:
        return ArxivId.parse(key).id
    except ValueError:
        return None
