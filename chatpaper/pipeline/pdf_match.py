"""Decide whether the PDF that came for a paper is a PDF of that paper.

A cache or a mirror that mixes files up, or an author who uploads the wrong one, gives a whole and
readable PDF under the id of another paper; its summary would stand under a title that it has
nothing to do with.
"""

from rapidfuzz import fuzz

from chatpaper.domain import Document, Paper
from chatpaper.domain.text.folding import fold_words, unwrap_lines

# What stands before the body of a paper: its title, authors, affiliations and abstract.
_FRONT_CHARACTERS = 5000
# Titles change between a record and its PDF, by a word or in their mathematics; another title
# shares less.
_LEAST_TITLE_SIMILARITY = 75.0
# The abstract of a record stands in the PDF nearly word for word; papers of one field share less
# than this.
_LEAST_SHARE_OF_ABSTRACT = 0.7
_LEAST_SHARE_OF_AUTHORS = 0.5
# Shorter words are everywhere.
_TELLING_LETTERS = 5
_LEAST_TELLING_WORDS = 8
_SHORTEST_SURNAME = 3


def matches_record(document: Document, paper: Paper) -> bool:
    """Return whether a PDF's text agrees with the title, the authors or the abstract of the record.

    Any one of them is enough: where one is not like the record (another language, a pen name, a new
    title) the others are. A PDF of which the record gives nothing to go by is taken as it is.
    """
    front = _fold(_front(document))
    whole = _fold(" ".join([document.abstract, *(section.text for section in document.sections)]))
    signs = (_has_title(paper, front), _has_authors(paper, front), _has_abstract(paper, whole))
    return True in signs or all(sign is None for sign in signs)


def _has_title(paper: Paper, front: str) -> bool | None:
    title = _fold(paper.title)
    if not title:
        return None
    return fuzz.partial_ratio(title, front) >= _LEAST_TITLE_SIMILARITY


def _has_authors(paper: Paper, front: str) -> bool | None:
    names = [words[-1] for author in paper.authors if (words := _fold(author).split())]
    surnames = {name for name in names if len(name) >= _SHORTEST_SURNAME}
    if not surnames:
        return None
    return len(surnames & set(front.split())) >= _LEAST_SHARE_OF_AUTHORS * len(surnames)


def _has_abstract(paper: Paper, whole: str) -> bool | None:
    telling = {word for word in _fold(paper.abstract).split() if len(word) >= _TELLING_LETTERS}
    if len(telling) < _LEAST_TELLING_WORDS:
        return None
    return len(telling & set(whole.split())) >= _LEAST_SHARE_OF_ABSTRACT * len(telling)


def _front(document: Document) -> str:
    sections = " ".join(f"{section.title} {section.text}" for section in document.sections)[
        :_FRONT_CHARACTERS
    ]
    return " ".join((document.title, document.front_matter, document.abstract, sections))


def _fold(text: str) -> str:
    """Return the words of a text; those broken at the end of a line are whole."""
    return fold_words(unwrap_lines(text))
