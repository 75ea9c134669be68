"""Phrases of a statement that may be the labels of rows and columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.domain.text.scripts import HAN
from chatpaper.domain.text.tables import load_table
from chatpaper.summarize.verify.hints.values.attribution import is_metric
from chatpaper.summarize.verify.names.names import Name, find_names
from chatpaper.summarize.verify.tables.crossings import Words
from chatpaper.summarize.verify.tables.grids import has_words, split_label

_MEASURES = tuple(
    (re.compile(said, re.IGNORECASE), frozenset(printed))
    for said, printed in load_table(
        __package__, "measures.toml", dict[str, tuple[str, ...]]
    ).items()
)
_AT_RANK = re.compile(r"\b[A-Za-z]{1,10}@[A-Za-z]?\d{1,5}\b")
_VERSION = re.compile(r"-\d[\w.]{0,8}(?<!\.)")
_SET = re.compile(r"\s?(?:数据集|测试集|基准|\b(?:data\s?set|benchmark|test set))", re.IGNORECASE)
# The end of what tells which kind of a measure is meant: 交叉困惑度.
_KIND_OF = re.compile(f"[{HAN}]\\Z(?<![的之其在上中为和与及])")
# A shorter word for a measure is the end of many.
LEAST_CHARACTERS_OF_MEASURE = 3
# A shorter end of a label is that of many.
LEAST_CHARACTERS_OF_END = 5


@dataclass(frozen=True, slots=True)
class Key:
    """A phrase of the statement that may be the label of a row or column.

    `printed` are the words of a heading for a measure that the statement has in Chinese.
    `is_of_row` says that a measure without a heading stands between it and the number, `is_set`
    that the statement calls it a data set, which methods may be named after. A measure that
    `is_special` has words of its kind before it, as has its heading: X-PPL.
    """

    words: Words
    start: int
    end: int
    printed: frozenset[str] = frozenset()
    is_of_row: bool = False
    is_set: bool = False
    is_special: bool = False

    def pick(self, labels: frozenset[Words]) -> frozenset[Words]:
        """Return the labels that it means: those equal to it, or else those that have its words."""
        if self.printed:
            return frozenset(label for label in labels if self._heads(label))
        equal = frozenset(label for label in labels if "".join(label) == "".join(self.words))
        return equal or frozenset(label for label in labels if _is_named(label, self.words))

    def measures(self, words: Words) -> bool:
        """Tell whether it is a measure that these words name."""
        if self.printed:
            return bool(self.printed.intersection(words))
        return is_metric(" ".join(self.words)) and has_words(words, self.words)

    def _heads(self, label: Words) -> bool:
        return bool(self.printed.intersection(label)) or (
            self.is_special
            and any(
                word.endswith(each)
                for word in label
                for each in self.printed
                if len(each) >= LEAST_CHARACTERS_OF_MEASURE
            )
        )


def find_keys(statement: str) -> tuple[Key, ...]:
    """Find the names and measures of a statement, in order."""
    ranks = [Key(split_label(found[0]), *found.span()) for found in _AT_RANK.finditer(statement)]
    names = ranks + [
        Key(words, name.start, end, is_set=bool(_SET.match(statement, end)))
        for name in find_names(statement)
        for end in [_find_end(name, statement)]
        if (words := split_label(statement[name.start : end]))
        and not any(rank.start < name.end and name.start < rank.end for rank in ranks)
    ]
    measures = [
        Key(
            (found[0],),
            *found.span(),
            printed,
            is_special=bool(_KIND_OF.search(statement[: found.start()])),
        )
        for said, printed in _MEASURES
        for found in said.finditer(statement)
        if not any(name.start < found.end() and found.start() < name.end for name in names)
    ]
    return tuple(sorted([*names, *measures], key=lambda key: key.start))


def _find_end(name: Name, statement: str) -> int:
    """Return the end of a name with its version: OpenAI-o1-1217."""
    version = _VERSION.match(statement, name.end)
    return version.end() if version else name.end


def pick_labels(keys: Sequence[Key], labels: frozenset[Words]) -> frozenset[Words]:
    """Return the labels that any of several keys means."""
    return frozenset[Words]().union(*(key.pick(labels) for key in keys))


def _is_named(label: Words, words: Words) -> bool:
    """Tell whether a label has these words, or one that ends with them: Distill-Qwen-32B."""
    name = "".join(words)
    return has_words(label, words) or (
        len(name) >= LEAST_CHARACTERS_OF_END and any(word.endswith(name) for word in label)
    )
