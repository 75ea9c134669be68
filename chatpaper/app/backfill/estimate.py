"""What a backfill will take: hours by what limits them, and dollars.

The numbers a paper are means that were measured on 44 papers of arXiv with 674 pages, with the
prompts of the format `daily`; the budget counts what is really used.
"""

import os
from dataclasses import dataclass
from typing import Literal

from chatpaper.app.models.limits import load_prices
from chatpaper.app.models.summarizers import open_backends
from chatpaper.app.settings import Settings
from chatpaper.domain import Completion

PAGES_PER_PAPER = 17.2
READING_SECONDS_PER_PAGE = 0.041
INPUT_TOKENS_PER_PAPER, OUTPUT_TOKENS_PER_PAPER = 11_200, 2_500
# Some answers fail a check and are asked for once more.
CALLS_PER_PAPER = 1.12
# A Flash model writes some 150 tokens a second.
SECONDS_PER_CALL = 17.0
# Gemini's and OpenAI's batches cost half.
BATCH_FACTOR = 0.5
_BATCH_BACKENDS = frozenset({"gemini", "openai"})
_HOUR_SECONDS = 3600

Limit = Literal["downloads", "reading", "calls"]


@dataclass(frozen=True, slots=True)
class BackfillEstimate:
    """What the papers that wait will take; None for money whose price is not known.

    `usd_batch` is None too where the service has no batches.
    """

    papers: int
    hours: float
    limited_by: Limit
    usd: float | None
    usd_batch: float | None


def estimate_backfill(settings: Settings, papers: int, *, downloads: bool) -> BackfillEstimate:
    """Estimate what so many papers will take; `downloads` says whether PDFs come from arXiv.

    Raises ConfigError where the settings name no backend that could be asked.
    """
    seconds_per_paper = {
        "downloads": settings.arxiv.delay_seconds if downloads else 0.0,
        "reading": PAGES_PER_PAPER
        * READING_SECONDS_PER_PAGE
        / (settings.extract.workers or os.cpu_count() or 1),
        "calls": 0.0,
    }
    backend = open_backends(settings)[0]
    usd: float | None = 0.0
    if backend is not None:
        seconds_per_paper["calls"] = CALLS_PER_PAPER * _seconds_per_call(settings)
        completion = Completion("", backend.model, INPUT_TOKENS_PER_PAPER, OUTPUT_TOKENS_PER_PAPER)
        price = load_prices(settings).cost_usd(backend.name, completion, backend.model)
        usd = None if price is None else round(price * CALLS_PER_PAPER * papers, 2)
    has_batches = backend is not None and backend.name in _BATCH_BACKENDS
    limits: tuple[Limit, ...] = ("downloads", "reading", "calls")
    limited_by = max(limits, key=lambda each: seconds_per_paper[each])
    return BackfillEstimate(
        papers,
        seconds_per_paper[limited_by] * papers / _HOUR_SECONDS,
        limited_by,
        usd,
        None if usd is None or not has_batches else round(usd * BATCH_FACTOR, 2),
    )


def _seconds_per_call(settings: Settings) -> float:
    """Return how many seconds pass from one call to the next: by pace or by quota."""
    llm = settings.llm
    tokens = INPUT_TOKENS_PER_PAPER + OUTPUT_TOKENS_PER_PAPER
    return max(
        SECONDS_PER_CALL / llm.concurrency,
        60 / llm.rpm if llm.rpm else 0.0,
        60 * tokens / llm.tpm if llm.tpm else 0.0,
        24 * _HOUR_SECONDS / llm.rpd if llm.rpd else 0.0,
    )
