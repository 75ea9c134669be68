"""The terms of papers: words and pairs of words of title and abstract."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

# Words begin with a letter, and may have hyphens and digits in them.
_WORD = r"(?u)\b[^\W\d_][\w-]*\w\b"
# What may stand within a phrase: brackets, commas and stops part one from the next.
_WITHIN_PHRASE = r"[\s_/’'‐‑–-]+"
# Of one, two and three times the last found most on the benchmark's readers that are not set aside.
TITLE_WEIGHT = 3
_LATEX_COMMAND = re.compile(r"\\[A-Za-z]+")


def join_text(title: str, abstract: str) -> str:
    """Return what terms are taken from; the title counts more, as it names what matters."""
    return _LATEX_COMMAND.sub(" ", "\n".join([title] * TITLE_WEIGHT + [abstract]))


def make_vectorizer() -> "TfidfVectorizer":
    """Return what turns texts into vectors of length one; it has to be fitted first."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        token_pattern=_WORD, ngram_range=(1, 2), stop_words="english", sublinear_tf=True
    )


def find_as_printed(term: str, title: str, abstract: str) -> str:
    """Return a term in the letters of the title, or else of the abstract.

    It is empty where neither has it, or only across the end of a phrase.

    >>> find_as_printed("landmark detection", "On Landmark-Detection", "")
    'Landmark-Detection'
    """
    pattern = rf"(?<!\w){_WITHIN_PHRASE.join(map(re.escape, term.split()))}(?!\w)"
    for text in (title, abstract):
        if found := re.search(pattern, text, re.IGNORECASE):
            return " ".join(found[0].split())
    return ""
