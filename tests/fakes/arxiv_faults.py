"""What can go wrong between arXiv and us, seen from arXiv: each fault answers one request."""

import gzip
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from tests.fakes.arxiv_feed import error_feed

ATOM = "application/atom+xml; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """An HTTP answer; `chunked` leaves Content-Length out, as arXiv does for PDFs."""

    status: int = 200
    content_type: str = HTML
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    chunked: bool = False


@dataclass(frozen=True)
class Recorded:
    """A request as it came in; `at` is monotonic, in seconds."""

    at: float
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


class Wire(Protocol):
    """The ways in which a request can be answered."""

    def send(self, reply: Reply, promised: int | None = None) -> None: ...
    def drip(self, reply: Reply, pause_seconds: float, size: int) -> None: ...
    def break_off(self, reply: Reply) -> None: ...
    def hang_up(self) -> None: ...
    def reset_connection(self) -> None: ...


@dataclass(frozen=True)
class Exchange:
    """One request under way: `reply` is what a healthy service would answer."""

    wire: Wire
    closing: threading.Event
    reply: Reply

    def send(self, reply: Reply) -> None:
        self.wire.send(reply)


Fault = Callable[[Exchange], None]


def status(
    code: int, *, retry_after: float | str | None = None, body: str = "Rate exceeded."
) -> Fault:
    """Answer `code`, with a Retry-After header where one is given."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return lambda exchange: exchange.send(Reply(code, "text/plain", body.encode(), headers))


def healthy() -> Fault:
    """Answer as it should be; to put between two faults."""
    return lambda exchange: exchange.send(exchange.reply)


def html_page(code: int = 200) -> Fault:
    """Answer with a web page."""
    return lambda exchange: exchange.send(
        Reply(code, HTML, b"<!DOCTYPE html><html><body>Sorry</body></html>")
    )


def blank_body() -> Fault:
    """Answer 200 and a feed's type, but no body."""
    return lambda exchange: exchange.send(replace(exchange.reply, body=b""))


def empty_feed() -> Fault:
    """Say that there are no results."""
    return _rewritten(_without_entries)


def truncated_xml() -> Fault:
    """Break the document off in the middle, in an HTTP answer that is whole."""
    return _rewritten(lambda xml: xml[: len(xml) * 2 // 3])


def short_page(missing: int = 1) -> Fault:
    """Leave the last entries of the page out, and still count them."""
    return _rewritten(lambda xml: _first_entries(xml, xml.count("<entry>") - missing))


def changed_total(difference: int) -> Fault:
    """State another total than the other pages do."""
    return _rewritten(
        lambda xml: re.sub(
            r"(?<=<opensearch:totalResults>)\d+", lambda m: str(int(m[0]) + difference), xml
        )
    )


def missing_field(name: str) -> Fault:
    """Leave an element out of the first entry."""
    return _rewritten(
        lambda xml: re.sub(
            rf"(<entry>.*?)\s*<{name}>.*?</{name}>", r"\1", xml, count=1, flags=re.DOTALL
        )
    )


def missing_total() -> Fault:
    """Leave out how many results there are."""
    return _rewritten(
        lambda xml: re.sub(r"\s*<opensearch:totalResults>.*?</opensearch:totalResults>", "", xml)
    )


def error_entry(message: str = "incorrect id format for abc") -> Fault:
    """Answer 200 with a feed whose only entry is an error, as the service did before 2026."""
    return lambda exchange: exchange.send(Reply(200, ATOM, error_feed(message).encode()))


def no_answer(seconds: float = 30.0) -> Fault:
    """Take the request and say nothing, until the time is over or the server closes."""
    return lambda exchange: _silence(exchange, seconds)


def reset() -> Fault:
    """Break the connection with a TCP reset."""
    return lambda exchange: exchange.wire.reset_connection()


def slow_drip(pause_seconds: float, size: int = 1) -> Fault:
    """Send the body in pieces of `size` bytes with a pause after each."""
    return lambda exchange: exchange.wire.drip(exchange.reply, pause_seconds, size)


def wrong_content_length(extra: int = 100) -> Fault:
    """Promise more bytes than are sent, then close."""
    return lambda exchange: exchange.wire.send(
        replace(exchange.reply, chunked=False), promised=len(exchange.reply.body) + extra
    )


def broken_chunks() -> Fault:
    """Close in the middle of a body whose length is not known beforehand."""
    return lambda exchange: exchange.wire.break_off(exchange.reply)


def shifted_start(start: int) -> Fault:
    """Say that the page begins elsewhere than was asked for."""
    return _rewritten(lambda xml: re.sub(r"(?<=<opensearch:startIndex>)\d+", str(start), xml))


def gzip_garbage() -> Fault:
    """Say that the body is compressed, which it is not."""
    return lambda exchange: exchange.send(
        replace(exchange.reply, body=b"no gzip at all", headers={"Content-Encoding": "gzip"})
    )


def gzipped() -> Fault:
    """Answer as it should be, compressed."""
    return lambda exchange: exchange.send(
        replace(
            exchange.reply,
            body=gzip.compress(exchange.reply.body),
            headers={"Content-Encoding": "gzip"},
        )
    )


def redirect(location: str, code: int = 301) -> Fault:
    """Send the client elsewhere."""
    return lambda exchange: exchange.send(Reply(code, HTML, b"", {"Location": location}))


def body(content: bytes, content_type: str = "application/pdf") -> Fault:
    """Answer 200 with this body."""
    return lambda exchange: exchange.send(
        replace(exchange.reply, status=200, body=content, content_type=content_type)
    )


def _silence(exchange: Exchange, seconds: float) -> None:
    exchange.closing.wait(seconds)
    exchange.wire.hang_up()


def _rewritten(change: Callable[[str], str]) -> Fault:
    return lambda exchange: exchange.send(
        replace(exchange.reply, body=change(exchange.reply.body.decode()).encode())
    )


def _without_entries(xml: str) -> str:
    xml = re.sub(r"\s*<entry>.*</entry>", "", xml, flags=re.DOTALL)
    return re.sub(r"(?<=<opensearch:totalResults>)\d+", "0", xml)


def _first_entries(xml: str, wanted: int) -> str:
    head, *entries = xml.split("  <entry>")
    return (
        "  <entry>".join([head, *entries[: max(0, wanted)]]).removesuffix("</feed>\n") + "</feed>\n"
    )
