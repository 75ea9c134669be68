"""What the fake arXiv knows: papers, the query language and the Atom feed of the real service."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from xml.sax.saxutils import escape, quoteattr

_ID = re.compile(r"(?P<id>\d{4}\.\d{4,6}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(?P<version>[1-9]\d*))?")
_TOKEN = re.compile(
    r"\s*(?:(?P<bracket>[()])|(?P<operator>ANDNOT|AND|OR)(?=[\s(]|$)"
    r'|(?P<field>\w+):(?:"(?P<quoted>[^"]*)"|\[(?P<range>[^\]]*)\]|(?P<word>[^\s()"]+))'
    r'|"(?P<phrase>[^"]*)"|(?P<bare>[^\s()":]+))'
)
_RANGE = re.compile(r"(\d{4,12}) TO (\d{4,12})")
_NAMESPACES = (
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom"'
)


class BadQueryError(Exception):
    """The service answers `status` to this query."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class FakePaper:
    """A paper as arXiv holds it; `pdf` is None where arXiv has none."""

    arxiv_id: str
    title: str
    abstract: str = "An abstract."
    authors: tuple[str, ...] = ("Ada Lovelace", "Alan Turing")
    version: int = 1
    published: datetime = datetime(2024, 7, 25, 15, 30, tzinfo=UTC)
    updated: datetime | None = None
    categories: tuple[str, ...] = ("cs.CV",)
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    affiliations: tuple[str, ...] = ()
    license: str = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
    announce_type: str = "new"
    pdf: bytes | None = field(default=None, repr=False)

    @property
    def idv(self) -> str:
        return f"{self.arxiv_id}v{self.version}"

    @cached_property
    def words(self) -> dict[str, tuple[str, ...]]:
        """The words of the searchable fields, stemmed as far as plurals go."""
        title, abstract = _words(self.title), _words(self.abstract)
        authors = _words(" ".join(self.authors))
        return {
            "ti": title,
            "abs": abstract,
            "au": authors,
            "co": _words(self.comment or ""),
            "all": (*title, "\n", *abstract, "\n", *authors, "\n", *_words(self.comment or "")),
        }


Predicate = Callable[[FakePaper], bool]


def matcher(search_query: str) -> Predicate:
    """Read a search string; AND and ANDNOT bind tighter than OR, words side by side mean OR."""
    tokens = _tokens(search_query)
    predicate, rest = _either(tokens)
    if rest:
        raise BadQueryError(400, f"cannot read the query at {rest[0].group()!r}")
    return predicate


def requested(id_list: str, papers: Sequence[FakePaper]) -> list[FakePaper]:
    """Return the papers of an `id_list`, in its order, each in the version asked for."""
    found: list[FakePaper] = []
    for name in filter(None, id_list.split(",")):
        match = _ID.fullmatch(name)
        if match is None or not _is_month(match["id"]):
            raise BadQueryError(400, f"incorrect id format for {name}")
        version = int(match["version"] or 0)
        arxiv_id = re.sub(r"\.[A-Z]{2}/", "/", match["id"])
        found += [
            replace(paper, version=version or paper.version)
            for paper in papers
            if paper.arxiv_id == arxiv_id and version <= paper.version
        ]
    return found


def feed(
    entries: Sequence[FakePaper],
    *,
    total: int,
    start: int,
    size: int,
    query: str,
    updated: datetime,
) -> str:
    """Write the feed to the letter of the real one.

    Ids are http, links are https, and itemsPerPage echoes the request.
    """
    link = f"https://arxiv.org/api/query?{query}"
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed {_NAMESPACES}>
  <id>https://arxiv.org/api/OCk8emqg9bln1sH6hyj0cx9HFT0</id>
  <title>arXiv Query: {escape(query)}</title>
  <updated>{_stamp(updated)}</updated>
  <link href={quoteattr(link)} type="application/atom+xml"/>
  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
{"".join(_entry(paper) for paper in entries)}</feed>
"""


def error_feed(message: str) -> str:
    """Write what arXiv sends for a bad query: a feed whose only entry is the error."""
    link = f"https://arxiv.org/api/errors#{message.replace(' ', '_')}"
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed {_NAMESPACES}>
  <id>https://arxiv.org/api/error</id>
  <title>arXiv Query: error</title>
  <updated>2026-04-12T22:10:26Z</updated>
  <opensearch:itemsPerPage>1</opensearch:itemsPerPage>
  <opensearch:totalResults>1</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
  <entry>
    <id>{escape(link)}</id>
    <title>Error</title>
    <updated>2026-04-12T22:10:26Z</updated>
    <link href={quoteattr(link)} rel="alternate" type="text/html"/>
    <summary>{escape(message)}</summary>
    <published>2026-04-12T22:10:26Z</published>
    <author><name>arXiv api core</name></author>
  </entry>
</feed>
"""


