"""Write posts as Obsidian has notes: embeds, links between notes, and folds that it can open.

What would be such a thing in the text of a paper or a model shows as itself.
"""

import html
import re
from urllib.parse import unquote

from chatpaper.write.markup.spans import MATHS
from chatpaper.write.markup.without_html import (
    FOLD_BEGINS,
    FOLD_ENDS,
    MARKED_HEADING,
    convert_html,
    split_front_matter,
)

# Formulas, code, addresses and tags stay as they are; the others open links, comments and
# highlights.
_SYNTAX = re.compile(
    rf"(?P<kept>{MATHS.pattern}|`[^`\n]*`|\]\([^)\n]*\)|<[^>\n]*>)"
    r"|(?<!\\)(?:\[(?=\[)|%(?=%)|=(?==))"
)
_IMAGE = re.compile(r"!\[([^\]]*)\]\(/([^)\s]+)\)")
_LINK_WITHIN = re.compile(r"(?<!!)\[([^\]]*)\]\(#([^)\s]+)\)")
_NOTE = re.compile(r"(?<!!)\[([^\]]*)\]\(((?:\.\./)+[^)\s]+)\.md\)")
# No heading and no text of a link may have these.
_RESERVED = re.compile(r"[\[\]|#^]+")
# Whether Markdown within the brackets of a link is read is nowhere said: it cannot be any.
_HARMLESS = str.maketrans("<>`=%$*~", "＜＞＇＝％＄＊～")
_ESCAPE = re.compile(r"\\(?=[^\w\s])")
_NOT_IN_TAGS = re.compile(r"[^\w/-]+")


def write_note(text: str) -> str:
    """Return a post as a note of Obsidian."""
    front, body = split_front_matter(text)
    body = _SYNTAX.sub(lambda found: found["kept"] or f"&#{ord(found[0])};", body)
    body = convert_html(body, folds=True)
    headings = {found[2]: to_link_text(found[3]) for found in MARKED_HEADING.finditer(body)}
    body = MARKED_HEADING.sub(r"\1\3", body)
    body = _LINK_WITHIN.sub(lambda found: _link_heading(found, headings), body)
    body = _NOTE.sub(lambda found: f"[[{unquote(found[2])}|{to_link_text(found[1])}]]", body)
    body = _IMAGE.sub(lambda found: _embed(found[2], found[1]), body)
    return front + "\n".join(_fold(body.split("\n")))


def to_tag(text: str) -> str:
    """Return text as a tag: letters, digits, hyphens, and one character that is no digit.

    >>> to_tag("Diffusion Models"), to_tag("2026")
    ('Diffusion-Models', 'y2026')
    """
    tag = _NOT_IN_TAGS.sub("-", text.strip()).strip("-/")
    return f"y{tag}" if tag.isdigit() else tag


def to_link_text(markdown: str) -> str:
    """Return the text of a heading, or beside an image, as a link between brackets may have it."""
    plain = html.unescape(_ESCAPE.sub("", markdown))
    return " ".join(_RESERVED.sub(" ", plain).translate(_HARMLESS).split())


def _embed(path: str, text: str) -> str:
    shown = to_link_text(text)
    return f"![[{unquote(path)}{f'|{shown}' if shown else ''}]]"


def _link_heading(found: re.Match[str], headings: dict[str, str]) -> str:
    heading = headings.get(found[2])
    return f"[[#{heading}|{to_link_text(found[1])}]]" if heading else found[1]


def _fold(lines: list[str]) -> list[str]:
    """Return the lines of what is folded away as callouts that begin closed."""
    folded: list[str] = []
    is_inside = False
    for line in lines:
        if line.strip() in (FOLD_BEGINS, FOLD_ENDS):
            is_inside = line.strip() == FOLD_BEGINS
            while folded and folded[-1] in ("", ">"):
                folded.pop()
            folded.append("")
        elif not is_inside:
            folded.append(line)
        elif line.strip() or folded[-1] not in ("", ">"):
            folded.append(f"> {line}".rstrip())
    return folded
