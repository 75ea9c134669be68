"""Every state in which Gemini can leave a call.

The table tells what the server sends, what becomes of the paper, and how many requests it takes.
`python -m tests.benchmarks.state_machine` prints it; the tests check each line of it. The real
client library speaks to a server on 127.0.0.1; waits are recorded instead of slept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.backends import BackendSettings, create_backend
from chatpaper.backends.decorators.retry import RetryingBackend
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import BackendError
from chatpaper.summarize import Summarizer, SummarizerOptions
from chatpaper.summarize.prompting.library import Prompts
from tests.fakes import gemini as google
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import HTML, RESET, Reply
from tests.summarize.sample import DAILY_FIELDS, DOCUMENT, PAPER

ATTEMPTS = 3
# Longer than a busy machine takes to answer.
TIMEOUT_SECONDS = 60.0
# For the state in which nothing comes.
SHORT_TIMEOUT_SECONDS = 0.5
FALLBACK_MODEL = "gemini-3.5-flash"

PUBLISHED = "published"


@dataclass(frozen=True)
class State:
    """What the server sends to the first calls (then it answers), and what is to come of it.

    `ends` is "published" or the error; `requests` counts the calls of a model, `waits` the pauses
    between them.
    """

    name: str
    sends: str
    replies: Sequence[Reply]
    does: str
    ends: str
    requests: int
    waits: int = 0
    least_wait_seconds: float = 0.0
    model: str = ""
    fallback: bool = False
    timeout_seconds: float = TIMEOUT_SECONDS


_TWICE = 2
RETRY = "waits with jitter, asks again"
GIVES_UP = f"gives up after {ATTEMPTS} attempts; the paper is queued"
ASKS_AGAIN = "asks again, saying what was wrong"
STOPS = "stops the run at once; exit 2"
SETS_ASIDE = "the paper fails at once and is queued"

STATES = (
    State("STOP", "an answer", (), "publishes it", PUBLISHED, 1),
    State(
        "SAFETY", "200, no text", [google.finished("SAFETY")], SETS_ASIDE, "ContentFilteredError", 1
    ),
    State(
        "PROHIBITED_CONTENT",
        "200, no text",
        [google.finished("PROHIBITED_CONTENT")],
        SETS_ASIDE,
        "ContentFilteredError",
        1,
    ),
    State(
        "BLOCKLIST",
        "200, no text",
        [google.finished("BLOCKLIST")],
        SETS_ASIDE,
        "ContentFilteredError",
        1,
    ),
    State("SPII", "200, no text", [google.finished("SPII")], SETS_ASIDE, "ContentFilteredError", 1),
    State(
        "promptFeedback",
        "200, blockReason, no candidates",
        [google.blocked_prompt()],
        SETS_ASIDE,
        "ContentFilteredError",
        1,
    ),
    State(
        "RECITATION",
        "200, no text",
        [google.finished("RECITATION")],
        "asks for a paraphrase",
        PUBLISHED,
        2,
    ),
    State(
        "RECITATION with text",
        "200, the beginning of an answer",
        [google.finished("RECITATION", "Once upon")],
        "asks for a paraphrase",
        PUBLISHED,
        2,
    ),
    State(
        "RECITATION twice",
        "200, no text, twice",
        [google.finished("RECITATION")] * _TWICE,
        "asks for a paraphrase once; the paper fails and is queued",
        "ContentFilteredError",
        2,
    ),
    State(
        "RECITATION twice, llm.fallback_model set",
        "200, no text, twice",
        [google.finished("RECITATION")] * _TWICE,
        "asks for a paraphrase, then the other model",
        PUBLISHED,
        3,
        fallback=True,
    ),
    State(
        "MAX_TOKENS with text",
        "200, half an answer",
        [google.finished("MAX_TOKENS", '{"title": "让')],
        "asks once more with a larger limit",
        PUBLISHED,
        2,
    ),
    State(
        "MAX_TOKENS, thinking ate the budget",
        "200, no text, thoughts",
        [google.finished("MAX_TOKENS", thoughts=8000)],
        "asks once more with a larger limit",
        PUBLISHED,
        2,
    ),
    State(
        "MAX_TOKENS for ever",
        "200, half an answer, each time",
        [google.finished("MAX_TOKENS", '{"title": "让')] * 9,
        "a larger limit once, then shorter answers twice; the paper fails and is queued",
        "BadCompletionError",
        4,
    ),
    State("empty STOP", "200, no text", [google.finished("STOP")], ASKS_AGAIN, PUBLISHED, 2),
    State("nothing at all", "200, {}", [Reply(body={})], "waits, asks again", PUBLISHED, 2, 1),
    State(
        "malformed JSON",
        "200, text that is no JSON",
        [google.answer('{"title": "让')],
        ASKS_AGAIN,
        PUBLISHED,
        2,
    ),
    State(
        "malformed JSON for ever",
        "200, text that is no JSON, each time",
        [google.answer("好的")] * 9,
        "asks three times; the paper fails and is queued",
        "BadCompletionError",
        3,
    ),
    State("LANGUAGE", "200, no text", [google.finished("LANGUAGE")], ASKS_AGAIN, PUBLISHED, 2),
    State("OTHER", "200, no text", [google.finished("OTHER")], ASKS_AGAIN, PUBLISHED, 2),
    State(
        "a reason not known yet",
        "200, SOMETHING_NEW",
        [google.finished("SOMETHING_NEW")],
        ASKS_AGAIN,
        PUBLISHED,
        2,
    ),
    State(
        "400 key not valid",
        "400, API_KEY_INVALID",
        [google.invalid_key()],
        STOPS,
        "BackendRejectedError",
        1,
    ),
    State(
        "400 no free tier here",
        "400, FAILED_PRECONDITION",
        [google.wrong_country()],
        STOPS,
        "BackendRejectedError",
        1,
    ),
    State(
        "400 bad request",
        "400, INVALID_ARGUMENT",
        [google.error(400, "INVALID_ARGUMENT", "The schema has too many states for serving.")],
        "asks about others; where it answers about none, the run stops, exit 2",
        "UnexplainedRefusalError",
        1,
    ),
    State(
        "400 too long",
        "400, token count exceeds",
        [google.too_long()],
        "shrinks the text, asks again",
        PUBLISHED,
        2,
    ),
    State(
        "400 too long twice",
        "400, token count exceeds, twice",
        [google.too_long()] * _TWICE,
        "shrinks the text until it fits, asks again",
        PUBLISHED,
        3,
    ),
    State(
        "403",
        "403, key reported as leaked",
        [google.leaked_key()],
        STOPS,
        "BackendRejectedError",
        1,
    ),
    State(
        "404 model",
        "404, no such model",
        (),
        "names the models that exist, stops the run; exit 2",
        "BackendRejectedError",
        1,
        model="gemini-3.5-flash-light",
    ),
    State(
        "429 per minute",
        "429, PerMinute, retryDelay 7s",
        [google.quota("PerMinute", retry_delay="7s")],
        "waits as told (7 s), asks again",
        PUBLISHED,
        2,
        1,
        7.0,
    ),
    State(
        "429 per day",
        "429, PerDay, retryDelay 7s",
        [google.quota("PerDay", retry_delay="7s")],
        "stops the run, queues the rest; exit 5; the delay is not believed",
        "QuotaExhaustedError",
        1,
    ),
    State(
        "429 limit 0",
        "429, quotaValue 0",
        [google.quota(limit="0")],
        "says that the plan lacks the model, stops the run; exit 2",
        "BackendRejectedError",
        1,
    ),
    State("429 bare", "429, no details", [google.bare_quota()], RETRY, PUBLISHED, 2, 1),
    State(
        "429 bare for ever",
        "429, no details, each time",
        [google.bare_quota()] * 9,
        GIVES_UP,
        "RateLimitedError",
        3,
        2,
    ),
    State("500", "500, INTERNAL", [google.internal()], RETRY, PUBLISHED, 2, 1),
    State("503", "503, UNAVAILABLE", [google.overloaded()], RETRY, PUBLISHED, 2, 1),
    State(
        "503 for ever",
        "503, UNAVAILABLE, each time",
        [google.overloaded()] * 9,
        GIVES_UP,
        "BackendUnavailableError",
        3,
        2,
    ),
    State("504", "504, DEADLINE_EXCEEDED", [google.deadline()], RETRY, PUBLISHED, 2, 1),
    State(
        "time-out",
        "nothing in time",
        [Reply(pause_seconds=2 * SHORT_TIMEOUT_SECONDS, body={})],
        RETRY,
        PUBLISHED,
        2,
        1,
        timeout_seconds=SHORT_TIMEOUT_SECONDS,
    ),
    State("connection reset", "RST", [RESET], RETRY, PUBLISHED, 2, 1),
    State(
        "cut off on the line",
        "half of a body",
        [Reply(body={"cut": "off"}, cut=True)],
        RETRY,
        PUBLISHED,
        2,
        1,
    ),
    State("HTML, 200", "a web page", [HTML], RETRY, PUBLISHED, 2, 1),
    State(
        "HTML, 502", "a web page", [Reply(502, b"<html>Bad gateway</html>")], RETRY, PUBLISHED, 2, 1
    ),
)


@dataclass(frozen=True)
class Course:
    """What really happened."""

    ends: str
    requests: int
    wait_seconds: tuple[float, ...]
    says: str
    limits: tuple[int, ...]
    models: tuple[str, ...]


def course_of(state: State) -> Course:
    """Ask for the summary of a sample paper while the server sends what the state says."""
    waits: list[float] = []
    with FakeGemini() as server:
        server.script(*state.replies)

        def backend(model: str) -> RetryingBackend:
            settings = BackendSettings(
                model=model,
                base_url=server.url,
                api_key=google.VALID_KEY,
                timeout_seconds=state.timeout_seconds,
            )
            return RetryingBackend(
                create_backend("gemini", settings),
                max_attempts=ATTEMPTS,
                clock=Clock(sleep=waits.append),
            )

        fallback = backend(FALLBACK_MODEL) if state.fallback else None
        summarizer = Summarizer(
            backend(state.model), Prompts.load(), None, SummarizerOptions(fallback=fallback)
        )
        ends, says = PUBLISHED, ""
        try:
            says = summarizer.summarize(PAPER, DOCUMENT, DAILY_FIELDS).model
        except BackendError as error:
            ends, says = type(error).__name__, str(error)
        calls = list(server.calls)
    limits = tuple(call.body["generationConfig"]["maxOutputTokens"] for call in calls)
    models = tuple(call.path.rpartition("/")[2].partition(":")[0] for call in calls)
    return Course(ends, len(calls), tuple(waits), says, limits, models)


def main() -> None:
    print(
        "| state | what the server sent | what we did | outcome | requests | waits |\n"
        "|---|---|---|---|---|---|"
    )
    for state in STATES:
        course = course_of(state)
        waits = ", ".join(f"{seconds:.1f} s" for seconds in course.wait_seconds) or "none"
        print(
            f"| {state.name} | {state.sends} | {state.does} | {course.ends} | "
            f"{course.requests} | {waits} |"
        )


if __name__ == "__main__":
    main()
