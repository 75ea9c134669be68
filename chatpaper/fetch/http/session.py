"""HTTP as arXiv asks for it: slow, named, over one connection, patient with errors, never endless.

arXiv's manual asks clients to wait and to come back later when it throttles (info.arxiv.org, "API
Terms of Use"). No other module of this layer speaks HTTP.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Self

import requests
import urllib3
import urllib3.connection
from requests.adapters import HTTPAdapter

from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.connections.faults import describe_connection_fault
from chatpaper.domain.connections.socket_deadline import SocketDeadline
from chatpaper.domain.errors import ConfigError, FetchError, UpstreamError
from chatpaper.domain.project import PROJECT_URL, __version__
from chatpaper.fetch.http.cooldown import REFUSED, THROTTLED, HostCooldown
from chatpaper.fetch.http.rate_limiter import PROCESS_RATE_LIMITER, RateLimiter
from chatpaper.fetch.http.retries import RetryPolicy, parse_rate_limit, parse_retry_after

# A page of 2000 entries, the largest that arXiv sends, is about 6 MB.
MAX_PAGE_BYTES = 64 * 1024 * 1024
# No PDF worth reading is larger than this.
MAX_FILE_BYTES = 200 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
# The time-out bounds each wait for bytes; a server that drips them could still hold us for ever.
_DEADLINE_IN_TIMEOUTS = 10
# The same for the head of a response, which is a few lines.
_HEAD_DEADLINE_IN_TIMEOUTS = 2

# Strict enough that it cannot break out of the header in which it is sent.
_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII)

_OK = 200
_TEMPORARY = frozenset({408, 425, REFUSED, *THROTTLED})
_SERVER_ERROR = 500

# arXiv redirects once, from an address to its newer form, resolvers of links a few times; each hop
# of a loop would be one more request, thirty of them by default.
_MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered; `content` is empty where the body went to a file."""

    url: str
    status_code: int
    headers: Mapping[str, str]
    content: bytes = b""

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()


ResponseCheck = Callable[[Response], None]


def accept_any(response: Response) -> None:
    """Accept every response: the check of callers that have none."""


class _TooLargeError(FetchError):
    """A response exceeds the limit; asking again would only cost as much again."""


class _ThrottledAdapter(HTTPAdapter):
    """The transport that every single request passes, redirects included."""

    def __init__(
        self,
        rate_limiter: RateLimiter,
        delay_seconds: float,
        timeout_seconds: float,
        user_agent: str,
    ) -> None:
        self._rate_limiter = rate_limiter
        self._delay_seconds = delay_seconds
        self._timeout_seconds = timeout_seconds
        self._user_agent = user_agent
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make connections that do not wait endlessly for the head of a response."""
        super().init_poolmanager(*args, **kwargs)
        deadline_seconds = self._timeout_seconds * _HEAD_DEADLINE_IN_TIMEOUTS
        self.poolmanager.pool_classes_by_scheme = _pools_with_deadline(deadline_seconds)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a request under our name as soon as the rate limiter lets it through."""
        request.headers["User-Agent"] = self._user_agent
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout_seconds
        with self._rate_limiter.request(self._delay_seconds):
            return super().send(request, *args, **kwargs)


def _pools_with_deadline(deadline_seconds: float) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    """Make pools whose connections are cut if the head of a response is late.

    The library bounds only each wait for bytes, so a byte now and then would hold it for ever.
    """

    class Connection(urllib3.connection.HTTPConnection):
        def getresponse(self) -> Any:
            with _cut_after(deadline_seconds, self):
                return super().getresponse()

    class SecureConnection(urllib3.connection.HTTPSConnection):
        def getresponse(self) -> Any:
            with _cut_after(deadline_seconds, self):
                return super().getresponse()

    class Pool(urllib3.HTTPConnectionPool):
        ConnectionCls = Connection

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": Pool, "https": SecurePool}


@contextmanager
def _cut_after(
    deadline_seconds: float, connection: urllib3.connection.HTTPConnection
) -> Iterator[None]:
    """Cut a connection if the block is not left in time.

    Raises TimeoutError then, since a head that was cut may look like a short one.
    """
    deadline = SocketDeadline(deadline_seconds)
    if connection.sock is not None:
        deadline.hold(connection.sock)
    try:
        yield
    finally:
        deadline.end()
    if deadline.is_over:
        raise TimeoutError(f"the head of the answer was not there after {deadline_seconds:g} s")


