"""Tokens and prices: estimates that lean on measurement, and no price where none is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Completion
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.cost.prices import compute_cost_usd, get_context_tokens


def test_gemini_models_have_a_price_per_token() -> None:
    # 0.30 dollars for a million tokens in, 2.50 for a million out.
    completion = Completion(
        "", "gemini-3.5-flash-lite", input_tokens=1_000_000, output_tokens=1_000_000
    )
    assert compute_cost_usd("gemini", completion) == pytest.approx(2.80)
    assert compute_cost_usd("google_generativeai", completion) == pytest.approx(2.80)


def test_tokens_from_the_cache_are_cheaper() -> None:
    full = Completion("", "gemini-3.5-flash-lite", input_tokens=10_000)
    cached = Completion("", "gemini-3.5-flash-lite", input_tokens=10_000, cached_input_tokens=9_000)
    known, cheaper = compute_cost_usd("gemini", full), compute_cost_usd("gemini", cached)
    assert known is not None
    assert cheaper is not None
    assert cheaper < known


@pytest.mark.parametrize(
    ("backend", "model"), [("openai", "qwen-of-my-own"), ("gemini", "gemini-99-nano")]
)
def test_an_unknown_model_has_no_price(backend: str, model: str) -> None:
    assert compute_cost_usd(backend, Completion("", model, 1000, 100)) is None


def test_the_context_is_the_models_and_modest_where_nothing_is_known() -> None:
    assert get_context_tokens("gemini", "gemini-3.5-flash-lite") >= 1_000_000
    assert get_context_tokens("gemini", "gemini-99-nano") >= 1_000_000
    assert get_context_tokens("openai", "gpt-4o") == 128_000
    assert get_context_tokens("openai", "qwen-of-my-own") == 32_768


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        # Counted by the tokenizer of Qwen 2.5.
        ("hello world 1234", 7),
        ("", 0),
    ],
)
def test_estimates_of_short_texts(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == pytest.approx(tokens, abs=2)


@given(st.text(max_size=100), st.text(max_size=100))
def test_an_estimate_of_two_texts_is_the_sum(first: str, second: str) -> None:
    assert (
        abs(estimate_tokens(first + second) - estimate_tokens(first) - estimate_tokens(second)) <= 2
    )
