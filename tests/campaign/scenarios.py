"""What goes wrong on a night, in a small language: `service(fault, times)`, together under a name.

Scenario("API: 503, all night", api(status(503)))
Scenario("API: no entries, once", api(empty_feed(), times=1))
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from tests.campaign.model import (
    CampaignGemini,
    ModelFault,
    broken,
    fixed,
    for_another_paper,
    written,
)
from tests.campaign.world import World, crowd, sectioned_pdf
from tests.fakes import gemini
from tests.fakes.arxiv import API_PATH, OAI_PATH, FakeArxiv
from tests.fakes.arxiv_faults import (
    Exchange,
    Fault,
    blank_body,
    body,
    broken_chunks,
    changed_total,
    empty_feed,
    error_entry,
    gzip_garbage,
    html_page,
    missing_field,
    missing_total,
    no_answer,
    redirect,
    reset,
    shifted_start,
    short_page,
    slow_drip,
    status,
    truncated_xml,
    wrong_content_length,
)
from tests.fakes.loopback import HTML, RESET, Reply

# Longer than the time-outs of the campaign's settings.
SILENCE_SECONDS = 3.0


@dataclass
class Stage:
    """All that a scenario may touch: the servers, what arXiv shows, and the machine of the run."""

    arxiv: FakeArxiv
    gemini: CampaignGemini
    world: World
    now: datetime
    environment: dict[str, str] = field(default_factory=dict)
    clock_is_off_by: timedelta = timedelta(0)
    played: int = 0

    def counted(self, fault: Fault) -> Fault:
        """Wrap the fault so that `played` tells how often it struck."""

        def play(exchange: Exchange) -> None:
            self.played += 1
            fault(exchange)

        return play

    def counted_call(self, fault: ModelFault) -> ModelFault:
        def play(request: Any, answer_to: Any) -> Reply:
            self.played += 1
            return fault(request, answer_to)

        return play


Step = Callable[[Stage], None]


@dataclass(frozen=True)
class Scenario:
    """A name, what happens, and the exit codes that the night may end with."""

    name: str
    steps: tuple[Step, ...]
    exit_codes: frozenset[int] = frozenset({0, 3, 4, 5})

    def play(self, stage: Stage) -> None:
        """Make it so."""
        for step in self.steps:
            step(stage)


def _arxiv(path: str, fault: Fault, times: int | None = None) -> Step:
    def play(stage: Stage) -> None:
        if times is None:
            stage.arxiv.always(stage.counted(fault), path)
        else:
            stage.arxiv.script(*[stage.counted(fault)] * times, path=path)

    return play


api = partial(_arxiv, API_PATH)
feed = partial(_arxiv, "/rss/")
listing = partial(_arxiv, "/list/")
pdf = partial(_arxiv, "/pdf/")
records = partial(_arxiv, OAI_PATH)
everything = partial(_arxiv, "/")


def model(fault: ModelFault, times: int | None = None) -> Step:
    """Let a fault strike the model's service."""
    return lambda stage: stage.gemini.faults.append((stage.counted_call(fault), times))


def setting(name: str, value: str) -> Step:
    """Set up the machine of the run like this for the night."""

    def play(stage: Stage) -> None:
        stage.played += 1
        stage.environment[f"CHATPAPER_{name}"] = value

    return play


def clock_off(by: timedelta) -> Step:
    """Set the clock of the machine wrong."""

    def play(stage: Stage) -> None:
        stage.played += 1
        stage.clock_is_off_by = by

    return play


def stale(*, feeds_too: bool = False) -> Step:
    """Let the index of the API stand where it stood two days ago.

    With `feeds_too` so do the feeds.
    """

    def play(stage: Stage) -> None:
        stage.played += 1
        earlier = stage.now - timedelta(days=2)
        stage.world.show(stage.arxiv, earlier if feeds_too else stage.now, earlier)

    return play


def crowded(stage: Stage) -> None:
    """Add so many papers that the API needs two pages for them."""
    stage.arxiv.papers.extend(crowd(stage.now))


def on_second_page(fault: Fault) -> Fault:
    """Let a fault strike only what is not the first page of an answer."""

    def play(exchange: Exchange) -> None:
        is_first = b"<opensearch:startIndex>0<" in exchange.reply.body
        exchange.send(exchange.reply) if is_first else fault(exchange)

    return play


def few_of_ten(good: int = 3) -> Fault:
    """Let a service work for a while and then fail: it answers `good` of ten requests."""
    seen = iter(range(1_000_000))
    refuse = status(503, body="Down for maintenance.")
    return lambda exchange: (
        exchange.send(exchange.reply) if next(seen) % 10 < good else refuse(exchange)
    )


