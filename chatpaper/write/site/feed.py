"""The feed of an output folder: Atom (RFC 4287), an entry a paper, the newest posts first.

The content of an entry is whole: a reader needs no other page. Everything that papers or models
wrote stands in it as text. Times come from the posts and from arXiv, never from the clock.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from functools import cache
from importlib.resources import files
from itertools import groupby
from posixpath import normpath
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from jinja2 import Environment, StrictUndefined, Template
from lxml import etree

from chatpaper.domain.project import PROJECT_URL
from chatpaper.write.markup.latex import latex_to_text
from chatpaper.write.markup.markdown import sanitize_line, to_link_target
from chatpaper.write.render import PostStyle
from chatpaper.write.site.post_folder import PostFolder, PublishedPost
from chatpaper.write.views.display import MAX_AUTHORS_SHOWN

ATOM = "http://www.w3.org/2005/Atom"
FEED_MARK = f'<generator uri="{PROJECT_URL}">'

# The year from which the names in our tag: URIs are ours to give (RFC 4151); a constant, since ids
# never change.
_TAG_YEAR = 2026
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# XML 1.0, section 2.2: what may stand in a document.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Shown at the head of an entry, before the other answers.
_LEADING_FIELDS = ("title", "tldr", "summary", "key_takeaways", "results", "key_figures")
# The labels of answers, where they are not named like the field.
_LABELS = {"method_steps": "method"}


@dataclass(frozen=True, slots=True)
class FeedStyle:
    """How the feed looks. Without `site_url`, addresses in it are relative to the feed itself."""

    post: PostStyle
    site_url: str
    page_suffix: str
    zone: tzinfo

    def address(self, path: str) -> str:
        """Return the address of a file of the output folder."""
        return f"{self.site_url}/{quote(path)}" if self.site_url else quote(path)

    def image(self, figure: Mapping[str, Any], folder: str) -> str:
        """Return the address of a figure, by its place in the post of a folder."""
        address: str = figure.get("address") or ""
        if address.startswith("/") and self.site_url:
            return urljoin(self.site_url, address)
        if urlsplit(address).scheme or address.startswith("/"):
            return address
        return self.address(normpath(f"{folder}/{figure['image']}"))

    def page(self, post: PublishedPost) -> str:
        """Return the address of a post."""
        return self.address(post.markdown.removesuffix(".md") + self.page_suffix)

    def tag(self, name: str) -> str:
        """Return a unique and permanent identifier for a name of ours, as a tag: URI (RFC 4151)."""
        authority = urlsplit(self.site_url or PROJECT_URL).hostname
        return f"tag:{authority},{_TAG_YEAR}:chatpaper/{quote(name)}"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A paper in the feed: its record, the newest post that it stands in, and all its topics."""

    record: Mapping[str, Any]
    post: PublishedPost
    topics: tuple[str, ...] = ()

    @property
    def idv(self) -> str:
        """The key with its version: a summary of a later version is another entry."""
        return _idv(self.record)

    def joined(self, other: "FeedEntry") -> "FeedEntry":
        """Return this entry merged with that of another post of the same paper.

        It gains the other's topic, and the answers that only the other has.
        """
        more_topics = () if other.post.topic is None else (other.post.topic,)
        topics = dict.fromkeys((*self.topics, *more_topics))
        answers, more = self.record.get("summary", {}), other.record.get("summary", {})
        evidence = [
            item for item in other.record.get("evidence", ()) if item["field"] not in answers
        ]
        whole = {
            "summary": {**more, **answers},
            "evidence": [*self.record.get("evidence", ()), *evidence],
        }
        return replace(self, record={**self.record, **whole}, topics=tuple(topics))

    def updated(self, zone: tzinfo) -> datetime:
        """Return when the entry was last updated.

        That is the day of the post or, if it is later, the time of the version that the post was
        marked for.
        """
        posted = _midnight(self.post.date, zone)
        if self.record.get("latest_version") == self.record.get("version") or not self.record.get(
            "updated"
        ):
            return posted
        return max(posted, datetime.fromisoformat(self.record["updated"]).astimezone(zone))


def collect_entries(
    archive: PostFolder, posts: Iterable[PublishedPost], limit: int
) -> tuple[FeedEntry, ...]:
    """Return the papers of the newest posts, each version once.

    No more posts are read than it takes to have `limit` papers.
    """
    found: dict[str, FeedEntry] = {}
    for _, of_day in groupby(posts, key=lambda post: post.date):
        if len(found) >= limit:
            break
        entries = (FeedEntry(record, post) for post in of_day for record in archive.records(post))
        for entry in entries:
            found[entry.idv] = found.get(entry.idv, entry).joined(entry)
    return tuple(found.values())[:limit]


