"""Take away markup that a model wrote although it was asked for plain text.

Not a word is lost.
"""

import re
from collections.abc import Callable

from chatpaper.domain.text.scripts import UNSPACED
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.quality.sentences import FORMULA

_FENCE = re.compile(r"```\w{0,12}[ \t]?\n?")
_CODE = re.compile(r"(?<!`)`([^`\n]{1,200})`(?!`)")
# A pair of stars is emphasis where words stand between; 2**3 and x**2 are powers.
_EMPHASIS = re.compile(r"(?<![A-Za-z0-9)\]*])\*\*(?=[^\s*])([^*\n]{1,200}?)(?<=\S)\*\*(?!\*)")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]{1,200})\]\((?:https?:|www\.|#|/|\.)?[^()\s]{0,300}\)")
_LINE_MARK = re.compile(r"^[ \t]{0,8}[-*•][ \t]+(?!\d)", re.MULTILINE)
_RAISED = re.compile(r"<(su[bp])>([^<>\n]{1,40})</\1>", re.IGNORECASE)
# Tags that come in pairs are markup; a single <b> or <img> is a token that a paper speaks of.
_PAIR = re.compile(
    r"<(b|i|em|strong|u|p|span|div|details|summary|answer|output|text|code|mark|small"
    r"|li|ul|ol|h[1-6])>([^<>]{0,400})</\1>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
_MAX_NESTED_TAGS = 3

# Neither Chinese nor Japanese parts its words; what was left out may leave a space behind.
_SPACE_WITHIN = re.compile(rf"(?<=[{UNSPACED}]) {{1,8}}(?=[{UNSPACED}])")
# "et al. [20]", "maxout[10]": it says nothing where there is no list of references. Several numbers
# in brackets may be an interval, a vector or a shape; so may one behind a single letter.
_CITATION = re.compile(
    rf"(?:(?<=al\.)|(?<=[A-Za-z0-9][A-Za-z0-9])|(?<=[{UNSPACED}）」”]))(?<![为在内间围到于])"
    r"\s?(?:\[[1-9]\d{0,2}\]){1,8}(?![\[(\w])"
)
_NEEDS_NUMBER = re.compile(
    rf"(?:{load_word_tables(__name__).join('needs_number')})\Z", re.IGNORECASE
)
# In Chinese a word may end as the next one begins (目的的, 标的的); these cannot.
DOUBLED_WORD = re.compile(
    r"(?<![目标打鹄之端无有的])的的(?![确士的])|\b(the the|of of|and and)\b(?![-\w])"
)


def strip_markup(text: str) -> str:
    """Return the text without marks of Markdown and tags of HTML; formulas stay as they are."""
    return _outside_formulas(text, _plain).strip()


def without_slips(text: str) -> str:
    """Return the text without small slips.

    They are numbers of references, spaces within Chinese, and function words that were typed twice.
    """
    text = _outside_formulas(text, _drop_citations)
    return DOUBLED_WORD.sub(
        lambda match: match[0][: len(match[0]) // 2].rstrip(), _SPACE_WITHIN.sub("", text)
    )


def _drop_citations(text: str) -> str:
    return _CITATION.sub(
        lambda found: found[0] if _NEEDS_NUMBER.search(text[: found.start()]) else "", text
    )


def _plain(text: str) -> str:
    text = _HEADING.sub("", _FENCE.sub("", text))
    for pattern in (_CODE, _EMPHASIS, _LINK):
        text = pattern.sub(r"\1", text)
    text = _RAISED.sub(lambda match: ("^" if match[1].lower() == "sup" else "_") + match[2], text)
    for _ in range(_MAX_NESTED_TAGS):
        text = _PAIR.sub(r"\2", text)
    return _LINE_MARK.sub("", _BREAK.sub("\n", text))


def _outside_formulas(text: str, change: Callable[[str], str]) -> str:
    """Return the text changed, with each formula standing as one character meanwhile."""
    formulas = FORMULA.findall(text)
    stand_in = next(chr(code) for code in range(0xF0000, 0xFFFFD) if chr(code) not in text)
    kept = iter(formulas)
    return re.sub(stand_in, lambda _: next(kept, ""), change(FORMULA.sub(stand_in, text)))
