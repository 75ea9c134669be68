"""What one visitor can do to the page and to the others.

Requests from other sites, guessed passwords, full queues, spending and uploads.
"""

import asyncio
import base64
import logging
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from chatpaper.app.settings import Settings, load_settings
from chatpaper.app.settings_groups import WebSettings
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.paper_reference import ArxivReference, parse_reference
from chatpaper.storage.store import Store
from chatpaper.storage.usage import Call, UsageLog
from chatpaper.web.access.allowance import compute_remaining_budget, ensure_choice_allowed
from chatpaper.web.access.middleware import AccessMiddleware
from chatpaper.web.access.visitors import (
    FIRST_LOCK_SECONDS,
    FREE_ATTEMPTS,
    LONGEST_LOCK_SECONDS,
    LoginAttempts,
    identify_visitor,
)
from chatpaper.web.jobs.folders import locate_uploads, make_page_settings
from chatpaper.web.jobs.job import Job
from chatpaper.web.jobs.job_queue import JobQueue, QueueFullError
from chatpaper.web.jobs.requests import Choices, SummaryRequest, parse_request
from chatpaper.web.jobs.uploads import RefusedUploadError, UploadStore, find_upload
from chatpaper.web.visitor_errors import VisitorError
from tests.web.asking import DAY

PDF = b"%PDF-1.7 and so on"


class Seconds:
    """The seconds of a clock that a test sets."""

    def __init__(self) -> None:
        self.passed = 1000.0
        self.clock = Clock(monotonic=lambda: self.passed)


def status_of(
    guard: AccessMiddleware, method: str = "GET", client: str = "192.0.2.7", **headers: str
) -> int:
    sent: list[Any] = []

    async def ask() -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            sent.append(message)

        named = [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ]
        scope = {
            "type": "http",
            "headers": named,
            "path": "/uploads",
            "method": method,
            "client": (client, 5),
        }
        await guard(scope, receive, send)

    asyncio.run(ask())
    return int(sent[0]["status"])


def guarded(attempts: LoginAttempts | None = None, **settings: Any) -> AccessMiddleware:
    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return AccessMiddleware(inner, WebSettings(**settings), attempts, delay_seconds=0)


def basic(password: str) -> str:
    return f"Basic {base64.b64encode(f'me:{password}'.encode()).decode()}"


PRIVATE: dict[str, Any] = {}
WITH_PASSWORD: dict[str, Any] = {"host": "0.0.0.0", "password": SecretStr("right")}
WITH_PROXY: dict[str, Any] = {"host": "0.0.0.0", "proxy_header": "X-User"}


@pytest.mark.parametrize("settings", [PRIVATE, WITH_PASSWORD, WITH_PROXY])
@pytest.mark.parametrize("method", ["POST", "GET", "OPTIONS", "DELETE"])
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:1",
        "http://127.0.0.1.evil.example:7860",
        "x",
        "http://",
    ],
)
def test_pages_of_other_sites_get_nothing(
    settings: dict[str, Any], method: str, origin: str
) -> None:
    known = {"x_user": "me", "authorization": basic("right"), "host": "127.0.0.1:7860"}
    assert status_of(guarded(**settings), method, **known) == 200
    assert status_of(guarded(**settings), method, origin="http://127.0.0.1:7860", **known) == 200
    assert status_of(guarded(**settings), method, origin=origin, **known) == 403


def test_behind_a_proxy_the_name_that_visitors_use_is_its_own() -> None:
    known = {"x_user": "me", "host": "10.0.0.3:7860", "x_forwarded_host": "papers.example"}
    assert status_of(guarded(**WITH_PROXY), "POST", origin="https://papers.example", **known) == 200
    assert status_of(guarded(**WITH_PROXY), "POST", origin="https://evil.example", **known) == 403
    # Without a proxy anybody could say what the page is called.
    known = {
        "authorization": basic("right"),
        "host": "10.0.0.3:7860",
        "x_forwarded_host": "evil.example",
    }
    assert (
        status_of(guarded(**WITH_PASSWORD), "POST", origin="https://evil.example", **known) == 403
    )


