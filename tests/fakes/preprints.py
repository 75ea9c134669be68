"""A fake of bioRxiv, medRxiv and OpenReview on 127.0.0.1: their APIs and their PDFs.

    with FakePreprints([Preprint("10.1101/2026.11.01.600001", "Gene Graphs")]) as server:
        server.script(Reply(503))  # the next request fails like this
        ...  # settings: preprints.biorxiv_api_url = preprints.biorxiv_url = server.url

`/details/...` has a page of `page_size` versions, with the numbers as strings and as numbers as the
service mixes them; `/notes?content.venueid=...` has the notes of a venue.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.loopback import LoopbackServer, Reply, Request

_DETAILS = re.compile(
    r"/details/(?P<server>\w+)/(?P<since>[\d-]+)/(?P<until>[\d-]+)/(?P<cursor>\d+)/json"
)
_PDF = re.compile(r"/content/(?P<doi>10\.\d+/\S+?)v(?P<version>\d+)\.full\.pdf")


@dataclass(frozen=True)
class Preprint:
    """One version of a preprint, as the API lists it; `pdf` is None where the site refuses it."""

    doi: str
    title: str
    abstract: str = "An abstract."
    authors: str = "Lovelace, A.; Turing, A. M."
    date: str = "2026-11-20"
    version: int = 1
    category: str = "cell biology"
    license: str = "cc_by"
    server: str = "biorxiv"
    published: str = "NA"
    pdf: bytes | None = field(default=None, repr=False)

    def record(self) -> dict[str, Any]:
        names = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}
        return {
            "title": self.title,
            "authors": self.authors,
            "author_corresponding": "Ada Lovelace",
            "author_corresponding_institution": "University of Examples",
            "doi": self.doi,
            "date": self.date,
            "version": str(self.version),
            "type": "new results",
            "license": self.license,
            "category": self.category,
            "jatsxml": f"https://www.biorxiv.org/content/early/{self.doi}.source.xml",
            "abstract": self.abstract,
            "funder": "NA",
            "published": self.published,
            "server": names[self.server],
        }


@dataclass(frozen=True)
class Note:
    """A paper that a venue has accepted."""

    id: str
    title: str
    venue: str = "ICLR 2026 Oral"
    venue_id: str = "ICLR.cc/2026/Conference"
    abstract: str = "An abstract."
    authors: tuple[str, ...] = ("Ada Lovelace", "Alan Turing")
    pdate: int | None = 1763596800000
    pdf: bytes | None = field(default=None, repr=False)
    more: Mapping[str, Any] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        content = {
            "title": self.title,
            "authors": list(self.authors),
            "authorids": ["~Ada_Lovelace1"],
            "keywords": ["graphs"],
            "abstract": self.abstract,
            "venue": self.venue,
            "venueid": self.venue_id,
            "pdf": f"/pdf/{self.id}.pdf",
            **self.more,
        }
        return {
            "id": self.id,
            "forum": self.id,
            "number": 7,
            "cdate": 1758888000000,
            "pdate": self.pdate,
            "mdate": 1763683200000,
            "invitations": [f"{self.venue_id}/-/Submission"],
            "domain": self.venue_id,
            "readers": ["everyone"],
            "signatures": [f"{self.venue_id}/Submission7/Authors"],
            "license": "CC BY 4.0",
            "content": {key: {"value": value} for key, value in content.items()},
        }


class FakePreprints(LoopbackServer):
    """Serves both APIs and the PDFs; scripted replies come first."""

    def __init__(
        self, preprints: Sequence[Preprint] = (), notes: Sequence[Note] = (), page_size: int = 30
    ) -> None:
        super().__init__()
        self.preprints, self.notes, self.page_size = [*preprints], [*notes], page_size

    def is_call(self, request: Request) -> bool:
        return False

    def reply(self, request: Request) -> Reply:
        scripted = self.next_scripted()
        if scripted is not None:
            return scripted
        parts = urlsplit(request.path)
        path = unquote(parts.path)
        if details := _DETAILS.fullmatch(path):
            return self._details(details)
        if pdf := _PDF.fullmatch(path):
            return self._pdf(pdf)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if path == "/notes":
            return self._notes(query)
        if path == "/pdf":
            found = next((note.pdf for note in self.notes if note.id == query["id"]), None)
            return _file(found)
        return Reply(404, b"<html>not found</html>")

    def _details(self, asked: re.Match[str]) -> Reply:
        found = [
            each
            for each in self.preprints
            if each.server == asked["server"] and asked["since"] <= each.date <= asked["until"]
        ]
        cursor = int(asked["cursor"])
        shown = found[cursor : cursor + self.page_size]
        if not shown:
            return Reply(body={"messages": [{"status": "no posts found"}], "collection": []})
        message = {
            "status": "ok",
            "category": "all",
            "interval": f"{asked['since']}:{asked['until']}",
            "funder": "all",
            "cursor": cursor,
            "count": len(shown),
            "count_new_papers": str(sum(each.version == 1 for each in found)),
            "total": str(len(found)),
        }
        return Reply(body={"messages": [message], "collection": [each.record() for each in shown]})

    def _pdf(self, asked: re.Match[str]) -> Reply:
        wanted = (asked["doi"], int(asked["version"]))
        return _file(
            next((each.pdf for each in self.preprints if (each.doi, each.version) == wanted), None)
        )

    def _notes(self, query: Mapping[str, str]) -> Reply:
        found = [note for note in self.notes if note.venue_id == query["content.venueid"]]
        start = int(query["offset"])
        shown = found[start : start + min(int(query["limit"]), self.page_size)]
        return Reply(body={"notes": [note.record() for note in shown], "count": len(found)})


def _file(content: bytes | None) -> Reply:
    if content is None:
        return Reply(403, b"<html>Just a moment...</html>")
    return Reply(body=content, media_type="application/pdf")
