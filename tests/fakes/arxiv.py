"""A fake arXiv on 127.0.0.1: query API, PDFs, abstract pages, RSS feeds and OAI-PMH.

Faults are scripted:

    from tests.fakes.arxiv_faults import empty_feed, html_page, status

    paper = FakePaper("2407.18125", "A Diffusion Model", pdf=tiny_pdf("A Diffusion Model"))
    with FakeArxiv([paper]) as server:
        # The next two queries fail like this,
        server.script(status(429, retry_after=1), empty_feed())
        # the next PDF is a web page,
        server.script(html_page(), path="/pdf/")
        # and from here on every query fails, until server.heal().
        server.always(status(503), path="/api/query")
        ...  # settings: arxiv.api_url = server.api_url, arxiv.oai_url = server.oai_url,
             # arxiv.site_url = arxiv.rss_url = server.url, arxiv.delay_seconds = 0
        assert server.count("/pdf/") == 1

`server.papers` may be changed while it runs, and so may `server.announced` and
`server.announcement_day`, from which the RSS feeds and listing pages are made (see arxiv_rss.py and
arxiv_listing.py); `server.requests` records what was asked and when. It also runs by itself:
`python -m tests.fakes.arxiv --port 8001 --library examples/library`.
"""

import argparse
import re
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.arxiv_faults import ATOM, HTML, Exchange, Fault, Recorded, Reply, healthy
from tests.fakes.arxiv_feed import BadQueryError, FakePaper, error_feed, feed, matcher, requested
from tests.fakes.arxiv_listing import listing_reply
from tests.fakes.arxiv_oai import oai_reply
from tests.fakes.arxiv_papers import SAMPLE_PAPERS, library_papers, repeated
from tests.fakes.arxiv_rss import NEW_YORK, rss_reply

API_PATH = "/api/query"
OAI_PATH = "/oai"
# What the service really takes, whatever its manual says.
DEEPEST_RESULT = 10_000
LARGEST_PAGE = 2000
_DATES_ALONE = re.compile(r"submittedDate:\[(\d{12}) TO \d{12}\]")


