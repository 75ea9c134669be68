"""The figures and tables of a document as the model is shown them.

They are their captions, and the rows of the tables. Where not all fit, those go first that matter
least: what the results, the abstract and the conclusion refer to stays longest, then what other
parts refer to; what stands in an appendix goes first.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chatpaper.domain import Document, Figure, Section, SectionKind
from chatpaper.domain.text.float_words import (
    HYPHENS,
    build_eastern_float_pattern,
    build_western_float_pattern,
)
from chatpaper.domain.text.tokens import estimate_tokens

# Where a paper tells what came out, so that the tables named there hold its results.
_TELL_RESULTS: frozenset[SectionKind] = frozenset(
    {"experiments", "abstract", "introduction", "conclusion"}
)

_NUMBER = re.compile(r"\S{1,12}\Z")
# "Table A1", "Table S3", "Table B.2": numbered apart, as appendices and supplements do.
_NUMBERED_APART = re.compile(r"[A-Z]\.?\d")
_KINDS: tuple[Literal["figure", "table"], ...] = ("figure", "table")
_NOUNS = {
    kind: (
        rf"(?:(?i:(?:{build_western_float_pattern(kind)})s?)\.?"
        rf"|{build_eastern_float_pattern(kind)})"
    )
    for kind in _KINDS
}
# A noun takes up to 12 characters, three numbers before the one that is looked for take 11 each,
# with what parts them.
_REACH = 60
_HEADING = "Figures and tables"


@dataclass(frozen=True, slots=True)
class ShownFloats:
    """The list as the model reads it, and the labels of the tables whose rows are not in it."""

    text: str = ""
    tables_left_out: tuple[str, ...] = ()


def select_floats(document: Document, budget_tokens: int) -> ShownFloats:
    """Return the list of figures and tables that takes at most `budget_tokens`.

    It is in the order of the paper. Where not all fits, rows go first, then captions.
    """
    figures = document.figures
    if not figures:
        return ShownFloats()
    lines = [figure.label for figure in figures]
    left_tokens = budget_tokens - estimate_tokens("\n\n".join([_HEADING, *lines]))
    if left_tokens < 0:
        return ShownFloats("", tuple(figure.label for figure in figures if _rows(figure)))
    left_out: set[int] = set()
    for index in _by_worth(document):
        brief, rows = _brief(figures[index]), _rows(figures[index])
        whole = f"{brief}\n{rows}" if rows else brief
        for text in (whole, brief):
            cost = estimate_tokens(text) - estimate_tokens(lines[index])
            if cost <= left_tokens:
                lines[index], left_tokens = text, left_tokens - cost
                break
        if rows and lines[index] != whole:
            left_out.add(index)
    return ShownFloats(
        "\n\n".join([_HEADING, *lines]),
        tuple(figure.label for index, figure in enumerate(figures) if index in left_out),
    )


def _brief(figure: Figure) -> str:
    return f"{figure.label}: {figure.caption}".rstrip(": ")


def _rows(figure: Figure) -> str:
    return figure.text if figure.kind == "table" else ""


def _by_worth(document: Document) -> list[int]:
    """Return the places of the figures and tables, those that matter most first.

    Those that matter alike are in the order of the paper.
    """
    kinds = document.classify_sections()
    telling = (
        _text_of(document.sections, [kind in _TELL_RESULTS for kind in kinds]) + document.abstract
    )
    main = _text_of(document.sections, [kind != "appendix" for kind in kinds])
    first_of_appendix = min(
        (section.page for section in document.sections if section.appendix), default=0
    )

    def worth(index: int) -> tuple[bool, int, int]:
        figure = document.figures[index]
        rank = 0 if _is_named(figure, telling) else 1 if _is_named(figure, main) else 2
        after = bool(first_of_appendix) and figure.page >= first_of_appendix + (rank < 2)
        apart = _NUMBERED_APART.match(_number_of(figure)) is not None
        return (after or apart, rank, index)

    return sorted(range(len(document.figures)), key=worth)


def _text_of(sections: Sequence[Section], chosen: Sequence[bool]) -> str:
    return "\n".join(
        section.text for section, is_chosen in zip(sections, chosen, strict=True) if is_chosen
    )


def _number_of(figure: Figure) -> str:
    match = _NUMBER.search(figure.label)
    return match[0].lstrip("表图圖") if match else ""


def _is_named(figure: Figure, text: str) -> bool:
    """Tell whether running text names the figure, be it as the second of a pair.

    That is so in "Tables 2 and 3" and "Fig. 1–3". Only the words before its number are held against
    the many nouns.
    """
    number = re.escape(_number_of(figure)).replace(r"\-", f"[{HYPHENS}]") + r"(?!\w)"
    named = re.compile(
        rf"{_NOUNS[figure.kind]}\s{{0,2}}(?:[\w.]{{1,6}}\s?(?:,|and|&|–|-|和|、)\s?){{0,3}}{number}"
    )
    return any(
        named.search(text, max(0, match.start() - _REACH), match.end() + 1)
        for match in re.finditer(rf"(?<!\d){number}", text)
    )
