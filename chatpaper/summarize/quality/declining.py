"""Answers in which a model declines to answer.

It does so in ordinary words, or in the fields that it was to fill.
"""

from collections.abc import Iterator, Mapping

from chatpaper.summarize.quality.phrases import find_phrases

# Who declines does it in some sentences; what is longer and still no object is a summary in another
# form.
MAX_CHARACTERS = 600
_MAX_SHOWN_CHARACTERS = 120
# An object within a list within an object is the deepest that is asked for.
_MAX_DEPTH = 4


def extract_words(text: str) -> str:
    """Return the words of a short answer that does not even begin an object, as one line.

    They are empty where the answer has another fault. `text` is what was spoken after all thoughts.
    """
    said = " ".join(text.split())
    if "{" in said or len(said) > MAX_CHARACTERS:
        return ""
    return said if len(said) <= _MAX_SHOWN_CHARACTERS else said[:_MAX_SHOWN_CHARACTERS] + "…"


def declines(answer: Mapping[str, object]) -> bool:
    """Tell whether most texts of an answer that has the wanted form are refusals."""
    texts = [text for text in _texts(answer) if text.strip()]
    refusals = sum(next(find_phrases(text, "refusal"), "") != "" for text in texts)
    return refusals > len(texts) / 2


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < _MAX_DEPTH and isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part, depth + 1)
