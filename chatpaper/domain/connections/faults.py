"""Why a connection failed, in words that tell a person where to look.

Libraries wrap the fault of the socket in classes and texts of their own; what they wrapped is found
again here by walking from an exception to its causes. Proxies are named by the environment, which
every library of ours goes by.
"""

import socket
import ssl
from collections.abc import Iterator

# An error wraps its cause a handful of times; a cycle must not be walked for ever.
_MAX_CAUSES = 20


def describe_connection_fault(error: BaseException) -> str:
    """Name the cause of a failed connection: certificate, name look-up, proxy, refusal, silence.

    Where it is none of these, say what the error says.
    """
    causes = list(_causes(error))
    text = " ".join(str(cause) for cause in causes)
    lowered = text.lower()
    if certificate := next(
        (each for each in causes if isinstance(each, ssl.SSLCertVerificationError)), None
    ):
        reason = certificate.verify_message or str(certificate)
        return (
            f"the certificate of the server is not trusted ({reason}): "
            "is a proxy in between, or the clock wrong?"
        )
    if "certificate verify failed" in lowered:
        return (
            "the certificate of the server is not trusted: "
            "is a proxy in between, or the clock wrong?"
        )
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return (
            "no secure connection could be agreed on (TLS): "
            "is this an https address, or is a proxy in between?"
        )
    if "proxy" in lowered or "socks" in lowered:
        return (
            "the proxy cannot be used; look at network.proxy, HTTPS_PROXY and ALL_PROXY: "
            + _last_words(causes)
        )
    if any(isinstance(each, socket.gaierror) for each in causes) or "name resolution" in lowered:
        return (
            "the name of the host cannot be looked up (DNS): "
            "is the address right, and is there a network?"
        )
    if (
        any(isinstance(each, ConnectionRefusedError) for each in causes)
        or "connection refused" in lowered
    ):
        return "the connection was refused: nothing listens at this address"
    if any(isinstance(each, TimeoutError) for each in causes) or "timed out" in lowered:
        return "no answer in time"
    if (
        any(isinstance(each, ConnectionResetError) for each in causes)
        or "connection reset" in lowered
    ):
        return "the connection was cut by the other side"
    return _last_words(causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it was raised from, the outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting and len(seen) < _MAX_CAUSES:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        # urllib3 keeps the cause in an attribute or an argument instead of the chain.
        kept = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        waiting += [cause for cause in kept if isinstance(cause, BaseException)]


def _last_words(causes: list[BaseException]) -> str:
    """Return the text of the innermost cause that has one, with its class."""
    said = next((cause for cause in reversed(causes) if str(cause).strip()), causes[0])
    text = " ".join(str(said).split())
    return f"{type(said).__name__}: {text}" if text else type(said).__name__
