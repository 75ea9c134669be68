"""Try a format out on invented papers, so that its faults are found before a model is asked."""

import traceback
from collections.abc import Sequence
from datetime import UTC, date, datetime

from jinja2 import TemplateError, TemplateSyntaxError

from chatpaper.domain import (
    BBox,
    Claim,
    Document,
    Field,
    FieldAnswer,
    Figure,
    Paper,
    Post,
    PostEntry,
    Result,
    Summary,
)
from chatpaper.domain.errors import ConfigError
from chatpaper.write.formats import TEMPLATE_SUFFIX, PostFormat
from chatpaper.write.render import PostStyle, render_post

_PAPER = Paper(
    arxiv_id="2407.00001",
    title="A title",
    authors=("Ada Lovelace", "Alan Turing"),
    abstract="An abstract.",
    version=1,
    published=datetime(2024, 7, 1, tzinfo=UTC),
    primary_category="cs.CV",
    categories=("cs.CV",),
    comment="A comment with https://github.com/example/example",
    abs_url="http://arxiv.org/abs/2407.00001v1",
    pdf_url="https://arxiv.org/pdf/2407.00001v1",
)
_DOCUMENT = Document(
    title=_PAPER.title,
    figures=(Figure("Figure 1", "figure", "A caption.", 2, BBox(0, 0, 10, 10), "figure-1.png"),),
    links=("https://github.com/example/example",),
)
# A paper of which nothing is known but its file.
_BARE_PAPER = Paper(arxiv_id="paper", title="paper", source="file")


def validate_format(post_format: PostFormat, fields: Sequence[Field], style: PostStyle) -> None:
    """Write posts of a paper that has everything, of one that has nothing, and of both.

    `fields` are those that the format asks for. Raises ConfigError that names file and line where
    the template is wrong or names something that there is not.
    """
    full = PostEntry(_PAPER, _DOCUMENT, _summary({field.name: _sample(field) for field in fields}))
    bare = PostEntry(
        _BARE_PAPER,
        Document(),
        _summary({field.name: _nothing(field) for field in fields}),
        "unreadable",
    )
    together = (
        ((full,), (bare,)) if post_format.scope == "paper" else ((full,), (bare,), (full, bare))
    )
    for entries in together:
        for topic in ("A topic", None):
            post = Post(date(2024, 7, 2), topic, entries)
            try:
                render_post(
                    post, post_format, style, {entry.paper.arxiv_id: "figures" for entry in entries}
                )
            except Exception as error:  # a template may raise whatever Python can: it is a program
                raise ConfigError(
                    f"The template {_place(error, post_format)} is wrong: {_reason(error)}."
                ) from error


def _summary(answers: dict[str, FieldAnswer]) -> Summary:
    return Summary(answers, "zh", "gemini", "a-model", "")


def _sample(field: Field) -> FieldAnswer:
    samples: dict[str, FieldAnswer] = {
        "text": "A text.",
        "list": ("An item.", "Another."),
        "claims": (
            Claim("A claim.", "a quote", 3, "1 Introduction"),
            Claim("A claim without proof."),
        ),
        "figures": (Claim("What it shows.", page=2, section="Figure 1"),),
        "results": (
            Result("A task", "A data set", "a metric", "2", "1", "Another", "Figure 1", 2),
        ),
        "choice": "".join(field.vocabulary[:1]),
        "choices": field.vocabulary[:2],
    }
    return samples[field.kind]


def _nothing(field: Field) -> FieldAnswer:
    if field.kind == "choice":
        return field.vocabulary[-1]
    return "" if field.kind == "text" else ()


def _place(error: Exception, post_format: PostFormat) -> str:
    """Return the file and line of a fault.

    They are those of a template, as far as the error tells; else it is the template of the format.
    """
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or post_format.template_file}, line {error.lineno},"
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(TEMPLATE_SUFFIX)
    ]
    return (
        f"{frames[-1].filename}, line {frames[-1].lineno},"
        if frames
        else str(post_format.template_file)
    )


def _reason(error: Exception) -> str:
    if isinstance(error, TemplateError):
        return (error.message or type(error).__name__).rstrip(".")
    return f"{type(error).__name__}: {error}"
