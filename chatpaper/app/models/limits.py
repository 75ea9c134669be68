"""Hold a backend to the pace, the quota and the budget of the settings.

What a paper is expected to take is estimated here too.
"""

import logging
from functools import partial

from chatpaper.app.models.call_context import CallContext
from chatpaper.app.settings import Settings
from chatpaper.backends import Backend, TokenCounter
from chatpaper.backends.decorators.rate_limit import (
    QUOTA_ZONE,
    DailyLimitedBackend,
    RequestRateLimitedBackend,
    TokenRateLimitedBackend,
)
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import BackendError, ConfigError
from chatpaper.pipeline.batches.backend import BatchedBackend
from chatpaper.pipeline.execution.budget import MeteredBackend
from chatpaper.summarize.cost.estimate import CostEstimator
from chatpaper.summarize.cost.prices import Price, Prices

log = logging.getLogger(__name__)


def load_prices(settings: Settings) -> Prices:
    """Return the prices of the settings, over those of the table."""
    return Prices(
        {
            model: Price(
                own.input_usd_per_million,
                own.output_usd_per_million,
                own.input_usd_per_million
                if own.cached_input_usd_per_million is None
                else own.cached_input_usd_per_million,
            )
            for model, own in settings.prices.items()
        }
    )


def limit_backend(backend: Backend, settings: Settings, calls: CallContext) -> Backend:
    """Return a backend that is as slow and thrifty as the settings say.

    Raises ConfigError where a budget of money is set for a model of which no price is known.
    """
    table = load_prices(settings)
    per_call = CostEstimator(
        backend.name, backend.model, table, calibrate=calls.usage.calibration_of_calls
    )
    _refuse_unknown_price(settings, backend, table)
    held: Backend = DailyLimitedBackend(
        backend, calls.usage, requests_per_day=settings.llm.rpd, clock=calls.clock
    )
    held = MeteredBackend(held, calls.budget, per_call, table, calls.usage.record)
    if settings.llm.tpm is not None:
        held = TokenRateLimitedBackend(
            held,
            tokens_per_minute=settings.llm.tpm,
            expected_tokens=lambda prompt: per_call.estimate(prompt).tokens,
            clock=calls.clock,
        )
    if settings.llm.rpm is not None:
        held = RequestRateLimitedBackend(held, calls_per_minute=settings.llm.rpm, clock=calls.clock)
    return held


def add_batches(backend: Backend, settings: Settings, calls: CallContext) -> Backend:
    """Return a backend whose answers come with batches, as far as the settings say."""
    if calls.broker is None:
        return backend
    estimator = CostEstimator(
        backend.name,
        backend.model,
        load_prices(settings),
        calibrate=calls.usage.calibration_of_calls,
        rides=calls.broker.takes,
    )
    return BatchedBackend(backend, calls.broker, calls.budget, estimator)


def explain_reserved_requests(settings: Settings, model: str, calls: CallContext) -> str:
    """Explain why no request should be spent on a second reading now; empty where one may be.

    The requests left today may be needed by papers that wait.
    """
    if settings.llm.rpd is None:
        return ""
    today = calls.clock.now().astimezone(QUOTA_ZONE).date()
    left = settings.llm.rpd - calls.usage.requests(model, today)
    if left >= max(1, calls.budget.papers_waiting):
        return ""
    return (
        f"llm.rpd is {settings.llm.rpd}: the {max(0, left)} requests left today are kept for "
        "papers without a summary"
    )


def build_estimator(backend: Backend, settings: Settings, calls: CallContext) -> CostEstimator:
    """Return what a paper will take of a backend."""
    return CostEstimator(
        backend.name,
        backend.model,
        load_prices(settings),
        calibrate=calls.usage.calibration_of_papers,
        count_tokens=partial(_counted_by_service, backend),
        **({"rides": calls.broker.takes} if calls.broker else {}),
    )


def _refuse_unknown_price(settings: Settings, backend: Backend, table: Prices) -> None:
    if settings.budget.max_usd is None:
        return
    if table.cost_usd(backend.name, Completion("", backend.model, 1, 1)) is None:
        raise ConfigError(
            f"budget.max_usd is set, but the price of {backend.model} is not known: "
            f'set input_usd_per_million and output_usd_per_million in [prices."{backend.model}"].'
        )


def _counted_by_service(backend: Backend, prompt: Prompt) -> int | None:
    """Return the tokens of a prompt where the service counts them free of charge.

    Return None for what it cannot count, which is estimated.
    """
    if not isinstance(backend, TokenCounter):
        return None
    try:
        return backend.count_tokens(prompt)
    except BackendError as error:
        log.warning("%s could not count tokens, so they are estimated: %s", backend.model, error)
        return None
