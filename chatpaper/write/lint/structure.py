"""Define the rules for the form of a post.

They cover front matter, headings, lists, quotes, links, images, raw HTML and lines.
"""

import re
from collections.abc import Hashable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

from chatpaper.write.lint.post import MarkdownPost, Target, Violation

# The raw HTML that posts are made with, and the attributes that they give it.
KNOWN_TAGS = {
    "details": {"open", "markdown"},
    "summary": set(),
    "img": {"src", "alt", "align", "width", "height", "loading", "title", "style"},
    "p": {"align"},
    "a": {"href", "id", "name", "title"},
    "figure": set(),
    "figcaption": set(),
    "br": set(),
}
_WEB_SCHEMES = ("http", "https", "mailto")
_CHINESE_MARK = re.compile(r"[，。；：、！？（）《》“”「」【】]")
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\x00]{0,500}?[，。；：、！？（）《》“”「」【】]")
_QUOTED_LINE = re.compile(r"^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*\s*>")


class _StrictLoader(yaml.SafeLoader):
    """YAML whose mappings have each key once, as js-yaml, which Hexo reads with, demands."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys: set[str] = set()
        for key, _ in node.value:
            if key.value in keys:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} is given twice", key.start_mark
                )
            keys.add(key.value)
        return super().construct_mapping(node, deep)


def check_front_matter(post: MarkdownPost) -> Iterator[Violation]:
    """Check that front matter begins at the first byte and is strict YAML between dashes."""
    if not post.source.startswith("---\n"):
        if re.match(r"[\s\ufeff]+---\r?\n|---\r\n", post.source):
            yield Violation(
                1,
                "front-matter",
                "begin the file with three dashes: blogs read no front matter elsewhere",
            )
        return
    if post.body_start == 0:
        yield Violation(1, "front-matter", "close the front matter with a line of three dashes")
        return
    try:
        values = yaml.load(post.front_matter, _StrictLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "it cannot be read"
        yield Violation(mark.line + 2 if mark else 1, "front-matter", f"make it valid YAML: {what}")
        return
    if not isinstance(values, dict):
        yield Violation(2, "front-matter", "give keys and values")
    elif isinstance(values.get("cover"), str) and not _has_cover(post, values["cover"]):
        line = next((n for n, text in enumerate(post.lines, 1) if text.startswith("cover:")), 1)
        yield Violation(
            line, "image", f"put the cover beside the post, or leave it empty: {values['cover']}"
        )


def check_headings(post: MarkdownPost) -> Iterator[Violation]:
    """Check that levels follow one by one, and that no heading stands twice below the same one."""
    path: list[tuple[int, str]] = []
    seen: set[tuple[str, ...]] = set()
    for token, inline in zip(post.tokens, post.tokens[1:], strict=False):
        if token.type != "heading_open":
            continue
        level, line = int(token.tag[1:]), post.line_of(token)
        above = path[-1][0] if path else level
        if level > above + 1:
            yield Violation(
                line,
                "heading",
                f"a heading of level {level} stands below one of level {above}: skip none",
            )
        path = [*(entry for entry in path if entry[0] < level), (level, inline.content)]
        place = tuple(title for _, title in path)
        if place in seen:
            yield Violation(
                line,
                "heading",
                f"tell the headings apart: {inline.content} stands twice at this place",
            )
        seen.add(place)
        if not inline.content.strip():
            yield Violation(line, "heading", "give the heading a text")


def check_list_markers(post: MarkdownPost) -> Iterator[Violation]:
    """Check that all lists of a kind have one kind of marker."""
    first: dict[str, str] = {}
    for token in post.tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            usual = first.setdefault(token.type, token.markup)
            if token.markup != usual:
                yield Violation(
                    post.line_of(token),
                    "list-marker",
                    f"use {usual} as the lists before: {token.markup}",
                )


def check_quotes(post: MarkdownPost) -> Iterator[Violation]:
    """Check that every line of a quote begins with its sign.

    Readers of Markdown disagree on lines that do not.
    """
    for token in post.tokens:
        if token.type == "blockquote_open" and token.map:
            for number in range(*token.map):
                text = post.lines[post.body_start + number]
                if text.strip() and not _QUOTED_LINE.match(text):
                    yield Violation(
                        post.body_start + number + 1, "quote", "begin every line of a quote with >"
                    )


def check_html(post: MarkdownPost) -> Iterator[Violation]:
    """Check that the only raw HTML is what posts are made with."""
    for tag in post.contents.tags:
        if tag.name not in KNOWN_TAGS:
            yield Violation(tag.line, "html", f"write Markdown, or &lt; for a sign: <{tag.name}>")
        else:
            for attribute in sorted(set(tag.attributes) - KNOWN_TAGS[tag.name]):
                yield Violation(
                    tag.line, "html", f"take out the attribute {attribute} of <{tag.name}>"
                )


def check_targets(post: MarkdownPost) -> Iterator[Violation]:
    """Check that links lead somewhere, and that images exist and have a text in their place."""
    for target in post.contents.targets:
        if target.alt is not None:
            yield from _image(post, target)
        elif _CHINESE_MARK.search(unquote(target.url)):
            yield Violation(
                target.line,
                "link",
                f"end the address before the Chinese mark: {unquote(target.url)}",
            )
        elif not target.url:
            yield Violation(target.line, "link", "give the link an address")
        elif not _is_there(post, target):
            yield Violation(
                target.line,
                "link",
                f"lead to a file that there is, or to the web: {unquote(target.url)}",
            )
    for prose in post.contents.prose:
        for match in _BARE_ADDRESS.finditer(prose.written):
            yield Violation(
                prose.line,
                "link",
                f"put the address between < and >, or a space behind it: {match[0]}",
            )


def _image(post: MarkdownPost, target: Target) -> Iterator[Violation]:
    if not _has_image(post, target.url):
        yield Violation(
            target.line,
            "image",
            f"put the image beside the post: {unquote(target.url) or 'no source'}",
        )
    if not (target.alt or "").strip():
        yield Violation(target.line, "alt-text", "say in alt what the image shows")


def _has_image(post: MarkdownPost, url: str) -> bool:
    file = post.find_image(url)
    return file is not None and file.is_file()


def _has_cover(post: MarkdownPost, url: str) -> bool:
    """Return whether a cover is an image that is there, or on the web.

    Obsidian has the path of the image between double brackets.
    """
    if url.startswith("[[") and post.layout.site == "obsidian":
        url = f"/{url.strip('[]')}"
    return urlsplit(url).scheme in _WEB_SCHEMES or _has_image(post, url)


def _is_there(post: MarkdownPost, target: Target) -> bool:
    """Return whether a relative address is that of a file; what is on the web is not looked up."""
    parts = urlsplit(target.url)
    if parts.scheme:
        return parts.scheme in _WEB_SCHEMES
    return not parts.path or (post.path.parent / unquote(parts.path)).exists()


def check_lines(post: MarkdownPost) -> Iterator[Violation]:
    """Check for trailing spaces, tabs and runs of empty lines, and for one line feed at the end."""
    for number, line in enumerate(post.lines, 1):
        if line != line.rstrip():
            yield Violation(
                number, "trailing-space", "take out the white space at the end of the line"
            )
        if "\t" in line and number not in post.code_lines:
            yield Violation(number, "tab", "write spaces")
        if number > 1 and not line and not post.lines[number - 2] and number < len(post.lines):
            yield Violation(number, "blank-lines", "leave one empty line at most")
    if not post.source.endswith("\n") or post.source.endswith("\n\n"):
        yield Violation(len(post.lines), "end-of-file", "end the file with one line feed")


RULES_OF_FORM = (
    check_front_matter,
    check_headings,
    check_list_markers,
    check_quotes,
    check_html,
    check_targets,
    check_lines,
)
