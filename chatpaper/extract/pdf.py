"""PDF files -> plain values: with `rendering`, which makes pixels of pages, the only module that knows the PDF library.

A page is interpreted once into a display list without its annotations (highlights and notes of some reader are no
part of the paper); text and bitmaps come from that list, in the coordinates of the page as shown. Drawings need a
second pass, since the library lists them from pages alone.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pymupdf

from chatpaper.domain import BBox
from chatpaper.errors import ExtractError
from chatpaper.extract.fractions import with_fractions
from chatpaper.extract.negations import with_negations
from chatpaper.extract.page import (
    Bitmap,
    Destination,
    Drawing,
    Line,
    Link,
    OutlineEntry,
    Page,
    PdfContent,
)
from chatpaper.extract.raw import Raw, drawing_from, lines_from

# Ligatures are not asked for, so they come as their letters. Fonts without a map to Unicode give their character
# codes, which in the fonts of TeX are mostly the letters themselves. Text that a clipping path or the page's edge cuts
# off is read apart: it is hidden.
_ALL_TEXT_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE
_TEXT_FLAGS = _ALL_TEXT_FLAGS | pymupdf.TEXT_CLIP
_IMAGE_FLAGS = pymupdf.TEXT_PRESERVE_IMAGES

# Figures made of data points have at most some ten thousand paths; beyond that single paths say nothing that the
# ones before them did not, and would only fill the memory (a dense contour plot may have a hundred thousand).
MAX_DRAWINGS_PER_PAGE = 20_000


def read_pdf(path: Path) -> PdfContent:
    """Read all pages of the PDF at `path`.

    Raises ExtractError with reason "missing", "not a PDF", "damaged", "encrypted" or "no pages".
    """
    with opened(path) as pdf:
        pages = tuple(_read_page(pdf, index) for index in range(pdf.page_count))
        heights = tuple(page.height for page in pages)
        return PdfContent(
            pages=pages,
            destinations=_read_destinations(pdf, heights),
            outline=_read_outline(pdf, heights),
            metadata_title=str((pdf.metadata or {}).get("title") or ""),
        )


def count_pages(path: Path) -> int:
    """How many pages the PDF at `path` has. Raises ExtractError as `read_pdf` does."""
    with opened(path) as pdf:
        return int(pdf.page_count)


# How the library tells of broken files; its FzErrorSystem, for want of memory, says nothing of the file.
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
def opened(path: Path) -> Iterator[pymupdf.Document]:
    """The PDF at `path`, unlocked where an empty password does it, with the library's own messages off."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    if not path.is_file():
        raise _unreadable(path, "missing")
    try:
        pdf = pymupdf.open(path, filetype="pdf")
    except (RuntimeError, ValueError) as error:
        raise _unreadable(path, "damaged" if _claims_to_be_pdf(path) else "not a PDF") from error
    with pdf:
        try:
            _require_readable(pdf, path)
            yield pdf
        except _SIGNS_OF_DAMAGE as error:
            # A page whose objects are broken makes the library fail in many ways; all of them mean this file.
            raise _unreadable(path, "damaged") from error


def _claims_to_be_pdf(path: Path) -> bool:
    """Whether the header is there: within the first 1024 bytes (PDF 1.7, annex H, note 13)."""
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def _require_readable(pdf: pymupdf.Document, path: Path) -> None:
    if not pdf.is_pdf:  # the library goes by the contents, and opens web pages, pictures and books too
        raise _unreadable(path, "not a PDF")
    if pdf.needs_pass and not pdf.authenticate(""):
        raise _unreadable(path, "encrypted")
    if pdf.page_count == 0:
        raise _unreadable(path, "no pages" if _claims_to_be_pdf(path) else "not a PDF")


_ADVICE = {
    "missing": "there is no such file",
    "not a PDF": "it is no PDF file; look at what was downloaded",
    "damaged": "it is damaged beyond repair; fetch it again",
    "encrypted": "it needs a password; save it without one",
    "no pages": "it has no pages; fetch it again",
}


def _unreadable(path: Path, reason: str) -> ExtractError:
    return ExtractError(f"{path.name} cannot be read: {_ADVICE[reason]}", path=str(path), reason=reason)


