"""Whether a quote says what a stretch of the paper says.

It may differ by what copying and typesetting change, and by nothing else. A quote may leave out
citations, what stands in brackets, and what the page puts in the middle of a sentence (a figure, a
footnote, a heading). A few articles and letters of formulas may differ, and a word may be spelled
otherwise. Numbers, names, negations and comparisons may not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.quotes.quote_tokens import MINUS, NO_DASH, Token

# One word in so many may be a small one that differs; in a short quote a single one.
WORDS_PER_SMALL_CHANGE = 8
# Shorter words are other words when a letter changes: cat, cut.
MIN_RESPELLED_CHARACTERS = 6
# What a page puts within a sentence has more words than what a careless copy drops.
MIN_INSERTED_TOKENS = 3
MAX_FOOTNOTE_MARK_DIGITS = 2

_TABLES = load_word_tables(__name__)
_SMALL_WORDS = frozenset(_TABLES.list_words("small"))
_NEGLIGIBLE_SIGNS = frozenset("=x~±")
_BEFORE_A_MARK = frozenset(".,;:)”。，")
_LIGATURES = ("ffi", "ffl", "ff", "fi", "fl")


@dataclass(frozen=True, slots=True)
class Words:
    """A run of tokens and the text that they stand in."""

    text: str
    tokens: Sequence[Token]

    def part(self, start: int, end: int) -> "Words":
        """Return the tokens from `start` to before `end`."""
        return Words(self.text, self.tokens[start:end])

    @property
    def joined(self) -> str:
        """Return the letters of all tokens, without blanks."""
        return "".join(token.text for token in self.tokens)

    def printed(self, token: Token) -> str:
        """Return the token as it stands in the text."""
        return self.text[token.start : token.end]


@dataclass(frozen=True, slots=True)
class _Difference:
    """Tokens of the quote, and the tokens of the paper that stand in their place."""

    quote_start: int
    quote_end: int
    paper_start: int
    paper_end: int


def find_agreement(quote: Words, paper: Words) -> tuple[int, int] | None:
    """Return the first and last token of the paper that the quote is a copy of.

    Returns None where it is a copy of none. What the paper has before and behind the copy does not
    count.
    """
    equal, different = _compared(quote, paper)
    if not equal:
        return None
    pairs = (
        (quote.tokens[each.quote_start + step], paper.tokens[each.paper_start + step])
        for each in equal
        for step in range(each.quote_end - each.quote_start)
    )
    if not all(_same_sign(*pair) for pair in pairs):
        return None
    inner = [_trimmed(each, quote, paper) for each in different if _counts(each, quote)]
    costs = [_cost(quote, paper, each) for each in inner]
    if any(cost is None for cost in costs):
        return None
    if sum(cost or 0 for cost in costs) > max(1, len(quote.tokens) // WORDS_PER_SMALL_CHANGE):
        return None
    ends = [
        *equal,
        *(
            each
            for each in inner
            if each.quote_start < each.quote_end and each.paper_start < each.paper_end
        ),
    ]
    return min(each.paper_start for each in ends), max(each.paper_end for each in ends) - 1


def have_same_numbers(quote: Sequence[Token], paper: Sequence[Token]) -> bool:
    """Tell whether two runs with the same letters part their digits into the same numbers.

    "1 23" is not "12 3".

    An index or exponent may stand in the line ("1051" for 10^51), and blanks may part thousands.
    """
    numbers = [[token for token in side if token.is_number] for side in (quote, paper)]
    texts = [[token.text for token in side] for side in numbers]
    if texts[0] == texts[1]:
        return all(_same_sign(*pair) for pair in zip(*numbers, strict=True))
    if any(token.raised for side in numbers for token in side):
        return True
    longer = max(texts, key=len)
    return min(map(len, texts)) == 1 and all(len(text) == 3 for text in longer[1:])


def _same_sign(one: Token, other: Token) -> bool:
    return {one.dash, other.dash} != {NO_DASH, MINUS}


def _compared(quote: Words, paper: Words) -> tuple[list[_Difference], list[_Difference]]:
    """Return the stretches that are equal, and those that differ.

    Neighbouring ones that differ are one.
    """
    blocks = Levenshtein.opcodes(
        [token.text for token in quote.tokens], [token.text for token in paper.tokens]
    )
    equal = [
        _Difference(block.src_start, block.src_end, block.dest_start, block.dest_end)
        for block in blocks
        if block.tag == "equal"
    ]
    equal = _closed_up(equal, quote, paper)
    edges = [
        _Difference(0, 0, 0, 0),
        *equal,
        _Difference(len(quote.tokens), len(quote.tokens), len(paper.tokens), len(paper.tokens)),
    ]
    between = [
        _Difference(before.quote_end, after.quote_start, before.paper_end, after.paper_start)
        for before, after in pairwise(edges)
    ]
    return equal, [
        each
        for each in between
        if each.quote_start < each.quote_end or each.paper_start < each.paper_end
    ]


def _closed_up(equal: list[_Difference], quote: Words, paper: Words) -> list[_Difference]:
    """Return the equal stretches, where one that could as well stand next to its neighbour does.

    Of "the cat and the dog" the quote "the dog" is the end, and not its first word and its last.
    """
    closed: list[_Difference] = []
    for each in reversed(equal):
        behind = closed[-1] if closed else None
        while (
            behind and each.quote_end == behind.quote_start and each.paper_end < behind.paper_start
        ):
            if each.quote_start == each.quote_end:
                break
            if quote.tokens[each.quote_end - 1].text != paper.tokens[behind.paper_start - 1].text:
                break
            behind = _Difference(
                behind.quote_start - 1, behind.quote_end, behind.paper_start - 1, behind.paper_end
            )
            each = _Difference(
                each.quote_start, each.quote_end - 1, each.paper_start, each.paper_end - 1
            )
        if behind:
            closed[-1] = behind
        if each.quote_start < each.quote_end:
            closed.append(each)
    return closed[::-1]


def _counts(difference: _Difference, quote: Words) -> bool:
    """Tell whether a difference is more than what the paper has before and behind the quote."""
    if difference.quote_start < difference.quote_end:
        return True
    return 0 < difference.quote_start < len(quote.tokens) and difference.paper_start > 0


def _trimmed(difference: _Difference, quote: Words, paper: Words) -> _Difference:
    """Trim a difference at an end of the quote to as many tokens of the paper as the quote has."""
    letters = quote.part(difference.quote_start, difference.quote_end).joined
    size = difference.quote_end - difference.quote_start
    start, end = difference.paper_start, difference.paper_end
    if size and difference.quote_start == 0:
        whole = (
            first for first in range(end, start - 1, -1) if paper.part(first, end).joined == letters
        )
        return replace(difference, paper_start=next(whole, max(start, end - size)))
    if size and difference.quote_end == len(quote.tokens):
        whole = (
            last for last in range(start, end + 1) if paper.part(start, last).joined == letters
        )
        return replace(difference, paper_end=next(whole, min(end, start + size)))
    return difference


def _cost(quote: Words, paper: Words, difference: _Difference) -> int | None:
    """Return how many small changes a difference is; None where it changes what is said."""
    mine = quote.part(difference.quote_start, difference.quote_end)
    theirs = paper.part(difference.paper_start, difference.paper_end)
    if not mine.tokens:
        return 0 if _may_be_left_out(theirs, paper, difference) else _small_changes(theirs)
    if not theirs.tokens:
        return 0 if all(token.cited for token in mine.tokens) else _small_changes(mine)
    outside = Words(paper.text, [token for token in theirs.tokens if not token.bracketed])
    for candidate in (theirs, outside):
        if mine.joined == candidate.joined:
            return 0 if have_same_numbers(mine.tokens, candidate.tokens) else None
    return _replacements(mine, theirs)


def _replacements(mine: Words, theirs: Words) -> int | None:
    if remove_ligatures(mine.joined) == remove_ligatures(theirs.joined):
        return 0 if have_same_numbers(mine.tokens, theirs.tokens) else None
    if len(mine.tokens) == len(theirs.tokens):
        pairs = list(zip(mine.tokens, theirs.tokens, strict=True))
        if all(_is_respelled(mine.printed(one), theirs.printed(other)) for one, other in pairs):
            return len(pairs)
    costs = (_small_changes(mine), _small_changes(theirs))
    return None if None in costs else max(cost or 0 for cost in costs)


def _small_changes(words: Words) -> int | None:
    """Return the number of tokens, if none of them says anything: articles, letters of formulas."""
    small = all(
        token.text in _SMALL_WORDS
        or (
            len(token.text) == 1
            and (
                token.text in _NEGLIGIBLE_SIGNS or (token.text.isalpha() and token.text < "\u3000")
            )
        )
        for token in words.tokens
    )
    return len(words.tokens) if small else None


def _may_be_left_out(theirs: Words, paper: Words, difference: _Difference) -> bool:
    """Tell whether words of the paper are no part of the sentence that they stand in.

    They are a citation, brackets, the mark of a footnote, or a figure.
    """
    gaps = _gaps(paper, difference)
    if _in_brackets(theirs, gaps):
        return True
    own = [
        number
        for number, token in enumerate(theirs.tokens)
        if not (token.cited or _is_mark(paper.text, token))
    ]
    if not own:
        return True
    first, last = own[0], own[-1]
    parted = len(gaps) > len(theirs.tokens) and "\n" in gaps[first] and "\n" in gaps[last + 1]
    if parted and last - first + 1 >= MIN_INSERTED_TOKENS:
        return True
    # The labels in a figure.
    labels = theirs.tokens[first : last + 1]
    return len(labels) > 1 and all(
        not token.is_number and theirs.printed(token)[0].isupper() for token in labels
    )


def _gaps(paper: Words, difference: _Difference) -> list[str]:
    """Return what stands before, between and behind the paper's tokens that the quote lacks."""
    around = paper.tokens[max(0, difference.paper_start - 1) : difference.paper_end + 1]
    return [paper.text[one.end : other.start] for one, other in pairwise(around)]


