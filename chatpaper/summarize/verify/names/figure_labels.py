"""Statements about figures and tables: which of the paper's they name, and whether it has it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from chatpaper.domain import Claim, Figure, Result
from chatpaper.domain.text.float_words import (
    HAN_NUMBER,
    HYPHENS,
    build_eastern_float_pattern,
    build_western_float_pattern,
    classify_float_word,
    fold_label_number,
)
from chatpaper.domain.text.folding import fold_width
from chatpaper.domain.text.scripts import CYRILLIC, HAN, LATIN

_NUMBER = (
    rf"(?-i:(?:[A-Z]\.?)?\d{{1,4}}(?:[.{HYPHENS}]\d{{1,4}}){{0,4}}|[IVXL]{{1,8}}|[A-Z](?![A-Za-z])"
    rf"|(?:{HAN_NUMBER})(?![{HAN}]))"
)
# A Chinese word that ends in 图 or 表 is none of a figure: 地图 3 张, 代表 2 类.
_WORD = (
    rf"(?<![{LATIN}{CYRILLIC}])(?:{build_western_float_pattern('figure', 'table', sure=True)})s?\.?"
    rf"|(?<![{HAN}])(?:{build_eastern_float_pattern('figure', 'table')})"
    rf"|(?<=[如见見在由从自和与及或据據按照看对對至到])[图圖図表]"
)


def _label_pattern(word: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<series>(?:supplementary|supplemental|extended data|appendix)\s+)?(?P<word>{word})\s*"
        rf"(?P<number>{_NUMBER})(?P<part>\s?\(?[a-z]\)?(?![A-Za-z]))?(?!\s?[张幅個个%])",
        re.IGNORECASE,
    )


_LABEL = _label_pattern(_WORD)
# What is given as a label may have any word that figures go by; in a text "Scheme 2" may be the
# second of two schemes.
_ANY_LABEL = _label_pattern(rf"{_WORD}|(?:{build_western_float_pattern('figure', 'table')})\.?")
_Key = tuple[str, str, str]


def find_figure(label: str, figures: Sequence[Figure]) -> Figure | None:
    """Return the figure or table with this label, however it is spelled.

    "Fig. 3", "图 3" and "Figure 3(a)" are Figure 3.
    """
    label = fold_width(label).strip()
    named = next(
        (figure for figure in figures if figure.label.casefold() == label.casefold()), None
    )
    if named is not None:
        return named
    keys = {key: figure for figure in reversed(figures) for key in _keys(figure.label)[:1]}
    return next((keys[key] for key in _keys(label) if key in keys), None)


def find_labels(text: str) -> tuple[str, ...]:
    """Return the labels of figures and tables that a text names: "Fig. 3", "表 2"."""
    plain = fold_width(text)
    return tuple(dict.fromkeys(match[0].strip() for match in _LABEL.finditer(plain)))


def locate_figures(claims: Sequence[Claim], figures: Sequence[Figure]) -> tuple[Claim, ...]:
    """Return the statements with label and page of the figure that each names.

    The page is 0 where it names another too.

    A statement is about its figure and no other, so that what it says can be looked up there.
    """
    return tuple(_located(claim, figures) for claim in claims)


def locate_results(results: Sequence[Result], figures: Sequence[Figure]) -> tuple[Result, ...]:
    """Return the results with label and page of the table or figure that each names.

    A label that the paper lacks goes.
    """
    return tuple(_located_result(result, figures) for result in results)


def _located(claim: Claim, figures: Sequence[Figure]) -> Claim:
    figure = find_figure(claim.section, figures)
    if figure is None or _missing(claim, figures):
        return replace(claim, page=0)
    return replace(claim, section=figure.label, page=figure.page)


def _located_result(result: Result, figures: Sequence[Figure]) -> Result:
    figure = find_figure(result.source, figures)
    if figure is None:
        return replace(result, source="", page=0)
    return replace(result, source=figure.label, page=figure.page)


def _missing(claim: Claim, figures: Sequence[Figure]) -> tuple[str, ...]:
    """Return the labels of a statement, and those in its text, that no figure has."""
    cited = (claim.section, *find_labels(claim.text))
    return tuple(
        dict.fromkeys(
            label or "figure without a label" for label in cited if not find_figure(label, figures)
        )
    )


def _keys(label: str) -> list[_Key]:
    """Return what tells a label from others: with the letter of its part, and without."""
    match = _ANY_LABEL.fullmatch(label)
    if match is None:
        return []
    word = match["word"].rstrip(".").casefold()
    kind = classify_float_word(word) or classify_float_word(word.removesuffix("s")) or word
    series = (match["series"] or "").strip().casefold()
    part = re.sub(r"\W", "", match["part"] or "").casefold()
    number = fold_label_number(match["number"])
    # "Figs. 2-4" is a figure of that number, or else three, of which the first is meant as well as
    # any.
    numbers = dict.fromkeys((number + part, number, number.partition("-")[0]))
    return [(series, kind, each) for each in numbers]