@pytest.mark.parametrize(
    ("method", "site", "status"),
    [
        ("POST", "cross-site", 403),
        ("POST", "same-site", 403),
        ("POST", "same-origin", 200),
        ("GET", "cross-site", 200),
    ],
)
def test_links_from_elsewhere_lead_here_and_forms_do_not(
    method: str, site: str, status: int
) -> None:
    assert status_of(guarded(), method, host="127.0.0.1:7860", sec_fetch_site=site) == status


def test_who_guesses_is_locked_out_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    seconds = Seconds()
    guard = guarded(LoginAttempts(seconds.clock), **WITH_PASSWORD)
    with caplog.at_level(logging.WARNING):
        for number in range(FREE_ATTEMPTS):
            assert status_of(guard, authorization=basic(f"guess{number}")) == 401
    (record,) = caplog.records
    assert record.getMessage() == (
        f"{FREE_ATTEMPTS} wrong passwords from 192.0.2.7: "
        f"refused for {FIRST_LOCK_SECONDS:.0f} seconds"
    )
    assert status_of(guard, authorization=basic("right")) == 429
    assert status_of(guard, client="192.0.2.8", authorization=basic("right")) == 200
    seconds.passed += FIRST_LOCK_SECONDS + 1
    assert status_of(guard, authorization=basic("right")) == 200


def test_asking_without_a_password_is_no_guess() -> None:
    guard = guarded(LoginAttempts(Seconds().clock), **WITH_PASSWORD)
    assert {status_of(guard) for _ in range(3 * FREE_ATTEMPTS)} == {401}
    assert status_of(guard, authorization=basic("right")) == 200


def test_each_lock_is_twice_as_long_up_to_an_hour() -> None:
    seconds = Seconds()
    attempts, locks = LoginAttempts(seconds.clock), []
    for _ in range(9):
        for _ in range(FREE_ATTEMPTS):
            attempts.record_failure("x")
        locks.append(attempts.lockout_seconds("x"))
        seconds.passed += locks[-1]
    assert locks[:3] == [FIRST_LOCK_SECONDS, 2 * FIRST_LOCK_SECONDS, 4 * FIRST_LOCK_SECONDS]
    assert max(locks) == LONGEST_LOCK_SECONDS


