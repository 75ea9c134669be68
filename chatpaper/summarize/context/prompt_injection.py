"""Sentences of a paper that command a model or a reviewer what to say of it.

Papers on language models are full of prompts, so nothing that readers can see is kept from a model
or reported. A visible command is merely no evidence: no statement is true because the paper orders
it. A hidden one is reported in the post.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from chatpaper.domain import Document, Figure, Instruction, Paper, Section
from chatpaper.domain.text.sentences import find_stop_spans
from chatpaper.domain.text.tables import load_word_tables

_TABLES = load_word_tables(__name__)
_COMMAND = re.compile(_TABLES.join("commands"), re.IGNORECASE | re.DOTALL)
_LINE = re.compile(r"[^\n]+")

# The texts of a paper are looked through when its prompt is estimated and when its answer is
# judged; this many belong to the few papers that are at work at a time.
_TEXTS_KEPT = 512


def find_hidden_commands(document: Document) -> tuple[Instruction, ...]:
    """Return the hidden texts that tell a model or a reviewer what to say, with their pages."""
    found = (hidden for hidden in document.hidden_text if _COMMAND.search(hidden.text))
    return tuple(dict.fromkeys(Instruction(hidden.page, hidden.text) for hidden in found))


def gives_commands(document: Document) -> bool:
    """Tell whether the paper commands models or reviewers, be it where readers see it or not."""
    return bool(find_hidden_commands(document)) or as_evidence(document) != document


def as_evidence(document: Document) -> Document:
    """Return the document with spaces in place of commands, so that all else stays where it was."""
    return replace(
        document,
        title=blank_commands(document.title),
        abstract=blank_commands(document.abstract),
        front_matter=blank_commands(document.front_matter),
        sections=tuple(_section_as_evidence(section) for section in document.sections),
        figures=tuple(_figure_as_evidence(figure) for figure in document.figures),
        asides=tuple(replace(aside, text=blank_commands(aside.text)) for aside in document.asides),
    )


def clean_paper(paper: Paper) -> Paper:
    """Return the record of a paper, which may support what is said of it."""
    return replace(
        paper,
        title=blank_commands(paper.title),
        abstract=blank_commands(paper.abstract),
        comment=blank_commands(paper.comment),
    )


@lru_cache(_TEXTS_KEPT)
def blank_commands(text: str) -> str:
    """Return the text with spaces in place of sentences that are commands."""
    return _blank_commands(text, find_stop_spans(text))


def _section_as_evidence(section: Section) -> Section:
    return replace(section, title=blank_commands(section.title), text=blank_commands(section.text))


def _figure_as_evidence(figure: Figure) -> Figure:
    """Return the figure with spaces in place of commands.

    What can be read in it are lines, not sentences: one of them must not take the whole with it.
    """
    return replace(
        figure,
        caption=blank_commands(figure.caption),
        text=_blank_commands(figure.text, (line.span() for line in _LINE.finditer(figure.text))),
    )


def _blank_commands(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Put spaces in place of the parts that are commands; `spans` is not read where none is."""
    if not _COMMAND.search(text):
        return text
    blanked = list(text)
    for start, end in spans:
        if _COMMAND.search(text[start:end]):
            blanked[start:end] = " " * (end - start)
    return "".join(blanked)
