"""Results on a part of the data that a statement gives for the whole."""

import re
from collections.abc import Iterator

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint, find_stated_numbers
from chatpaper.summarize.verify.hints.prose import split_prose
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT
from chatpaper.summarize.verify.support.number_match import match

# The result stands so near behind the words for the whole.
REACH = 40
# A part is chosen at most so many sentences before what it showed.
REACH_SENTENCES = 2
# A number in more sentences stands in some of them by chance.
MOST_PLACES = 3
LEAST_SHARE = 10

_TABLES = load_word_tables(__name__)
_IN_CHINESE, _IN_JAPANESE, _IN_ENGLISH = (
    tuple(f"(?:{_TABLES.join(f'{table}_in_{language}')})" for table in ("whole", "cases"))
    for language in ("chinese", "japanese", "english")
)
_WHOLE = re.compile(
    rf"{_IN_CHINESE[0]}[^，。；、\d]{{0,24}}?{_IN_CHINESE[1]}"
    rf"|{_IN_JAPANESE[0]}[^、。\d]{{0,24}}?{_IN_JAPANESE[1]}"
    rf"|\b{_IN_ENGLISH[0]} (?:\w+ ){{0,2}}?{_IN_ENGLISH[1]}",
    re.IGNORECASE,
)
_PART = re.compile(_TABLES.join("part"), re.IGNORECASE)
_CHOSEN = re.compile(_TABLES.join("chosen"), re.IGNORECASE)
_SAID_TO_BE_CHOSEN = re.compile(_TABLES.join("said_to_be_chosen"), re.IGNORECASE)
_ALL = re.compile(r"\ball\b|\bentire|\bwhole\b|\bfull\b|\bevery\b", re.IGNORECASE)


def find_sample_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find a share of all cases that the paper has of some that were chosen."""
    if _SAID_TO_BE_CHOSEN.search(comparison.statement):
        return
    for said in _WHOLE.finditer(comparison.statement):
        if comparison.quote and _is_quoted_of_a_part(comparison.quote, comparison.paper_text):
            message = f"The statement says {said[0]!r}; what is quoted was found on a part."
            yield Hint("scope", said[0], message, is_certain=True)
            return
        for numeral in find_stated_numbers(comparison.statement):
            if (
                numeral.unit.kind == PERCENT
                and numeral.value >= LEAST_SHARE
                and 0 <= numeral.start - said.end() <= REACH
                and _is_of_a_part(numeral, comparison.paper_text)
            ):
                message = f"The statement says {said[0]!r}; the paper has {numeral.text} of a part."
                yield Hint("scope", said[0], message, is_certain=True)
                return


def _is_of_a_part(numeral: Numeral, paper_text: str) -> bool:
    """Tell whether wherever the text has a number it is that of cases that were chosen."""
    sentences = split_prose(paper_text)
    places = [
        place
        for place, (_, printed) in enumerate(sentences)
        if any(match(numeral, each) for each in printed)
    ]
    return 0 < len(places) <= MOST_PLACES and all(
        not _ALL.search(sentences[place][0])
        and (_PART.search(sentences[place][0]) or _follows_a_choice(place, paper_text))
        for place in places
    )


def _is_quoted_of_a_part(quote: str, paper_text: str) -> bool:
    """Tell whether the sentences right before a quoted one say how cases were chosen."""
    words = " ".join(quote.split()).strip(" .")
    sentences = split_prose(paper_text)
    places = [place for place, (text, _) in enumerate(sentences) if words in " ".join(text.split())]
    return bool(words and places) and all(
        not _ALL.search(sentences[place][0]) and _follows_a_choice(place, paper_text)
        for place in places
    )


def _follows_a_choice(place: int, paper_text: str) -> bool:
    around = split_prose(paper_text)[max(0, place - REACH_SENTENCES) : place + 1]
    return any(_CHOSEN.search(text) for text, _ in around)
