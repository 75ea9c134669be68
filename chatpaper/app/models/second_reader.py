"""Build the second reader from the settings.

They choose its model and its limits, and whether there is one at all.
"""

from collections.abc import Callable
from functools import partial

from chatpaper.app.models.call_context import CallContext
from chatpaper.app.models.limits import (
    add_batches,
    explain_reserved_requests,
    limit_backend,
    load_prices,
)
from chatpaper.app.settings import Settings
from chatpaper.backends import Backend
from chatpaper.backends.decorators.retry import RetryingBackend
from chatpaper.summarize.cost.estimate import CostEstimator
from chatpaper.summarize.cost.prices import get_context_tokens
from chatpaper.summarize.verify.judge.second_reader import (
    SecondReader,
    SecondReaderOptions,
    VerifyMode,
)

# A paper does not wait for its second reading: one more attempt, and for at most a minute.
MAX_ATTEMPTS = 2
MAX_TOTAL_SECONDS = 60.0


def build_second_reader(
    settings: Settings, writer: Backend, create: Callable[[str], Backend], calls: CallContext
) -> SecondReader | None:
    """Return what judges the statements of `writer` as the settings say.

    Return None where nothing is to be judged. Errors as for `make_second_reader`.
    """
    if settings.llm.verify == "never":
        return None
    return make_second_reader(settings, writer, create, calls, settings.llm.verify)


def make_second_reader(
    settings: Settings,
    writer: Backend,
    create: Callable[[str], Backend],
    calls: CallContext,
    mode: VerifyMode,
) -> SecondReader:
    """Return what judges the statements of `writer`, a backend that is `limited` already.

    `create` makes a backend of another model, with the address and the key of the first. Raises
    ConfigError where a budget of money is set for a model of which no price is known.
    """
    backend, model = writer, settings.llm.verify_model
    if model and model != writer.model:
        backend = limit_backend(create(model), settings, calls)
    retrying = RetryingBackend(
        backend,
        max_attempts=min(MAX_ATTEMPTS, settings.llm.max_attempts),
        max_total_seconds=MAX_TOTAL_SECONDS,
        clock=calls.clock,
    )
    return SecondReader(
        add_batches(retrying, settings, calls),
        calls.prompts,
        calls.cache,
        SecondReaderOptions(
            settings.llm.context_tokens or get_context_tokens(backend.name, backend.model),
            mode,
            partial(explain_reserved_requests, settings, backend.model, calls),
            CostEstimator(
                backend.name,
                backend.model,
                load_prices(settings),
                calibrate=calls.usage.calibration_of_calls,
                **({"rides": calls.broker.takes} if calls.broker else {}),
            ),
        ),
    )
