"""HTTP as arXiv asks for it: slow, named, one connection at a time, patient with faults, never
endless.

arXiv's terms of use allow one request in three seconds over a single connection; its manual asks
clients to wait and to come back later when it throttles (info.arxiv.org, "API Terms of Use"). No
other module of this layer speaks HTTP.
"""

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import requests
import urllib3
import urllib3.connection
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from chatpaper.domain.connection_faults import describe_connection_fault
from chatpaper.domain.errors import ConfigError, FetchError, UpstreamError
from chatpaper.domain.project import PROJECT_URL, __version__
from chatpaper.fetch.http.cooldown import REFUSED, THROTTLED, HostCooldown

_log = logging.getLogger(__name__)

# No PDF worth reading is larger than this.
MAX_ANSWER_BYTES = 200 * 1024 * 1024
# A page of 2000 entries, the largest that arXiv gives, is about 6 MB.
MAX_PAGE_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
# The time-out bounds each wait for bytes; a server that drips them could still hold us for ever.
_DEADLINE_IN_TIMEOUTS = 10
# The same for the head of an answer, which is a few lines.
_HEAD_DEADLINE_IN_TIMEOUTS = 2

# Strict enough that it cannot break out of the header in which it is sent.
_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII)

_RATE_LIMIT = re.compile(r'"[^"]*"\s*;\s*r=(?P<remaining>\d+)\s*;\s*t=(?P<seconds>\d+)', re.ASCII)

_OK = 200
_TEMPORARY = frozenset({408, 425, REFUSED, *THROTTLED})
_SERVER_FAULT = 500

# arXiv takes going on after a 403 for an attack, yet its edge sends one now and then: one more try,
# no further.
_REFUSED_ATTEMPTS = 2
# A service that asks for a longer pause is left alone until the next run.
LONGEST_WAIT_SECONDS = 600.0
# Whatever a service asks for, the next night asks it again.
MAX_RETRY_AFTER_SECONDS = 86_400.0
_SHORTEST_BACKOFF_SECONDS = 0.05
# arXiv redirects once, from an address to its newer form, resolvers of links a few times; each hop
# of a loop would be one more request, thirty of them by default.
_MOST_REDIRECTS = 5
# Throttling lasts for minutes where other faults last for seconds.
_THROTTLED_BACKOFF_FACTOR = 10


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


def accept(answer: Response) -> None:
    """The check that lets every answer pass."""


class _TooLargeError(FetchError):
    """An answer went on beyond what is read of any: to ask again would only cost as much again."""


class RateLimiter:
    """Lets one connection through at a time, and keeps a pause between requests; safe among
    threads.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.RLock()
        self._last_request: float | None = None

    @contextmanager
    def connection(self) -> Iterator[None]:
        """Hold the only connection; the same thread may ask again while it holds it."""
        with self._lock:
            yield

    @contextmanager
    def request(self, delay_seconds: float) -> Iterator[None]:
        """Send one request, not before `delay_seconds` have gone by since the last one was
        answered.

        Counting from the answer and not from the sending keeps the distance for the server too,
        however long a request was on its way.
        """
        with self._lock:
            if self._last_request is not None:
                pause = self._last_request + delay_seconds - self._clock()
                if pause > 0:
                    self._sleep(pause)
            try:
                yield
            finally:
                self._last_request = self._clock()


# arXiv counts requests by client, not by session: all sessions of the process share one pace.
PROCESS_RATE_LIMITER = RateLimiter()


class _ThrottledAdapter(HTTPAdapter):
    """The transport: every single request, redirects included, passes here."""

    def __init__(
        self,
        rate_limiter: RateLimiter,
        delay_seconds: float,
        timeout_seconds: float,
        user_agent: str,
    ) -> None:
        self.rate_limiter = rate_limiter
        self._delay_seconds = delay_seconds
        self._timeout_seconds = timeout_seconds
        self._user_agent = user_agent
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make connections that do not wait for the head of an answer without end."""
        super().init_poolmanager(*args, **kwargs)
        deadline_seconds = self._timeout_seconds * _HEAD_DEADLINE_IN_TIMEOUTS
        self.poolmanager.pool_classes_by_scheme = _pools_with_deadline(deadline_seconds)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        request.headers["User-Agent"] = self._user_agent
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout_seconds
        with self.rate_limiter.request(self._delay_seconds):
            return super().send(request, *args, **kwargs)