def _in_brackets(theirs: Words, gaps: Sequence[str]) -> bool:
    enclosed = all(token.bracketed for token in theirs.tokens) and len(gaps) > len(theirs.tokens)
    return enclosed and bool(set(gaps[0]) & set("([（")) and bool(set(gaps[-1]) & set(")]）"))


def _is_mark(text: str, token: Token) -> bool:
    """Tell whether a number is glued to a word or sentence, as the mark of a footnote is.

    A power of ten is none.
    """
    before = text[max(0, token.start - 3) : token.start].rstrip("^_{")[-1:]
    if token.raised:
        return not before.isdigit()
    behind = text[token.end : token.end + 2]
    glued = (
        before.islower()
        or before in _BEFORE_A_MARK
        or (not before.strip() and behind.isalpha() and behind.istitle())
    )
    return glued and token.text.isdigit() and len(token.text) <= MAX_FOOTNOTE_MARK_DIGITS


def _is_respelled(one: str, other: str) -> bool:
    """Tell whether one word is the other in another spelling or in the plural.

    Modelling and modeling are, and errors and error; a name is none, nor is a word with another
    prefix.
    """
    if not (one.isalpha() and other.isalpha() and one.islower() and other.islower()):
        return False
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < MIN_RESPELLED_CHARACTERS:
        return longer == f"{shorter}s"
    return one[:3] == other[:3] and Levenshtein.distance(one, other, score_cutoff=1) <= 1


def remove_ligatures(text: str) -> str:
    """Return the text without the letters that a PDF loses where its font has no map for ligatures.

    "Efficient" comes out as "e cient".
    """
    for ligature in _LIGATURES:
        text = text.replace(ligature, "")
    return text
