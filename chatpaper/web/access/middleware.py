"""Access control: this machine alone, whoever has the password, or whomever the proxy lets in."""

import asyncio
import base64
import binascii
import ipaddress
import math
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from chatpaper.app.settings_groups import WebSettings
from chatpaper.domain.errors import ConfigError
from chatpaper.web.access.visitors import LoginAttempts, identify_visitor
from chatpaper.web.numbers import format_duration
from chatpaper.web.translations import choose_language, load_translations

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Everything comes from here: a page that asks a third party for a font tells it who reads what.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self' https://huggingface.co"
)
# What every answer has.
SAFE_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    # With "no-referrer", browsers send forms of our own pages from the origin "null".
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
# They change nothing (RFC 9110, 9.2.1), so links from other sites may lead here.
_SAFE_METHODS = ("GET", "HEAD")
# Values of Sec-Fetch-Site for requests that no page of another site made.
_OWN_FETCHES = (b"same-origin", b"none")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Nobody who mistypes a password notices; a program that tries many does.
WRONG_PASSWORD_SECONDS = 0.5


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private(web: WebSettings) -> bool:
    """Whether nobody but the owner, at this machine, uses the page."""
    return is_loopback(web.host) and web.password is None and not web.proxy_header


def ensure_access_control(web: WebSettings) -> None:
    """Raise ConfigError where everybody on the network could use the page and its API key."""
    if is_loopback(web.host) or web.password is not None or web.proxy_header:
        return
    raise ConfigError(
        f"On {web.host} everybody who reaches this machine could use the page and your API key: "
        "set web.password, or web.proxy_header if a proxy of yours lets people in, or leave "
        "web.host at 127.0.0.1."
    )


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a request is refused: the status, the name of the words, and for how many seconds."""

    status: int
    name: str
    seconds: int = 0

    def write(self, language: str) -> str:
        """Return what happened and what to do, in a language of the page."""
        text = load_translations(language)[f"refuse_{self.name}"]
        return text.format(duration=format_duration(self.seconds, language))


class AccessMiddleware:
    """An ASGI application that passes on permitted requests.

    Its headers keep browsers from loading anything from other sites.
    """

    def __init__(
        self,
        app: App,
        web: WebSettings,
        attempts: LoginAttempts | None = None,
        delay_seconds: float = WRONG_PASSWORD_SECONDS,
    ) -> None:
        self._app = app
        self._web = web
        self._attempts = attempts or LoginAttempts()
        self._delay_seconds = delay_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value for name, value in scope["headers"]}
        refusal = self._refuse_foreign(scope.get("method", "GET"), headers) or self._refuse_host(
            headers
        )
        if refusal is None and self._web.password is not None:
            refusal = await self._refuse_password(
                identify_visitor((scope.get("client") or ("",))[0]), headers
            )
        if refusal is not None:
            await _refuse(scope, send, refusal, headers)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *SAFE_HEADERS]
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _refuse_host(self, headers: dict[str, bytes]) -> _Refusal | None:
        """Return the refusal where the proxy or the name of the host is missing or wrong."""
        web = self._web
        if web.proxy_header and not headers.get(web.proxy_header.lower(), b"").strip():
            return _Refusal(403, "proxy")
        if not web.proxy_header and web.password is None:
            # A web page elsewhere could have its own name lead here (DNS rebinding); ours is known.
            name = headers.get("host", b"").decode("latin-1").rsplit(":", 1)[0].strip("[]")
            if name not in _LOCAL_NAMES and name != web.host:
                return _Refusal(403, "host")
        return None

    def _refuse_foreign(self, method: str, headers: dict[str, bytes]) -> _Refusal | None:
        """Return the refusal of a request that a page of another site sends.

        Browsers say where a request comes from (Origin: RFC 6454; Sec-Fetch-Site: Fetch Metadata).
        Pages elsewhere may link here, and nothing else.
        """
        refusal = _Refusal(403, "foreign")
        origin = headers.get("origin")
        if origin is not None:
            names = [headers.get("host", b"")]
            if self._web.proxy_header:
                names.append(headers.get("x-forwarded-host", b"").partition(b",")[0].strip())
            return (
                None
                if _is_origin_of(
                    origin.decode("latin-1"), [name.decode("latin-1") for name in names]
                )
                else refusal
            )
        fetch_site = headers.get("sec-fetch-site", b"none")
        return None if method in _SAFE_METHODS or fetch_site in _OWN_FETCHES else refusal

    async def _refuse_password(self, visitor: str, headers: dict[str, bytes]) -> _Refusal | None:
        """Return the refusal of a wrong password, or after too many of them."""
        web, authorization = self._web, headers.get("authorization", b"").decode("latin-1")
        assert web.password is not None
        if seconds := self._attempts.lockout_seconds(visitor):
            return _Refusal(429, "locked", math.ceil(seconds))
        given = _read_password(authorization)
        if secrets.compare_digest(given.encode(), web.password.get_secret_value().encode()):
            self._attempts.record_success(visitor)
            return None
        # Browsers ask without a password before they ask their user for it.
        if authorization:
            self._attempts.record_failure(visitor)
            await asyncio.sleep(self._delay_seconds)
        return _Refusal(401, "password")


def _is_origin_of(origin: str, hosts: list[str]) -> bool:
    """Whether an origin, such as `https://papers.example:8443`, is that of one of these hosts."""
    try:
        parts = urlsplit(origin)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
        asked = [urlsplit(f"{parts.scheme}://{host}") for host in hosts if host]
        known = [(each.hostname, each.port or _DEFAULT_PORTS.get(parts.scheme)) for each in asked]
    except ValueError:
        return False
    return port is not None and bool(parts.hostname) and (parts.hostname, port) in known


def _read_password(authorization: str) -> str:
    """Read the password of HTTP authentication, Basic or Bearer; empty where there is none.

    Browsers ask for a Basic one (RFC 7617), programs are given a token (RFC 6750).
    """
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return coded.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(coded, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


async def _refuse(scope: Scope, send: Send, refusal: _Refusal, asked: Mapping[str, bytes]) -> None:
    """Refuse a request, in the language of the visitor."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    language = choose_language(
        asked.get("accept-language", b"").decode("latin-1"),
        asked.get("cookie", b"").decode("latin-1"),
    )
    text = refusal.write(language)
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-language", language.encode()),
        *SAFE_HEADERS,
    ]
    if refusal.status == 401:
        headers.append((b"www-authenticate", b'Basic realm="chatpaper", charset="UTF-8"'))
    if refusal.seconds:
        headers.append((b"retry-after", str(refusal.seconds).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
