"""Comparisons of two rows or columns of a table that the values of the table turn round."""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.clauses import find_sentence_start
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint, find_stated_numbers
from chatpaper.summarize.verify.hints.values.table_keys import Key, find_keys
from chatpaper.summarize.verify.hints.wording.universal_hints import is_told_of_all
from chatpaper.summarize.verify.support.operands import count_significant_digits
from chatpaper.summarize.verify.tables.crossings import AddressedTable, Value, Words, transpose
from chatpaper.summarize.verify.tables.grids import has_words

_TABLES = load_word_tables(__name__)
_COMPARES = re.compile(
    f"(?P<more>{_TABLES.join('more')})|(?P<less>{_TABLES.join('less')})", re.IGNORECASE
)
_ALL = re.compile(_TABLES.join("all"), re.IGNORECASE)
_OTHERS = re.compile(_TABLES.join("others"), re.IGNORECASE)
# Rows that no method is expected to reach, and those of parts of a method.
_NO_RIVALS = frozenset({"human", "oracle", "upper", "expert", "gold", "wo", "without", "w"})
_DENIED = re.compile(r"(?:不|没有?|未|并非|\bnot|\bno|n't)\s?\w{0,4}\s?\Z", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[，。；;]|[,.]\s")
_SMALLER_IS_BETTER = re.compile(_TABLES.join("smaller_is_better"), re.IGNORECASE)
_NO_SCORE = re.compile(_TABLES.join("no_score"), re.IGNORECASE)

# Two values with so many digits are what is compared.
_VALUES_OF_COMPARISON, _LEAST_DIGITS = 2, 2


def find_ranking_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find one thing called better than another though all their values in tables say otherwise.

    Where the statement says so of all, one value that says otherwise is enough.
    """
    statement = comparison.statement
    words = _find_comparing(statement) if comparison.tables else []
    keys = find_keys(statement) if words else ()
    if not keys:
        return
    views = [view for table in comparison.tables for view in (table, transpose(table))]
    for word in words:
        start, end = _find_span(statement, word)
        before = [key for key in keys if start <= key.start and key.end <= word.start()]
        after = [key for key in keys if word.end() <= key.start < end]
        is_of_all = bool(_ALL.search(statement, start, end)) and not any(
            is_told_of_all(
                [statement[each.start : each.end] for each in (one, *after[:1])],
                comparison.paper_text,
            )
            for one in before
        )
        is_above_all = not after and bool(_OTHERS.search(statement, word.end(), end))
        compared = _signs_among_all if is_above_all else _signs
        signs = [sign for view in views for sign in compared(view, before, after)]
        worse = [(sign < 0) if word["more"] else (sign > 0) for sign in signs]
        if worse and (all(worse) or (is_of_all and any(worse))):
            message = f"The statement says {word[0]!r}; a table has it the other way round."
            yield Hint("direction", word[0], message, is_certain=True)


def _gives_values(statement: str, word: re.Match[str]) -> bool:
    """Tell whether the sentence of a word gives the values that it compares.

    These say themselves which is more, and may measure something else than the cells do: tokens,
    where these are scores, or errors, of which the smaller one is better.
    """
    start, end = _find_span(statement, word)
    values = [
        each
        for each in find_stated_numbers(statement)
        if start <= each.start < end and count_significant_digits(each) >= _LEAST_DIGITS
    ]
    return len(values) >= _VALUES_OF_COMPARISON


def _find_comparing(statement: str) -> list[re.Match[str]]:
    return [
        word
        for word in _COMPARES.finditer(statement)
        if not _DENIED.search(statement[: word.start()]) and not _gives_values(statement, word)
    ]


def _find_span(statement: str, word: re.Match[str]) -> tuple[int, int]:
    """Return where the sentence with a word begins, and where its clause ends."""
    behind = _CLAUSE_END.search(statement, word.end())
    end = behind.start() if behind else len(statement)
    return find_sentence_start(statement, word.start()), end


def _signs(table: AddressedTable, before: Sequence[Key], after: Sequence[Key]) -> Iterator[int]:
    """Yield, for each two values that the statement compares, which of them is greater."""
    keys = (*before, *after)
    if not all(_is_known(key, table) for key in keys):
        return
    for place, axis in _axes(table):
        own = [labels for key in before if (labels := key.pick(axis))]
        other = [labels for key in after if (labels := key.pick(axis))]
        if own and other and len(own[-1]) == len(other[0]) == 1 and own[-1] != other[0]:
            settings = [key for key in keys if not key.pick(axis)]
            (one,), (two,) = own[-1], other[0]
            yield from _compare(_list_fitting(table, settings), place, (one, two))


def _signs_among_all(
    table: AddressedTable, before: Sequence[Key], after: Sequence[Key]
) -> Iterator[int]:
    """Yield the same for one thing and all its rivals, in the columns that the statement names."""
    if not all(_is_known(key, table) for key in (*before, *after)):
        return
    for place, axis in _axes(table):
        own = [labels for key in before if (labels := key.pick(axis))]
        settings = [key for key in before if not key.pick(axis)]
        if not own or len(own[-1]) != 1 or not any(key.pick(table.columns) for key in settings):
            continue
        (one,) = own[-1]
        fitting = _list_fitting(table, settings)
        for rival in axis:
            is_rival = not "".join(rival).startswith("".join(one)) and _NO_RIVALS.isdisjoint(rival)
            if rival != one and is_rival:
                yield from _compare(fitting, place, (one, rival))


def _axes(table: AddressedTable) -> Iterator[tuple[int, frozenset[Words]]]:
    for place in range(len(table.values[0].rows)):
        yield place, frozenset(value.rows[place] for value in table.values if value.rows[place])


def _is_known(key: Key, table: AddressedTable) -> bool:
    return bool(
        key.pick(table.rows) or key.pick(table.columns) or has_words(table.caption, key.words)
    )


def _list_fitting(table: AddressedTable, settings: Sequence[Key]) -> list[Value]:
    """List the scores of a table that were measured in the settings of a statement."""
    rows, columns = (
        _wanted([axis(value) for value in table.values], settings)
        for axis in (_rows_of, _columns_of)
    )
    return [
        value
        for value in table.values
        if value.numerals
        and _is_score(value, table)
        and all(value.rows[at] in labels for at, labels in rows.items())
        and all(value.columns[at] in labels for at, labels in columns.items())
    ]


def _compare(values: Sequence[Value], place: int, pair: tuple[Words, Words]) -> Iterator[int]:
    """Compare the values of two labels that have all else in common."""
    for first, second in product(
        (value for value in values if value.rows[place] == pair[0]),
        (value for value in values if value.rows[place] == pair[1]),
    ):
        others = [each.rows[:place] + each.rows[place + 1 :] for each in (first, second)]
        if first.columns == second.columns and others[0] == others[1]:
            difference = first.numerals[0].value - second.numerals[0].value
            yield (difference > 0) - (difference < 0)


def _rows_of(value: Value) -> tuple[Words, ...]:
    return value.rows


def _columns_of(value: Value) -> tuple[Words, ...]:
    return value.columns


def _wanted(
    labels: Sequence[tuple[Words, ...]], settings: Sequence[Key]
) -> dict[int, frozenset[Words]]:
    """Return, by place, the labels that the statement names; each key counts in its first place."""
    wanted: dict[int, frozenset[Words]] = {}
    for key in settings:
        for place in range(len(labels[0])):
            picked = key.pick(frozenset(each[place] for each in labels if each[place]))
            if picked:
                wanted[place] = wanted.get(place, frozenset()) | picked
                break
    return wanted


def _is_score(value: Value, table: AddressedTable) -> bool:
    """Tell whether the greater value is the better one."""
    heads = " ".join(
        word for words in (*value.columns, *value.rows, table.caption) for word in words
    )
    return not _SMALLER_IS_BETTER.search(heads) and not _NO_SCORE.search(heads)