def _pools_with_deadline(deadline_seconds: float) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    """Pools whose connections are cut where the head of an answer is not there in time.

    The library bounds each wait for bytes alone, so that a byte now and then would hold it for
    ever.
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
    """Shut the socket of a connection down if the block is not left in time: what reads from it
    sees its end.

    Raises TimeoutError then, since a head that was cut may look like a short one.
    """
    is_cut = threading.Event()

    def cut() -> None:
        is_cut.set()
        with suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(deadline_seconds, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
    if is_cut.is_set():
        raise TimeoutError(f"the head of the answer was not there after {deadline_seconds:g} s")


class ThrottledSession(requests.Session):
    """A requests session that paces itself, says who it is, and asks again when a service falters.

    `read` and `download` retry what may pass (408, 425, 406, 429, 5xx, one 403, lost connections,
    time-outs, short bodies, and whatever their `check` raises as UpstreamError) with exponential
    pauses, at least as long as a Retry-After asks, and raise UpstreamError after `max_attempts`.
    The pauses grow from `delay_seconds`. `contact` is the mail address by which arXiv's staff can
    reach whoever runs this.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        delay_seconds: float = 3.0,
        timeout_seconds: float = 30.0,
        max_attempts: int = 5,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        rate_limiter: RateLimiter = PROCESS_RATE_LIMITER,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.max_redirects = _MOST_REDIRECTS
        self.max_attempts = max_attempts
        self._max_answer_bytes, self._max_page_bytes = (
            max_answer_bytes,
            min(max_answer_bytes, MAX_PAGE_BYTES),
        )
        self._deadline_seconds = timeout_seconds * _DEADLINE_IN_TIMEOUTS
        self.rate_limiter = rate_limiter
        # Set by whoever has a memory beyond the run.
        self.cooldown: HostCooldown | None = None
        self._sleep = sleep
        self._clock = clock
        backoff = max(delay_seconds, _SHORTEST_BACKOFF_SECONDS)
        self._backoff = _exponential(backoff)
        self._throttled_backoff = _exponential(backoff * _THROTTLED_BACKOFF_FACTOR)
        adapter = _ThrottledAdapter(
            rate_limiter, delay_seconds, timeout_seconds, build_user_agent(contact)
        )
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def read(self, url: str, check: ResponseCheck = accept) -> Response:
        """Get `url` into memory.

        Raises UpstreamError when the service does not give a usable answer, be it because it is
        endless or leads to an address that is none; FetchError for what cannot be asked, and where
        `check` says so.
        """

        def attempt() -> Response:
            body = BytesIO()
            answer = replace(
                self._exchange(url, body, self._max_page_bytes), content=body.getvalue()
            )
            check(answer)
            return answer

        try:
            return self._patiently(url, attempt, is_one_file=False)
        except _TooLargeError as error:
            raise UpstreamError(str(error), url=url) from error

    def download(self, url: str, path: Path, check: ResponseCheck = accept) -> Response:
        """Get `url` into the file at `path`, which is begun anew at each attempt; errors as for
        `read`.
        """

        def attempt() -> Response:
            with path.open("wb") as body:
                answer = self._exchange(url, body, self._max_answer_bytes)
            check(answer)
            return answer

        return self._patiently(url, attempt, is_one_file=True)

    def _patiently(
        self, url: str, attempt: Callable[[], Response], *, is_one_file: bool
    ) -> Response:
        """Retry, but not where the service asked to be left alone by an earlier request, perhaps of
        an earlier run.
        """
        if self.cooldown is None:
            return self._retrying()(attempt)
        self.cooldown.ensure_allowed(url)
        try:
            return self._retrying()(attempt)
        except UpstreamError as error:
            self.cooldown.record(url, error, is_one_file=is_one_file)
            raise

    def _retrying(self) -> Retrying:
        return Retrying(
            retry=retry_if_exception_type(UpstreamError),
            stop=self._is_enough,
            wait=self._pause_seconds,
            sleep=self._sleep,
            before_sleep=_log_retry,
            reraise=True,
        )

    def _is_enough(self, state: RetryCallState) -> bool:
        error = _upstream_error(state)
        attempts = _REFUSED_ATTEMPTS if error.status == REFUSED else self.max_attempts
        too_long = (error.retry_after_seconds or 0) > LONGEST_WAIT_SECONDS
        return too_long or state.attempt_number >= min(attempts, self.max_attempts)

    def _pause_seconds(self, state: RetryCallState) -> float:
        error = _upstream_error(state)
        backoff = self._throttled_backoff if error.status in THROTTLED else self._backoff
        return max(backoff(state), error.retry_after_seconds or 0)

    def _exchange(self, url: str, body: IO[bytes], max_bytes: int) -> Response:
        try:
            with self.rate_limiter.connection(), self.get(url, stream=True) as response:
                _refuse_fault(response)
                self._copy_body(response, body, max_bytes)
                return Response(response.url, response.status_code, response.headers)
        except (requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema) as error:
            if url.lower().startswith(("http://", "https://")):
                raise UpstreamError(
                    f"{_address(url)} leads to an address that cannot be fetched", url=url
                ) from error
            raise FetchError(
                f"{url} cannot be fetched: only http and https URLs can", url=url
            ) from error
        except requests.exceptions.InvalidURL as error:
            raise FetchError(f"{url} is not a URL that can be fetched", url=url) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise UpstreamError(
                f"{_address(url)} did not answer properly: {_cause(error)}", url=url
            ) from error
        except OSError as error:
            # What requests raises where the file of certificates that the environment names is not
            # there.
            raise ConfigError(f"{_address(url)} cannot be asked: {error}") from error

    def _copy_body(self, response: requests.Response, body: IO[bytes], max_bytes: int) -> None:
        deadline = self._clock() + self._deadline_seconds
        size = 0
        # read1 returns what has come instead of waiting for a full chunk, so that the deadline is
        # looked at.
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            size += len(chunk)
            if size > max_bytes:
                raise _TooLargeError(
                    f"{_address(response.url)} is larger than {max_bytes} bytes, more than is read",
                    url=response.url,
                )
            if self._clock() > deadline:
                raise UpstreamError(
                    f"{_address(response.url)} sent its answer too slowly: more than {self._deadline_seconds:.0f} s",
                    url=response.url,
                )
            body.write(chunk)


