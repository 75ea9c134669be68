r"""Convert LaTeX in titles, abstracts and comments to plain text; maths stays for MathJax.

arXiv's metadata are plain text with some TeX in it, not a TeX document: `%` begins no comment, `#`,
`_` and `^` are themselves, `$5` is a price, and braces may be those of a set. So pylatexenc is
given single macros, whose meaning its tables know, and never a whole text: what it cannot read it
would leave out.

    Erd\H{o}s -> Erdős    \emph{few} -> few    {BERT} -> BERT    50\% -> 50%
    ``so'' -> “so”    1--3 -> 1–3
"""

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

from chatpaper.domain import Paper
from chatpaper.write.markup.spans import (
    MATHS,
    PLACEHOLDERS,
    URL,
    mask_spans,
)

# Groups within groups: texts have two or three; a limit keeps a hostile one from taking long.
MAX_DEPTH = 12
# A symbol is a character or two; a longer answer of the table is its own idea, like a line for
# \\section.
MAX_SYMBOL_CHARACTERS = 2

_READER = LatexNodes2Text(math_mode="verbatim", keep_comments=True)

_TABLE = get_default_latex_context_db()
# Signs by their names, which the table lacks or, as the caret, has as another character.
_SIGNS = {
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textunderscore": "_",
    "textdollar": "$",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textbackslash": "\\",
    "textquotesingle": "'",
}
# Noncharacters of Unicode, which no text holds, for braces that are to stay.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_NO_BRACES = str.maketrans("", "", "{}")
_BRACES_BACK = str.maketrans({_OPEN: "{", _CLOSE: "}"})

_DISPLAY_MATHS = re.compile(
    r"(?<!\\)\\\(((?:[^\\]|\\[^()])+)\\\)"
    r"|(?<!\\)\\\[((?:[^\\]|\\[^\[\]])+)\\\]|(?<![\\$])\$\$([^$]+?)\$\$(?!\$)"
)
_URL_MACRO = re.compile(r"\\url\s*\{([^{}\s]*)\}")
_HREF_MACRO = re.compile(r"\\href\s*\{([^{}\s]*)\}\s*\{([^{}]*)\}")

_ACCENT = re.compile(
    r"\\(?:[\"'`^~=.]\s*(?:\{\s*(?:\\[ij]\s*|[A-Za-z])\s*\}|\\[ij](?![A-Za-z])(?:\{\})?|[A-Za-z])"
    r"|[Hckuvbdr](?:\s*\{\s*(?:\\[ij]\s*|[A-Za-z])\s*\}|\s+[A-Za-z]|\s*\\[ij](?![A-Za-z])))"
)
# These are letters of words: TeX takes the space behind them for their end.
_LETTER = re.compile(
    r"\\(ss|SS|o|O|l|L|ae|AE|oe|OE|aa|AA|dh|DH|th|TH|dj|DJ|ng|NG|i|j)(?![A-Za-z])(?:\{\}|\s)?"
)
_ESCAPED_SIGN = re.compile(r"\\([%&#_{}$])")
_SPACES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"\\\\(?:\[[^\]\n]*\])?|\\[ ,;:](?![\w{])"
            r"|\\(?:quad|qquad|newline|par|hfill)(?![A-Za-z])"
        ),
        " ",
    ),
    (re.compile(r"\\[,;:](?=\w)"), " "),
    (re.compile(r"\\[-/!@](?=[\w\s{])"), ""),
    # A tie stands behind a word or its full stop, or between a number and its unit; 接近~18% is
    # "about", 2~8 a range.
    (
        re.compile(
            rf"(?<=[A-Za-z.)\]}}{PLACEHOLDERS}])~(?=[^\s~])|(?<=\d)~(?=[A-Za-z\\{PLACEHOLDERS}])"
        ),
        " ",
    ),
)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{[A-Za-z]*\*?\}")
# They change the look of what follows, and have no sign of their own.
_SWITCH = re.compile(
    r"\\(?:bf|it|em|rm|sf|sl|sc|tt|cal|bfseries|itshape|scshape|ttfamily|normalfont|tiny|small"
    r"|large|Large|noindent"
    r"|centering|emph|text(?:bf|it|tt|rm|sf|sc|sl|md|up)?|mbox|underline"
    r"|math(?:rm|bf|it|sf|tt|cal|bb)|item|left|right"
    r"|protect)(?![A-Za-z{])\s*"
)
_GROUP = re.compile(r"(?:\\([A-Za-z]+)\*?\s*(?:\[[^\[\]{}]*\]\s*){0,2})?\{([^{}]*)\}")
# Braces around these are those of a set, of an indicator or of a subscript that is no single name.
_OF_SETS = re.compile("[,=|<>∈≤≥]")
_UNCLOSED = re.compile(r"(\\[A-Za-z]+)\*?\s*\{")
_MACRO = re.compile(r"\\([A-Za-z]+)")
_DASHES = re.compile(
    r"(?:(?<=[\w)\]”’$%.,])|(?<=[\w)\]”’$%.,] ))(-{2,3})(?!-)(?=[\w(“‘$\\]|\s[\w(“‘$\\])"
)
_DOUBLE_QUOTES = re.compile(r"(?<![`\\])``(?!`)([^`]*?)(?:''(?!')|(?<!\\)\")")
_SINGLE_QUOTES = re.compile(r"(?<![`\w\\])`(?![`\s])([^`'\n]*)'(?![\w'])")
_TIE_TO_NUMBER = re.compile(r"(?<=[A-Za-z]{2})~(?=\d)|(?<=[A-Za-z]\.)~(?=\d)")
_TILDE = re.compile("~")
_OF_LATEX = re.compile(r"[\\{}~`]|--|\$\$")


