"""What the calls about one paper have taken, and the cache of completions.

The cache keeps calls from being made twice.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Protocol

from chatpaper.backends import Backend
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import BackendError
from chatpaper.summarize.cost.prices import Prices


class CompletionCache(Protocol):
    """Keeps every completion as it arrives, so that none is paid for twice."""

    def find(self, key: str) -> Completion | None:
        """Return the completion under this key, or None.

        One with an empty text stands for an answer that could not be used.
        """

    def save(self, key: str, completion: Completion) -> None:
        """Keep a completion, in place of one that may be there."""


class NoCache:
    """Keeps nothing."""

    def find(self, key: str) -> Completion | None:
        """Return None, whatever the key."""

    def save(self, key: str, completion: Completion) -> None:
        """Let the completion go."""


def compute_completion_key(prompt: Prompt, backend: Backend, attempt: int = 0) -> str:
    """Return a digest of everything that shapes the answer of a backend.

    `attempt` keeps equal repairs apart.
    """
    asked = [prompt.system, prompt.user, prompt.schema, prompt.max_output_tokens]
    chosen = backend.parameters
    asked += [] if chosen.temperature is None else [chosen.temperature]
    asked += [dict(chosen.extra)] if chosen.extra else []
    shaping = [backend.name, backend.model, *asked, attempt]
    return hashlib.sha256(json.dumps(shaping, ensure_ascii=False).encode()).hexdigest()


@dataclass
class CallLog:
    """The completions about one paper.

    `llm_calls` counts those that were asked for now, not taken from the cache. `asked` are the
    models that were asked, one for each completion: a service may name the one that answered
    otherwise. `lost` is what calls took that brought nothing.
    """

    prices: Prices = field(default_factory=Prices)
    completions: list[Completion] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    llm_calls: int = 0
    lost: list[Completion] = field(default_factory=list)

    @property
    def input_tokens(self) -> int:
        """Return the tokens of all prompts."""
        return sum(each.input_tokens for each in (*self.lost, *self.completions))

    @property
    def output_tokens(self) -> int:
        """Return the tokens of all answers, thoughts included."""
        return sum(each.output_tokens for each in (*self.lost, *self.completions))

    def add(self, completion: Completion, asked: str) -> None:
        """Enter an answer of the model that was asked, be it from the cache or not."""
        self.completions.append(completion)
        self.asked.append(asked)

    def add_failed_call(self, error: BackendError) -> None:
        """Count a call that brought nothing but may have cost something."""
        self.llm_calls += error.llm_calls
        self.lost.append(
            Completion(
                "",
                error.model,
                error.input_tokens,
                error.output_tokens,
                batched=error.batched,
            )
        )

    def attach_usage(self, error: BackendError) -> None:
        """Tell on an error what was spent until it came."""
        error.llm_calls = self.llm_calls
        error.input_tokens, error.output_tokens = self.input_tokens, self.output_tokens

    def cost_usd(self, backend: str, model: str) -> float | None:
        """Return what all of it costs together; None as soon as a part has no known price."""
        lost = [replace(each, model=model) for each in self.lost]
        spent = zip([*self.completions, *lost], [*self.asked, *([model] * len(lost))], strict=True)
        costs = [self.prices.cost_usd(backend, completion, asked) for completion, asked in spent]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None
