"""The session: paced, named, patient, bounded."""

import gzip
import itertools
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain.errors import ConfigError, FetchError, UpstreamError
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.retries import MAX_RETRY_AFTER_SECONDS, parse_retry_after
from chatpaper.fetch.http.session import ThrottledSession, build_user_agent
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_faults import (
    Fault,
    body,
    gzip_garbage,
    gzipped,
    healthy,
    no_answer,
    redirect,
    reset,
    slow_drip,
    status,
    wrong_content_length,
)
from tests.fetch.conftest import FakeTime, throttled_session

PAGE = "/abs/2407.18125v1"
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=name)
        for name, fault in {
            "406": status(406),
            "408": status(408),
            "429": status(429),
            "500": status(500),
            "503": status(503),
            "403 once": status(403),
            "reset": reset(),
            "wrong length": wrong_content_length(),
            "gzip garbage": gzip_garbage(),
        }.items()
    ],
)
def test_a_passing_fault_is_asked_again(
    arxiv_server: FakeArxiv, session: ThrottledSession, fault: Fault
) -> None:
    arxiv_server.script(fault, path=PAGE)
    answer = session.read(arxiv_server.url + PAGE)
    assert b"Self-supervised" in answer.content
    assert arxiv_server.count(PAGE) == 2


def test_silence_ends_with_the_time_out_and_is_asked_again(
    arxiv_server: FakeArxiv, fake_time: FakeTime
) -> None:
    arxiv_server.script(no_answer(), path=PAGE)
    with throttled_session(fake_time, timeout_seconds=1) as session:
        assert session.read(arxiv_server.url + PAGE).status_code == 200


def test_a_dripping_answer_is_given_up_at_the_deadline(
    arxiv_server: FakeArxiv, fake_time: FakeTime
) -> None:
    arxiv_server.always(slow_drip(pause_seconds=0.005), path=PAGE)
    seconds = itertools.count(step=100.0)
    with (
        throttled_session(
            fake_time,
            timeout_seconds=30,
            max_attempts=2,
            clock=replace(fake_time.clock, monotonic=lambda: next(seconds)),
        ) as session,
        pytest.raises(UpstreamError, match="too slowly"),
    ):
        session.read(arxiv_server.url + PAGE)


