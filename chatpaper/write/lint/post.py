"""Parse a post for the rules: its lines, its front matter, its blocks and its visible prose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatpaper.write.markup.spans import MATHS
from chatpaper.write.post_paths import BESIDE, SiteLayout

# Escapes stay apart from the text around them: `\*` is a star, `*` is what is left of an emphasis.
_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")

_FRONT_MATTER = re.compile(r"\A---\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?![ \t]*\n))+")

# What Obsidian has besides Markdown: embedded files, links to notes, and folds.
_EMBED = re.compile(r"!\[\[([^\]|]+)(?:\|([^\]]*))?\]\]")
_NOTE_LINK = re.compile(r"\[\[([^\]|]+)\|([^\]]*)\]\]")
_FOLD = re.compile(r"^> \[!\w+\]- ", re.MULTILINE)

# Letters in place of what is no prose but stands in it like a word.
FORMULA, CODE, ADDRESS = "M", "C", "U"
# In the written form, in place of what was escaped.
ESCAPED = "\x00"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a line, counted from 1, breaks."""

    line: int
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A line of text: as a reader sees it, and as it is written without what is escaped."""

    line: int
    shown: str
    written: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a link or an image leads to; `alt` is None for links."""

    line: int
    url: str
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of raw HTML with the names of its attributes."""

    line: int
    name: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What the blocks of a post hold."""

    prose: tuple[Prose, ...]
    targets: tuple[Target, ...]
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class MarkdownPost:
    """A Markdown file, read."""

    path: Path
    source: str
    layout: SiteLayout = BESIDE

    def find_image(self, url: str) -> Path | None:
        """Return the file of an image, by its address in the post; None for an image elsewhere."""
        address = unquote(url)
        served = f"{self.layout.assets_url}/"
        if self.layout.assets_url and address.startswith(served):
            path = address.removeprefix(served)
            if self.layout.assets_dir:
                return self.layout.assets_dir / path
            return next(
                (file for parent in self.path.parents if (file := parent / path).is_file()), None
            )
        parts = urlsplit(url)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        return self.path.parent / unquote(parts.path)

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; line 1 is the first."""
        return self.source.split("\n")

    @cached_property
    def front_matter(self) -> str:
        """The YAML between the first lines of dashes, or nothing."""
        match = _FRONT_MATTER.match(self.source)
        return match[1] if match else ""

    @cached_property
    def body_start(self) -> int:
        """How many lines stand before the body."""
        match = _FRONT_MATTER.match(self.source)
        return match[0].count("\n") if match else 0

    @cached_property
    def tokens(self) -> list[Token]:
        """The blocks of the body, with letters in place of formulas.

        Parsers of Markdown know nothing of formulas.
        """
        body = "\n".join(self.lines[self.body_start :])
        if self.layout.site == "obsidian":
            body = _as_markdown(body)
        return _READER.parse(_PARAGRAPH.sub(lambda match: MATHS.sub(_masked, match[0]), body))

    def line_of(self, token: Token) -> int:
        """Return the line of the file on which a block begins."""
        return self.body_start + (token.map[0] if token.map else 0) + 1

    @cached_property
    def contents(self) -> Contents:
        """Prose, links, images and raw HTML of the body."""
        found = _Finder()
        for token in self.tokens:
            if token.type == "inline":
                found.read_inline(token.children or [], self.line_of(token))
            elif token.type == "html_block":
                found.read_html(token.content, self.line_of(token))
        return Contents(tuple(found.prose), tuple(found.targets), tuple(found.tags))

    @cached_property
    def code_lines(self) -> frozenset[int]:
        """Lines of blocks of code, where other rules hold."""
        return frozenset(
            self.body_start + line + 1
            for token in self.tokens
            if token.type in ("fence", "code_block") and token.map
            for line in range(*token.map)
        )


def _as_markdown(note: str) -> str:
    """Return a note with what Obsidian alone has as the Markdown that comes nearest."""
    note = _EMBED.sub(lambda found: f"![{found[2] or ''}](</{found[1]}>)", note)
    return _FOLD.sub("> ", _NOTE_LINK.sub(lambda found: str(found[2]), note))


def _masked(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", FORMULA, match[0])


class _Finder(HTMLParser):
    """Collects what the blocks hold, Markdown and HTML alike."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.prose: list[Prose] = []
        self.targets: list[Target] = []
        self.tags: list[Tag] = []
        self._first_line = 1

    def read_inline(self, children: list[Token], line: int) -> None:
        """Read the text of a paragraph, a heading or a cell."""
        shown = written = ""
        in_address = False
        for child in children:
            if child.type in ("softbreak", "hardbreak") or _is_break(child):
                self.prose.append(Prose(line, shown, written))
                shown, written = "", ""
                line += child.type != "html_inline"
                continue
            if child.type == "link_open":
                in_address = child.markup == "autolink"
                self.targets.append(Target(line, str(child.attrGet("href") or "")))
                shown += ADDRESS if in_address else ""
            elif child.type == "link_close":
                in_address = False
            elif child.type == "image":
                self.targets.append(Target(line, str(child.attrGet("src") or ""), child.content))
            elif child.type == "html_inline":
                self.read_html(child.content, line)
            elif not in_address:
                more = _texts(child)
                shown, written = shown + more[0], written + more[1]
        self.prose.append(Prose(line, shown, written))

    def read_html(self, html: str, line: int) -> None:
        """Read a piece of raw HTML."""
        self._first_line = line
        self.reset()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and what it leads to."""
        line = self._first_line + self.getpos()[0] - 1
        values = dict(attrs)
        self.tags.append(Tag(line, tag, tuple(values)))
        if tag == "img":
            self.targets.append(Target(line, values.get("src") or "", values.get("alt") or ""))
        elif "href" in values:
            self.targets.append(Target(line, values["href"] or ""))

    def handle_data(self, data: str) -> None:
        """Note the text between tags."""
        line = self._first_line + self.getpos()[0] - 1
        self.prose += [
            Prose(line + number, text, "")
            for number, text in enumerate(data.split("\n"))
            if text.strip()
        ]


def _is_break(child: Token) -> bool:
    """Whether a tag breaks the line that a reader sees; the line of the file goes on."""
    return child.type == "html_inline" and _BREAK.fullmatch(child.content) is not None


def _texts(child: Token) -> tuple[str, str]:
    """Return what a piece of a paragraph shows, and what of it is not escaped."""
    if child.type == "text":
        return child.content, child.content
    if child.type == "text_special":
        return child.content, ESCAPED * len(child.content)
    return (CODE, CODE) if child.type == "code_inline" else ("", "")


def list_prose(post: MarkdownPost) -> Iterator[Prose]:
    """Return the lines of text that have something in them."""
    return (prose for prose in post.contents.prose if prose.shown.strip())