def _read_page(pdf: pymupdf.Document, index: int) -> Page:
    page = pdf[index]
    links = tuple(_uri_links(page))
    page = _without_annotations(pdf, page)
    display_list = page.get_displaylist(annots=0)
    drawings, cut = _read_drawings(page)
    bitmaps = _read_bitmaps(display_list, page)
    lines = with_negations(_painted_over(_read_lines(display_list, page), bitmaps, page))
    lines = with_fractions(lines, drawings)
    return Page(
        number=index + 1,
        width=page.rect.width,
        height=page.rect.height,
        lines=lines,
        drawings=drawings,
        bitmaps=bitmaps,
        links=links,
        drawings_cut=cut,
        shades=_read_shades(page, lines),
    )


def _without_annotations(pdf: pymupdf.Document, page: pymupdf.Page) -> pymupdf.Page:
    """The page with its annotations and form fields forgotten (in memory; the file stays as it is)."""
    if page.first_annot is None and page.first_widget is None:
        return page
    pdf.xref_set_key(page.xref, "Annots", "null")
    return pdf.reload_page(page)


def _uri_links(page: pymupdf.Page) -> Iterator[Link]:
    link = page.first_link
    while link is not None:
        uri = link.uri or ""
        if link.is_external and uri:
            yield Link(BBox(*(link.rect * page.rotation_matrix)), uri)
        link = link.next


# --- text


def _read_lines(display_list: pymupdf.DisplayList, page: pymupdf.Page) -> tuple[Line, ...]:
    """The lines that show, and those that lie outside of the page or of their clipping path, marked as cut off.

    Display lists leave out what is cut off as a whole, so all text is asked of the page itself. A line of which most
    shows is no message that was hidden.
    """
    shown = pymupdf.TextPage(display_list.get_textpage(flags=_TEXT_FLAGS))
    everything = page.get_textpage(clip=pymupdf.INFINITE_RECT(), flags=_ALL_TEXT_FLAGS)
    lines = _lines_of(shown)
    if len(everything.extractTEXT()) == len(shown.extractTEXT()):
        return lines
    texts = Counter(line.text.strip() for line in lines)
    hidden: list[Line] = []
    for line in _lines_of(everything):
        text = line.text.strip()
        if texts[text] > 0:
            texts[text] -= 1
        elif text and not any(2 * len(other) > len(text) and other in text for other in texts):
            hidden.append(_cut_off(line, page))
    return lines + tuple(hidden)


def _cut_off(line: Line, page: pymupdf.Page) -> Line:
    box = BBox(*(pymupdf.Rect(line.bbox) * page.rotation_matrix)) if page.rotation else line.bbox
    return replace(line, bbox=box, spans=tuple(replace(span, bbox=box, cut_off=True) for span in line.spans))


def _lines_of(text_page: pymupdf.TextPage) -> tuple[Line, ...]:
    return lines_from(text_page.extractDICT()["blocks"])


# --- drawings and bitmaps


def _read_drawings(page: pymupdf.Page) -> tuple[tuple[Drawing, ...], bool]:
    """The painted paths, each cut to the clipping paths around it, and whether there were too many to list."""
    collector = _DrawingCollector(page.rect, page.rotation_matrix if page.rotation else None)
    page.get_cdrawings(extended=True, callback=collector.add)
    return tuple(collector.drawings), collector.cut


class _DrawingCollector:
    """Takes the events of one page's line art in painting order.

    Clips and groups come with their nesting level and hold for all that follows at a deeper level.
    """

    def __init__(self, page_rect: pymupdf.Rect, rotation: pymupdf.Matrix | None) -> None:
        self.drawings: list[Drawing] = []
        self.cut = False
        self._page = BBox(0, 0, page_rect.width, page_rect.height)
        self._rotation = rotation
        self._clips: list[tuple[int, BBox]] = []

    def add(self, event: Raw) -> None:
        """Take one event."""
        level = event["level"]
        while self._clips and self._clips[-1][0] >= level:
            self._clips.pop()
        if event["type"] == "clip":
            self._clips.append((level, _common(self._around(), BBox(*event["scissor"]))))
        elif event["type"] != "group":
            self._add_path(event)

    def _around(self) -> BBox:
        if self._clips:
            return self._clips[-1][1]
        return BBox(-math.inf, -math.inf, math.inf, math.inf)

    def _add_path(self, event: Raw) -> None:
        if len(self.drawings) >= MAX_DRAWINGS_PER_PAGE:
            self.cut = True
            return
        shown = _common(BBox(*event["rect"]), self._around())
        if shown.width < 0 or shown.height < 0:
            return
        if self._rotation is not None:
            shown = BBox(*(pymupdf.Rect(*shown) * self._rotation))
        shown = _common(shown, self._page)
        if shown.width >= 0 and shown.height >= 0:
            self.drawings.append(drawing_from(event, shown))


