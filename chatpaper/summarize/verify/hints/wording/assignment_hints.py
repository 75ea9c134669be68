"""Values that are written with what they are of: α=1.7."""

import re
from collections.abc import Iterator

from chatpaper.domain.text.scripts import GREEK
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint, find_stated_numbers
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.support.assignments import (
    find_assigned,
    find_symbol,
    is_assigned,
)

# Latin letters stand for other things from one place to the next: p, b, n.
_GREEK = re.compile(f"[{GREEK}]")


def find_assignment_hints(comparison: Comparison) -> Iterator[Hint]:
    """Yield values that the paper gives otherwise wherever it has what they are of."""
    for numeral in find_stated_numbers(comparison.statement):
        symbol = find_symbol(numeral, comparison.statement)
        if rival := _find_quoted(symbol, numeral, comparison):
            message = (
                f"The statement gives {symbol} the value {numeral.text}; "
                f"the quoted words say {rival}."
            )
            yield Hint("number", numeral.text, message, is_certain=True)
            continue
        if not _GREEK.match(symbol) or is_assigned(symbol, numeral, comparison.paper_text):
            continue
        # A symbol of several values may have this one where nothing says so.
        printed = find_assigned(symbol, comparison.paper_text)
        if len(printed) == 1:
            message = (
                f"The statement gives {symbol} the value {numeral.text}; "
                f"the paper says {min(printed)}."
            )
            yield Hint("number", numeral.text, message, is_certain=True)


def _find_quoted(symbol: str, numeral: Numeral, comparison: Comparison) -> str:
    """Return the one other value that the quote gives a symbol, or "".

    Of a symbol with which the statement or the paper says this value too, nothing is known.
    """
    quoted = find_assigned(symbol, comparison.quote) if symbol else ()
    is_said_once = len(find_assigned(symbol, comparison.statement)) < 2 if quoted else False
    is_other = is_said_once and not any(
        is_assigned(symbol, numeral, text) for text in (comparison.quote, comparison.paper_text)
    )
    return min(quoted) if len(quoted) == 1 and is_other else ""
