"""Check keys and addresses before they are used.

Plain slips are corrected; what cannot be right is reported to the user. Keys are pasted from
web pages and chats: with a line feed behind, in quotes, as the placeholder of an example. What no
HTTP header can carry would otherwise fail in the library of a service, long after a night has
begun.
"""

import ipaddress
import re
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from chatpaper.backends.compatible.presets import PRESETS
from chatpaper.backends.interface import BackendSettings
from chatpaper.domain.errors import ConfigError

_QUOTES = "\"'`“”‘’「」«»"
# White space, and marks without width that come along when text is copied.
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00a0\u3000"
_PLACEHOLDER = re.compile(
    r"[<\[{(].*[>\]})]"
    r"|.*(?:your|my|the|insert|enter|paste|replace|add)[-_ .]{0,3}(?:\w{1,20}[-_ .]){0,3}"
    r"(?:api[-_ ]?)?(?:key|token|secret)(?:[-_ .]?here)?.*"
    r"|(?:sk-)?x{3,}|(?:sk-)?\.{3,}|changeme|change[-_]me"
    r"|placeholder|todo|api[-_]?key|none|null|undefined|(?:sk-)?1234567890?",
    re.IGNORECASE,
)
_MASKED = re.compile(r"\*{3,}|…|\.{3,}|•{2,}")
# What is part of an address for one purpose, and is added by the libraries.
_ENDPOINTS = re.compile(
    r"(?:/(?:chat/completions|completions|responses|models|embeddings)(?:/[^/]{0,99})?)/?$"
)
_GOOGLE_ENDPOINT = re.compile(r"/(v1|v1beta|v1alpha)(?:/models(?:/[^/]{0,99})?)?/?$")
_DOUBLED_VERSION = re.compile(r"(/v\d{1,2})\1+(?=/|$)")
_SCHEMES = ("http", "https")

GOOGLE_BACKENDS = ("gemini", "google_generativeai")


def clean_settings(backend: str, settings: BackendSettings) -> BackendSettings:
    """Return the settings with key and address as they were meant.

    Raises ConfigError, in one sentence, where they cannot have been meant so.
    """
    base_url = clean_address(settings.base_url, backend, f"{settings.group}base_url")
    served_at = base_url or (PRESETS[backend].base_url if backend in PRESETS else "")
    is_own = bool(served_at) and backend not in GOOGLE_BACKENDS and is_local(served_at)
    key = clean_key(settings.api_key, f"{settings.group}api_key", may_be_anything=is_own)
    version = settings.api_version
    if (
        backend == "gemini"
        and not version
        and (match := _GOOGLE_ENDPOINT.search(urlsplit(settings.base_url).path))
    ):
        version = match[1]
    return replace(settings, api_key=key, base_url=base_url, api_version=version)


def clean_key(key: str, name: str, *, may_be_anything: bool = False) -> str:
    """Return the key without what surrounds it.

    Raises ConfigError for what can be no key, without showing it.

    A server of one's own may take any word for a key (`may_be_anything`), if it can be sent.
    """
    bare = key.strip().strip(_INVISIBLE).strip()
    bare = re.sub(r"^Bearer\s{1,9}", "", bare, flags=re.IGNORECASE)
    if len(bare) > 1 and bare[0] in _QUOTES and bare[-1] in _QUOTES:
        bare = bare[1:-1].strip()
    wrong = next((character for character in bare if not "!" <= character <= "~"), None)
    if wrong is not None:
        raise ConfigError(
            f"The key ({name}) holds {_named(wrong)}, which cannot be sent: "
            "set it to the key that the service gave "
            "you, and to nothing else."
        )
    if bare and not may_be_anything and _PLACEHOLDER.fullmatch(bare):
        raise ConfigError(
            f"The key ({name}) is the placeholder of an example: set it to the key of your account."
        )
    if bare and not may_be_anything and _MASKED.search(bare):
        raise ConfigError(
            f"The key ({name}) is shortened, as pages show it: "
            "set it to the whole key, or make a new one."
        )
    return bare


def clean_address(address: str, backend: str, name: str) -> str:
    """Return the address with a scheme, and without what the libraries add.

    Raises ConfigError for what can be no address.
    """
    bare = address.strip().strip(_INVISIBLE).strip(_QUOTES).strip()
    if not bare:
        return ""
    wrong = next(
        (character for character in bare if not "!" <= character <= "~" or character == "\\"), None
    )
    if wrong is not None:
        raise ConfigError(f"{name} holds {_named(wrong)}, which no address has: correct it.")
    if "://" not in bare:
        bare = f"{'http' if is_local(f'http://{bare}') else 'https'}://{bare}"
    try:
        parts = urlsplit(bare)
        has_host = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        parts, has_host = urlsplit(""), False
    if not has_host or parts.scheme not in _SCHEMES or parts.netloc.startswith(("http:", "https:")):
        raise ConfigError(
            f"{name} is no address of a server: it must be like https://api.example.com/v1."
        )
    path = _DOUBLED_VERSION.sub(r"\1", _ENDPOINTS.sub("", parts.path)).rstrip("/")
    if backend in GOOGLE_BACKENDS:
        path = _GOOGLE_ENDPOINT.sub("", parts.path).rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def is_local(base_url: str) -> bool:
    """Return whether the server is on this machine or in this network.

    Keys are not customary there.
    """
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal", ".localhost"))


def _named(character: str) -> str:
    if character.isspace():
        return "white space"
    return (
        f"{character!r}"
        if character.isprintable()
        else f"a character that is not seen (U+{ord(character):04X})"
    )
