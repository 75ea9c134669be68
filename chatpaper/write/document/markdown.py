"""Render a document as Markdown: what a reader of the paper reads, in its order."""

import re
from collections import defaultdict
from collections.abc import Iterator

from chatpaper.domain import Document, Section
from chatpaper.domain.text.float_mentions import make_float_key
from chatpaper.write.document.escapes import escape, escape_line
from chatpaper.write.document.floats import format_algorithm, format_figure
from chatpaper.write.document.paragraphs import (
    Paragraph,
    find_place,
    format_paragraphs,
    split_paragraphs,
)

# The deepest level of Markdown's headings.
_DEEPEST = 6
# Shorter lines of footnotes may be places of authors too.
_LEAST_NOTE_CHARACTERS = 40
_ENTRY_MARK = re.compile(r"\[\d{1,4}\]\s*|\d{1,4}\.\s+")


def render_document(document: Document, image_folder: str) -> str:
    """Render a document; the images of its figures are in `image_folder`, relative to the file."""
    paragraphs = split_paragraphs(document.sections)
    placed = _place_floats(document, paragraphs, image_folder)
    parts = [f"# {escape_line(document.title)}" if document.title else ""]
    parts.append(_render_authors(document))
    if document.abstract:
        parts += ["## Abstract", format_paragraphs(document.abstract.split("\n\n"))]
    references = _find_references(document)
    for index, section in enumerate(document.sections):
        if index == references:
            parts += _render_references(document)
        parts += _render_section(index, section, paragraphs, placed)
    if references == len(document.sections):
        parts += _render_references(document)
    parts += placed[-1]
    parts += _render_notes(document)
    return "\n\n".join(part for part in parts if part) + "\n"


def _render_authors(document: Document) -> str:
    """Render the lines above the abstract, without the footnotes that stand below them."""
    notes = " ".join(aside.text for aside in document.asides if aside.kind == "footnotes")
    lines = document.front_matter.split("\n")
    own = next(
        (
            place
            for place, line in enumerate(lines)
            if len(line) >= _LEAST_NOTE_CHARACTERS and line.strip("-") in notes
        ),
        len(lines),
    )
    return "  \n".join(escape_line(line) for line in lines[:own] if line.strip())


def _place_floats(
    document: Document, paragraphs: list[Paragraph], image_folder: str
) -> dict[int, list[str]]:
    """Render each float, by the index of the paragraph behind which it belongs; -1 for the end."""
    placed: defaultdict[int, list[str]] = defaultdict(list)
    floats = [
        (
            figure.page,
            make_float_key(figure.kind, figure.label),
            format_figure(figure, image_folder),
        )
        for figure in document.figures
    ]
    floats += [
        (algorithm.page, make_float_key("algorithm", algorithm.label), format_algorithm(algorithm))
        for algorithm in document.algorithms
    ]
    for page, key, shown in sorted(floats, key=lambda each: each[0]):
        placed[find_place(key, page, paragraphs)].append(shown)
    return placed


def _render_section(
    index: int, section: Section, paragraphs: list[Paragraph], placed: dict[int, list[str]]
) -> Iterator[str]:
    heading = f"{section.number} {section.title}".strip()
    if heading:
        yield f"{'#' * min(_DEEPEST, section.level + 1)} {escape(heading)}"
    texts: list[str] = []
    for place, paragraph in enumerate(paragraphs):
        if paragraph.section != index:
            continue
        texts.append(paragraph.text)
        if placed[place]:
            yield format_paragraphs(texts)
            yield from placed[place]
            texts = []
    yield format_paragraphs(texts)


def _find_references(document: Document) -> int:
    """Find the section before which the bibliography stands: the first of an appendix behind it."""
    return next(
        (
            index
            for index, section in enumerate(document.sections)
            if section.appendix and section.page >= document.references.page
        ),
        len(document.sections),
    )


def _render_references(document: Document) -> Iterator[str]:
    if not document.bibliography:
        return
    yield "## References"
    numbered = all(map(_ENTRY_MARK.match, document.bibliography))
    marks = [f"{place}." for place in range(1, len(document.bibliography) + 1)]
    yield "\n".join(
        f"{mark} {escape(entry[_length_of_mark(entry) :])}"
        if numbered
        else f"- {escape_line(entry)}"
        for mark, entry in zip(marks, document.bibliography, strict=True)
    )


def _length_of_mark(entry: str) -> int:
    match = _ENTRY_MARK.match(entry)
    return match.end() if match else 0


def _render_notes(document: Document) -> Iterator[str]:
    """Render the footnotes of all pages."""
    notes = [aside for aside in document.asides if aside.kind == "footnotes"]
    if notes:
        yield "## Footnotes"
    for note in notes:
        yield format_paragraphs([f"Page {note.page}: {note.text.split(chr(10) * 2)[0]}"])
        yield format_paragraphs(note.text.split("\n\n")[1:])