def expect_status(answer: Response, service: str, setting: str, *others: int) -> None:
    """Raise UpstreamError unless the service answered 200, or one of the `others` that its caller
    reads.

    `setting` holds the address of the service, which may be wrong.
    """
    if answer.status_code not in (_OK, *others):
        raise UpstreamError(
            f"{service} answered HTTP {answer.status_code}: run again later, or check {setting}",
            url=answer.url,
            status=answer.status_code,
        )


def build_user_agent(contact: str = "") -> str:
    """How we introduce ourselves; arXiv refuses the default names of HTTP libraries.

    Raises ConfigError for a contact that is no mail address.
    """
    if contact and not _MAIL_ADDRESS.fullmatch(contact):
        raise ConfigError(f"{contact!r} is no mail address by which arXiv could reach you")
    mail = f"; mailto:{contact}" if contact else ""
    return f"chatpaper/{__version__} (+{PROJECT_URL}{mail})"


def parse_retry_after(header: str | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or an HTTP date (RFC 9110, 10.2.3); None where it says
    nothing.

    A service cannot silence us for more than `MAX_RETRY_AFTER_SECONDS`.
    """
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        return min(float(header), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (aware - now).total_seconds()), MAX_RETRY_AFTER_SECONDS)


def parse_rate_limit(header: str | None) -> float | None:
    """Read a RateLimit header: the seconds until there is quota again, where none is left; None
    where it says nothing.

    Hugging Face sends it in place of Retry-After, as `"api";r=0;t=55`
    (draft-ietf-httpapi-ratelimit-headers-09).
    """
    match = _RATE_LIMIT.fullmatch((header or "").strip())
    is_used_up = match is not None and not match["remaining"].strip("0")
    return min(float(match["seconds"]), MAX_RETRY_AFTER_SECONDS) if match and is_used_up else None


def _exponential(first_seconds: float) -> wait_exponential_jitter:
    return wait_exponential_jitter(
        initial=first_seconds, max=LONGEST_WAIT_SECONDS, jitter=first_seconds
    )


def _upstream_error(state: RetryCallState) -> UpstreamError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, UpstreamError):
        raise TypeError(f"only upstream errors are retried, not {error!r}")
    return error


def _log_retry(state: RetryCallState) -> None:
    pause = state.next_action.sleep if state.next_action else 0.0
    _log.warning("%s; asking again in %.1f s", _upstream_error(state), pause)


def _refuse_fault(response: requests.Response) -> None:
    status = response.status_code
    if status not in _TEMPORARY and status < _SERVER_FAULT:
        return
    wait = parse_retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
    if wait is None and status in THROTTLED:
        wait = parse_rate_limit(response.headers.get("RateLimit"))
    raise UpstreamError(
        f"{_address(response.url)} answered HTTP {status} ({_meaning(status)})",
        url=response.url,
        status=status,
        retry_after_seconds=wait,
    )


def _address(url: str) -> str:
    """The URL as it reads well in a message: queries of arXiv are long and say nothing to a person."""
    return url.partition("?")[0]


def _meaning(status: int) -> str:
    if status == REFUSED:
        return "access refused: set a contact address and run less often"
    if status in THROTTLED:
        return "too many requests: run again later"
    return "the service is out of order: run again later"


def _cause(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return describe_connection_fault(error)