def vanishes(stage: Stage) -> None:
    """List what was announced last, but let it be gone when it is asked for.

    Its file is gone, its record, or all of it.
    """
    last = max(each.evening for each in stage.world.shown(stage.now))
    for each in stage.world.announced:
        if each.evening == last and each.topics:
            stage.arxiv.always(
                stage.counted(status(404, body="Not found")), f"/pdf/{each.paper.arxiv_id}"
            )


_GALAXIES = sectioned_pdf(
    "Rotation of Galaxies in the Coma Cluster",
    "Galaxies of the cluster rotate faster than their visible stars would allow.",
    (
        "We measure the rotation of galaxies by their spectral lines and compare it with "
        "their visible light. "
    )
    * 12,
)
_REFUSAL = "抱歉，我无法完成这个请求。"
_ENGLISH = "I am a language model and this is my answer to your question about the paper."
_REJECTED = frozenset({2})
_LOGIN = partial(html_page, 200)

SCENARIOS: tuple[Scenario, ...] = (
    Scenario("API: no entries, once", (api(empty_feed(), 1),)),
    Scenario("API: no entries, all night", (api(empty_feed()),)),
    Scenario("API: a page too short, once", (api(short_page(), 1),)),
    Scenario("API: a page too short, all night", (api(short_page()),)),
    Scenario("API: the second page empty", (crowded, api(on_second_page(empty_feed())))),
    Scenario("API: the second page fails with 500", (crowded, api(on_second_page(status(500))))),
    Scenario("API: totals change between pages", (crowded, api(on_second_page(changed_total(3))))),
    Scenario(
        "API: totals shrink between pages", (crowded, api(on_second_page(changed_total(-25))))
    ),
    Scenario("API: a page that begins elsewhere", (api(shifted_start(7)),)),
    Scenario("API: blank body", (api(blank_body()),)),
    Scenario("API: login page with 200", (api(_LOGIN()),)),
    Scenario("API: 503 in a burst", (api(status(503), 2),)),
    Scenario("API: 503, all night", (api(status(503)),)),
    Scenario("API: 500, all night", (api(status(500)),)),
    Scenario("API: 429 for some seconds", (api(status(429, retry_after=5), 2),)),
    Scenario("API: 429, all night", (api(status(429)),)),
    Scenario("API: 429, Retry-After of two hours", (api(status(429, retry_after=7200), 1),)),
    Scenario(
        "API: 429, Retry-After of a clock that is wrong",
        (api(status(429, retry_after="Thu, 01 Jan 2015 00:00:00 GMT"), 1),),
    ),
    Scenario("API: 403 once", (api(status(403), 1),)),
    Scenario("API: 403, all night", (api(status(403)),)),
    Scenario("API: XML cut off", (api(truncated_xml()),)),
    Scenario("API: an error entry with 200", (api(error_entry()),)),
    Scenario("API: no total", (api(missing_total()),)),
    Scenario("API: an entry without title", (api(missing_field("title")),)),
    Scenario("API: no answer", (api(no_answer(SILENCE_SECONDS)),)),
    Scenario("API: connection reset", (api(reset()),)),
    Scenario("API: reset in the middle of the body", (api(broken_chunks()),)),
    Scenario("API: wrong length", (api(wrong_content_length()),)),
    Scenario("API: gzip garbage", (api(gzip_garbage()),)),
    Scenario("API: redirect loop", (api(redirect("/api/query?again=1", 302)),)),
    Scenario("API: slow drip", (api(slow_drip(0.002, 512), 2),)),
    Scenario(
        "API: name not found (DNS)",
        (setting("ARXIV__API_URL", "http://export.arxiv.invalid/api/query"),),
    ),
    Scenario("API: stale", (stale(),)),
    Scenario("API and feeds: stale", (stale(feeds_too=True),)),
    Scenario("API and feed: down", (api(status(503)), feed(status(503)))),
    Scenario(
        "API, feed and listing: down", (api(status(503)), feed(status(503)), listing(_LOGIN()))
    ),
    Scenario("API down, feed cut off", (api(status(503)), feed(truncated_xml()))),
    Scenario(
        "API down, feed and listing blank",
        (api(status(503)), feed(blank_body()), listing(blank_body())),
    ),
    Scenario("arXiv: works for 3 of 10", (everything(few_of_ten()),)),
    Scenario("arXiv: nothing works", (everything(status(503)),)),
    Scenario("PDF: 404", (pdf(status(404)),)),
    Scenario("PDF: 500, all night", (pdf(status(500)),)),
    Scenario("PDF: 429, all night", (pdf(status(429)),)),
    Scenario("PDF: login page with 200", (pdf(_LOGIN()),)),
    Scenario("PDF: login page once", (pdf(_LOGIN(), 1),)),
    Scenario("PDF: reset in the middle of the body", (pdf(broken_chunks()),)),
    Scenario("PDF: wrong length", (pdf(wrong_content_length()),)),
    Scenario("PDF: gzip garbage", (pdf(gzip_garbage()),)),
    Scenario(
        "PDF: garbage after the header",
        (pdf(body(b"%PDF-1.4\n" + b"\x00\xff" * 400 + b"\n%%EOF\n")),),
    ),
    Scenario("PDF: slow drip", (pdf(slow_drip(0.002, 256)),)),
    Scenario("PDF: redirect loop", (pdf(redirect("/pdf/again", 302)),)),
    Scenario("PDF: of another paper", (pdf(body(_GALAXIES)),)),
    Scenario("PDF: the paper vanishes after it was listed", (vanishes,)),
    Scenario("Licences: down", (records(status(503)), feed(status(503)))),
    Scenario("Model: 400, key not valid", (model(fixed(gemini.invalid_key())),), _REJECTED),
    Scenario("Model: 403, key reported as leaked", (model(fixed(gemini.leaked_key())),), _REJECTED),
    Scenario("Model: 400, wrong country", (model(fixed(gemini.wrong_country())),), _REJECTED),
    Scenario("Model: 404, unknown model", (model(fixed(gemini.unknown_model("gone"))),), _REJECTED),
    Scenario("Model: 400, too long", (model(fixed(gemini.too_long()), 1),)),
    Scenario("Model: 400, too long, all night", (model(fixed(gemini.too_long())),)),
    Scenario("Model: 429, a minute's quota", (model(fixed(gemini.quota("PerMinute")), 2),)),
    Scenario("Model: 429, the day's quota", (model(fixed(gemini.quota("PerDay"))),)),
    Scenario("Model: 429 without details", (model(fixed(gemini.bare_quota()), 2),)),
    Scenario("Model: 429 without details, all night", (model(fixed(gemini.bare_quota())),)),
    Scenario("Model: 500 in a burst", (model(fixed(gemini.internal()), 2),)),
    Scenario("Model: 503, all night", (model(fixed(gemini.overloaded())),)),
    Scenario("Model: 504", (model(fixed(gemini.deadline()), 2),)),
    Scenario("Model: prompt blocked", (model(fixed(gemini.blocked_prompt())),)),
    Scenario("Model: SAFETY", (model(fixed(gemini.finished("SAFETY"))),)),
    Scenario("Model: RECITATION, once", (model(fixed(gemini.finished("RECITATION")), 1),)),
    Scenario("Model: RECITATION, all night", (model(fixed(gemini.finished("RECITATION"))),)),
    Scenario(
        "Model: MAX_TOKENS in the text",
        (model(fixed(gemini.finished("MAX_TOKENS", '{"summary": "这')), 1),),
    ),
    Scenario("Model: MAX_TOKENS while thinking", (model(fixed(gemini.finished("MAX_TOKENS"))),)),
    Scenario(
        "Model: a reason newer than we are", (model(fixed(gemini.finished("FUTURE_REASON"))),)
    ),
    Scenario("Model: login page with 200", (model(fixed(HTML)),)),
    Scenario("Model: empty JSON with 200", (model(fixed(Reply(body={}))),)),
    Scenario("Model: connection reset", (model(fixed(RESET), 1),)),
    Scenario("Model: cut off in the body", (model(broken(cut=True), 1),)),
    Scenario("Model: no answer in time", (model(broken(pause_seconds=SILENCE_SECONDS), 1),)),
    Scenario("Model: no JSON", (model(fixed(gemini.answer("好的，以下是总结。"))),)),
    Scenario("Model: refuses", (model(written(lambda _: _REFUSAL)),)),
    Scenario("Model: English for Chinese", (model(written(lambda _: _ENGLISH)),)),
    Scenario("Model: empty answers", (model(written(lambda _: "")),)),
    Scenario("Model: answers for another paper, once", (model(for_another_paper, 1),)),
    Scenario("Model: answers for another paper, all night", (model(for_another_paper),)),
    Scenario("Ours: clock three days ahead", (clock_off(timedelta(days=3)),)),
    Scenario("Ours: clock a day behind", (clock_off(timedelta(days=-1)),)),
    Scenario("Ours: budget of one paper", (setting("BUDGET__MAX_PAPERS", "1"),)),
)


def some(rng: random.Random, most: int = 3) -> list[Scenario]:
    """Choose a few scenarios that strike together."""
    return rng.sample(SCENARIOS, rng.randint(1, most))
