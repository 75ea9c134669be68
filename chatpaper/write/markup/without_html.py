"""Write the HTML of posts as Markdown, for generators and note-taking programs that show none.

Only what templates write is HTML in a post: text of papers and models has no tag left in it.
"""

import html
import re
from dataclasses import dataclass, field

from chatpaper.write.markup.markdown import escape_image_text, escape_link_text, escape_markdown

_FRONT_MATTER = re.compile(r"\A---\n.*?^---$", re.DOTALL | re.MULTILINE)
_TAG = re.compile(r"<(/?)(details|summary|img|p|a|br|figure|figcaption)((?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
# What a line of the same paragraph begins with: the marks of quotes, and spaces for those of lists.
_LINE_START = re.compile(r"(?P<quote>[ >]*)(?P<item>(?:[-*+]|\d{1,9}[.)]) +)?")
# Elements whose text is that of HTML, and not Markdown.
_TEXT_ELEMENTS = ("summary", "p", "figcaption")
_BLOCKS = (*_TEXT_ELEMENTS, "details", "figure")
# What Obsidian shows closed until it is opened.
_CALLOUT = "[!abstract]- "
# Stands around the name of a place in a heading until the heading is whole.
_MARK = "\x00"
MARKED_HEADING = re.compile(rf"^(#+ ){_MARK}([^{_MARK}]+){_MARK}(.*)$", re.MULTILINE)
# Lines before and behind what is folded away.
FOLD_BEGINS, FOLD_ENDS = "\x01", "\x02"
# A break that ends its paragraph breaks nothing.
_PARAGRAPH_ENDS = re.compile(r"[ \t]*(?:\n[ \t]*(?:\n|$)|$)")


def replace_html(text: str) -> str:
    """Return a post with Markdown in place of its HTML.

    What is folded away stands in view, and a place that is linked to names its heading, as in Hugo.
    """
    front, body = split_front_matter(text)
    body = convert_html(body, folds=False)
    return front + MARKED_HEADING.sub(lambda match: f"{match[1]}{match[3]} {{#{match[2]}}}", body)


def split_front_matter(text: str) -> tuple[str, str]:
    """Return the front matter of a post, and its body."""
    front = _FRONT_MATTER.match(text)
    start = front.end() if front else 0
    return text[:start], text[start:]


def convert_html(body: str, *, folds: bool) -> str:
    """Return Markdown with as little HTML as can be; headings with a name are marked.

    With `folds`, what is folded away stands between two lines that say so, and breaks stay.
    """
    written = _Replacement(folds).convert(body)
    marked = MARKED_HEADING.split(written)
    # Between the headings there is no place for a name.
    marked[::4] = [re.sub(f"{_MARK}[^{_MARK}]*{_MARK}", "", part) for part in marked[::4]]
    parts = [marked[0]]
    for start, name, title, rest in zip(*(marked[n::4] for n in (1, 2, 3, 4)), strict=True):
        parts += [f"{start}{_MARK}{name}{_MARK}{title}", rest]
    return "".join(parts)


@dataclass
class _Replacement:
    """What was converted so far, and which elements are open."""

    folds: bool
    written: str = ""
    in_text: int = 0
    links: list[str] = field(default_factory=list)

    def convert(self, body: str) -> str:
        end = 0
        for match in _TAG.finditer(body):
            self._add_text(body[end : match.start()])
            end = match.end()
            attributes = {
                name: html.unescape(value) for name, value in _ATTRIBUTE.findall(match[3])
            }
            if match[2] == "br":
                self.written += self._break_line(body, end)
            else:
                self._add_tag(match[2], attributes, closes=bool(match[1]))
        self._add_text(body[end:])
        return self.written

    def _add_text(self, text: str) -> None:
        if not self.in_text or not text.strip():
            self.written += text
            return
        lead = text[: len(text) - len(text.lstrip())]
        trail = text[len(text.rstrip()) :]
        escape = escape_link_text if self.links else escape_markdown
        self.written += f"{lead}{escape(html.unescape(text))}{trail}"

    def _add_tag(self, name: str, attributes: dict[str, str], *, closes: bool) -> None:
        if name in _BLOCKS:
            self._add_block(name, closes=closes)
        elif name == "a":
            self._add_link(attributes, closes=closes)
        else:
            alt = escape_image_text(attributes.get("alt", ""))
            self.written += f"![{alt}]({attributes.get('src', '')})"

    def _add_block(self, name: str, *, closes: bool) -> None:
        bold = "**" if name == "summary" and not self.folds else ""
        if self.folds and name == "details":
            self.written += f"\n{FOLD_ENDS if closes else FOLD_BEGINS}\n"
            return
        if closes:
            self.in_text -= name in _TEXT_ELEMENTS
            self.written += f"{bold}\n"
            return
        self.in_text += name in _TEXT_ELEMENTS
        line = self._line()
        opening = _CALLOUT if name == "summary" and self.folds else bold
        self.written += f"\n{'' if line.strip() else line}{opening}"

    def _add_link(self, attributes: dict[str, str], *, closes: bool) -> None:
        if not closes:
            self.links.append(attributes.get("href", ""))
            name = attributes.get("id", "")
            self.written += "[" if attributes.get("href") else f"{_MARK}{name}{_MARK}"
        elif self.links and (address := self.links.pop()):
            self.written += f"]({address})"

    def _line(self) -> str:
        """Return what was written of the line so far."""
        return self.written.rpartition("\n")[2]

    def _break_line(self, body: str, end: int) -> str:
        line = self._line()
        if not line.strip() or _PARAGRAPH_ENDS.match(body, end):
            return ""
        if self.folds:
            return "<br>"
        if line.lstrip().startswith("|"):
            return " · "
        if body.startswith("\n", end):
            return "\\"
        start = _LINE_START.match(line)
        quote, item = (start["quote"], start["item"] or "") if start else ("", "")
        return f"\\\n{quote}{' ' * len(item)}"
