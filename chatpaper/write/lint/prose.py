"""Rules of the text of a post: marks, spaces, what is left of markup, templates and LaTeX."""

import re
from collections.abc import Callable, Iterator

from chatpaper.domain.text.scripts import HAN, UNSPACED, contains_kana
from chatpaper.write.lint.post import MarkdownPost, Prose, Violation, list_prose

_UNSPACED = re.compile(rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9%][{HAN}]")
# Dates are set solid, 2026年11月5日, or with spaces; both are right.
_DATE = re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?")
_HALF_WIDTH = re.compile(
    rf"[{UNSPACED}] ?[,;:!?] ?[{UNSPACED}]|[{UNSPACED}]\.(?=\s|$|[{UNSPACED}])"
    rf"|[{UNSPACED}][,;!?](?!=)"
)
_SPACED_MARK = re.compile(r"\s[，。；：、！？]")
# Names stand as their bearers write them, one beside the other.
_NAMES = re.compile(r"(?:Authors|作者|著者)\s?[:：]")
_DOUBLED_MARK = re.compile(
    r"([，。；：、！？])\1|[，、；：][。！？]|[。！？][，、；：]|(?<!:):{2}(?=\s|$)"
)
_LEFT_OF_MARKUP = re.compile(
    r"\*\*|~~|(?<![\w\x00])_+(?=[^\W_])|(?<=[^\W_])_+(?![\w\x00])"
    r"|!?\[[^\[\]\n]{0,300}\]\([^()\n]{0,500}\)"
)
_OTHER_MATHS = re.compile(r"\\[(\[]")
_MACRO = re.compile(
    r"\\(?:emph|text[a-z]*|url|href|cite[a-z]*|ref|label|footnote|begin|end|item|section"
    r"|mbox|bf|it|em|tt)(?![A-Za-z])"
    r"|\\[A-Za-z]+\{|\\[\"'`^~=.]\{?[A-Za-z]\}?|\\[%&#_]"
)
_EMPTY_VALUE = re.compile(
    r"(?:^|[：:、，,(（]\s*)(None|nan|NaN|null|undefined)(?=\s*(?:$|[、，,。)）；;]))"
)
_TEMPLATE = re.compile(r"\{\{|\{%|\{#(?!\d)")
# Control characters but tab and line feed; zero-width ones and those that turn text around. A
# joiner may stand between two pictographs, and the selector of their colours behind one.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200c\u200e\u200f\u2028\u2029\u202a-\u202e"
    r"\u2060-\u2064\u2066-\u2069\ufeff\ufffd]"
    r"|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)


def check_spacing(prose: Prose) -> Iterator[Violation]:
    """Yield Chinese that touches Latin letters, digits, formulas or code."""
    for match in _UNSPACED.finditer(_DATE.sub(lambda date: "日" * len(date[0]), prose.shown)):
        yield Violation(
            prose.line, "spacing", f"put a space between Chinese and Latin: {_around(prose, match)}"
        )


def check_half_width_marks(prose: Prose) -> Iterator[Violation]:
    """Yield half-width marks in Chinese sentences, and spaces before full-width ones."""
    for match in () if _NAMES.match(prose.shown) else _HALF_WIDTH.finditer(prose.shown):
        yield Violation(
            prose.line,
            "punctuation",
            f"use the full-width mark in Chinese: {_around(prose, match)}",
        )
    for match in _SPACED_MARK.finditer(prose.shown):
        yield Violation(
            prose.line,
            "punctuation",
            f"take out the space before the mark: {_around(prose, match)}",
        )


def check_doubled_marks(prose: Prose) -> Iterator[Violation]:
    """Yield marks that stand twice."""
    for match in _DOUBLED_MARK.finditer(prose.shown):
        yield Violation(prose.line, "doubled", f"keep one of the marks: {_around(prose, match)}")


def check_leftover_markup(prose: Prose) -> Iterator[Violation]:
    """Yield signs of Markdown that the reader sees."""
    for match in _LEFT_OF_MARKUP.finditer(prose.written):
        yield Violation(
            prose.line, "markup", f"close the markup, or escape it with a backslash: {match[0]}"
        )


def check_maths(prose: Prose) -> Iterator[Violation]:
    r"""Yield formulas in other signs than dollars, and dollars that open none."""
    for match in _OTHER_MATHS.finditer(prose.shown):
        yield Violation(prose.line, "maths", f"put the formula between dollars: {match[0]}")
    if "$" in prose.written:
        yield Violation(
            prose.line,
            "maths",
            r"a dollar has no partner: close the formula, or write \$ for money",
        )


def check_macros(prose: Prose) -> Iterator[Violation]:
    """Yield LaTeX outside of formulas."""
    for match in _MACRO.finditer(prose.shown):
        yield Violation(
            prose.line, "latex", f"write the text that the macro stands for: {match[0]}"
        )


def check_empty_values(prose: Prose) -> Iterator[Violation]:
    """Yield a program's values where text should be."""
    for match in _EMPTY_VALUE.finditer(prose.shown):
        yield Violation(
            prose.line,
            "template",
            f"a value is missing where {match[1]} stands: fill it in or leave it out",
        )


RULES_OF_ALL_TEXT: tuple[Callable[[Prose], Iterator[Violation]], ...] = (
    check_doubled_marks,
    check_leftover_markup,
    check_maths,
    check_macros,
    check_empty_values,
)
RULES_OF_CHINESE: tuple[Callable[[Prose], Iterator[Violation]], ...] = (
    check_spacing,
    check_half_width_marks,
)


def lint_prose(post: MarkdownPost) -> Iterator[Violation]:
    """Apply all rules of text; Japanese has its own marks, and no spaces beside Latin words."""
    is_japanese = any(contains_kana(prose.shown) for prose in list_prose(post))
    rules = RULES_OF_ALL_TEXT if is_japanese else RULES_OF_ALL_TEXT + RULES_OF_CHINESE
    for prose in list_prose(post):
        for rule in rules:
            yield from rule(prose)


def lint_characters(post: MarkdownPost) -> Iterator[Violation]:
    """Yield tags of templates and characters that nobody sees, wherever they stand."""
    for number, line in enumerate(post.lines, 1):
        if number not in post.code_lines:
            for match in _TEMPLATE.finditer(line):
                yield Violation(
                    number,
                    "template",
                    f"blogs read {match[0]} as a tag: write it as entities, or fill it in",
                )
        for match in _UNSEEN.finditer(line):
            yield Violation(
                number, "control", f"take out the character that nobody sees: U+{ord(match[0]):04X}"
            )


def _around(prose: Prose, match: re.Match[str]) -> str:
    return prose.shown[max(0, match.start() - 4) : match.end() + 4].strip()
