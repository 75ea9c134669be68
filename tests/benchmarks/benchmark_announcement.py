"""How long it takes from arXiv's announcement to the message about its papers.

`python -m tests.benchmarks.benchmark_announcement` lets a run wait for an evening of a simulated
clock whose batch of 30 papers appears three minutes after 20:00 in New York, on the listing page
alone. Waiting for the batch advances the clock; all else takes its real time: requests three
seconds apart as arXiv asks, a fake Gemini that answers after `--answer-seconds`, and our own work.
The clock tells when the mail server has the message.

Ends with 0 where that is within half an hour.
"""

import argparse
import sys
import tempfile
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from chatpaper.app.settings import Settings, load_settings
from chatpaper.cli.commands import execute_topics
from chatpaper.cli.console import Display, start_logging
from chatpaper.domain.clock import Clock
from chatpaper.pipeline.sources.windows import RequestedDates
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_papers import library_papers, repeated
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.loopback import Reply, Request
from tests.fakes.smtp import serve_mail

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
# A Thursday, 20:00 in New York; the listing is that of Friday.
ANNOUNCED_AT = datetime(2026, 10, 16, 0, 0, tzinfo=UTC)
LISTED = date(2026, 10, 16)
LATE = timedelta(minutes=3)
LEAD = timedelta(minutes=30)
MOST = timedelta(minutes=30)
# As arXiv's terms of use have it.
DELAY_SECONDS = 3.0


class SlowGemini(FakeGemini):
    """Answers each call after some seconds, as a model does that reads a whole paper."""

    answer_seconds = 0.0

    def reply(self, request: Request) -> Reply:
        answer = super().reply(request)
        if not self.is_call(request):
            return answer
        return replace(answer, pause_seconds=answer.pause_seconds + self.answer_seconds)


class Evening:
    """The simulated clock, on which the batch appears."""

    def __init__(self, arxiv: FakeArxiv) -> None:
        self._arxiv = arxiv
        self._started = time.monotonic()
        self._skipped = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the time, and let the batch appear when it is due."""
        real = timedelta(seconds=time.monotonic() - self._started)
        moment = ANNOUNCED_AT - LEAD + real + self._skipped
        if moment >= ANNOUNCED_AT + LATE:
            self._arxiv.announcement_day = LISTED
        return moment

    def sleep(self, seconds: float) -> None:
        """Advance the clock: the run only sleeps by it while it waits for the batch."""
        with self._lock:
            self._skipped += timedelta(seconds=seconds)
        self.now()


def make_settings(home: Path, arxiv: FakeArxiv, gemini: FakeGemini, port: int) -> Settings:
    """Return settings for a run among the fakes, at arXiv's pace."""
    values: dict[str, Any] = {
        "output_dir": home / "posts",
        "state_dir": home / "state",
        "cache_dir": home / "cache",
        "arxiv": {
            "api_url": arxiv.api_url,
            "site_url": arxiv.url,
            "rss_url": arxiv.url,
            "oai_url": arxiv.oai_url,
            "delay_seconds": DELAY_SECONDS,
        },
        "llm": {"base_url": gemini.url, "api_key": VALID_KEY, "verify": "never"},
        "run": {
            "topics": ["Diffusion Models"],
            "formats": ["brief"],
            "wait_for_announcement": True,
        },
        "deliver": {
            "mail": {
                "to": ["reader@example.org"],
                "sender": "chatpaper@example.org",
                "host": "127.0.0.1",
                "port": port,
                "security": "none",
            }
        },
    }
    return load_settings(None, values)


def measure(papers: int, answer_seconds: float) -> int:
    """Let one evening go by, and print when its parts were done."""
    originals = library_papers(LIBRARY)
    with FakeArxiv() as arxiv, SlowGemini() as gemini, serve_mail() as smtp:
        gemini.answer_seconds = answer_seconds
        arxiv.papers = repeated(originals, papers, ANNOUNCED_AT - timedelta(hours=8))
        arxiv.announced, arxiv.indexed = None, []
        arxiv.announcement_day = LISTED - timedelta(1)
        evening = Evening(arxiv)
        smtp.taken_at = evening.now
        with tempfile.TemporaryDirectory() as folder:
            settings = make_settings(Path(folder), arxiv, gemini, smtp.port)
            report = execute_topics(
                settings,
                "arxiv",
                RequestedDates(),
                Display(quiet=True),
                clock=Clock(now=evening.now, sleep=evening.sleep),
            )
        published = sum(topic.published for topic in report.topics)
        polls = arxiv.count("/list/")
    if published != papers or len(smtp.mails) != 1:
        print(f"{published} of {papers} papers were published, {len(smtp.mails)} mails came")
        return 1
    taken = smtp.times[0] - ANNOUNCED_AT
    size = len(smtp.mails[0].as_bytes())
    print(
        f"papers {papers}, answers after {answer_seconds:g} s, requests {DELAY_SECONDS:g} s apart"
    )
    print(f"the batch appeared {LATE} after the announcement; {polls} requests for listings")
    print(f"from announcement to message {taken}, from batch to message {taken - LATE}")
    print(f"the mail has {size:,} bytes")
    return 0 if taken <= MOST else 1


def main() -> int:
    """Read the command line, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=30)
    parser.add_argument("--answer-seconds", type=float, default=20.0)
    options = parser.parse_args()
    start_logging(0, "text")
    return measure(options.papers, options.answer_seconds)


if __name__ == "__main__":
    sys.exit(main())
