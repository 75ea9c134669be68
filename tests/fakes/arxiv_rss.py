"""The RSS feeds of the fake arXiv: a day's announcements as arXiv's feed service writes them.

`FakeArxiv` serves them at `/rss/cs.AI+cs.CL`: the papers in its `announced` list, as of its
`announcement_day`; on a Saturday or Sunday the feed is there and empty. A category that arXiv does
not have is answered with 400 and a feed whose title says so. The ETag changes with the content; a
request that names it is answered with 304.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from email.utils import format_datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from tests.fakes.arxiv_faults import Reply
from tests.fakes.arxiv_feed import FakePaper

RSS = "application/rss+xml"
MAX_ITEMS = 2000
NEW_YORK = ZoneInfo("America/New_York")
SATURDAY = 5
_NAMESPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
ARCHIVES = (
    *(
        "astro-ph",
        "cond-mat",
        "cs",
        "econ",
        "eess",
        "gr-qc",
        "hep-ex",
        "hep-lat",
        "hep-ph",
        "hep-th",
        "math",
        "math-ph",
    ),
    *("nlin", "nucl-ex", "nucl-th", "physics", "q-bio", "q-fin", "quant-ph", "stat"),
)


def rss_reply(
    query: str, papers: Sequence[FakePaper], day: date, headers: Mapping[str, str]
) -> Reply:
    """Answer a request for `/rss/{query}`; `papers` are those that are announced on `day`."""
    names = query.split("+")
    unknown = [name for name in names if name.partition(".")[0].lower() not in ARCHIVES]
    if unknown:
        return Reply(
            400,
            RSS,
            error_rss(
                query, f"Bad archive '{unknown[0]}'. Valid archives are: cs, math.", day
            ).encode(),
        )
    found = [] if day.weekday() >= SATURDAY else [paper for paper in papers if is_in(paper, names)]
    body = rss(found[:MAX_ITEMS], names, day).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    sent = {"ETag": etag, "Cache-Control": "max-age=3600"}
    if {name.lower(): value for name, value in headers.items()}.get("if-none-match") == etag:
        return Reply(304, RSS, b"", sent)
    return Reply(200, RSS, body, sent)


def rss(papers: Sequence[FakePaper], names: Sequence[str], day: date) -> str:
    """Write the feed of a day."""
    return _channel(
        f"{', '.join(names)} updates on arXiv.org",
        "+".join(names),
        day,
        "".join(_item(p, day) for p in papers),
    )


def error_rss(query: str, message: str, day: date) -> str:
    """Write the reply to a bad query: a feed without items, whose title and description say why."""
    return _channel(
        f"Feed error for query: http://rss.arxiv.org/rss/{query}", query, day, "", message
    )


def _channel(title: str, query: str, day: date, items: str, description: str = "") -> str:
    midnight = _midnight(day)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss {_NAMESPACES} version="2.0">
  <channel>
    <title>{escape(title)}</title>
    <link>http://rss.arxiv.org/rss/{escape(query)}</link>
    <description>{escape(description or f"{title} e-print archive.")}</description>
    <atom:link href="http://rss.arxiv.org/rss/{escape(query)}" rel="self" \
type="application/rss+xml"/>
    <docs>http://www.rssboard.org/rss-specification</docs>
    <language>en-us</language>
    <lastBuildDate>{midnight}</lastBuildDate>
    <managingEditor>rss-help@arxiv.org</managingEditor>
    <pubDate>{midnight}</pubDate>
    <skipDays>
      <day>Sunday</day>
      <day>Saturday</day>
    </skipDays>
{items}  </channel>
</rss>
"""


def _item(paper: FakePaper, day: date) -> str:
    affiliation = f" ({', '.join(paper.affiliations)})" if paper.affiliations else ""
    creators = ", ".join(f"{author}{affiliation}" for author in paper.authors)
    categories = "".join(
        f"      <category>{escape(each)}</category>\n" for each in paper.categories
    )
    rights, doi = _optional("dc:rights", paper.license), _optional("arxiv:DOI", paper.doi)
    journal = _optional("arxiv:journal_reference", paper.journal_ref)
    return f"""    <item>
      <title>{escape(paper.title)}</title>
      <link>https://arxiv.org/abs/{paper.arxiv_id}</link>
      <description>arXiv:{paper.idv} Announce Type: {paper.announce_type}{" "}
Abstract: {escape(paper.abstract)}</description>
      <guid isPermaLink="false">oai:arXiv.org:{paper.idv}</guid>
{categories}      <pubDate>{_midnight(day)}</pubDate>
      <arxiv:announce_type>{paper.announce_type}</arxiv:announce_type>
{rights}{doi}{journal}      <dc:creator>{escape(creators)}</dc:creator>
    </item>
"""


def _optional(name: str, text: str | None) -> str:
    return f"      <{name}>{escape(text)}</{name}>\n" if text else ""


def is_in(paper: FakePaper, names: Sequence[str]) -> bool:
    """Tell whether a paper has one of the categories or archives."""
    wanted = [name.lower() for name in names]
    return any(
        re.match(rf"{re.escape(name)}(\.|$)", each.lower())
        for name in wanted
        for each in paper.categories
    )


def _midnight(day: date) -> str:
    return format_datetime(datetime.combine(day, time.min, NEW_YORK))
