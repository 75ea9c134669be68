"""What must show as text wherever a paper or a model says it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

# Longer than a line of any page. Python-Markdown takes as long as the square of a text that is all
# signs.
_LONG_TEXT_CHARACTERS = 300


@dataclass(frozen=True)
class Payload:
    """A text and what it tries; `number` tells it from the others in file names."""

    number: int
    kind: str
    text: str


def _load() -> tuple[Payload, ...]:
    kinds = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["kinds"]
    texts = [(kind["name"], text) for kind in kinds for text in kind["texts"]]
    texts += [
        ("long lines", "x" * _LONG_TEXT_CHARACTERS),
        ("long lines", "([*_" * (_LONG_TEXT_CHARACTERS // 4)),
        ("long lines", "<" * _LONG_TEXT_CHARACTERS),
    ]
    return tuple(Payload(number, kind, text) for number, (kind, text) in enumerate(texts, start=1))


PAYLOADS = _load()
