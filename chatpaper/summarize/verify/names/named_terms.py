"""Methods and fields in Chinese or Japanese words, which are names too.

What a paper is not about has other ones.

A sentence is not parsed. A term counts only where it is sure to stand as a word: 量子 does in
基于量子计算, but not in 增量子任务 (an incremental subtask). To say nothing of a term is better
than to accuse a true sentence.
"""

from collections.abc import Collection, Iterator
from functools import cache

from chatpaper.domain.text.scripts import contains_han
from chatpaper.domain.text.tables import load_table
from chatpaper.summarize.verify.terms import extract_stems

# Of longer terms no part is likely to be the end of one word and the beginning of the next.
_SHORT_TERM_CHARACTERS = 3
# Characters that stand alone, or end words, before a term; what else stands there may share a word
# with its beginning.
_BEFORE_A_WORD = frozenset(
    "的了在是和与或及对将把被用于自以为从由等该此其这那而但也则都种个项、のをにはがでとや"
)
# Words that begin with the last character of a term: 标准化流程 is no 标准化流.
_PARTING_WORDS = frozenset(
    ("流程", "流水", "流行", "链接", "链路", "波长", "波段", "云端", "云计", "云服")
)


def find_missing_terms(sentence: str, paper_stems: Collection[str]) -> Iterator[tuple[int, str]]:
    """Find the named terms of a sentence of whose English words the paper has none.

    `paper_stems` are the words of the paper, by their stems, and its pairs of Chinese characters.
    """
    for place, term in find_terms(sentence):
        stems, short_forms = _named_terms()[term]
        if term[:2] in paper_stems or not stems.isdisjoint(paper_stems):
            continue
        # MARL and MLLMs are about RL and LLMs.
        if not any(stem.endswith(form) for form in short_forms for stem in paper_stems):
            yield place, term


def find_terms(sentence: str) -> Iterator[tuple[int, str]]:
    """Find the named terms of a sentence, each where it first stands."""
    for term in _named_terms():
        place = find_place(term, sentence) if term in sentence else None
        if place is not None:
            yield place, term


def find_place(term: str, sentence: str) -> int | None:
    """Return where the term first stands as a word."""
    place = sentence.find(term)
    while place >= 0:
        if _is_word(sentence, place, place + len(term)):
            return place
        place = sentence.find(term, place + 1)
    return None


def _is_word(sentence: str, start: int, end: int) -> bool:
    if sentence[end - 1 : end + 1] in _PARTING_WORDS:
        return False
    before = sentence[start - 1 : start]
    return (
        end - start > _SHORT_TERM_CHARACTERS or not contains_han(before) or before in _BEFORE_A_WORD
    )


@cache
def _named_terms() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Load, for each term, the stems of its English words, and those that are short forms."""
    table = load_table(__package__, "lists/named_terms.toml", dict[str, str])
    return {
        term: (
            extract_stems(words),
            frozenset(word.lower() for word in words.split() if word.isupper()),
        )
        for term, words in table.items()
    }
