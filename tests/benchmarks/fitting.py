"""Fit the weights of `chatpaper.extract.logistic`, and write them into the file that ships."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from sklearn.linear_model import LogisticRegression

SET_ASIDE = Path(__file__).with_name("set_aside.toml")


def list_set_aside() -> frozenset[str]:
    """List the papers that nothing is fitted on."""
    names = tomllib.loads(SET_ASIDE.read_text("utf-8"))
    return frozenset([*names["extraction"]["names"], *names["pdf"]["names"]])


def fit_weights(
    evidence: Sequence[Mapping[str, float]], outcomes: Sequence[bool], strength: float
) -> tuple[float, dict[str, float]]:
    """Return the bias and the weights; the smaller `strength`, the smaller they are held."""
    names = list(evidence[0])
    rows = [[described[name] for name in names] for described in evidence]
    model = LogisticRegression(C=strength, max_iter=10_000)
    model.fit(rows, outcomes)
    return float(model.intercept_[0]), dict(zip(names, map(float, model.coef_[0]), strict=True))


def write_weights(path: Path, head: str, bias: float, weights: Mapping[str, float]) -> None:
    """Write the weights as TOML below a comment."""
    lines = [f'"{name}" = {weight:.2f}' for name, weight in weights.items()]
    path.write_text(f"{head}\n[bias]\nbias = {bias:.2f}\n\n[weights]\n" + "\n".join(lines) + "\n")
