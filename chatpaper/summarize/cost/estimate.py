"""What a call is likely to take, before it is made."""

import hashlib
from collections.abc import Callable

from chatpaper.domain import Completion, Prompt, TokenEstimate
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.cost.answer_length import EXPECTED_SHARE_OF_LIMITS, OUTPUT_SLACK
from chatpaper.summarize.cost.prices import Prices

# For a model and a prompt: how much more was used than expected, of input and of output; None
# without a record.


_NAME_DIGITS = 16


# Asked of a paper in another language, with figures, or with institutions on its first page.
_ASKED_OF_SOME = frozenset({"title", "abstract_translation", "affiliations", "key_figures"})


def prompt_name(prompt: Prompt) -> str:
    """Return a digest of what is asked of all papers alike.

    Answers to other questions are no measure of what this prompt will take.
    """
    asked = [
        (field.name, field.question) for field in prompt.fields if field.name not in _ASKED_OF_SOME
    ]
    return hashlib.sha256(repr((prompt.script, asked)).encode()).hexdigest()[:_NAME_DIGITS]


def estimate_from_text(prompt: Prompt) -> tuple[int, int]:
    """Estimate the tokens in and out by the text alone.

    An answer usually takes up a certain share of its limits.
    """
    output_tokens = prompt.max_output_tokens / OUTPUT_SLACK * EXPECTED_SHARE_OF_LIMITS
    return estimate_tokens(prompt.system) + estimate_tokens(prompt.user), round(output_tokens)


class CostEstimator:
    """What a backend is likely to take, in the light of what its model has taken before."""

    def __init__(
        self,
        backend: str,
        model: str,
        prices: Prices,
        *,
        calibrate: Callable[[str, str], tuple[float, float] | None] = lambda model, prompt: None,
        count_tokens: Callable[[Prompt], int | None] = lambda prompt: None,
        rides: Callable[[Prompt], bool] = lambda prompt: False,
    ) -> None:
        """Prepare an estimator for a backend and one of its models.

        `calibrate` returns how much more was used than expected. `count_tokens` asks the service
        for the tokens of a prompt, as long as nothing is on record; `rides` tells whether a prompt
        goes with a batch, which costs less.
        """
        self.prices = prices
        self._backend, self._model = backend, model
        self._calibrate, self._count_tokens, self._rides = calibrate, count_tokens, rides

    def estimate(self, prompt: Prompt, *, more_input_tokens: int = 0) -> TokenEstimate:
        """Estimate the tokens and the money for an answer to the prompt.

        The prompt is to get `more_input_tokens` on top of those that it has already.
        """
        factors = self._calibrate(self._model, prompt_name(prompt))
        input_tokens, output_tokens = estimate_from_text(prompt)
        input_tokens += more_input_tokens
        if factors is None:
            counted = 0 if more_input_tokens else self._count_tokens(prompt)
            input_tokens = counted or input_tokens
        else:
            input_tokens, output_tokens = (
                round(input_tokens * factors[0]),
                round(output_tokens * factors[1]),
            )
        completion = Completion(
            "", self._model, input_tokens, output_tokens, batched=self._rides(prompt)
        )
        return TokenEstimate(
            input_tokens,
            output_tokens,
            self.prices.cost_usd(self._backend, completion, self._model),
        )