def render_feed(entries: Sequence[FeedEntry], style: FeedStyle) -> bytes:
    """Return the feed as an XML document."""
    root = etree.fromstring(f'<feed xmlns="{ATOM}"/>')
    root.set("{http://www.w3.org/XML/1998/namespace}lang", style.post.labels["language_tag"])
    _add(root, "generator", "chatpaper", uri=PROJECT_URL)
    _add(root, "id", style.tag("feed"))
    _add(root, "title", style.post.labels["feed_title"])
    newest = max(
        (entry.updated(style.zone) for entry in entries),
        default=datetime(_TAG_YEAR, 1, 1, tzinfo=UTC),
    )
    _add(root, "updated", newest.isoformat(timespec="seconds"))
    _person(root, style.post.author or "chatpaper")
    _add(root, "link", rel="self", type="application/atom+xml", href=style.address("feed.xml"))
    if style.site_url:
        _add(root, "link", rel="alternate", type="text/html", href=f"{style.site_url}/")
    for entry in entries:
        _add_entry(root, entry, style)
    etree.indent(root)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_entry(root: etree._Element, entry: FeedEntry, style: FeedStyle) -> None:
    record = entry.record
    element = _add(root, "entry")
    _add(element, "id", style.tag(f"paper/{entry.idv}"))
    _add(element, "title", _shown(latex_to_text(record["title"])) or record["arxiv_id"])
    _add(element, "updated", entry.updated(style.zone).isoformat(timespec="seconds"))
    for name in filter(
        None,
        (_shown(latex_to_text(name)) for name in record.get("authors", [])[:MAX_AUTHORS_SHOWN]),
    ):
        _person(element, name)
    paper_page = to_link_target(record.get("abs_url") or "")
    if paper_page:
        _add(element, "link", rel="alternate", type="text/html", href=_uri(paper_page))
    _add(element, "link", rel="related" if paper_page else "alternate", href=style.page(entry.post))
    for topic in entry.topics:
        _add(element, "category", term=topic)
    for category in record.get("categories", ()):
        _add(element, "category", term=category, scheme="http://arxiv.org/schemas/atom")
    _add(element, "content", _content(entry, style), type="html")


def _content(entry: FeedEntry, style: FeedStyle) -> str:
    record, labels = entry.record, style.post.labels
    folder = entry.post.path.rpartition("/")[0]
    answers = record.get("summary", {})
    others = [
        (
            labels[_LABELS.get(name, name)],
            labels["list_separator"].join(answer) if name == "keywords" else answer,
        )
        for name, answer in answers.items()
        if answer and name not in _LEADING_FIELDS and _LABELS.get(name, name) in labels
    ]
    figures = [
        (style.image(figure, folder), figure)
        for figure in record.get("figures", ())
        if figure.get("image")
    ]
    html: str = _template().render(
        paper=record,
        answers=answers,
        notes=record.get("notes", ()),
        links=record.get("links", ()),
        takeaways=[item for item in record.get("evidence", ()) if item["field"] == "key_takeaways"],
        others=others,
        figures=figures,
        post_address=style.page(entry.post),
        labels=labels,
        evidence=style.post.evidence,
    )
    return html


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: sanitize_line(value) if type(value) is str else value,
    )
    environment.filters["target"] = lambda url: _uri(to_link_target(url))
    source = (files("chatpaper.write") / "templates" / "feed.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(
        parent, f"{{{ATOM}}}{name}", {key: _shown(value) for key, value in attributes.items()}
    )
    if text:
        element.text = _xml(text) if name == "content" else _shown(text)
    return element


def _person(parent: etree._Element, name: str) -> None:
    author = _add(parent, "author")
    _add(author, "name", name)


def _shown(text: str) -> str:
    return sanitize_line(_xml(text))


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)


def _uri(iri: str) -> str:
    """Encode an address in ASCII; what is percent-encoded already stays so (RFC 3986, 2.1)."""
    return quote(_LONE_PERCENT.sub("%25", iri), errors="replace", safe="%/:?#[]@!$&'()*+,;=~")


def _idv(record: Mapping[str, Any]) -> str:
    version = record.get("version")
    return f"{record['arxiv_id']}v{version}" if version else str(record["arxiv_id"])


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone)