def test_a_head_that_comes_byte_by_byte_is_given_up(fake_time: FakeTime) -> None:
    """The library waits anew for each byte, so a byte now and then would hold it up for ever."""
    is_over = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Endless: ")
            while not is_over.wait(0.05):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip, args=(listening,), daemon=True).start()
        with (
            throttled_session(fake_time, timeout_seconds=0.4, max_attempts=1) as session,
            pytest.raises(UpstreamError, match="did not answer properly"),
        ):
            session.read(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        is_over.set()


def test_a_redirect_to_what_is_no_web_address_is_a_fault_of_the_service(
    arxiv_server: FakeArxiv, session: ThrottledSession
) -> None:
    arxiv_server.always(redirect("file:///etc/passwd"), path="/")
    with pytest.raises(UpstreamError, match="leads to an address"):
        session.read(arxiv_server.url + PAGE)


def test_a_lasting_fault_ends_after_the_attempts_and_says_what_to_do(
    arxiv_server: FakeArxiv, session: ThrottledSession
) -> None:
    arxiv_server.always(status(503, retry_after=7), path="/")
    with pytest.raises(UpstreamError, match=r"503.*run again later") as caught:
        session.read(arxiv_server.url + PAGE)
    assert arxiv_server.count() == 5
    assert (caught.value.status, caught.value.retry_after_seconds) == (503, 7)
    assert caught.value.url == arxiv_server.url + PAGE


def test_a_refusal_is_not_insisted_against(
    arxiv_server: FakeArxiv, session: ThrottledSession
) -> None:
    arxiv_server.always(status(403), path="/")
    with pytest.raises(UpstreamError, match="contact address"):
        session.read(arxiv_server.url + PAGE)
    assert arxiv_server.count() == 2


def test_other_statuses_are_for_the_caller_to_judge(
    arxiv_server: FakeArxiv, session: ThrottledSession
) -> None:
    assert session.read(arxiv_server.url + "/abs/0000.00000").status_code == 404
    assert arxiv_server.count() == 1


def test_a_host_that_nobody_listens_on_is_an_upstream_fault(session: ThrottledSession) -> None:
    with FakeArxiv() as closed:
        url = closed.url
    with pytest.raises(UpstreamError, match="did not answer"):
        session.read(url)


@pytest.mark.parametrize(
    "url",
    ["ftp://127.0.0.1/x.pdf", "file:///etc/passwd", "no url at all", "http://", "http://[::bad/"],
)
def test_what_is_no_web_address_is_not_retried(
    session: ThrottledSession, fake_time: FakeTime, url: str
) -> None:
    with pytest.raises(FetchError) as caught:
        session.read(url)
    assert not isinstance(caught.value, UpstreamError)
    assert fake_time.slept == []


def test_pauses_grow_and_are_at_least_as_long_as_retry_after_asks(
    arxiv_server: FakeArxiv, fake_time: FakeTime
) -> None:
    arxiv_server.script(status(500), status(500), status(500, retry_after=100), path=PAGE)
    with throttled_session(fake_time, delay_seconds=2.0) as session:
        session.read(arxiv_server.url + PAGE)
    first, second, third = fake_time.slept
    assert 2 <= first <= 4
    assert 4 <= second <= 6
    assert third == 100


def test_throttling_is_waited_out_longer_than_other_faults(
    arxiv_server: FakeArxiv, fake_time: FakeTime
) -> None:
    arxiv_server.script(status(429), path=PAGE)
    with throttled_session(fake_time, delay_seconds=3.0) as session:
        session.read(arxiv_server.url + PAGE)
    assert fake_time.slept[0] >= 30


def test_a_pause_longer_than_a_run_should_last_is_left_to_the_next_run(
    arxiv_server: FakeArxiv, session: ThrottledSession, fake_time: FakeTime
) -> None:
    arxiv_server.always(status(429, retry_after=7200), path="/")
    with pytest.raises(UpstreamError) as caught:
        session.read(arxiv_server.url + PAGE)
    assert caught.value.retry_after_seconds == 7200
    assert arxiv_server.count() == 1
    assert fake_time.slept == []


def test_our_name_is_sent_with_redirects_too(
    arxiv_server: FakeArxiv, session: ThrottledSession
) -> None:
    arxiv_server.script(redirect(PAGE), path="/old")
    assert session.read(arxiv_server.url + "/old").status_code == 200
    assert {request.headers["User-Agent"] for request in arxiv_server.requests} == {
        build_user_agent("someone@example.org")
    }
    assert build_user_agent("someone@example.org").endswith("; mailto:someone@example.org)")


@pytest.mark.parametrize(
    "contact", ["nobody", "a@b\r\nX-Evil: 1", "a b@c.org", "我@例子.cn", "a@b)"]
)
def test_a_contact_that_is_no_mail_address_is_refused(contact: str) -> None:
    with pytest.raises(ConfigError, match="mail address"):
        build_user_agent(contact)


def test_a_loop_of_redirects_is_left_after_a_few_requests(arxiv_server: FakeArxiv) -> None:
    arxiv_server.always(redirect("/old", 302), path="/old")
    with (
        ThrottledSession(delay_seconds=0, max_attempts=1, rate_limiter=RateLimiter()) as session,
        pytest.raises(UpstreamError),
    ):
        session.read(arxiv_server.url + "/old")
    assert arxiv_server.count("/old") <= 6


def test_requests_keep_their_distance_redirects_and_faults_included(
    arxiv_server: FakeArxiv,
) -> None:
    arxiv_server.script(redirect(PAGE), healthy(), status(503), path="/")
    with ThrottledSession(delay_seconds=0.15, rate_limiter=RateLimiter()) as session:
        session.read(arxiv_server.url + "/old")
        session.read(arxiv_server.url + PAGE)
        session.read(arxiv_server.url + "/pdf/2407.18125v1")
    assert len(arxiv_server.requests) == 5
    assert min(arxiv_server.gaps()) >= 0.15


def test_sessions_share_the_pace_and_the_only_connection(
    arxiv_server: FakeArxiv, fake_time: FakeTime
) -> None:
    rate_limiter = RateLimiter(fake_time.clock)
    sessions = [
        throttled_session(fake_time, rate_limiter=rate_limiter, delay_seconds=3.0) for _ in range(4)
    ]
    threads = [
        threading.Thread(target=each.read, args=(arxiv_server.url + PAGE,)) for each in sessions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fake_time.slept == [3.0, 3.0, 3.0]
    assert arxiv_server.most_at_once == 1


def test_sessions_of_one_process_share_a_pacer_unless_told_otherwise() -> None:
    with ThrottledSession() as one, ThrottledSession() as other:
        assert one.rate_limiter is other.rate_limiter


def test_an_answer_larger_than_the_limit_is_not_read_to_its_end(
    arxiv_server: FakeArxiv, session: ThrottledSession
) -> None:
    arxiv_server.script(body(b"x" * 2_000_000), path=PAGE)
    with pytest.raises(UpstreamError, match="larger than"):
        session.read(arxiv_server.url + PAGE, max_bytes=1_000_000)
    assert arxiv_server.count() == 1


def test_compressed_answers_are_unpacked(
    arxiv_server: FakeArxiv, session: ThrottledSession
) -> None:
    arxiv_server.script(gzipped(), path=PAGE)
    assert b"Self-supervised" in session.read(arxiv_server.url + PAGE).content


def test_a_compressed_answer_that_comes_byte_by_byte_is_whole(
    arxiv_server: FakeArxiv, session: ThrottledSession
) -> None:
    packed = {"Content-Encoding": "gzip"}
    arxiv_server.script(
        lambda exchange: exchange.wire.drip(
            replace(exchange.reply, body=gzip.compress(exchange.reply.body), headers=packed), 0.0, 1
        ),
        path=PAGE,
    )
    assert session.read(arxiv_server.url + PAGE).content.endswith(b"</html>")


def test_a_download_begins_anew_after_a_broken_one(
    arxiv_server: FakeArxiv, session: ThrottledSession, tmp_path: Path
) -> None:
    arxiv_server.script(wrong_content_length(), path="/pdf/")
    session.download(arxiv_server.url + "/pdf/2407.18125v1", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == arxiv_server.papers[0].pdf


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 22 Nov 2026 05:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 04:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER_SECONDS),
        ("9" * 20, MAX_RETRY_AFTER_SECONDS),
        ("9" * 400, MAX_RETRY_AFTER_SECONDS),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    header: str | None, seconds: float | None
) -> None:
    assert parse_retry_after(header, NOW) == seconds


@given(st.text())
def test_no_retry_after_header_breaks_us(header: str) -> None:
    seconds = parse_retry_after(header, NOW)
    assert seconds is None or seconds >= 0


@given(
    delays=st.lists(st.floats(0, 10), min_size=1, max_size=8),
    pauses=st.lists(st.floats(0, 10), min_size=8, max_size=8),
)
def test_requests_are_never_closer_than_the_delay(delays: list[float], pauses: list[float]) -> None:
    time = FakeTime()
    rate_limiter = RateLimiter(time.clock)
    last: float | None = None
    for delay, pause in zip(delays, pauses, strict=False):
        with rate_limiter.request(delay):
            assert last is None or time.now - last >= delay - 1e-6
            last = time.now
        time.now += pause
