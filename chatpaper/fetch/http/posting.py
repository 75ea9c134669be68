"""Post a message to a service of others: once, without a retry, and without showing its address.

The addresses of webhooks are secrets. Nothing here logs them or puts them into an error.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from chatpaper.domain.connections.faults import describe_connection_fault
from chatpaper.domain.log_context import silence_logs
from chatpaper.fetch.http.session import build_user_agent

# What services answer is a few lines.
_MOST_ANSWER_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class PostedFile:
    """A file of a form: the name of its field, its content, and what kind it is."""

    field: str
    content: bytes
    media_type: str = "image/png"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered, or why it did not.

    `status` is 0 where there was no answer; `was_sent` tells whether the service may have the
    message all the same. `body` is the JSON of the answer, empty for any other; `fault` says what
    went wrong on the way, without addresses.
    """

    status: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    retry_after_seconds: float | None = None
    fault: str = ""
    was_sent: bool = True


def post_json(
    url: str,
    body: bytes,
    timeout_seconds: float,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Post JSON, and return what the service says of it."""
    return _post(
        url,
        timeout_seconds,
        data=body,
        headers={"Content-Type": "application/json; charset=utf-8", **(headers or {})},
    )


def post_form(
    url: str,
    fields: Mapping[str, str],
    file: PostedFile,
    timeout_seconds: float,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Post a form with a file, and return what the service says of it."""
    name = f"figure.{file.media_type.rpartition('/')[2]}"
    return _post(
        url,
        timeout_seconds,
        data=dict(fields),
        files={file.field: (name, file.content, file.media_type)},
        headers=dict(headers or {}),
    )


def _post(url: str, timeout_seconds: float, **request: Any) -> Answer:
    request["headers"] = {"User-Agent": build_user_agent(), **request["headers"]}
    try:
        # A redirect would show the secret to another host.
        with silence_logs():
            response = requests.post(url, timeout=timeout_seconds, allow_redirects=False, **request)
    except requests.exceptions.ConnectTimeout:
        return Answer(fault="no connection in time", was_sent=False)
    except requests.exceptions.Timeout:
        return Answer(fault="no answer in time")
    except (requests.exceptions.SSLError, requests.exceptions.ProxyError) as error:
        return Answer(fault=_describe(error, url), was_sent=False)
    except requests.exceptions.ConnectionError as error:
        return Answer(fault=_describe(error, url), was_sent=not _is_unconnected(error))
    except (requests.RequestException, OSError) as error:
        return Answer(fault=type(error).__name__, was_sent=False)
    return Answer(response.status_code, _read_body(response), _read_wait(response))


def _is_unconnected(error: requests.exceptions.ConnectionError) -> bool:
    """Return whether there was no connection at all, so that nothing can have arrived."""
    text = str(error)
    return "NewConnectionError" in text or "NameResolutionError" in text


def _describe(error: Exception, url: str) -> str:
    cause = describe_connection_fault(error)
    # Some causes quote the request.
    path = url.split("/", 3)[-1]
    return type(error).__name__ if path and path in cause else cause


def _read_body(response: requests.Response) -> Mapping[str, Any]:
    try:
        body = json.loads(response.text[:_MOST_ANSWER_CHARACTERS])
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _read_wait(response: requests.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None