def _entry(paper: FakePaper) -> str:
    authors = "".join(
        f"    <author>\n      <name>{escape(name)}</name>\n{_affiliations(paper)}    </author>\n"
        for name in paper.authors
    )
    categories = "".join(
        f'    <category term="{each}" scheme="http://arxiv.org/schemas/atom"/>\n'
        for each in paper.categories
    )
    doi_link = (
        f'    <link href="https://doi.org/{paper.doi}" rel="related" title="doi"/>\n'
        if paper.doi
        else ""
    )
    return f"""  <entry>
    <id>http://arxiv.org/abs/{paper.idv}</id>
    <title>{escape(paper.title)}</title>
    <updated>{_stamp(paper.updated or paper.published)}</updated>
    <link href="https://arxiv.org/abs/{paper.idv}" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{paper.idv}" rel="related" \
type="application/pdf" title="pdf"/>
    <summary>{escape(paper.abstract)}</summary>
{categories}    <published>{_stamp(paper.published)}</published>
{_optional("comment", paper.comment)}    <arxiv:primary_category term="{paper.categories[0]}"/>
{_optional("journal_ref", paper.journal_ref)}{authors}\
{_optional("doi", paper.doi)}{doi_link}  </entry>
"""


def _optional(name: str, text: str | None) -> str:
    return f"    <arxiv:{name}>{escape(text)}</arxiv:{name}>\n" if text else ""


def _affiliations(paper: FakePaper) -> str:
    return "".join(
        f"      <arxiv:affiliation>{escape(name)}</arxiv:affiliation>\n"
        for name in paper.affiliations
    )


def _is_month(arxiv_id: str) -> bool:
    digits = arxiv_id.rsplit("/", maxsplit=1)[-1]
    return 1 <= int(digits[2:4]) <= 12


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _words(text: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]", text.lower()))


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 2 else word


def _tokens(search_query: str) -> list[re.Match[str]]:
    tokens, position = [], 0
    while search_query[position:].strip():
        match = _TOKEN.match(search_query, position)
        if match is None:
            raise BadQueryError(400, f"cannot read the query at {search_query[position:]!r}")
        tokens.append(match)
        position = match.end()
    return tokens


def _either(tokens: list[re.Match[str]]) -> tuple[Predicate, list[re.Match[str]]]:
    left, tokens = _both(tokens)
    while tokens and tokens[0]["bracket"] != ")":
        right, tokens = _both(tokens[1:] if tokens[0]["operator"] == "OR" else tokens)
        left = _or(left, right)
    return left, tokens


def _both(tokens: list[re.Match[str]]) -> tuple[Predicate, list[re.Match[str]]]:
    left, tokens = _term(tokens)
    while tokens and tokens[0]["operator"] in ("AND", "ANDNOT"):
        wanted = tokens[0]["operator"] == "AND"
        right, tokens = _term(tokens[1:])
        left = _and(left, right, wanted)
    return left, tokens


def _term(tokens: list[re.Match[str]]) -> tuple[Predicate, list[re.Match[str]]]:
    if not tokens or tokens[0]["operator"] or tokens[0]["bracket"] == ")":
        raise BadQueryError(400, "a term is missing in the query")
    if tokens[0]["bracket"]:
        inner, tokens = _either(tokens[1:])
        if not tokens or tokens[0]["bracket"] != ")":
            raise BadQueryError(400, "a bracket is not closed in the query")
        return inner, tokens[1:]
    return _leaf(tokens[0]), tokens[1:]


def _leaf(token: re.Match[str]) -> Predicate:
    name = token["field"] or "all"
    if name == "submittedDate":
        return _submitted(token["range"] or "")
    text = next(
        token[group] for group in ("quoted", "word", "phrase", "bare") if token[group] is not None
    )
    if name == "cat":
        return lambda paper: any(
            re.fullmatch(text.replace(".", r"\.").replace("*", ".*"), each)
            for each in paper.categories
        )
    if name not in ("ti", "abs", "au", "co", "all"):
        raise BadQueryError(400, f"unknown field {name}")
    wanted = _words(text)
    return lambda paper: _holds(paper.words[name], wanted)


def _submitted(bounds: str) -> Predicate:
    match = _RANGE.fullmatch(bounds)
    if match is None:
        raise BadQueryError(500, "Internal server error")
    since, until = _moment(match[1], "000101010000"), _moment(match[2], "000112312359")
    return lambda paper: since <= f"{paper.published.astimezone(UTC):%Y%m%d%H%M}" <= until


def _moment(digits: str, filler: str) -> str:
    return digits + filler[len(digits) :]


def _holds(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return bool(wanted) and any(
        words[first : first + len(wanted)] == wanted
        for first in range(len(words) - len(wanted) + 1)
    )


def _or(left: Predicate, right: Predicate) -> Predicate:
    return lambda paper: left(paper) or right(paper)


def _and(left: Predicate, right: Predicate, wanted: bool) -> Predicate:
    return lambda paper: left(paper) and right(paper) == wanted
