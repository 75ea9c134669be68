"""The links of a post to the paper's own code and project pages."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from chatpaper.domain import Paper, PostEntry
from chatpaper.domain.text.announcements import is_announced, is_borrowed, is_labelled
from chatpaper.write.markup.markdown import find_urls, sanitize_line

# Hosts whose links name code, models or data of a paper.
CODE_HOSTS = ("github.com", "gitlab.com", "huggingface.co", "bitbucket.org", "codeberg.org")
# What a comment links there is the paper itself, or another.
PAPER_HOSTS = ("arxiv.org", "doi.org", "openreview.net")
# A survey links hundreds of repositories; the paper's own come first.
MAX_CODE_LINKS = 3

_SCHEME = re.compile(r"https?://(?:www\.)?")


def find_code_links(entry: PostEntry) -> tuple[str, ...]:
    """Find links to the paper's own code and project pages.

    Those of the record come first, then those of its comment and abstract, then the PDF's. In
    documents that were read before own links were distinguished, all links to code are taken for
    own ones.
    """
    paper, document = entry.paper, entry.document
    of_pdf = document.own_links
    if of_pdf is None:
        of_pdf = tuple(url for url in document.links if _is_code(url))
    found = (*paper.links, *find_urls(paper.comment), *_own_urls_of_abstract(paper), *of_pdf)
    once: dict[str, str] = {}
    for url in found:
        if _is_code(url) or not _is_paper(url):
            once.setdefault(_SCHEME.sub("", url).rstrip("/"), url)
    return tuple(once.values())[:MAX_CODE_LINKS]


def _own_urls_of_abstract(paper: Paper) -> Iterator[str]:
    """Yield the abstract's links to the authors' own code.

    They are those that it announces, and those to code that it does not attribute to others.
    """
    text, end = sanitize_line(paper.abstract), 0
    for url in find_urls(text):
        start = text.index(url, end)
        before, end = text[:start], start + len(url)
        is_own = is_announced(before, paper.title) or is_labelled(before)
        if is_own or (_is_code(url) and not is_borrowed(before)):
            yield url


def _is_paper(url: str) -> bool:
    return _host(url).endswith(PAPER_HOSTS)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _is_code(url: str) -> bool:
    host = _host(url)
    return host in CODE_HOSTS or host.endswith((".github.io", ".gitlab.io"))