def test_a_wrong_password_takes_its_time() -> None:
    async def inner(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError

    began = time.monotonic()
    assert (
        status_of(
            AccessMiddleware(inner, WebSettings(**WITH_PASSWORD), delay_seconds=0.2),
            authorization=basic("x"),
        )
        == 401
    )
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_a_visitor_has_one_network(one: str, other: str, same: bool) -> None:
    assert (identify_visitor(one) == identify_visitor(other)) is same
    assert identify_visitor(one, "ada") != identify_visitor(one, "bob")


def settings_at(folder: Path, **flags: Any) -> Settings:
    return make_page_settings(load_settings(None, {"state_dir": folder} | flags))


class SlowRunner:
    """A runner whose jobs take until the test ends them."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, str]] = []
        self.go = threading.Semaphore(0)

    def run(self, job: Job) -> None:
        self.begun.append((job.visitor, job.request.key))
        self.go.acquire(timeout=60)
        job.change(state="done")


@pytest.fixture
def runner() -> SlowRunner:
    return SlowRunner()


@pytest.fixture
def queue(runner: SlowRunner) -> Iterator[JobQueue]:
    made = JobQueue(runner, WebSettings(max_waiting_a_visitor=5, max_waiting=12, concurrency=2))
    yield made
    runner.go.release(100)
    made.close()


def request_for(number: int) -> SummaryRequest:
    reference = parse_reference(f"2611.{number:05}")
    assert isinstance(reference, ArxivReference)
    return SummaryRequest(reference, "gemini", "", "zh", ("daily",))


def until(condition: Any) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_visitor_does_not_fill_the_queue(queue: JobQueue) -> None:
    for number in range(5):
        queue.submit(request_for(number), "greedy")
    with pytest.raises(QueueFullError, match="already have 5 papers"):
        queue.submit(request_for(6), "greedy")
    queue.submit(request_for(6), "other")


def test_who_waits_for_less_is_served_first(queue: JobQueue, runner: SlowRunner) -> None:
    for number in range(4):
        queue.submit(request_for(number), "greedy")
    queue.submit(request_for(9), "other")
    until(lambda: len(runner.begun) == 2)
    runner.go.release()
    until(lambda: len(runner.begun) == 3)
    assert runner.begun[2][0] == "other"


def test_the_same_paper_again_holds_up_nobody(queue: JobQueue, runner: SlowRunner) -> None:
    for _ in range(3):
        queue.submit(request_for(1), "greedy")
    queue.submit(request_for(2), "other")
    until(lambda: len(runner.begun) == 2)
    assert {key for _, key in runner.begun} == {"2611.00001", "2611.00002"}
    runner.go.release(10)
    until(lambda: len(runner.begun) == 4)


KNOWN = Choices(("gemini", "openai", "extractive"), ("zh",), ("daily",))
PUBLIC = {"password": "x"}


def requested(settings: Settings, **changes: Any) -> SummaryRequest:
    return parse_request(
        {"reference": "2407.18125", "backend": "gemini", "language": "zh", "formats": ["daily"]}
        | changes,
        settings,
        KNOWN,
    )


@pytest.mark.parametrize("changes", [{"model": "gemini-ultra"}, {"backend": "openai"}])
def test_visitors_do_not_choose_what_the_owner_pays(
    changes: dict[str, str], tmp_path: Path
) -> None:
    settings = settings_at(
        tmp_path, web=PUBLIC | {"models": ["gemini-b"]}, llm={"model": "gemini-a"}
    )
    with pytest.raises(ConfigError, match="key of your own"):
        requested(settings, **changes)
    assert requested(settings, api_key="visitors", **changes)
    assert requested(settings_at(tmp_path), **changes)


@pytest.mark.parametrize(
    "changes", [{}, {"model": "gemini-a"}, {"model": "gemini-b"}, {"backend": "extractive"}]
)
def test_visitors_choose_what_the_owner_offers(changes: dict[str, str], tmp_path: Path) -> None:
    settings = settings_at(
        tmp_path, web=PUBLIC | {"models": ["gemini-b"]}, llm={"model": "gemini-a"}
    )
    assert requested(settings, **changes)
    ensure_choice_allowed("gemini", "", settings)


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[UsageLog]:
    with Store(tmp_path / "accounts") as store:
        accounts = store.usage
        accounts.begin_run("run", DAY)
        for paper in ("2611.00001", "2611.00002", "2611.00002"):
            accounts.record(Call(paper, "m", "p", "m", 100, 50, 0, 0.25, 100, 50))
        yield accounts


def test_the_budget_holds_a_day_for_all_visitors(accounts: UsageLog, tmp_path: Path) -> None:
    budget = {"max_usd": 1.0, "max_tokens": 1000, "max_papers": 5}
    rest = compute_remaining_budget(settings_at(tmp_path, web=PUBLIC, budget=budget), accounts, DAY)
    assert (rest.max_usd, rest.max_tokens, rest.max_papers) == (0.25, 550, 3)
    next_day = compute_remaining_budget(
        settings_at(tmp_path, web=PUBLIC, budget=budget), accounts, date(2026, 11, 23)
    )
    assert next_day.max_papers == 5
    assert (
        compute_remaining_budget(settings_at(tmp_path, budget=budget), accounts, DAY).max_papers
        == 5
    )


@pytest.mark.parametrize("budget", [{"max_usd": 0.75}, {"max_tokens": 450}, {"max_papers": 2}])
def test_a_spent_budget_ends_the_day(
    budget: dict[str, Any], accounts: UsageLog, tmp_path: Path
) -> None:
    with pytest.raises(VisitorError, match="Come back tomorrow"):
        compute_remaining_budget(settings_at(tmp_path, web=PUBLIC, budget=budget), accounts, DAY)


class Pages:
    """Stands for the process that counts pages."""

    def count_pages(self, pdf: Path) -> int:
        return 3


def upload_store(settings: Settings, needed: tuple[Path, ...] = ()) -> UploadStore:
    pages: Any = Pages()
    return UploadStore(settings, pages, lambda: needed)


async def chunks_of(content: bytes, wait: asyncio.Event | None = None) -> AsyncIterator[bytes]:
    yield content
    if wait is not None:
        await wait.wait()


def test_one_upload_at_a_time_of_each_visitor(tmp_path: Path) -> None:
    async def upload() -> None:
        store, wait = upload_store(settings_at(tmp_path)), asyncio.Event()
        slow = asyncio.create_task(store.accept(chunks_of(PDF, wait), "a.pdf", "greedy"))
        await asyncio.sleep(0.05)
        with pytest.raises(RefusedUploadError, match="Another file of yours"):
            await store.accept(chunks_of(PDF), "b.pdf", "greedy")
        assert (await store.accept(chunks_of(PDF), "c.pdf", "other"))[1] == 3
        wait.set()
        assert (await slow)[1] == 3
        assert (await store.accept(chunks_of(PDF), "b.pdf", "greedy"))[1] == 3

    asyncio.run(upload())


def test_old_uploads_go_and_those_that_wait_stay(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    folder = locate_uploads(settings)
    for name in ("old", "waiting", "new"):
        asyncio.run(
            upload_store(settings).accept(chunks_of(PDF + name.encode()), f"{name}.pdf", "")
        )
    kept = {path.name.partition("-")[0]: path for path in folder.iterdir()}
    week_ago = time.time() - 8 * 86_400
    for name in ("old", "waiting"):
        os.utime(kept[name], (week_ago, week_ago))
    upload_store(settings, (kept["waiting"],)).prune()
    assert set(folder.iterdir()) == {kept["waiting"], kept["new"]}
    assert find_upload(kept["new"].name, folder)


def test_uploads_are_kept_within_the_size_of_the_cache(tmp_path: Path) -> None:
    settings = settings_at(tmp_path, cache={"max_gigabytes": 0.000_001})
    for number in range(5):
        asyncio.run(
            upload_store(settings).accept(
                chunks_of(PDF + bytes([number]) * 500), f"{number}.pdf", ""
            )
        )
    assert sum(path.stat().st_size for path in locate_uploads(settings).iterdir()) <= 1000


class Served:
    """A page of uvicorn with our protocol, on a port of its own, in a thread."""

    def __init__(self, most: int, seconds: float) -> None:
        uvicorn = pytest.importorskip("uvicorn")
        from chatpaper.web.access.connections import IdleLimitProtocol

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [(b"content-length", b"2")],
                }
            )
            await send({"type": "http.response.body", "body": b"ok"})

        protocol = type(
            "Small",
            (IdleLimitProtocol,),
            {"max_connections": most, "header_seconds": seconds, "_silent": {}},
        )
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.address = self.listening.getsockname()
        self.server = uvicorn.Server(
            uvicorn.Config(app, http=protocol, ws="none", lifespan="off", log_level="critical")
        )
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]})

    def __enter__(self) -> "Served":
        self.thread.start()
        until(lambda: self.server.started)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        self.listening.close()

    def half_open(self, sent: bytes = b"GET / HTTP/1.1\r\n") -> socket.socket:
        opened = socket.create_connection(self.address)
        opened.sendall(sent)
        return opened

    def answer(self, opened: socket.socket | None = None) -> bytes:
        with opened or self.half_open(
            b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        ) as asked:
            asked.settimeout(10)
            said = b""
            try:
                while part := asked.recv(4096):
                    said += part
            except ConnectionResetError:
                return said
            return said


def test_half_open_requests_keep_nobody_out() -> None:
    with Served(most=20, seconds=60) as page:
        opened = [page.half_open() for _ in range(100)]
        assert page.answer().endswith(b"ok")
        for each in opened:
            each.close()


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n"],
    ids=["none", "half", "second"],
)
def test_a_request_has_a_few_seconds(sent: bytes) -> None:
    with Served(most=20, seconds=0.5) as page:
        began = time.monotonic()
        page.answer(page.half_open(sent))
        assert time.monotonic() - began < 5
