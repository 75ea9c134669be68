"""The OAI-PMH service of the fake arXiv: GetRecord and ListRecords (in `arXivRaw`).

Errors come with HTTP 200. `FakeArxiv` serves it at `/oai`. A record gives the current version of
its paper, and the licence of that version.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlencode
from xml.sax.saxutils import escape, quoteattr

from tests.fakes.arxiv_faults import Reply
from tests.fakes.arxiv_feed import FakePaper

XML = "text/xml"
# arXiv's has 2,500; tests have fewer papers.
PAGE_RECORDS = 4
_PREFIX = "oai:arXiv.org:"
_FORMATS = ("arXiv", "arXivRaw")
_SCHEMA = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation='
_RAW = f'xmlns="http://arxiv.org/OAI/arXivRaw/" {_SCHEMA}"http://arxiv.org/OAI/arXivRaw/ http://arxiv.org/OAI/arXivRaw.xsd"'
_OAI = (
    f'xmlns="http://www.openarchives.org/OAI/2.0/" {_SCHEMA}"http://www.openarchives.org/OAI/2.0/ '
    'http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"'
)


def oai_reply(query: Mapping[str, str], papers: Sequence[FakePaper]) -> Reply:
    """Answer a request with these arguments."""
    if query.get("verb") == "ListRecords":
        return _list(query, papers)
    if query.get("verb") != "GetRecord":
        return _error("badVerb", "Invalid verb provided", {})
    if set(query) != {"verb", "identifier", "metadataPrefix"}:
        return _error("badArgument", "Missing or extra arguments", query)
    if query["metadataPrefix"] not in _FORMATS:
        return _error("cannotDisseminateFormat", "Did not recognize requested format", query)
    name = query["identifier"].removeprefix(_PREFIX)
    # Versions are not part of the service's identifiers.
    paper = next((each for each in papers if each.arxiv_id == name), None)
    if paper is None:
        return _error("idDoesNotExist", "Nothing found for this id", query)
    metadata = _raw(paper) if query["metadataPrefix"] == "arXivRaw" else _arxiv(paper)
    return _document(f"<GetRecord>\n{_record(paper, metadata)}</GetRecord>", query)


def _record(paper: FakePaper, metadata: str) -> str:
    sets = "".join(
        f"   <setSpec>{archive}</setSpec>\n" for archive in dict.fromkeys(_archives(paper))
    )
    return f""" <record>
  <header>
   <identifier>{_PREFIX}{paper.arxiv_id}</identifier>
   <datestamp>{_datestamp(paper)}</datestamp>
{sets}  </header>
  <metadata>
{metadata}  </metadata>
 </record>
"""


def _archives(paper: FakePaper) -> list[str]:
    return [category.partition(".")[0] for category in paper.categories]


def _datestamp(paper: FakePaper) -> str:
    return f"{(paper.updated or paper.published):%Y-%m-%d}"


def _list(query: Mapping[str, str], papers: Sequence[FakePaper]) -> Reply:
    """Answer a list, or the next page of one: its token says what was asked, and where it goes on.

    As arXiv's, a token holds the arguments of the request and how many records to skip.
    """
    token = query.get("resumptionToken")
    asked, skip = dict(query), 0
    if token is not None:
        asked = dict(parse_qsl(token))
        if not asked.get("skip", "").isdigit():
            return _error("badResumptionToken", "Invalid or expired token", query)
        skip = int(asked["skip"])
    if asked.get("metadataPrefix") != "arXivRaw":
        return _error("cannotDisseminateFormat", "Did not recognize requested format", query)
    found = sorted(
        (
            paper
            for paper in papers
            if asked.get("from", "") <= _datestamp(paper) <= asked.get("until", "9999")
            and asked.get("set") in (None, *_archives(paper))
        ),
        key=lambda paper: (_datestamp(paper), paper.arxiv_id),
    )
    if not found:
        return _error("noRecordsMatch", "No records match", query)
    page = found[skip : skip + PAGE_RECORDS]
    records = "".join(_record(paper, _raw(paper)) for paper in page)
    rest = ""
    if skip + PAGE_RECORDS < len(found):
        following = urlencode({**asked, "skip": skip + PAGE_RECORDS})
        rest = (
            f" <resumptionToken expires='2026-11-30T00:00:00Z'>{escape(following)}"
            "</resumptionToken>\n"
        )
    return _document(f"<ListRecords>\n{records}{rest}</ListRecords>", query)


def _raw(paper: FakePaper) -> str:
    date = format_datetime(paper.published.astimezone(UTC), usegmt=True)
    versions = "".join(
        f'    <version version="v{number}">\n     <date>{date}</date>\n     <size>1124kb</size>\n'
        "     <source_type>D</source_type>\n    </version>\n"
        for number in range(1, paper.version + 1)
    )
    return f"""   <arXivRaw {_RAW}>
    <id>{paper.arxiv_id}</id>
    <submitter>{escape(paper.authors[0])}</submitter>
{versions}    <title>{escape(paper.title)}</title>
    <authors>{escape(", ".join(paper.authors))}</authors>
    <categories>{" ".join(paper.categories)}</categories>
{_optional("license", paper.license)}    <abstract>{escape(paper.abstract)}</abstract>
   </arXivRaw>
"""


def _arxiv(paper: FakePaper) -> str:
    return f"""   <arXiv xmlns="http://arxiv.org/OAI/arXiv/">
    <id>{paper.arxiv_id}</id>
    <created>{paper.published:%Y-%m-%d}</created>
    <title>{escape(paper.title)}</title>
    <categories>{" ".join(paper.categories)}</categories>
{_optional("license", paper.license)}    <abstract>{escape(paper.abstract)}</abstract>
   </arXiv>
"""


def _optional(name: str, text: str) -> str:
    return f"    <{name}>{escape(text)}</{name}>\n" if text else ""


def _error(code: str, message: str, query: Mapping[str, str]) -> Reply:
    return _document(f'<error code="{code}">{escape(message)}</error>', query)


def _document(content: str, query: Mapping[str, str]) -> Reply:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in query.items())
    xml = f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH {_OAI}>
<responseDate>{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}</responseDate>
<request{attributes}>http://oaipmh.arxiv.org/oai</request>
{content}
</OAI-PMH>
"""
    return Reply(200, XML, xml.encode())
