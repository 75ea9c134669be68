"""Prices and context sizes of models, from the table that comes with genai-prices; nothing is looked up online."""

from chatpaper.domain import Completion

# Our names of backends, in the words of the price table; a compatible server may be anybody's, so that its models
# are looked for by their name alone.
_PROVIDERS = {"gemini": "google", "google_generativeai": "google"}

# What Gemini models take, and what a server can be trusted to take of which nothing is known.
GEMINI_CONTEXT_TOKENS = 1_048_576
UNKNOWN_CONTEXT_TOKENS = 32_768


def cost_usd(backend: str, completion: Completion) -> float | None:
    """What a completion costs in US dollars, or None where the price of its model is not known."""
    from genai_prices import Usage, calc_price

    usage = Usage(
        input_tokens=completion.input_tokens,
        output_tokens=completion.output_tokens,
        cache_read_tokens=min(completion.cached_input_tokens, completion.input_tokens),
    )
    try:
        return float(calc_price(usage, completion.model, provider_id=_PROVIDERS.get(backend)).total_price)
    except LookupError:
        return None


def model_context_tokens(backend: str, model: str) -> int:
    """How many tokens, prompt and answer, the model takes."""
    from genai_prices.data_snapshot import get_snapshot

    if backend == "extractive":
        return GEMINI_CONTEXT_TOKENS
    try:
        _, found = get_snapshot().find_provider_model(model, None, _PROVIDERS.get(backend), None)
    except LookupError:
        return GEMINI_CONTEXT_TOKENS if backend in _PROVIDERS else UNKNOWN_CONTEXT_TOKENS
    known = GEMINI_CONTEXT_TOKENS if backend in _PROVIDERS else UNKNOWN_CONTEXT_TOKENS
    return found.context_window or known
