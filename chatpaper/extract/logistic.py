"""Logistic regression at run time: evidence as numbers, weighed by what was fitted."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from chatpaper.domain.text.tables import load_table


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """The bias and, by the name of each piece of evidence, the weights of a fitted model."""

    bias: float
    weights: Mapping[str, float]

    def rate(self, evidence: Mapping[str, float]) -> float:
        """Rate how likely it is, from 0 to 1; evidence without a weight does not count."""
        weighed = (self.weights.get(name, 0.0) * value for name, value in evidence.items())
        return 1 / (1 + math.exp(-self.bias - sum(weighed)))


def load_model(package: str, name: str) -> LogisticModel:
    """Load the model in a TOML file of a package: `bias` in the table of that name, and `weights`.

    `tests.benchmarks.fitting` writes such files.
    """
    tables = load_table(package, name, dict[str, dict[str, float]])
    return LogisticModel(tables["bias"]["bias"], tables["weights"])
