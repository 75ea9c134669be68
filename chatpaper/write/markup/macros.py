r"""Neutralize macros of TeX that do more than set a formula.

They link, style, define, load, or put one thing over another. A formula in a post is carried out by
whatever typesets the site: MathJax makes a link of `\href{javascript:...}{x}` and an overlay of
`\style{position:fixed}{x}`. It looks for them in the text of the page, within dollars of any
spacing, `\(` or `\begin`, so that no place is safe; and a bibliography is read by a whole LaTeX.
"""

import re

from pylatexenc.latex2text import MacroTextSpec, get_default_latex_context_db

# What MathJax 2 to 4 with any of its extensions and KaTeX with `trust` know, by what it does.
_LINKS = "href url ref eqref label cref hyperref hyperlink hypertarget"
_ATTRIBUTES = (
    "class style cssId data htmlClass htmlId htmlStyle htmlData bbox enclose mmlToken texttip "
    "mathtip toggle endtoggle "
    "setoptions"
)
_FILES = (
    "require input include includegraphics usepackage openin openout read readline write "
    "immediate special"
)
_DEFINITIONS = (
    "def gdef edef xdef let futurelet global newcommand renewcommand providecommand "
    "newenvironment renewenvironment "
    "DeclareMathOperator DeclarePairedDelimiter DeclarePairedDelimiters DeclarePairedDelimiterX "
    "DeclarePairedDelimiterXPP DeclareRobustCommand NewDocumentCommand RenewDocumentCommand "
    "ProvideDocumentCommand "
    "DeclareDocumentCommand "
    "newtagform renewtagform usetagform mathtoolsset Newextarrow definecolor csname endcsname "
    "expandafter noexpand "
    "catcode char chardef mathchardef unicode"
)
# Of any size, or over their neighbours.
_BOXES = (
    "rule Rule Space raise lower raisebox moveleft moveright smash llap rlap clap mathllap "
    "mathrlap mathclap kern "
    "mkern hskip hspace vspace mspace genfrac above abovewithdelims"
)
_COLOURS = "color textcolor colorbox fcolorbox mathcolor"
_ACTIVE = frozenset(" ".join((_LINKS, _ATTRIBUTES, _FILES, _DEFINITIONS, _BOXES, _COLOURS)).split())

# Backslashes before a name, however many: which of them TeX pairs depends on where it begins to
# read.
_CONTROL_WORD = re.compile(r"(?<!\\)(\\+)([A-Za-z]+)")
_FULL_WIDTH_BACKSLASH = "＼"

# Authors space and colour their formulas: what goes with these is no text.
_WITHOUT_WORDS = re.compile(
    r"(?<!\\)\\(?:[hm]space\*?\s*\{[^{}]*\}"
    r"|(?:h|m)?kern\s*-?[\d.]+\s*(?:em|ex|mu|pt|cm|mm|in)(?![a-z])"
    r"|(?:text|math)?color\s*\{[^{}]*\})"
)


def neutralize_macros(text: str) -> str:
    """Turn the macros that do more than set a formula into words.

    Their backslashes become full-width ones, which mean nothing to TeX.
    """
    if "\\" not in text:
        return text
    return _CONTROL_WORD.sub(_unless_active, _WITHOUT_WORDS.sub("", text))


def _unless_active(match: re.Match[str]) -> str:
    backslashes, name = match.groups()
    return f"{_FULL_WIDTH_BACKSLASH * len(backslashes)}{name}" if name in _ACTIVE else match[0]


# What formulas are built with beside symbols. What else LaTeX knows has no end: a formula with it
# is no formula.
_BUILDING_NAMES = (
    "frac dfrac tfrac cfrac binom dbinom tbinom sqrt root text textrm textbf textit textsf texttt "
    "textnormal mathrm mathbf mathit mathsf mathtt mathbb mathcal mathfrak mathscr mathnormal "
    "boldsymbol bm pmb operatorname mbox left right middle big Big bigg Bigg bigl bigr Bigl Bigr "
    "biggl biggr Biggl Biggr hat widehat tilde widetilde bar overline underline vec dot ddot dddot "
    "check breve acute grave mathring overrightarrow overleftarrow overbrace underbrace overset "
    "underset stackrel substack xrightarrow xleftarrow limits nolimits displaystyle textstyle "
    "scriptstyle scriptscriptstyle quad qquad thinspace negthinspace enspace phantom hphantom "
    "vphantom not prime cancel boxed mod bmod pmod pod arccos arcsin arctan arg cos cosh cot coth "
    "csc deg det dim exp gcd hom inf injlim ker lg lim liminf limsup ln log max min Pr projlim sec "
    "sin sinh sup tan tanh varliminf varlimsup it rm bf sf tt cal em sc ensuremath mathop mathbin "
    "mathrel mathord mathopen mathclose mathpunct "
    "mathinner lbrace rbrace lvert rvert lVert rVert vert Vert"
)
_BUILDING = frozenset(_BUILDING_NAMES.split())
_MAX_SYMBOL_CHARACTERS = 2
_SYMBOLS = get_default_latex_context_db()
# TeX reads `^^5c` as a backslash.
_CHARACTER_BY_CODE = re.compile(r"\^\^")
_NAME = re.compile(r"\\(?:([A-Za-z@]+)|.)", re.DOTALL)


def has_only_symbols(formula: str) -> bool:
    """Return whether every macro of a formula is known to set symbols, and nothing but that."""
    if _CHARACTER_BY_CODE.search(formula) or _FULL_WIDTH_BACKSLASH in formula:
        return False
    return all(name in _BUILDING or _is_symbol(name) for name in _NAME.findall(formula) if name)


def _is_symbol(name: str) -> bool:
    spec: MacroTextSpec | None = _SYMBOLS.get_macro_spec(name)
    sign = getattr(spec, "simplify_repl", None)
    return isinstance(sign, str) and 0 < len(sign) <= _MAX_SYMBOL_CHARACTERS and "%" not in sign
