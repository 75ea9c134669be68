"""Methods and fields in Chinese or Japanese words, which are names too: what a paper is not about has other ones."""

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files

from chatpaper.summarize.passages import stems_of


def missing_terms(sentence: str, has_stem: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
    """The named terms of a sentence, each with its place, of whose English words the paper has none.

    `has_stem` tells whether any passage of the paper has a word, by its stem, or a pair of Chinese characters.
    """
    for term, stems in _named_terms().items():
        place = sentence.find(term)
        if place >= 0 and not has_stem(term[:2]) and not any(map(has_stem, stems)):
            yield place, term


@cache
def _named_terms() -> dict[str, frozenset[str]]:
    table = tomllib.loads(files("chatpaper.summarize").joinpath("named_terms.toml").read_text(encoding="utf-8"))
    return {term: stems_of(words) for term, words in table.items()}
