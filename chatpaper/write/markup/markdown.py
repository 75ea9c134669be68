"""Text from outside (papers, models) as Markdown that shows it as itself, and nothing else.

Only maths between dollar signs is left to work. What is escaped follows the CommonMark and GFM
specifications, and besides them the template tags of Hexo's Nunjucks (`{{ }}`, `{% %}`, `{# #}`),
which are read before the Markdown is.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping

import yaml

from chatpaper.domain.text.invisible import remove_invisible
from chatpaper.write.markup.macros import neutralize_macros
from chatpaper.write.markup.spans import MATHS, URL

# Control characters but those that are white space, and the soft hyphen: a word with one in it is
# found by no search.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad]")

# What Markdown, HTML, maths or a template could take for its own between square brackets.
_PUNCTUATION = re.compile(r"[\\`*_\[\]<>&$~{}]|:(?=//)")
_BRACKET = re.compile(r"[\[\]]")
_BAR = re.compile(r"\|")
_BAR_OR_BRACKET = re.compile(r"[|\[\]]")

# The top-level domains that linkify-it 5 knows without a scheme: all countries', those in other
# scripts, and these.
_TOP_LEVEL = (
    "biz|com|edu|gov|net|org|pro|web|xxx|aero|asia|coop|info|museum|name|shop|a[cdefgilmnoqrstuwxz]"
    "|b[abdefghijmnorstvwyz]|c[acdfghiklmnoruvwxyz]|d[ejkmoz]|e[cegrstu]|f[ijkmor]"
    "|g[abdefghilmnpqrstuwy]|h[kmnrtu]"
    "|i[delmnoqrst]|j[emop]|k[eghimnprwyz]|l[abcikrstuvy]|m[acdeghklmnopqrstuvwxyz]|n[acefgilopruz]"
    "|om|p[aefghklmnrstwy]"
    "|qa|r[eosuw]|s[abcdeghijklmnortuvxyz]|t[cdfghjklmnortvwz]|u[agksyz]|v[aceginu]|w[fs]|y[et]"
    "|z[amw]|рф|xn--[a-z0-9-]+"
)

_TEMPLATE_TAG = re.compile(r"\{(?=[{%#])|(?<=[}%#])\}")


# From an ASCII character to its full-width form (Unicode block FF00).
_TO_FULL_WIDTH = 0xFF01 - 0x21


# Readers of Markdown that do not know of formulas take the backslash from these; the words mean the
# same to MathJax and KaTeX. `\%`, `\#`, `\&` and `\_` have no word that both know.
_CONTROL_SYMBOL = re.compile(r"\\[^A-Za-z]")
_CONTROL_WORDS = {
    r"\{": r"\lbrace ",
    r"\}": r"\rbrace ",
    r"\|": r"\Vert ",
    r"\,": r"\thinspace ",
    r"\!": r"\negthinspace ",
    r"\:": r"\mskip4mu ",
    r"\>": r"\mskip4mu ",
    r"\;": r"\mskip5mu ",
    r"\\": r"\cr ",
}


# Where an address is taken apart by an empty group, which TeX does not see.
_ADDRESS_JOINT = re.compile(
    rf"(?<=/)(?=/)|(?<=www)(?=\.)|(?<=[\w-])(?=@\w)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)"
    rf"|(?<=[\w-])(?=\.(?:{_TOP_LEVEL})(?![\w-]))",
    re.IGNORECASE,
)


class SafeMarkdown(str):
    """Markdown that is meant to work as such: what the templates and the filters here make."""

    __slots__ = ()


def sanitize_line(text: str) -> str:
    """Collapse white space, drop control and invisible characters, and compose accents.

    Macros of TeX that would do more than set a formula become words.
    """
    return neutralize_macros(
        " ".join(_UNSEEN.sub("", remove_invisible(unicodedata.normalize("NFC", text))).split())
    )


def escape_markdown(text: str) -> SafeMarkdown:
    """Escape text so that it shows as itself; maths works, links do not."""
    return SafeMarkdown(_escape_line_start(_outside_maths(sanitize_line(text), _escape_text)))


def escape_and_link(text: str, *, as_html: bool = False) -> SafeMarkdown:
    """Escape metadata likewise, and make http(s) addresses links that show where they lead.

    Links are written `as_html` where readers of Markdown may leave a text as it is.
    """
    link = _format_link_as_html if as_html else _format_link
    return SafeMarkdown(
        _escape_line_start(
            _outside_maths(sanitize_line(text), lambda part: _escape_around_links(part, link))
        )
    )


_UNSAFE_IN_TARGET = {
    ord(character): f"%{ord(character):02X}" for character in " ()<>\"'`\\{}[]|^\n\r\t"
}


def to_link_target(url: str) -> SafeMarkdown:
    """Return a URL as the target of a link or the source of an image.

    Return an empty text unless it is http, https or a relative path.
    """
    if re.match(r"(?!https?://)[A-Za-z][A-Za-z0-9+.-]*:", url):
        return SafeMarkdown("")
    if not url.lower().startswith(("http://", "https://")):
        # The first part of a relative path has no colon: it would end a scheme (RFC 3986, 4.2).
        first, slash, rest = url.partition("/")
        url = first.replace(":", "%3A") + slash + rest
    return SafeMarkdown(url.translate(_UNSAFE_IN_TARGET))


def escape_attribute(text: str) -> SafeMarkdown:
    """Escape text for use as the value of a quoted HTML attribute."""
    return SafeMarkdown(_TEMPLATE_TAG.sub(_as_entity, html.escape(sanitize_line(text), quote=True)))


def format_code(text: str) -> SafeMarkdown:
    """Return a word or two as code.

    Nothing can be escaped in it: what would end it or open a tag is printed full width.
    """
    return SafeMarkdown(f"`{re.sub(r'[`{}<>]', _full_width, sanitize_line(text))}`")


def find_urls(text: str) -> tuple[str, ...]:
    """Return the http(s) addresses in a text, without the punctuation behind them."""
    return tuple(URL.findall(sanitize_line(text)))


def escape_image_text(text: str) -> SafeMarkdown:
    """Escape text that stands in for an image, between its square brackets."""
    return SafeMarkdown(_PUNCTUATION.sub(_as_entity, sanitize_line(text)))


def escape_link_text(text: str) -> SafeMarkdown:
    """Escape text for a link, with signs in place of the brackets that would end it."""
    return SafeMarkdown(
        _outside_maths(
            sanitize_line(text), lambda part: _BRACKET.sub(_as_entity, _escape_text(part))
        )
    )


def escape_cell(text: str, *, as_link: bool = False) -> SafeMarkdown:
    """Escape text for a cell of a table, with signs in place of the bars that would end it.

    Text that is to stand `as_link` has signs in place of its brackets too.
    """
    ends = _BAR_OR_BRACKET if as_link else _BAR
    shown = _outside_maths(
        sanitize_line(text), lambda part: ends.sub(_as_entity, _escape_text(part))
    )
    # A cell that is "[TOC]" alone would become the table of contents of its page in MkDocs.
    return SafeMarkdown(re.sub(r"^\[", r"\\[", shown.replace("|", r"\vert ")))


def format_quote(text: str, *, links: bool = False) -> SafeMarkdown:
    """Format text as a block quote, with the mark before each line; paragraphs stay apart.

    `links` makes links of the addresses in it, as `escape_and_link` does.
    """
    if isinstance(text, SafeMarkdown):
        return SafeMarkdown(f"> {text}")
    shown = escape_and_link if links else escape_markdown
    paragraphs = [shown(paragraph) for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip()]
    return SafeMarkdown("\n>\n".join(f"> {paragraph}" for paragraph in paragraphs))


# Numbers in any of YAML 1.1, YAML 1.2 and js-yaml, which sites are built with: 1e5 and 0o17 are
# none in the first.
_NUMBER_SOMEWHERE = re.compile(
    r"[-+]?(?:0[box][\da-f_]{1,64}|\.?\d[\d_.]{0,64}(?:e[-+]?\d{1,8})?(?::[\d_.]{1,16}){0,4}"
    r"|\.(?:inf|nan))",
    re.IGNORECASE,
)


def to_yaml_scalar(text: str) -> SafeMarkdown:
    """Return text as a value of the front matter, quoted where YAML needs it.

    Themes print some of these values unescaped, into HTML, attributes and strings of scripts, and
    others escaped: signs that read the same in all of them stand in for those that would end such a
    place.
    """
    shown = sanitize_line(text)
    for pattern, replacement in _FRONT_MATTER_SIGNS:
        shown = pattern.sub(replacement, shown)
    style = "'" if _NUMBER_SOMEWHERE.fullmatch(shown) else None
    dumped = yaml.safe_dump(shown, allow_unicode=True, width=float("inf"), default_style=style)
    return SafeMarkdown(dumped.removesuffix("...\n").rstrip("\n"))


def _outside_maths(text: str, escape: Callable[[str], str]) -> str:
    parts = []
    end = 0
    for match in MATHS.finditer(text):
        parts += [escape(text[end : match.start()]), f"${_maths(match[1])}$"]
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def _maths(formula: str) -> str:
    """Return a formula that no Markdown or template reader takes apart, and TeX reads as before.

    A space before `_` and `*` keeps them from closing an emphasis (CommonMark: a run after white
    space is never right-flanking); TeX ignores spaces in maths. A space at the end would keep the
    dollar from closing the formula.
    """
    formula = _CONTROL_SYMBOL.sub(lambda match: _CONTROL_WORDS.get(match[0], match[0]), formula)
    formula = formula.replace("<", r"\lt ").replace(">", r"\gt ").replace("`", "'")
    formula = re.sub(r"(?<=\{)(?=[{%#])|(?<=[}%#])(?=\})", " ", formula)
    # GFM makes links of bare addresses, sites of names that end like domains.
    formula = _ADDRESS_JOINT.sub("{}", formula)
    # A reader of Markdown would make a backslash of `&bsol;`.
    formula = re.sub(r"&(?=[#\w])", "& ", formula)
    return re.sub(r"(?<=[^\s\\])(?=[_*])", " ", formula).rstrip()


def _format_link(url: str) -> str:
    return f"<{to_link_target(url)}>"


def _format_link_as_html(url: str) -> str:
    target = to_link_target(url)
    return f'<a href="{target}">{_escape_text(target)}</a>'


def _escape_around_links(text: str, link: Callable[[str], str]) -> str:
    parts = []
    end = 0
    for match in URL.finditer(text):
        parts += [_escape_text(text[end : match.start()]), link(match[0])]
        end = match.end()
    return "".join([*parts, _escape_text(text[end:])])


def _as_entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _full_width(match: re.Match[str]) -> str:
    return chr(ord(match[0]) + _TO_FULL_WIDTH)


_FRONT_MATTER_SIGNS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_TEMPLATE_TAG, _full_width),
    (re.compile(r"[<\\`]|&(?=#|\w+;)"), _full_width),
    # Quotes as typographers set them: opening ones stand at the start of a word.
    (re.compile(r"(?:(?<=[\s(\[{“‘])|^)\""), "“"),
    (re.compile(r"\""), "”"),
    (re.compile(r"(?:(?<=[\s(\[{“‘])|^)'"), "‘"),
    (re.compile(r"'"), "’"),
)


def _behind_backslash(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


_Replacement = str | Callable[[re.Match[str]], str]
_ESCAPES: tuple[tuple[re.Pattern[str], _Replacement], ...] = (
    (re.compile(r"&(?=#|\w+;)"), "&amp;"),
    (re.compile(r"<"), "&lt;"),
    (re.compile(r"[\\`*~$]"), _behind_backslash),
    # GFM does not emphasise inside a word: identifiers stay as they are.
    (re.compile(r"(?<![^\W_])_|_(?![^\W_])"), _behind_backslash),
    (re.compile(r"(?:(?<=\s)|^)#+"), lambda match: "\\#" * len(match[0])),
    # Links, images, footnotes and link definitions all need one of these behind or in a bracket.
    (re.compile(r"\](?=[(\[:])|\[(?=\^)"), _as_entity),
    (_TEMPLATE_TAG, _as_entity),
    # Several dialects (Python-Markdown's attr_list, markdown-it-attrs) take braces for attributes,
    # handlers included.
    (re.compile(r"\{"), _as_entity),
    # GFM makes links of bare addresses.
    (re.compile(r":(?=//)|(?<=www)\.|(?<=\w)@(?=\w)|(?<![:/])/(?=/\w)", re.IGNORECASE), _as_entity),
    (re.compile(r"\b(mailto|xmpp)(:)(?=\S)", re.IGNORECASE), lambda match: f"{match[1]}&#58;"),
    # Sites with markdown-it and its linkify make links of names that end like domains: Amazon.com,
    # train.py.
    (re.compile(rf"(?<=[\w-])\.(?=(?:{_TOP_LEVEL})(?![\w-]))", re.IGNORECASE), _as_entity),
)


def _escape_text(text: str) -> str:
    for pattern, replacement in _ESCAPES:
        text = pattern.sub(replacement, text)
    return text


def _escape_line_start(text: str) -> str:
    """Keep the first characters of a line from opening a block of Markdown.

    Such a block is a list, a quote, a heading, a rule, a fence or a definition.
    """
    text = re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", text)
    return re.sub(r"^(?=[-+>=:!|]|\[)", r"\\", text)


def wrap_in_parentheses(text: str, labels: Mapping[str, str]) -> str:
    """Return the text in the parentheses of the post's language, to stand behind other text."""
    return f"{labels['opening_parenthesis']}{text}{labels['closing_parenthesis']}"
