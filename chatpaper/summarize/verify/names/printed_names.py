"""Names that an answer gives as printed, and whether a paper prints them, in full or shortened."""

import re
from functools import cache, cached_property

from chatpaper.domain.text.folding import fold_accents, fold_words
from chatpaper.domain.text.tables import load_table

# Words that short forms leave out, and that have no initial in them.
_SMALL_WORDS = frozenset({"of", "the", "for", "and", "at", "in", "de", "la", "der", "fur", "di"})
# Two capitals stand for too many names.
LEAST_INITIALS = 3
# A name of general words alone, "Univ. of Tech.", is found by chance where they are shorter.
LEAST_LETTERS_OF_ABBREVIATIONS = 3
_CAPITALS = re.compile(r"\b[A-Z]{3,8}\b")


class PrintedNames:
    """The words of a paper, made ready for looking up names as they are printed."""

    def __init__(self, paper_text: str) -> None:
        self._paper_text = paper_text
        self._letters = fold_accents(paper_text)

    def have(self, name: str) -> bool:
        """Tell whether the paper prints a name: in full, with short words, or by its initials.

        Letters and digits alone count, since PDFs part words and accents.
        """
        letters = fold_accents(name)
        if not letters or letters in self._letters:
            return True
        words = fold_words(name).split()
        return self._have_shortened(words) or _join_initials(words) in self._capitals

    @cached_property
    def _capitals(self) -> frozenset[str]:
        return frozenset(_CAPITALS.findall(self._paper_text))

    def _have_shortened(self, words: list[str]) -> bool:
        """Tell whether the paper has the words with the usual short forms: U. Oxford."""
        short = _abbreviations()
        is_general = all(word in short or word in _SMALL_WORDS for word in words)
        least = LEAST_LETTERS_OF_ABBREVIATIONS if is_general else 1
        parts = []
        for word in words:
            forms = [word, *(each for each in short.get(word, ()) if len(each) >= least)]
            parts.append(f"(?:{word})?" if word in _SMALL_WORDS else f"(?:{'|'.join(forms)})")
        return re.search("".join(parts), self._letters) is not None


def _join_initials(words: list[str]) -> str:
    initials = "".join(word[0] for word in words if word not in _SMALL_WORDS).upper()
    return initials if len(initials) >= LEAST_INITIALS else ""


@cache
def _abbreviations() -> dict[str, list[str]]:
    return load_table(__package__, "lists/abbreviations.toml", dict[str, list[str]])
