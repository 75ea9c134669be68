"""Read a PDF into a Document: all passes in their order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chatpaper.domain import Algorithm, BBox, Document, Figure, GarbledText, Section
from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.meaning import has_readable_text
from chatpaper.extract.boxes import contains_center, enclose
from chatpaper.extract.collector import collect_seldom
from chatpaper.extract.figures.assignment import FoundFloat, find_floats
from chatpaper.extract.figures.confidence import find_caption_side, rate_floats
from chatpaper.extract.figures.images import write_images
from chatpaper.extract.figures.region_text import (
    attach_text,
    build_asides,
    read_cells_of,
    read_lines_of,
    trim_to_whitespace,
)
from chatpaper.extract.glyphs.garbled import mask_garbled
from chatpaper.extract.headings.abstracts import Abstract, find_abstract
from chatpaper.extract.headings.front_matter import LAST_TITLE_PAGE, Title, find_title
from chatpaper.extract.headings.headings import find_headings
from chatpaper.extract.headings.known_titles import opens_text
from chatpaper.extract.headings.levels import Heading
from chatpaper.extract.headings.references import Bibliography, find_bibliography
from chatpaper.extract.headings.sections import build_sections
from chatpaper.extract.layout.author_blocks import read_by_block
from chatpaper.extract.layout.covers import find_title_again
from chatpaper.extract.layout.footnotes import (
    Note,
    build_notes,
    remove_note_marks,
    split_footnotes,
)
from chatpaper.extract.layout.layout import (
    Layout,
    PageLayout,
    find_balanced_foot,
    find_front_matter_end,
    read_layout,
    sort_in_reading_order,
    split_sidebar,
)
from chatpaper.extract.layout.text import Vocabulary, build_paged_text, clean_text
from chatpaper.extract.layout.typesetting import measure_typesetting
from chatpaper.extract.links.addresses import find_links
from chatpaper.extract.links.own_links import LinkContext, find_own_links
from chatpaper.extract.page import Page, PdfContent
from chatpaper.extract.pdf.hidden import has_page_image, is_ocr_scan, split_hidden
from chatpaper.extract.pdf.reader import read_pdf
from chatpaper.extract.textline import TextLine

# Documents with fewer letters a page than this have hardly any text.
_LEAST_LETTERS_A_PAGE = 40

# A dozen authors with their institutes take some 1,000 characters, a collaboration of hundreds ten
# times as many before the first institute; anything beyond is not front matter.
FRONT_MATTER_CHARACTERS = 12_000


@dataclass(frozen=True, slots=True)
class _Flow:
    """The text of the document in reading order.

    `notes` are the lines of footnotes and sidebars, `whole_notes` the footnotes joined.
    """

    lines: tuple[TextLine, ...]
    notes: tuple[TextLine, ...]
    whole_notes: tuple[Note, ...]


def read_document(path: Path, image_folder: Path | None) -> Document:
    """Read the PDF at `path`; write its figures as PNG to `image_folder`, unless that is None.

    Raises ExtractError as `read_pdf` does.
    """
    with collect_seldom():
        document = build_document(read_pdf(path))
        if image_folder is None:
            return document
        return replace(document, figures=write_images(path, document.figures, image_folder))


def build_document(content: PdfContent) -> Document:
    """Build a document from the contents of a PDF, without images."""
    shown, hidden = split_hidden(content)
    visible, garbled, is_garbled = mask_garbled(shown)
    layout = read_layout(visible, measure_typesetting(visible))
    floats = trim_to_whitespace(find_floats(visible, layout), layout)
    flow = _build_flow(visible, layout, floats)
    title = _find_title(content, layout, flow)
    headings = find_headings(flow.lines, visible, layout.typesetting, title.end, title.again)
    abstract = find_abstract(flow.lines, title, headings, layout.typesetting)
    bibliography = find_bibliography(flow.lines, headings, visible.destinations)
    words = Vocabulary.from_lines(flow.lines)
    sections = build_sections(
        flow.lines,
        headings,
        max(title.end, abstract.end),
        range(bibliography.start, bibliography.end),
        layout.typesetting,
        words,
    )
    abstract_text = _join_abstract(abstract, words, layout)
    link_context = LinkContext(
        title=title.text,
        front=_select_author_lines(flow, title, abstract, headings),
        abstract=abstract_text,
        abstract_lines=abstract.lines,
        under_abstract=flow.lines[abstract.end : _find_first_section(headings, abstract.end)],
        sections=sections,
        notes=flow.whole_notes,
        body=(*flow.lines[: bibliography.start], *flow.lines[bibliography.end :]),
    )
    return Document(
        title=clean_text(title.text),
        abstract=abstract_text,
        abstract_page=abstract.lines[0].page if abstract.lines else 1,
        front_matter=_join_front_matter(flow, title, abstract, headings, layout),
        pages=len(content.pages),
        sections=sections,
        figures=_read_figures(
            floats, visible, layout, (abstract_text, *(section.text for section in sections))
        ),
        asides=build_asides([found for found in floats if found.is_algorithm], flow.notes, layout),
        references=bibliography.found,
        links=find_links(visible, _list_running_text(abstract_text, sections, flow)),
        own_links=find_own_links(visible.pages, link_context),
        hidden_text=hidden,
        garbled_text=garbled,
        unread="fonts" if is_garbled else "pictures" if _is_unread_scan(visible) else "",
        warnings=(
            *map(_describe_garbled, garbled),
            *_list_warnings(visible, sections, abstract_text),
        ),
        algorithms=_read_algorithms(floats, visible, layout),
        bibliography=_join_entries(bibliography, words, layout),
    )


def _read_figures(
    found: Sequence[FoundFloat], content: PdfContent, layout: Layout, texts: Iterable[str]
) -> tuple[Figure, ...]:
    """Read the text inside figures and tables and the cells of tables, and rate both."""
    shown = [each for each in found if not each.is_algorithm]
    pages = list(zip(content.pages, layout.pages, strict=True))
    read = [
        (each, _read_figure(each, figure, *pages[figure.page - 1]))
        for each, figure in zip(shown, attach_text(shown, layout), strict=True)
    ]
    rated = rate_floats(read, pages, layout.typesetting, texts)
    return tuple(
        replace(figure, confidence=confidence)
        for (_, figure), confidence in zip(read, rated, strict=True)
    )


def _read_figure(found: FoundFloat, figure: Figure, page: Page, read: PageLayout) -> Figure:
    caption = enclose(line.bbox for line in found.caption_lines)
    return replace(
        figure,
        cells=read_cells_of(found, page, read) if figure.kind == "table" else None,
        caption_side=find_caption_side(figure.bbox, caption),
    )


def _read_algorithms(
    found: Sequence[FoundFloat], content: PdfContent, layout: Layout
) -> tuple[Algorithm, ...]:
    return tuple(
        read_lines_of(each, content.pages[page - 1], layout.pages[page - 1])
        for each in found
        if each.is_algorithm and (page := each.figure.page)
    )


def _find_title(content: PdfContent, layout: Layout, flow: _Flow) -> Title:
    running = {fold_letters(line.text) for page in layout.pages for line in page.furniture}
    first = content.pages[0]
    title = find_title(
        flow.lines,
        first.height,
        content.metadata_title,
        running,
        _find_graphic_boxes(first),
        layout.typesetting,
    )
    return replace(title, again=find_title_again(flow.lines, title.text, title.end, opens_text))


def _list_running_text(
    abstract: str, sections: Sequence[Section], flow: _Flow
) -> list[tuple[int, str]]:
    """List abstract, sections and notes as (page, text), without the bibliography."""
    return [
        (1, abstract),
        *((section.page, section.text) for section in sections),
        *((note.page, note.text) for note in flow.notes),
    ]


def _join_front_matter(
    flow: _Flow, title: Title, abstract: Abstract, headings: Sequence[Heading], layout: Layout
) -> str:
    """Join authors and affiliations: the lines before the abstract, and that page's footnotes.

    What stands in its margins and not in those of the other pages follows: where it was published.
    """
    page = flow.lines[title.start].page if flow.lines else 1
    between = _select_author_lines(flow, title, abstract, headings)
    authors = read_by_block([line for line in between if line.page == page])
    notes = [line.text for line in flow.notes if line.page == page]
    return clean_text("\n".join((*authors, *notes, *_list_margin_lines(layout, page))))[
        :FRONT_MATTER_CHARACTERS
    ]


def _list_margin_lines(layout: Layout, page: int) -> list[str]:
    """List the lines in the margins of a page that no other page has, without its number."""
    elsewhere = {
        fold_letters(line.text)
        for each in layout.pages
        if each.number != page
        for line in each.furniture
    }
    return [
        line.text
        for line in layout.pages[page - 1].furniture
        if " " in line.text and fold_letters(line.text) not in elsewhere
    ]


def _find_first_section(headings: Sequence[Heading], default: int) -> int:
    return next((heading.position for heading in headings if heading.kind == "section"), default)


def _select_author_lines(
    flow: _Flow, title: Title, abstract: Abstract, headings: Sequence[Heading]
) -> Sequence[TextLine]:
    """Select the lines between title and abstract, or the text if there is no abstract.

    There are none where the first pages have no text, such as pictures.
    """
    if flow.lines and flow.lines[0].page > LAST_TITLE_PAGE:
        return ()
    first_heading = headings[0].position if headings else len(flow.lines)
    abstract_start = abstract.end - len(abstract.lines) if abstract.end else first_heading
    return flow.lines[title.end : min(first_heading, abstract_start)]


def _build_flow(content: PdfContent, layout: Layout, figures: Sequence[FoundFloat]) -> _Flow:
    """Put the lines of all pages that are in no figure or caption into reading order."""
    captions = {
        id(span) for found in figures for line in found.caption_lines for span in line.spans
    }
    lines: list[TextLine] = []
    notes: list[TextLine] = []
    whole: list[Note] = []
    for page, read in zip(layout.pages, content.pages, strict=True):
        boxes = [found.figure.bbox for found in figures if found.figure.page == page.number]
        barriers = boxes + [
            line.bbox
            for found in figures
            if found.figure.page == page.number
            for line in found.caption_lines
        ]
        kept = [
            line
            for line in page.lines
            if not _is_in_float(line, boxes, captions) and has_readable_text(line.text, _BRACKETS)
        ]
        body, foot = split_footnotes(page, kept, read.drawings, layout.typesetting)
        body, side = split_sidebar(page, body, layout.typesetting.body_size)
        barriers.extend(find_balanced_foot(page, body, layout.typesetting.body_size))
        if page.number == 1:
            barriers.extend(find_front_matter_end(page, body, opens_text))
        feet = sort_in_reading_order(page, foot)
        whole.extend(
            build_notes(sort_in_reading_order(page, body, barriers), feet, layout.typesetting)
        )
        lines.extend(sort_in_reading_order(page, remove_note_marks(body, foot), barriers))
        notes.extend([*feet, *side])
    return _Flow(tuple(lines), tuple(notes), tuple(whole))


def _find_graphic_boxes(page: Page) -> list[BBox]:
    """Find the boxes of a page's graphics, without rules, frames and tints of the page."""
    boxes = [bitmap.bbox for bitmap in page.bitmaps] + [drawing.bbox for drawing in page.drawings]
    return [box for box in boxes if box.height > _RULE_POINTS and 2 * box.height < page.height]


