"""Sections: the text under each heading, and what stands before the first."""

from collections.abc import Sequence

from chatpaper.domain import Section
from chatpaper.extract.headings.levels import Heading
from chatpaper.extract.layout.text import Vocabulary, build_paged_text, clean_text
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.textline import TextLine

# So many words without heading before the first section are text of the paper, fewer are remains of
# the front matter.
_LEAST_PREAMBLE_WORDS = 60
_PROSE_CHARACTERS = 40
_SAME_SIZE_POINTS = 0.5


def build_sections(
    flow: Sequence[TextLine],
    headings: Sequence[Heading],
    text_start: int,
    bibliography: range,
    typesetting: Typesetting,
    vocabulary: Vocabulary,
) -> tuple[Section, ...]:
    """Build the sections in reading order, each with its own text; `flow` has no footnotes.

    `text_start` is where front matter ends; lines in `bibliography` belong to no section.
    """
    bounds = [heading.position for heading in headings] + [len(flow)]
    preamble = [
        flow[index]
        for index in _find_preamble(headings, text_start, len(flow))
        if index not in bibliography
    ]
    spans: list[tuple[Heading | None, list[TextLine]]] = []
    if _is_prose(preamble, typesetting):
        spans.append((None, preamble))
    for found, end in zip(headings, bounds[1:], strict=True):
        if found.kind != "section":
            continue
        first = found.position + found.line_count
        spans.append(
            (found, [flow[index] for index in range(first, end) if index not in bibliography])
        )
    return tuple(
        _build_section(heading, lines, typesetting, vocabulary) for heading, lines in spans
    )


def _find_preamble(headings: Sequence[Heading], start: int, end: int) -> list[int]:
    """Find the lines from `start` on that stand before the first section.

    Those under a heading of key words or contents do not count. Letters have text between the
    abstract and their first heading, if they have one.
    """
    taken: set[int] = set()
    for index, found in enumerate(headings):
        if found.kind in ("section", "references"):
            end = found.position
            break
        following = headings[index + 1].position if index + 1 < len(headings) else end
        last = found.position + found.line_count if found.kind == "abstract" else following
        taken.update(range(found.position, last))
    return [index for index in range(start, end) if index not in taken]


def _build_section(
    heading: Heading | None,
    lines: Sequence[TextLine],
    typesetting: Typesetting,
    vocabulary: Vocabulary,
) -> Section:
    body = build_paged_text(lines, typesetting, vocabulary)
    if heading is None:
        return Section("", "", 1, lines[0].page, body.text, body.page_starts)
    return Section(
        number=heading.number,
        title=clean_text(heading.title),
        level=heading.level,
        page=heading.page,
        text=body.text,
        page_starts=body.page_starts,
        appendix=heading.appendix,
    )


def _is_prose(lines: Sequence[TextLine], typesetting: Typesetting) -> bool:
    """Tell whether there is enough text in body type; key words and addresses are smaller."""
    words = sum(
        len(line.text.split())
        for line in lines
        if len(line.text) >= _PROSE_CHARACTERS
        and abs(line.style.size - typesetting.body_size) <= _SAME_SIZE_POINTS
    )
    return words >= _LEAST_PREAMBLE_WORDS
