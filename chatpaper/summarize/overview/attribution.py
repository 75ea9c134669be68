"""Which of several papers each number of a sentence is told of.

A sentence that cites two papers names them by what only one of them has: its method, its data. In a
clause about one paper, the numbers are that paper's; in one about several they follow the names,
or stand in their order. A clause that names none is about the paper whose words it has, if any
stands out. A clause that compares may have the numbers of either.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.clauses import split_clauses

_COMPARED = re.compile(load_word_tables(__name__).join("compared"), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A place of a clause: a name that only `paper` has, or a number (with an empty `paper`)."""

    start: int
    value: str
    paper: str = ""


def assign_numbers(
    text: str,
    names: Mapping[str, str],
    numbers: Sequence[str],
    find_subject: Callable[[str], str] = lambda clause: "",
) -> Iterator[tuple[str, str]]:
    """Yield the numbers of a sentence with the papers that it tells them of, where it says so.

    `names` has the papers by what they alone are called; `find_subject` tells which paper a clause
    without names is about, or "".

    >>> list(assign_numbers("A needs 12 steps, B 40%.", {"A": "a", "B": "b"}, ["12", "40%"]))
    [('12', 'a'), ('40%', 'b')]
    >>> list(assign_numbers("A and B need 12 and 40", {"A": "a", "B": "b"}, ["12", "40"]))
    [('12', 'a'), ('40', 'b')]
    >>> list(assign_numbers("A needs 3 times less than B", {"A": "a", "B": "b"}, ["3"]))
    []
    """
    for clause in split_clauses(text):
        if not _COMPARED.search(clause):
            yield from _assign_in_clause(clause, names, numbers, find_subject)


def _assign_in_clause(
    clause: str,
    names: Mapping[str, str],
    numbers: Sequence[str],
    find_subject: Callable[[str], str],
) -> Iterator[tuple[str, str]]:
    named = [
        _Mention(start, name, paper)
        for name, paper in names.items()
        for start in _find_word(name, clause)
    ]
    # What stands in a name, as in Llama-3, is no number of the clause.
    taken = [range(each.start, each.start + len(each.value)) for each in named]
    numbered = sorted(
        (
            _Mention(start, number)
            for number in dict.fromkeys(numbers)
            for start in _find_word(number, clause)
            if not any(start in span for span in taken)
        ),
        key=lambda each: each.start,
    )
    papers = list(dict.fromkeys(each.paper for each in sorted(named, key=lambda each: each.start)))
    if not papers and numbered and (subject := find_subject(clause)):
        papers = [subject]
    if len(papers) == 1:
        yield from ((each.value, papers[0]) for each in numbered)
    elif len(papers) > 1:
        yield from _assign_to_several(papers, named, numbered)


def _assign_to_several(
    papers: Sequence[str], named: Sequence[_Mention], numbered: Sequence[_Mention]
) -> Iterator[tuple[str, str]]:
    starts = [each.start for each in named]
    before = [each for each in numbered if each.start < min(starts)]
    behind = [each for each in numbered if each.start > max(starts)]
    if len(numbered) == len(papers) and len(numbered) in (len(before), len(behind)):
        yield from ((each.value, paper) for each, paper in zip(numbered, papers, strict=True))
        return
    followed: dict[int, list[str]] = {}
    runs = _find_runs(named)
    for each in numbered:
        run = max((place for place, start in enumerate(runs) if start[0] < each.start), default=-1)
        followed.setdefault(run, []).append(each.value)
    # Numbers before all names, or a name without any: they may belong to either.
    if set(followed) == set(range(len(runs))):
        for run, values in followed.items():
            yield from ((value, runs[run][1]) for value in values)


def _find_runs(named: Sequence[_Mention]) -> list[tuple[int, str]]:
    """Return where the names of a paper begin that no name of another paper interrupts."""
    runs: list[tuple[int, str]] = []
    for each in sorted(named, key=lambda mention: mention.start):
        if not runs or runs[-1][1] != each.paper:
            runs.append((each.start, each.paper))
    return runs


def _find_word(word: str, clause: str) -> Iterator[int]:
    """Yield where a name or number stands whole, and not within a longer one."""
    whole = rf"(?<![A-Za-z0-9.]){re.escape(word)}(?![A-Za-z0-9%]|[.,]\d)"
    return (found.start() for found in re.finditer(whole, clause))