# The tall brackets of a formula are lines of their own, and tell nothing there.
_BRACKETS = "()[]{}"
# Lower graphics are rules and underlines.
_RULE_POINTS = 8.0


def _is_in_float(line: TextLine, boxes: Iterable[BBox], captions: set[int]) -> bool:
    if any(id(span) in captions for span in line.spans):
        return True
    return any(contains_center(box, line.bbox) for box in boxes)


def _join_entries(bibliography: Bibliography, words: Vocabulary, layout: Layout) -> tuple[str, ...]:
    """Join the lines of each entry of the bibliography."""
    texts = (
        build_paged_text(lines, layout.typesetting, words).text for lines in bibliography.entries
    )
    return tuple(" ".join(text.split()) for text in texts)


def _join_abstract(abstract: Abstract, words: Vocabulary, layout: Layout) -> str:
    """Join the abstract; the numbers of its points, which some journals ask for, are dropped."""
    text = build_paged_text(abstract.lines, layout.typesetting, words).text
    return re.sub(r"(^|\n\n)\d\. (?=[A-Z])", r"\1", text) if text.startswith("1. ") else text


def _describe_garbled(text: GarbledText) -> str:
    pages = ", ".join(map(str, text.pages))
    return (
        f"letters of the font {text.font} have no meaning in the file, and were left out: "
        f"page {pages}"
    )


