"""A fake OpenAlex on 127.0.0.1: works by their DOIs, with scripted faults."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import LoopbackServer, Reply, Request


def work(doi: str, cited: int, *sources: tuple[str, str]) -> dict[str, Any]:
    return {
        "doi": f"https://doi.org/{doi}",
        "cited_by_count": cited,
        "locations": [
            {"is_oa": True, "source": None},
            *({"source": {"display_name": name, "type": kind}} for name, kind in sources),
        ],
    }


class FakeOpenAlex(LoopbackServer):
    """Answers with the works that are asked for, as the service does."""

    works = (
        work("10.48550/arXiv.2106.15928", 7, ("arXiv (Cornell University)", "repository")),
        work("10.1101/2026.11.20.600001", 1234, ("bioRxiv", "repository"), ("Nature", "journal")),
    )

    def is_call(self, request: Request) -> bool:
        return False

    def reply(self, request: Request) -> Reply:
        scripted = self.next_scripted()
        if scripted is not None:
            return scripted
        query = parse_qs(urlsplit(request.path).query)
        wanted = query["filter"][0].removeprefix("doi:").split("|")
        found = [each for each in self.works if each["doi"][16:].casefold() in wanted]
        return Reply(body={"meta": {"count": len(found)}, "results": found})