def paper_to_text(paper: Paper) -> Paper:
    """Return the record as posts show it.

    What is stored, matched and exported stays as arXiv has it.
    """
    return replace(
        paper,
        title=latex_to_text(paper.title),
        authors=tuple(latex_to_text(author) for author in paper.authors),
        abstract=latex_to_text(paper.abstract),
        comment=latex_to_text(paper.comment),
        journal_ref=latex_to_text(paper.journal_ref),
    )


def latex_to_text(text: str) -> str:
    """Return the text with its macros resolved, accents composed, and maths in single dollars.

    Macros that are unknown leave their arguments or else their name; no word is lost. White space
    stays as it is but where TeX has its own.
    """
    if not _OF_LATEX.search(text):
        return unicodedata.normalize("NFC", text)
    text = _HREF_MACRO.sub(_href, _URL_MACRO.sub(r"\1", _DISPLAY_MATHS.sub(_in_dollars, text)))
    shield = mask_spans(text, MATHS, URL)
    return unicodedata.normalize("NFC", shield.restore(_text_of(shield.text)))


def maths_to_text(text: str) -> str:
    r"""Spell short formulas of a text, where nothing can typeset them: `$\alpha$` as "α"."""
    return MATHS.sub(lambda formula: latex_to_text(formula[1]), text)


def answer_to_text(text: str) -> str:
    r"""Convert what a model wrote in the same way, but read quotes and `~` as a model means them.

    A backslash before a quote is JSON's and no accent, and `~` is no tie.
    """
    text = _TIE_TO_NUMBER.sub(" ", re.sub(r"\\(?=[\"'])", "", text))
    shield = mask_spans(text, MATHS, URL, _TILDE)
    return shield.restore(latex_to_text(shield.text))


def _text_of(source: str) -> str:
    source = _LETTER.sub(_letter, _ACCENT.sub(_letter, source))
    signs = mask_spans(source, _ESCAPED_SIGN)
    source = _ENVIRONMENT.sub(" ", signs.text)
    for pattern, replacement in _SPACES:
        source = pattern.sub(replacement, source)
    source = _SWITCH.sub("", _without_groups(_SWITCH.sub("", source)))
    source = _MACRO.sub(_symbol, source)
    source = _DOUBLE_QUOTES.sub(r"“\1”", source)
    source = _SINGLE_QUOTES.sub(r"‘\1’", source)
    source = _DASHES.sub(lambda match: "–" if len(match[1]) == 2 else "—", source)
    return "".join(signs.spans.get(character, character)[-1] for character in source)


def _without_groups(source: str) -> str:
    """Replace macros by their arguments and groups by their words, from the inside out.

    Braces of sets and template tags are kept; those that have no partner are what is left of a
    macro, and go.
    """
    for _ in range(MAX_DEPTH):
        before, source = source, _GROUP.sub(_unwrapped, source)
        if source == before:
            break
    return _UNCLOSED.sub(r"\1 ", source).translate(_NO_BRACES).translate(_BRACES_BACK)


def _unwrapped(match: re.Match[str]) -> str:
    macro, inside = match.groups()
    if not macro and (alone := _MACRO.fullmatch(inside)) and (sign := _find_sign(alone[1])):
        return sign
    if macro:
        if not inside.strip():
            return _find_sign(macro) or f"\\{macro}{inside}"
        return f"{inside} " if match.string.startswith("{", match.end()) else inside
    if (
        _OF_SETS.search(inside)
        or inside != inside.strip()
        or inside.startswith("%")
        or _OPEN in inside[:1]
    ):
        return f"{_OPEN}{inside}{_CLOSE}"
    return inside


def _letter(match: re.Match[str]) -> str:
    """Return the letter of an accent macro, or the macro as it is where the table has none."""
    return _read(match[0]).strip() or match[0]


def _symbol(match: re.Match[str]) -> str:
    """Return the character for a macro without arguments, or the macro's name.

    A backslash within a word does not begin a macro.
    """
    if sign := _find_sign(match[1]):
        return sign
    before = match.string[match.start() - 1 : match.start()]
    return match[0] if before.isalnum() or before in (":", "\\") else match[1]


def _find_sign(name: str) -> str:
    """Return the character that a macro without arguments stands for, if there is one."""
    if name in _SIGNS:
        return _SIGNS[name]
    sign = getattr(_TABLE.get_macro_spec(name), "simplify_repl", None)
    plain = sign.strip() if isinstance(sign, str) else ""
    return plain if len(plain) <= MAX_SYMBOL_CHARACTERS else ""


@lru_cache(maxsize=1024)
def _read(macro: str) -> str:
    return str(_READER.latex_to_text(macro))


def _in_dollars(match: re.Match[str]) -> str:
    r"""Return the formula between single dollars.

    Every reader of Markdown takes that for maths, unlike `\(`.
    """
    formula = next(group for group in match.groups() if group is not None).strip()
    if not formula or "$" in formula or formula.endswith("\\"):
        return match[0]
    follows_digit = match.string[match.end() : match.end() + 1].isdigit()
    return f"${formula}$ " if follows_digit else f"${formula}$"


def _href(match: re.Match[str]) -> str:
    return f"{match[2]} ({match[1]})" if match[2].strip() and match[2] != match[1] else match[1]
