"""Render the templates of messages: every value in them is escaped, whatever the markup."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from chatpaper.write.markup.markdown import sanitize_line
from chatpaper.write.messages.digest import Digest, DigestPaper
from chatpaper.write.messages.escapes import to_target
from chatpaper.write.messages.wording import format_heading, format_left_out

Escape = Callable[[str], Markup]


def escape_html(text: str) -> Markup:
    """Return text for HTML."""
    return escape(sanitize_line(text))


def keep_line(text: str) -> Markup:
    """Return text for a plain text, in one line."""
    return Markup(sanitize_line(text))


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a paper: what it is called, and where it leads."""

    name: str
    url: str


def render_template(
    name: str,
    digest: Digest,
    labels: Mapping[str, str],
    escape_text: Escape,
    **values: object,
) -> str:
    """Render a template with a digest; plain text in it is escaped, what is Markup stays so."""
    return (
        _environment(escape_text)
        .get_template(name)
        .render(
            digest=digest,
            labels=labels,
            # Rendered text is trimmed, and what follows a colon is parted from it by a space.
            colon=Markup(labels["colon"]),
            heading=format_heading(digest, labels),
            left_out=format_left_out(digest, labels),
            list_links=lambda paper: list_links(paper, labels),
            **values,
        )
    )


def list_links(paper: DigestPaper, labels: Mapping[str, str]) -> tuple[Link, ...]:
    """List the links of a paper that lead somewhere."""
    named = (
        (labels["message_post"], paper.post_url),
        (labels["message_paper"], paper.paper_url),
        (labels["message_like"], paper.like_url),
        (labels["message_hide"], paper.hide_url),
    )
    return tuple(Link(name, to_target(url)) for name, url in named if to_target(url))


@cache
def _environment(escape_text: Escape) -> Environment:
    environment = Environment(
        loader=PackageLoader("chatpaper.write.messages"),
        # Markup passes; all other text is made Markup by the escaping of the form itself.
        autoescape=True,
        finalize=lambda value: escape_text(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["target"] = lambda url: Markup(to_target(url))
    return environment
