"""Read what an answer says is wrong, in whatever form a service or a gateway puts it.

Errors come inside `error`, bare, in a list, as a mere string, as `base_resp` (MiniMax),
`error_code` (Baidu), `detail` (FastAPI), `errors` (Cloudflare), in the first of the choices
(OpenRouter), or as a page of HTML.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chatpaper.backends.errors.fault_table import Kind, classify_fault

_MESSAGE_CHARACTERS = 300
_MAX_DEPTH = 6
_MAX_PARTS = 60
_MAX_PART_CHARACTERS = 1000
_MAX_SIGNATURE_CHARACTERS = 4000
# Sentences that are shown; the first says most, and a gateway's own is followed by the one of the
# service behind it.
_SHOWN_MESSAGES = 2

_CODE_KEYS = frozenset(
    {
        "code",
        "type",
        "status",
        "reason",
        "quotaid",
        "errcode",
        "err_code",
        "finish_reason",
        "blockreason",
        "block_reason",
    }
)
_MESSAGE_KEYS = frozenset(
    {
        "message",
        "msg",
        "error",
        "detail",
        "details",
        "error_msg",
        "errmsg",
        "status_msg",
        "error_description",
        "raw",
    }
    | {"reasons", "title", "error_message", "refusal"}
)
# The namespace of codes that are numbers which others use too.
_NAMESPACES = {"status_code": "minimax", "error_code": "baidu"}
# What was asked, which some servers send back.
_ECHOES = frozenset(
    {
        "input",
        "ctx",
        "prompt",
        "messages",
        "request",
        "body",
        "content",
        "usage",
        "url",
        "@type",
        "links",
    }
)

_HTTP_STATUSES = range(400, 600)

_PAGE = re.compile(r"\s{0,99}(?:<!doctype|<html|<\?xml|<head|<body)", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,99}>([^<]{1,200})</title>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FaultText:
    """What an answer says of its fault.

    `signature` holds its codes in brackets and its messages, `said` what is shown of it.
    """

    status: int
    signature: str
    said: str

    @property
    def kind(self) -> Kind:
        """The kind of fault that it reports."""
        return classify_fault(self.status, self.signature)


def read_fault(status: int, body: object) -> FaultText:
    """Return what an answer says of its fault.

    The status is the one in the body where HTTP says that all is well.
    """
    if isinstance(body, str) and _PAGE.match(body):
        # What stands in the markup of a page says nothing of a request.
        title = _TITLE.search(body)
        page = "a web page came instead of an answer"
        return FaultText(status, "", shorten_to_line(f"{page}: {title[1]}") if title else page)
    codes: list[str] = []
    messages: list[str] = []
    for is_code, part in _parts(body):
        found = codes if is_code else messages
        if part not in found:
            found.append(part)
    signature = " ".join([*(f"[{code}]" for code in codes), *messages])[:_MAX_SIGNATURE_CHARACTERS]
    said = shorten_to_line("; ".join(_shown(messages)) or " ".join(codes[:_SHOWN_MESSAGES]))
    return FaultText(
        _status_in(codes) if status < _HTTP_STATUSES.start else status, signature, said
    )


def _status_in(codes: list[str]) -> int:
    """Return the first HTTP status among the codes of an answer that was 200 by itself."""
    numbers = (int(code) for code in codes if code.isascii() and code.isdigit())
    return next((number for number in numbers if number in _HTTP_STATUSES), 200)


def _shown(messages: list[str]) -> list[str]:
    """Return the first messages that say more than those before them."""
    shown: list[str] = []
    for message in messages:
        if len(shown) < _SHOWN_MESSAGES and not any(message in other for other in shown):
            shown.append(message)
    return shown


def _parts(body: object) -> Iterator[tuple[bool, str]]:
    """Yield each part and whether it is a code, the outermost first."""
    waiting: list[tuple[str, object, int]] = [("message", body, 0)]
    given = 0
    while waiting and given < _MAX_PARTS:
        key, value, depth = waiting.pop(0)
        if isinstance(value, Mapping):
            inner = (
                [(str(name).lower(), part, depth + 1) for name, part in value.items()]
                if depth < _MAX_DEPTH
                else []
            )
            waiting += [each for each in inner if each[0] not in _ECHOES]
        elif isinstance(value, list | tuple):
            waiting += (
                [(key, part, depth + 1) for part in value[:_MAX_PARTS]]
                if depth < _MAX_DEPTH
                else []
            )
        elif part := _part(key, value):
            given += 1
            yield part


def _part(key: str, value: object) -> tuple[bool, str] | None:
    if isinstance(value, bool) or value is None:
        # MiniMax marks what it withheld.
        return (
            (True, "sensitive")
            if value and key in ("input_sensitive", "output_sensitive")
            else None
        )
    text = str(value).strip()[:_MAX_PART_CHARACTERS]
    if key in _NAMESPACES:
        return (True, f"{_NAMESPACES[key]} {text}") if text != "0" else None
    if key in _CODE_KEYS:
        return (True, text) if text else None
    return (False, text) if key in _MESSAGE_KEYS and text else None


def shorten_to_line(message: str) -> str:
    """Return a message of a service as one line that is not too long."""
    line = " ".join(message.split())
    return line if len(line) <= _MESSAGE_CHARACTERS else line[:_MESSAGE_CHARACTERS] + "…"
