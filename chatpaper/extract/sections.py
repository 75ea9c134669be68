"""Sections: the text under each heading, and what stands before the first."""

from collections.abc import Sequence

from chatpaper.domain import Section
from chatpaper.extract.headings import Heading
from chatpaper.extract.text import Vocabulary, cleaned, paged_text
from chatpaper.extract.textline import TextLine
from chatpaper.extract.typesetting import Typesetting

# So many words without heading before the first section are text of the paper, fewer are remains of its front matter.
_LEAST_PREAMBLE_WORDS = 60
_PROSE_CHARACTERS = 40


def build_sections(
    flow: Sequence[TextLine],
    notes: Sequence[TextLine],
    headings: Sequence[Heading],
    text_start: int,
    bibliography: range,
    setting: Typesetting,
) -> tuple[Section, ...]:
    """The sections in reading order, each with its own text; footnotes follow the text of their page's last section.

    `text_start` is where front matter ends; the lines of `bibliography` belong to no section.
    """
    vocabulary = Vocabulary.of(flow)
    bounds = [heading.position for heading in headings] + [len(flow)]
    sections: list[Section] = []
    preamble = [
        line for index, line in enumerate(flow[: bounds[0]]) if index >= text_start and index not in bibliography
    ]
    spans: list[tuple[Heading | None, list[TextLine]]] = []
    if _is_prose(preamble):
        spans.append((None, preamble))
    for found, end in zip(headings, bounds[1:], strict=True):
        if found.kind != "section":
            continue
        first = found.position + found.line_count
        spans.append((found, [flow[index] for index in range(first, end) if index not in bibliography]))
    owners = _owners(notes, spans)
    for index, (heading, lines) in enumerate(spans):
        own_notes = [note for note, owner in zip(notes, owners, strict=True) if owner == index]
        sections.append(_section(heading, lines, own_notes, setting, vocabulary))
    return tuple(sections)


def _section(
    heading: Heading | None,
    lines: Sequence[TextLine],
    notes: Sequence[TextLine],
    setting: Typesetting,
    vocabulary: Vocabulary,
) -> Section:
    body = paged_text(lines, setting, vocabulary)
    foot = paged_text(notes, setting, vocabulary)
    glue = "\n\n" if body.text and foot.text else ""
    shift = len(body.text) + len(glue)
    starts = body.page_starts + tuple((page, offset + shift) for page, offset in foot.page_starts)
    text = body.text + glue + foot.text
    if heading is None:
        return Section("", "", 1, lines[0].page, text, starts)
    return Section(heading.number, cleaned(heading.title), heading.level, heading.page, text, starts, heading.appendix)


def _owners(notes: Sequence[TextLine], spans: Sequence[tuple[Heading | None, Sequence[TextLine]]]) -> list[int]:
    """For each note the last section that has text on its page; -1 where there is none."""
    last: dict[int, int] = {}
    for index, (_, lines) in enumerate(spans):
        for line in lines:
            last[line.page] = index
    return [last.get(note.page, -1) for note in notes]


def _is_prose(lines: Sequence[TextLine]) -> bool:
    words = sum(len(line.text.split()) for line in lines if len(line.text) >= _PROSE_CHARACTERS)
    return words >= _LEAST_PREAMBLE_WORDS
