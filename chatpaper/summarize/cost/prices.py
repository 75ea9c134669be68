"""Prices and context sizes of models, from the table that comes with genai-prices.

Nothing is looked up online.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chatpaper.backends.compatible.presets import PRESETS
from chatpaper.domain import Completion

# Our names of backends, in the words of the price table; the models of a server that may be
# anybody's are looked for by their name alone.
_PROVIDERS = {
    "gemini": "google",
    "google_generativeai": "google",
    **{name: preset.provider for name, preset in PRESETS.items() if preset.provider},
}

# What Gemini models take, and what a server can be trusted to take of which nothing is known.
GEMINI_CONTEXT_TOKENS = 1_048_576
UNKNOWN_CONTEXT_TOKENS = 32_768

_MILLION = 1_000_000

# What a token of a batch costs of the usual price: "50% of the standard cost" (ai.google.dev, Batch
# API), "50% lower costs" (platform.openai.com, Batch API), and the same at DashScope. The price
# table has no prices of batches.
BATCH_PRICE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input_usd: float
    output_usd: float
    cached_input_usd: float

    def cost_usd(self, completion: Completion) -> float:
        """Return what a completion costs."""
        cached = min(completion.cached_input_tokens, completion.input_tokens)
        return (
            (completion.input_tokens - cached) * self.input_usd
            + cached * self.cached_input_usd
            + completion.output_tokens * self.output_usd
        ) / _MILLION


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of models: the user's own, by the name of the model, before those of the table."""

    own: Mapping[str, Price] = field(default_factory=dict)

    def cost_usd(self, backend: str, completion: Completion, asked: str = "") -> float | None:
        """Return what a completion costs in US dollars; in a batch, a share of that.

        Returns None where the price of its model is not known. A service may name the model that
        answered otherwise than it was `asked` for.
        """
        price = self.own.get(completion.model) or self.own.get(asked)
        usual = price.cost_usd(completion) if price else compute_cost_usd(backend, completion)
        if usual is None or not completion.batched:
            return usual
        return BATCH_PRICE_SHARE * usual


def compute_cost_usd(backend: str, completion: Completion) -> float | None:
    """Return what a completion costs in US dollars, or None where its model is not in the table."""
    from genai_prices import Usage, calc_price

    usage = Usage(
        input_tokens=completion.input_tokens,
        output_tokens=completion.output_tokens,
        cache_read_tokens=min(completion.cached_input_tokens, completion.input_tokens),
    )
    try:
        return float(
            calc_price(usage, completion.model, provider_id=_PROVIDERS.get(backend)).total_price
        )
    except LookupError:
        return None


def get_context_tokens(backend: str, model: str) -> int:
    """Return how many tokens the model takes, prompt and answer together."""
    from genai_prices.data_snapshot import get_snapshot

    usual = GEMINI_CONTEXT_TOKENS if backend in _PROVIDERS else UNKNOWN_CONTEXT_TOKENS
    if preset := PRESETS.get(backend):
        usual = preset.context_tokens or UNKNOWN_CONTEXT_TOKENS
    try:
        _, found = get_snapshot().find_provider_model(model, None, _PROVIDERS.get(backend), None)
    except LookupError:
        return usual
    return found.context_window or usual