class ThrottledSession:
    """Reads URLs slowly, under our name, and again when a service fails for a while.

    `read` and `download` repeat what may pass (408, 425, 406, 429, 5xx, one 403, lost connections,
    time-outs, short bodies, and whatever their `check` raises as UpstreamError) as `RetryPolicy`
    says, with pauses that grow from `delay_seconds`. `contact` is the mail address at which arXiv's
    staff can reach whoever runs this. `cooldown` may be set where pauses are kept beyond the run.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        delay_seconds: float = 3.0,
        timeout_seconds: float = 30.0,
        max_attempts: int = 5,
        rate_limiter: RateLimiter = PROCESS_RATE_LIMITER,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.rate_limiter = rate_limiter
        self.cooldown: HostCooldown | None = None
        self._retries = RetryPolicy(delay_seconds, max_attempts)
        self._clock = clock
        self._deadline_seconds = timeout_seconds * _DEADLINE_IN_TIMEOUTS
        self._session = requests.Session()
        self._session.max_redirects = _MAX_REDIRECTS
        adapter = _ThrottledAdapter(
            rate_limiter, delay_seconds, timeout_seconds, build_user_agent(contact)
        )
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def read(
        self, url: str, check: ResponseCheck = accept_any, max_bytes: int = MAX_PAGE_BYTES
    ) -> Response:
        """Read `url` into memory.

        Raises UpstreamError if the service sends no usable response, be it because it is endless or
        redirects to an address that is none; FetchError for a URL that cannot be requested, and
        where `check` says so.
        """

        def attempt() -> Response:
            body = BytesIO()
            response = replace(self._exchange(url, body, max_bytes), content=body.getvalue())
            check(response)
            return response

        try:
            return self._repeat(url, attempt, is_one_file=False)
        except _TooLargeError as error:
            raise UpstreamError(str(error), url=url) from error

    def download(
        self,
        url: str,
        path: Path,
        check: ResponseCheck = accept_any,
        max_bytes: int = MAX_FILE_BYTES,
    ) -> Response:
        """Read `url` into the file at `path`, which each attempt overwrites; errors as for `read`.

        A file larger than `max_bytes` raises FetchError.
        """

        def attempt() -> Response:
            with path.open("wb") as body:
                response = self._exchange(url, body, max_bytes)
            check(response)
            return response

        return self._repeat(url, attempt, is_one_file=True)

    def _repeat(self, url: str, attempt: Callable[[], Response], *, is_one_file: bool) -> Response:
        """Repeat an attempt until it succeeds or the retries are over, unless a cooldown holds.

        A cooldown may have begun with an earlier request, perhaps of an earlier run.
        """
        retrying = self._retries.retrying(self._clock.sleep)
        if self.cooldown is None:
            return retrying(attempt)
        self.cooldown.ensure_allowed(url)
        try:
            return retrying(attempt)
        except UpstreamError as error:
            self.cooldown.record(url, error, is_one_file=is_one_file)
            raise

    def _exchange(self, url: str, body: IO[bytes], max_bytes: int) -> Response:
        try:
            with self.rate_limiter.connection(), self._session.get(url, stream=True) as response:
                _refuse_failure(response, self._clock.now())
                self._copy_body(response, body, max_bytes)
                return Response(response.url, response.status_code, response.headers)
        except (requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema) as error:
            if url.lower().startswith(("http://", "https://")):
                raise UpstreamError(
                    f"{_shorten(url)} leads to an address that cannot be fetched", url=url
                ) from error
            raise FetchError(
                f"{url} cannot be fetched: only http and https URLs can", url=url
            ) from error
        except requests.exceptions.InvalidURL as error:
            raise FetchError(f"{url} is not a URL that can be fetched", url=url) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise UpstreamError(
                f"{_shorten(url)} did not answer properly: {_cause(error)}", url=url
            ) from error
        except OSError as error:
            # requests raises it where the file of certificates that the environment names is not
            # there.
            raise ConfigError(f"{_shorten(url)} cannot be asked: {error}") from error

    def _copy_body(self, response: requests.Response, body: IO[bytes], max_bytes: int) -> None:
        deadline = self._clock.monotonic() + self._deadline_seconds
        size = 0
        # read1 returns what has come instead of waiting for a full chunk, so that the deadline is
        # looked at.
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            size += len(chunk)
            if size > max_bytes:
                raise _TooLargeError(
                    f"{_shorten(response.url)} is larger than {max_bytes} bytes, more than is read",
                    url=response.url,
                )
            if self._clock.monotonic() > deadline:
                raise UpstreamError(
                    f"{_shorten(response.url)} sent its answer too slowly: "
                    f"more than {self._deadline_seconds:.0f} s",
                    url=response.url,
                )
            body.write(chunk)


def expect_status(response: Response, service: str, setting: str, *others: int) -> None:
    """Raise UpstreamError unless the status is 200, or one of `others` that the caller handles.

    The message names `setting`, which holds the address of the service and may be wrong.
    """
    if response.status_code not in (_OK, *others):
        raise UpstreamError(
            f"{service} answered HTTP {response.status_code}: run again later, or check {setting}",
            url=response.url,
            status=response.status_code,
        )


def build_user_agent(contact: str = "") -> str:
    """Build the name that we introduce ourselves by: arXiv refuses those of HTTP libraries.

    Raises ConfigError for a contact that is not a mail address.
    """
    if contact and not _MAIL_ADDRESS.fullmatch(contact):
        raise ConfigError(f"{contact!r} is no mail address by which arXiv could reach you")
    mail = f"; mailto:{contact}" if contact else ""
    return f"chatpaper/{__version__} (+{PROJECT_URL}{mail})"


def _refuse_failure(response: requests.Response, now: datetime) -> None:
    status = response.status_code
    if status not in _TEMPORARY and status < _SERVER_ERROR:
        return
    wait = parse_retry_after(response.headers.get("Retry-After"), now)
    if wait is None and status in THROTTLED:
        wait = parse_rate_limit(response.headers.get("RateLimit"))
    raise UpstreamError(
        f"{_shorten(response.url)} answered HTTP {status} ({_describe(status)})",
        url=response.url,
        status=status,
        retry_after_seconds=wait,
    )


def _shorten(url: str) -> str:
    """Drop the query of a URL for a message: arXiv's are long and say nothing to people."""
    return url.partition("?")[0]


def _describe(status: int) -> str:
    if status == REFUSED:
        return "access refused: set a contact address and run less often"
    if status in THROTTLED:
        return "too many requests: run again later"
    return "the service is out of order: run again later"


def _cause(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return describe_connection_fault(error)
