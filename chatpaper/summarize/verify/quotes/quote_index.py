"""The tokens of a whole paper, made ready for looking up quotes.

A quote is found word for word, as a row of a table, or nearly so.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from rapidfuzz.distance import LCSseq

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.quotes.quote_agreement import (
    Words,
    find_agreement,
    have_same_numbers,
)
from chatpaper.summarize.verify.quotes.quote_tokens import (
    MINUS,
    NO_DASH,
    Token,
    tokenize,
)

# A longer quotation is looked for word for word only: what is compared grows with the square of its
# length.
MAX_TOKENS_OF_SIMILAR = 400
# A quote that stands in so many places stands in the first of them.
MAX_COPIES = 50
# Three words in a row that stand in so many places tell nothing of where a quote is.
MAX_PLACES_OF_SEED = 40
MAX_CANDIDATES = 4
# What a page may put into a sentence: a table's text, a long footnote.
MAX_INSERTED_TOKENS = 250
_SEED_TOKENS = 3
# Of a word that is broken at the end of a line so many letters stand on either line.
MIN_LETTERS_OF_CUT_WORD = 3
_TABLES = load_word_tables(__name__)
_TURN_ROUND = frozenset((*_TABLES.list_words("prefixes"), *_TABLES.list_words("suffixes")))
# Room for words that were left out or added.
_SLACK_TOKENS = 8
# A row that an extractor mixed up has most of its cells in their order.
MIN_ORDERED_SHARE = 0.6
# A row that is printed in several lines is quoted nearly whole.
MAX_LINES_OF_ROW = 3
MIN_SHARE_OF_LINES = 0.8


class QuoteIndex:
    """A text, made ready for looking up quotes.

    `tables` are the stretches of it that hold a table.
    """

    def __init__(self, text: str, tables: Iterable[tuple[int, int]] = ()) -> None:
        self._words = Words(text, tokenize(text))
        self._tables = tuple(tables)
        self._joined = self._words.joined
        self._offsets = list(
            accumulate((len(token.text) for token in self._words.tokens), initial=0)
        )

    def stretches(self, quote: str) -> Iterator[tuple[int, int]]:
        """Yield where the quote stands, the surest place first.

        Each place is given by its begin and end in the text.
        """
        wanted = Words(quote, tokenize(quote))
        if not wanted.tokens:
            return
        for first, last in self._candidates(wanted):
            yield self._words.tokens[first].start, self._words.tokens[last].end

    def _candidates(self, wanted: Words) -> Iterator[tuple[int, int]]:
        yield from self._copies(wanted)
        if len(wanted.tokens) <= MAX_TOKENS_OF_SIMILAR:
            yield from self._rows(wanted)
            yield from self._near_copies(wanted)

    def _copies(self, wanted: Words) -> Iterator[tuple[int, int]]:
        """Return the places where the same letters stand, however they are parted into words.

        Those where they begin or end within a word come last.
        """
        position, within_words = -1, []
        for _ in range(MAX_COPIES):
            position = self._joined.find(wanted.joined, position + 1)
            if position < 0:
                break
            end = position + len(wanted.joined)
            first = bisect_right(self._offsets, position) - 1
            last = bisect_left(self._offsets, end) - 1
            before = self._joined[self._offsets[first] : position]
            behind = self._joined[end : self._offsets[last + 1]]
            tokens = self._words.tokens[first : last + 1]
            if not have_same_numbers(wanted.tokens, tokens):
                continue
            if not (before or behind):
                yield first, last
            elif _may_be_cut(tokens, before, behind):
                within_words.append((first, last))
        yield from within_words

    def _rows(self, wanted: Words) -> Iterator[tuple[int, int]]:
        """Yield the rows of tables that have all cells of the quote.

        Most of the cells have to be in their order.
        """
        numbers = Counter(token.text for token in wanted.tokens if token.is_number)
        for size in range(1, MAX_LINES_OF_ROW + 1):
            for line in self._lines_with(wanted, numbers):
                for first, last in self._lines.windows(line, size):
                    row = self._words.part(first, last + 1)
                    covers = size == 1 or len(wanted.tokens) >= MIN_SHARE_OF_LINES * len(row.tokens)
                    if covers and _has_cells(row, wanted, numbers):
                        yield first, last

    def _lines_with(self, wanted: Words, numbers: Counter[str]) -> Sequence[int]:
        """Return the lines of tables that have the rarest number of the quote.

        Without a number, it is the rarest word.
        """
        if len(wanted.tokens) < _SEED_TOKENS:
            return ()
        holders = [
            self._lines.holding(text) for text in numbers or {token.text for token in wanted.tokens}
        ]
        return min((lines for lines in holders if lines or numbers), key=len, default=())

    @cached_property
    def _lines(self) -> "_TableLines":
        return _TableLines(self._words, self._tables)

    def _near_copies(self, wanted: Words) -> Iterator[tuple[int, int]]:
        """Return the places that differ from the quote in nothing that says anything."""
        for begin, end in self._regions(wanted):
            if found := find_agreement(wanted, self._words.part(begin, end)):
                yield begin + found[0], begin + found[1]

    def _regions(self, wanted: Words) -> Iterator[tuple[int, int]]:
        """Yield where most of the quote's words stand in their order.

        Each region is tried as long as the quote, with some room, and with much. In as little room
        as it needs, a quote has the fewest ways to be laid over the paper.
        """
        seeds = [
            (number, place)
            for number, seed in enumerate(_seeds(wanted.tokens))
            for place in self._places_of_seed.get(seed, ())
        ]
        votes = Counter((place - number) // _SLACK_TOKENS for number, place in seeds)
        size = len(wanted.tokens)
        for bucket, _ in votes.most_common(MAX_CANDIDATES):
            begin = bucket * _SLACK_TOKENS
            near = [
                (number, place)
                for number, place in seeds
                if begin <= place - number < begin + MAX_INSERTED_TOKENS
            ]
            first = min(place - number for number, place in near)
            yield max(0, first - 1), first + size + 1
            yield max(0, first - _SLACK_TOKENS), first + size + 2 * _SLACK_TOKENS
            last = max(place + size - number for number, place in near)
            if last > first + size + _SLACK_TOKENS:
                yield max(0, first - 1), last + 1

    @cached_property
    def _places_of_seed(self) -> dict[tuple[str, ...], list[int]]:
        places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, seed in enumerate(_seeds(self._words.tokens)):
            places[seed].append(number)
        return {seed: where for seed, where in places.items() if len(where) <= MAX_PLACES_OF_SEED}


class _TableLines:
    """The lines of all tables, and which of them have a word."""

    def __init__(self, words: Words, tables: Sequence[tuple[int, int]]) -> None:
        # Each line as its table, its first token and its last.
        self._lines: list[tuple[int, int, int]] = []
        self._holders: dict[str, list[int]] = defaultdict(list)
        starts = [token.start for token in words.tokens]
        for table, (begin, end) in enumerate(tables):
            position = begin
            for line in words.text[begin:end].split("\n"):
                first, behind = (
                    bisect_left(starts, position),
                    bisect_left(starts, position + len(line)),
                )
                if first < behind:
                    for text in {token.text for token in words.tokens[first:behind]}:
                        self._holders[text].append(len(self._lines))
                    self._lines.append((table, first, behind - 1))
                position += len(line) + 1

    def holding(self, text: str) -> Sequence[int]:
        """Return the numbers of the lines that have this token."""
        return self._holders.get(text, ())

    def windows(self, line: int, size: int) -> Iterator[tuple[int, int]]:
        """Yield the first and last token of each run of `size` lines that this line is in.

        The lines of a run are of one table.
        """
        for start in range(max(0, line - size + 1), min(line, len(self._lines) - size) + 1):
            (table, first, _), (other, _, last) = self._lines[start], self._lines[start + size - 1]
            if table == other:
                yield first, last


def _may_be_cut(tokens: Sequence[Token], before: str, behind: str) -> bool:
    """Tell whether a quote may lack these letters of its first and its last word.

    A line may begin and end within a word. What turns a word round is not left out.
    """
    is_whole = [
        not cut or (token.text.isalpha() and len(token.text) - len(cut) >= MIN_LETTERS_OF_CUT_WORD)
        for token, cut in ((tokens[0], before), (tokens[-1], behind))
    ]
    return all(is_whole) and _TURN_ROUND.isdisjoint((before, behind))


def _seeds(tokens: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    texts = [token.text for token in tokens]
    return zip(*(texts[start:] for start in range(_SEED_TOKENS)), strict=False)


def _has_cells(row: Words, wanted: Words, numbers: Counter[str]) -> bool:
    texts = [token.text for token in row.tokens]
    if numbers - Counter(texts):
        return False
    joined = row.joined
    if not all(token.text in joined for token in wanted.tokens):
        return False
    in_order = LCSseq.similarity([token.text for token in wanted.tokens], texts)
    return in_order >= MIN_ORDERED_SHARE * len(wanted.tokens) and _same_signs(
        row.tokens, wanted.tokens
    )


def _same_signs(row: Sequence[Token], wanted: Sequence[Token]) -> bool:
    dashes: dict[str, set[int]] = defaultdict(set)
    for token in row:
        dashes[token.text].add(token.dash)
    return all(
        any({token.dash, dash} != {NO_DASH, MINUS} for dash in dashes[token.text])
        for token in wanted
        if token.is_number
    )
