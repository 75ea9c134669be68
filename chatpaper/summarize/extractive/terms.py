"""The terms of a paper: its own keywords, else what its text comes back to most."""

import re
from collections import Counter
from collections.abc import Sequence

from bm25s.stopwords import STOPWORDS_EN_PLUS

from chatpaper.domain import Document, Paper

# A term of the title or abstract that the paper comes back to.
MIN_OCCURRENCES_OF_TERM = 2
MAX_WORDS_OF_TERM = 3

_KEYWORD_LINE = re.compile(
    r"(?:key\s?words?(?: and phrases)?|index terms|关键词|关键字)"
    r"\s*[:：—–.-]+\s*(?P<terms>[^\n]+)",
    re.IGNORECASE,
)
# The Unified Astronomy Thesaurus numbers its concepts: Exoplanet tides (497).
_NUMBER_OF_CONCEPT = re.compile(r"\s*\(\d{1,4}\)\s*\.?\s*\Z")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]+")


def list_terms(text: str) -> list[str]:
    """List the words of a text in lower case, without stop words."""
    return [word for word in _WORD.findall(text.casefold()) if word not in STOPWORDS_EN_PLUS]


def list_keywords(paper: Paper, document: Document) -> list[str]:
    """List the paper's own keywords, else the terms of its head that its text repeats most.

    The head is its title and abstract.
    """
    head = "\n".join(
        [
            document.front_matter,
            document.abstract,
            *(section.text for section in document.sections[:1]),
        ]
    )
    stated = _KEYWORD_LINE.search(head)
    if stated:
        terms = (
            _NUMBER_OF_CONCEPT.sub("", term).strip(" .")
            for term in re.split(r"[,;；，、·•]", stated["terms"])
        )
        return [term for term in terms if term]
    body = Counter(
        _ngrams(" ".join(section.text for section in document.sections) or document.abstract)
    )
    candidates = dict.fromkeys(
        [*_ngrams(paper.title), *_ngrams(document.abstract or paper.abstract)]
    )
    frequent = [term for term in candidates if body[term] >= MIN_OCCURRENCES_OF_TERM] or _ngrams(
        paper.title
    )
    return _without_parts(sorted(frequent, key=lambda term: -body[term] * len(term.split())))


def _ngrams(text: str) -> list[str]:
    """List runs of two and three words without a stop word or a comma in them."""
    found = []
    for clause in re.split(r"[^\w\s-]+", text.casefold()):
        words = clause.split()
        for size in range(2, MAX_WORDS_OF_TERM + 1):
            runs = (words[start : start + size] for start in range(len(words) - size + 1))
            found += [" ".join(run) for run in runs if len(list_terms(" ".join(run))) == size]
    return found


def _without_parts(terms: Sequence[str]) -> list[str]:
    """Keep the terms that share no word with a better one, which comes before them."""
    kept: list[str] = []
    for term in terms:
        if not any(set(term.split()) & set(other.split()) for other in kept):
            kept.append(term)
    return kept
