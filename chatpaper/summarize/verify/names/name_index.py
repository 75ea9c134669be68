"""The words of a paper, made ready for looking up names.

Names are found as they are written, spelled out, or abbreviated.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chatpaper.domain.text.folding import fold_accents, fold_width, spell_greek
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.terms import is_stop_word

_LONGEST_NAME_WORDS = 6
# What is longer is no name, but a line without blanks.
_LONGEST_NAME_CHARACTERS = 200
# Initials of so many words are those of some phrase in any paper, so a phrase of fewer words must
# stand out.
_TELLING_INITIALS = 4
_FEWEST_OCCURRENCES = 2
_LONGEST_ABBREVIATION = 8
# So few initials are those of many names.
_INITIALS_OF_MANY = 2
# Small words that a term may have: quality of service.
_WORDS_IN_TERMS = frozenset(("of", "the"))
# The first letters of a word that abbreviate it: Lab, Univ, Gauss.
_SHORTEST_CUT = 3
# "ImageNet-A" is not ImageNet: a part of a name that may be looked up for itself has so many
# letters.
_SHORTEST_PART = 3

_WORD = re.compile(r"[^\W_]+")
_BROKEN = re.compile(r"(?<=[a-z])[-‐\u00ad]\s*\n\s*(?=[a-z])")
# Marks of affiliations and footnotes are glued to names: 1KAIST, Davenport1,2, Kailiang Ji1, Berg∗.
# So is the number of devices: 8xA100.
_MARK_BEFORE = re.compile(r"(?<![^\W_])\d{1,2}(?:(?=[A-Z][A-Za-z]{2})|[xX](?=[A-Z]))")
_MARK_BEHIND = re.compile(r"(?:(?<=[a-z]{2})|(?<=\s[A-Z][a-z]))\d{1,2}(?![^\W_])")
# A label that goes on in the next row: "Llama3B | …", and "-Instruct | …".
_LABEL_IN_LINES = re.compile(r"^([^|\n]{1,40}?) \|[^\n]*\n(-[A-Z][^|\n]{1,40}?) \|", re.MULTILINE)
_SCRIPTS_MEET = re.compile(r"(?<=[\u0370-\u03ff])(?=[A-Za-z])|(?<=[A-Za-z])(?=[\u0370-\u03ff])")
# The humps of a written name: "LayerNorm" is Layer and Norm, "dLLMs" is d, L, L, M.
_HUMP = re.compile(r"[A-Z](?=of[A-Z])|[A-Z]?[a-z]+|[A-Z]|\d+")
_TABLES = load_word_tables(__name__)
# Short forms that everybody knows, and the words that a paper may spell them by.
EXPANSIONS = _TABLES.get_rows("expansions")
_SMALL = frozenset(_TABLES.list_words("small"))
# Gemma-2b-it: no word of a sentence, but what tells a model from its base.
_SMALL_ENDING = re.compile(rf"[-‐‑](?:{'|'.join(sorted(_SMALL))})\Z")
_ENDINGS = ("'s", "’s", "s", "es", "ian", "an", "ean", "ers", "er")
_UMLAUTS = (("oe", "o"), ("ae", "a"), ("ue", "u"))
# Best-of-128, pass@16, 5-shot.
_COUNT_IN_NAME = re.compile(r"(?<=[-‐‑@])\d{1,6}\Z|\A\d{1,6}(?=[-‐‑])")
_VARIABLES = ("N", "K", "M", "n", "k", "m")
_LATIN_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a passage.

    `follows` tells that nothing but a blank or a hyphen parts it from the one before.
    """

    folded: str
    is_capital: bool
    follows: bool