class FakeArxiv:
    """The server. Use it as a context manager; it picks a free port unless told one."""

    def __init__(
        self, papers: Iterable[FakePaper] = (), *, port: int = 0, deepest: int = DEEPEST_RESULT
    ) -> None:
        self.papers = list(papers)
        # Nothing is announced until a test says so: None stands for all papers.
        self.announced: list[FakePaper] | None = []
        self.announcement_day = date(2026, 11, 20)
        # The real arXiv has hundreds of papers a day; here, a search by dates alone finds one more
        # than `papers`.
        self.has_others = True
        # What the query API has in its index, where that lags behind; None stands for all papers.
        self.indexed: list[FakePaper] | None = None
        # The ids of the papers of authors, by ORCID.
        self.by_orcid: dict[str, tuple[str, ...]] = {}
        self.deepest = deepest
        self.requests: list[Recorded] = []
        self.most_at_once = 0
        self.closing = threading.Event()
        self._at_once = 0
        self._lock = threading.Lock()
        self._scripts: dict[str, deque[Fault]] = {}
        self._always: dict[str, Fault] = {}
        self._http = _QuietServer(("127.0.0.1", port), Handler)
        self._http.fake = self  # type: ignore[attr-defined]
        # A quick poll makes closing quick, and there is one server in most tests.
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The value for `arxiv.site_url`."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def api_url(self) -> str:
        """The value for `arxiv.api_url`."""
        return self.url + API_PATH

    @property
    def oai_url(self) -> str:
        """The value for `arxiv.oai_url`."""
        return self.url + OAI_PATH

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def script(self, *faults: Fault, path: str = API_PATH) -> None:
        """Play these faults, one a request, on the next requests whose path begins with `path`."""
        with self._lock:
            self._scripts.setdefault(path, deque()).extend(faults)

    def always(self, fault: Fault, path: str = API_PATH) -> None:
        """Play this fault on every request whose path begins with `path`."""
        with self._lock:
            self._always[path] = fault

    def heal(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._scripts.clear()
            self._always.clear()

    def count(self, path: str = "/") -> int:
        """Count the requests for paths that begin with `path`."""
        return sum(each.path.startswith(path) for each in self.requests)

    def gaps(self) -> list[float]:
        """Return the seconds between each request and the one before it."""
        times = [each.at for each in self.requests]
        return [later - earlier for earlier, later in pairwise(times)]

    def begin(self, request: Recorded) -> Fault:
        """Note a request, and say what is to be done with it."""
        with self._lock:
            self.requests.append(request)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            for path, faults in self._scripts.items():
                if faults and request.path.startswith(path):
                    return faults.popleft()
            return next(
                (fault for path, fault in self._always.items() if request.path.startswith(path)),
                healthy(),
            )

    def end(self) -> None:
        """Note that a request was answered."""
        with self._lock:
            self._at_once -= 1

    def reply_to(self, request: Recorded) -> Reply:
        """Answer as a healthy service does."""
        kind, _, name = request.path.lstrip("/").partition("/")
        if request.path == API_PATH:
            return self._query(request.query)
        if request.path == OAI_PATH:
            return oai_reply(request.query, self.papers)
        if kind == "rss":
            announced = self.papers if self.announced is None else self.announced
            return rss_reply(name, announced, self.announcement_day, request.headers)
        if kind == "list" and name.endswith("/new"):
            announced = self.papers if self.announced is None else self.announced
            return listing_reply(
                name.removesuffix("/new"), announced, self.announcement_day, request.query
            )
        if kind == "a" and name.removesuffix(".atom2") in self.by_orcid:
            own = self.by_orcid[name.removesuffix(".atom2")]
            papers = [each for each in self.papers if each.arxiv_id in own]
            count, now = len(papers), datetime.now(UTC)
            xml = feed(papers, total=count, start=0, size=count, query=name, updated=now)
            return Reply(200, ATOM, xml.encode())
        if kind == "pdf" and name.endswith(".pdf"):
            return Reply(301, headers={"Location": f"/pdf/{name.removesuffix('.pdf')}"})
        paper = next((each for each in self.papers if name in (each.arxiv_id, each.idv)), None)
        if paper and kind == "pdf" and paper.pdf is not None:
            return Reply(
                200, "application/pdf", paper.pdf, {"ETag": f'"{paper.idv}"'}, chunked=True
            )
        if paper and kind == "abs":
            return Reply(200, HTML, f"<!DOCTYPE html><html><h1>{paper.title}</h1></html>".encode())
        return Reply(
            404, HTML, f"<!DOCTYPE html><html><body>No {kind} for {name}</body></html>".encode()
        )

    def _query(self, query: Mapping[str, str]) -> Reply:
        try:
            start, size = int(query.get("start", "0")), int(query.get("max_results", "10"))
            found = self._found(query)
        except BadQueryError as error:
            return Reply(error.status, ATOM, error_feed(str(error)).encode())
        if start + size > self.deepest + LARGEST_PAGE or start >= self.deepest or size == 0:
            return Reply(500, HTML, b"Internal server error")
        entries = found[start : start + min(size, LARGEST_PAGE)]
        names = ("search_query", "id_list", "start", "max_results")
        echo = "&".join(f"{name}={query.get(name, '')}" for name in names)
        xml = feed(
            entries, total=len(found), start=start, size=size, query=echo, updated=datetime.now(UTC)
        )
        return Reply(200, ATOM, xml.encode())

    def _found(self, query: Mapping[str, str]) -> list[FakePaper]:
        ids, search = query.get("id_list", ""), query.get("search_query", "")
        if not ids and not search:
            raise BadQueryError(400, "either search_query or id_list must be given")
        known = self.papers if self.indexed is None else self.indexed
        papers = requested(ids, known) if ids else list(known)
        if search:
            papers = list(filter(matcher(search), papers))
        if self.has_others and (between := _DATES_ALONE.fullmatch(search)):
            submitted = datetime.strptime(f"{between[1]}+0000", "%Y%m%d%H%M%z")
            papers.append(
                FakePaper(
                    f"{submitted:%y%m}.99999", "A paper on another subject", published=submitted
                )
            )
        order: dict[str, Callable[[FakePaper], datetime]] = {
            "submittedDate": lambda paper: paper.published,
            "lastUpdatedDate": lambda paper: paper.updated or paper.published,
        }
        if key := order.get(query.get("sortBy", "relevance")):
            papers.sort(key=key, reverse=query.get("sortOrder", "descending") == "descending")
        return papers


class _QuietServer(ThreadingHTTPServer):
    """Says nothing of clients that hang up, as they do when a fault makes them give up."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Reads requests, and has every way of answering them badly."""

    protocol_version = "HTTP/1.1"
    # Head and body are two writes; Nagle's algorithm would hold the second back for 40 ms.
    disable_nagle_algorithm = True
    _is_under_way = False

    def do_GET(self) -> None:
        server: FakeArxiv = self.server.fake  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        query = {
            name: values[0]
            for name, values in parse_qs(parts.query, keep_blank_values=True).items()
        }
        request = Recorded(time.monotonic(), unquote(parts.path), query, dict(self.headers))
        fault = server.begin(request)
        self._is_under_way = True
        try:
            fault(Exchange(self, server.closing, server.reply_to(request)))
        except ConnectionError:
            self.close_connection = True
        finally:
            self._end()

    def _end(self) -> None:
        if self._is_under_way:
            self._is_under_way = False
            self.server.fake.end()  # type: ignore[attr-defined]

    def send(self, reply: Reply, promised: int | None = None) -> None:
        self._head(reply, promised)
        # Not later: a client that has the last byte may ask again before this thread goes on.
        self._end()
        if reply.chunked:
            half = max(1, len(reply.body) // 2)
            for piece in filter(None, (reply.body[:half], reply.body[half:])):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(reply.body)
        self.close_connection = self.close_connection or promised is not None

    def drip(self, reply: Reply, pause_seconds: float, size: int) -> None:
        self._head(replace(reply, chunked=False), None)
        closing: threading.Event = self.server.fake.closing  # type: ignore[attr-defined]
        for first in range(0, len(reply.body), size):
            self.wfile.write(reply.body[first : first + size])
            if closing.wait(pause_seconds):
                break
        self.close_connection = True

    def break_off(self, reply: Reply) -> None:
        self._head(replace(reply, chunked=True), None)
        self.wfile.write(b"%x\r\n%s" % (len(reply.body), reply.body[: len(reply.body) // 2]))
        self.close_connection = True

    def hang_up(self) -> None:
        self.close_connection = True

    def reset_connection(self) -> None:
        # A linger time of zero makes close() send RST instead of FIN.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def _head(self, reply: Reply, promised: int | None) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header(
                "Content-Length", str(len(reply.body) if promised is None else promised)
            )
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: `FakeArxiv.requests` is the log."""


def main() -> None:
    """Serve a library, or the sample papers, until interrupted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--library", type=Path, help="a folder of PDFs with a metadata.json")
    parser.add_argument(
        "--papers", type=int, help="so many papers of one night, the library again and again"
    )
    arguments = parser.parse_args()
    papers: Sequence[FakePaper] = (
        library_papers(arguments.library) if arguments.library else SAMPLE_PAPERS
    )
    if arguments.papers:
        papers = repeated(papers, arguments.papers, datetime.now(UTC))
    with FakeArxiv(papers, port=arguments.port) as server:
        server.announced = None
        server.announcement_day = datetime.now(NEW_YORK).date()
        print(
            (
                f"{len(server.papers)} papers; arxiv.rss_url = {server.url}, "
                f"arxiv.oai_url = {server.oai_url},"
            ),
            end=" ",
        )
        print(f"arxiv.api_url = {server.api_url}, arxiv.site_url = {server.url}", flush=True)
        with suppress(KeyboardInterrupt):
            server.closing.wait()


if __name__ == "__main__":
    main()
