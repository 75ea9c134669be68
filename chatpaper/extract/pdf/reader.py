"""Read PDF files into plain values.

A page is interpreted once, into a display list without its annotations (highlights and notes of
some reader are no part of the paper); text and bitmaps come from that list, in the coordinates of
the page as shown. Drawings need a second pass, since the library lists them from pages only.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pymupdf

from chatpaper.domain import BBox
from chatpaper.domain.errors import ExtractError
from chatpaper.extract.boxes import enclose, intersect
from chatpaper.extract.glyphs.actual_text import prefer_painted_text
from chatpaper.extract.glyphs.fonts import repair_fonts
from chatpaper.extract.glyphs.fractions import merge_fractions
from chatpaper.extract.glyphs.negations import merge_negations
from chatpaper.extract.layout.caption_labels import classify_label, find_mark, match_label
from chatpaper.extract.page import (
    Bitmap,
    Destination,
    Drawing,
    Line,
    Link,
    OutlineEntry,
    Page,
    PdfContent,
    Word,
)
from chatpaper.extract.pdf.drawings import read_drawings
from chatpaper.extract.pdf.hidden import read_switched_off
from chatpaper.extract.pdf.ink import PageContext, SeenFonts, mark_ink
from chatpaper.extract.pdf.mupdf_adapter import Raw, convert_lines
from chatpaper.extract.pdf.pixels import PagePainter
from chatpaper.extract.pdf.scan import add_scan_figures

# Ligatures are not preserved, so they come as their letters. Fonts without a ToUnicode map give
# character codes, which in TeX's fonts mostly are the letters themselves. Text clipped by a path or
# the page's edge is read separately: it is hidden.
_ALL_TEXT_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE
_TEXT_FLAGS = _ALL_TEXT_FLAGS | pymupdf.TEXT_CLIP
_IMAGE_FLAGS = pymupdf.TEXT_PRESERVE_IMAGES


def read_pdf(path: Path) -> PdfContent:
    """Read all pages of the PDF at `path`.

    Raises ExtractError with reason "missing", "not a PDF", "damaged", "encrypted" or "no pages".
    """
    with open_pdf(path) as pdf:
        lying = repair_fonts(pdf)
        fonts = _InkedFonts(pdf)
        pages = tuple(_read_page(pdf, index, fonts) for index in range(pdf.page_count))
        heights = tuple(page.height for page in pages)
        return PdfContent(
            pages=pages,
            destinations=_read_destinations(pdf, heights),
            outline=_read_outline(pdf, heights),
            metadata_title=str((pdf.metadata or {}).get("title") or ""),
            fonts_with_false_maps=lying,
        )


def count_pages(path: Path) -> int:
    """Count the pages of the PDF at `path`. Raises ExtractError as `read_pdf` does."""
    with open_pdf(path) as pdf:
        return int(pdf.page_count)


# How the library reports broken files; FzErrorSystem means a lack of memory instead.
_SIGNS_OF_DAMAGE = (
    RuntimeError,
    ValueError,
    TypeError,
    AssertionError,
    IndexError,
    pymupdf.mupdf.FzErrorArgument,
    pymupdf.mupdf.FzErrorFormat,
    pymupdf.mupdf.FzErrorGeneric,
    pymupdf.mupdf.FzErrorLibrary,
    pymupdf.mupdf.FzErrorLimit,
    pymupdf.mupdf.FzErrorSyntax,
    pymupdf.mupdf.FzErrorUnsupported,
)


@contextmanager
def open_pdf(path: Path) -> Iterator[pymupdf.Document]:
    """Open the PDF at `path`, with an empty password if that unlocks it.

    The messages that the library would print are switched off. Raises ExtractError as `read_pdf`
    does, also for errors that come up while the file is open.
    """
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    if not path.is_file():
        raise _make_error(path, "missing")
    try:
        pdf = pymupdf.open(path, filetype="pdf")
    except (RuntimeError, ValueError) as error:
        raise _make_error(path, "damaged" if _claims_to_be_pdf(path) else "not a PDF") from error
    with pdf:
        try:
            _require_readable(pdf, path)
            yield pdf
        except _SIGNS_OF_DAMAGE as error:
            # A page with broken objects makes the library fail in many ways; all of them mean this
            # file.
            raise _make_error(path, "damaged") from error


def _claims_to_be_pdf(path: Path) -> bool:
    """Tell whether the header is within the first 1024 bytes (PDF 1.7, annex H, note 13)."""
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def _require_readable(pdf: pymupdf.Document, path: Path) -> None:
    if (
        not pdf.is_pdf
    ):  # the library goes by the contents, and opens web pages, pictures and books too
        raise _make_error(path, "not a PDF")
    if pdf.needs_pass and not pdf.authenticate(""):
        raise _make_error(path, "encrypted")
    if pdf.page_count == 0:
        raise _make_error(path, "no pages" if _claims_to_be_pdf(path) else "not a PDF")


_ADVICE = {
    "missing": "there is no such file",
    "not a PDF": "it is no PDF file; open it to see what it is",
    "damaged": "it is damaged beyond repair; fetch it again",
    "encrypted": "it needs a password; save it without one",
    "no pages": "it has no pages; fetch it again",
}


def _make_error(path: Path, reason: str) -> ExtractError:
    return ExtractError(f"{path} cannot be read: {_ADVICE[reason]}", path=str(path), reason=reason)


class _InkedFonts:
    """The names of the fonts of a file that were seen to leave ink."""

    def __init__(self, pdf: pymupdf.Document) -> None:
        self._pdf = pdf
        self._met: set[int] = set()
        self._inked: set[str] = set()

    def look_up_before(self, index: int) -> SeenFonts:
        """Return the fonts seen to leave ink before a page, counted from 0.

        A name is dropped when the page brings in another font of that name.
        """
        names = {
            number: name.partition("+")[2] or name
            for number, _, _, name, *_ in self._pdf.get_page_fonts(index)
        }
        for number in names.keys() - self._met:
            self._inked.discard(names[number])
        self._met |= names.keys()
        shortened = Counter(name[:_NAME_LENGTH] for name in names.values())
        return SeenFonts(self._inked, {name for name, count in shortened.items() if count == 1})


# As much of the name of a font is told with its text.
_NAME_LENGTH = 31


def _read_page(pdf: pymupdf.Document, index: int, fonts: _InkedFonts) -> Page:
    page = pdf[index]
    links = tuple(_find_uri_links(page))
    annotations = _find_covering_annotations(page)
    covered = page.get_displaylist(annots=1) if annotations else None
    page = _drop_annotations(pdf, page)
    display_list = page.get_displaylist(annots=0)
    drawings, grounds, cut = read_drawings(page)
    painter = PagePainter(covered or display_list)
    survey = painter.survey()
    bitmaps = _read_bitmaps(display_list, page) if survey.has_pictures else ()
    around = PageContext(
        bounds=BBox(0, 0, page.rect.width, page.rect.height),
        areas=[
            *_find_painted_areas(drawings[len(grounds) :]),
            *(bitmap.bbox for bitmap in bitmaps),
            *survey.blended,
            *annotations,
        ],
        grounds=[(drawing.bbox, drawing.fill) for drawing in grounds if drawing.fill is not None],
    )
    shown = pymupdf.TextPage(display_list.get_textpage(flags=_TEXT_FLAGS))
    lines = mark_ink(_read_lines(shown, page), around, painter, fonts.look_up_before(index))
    lines = merge_negations((*lines, *read_switched_off(page)))
    lines = merge_fractions(lines, drawings)
    read = Page(
        number=index + 1,
        width=page.rect.width,
        height=page.rect.height,
        lines=lines,
        drawings=drawings,
        bitmaps=bitmaps,
        links=links,
        drawings_truncated=cut,
        words=_read_words(shown) if any(map(_names_table_or_algorithm, lines)) else (),
    )
    return add_scan_figures(read, painter)


def _names_table_or_algorithm(line: Line) -> bool:
    """Tell whether a line begins with the label of either, set off as that of a caption.

    Without words the cells are parted by the count of their letters.
    """
    match = match_label(line.text)
    if match is None or classify_label(match) == "figure":
        return False
    first = line.spans[0]
    return find_mark(match) is not None or first.bold or first.italic


def _read_words(shown: pymupdf.TextPage) -> tuple[Word, ...]:
    return tuple(Word(text, BBox(*box)) for *box, text, _, _, _ in shown.extractWORDS())


def _find_covering_annotations(page: pymupdf.Page) -> list[BBox]:
    """Find the boxes of annotations that may cover what is under them."""
    if page.first_annot is None:
        return []
    return [
        BBox(*(annotation.rect * page.rotation_matrix))
        for annotation in page.annots()
        if annotation.type[1] not in _SEE_THROUGH
    ]


# Annotations of readers through which the text is seen.
_SEE_THROUGH = ("Text", "Link", "Highlight", "Underline", "Squiggly", "StrikeOut", "Popup", "Caret")


def _find_painted_areas(drawings: Sequence[Drawing]) -> Iterator[BBox]:
    """Find the boxes of what is painted broadly enough to cover a line of type."""
    for drawing in drawings:
        box = drawing.bbox
        if drawing.fill is not None and min(box.width, box.height) > _LEAST_COVER_POINTS:
            yield box
        elif drawing.stroke is not None and drawing.width > _LEAST_COVER_POINTS:
            half = drawing.width / 2
            yield BBox(box.x0 - half, box.y0 - half, box.x1 + half, box.y1 + half)


# Narrower shapes are rules and marks of plots.
_LEAST_COVER_POINTS = 3.0


def _drop_annotations(pdf: pymupdf.Document, page: pymupdf.Page) -> pymupdf.Page:
    """Return the page without annotations and form fields; the file stays as it is."""
    if page.first_annot is None and page.first_widget is None:
        return page
    pdf.xref_set_key(page.xref, "Annots", "null")
    return pdf.reload_page(page)


def _find_uri_links(page: pymupdf.Page) -> Iterator[Link]:
    link = page.first_link
    while link is not None:
        uri = link.uri or ""
        if link.is_external and uri:
            yield Link(BBox(*(link.rect * page.rotation_matrix)), uri)
        link = link.next


def _read_lines(shown: pymupdf.TextPage, page: pymupdf.Page) -> tuple[Line, ...]:
    """Read the lines `shown`, and those outside the page or their clipping path, marked as clipped.

    Display lists leave out what is clipped as a whole, so all text is read from the page itself, by
    its glyphs only. A line of which most shows is not a hidden message.
    """
    everything = page.get_textpage(
        clip=pymupdf.INFINITE_RECT(), flags=_ALL_TEXT_FLAGS | pymupdf.TEXT_IGNORE_ACTUALTEXT
    )
    lines = _convert_text_page(shown)
    if _print_characters(everything) == _print_characters(shown):
        return lines
    texts = Counter(line.text.strip() for line in lines)
    others: list[Line] = []
    glyphs = _convert_text_page(everything)
    for line in glyphs:
        text = line.text.strip()
        if texts[text] > 0:
            texts[text] -= 1
        elif text and not any(2 * len(other) > len(text) and other in text for other in texts):
            others.append(_mark_clipped(line, page))
    return prefer_painted_text(lines, {line.text.strip() for line in glyphs}, others)


def _print_characters(text_page: pymupdf.TextPage) -> bytes:
    """Print the characters of a page, without decoding them as `extractTEXT` does."""
    printed = pymupdf.mupdf.fz_new_buffer_from_stext_page(text_page.this)
    return bytes(pymupdf.mupdf.fz_buffer_extract_copy(printed))


def _mark_clipped(line: Line, page: pymupdf.Page) -> Line:
    turned = page.rotation_matrix if page.rotation else None
    boxes = [
        BBox(*(pymupdf.Rect(span.bbox) * turned)) if turned else span.bbox for span in line.spans
    ]
    spans = tuple(
        replace(span, bbox=box, clipped=True) for span, box in zip(line.spans, boxes, strict=True)
    )
    return replace(line, bbox=enclose(boxes), spans=spans)


def _convert_text_page(text_page: pymupdf.TextPage) -> tuple[Line, ...]:
    return convert_lines(text_page.extractDICT()["blocks"])


def _read_bitmaps(display_list: pymupdf.DisplayList, page: pymupdf.Page) -> tuple[Bitmap, ...]:
    text_page = pymupdf.TextPage(display_list.get_textpage(flags=_IMAGE_FLAGS))
    page_box = BBox(0, 0, page.rect.width, page.rect.height)
    images = text_page.extractIMGINFO()
    boxes = ((intersect(BBox(*image["bbox"]), page_box), not image["has-mask"]) for image in images)
    return tuple(Bitmap(box, opaque) for box, opaque in boxes if box.width > 0 and box.height > 0)


def _read_destinations(pdf: pymupdf.Document, heights: Sequence[float]) -> tuple[Destination, ...]:
    """Read named destinations; the library gives their points from the bottom left corner."""
    return tuple(
        Destination(
            name, target["page"] + 1, target["to"][0], heights[target["page"]] - target["to"][1]
        )
        for name, target in pdf.resolve_names().items()
        if 0 <= target.get("page", -1) < len(heights) and target.get("to")
    )


def _read_outline(pdf: pymupdf.Document, heights: Sequence[float]) -> tuple[OutlineEntry, ...]:
    entries = pdf.get_toc(simple=False)
    return tuple(
        OutlineEntry(
            level,
            title,
            page,
            _find_outline_y(target, heights[page - 1]),
            target.get("nameddest") or "",
        )
        for level, title, page, target in entries
        if 1 <= page <= len(heights)
    )


def _find_outline_y(target: Raw, height: float) -> float | None:
    """Find the y coordinate of a bookmark's target.

    The library counts from the bottom for named targets, from the top for explicit ones.
    """
    point = target.get("to")
    if point is None:
        return None
    return height - point.y if target.get("nameddest") else float(point.y)