class NameIndex:
    """The words of a paper, made ready for looking up names."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Index the words of `texts`, which are passages.

        A name is found within one of them.
        """
        self._passages_of: dict[str, list[int]] = {}
        self._capitalised: set[str] = set()
        self._words: list[list[_Word]] = []
        # By their first letter, the places of all words: the number of the passage, and that of the
        # word in it.
        self._places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._found: dict[str, tuple[int, ...]] = {}
        for number, text in enumerate(texts):
            joined = _BROKEN.sub("", text)
            self._words.append(_words(_without_marks(joined)))
            for place, word in enumerate(self._words[-1]):
                self._places[word.folded[0]].append((number, place))
            for variant in _variants(joined):
                self._add(number, _words(variant))

    def find(self, name: str) -> tuple[int, ...]:
        """Find the passages that have the name or, of a name of known parts, its rarest part."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _add(self, number: int, words: Sequence[_Word]) -> None:
        """Note every stretch of a few words, written as one."""
        for first in range(len(words)):
            key = ""
            capital = False
            for word in words[first : first + _LONGEST_NAME_WORDS]:
                key += word.folded
                capital = capital or word.is_capital
                if key != word.folded and (_is_small(words[first]) or _is_small(word)):
                    continue
                numbers = self._passages_of.setdefault(key, [])
                if not numbers or numbers[-1] != number:
                    numbers.append(number)
                if capital:
                    self._capitalised.add(key)

    def _find(self, name: str) -> tuple[int, ...]:
        if len(name) > _LONGEST_NAME_CHARACTERS:
            return self._whole(name)
        bare = _SMALL_ENDING.sub("", name)
        return (
            tuple(sorted({*self._whole(name), *self._whole(_shorten(name))}))
            or (self._whole(bare) if bare != name else ())
            or self._spelled_out(name)
            or self._abbreviated(name)
            or self._instance(name)
            or self._in_parts(name)
        )

    def _whole(self, name: str) -> tuple[int, ...]:
        for spelling in list_spellings(name):
            if spelling in self._passages_of and (
                spelling in self._capitalised or not needs_capital(name)
            ):
                plural = self._passages_of.get(f"{spelling}s", ()) if is_acronym(name) else ()
                return tuple(sorted({*self._passages_of[spelling], *plural}))
        expansions = _spell(fold_accents(_without_plural(name)))
        return next((found for expansion in expansions if (found := self._whole(expansion))), ())

    def _spelled_out(self, name: str) -> tuple[int, ...]:
        """Find the words whose beginnings a short form is made of.

        SPH, K-S, LayerNorm and UofT are such short forms.
        """
        parts = [hump.lower() for hump in _HUMP.findall(_without_plural(name))]
        if not 2 <= len(parts) <= _LONGEST_ABBREVIATION or " " in name:
            return ()
        places: dict[str, list[int]] = defaultdict(list)
        capital: set[str] = set()
        for number, first in self._places.get(parts[0][0], ()):
            phrase = _phrase(self._words[number], first, parts)
            if phrase and (_is_capital(phrase) or _is_term(phrase)):
                key = " ".join(each.folded for each in phrase)
                places[key].append(number)
                if _is_capital(phrase):
                    capital.add(key)
        sure = [
            numbers
            for key, numbers in places.items()
            if key in capital or len(numbers) >= _fewest_occurrences(parts)
        ]
        most: list[int] = max(sure, key=len, default=[])
        return tuple(dict.fromkeys(most))

    def _abbreviated(self, name: str) -> tuple[int, ...]:
        """Find the initials of a name of several words, or the word that a short form begins."""
        capitals = [word for word in _WORD.findall(name) if word[0].isupper()]
        if len(capitals) > 1 and all(
            len(word) >= _SHORTEST_CUT and word.istitle() for word in capitals
        ):
            initials = "".join(word[0] for word in capitals).lower()
            known = initials in self._capitalised and _is_short_for(initials, name, self._words)
            return tuple(self._passages_of[initials]) if known else ()
        if len(name) < _SHORTEST_CUT or not (name.isalpha() and name.istitle()):
            return ()
        cut = fold_accents(name)
        places = self._places.get(cut[0], ()) if cut else ()
        words = [(number, self._words[number][place]) for number, place in places]
        return tuple(
            dict.fromkeys(
                number for number, word in words if word.is_capital and word.folded.startswith(cut)
            )
        )

    def _instance(self, name: str) -> tuple[int, ...]:
        """Find the general name of a numbered one: Best-of-N for Best-of-128.

        A letter stands for the number, which has to occur in the paper.
        """
        number = _COUNT_IN_NAME.search(name)
        if number is None or number[0] not in self._passages_of or not _LATIN_LETTER.search(name):
            return ()
        general = (name[: number.start()] + letter + name[number.end() :] for letter in _VARIABLES)
        return next((found for each in general if (found := self._whole(each))), ())

    def _in_parts(self, name: str) -> tuple[int, ...]:
        """Find the rarest part of a name whose parts are all known.

        No part is a number or a letter.
        """
        for separator in (r"\s+", r"[/+&]", r"[-‐‑–]"):
            if (
                len(
                    parts := [
                        part
                        for part in re.split(separator, name, maxsplit=_LONGEST_NAME_WORDS)
                        if part
                    ]
                )
                < 2
            ):
                continue
            if separator.startswith("[-"):
                found = [self._whole(part) if _is_part(part) else () for part in parts]
            else:
                found = [self.find(part) for part in parts]
                shared = set.intersection(*map(set, found))
                if shared or separator == r"\s+":
                    return tuple(sorted(shared))
            return min(found, key=len) if all(found) else ()
        return ()


def _spell(short: str) -> Sequence[str]:
    """Return the words that a short form which everybody knows is spelled by."""
    return EXPANSIONS.get(short, ())


def _is_short_for(initials: str, name: str, texts: Iterable[Sequence[_Word]]) -> bool:
    """Tell whether a name has telling initials.

    They are those of more than two words, or known, or in a text with a hyphen between them: K-S.
    """
    if len(initials) > _INITIALS_OF_MANY or " ".join(_WORD.findall(name)).lower() in _spell(
        initials
    ):
        return True
    return " " not in name and any(
        f"{one.folded}{other.folded}" == initials and other.follows and one.is_capital
        for words in texts
        for one, other in pairwise(words)
    )


def _is_capital(phrase: Sequence[_Word]) -> bool:
    return all(each.is_capital or each.folded in _SMALL for each in phrase)


def _is_term(phrase: Sequence[_Word]) -> bool:
    """Tell whether words in small letters may be a term: they are not "as the" of a sentence."""
    return not any(
        is_stop_word(word.folded) for word in phrase if word.folded not in _WORDS_IN_TERMS
    )


def _shorten(name: str) -> str:
    """Return a name with the first letter of its last part, ARC-E for ARC-Easy, or as it is."""
    head, _, tail = name.replace(" ", "-").rpartition("-")
    is_short = not is_acronym(head) or len(tail) <= _SHORTEST_CUT or not tail.isalpha()
    return name if is_short else f"{head}-{tail[0].upper()}"


def needs_capital(name: str) -> bool:
    """Tell whether a name is another word in small letters: MAP is not "map".

    What has a digit in it, or one capital at most, is the same name in lower case.
    """
    return is_acronym(name) and not any(character.isdigit() for character in name)


def is_acronym(word: str) -> bool:
    """Tell whether a word looks like no ordinary one: GAN, TideSort, U-Net, Llama3."""
    return any(
        sum(character.isupper() for character in part) > 1
        or any(character.isupper() for character in part[1:])
        or (
            any(character.isdigit() for character in part)
            and any(character.isalpha() for character in part)
        )
        for part in re.split(r"[-‐‑/ ]", word)
    )


def list_spellings(name: str) -> tuple[str, ...]:
    """Return the keys by which a name may be found.

    They cover singular and plural, the adjective of a person, and umlauts as two letters.
    """
    key = fold_accents(name)
    if name.isupper() and len(name) <= _SHORTEST_PART:
        return (key, key + "s", key + "es")
    bases = [
        key,
        *(
            key.removesuffix(fold_accents(ending))
            for ending in _ENDINGS
            if len(key) > len(ending) + 2
        ),
    ]
    plain = [key.replace(two, one) for two, one in _UMLAUTS if two in key]
    return tuple(dict.fromkeys([*bases, key + "s", key + "es", *plain]))


def _is_small(word: _Word) -> bool:
    """Tell whether no name begins or ends with the word, so that "EM it" is no EMIT."""
    return word.folded in _SMALL and not word.is_capital


def _fewest_occurrences(parts: Sequence[str]) -> float:
    """Return how often a paper must have a phrase in small letters to make its short form known."""
    if min(map(len, parts)) >= _SHORTEST_CUT or len(parts) >= _TELLING_INITIALS:
        return 1
    return _FEWEST_OCCURRENCES if len(parts) > _SHORTEST_CUT - 1 else math.inf


def _is_part(part: str) -> bool:
    """Tell whether what a hyphen joins is a name or a word.

    A capital alone may make another name, as in Sentence-BERT.
    """
    return len(_LATIN_LETTER.findall(part)) >= _SHORTEST_PART and (
        part.islower() or is_acronym(part)
    )


def _without_plural(name: str) -> str:
    return name[:-1] if len(name) > 2 and name.endswith("s") and name[-2].isupper() else name


def _words(text: str) -> list[_Word]:
    words = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        if folded := fold_accents(match[0]):
            capital = not match[0].islower() and any(map(str.isupper, match[0]))
            words.append(_Word(folded, capital, follows=not gap.strip(" \n-‐‑–—/’'")))
        end = match.end()
    return words


def _variants(text: str) -> Iterator[str]:
    """Yield the text and its variants where marks or Greek letters touch words.

    The variants are without the marks, with Greek letters apart from the words, and with them
    spelled out; and what labels of tables in two lines name.
    """
    yield text
    parted = _SCRIPTS_MEET.sub(" ", _without_marks(text))
    if parted != text:
        yield parted
    spelled = spell_greek(fold_width(text))
    if spelled != text:
        yield spelled
    yield from (f"{label[1]}{label[2]}" for label in _LABEL_IN_LINES.finditer(text))


def _without_marks(text: str) -> str:
    return _MARK_BEHIND.sub(" ", _MARK_BEFORE.sub(" ", text))


def _phrase(words: Sequence[_Word], first: int, parts: Sequence[str]) -> Sequence[_Word]:
    """Return the words from `first` on that begin with the parts of a short form.

    Small words may be skipped.
    """
    place = first
    for number, part in enumerate(parts):
        if (
            number
            and place < len(words)
            and words[place].follows
            and not words[place].folded.startswith(part)
            and words[place].folded in _SMALL
        ):
            place += 1
        if (
            place >= len(words)
            or (number and not words[place].follows)
            or not words[place].folded.startswith(part)
        ):
            return ()
        if len(part) == 1 and words[place].folded in _SMALL and number in (0, len(parts) - 1):
            return ()
        place += 1
    return words[first:place]