def _common(a: BBox, b: BBox) -> BBox:
    """What two boxes share; of negative extent where they share nothing."""
    return BBox(max(a.x0, b.x0), max(a.y0, b.y0), min(a.x1, b.x1), min(a.y1, b.y1))


def _read_bitmaps(display_list: pymupdf.DisplayList, page: pymupdf.Page) -> tuple[Bitmap, ...]:
    text_page = pymupdf.TextPage(display_list.get_textpage(flags=_IMAGE_FLAGS))
    page_box = BBox(0, 0, page.rect.width, page.rect.height)
    images = text_page.extractIMGINFO()
    boxes = ((_common(BBox(*image["bbox"]), page_box), not image["has-mask"]) for image in images)
    return tuple(Bitmap(box, opaque) for box, opaque in boxes if box.width > 0 and box.height > 0)


def _painted_over(lines: tuple[Line, ...], bitmaps: Sequence[Bitmap], page: pymupdf.Page) -> tuple[Line, ...]:
    """The lines, with spans marked that an opaque bitmap was painted over.

    The order of painting is asked for only where text lies within a bitmap: it takes another pass over the page.
    """
    opaque = [bitmap.bbox for bitmap in bitmaps if bitmap.opaque]
    if not any(_holds(box, line.bbox) for line in lines for box in opaque):
        return lines
    covered = _covered_text(page, opaque)
    return tuple(
        replace(line, spans=tuple(replace(s, covered=True) if _lies_in(s.bbox, covered) else s for s in line.spans))
        if _lies_in(line.bbox, covered)
        else line
        for line in lines
    )


def _read_shades(page: pymupdf.Page, lines: Sequence[Line]) -> tuple[BBox, ...]:
    if not any(span.color & _LIGHT == _LIGHT for line in lines for span in line.spans):
        return ()
    return tuple(
        BBox(*(pymupdf.Rect(box) * page.rotation_matrix)) for kind, box in page.get_bboxlog() if kind == "fill-shade"
    )


# The bits that are set in red, green and blue of light colours.
_LIGHT = 0xC0C0C0


def _covered_text(page: pymupdf.Page, opaque: Sequence[BBox]) -> list[BBox]:
    """Boxes of text that was painted before a bitmap around it, and not again after it."""
    events = [(kind, BBox(*(pymupdf.Rect(box) * page.rotation_matrix))) for kind, box in page.get_bboxlog()]
    pictures = [box for kind, box in events if kind == "fill-image"]
    covered: list[BBox] = []
    later: list[BBox] = []
    for kind, box in reversed(events):
        if kind == "fill-image" and any(_holds(known, box) for known in opaque):
            later.append(box)
        elif kind == "fill-text" and _lies_in(box, later):
            covered.append(box)
    above = [box for kind, box in events if kind == "fill-text" and box not in covered] if pictures else []
    return [box for box in covered if not _lies_in(box, above)]


def _lies_in(box: BBox, others: Sequence[BBox]) -> bool:
    return any(_holds(other, box) for other in others)


def _holds(outer: BBox, inner: BBox) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


# --- destinations and outline


def _read_destinations(pdf: pymupdf.Document, heights: Sequence[float]) -> tuple[Destination, ...]:
    """Named destinations, whose points the library gives from the bottom left corner."""
    return tuple(
        Destination(name, target["page"] + 1, target["to"][0], heights[target["page"]] - target["to"][1])
        for name, target in pdf.resolve_names().items()
        if 0 <= target.get("page", -1) < len(heights) and target.get("to")
    )


def _read_outline(pdf: pymupdf.Document, heights: Sequence[float]) -> tuple[OutlineEntry, ...]:
    entries = pdf.get_toc(simple=False)
    return tuple(
        OutlineEntry(level, title, page, _outline_y(target, heights[page - 1]), target.get("nameddest") or "")
        for level, title, page, target in entries
        if 1 <= page <= len(heights)
    )


def _outline_y(target: Raw, height: float) -> float | None:
    """Height of a bookmark's target; named targets count from the bottom, explicit ones from the top."""
    point = target.get("to")
    if point is None:
        return None
    return height - point.y if target.get("nameddest") else float(point.y)
