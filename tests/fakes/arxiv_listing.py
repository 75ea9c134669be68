"""The listing page of the fake arXiv, `/list/{category}/new`: the day's announcements.

It has the form of the real site. `FakeArxiv` serves it for the papers in its `announced` list, as
of its `announcement_day`; `show` in the request limits the page, whose headings then say so.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from tests.fakes.arxiv_faults import HTML, Reply
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.arxiv_rss import is_in

SECTIONS = (("New", ("new",)), ("Cross", ("cross",)), ("Replacement", ("replace", "replace-cross")))


def listing_reply(
    category: str, papers: Sequence[FakePaper], day: date, query: Mapping[str, str]
) -> Reply:
    """Answer a request for `/list/{category}/new`."""
    found = [paper for paper in papers if is_in(paper, [category])]
    return Reply(200, HTML, listing(found, category, day, int(query.get("show", "2000"))).encode())


def listing(papers: Sequence[FakePaper], category: str, day: date, most: int = 2000) -> str:
    """Write the page."""
    shown = papers[:most]
    sections = "".join(
        _section(heading, [p for p in shown if p.announce_type in kinds], _count(papers, kinds))
        for heading, kinds in SECTIONS
        if any(p.announce_type in kinds for p in shown)
    )
    paging = f"<div class='paging'>Total of {len(papers)} entries</div>" if papers else ""
    return f"""<!DOCTYPE html>
<html lang="en"><head><title>{category}</title></head><body>
<div id='content-inner'>
<div id='dlpage'>
  <h1>{category}</h1>
<ul>
  <li><a href="/list/{category}/new?skip=0&amp;show={most}#item0" rel="nofollow">\
New submissions</a></li>
</ul>
<p>See <a id="recent-{category}" href="/list/{category}/recent">recent</a> articles</p>
<h3>Showing new listings for {day:%A}, {day.day} {day:%B %Y}</h3>
{paging}
{sections or "<p>No updates today.</p>"}
{paging}
</div>
</div>
</body></html>
"""


def _count(papers: Sequence[FakePaper], kinds: Sequence[str]) -> int:
    return sum(paper.announce_type in kinds for paper in papers)


def _section(heading: str, papers: Sequence[FakePaper], total: int) -> str:
    entries = "".join(_entry(number, paper) for number, paper in enumerate(papers, start=1))
    return f"""<dl id='articles'>
    <h3>{heading} submissions (showing {len(papers)} of {total} entries)</h3>
{entries}</dl>
"""


def _entry(number: int, paper: FakePaper) -> str:
    name = paper.arxiv_id
    kinds = {
        "cross": f"(cross-list from {paper.categories[0]})",
        "replace": "(replaced)",
        "replace-cross": "(replaced)",
    }
    authors = ", ".join(
        f'<a href="https://arxiv.org/a" rel="nofollow">{escape(author)}</a>'
        for author in paper.authors
    )
    comment = (
        (
            "<div class='list-comments mathjax'><span class='descriptor'>Comments:</span> "
            f"{escape(paper.comment)}</div>"
        )
        if paper.comment
        else ""
    )
    others = "".join(f"; Another Subject ({category})" for category in paper.categories[1:])
    return f"""    <dt>
      <a name='item{number}'>[{number}]</a>
      <a href ="/abs/{name}" title="Abstract" id="{name}">
        arXiv:{name}
      </a>
      {kinds.get(paper.announce_type, "")}
      [<a href="/pdf/{name}" title="Download PDF" id="pdf-{name}" \
aria-labelledby="pdf-{name}">pdf</a>]
    </dt>
    <dd>
      <div class='meta'>
        <div class='list-title mathjax'><span class='descriptor'>Title:</span>
          {escape(paper.title)}
        </div>
        <div class='list-authors'>{authors}</div>
        {comment}
        <div class='list-subjects'><span class='descriptor'>Subjects:</span>
          <span class="primary-subject">A Subject ({paper.categories[0]})</span>{others}
        </div>
        <p class='mathjax'>
          {escape(paper.abstract)}
        </p>
      </div>
    </dd>
"""
