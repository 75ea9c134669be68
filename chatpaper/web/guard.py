"""Who may see the page: everybody on this machine, or whoever has the password, or whom the proxy lets in."""

import base64
import binascii
import ipaddress
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from chatpaper.errors import ConfigError
from chatpaper.settings_groups import WebSettings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Everything comes from here: a page that asks a third party for a font tells it who reads what.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self' https://huggingface.co"
)
_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_guard(web: WebSettings) -> None:
    """Raises ConfigError where everybody on the network could use the page, and the key behind it."""
    if is_loopback(web.host) or web.password is not None or web.proxy_header:
        return
    raise ConfigError(
        f"On {web.host} everybody who reaches this machine could use the page and your API key: set web.password, or "
        "web.proxy_header if a proxy of yours lets people in, or leave web.host at 127.0.0.1."
    )


class Guard:
    """An ASGI application that lets those through who may, and has browsers load nothing from elsewhere."""

    def __init__(self, app: App, web: WebSettings) -> None:
        self._app = app
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal({name.decode("latin-1").lower(): value for name, value in scope["headers"]})
        if refusal is not None:
            await _refuse(scope, send, *refusal)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _refusal(self, headers: dict[str, bytes]) -> tuple[int, str] | None:
        """Status and reason of a refusal; None for who may come in."""
        web = self._web
        if web.proxy_header and not headers.get(web.proxy_header.lower(), b"").strip():
            return 403, "The proxy did not say who you are."
        if web.password is not None:
            given = _password_in(headers.get("authorization", b"").decode("latin-1"))
            if not secrets.compare_digest(given.encode(), web.password.get_secret_value().encode()):
                return 401, "The password is needed; any name will do."
        if not web.proxy_header and web.password is None:
            # A web page elsewhere could have its own name lead here (DNS rebinding); ours is known.
            name = headers.get("host", b"").decode("latin-1").rsplit(":", 1)[0].strip("[]")
            if name not in _LOCAL_NAMES and name != web.host:
                return 403, "This page is for its own machine alone."
        return None


def _password_in(authorization: str) -> str:
    """The password of HTTP Basic authentication (RFC 7617)."""
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(coded, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


async def _refuse(scope: Scope, send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="chatpaper", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})