def _is_unread_scan(content: PdfContent) -> bool:
    """Tell whether most pages are pictures, and there is hardly any text."""
    pictures = sum(has_page_image(page) for page in content.pages)
    return 2 * pictures > len(content.pages) and _has_hardly_any_text(content)


def _has_hardly_any_text(content: PdfContent) -> bool:
    letters = sum(len(line.text) for page in content.pages for line in page.lines)
    return letters < _LEAST_LETTERS_A_PAGE * len(content.pages)


def _list_warnings(
    content: PdfContent, sections: Sequence[Section], abstract: str
) -> tuple[str, ...]:
    warnings: list[str] = []
    if _is_unread_scan(content):
        warnings.append("scanned: the pages are pictures without text")
    elif any(is_ocr_scan(page) for page in content.pages):
        warnings.append("scanned: the text was recognised from pictures")
    elif _has_hardly_any_text(content):
        warnings.append("hardly any text found")
    if not any(section.title for section in sections):
        warnings.append("no sections found")
    if not abstract:
        warnings.append("no abstract found")
    cut = [page.number for page in content.pages if page.drawings_truncated]
    if content.fonts_with_false_maps:
        names = ", ".join(dict.fromkeys(content.fonts_with_false_maps))
        warnings.append(
            f"maps to Unicode that contradict the letters of their fonts, which were read: {names}"
        )
    if cut:
        warnings.append(f"too many drawings to read them all on page {', '.join(map(str, cut))}")
    return tuple(warnings)
