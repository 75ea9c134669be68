"""Reasons and purposes that a statement gives and its evidence does not."""

import re
from collections.abc import Iterator

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.clauses import measure_overlap
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint

_TABLES = load_word_tables(__name__)
_REASONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:由于|因为|鉴于)(?P<reason>[^，。；]{2,40})",
        r"原因(?:是|在于)(?P<reason>[^，。；]{2,40})",
        f"为了?(?P<reason>(?:{_TABLES.join('aims')})[^，。；]{{2,40}})",
        f"以(?P<reason>(?:{_TABLES.join('purposes')})[^，。；]{{2,40}})",
        r"[是系由](?P<reason>[^，。；是由]{2,30})(?:所致|造成|导致|引起)",
        r"\b(?:because(?: of)?|due to|owing to|in order to|so as to)\s(?P<reason>[^,.;]{4,80})",
        r"(?P<reason>[^、。]{2,30})(?:のため|ため(?:に|、)|ことから)",
    )
)
# A reason with fewer known words may well be there in other words.
LEAST_KNOWN = 2


def find_cause_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find a reason of whose words the evidence has none."""
    if not comparison.quote:
        return
    for pattern in _REASONS:
        for found in pattern.finditer(comparison.statement):
            overlap = measure_overlap(found["reason"], comparison.evidence)
            if overlap.known >= LEAST_KNOWN and not overlap.shared:
                yield Hint(
                    "cause",
                    found["reason"],
                    f"The evidence does not give this reason: {found['reason']!r}.",
                )
