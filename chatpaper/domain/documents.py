"""What is read out of a PDF: sections, figures, and what a reader sees besides."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple


class BBox(NamedTuple):
    """A box in PDF points (1/72 inch) from the top left corner of the page as shown."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Extent from left to right, in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Extent from top to bottom, in points."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Width times height, zero for an empty box."""
        left, top, right, bottom = self
        return (right - left) * (bottom - top) if right > left and bottom > top else 0.0


SectionKind = Literal[
    "abstract",
    "introduction",
    "related",
    "method",
    "experiments",
    "conclusion",
    "appendix",
    "other",
]

# In the order in which they decide: "Experimental method" is about experiments.
_DECIDING_KINDS: tuple[SectionKind, ...] = (
    "abstract",
    "related",
    "introduction",
    "conclusion",
    "experiments",
    "method",
)


@cache
def _heading_words() -> tuple[tuple[SectionKind, tuple[str, ...]], ...]:
    # Every command loads this module, and few look at headings.
    from chatpaper.domain.text.tables import load_word_tables

    tables = load_word_tables(__name__)
    return tuple((kind, tables.list_words(kind)) for kind in _DECIDING_KINDS)


def classify_heading(title: str) -> SectionKind:
    """Return what a section under this heading is about; "other" where the heading does not say."""
    heading = title.casefold()
    return next(
        (kind for kind, words in _heading_words() if any(word in heading for word in words)),
        "other",
    )


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it, up to the next heading of any level.

    `page_starts` holds (page, offset) pairs: from that offset on, `text` stands on that page.
    """

    number: str
    title: str
    level: int
    page: int
    text: str
    page_starts: tuple[tuple[int, int], ...] = ()
    appendix: bool = False

    def page_at(self, offset: int) -> int:
        """Return the page, counted from 1, on which the character at `offset` of the text is."""
        pages = [page for page, start in self.page_starts if start <= offset]
        return pages[-1] if pages else self.page


@dataclass(frozen=True, slots=True)
class CellSpan:
    """A cell that spans several rows or columns, by its first `row` and `column`, from 0."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class TableCells:
    """The cells of a table as printed.

    `rows` are equally long; the first `head_rows` of them are headings. The text of a cell that
    spans several rows or columns is repeated in each, and `spans` lists those cells.
    """

    rows: tuple[tuple[str, ...], ...]
    head_rows: int = 0
    spans: tuple[CellSpan, ...] = ()


CaptionSide = Literal["above", "below", "left", "right"]

# Posts leave out figures of less: a third of the wrong ones in papers that are hard to read, with
# one in a hundred of the right ones there, and none of 459 right ones in published papers.
LEAST_SHOWN_CONFIDENCE = 0.7


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure or a table: the region of the page that its caption refers to, and a PNG of it.

    `image` is the file name of the PNG in the folder that the extraction wrote to, empty where
    there is none. `text` is what can be read inside the region, a line of it a line: the rows of a
    table, the axes of a diagram. `cells` are those of a table whose lines and words tell them.
    `confidence`, from 0 to 1, is how sure it is that the region is what the caption names.
    """

    label: str
    kind: Literal["figure", "table"]
    caption: str
    page: int
    bbox: BBox
    image: str = ""
    text: str = ""
    cells: TableCells | None = None
    confidence: float = 1.0
    caption_side: CaptionSide | None = None

    @property
    def is_uncertain(self) -> bool:
        """Whether too little speaks for the region to show it."""
        return self.confidence < LEAST_SHOWN_CONFIDENCE


@dataclass(frozen=True, slots=True)
class Algorithm:
    """An algorithm or a listing, with its box and its `lines`; these keep their indentation."""

    label: str
    caption: str
    page: int
    bbox: BBox
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class References:
    """Where the bibliography begins (0: there is none) and how many entries it has."""

    page: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text on a page that a reader cannot see."""

    page: int
    text: str


@dataclass(frozen=True, slots=True)
class GarbledText:
    """Text that readers see and programs cannot read.

    The letters of its font have no meaning in the file.

    `characters` counts those on the `pages`, which are numbered from 1.
    """

    font: str
    pages: tuple[int, ...]
    characters: int


# Why there is no text of a document to read: its pages are pictures, or its letters have no meaning
# in the file.
Unread = Literal["", "pictures", "fonts"]


@dataclass(frozen=True, slots=True)
class SideText:
    """What a reader sees beside the running text.

    An algorithm with its caption, or the footnotes of a page.
    """

    kind: Literal["algorithm", "footnotes"]
    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """Hidden text that addresses a model or a reviewer."""

    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """What was read out of a PDF.

    `front_matter` is the visible text of the first page above the abstract, without the title:
    authors and affiliations. `links` are all to code, models, data and project pages; `own_links`
    those that the paper announces as its own, None in documents that were read before the two were
    distinguished.
    """

    title: str = ""
    abstract: str = ""
    abstract_page: int = 1
    front_matter: str = ""
    pages: int = 0
    sections: tuple[Section, ...] = ()
    figures: tuple[Figure, ...] = ()
    asides: tuple[SideText, ...] = ()
    references: References = References()
    links: tuple[str, ...] = ()
    own_links: tuple[str, ...] | None = None
    hidden_text: tuple[HiddenText, ...] = ()
    garbled_text: tuple[GarbledText, ...] = ()
    unread: Unread = ""
    warnings: tuple[str, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()
    bibliography: tuple[str, ...] = ()

    def classify_sections(self) -> tuple[SectionKind, ...]:
        """Return what each section is about, by its heading.

        Subsections are of their parent's kind, if that is known.

        Top-level sections with a heading of their own that stand between the introduction and the
        experiments are taken for the method: that is where papers describe it, under whatever name
        it has.
        """
        kinds: list[SectionKind] = []
        parents: list[tuple[int, SectionKind]] = []
        introduced = concluded = False
        for section in self.sections:
            parents = [(level, kind) for level, kind in parents if level < section.level]
            kind = classify_heading(section.title)
            if section.appendix:
                kind = "appendix"
            elif parents and parents[-1][1] != "other":
                kind = parents[-1][1]
            elif kind == "other" and not parents and introduced and not concluded:
                kind = "method"
            introduced = introduced or kind == "introduction"
            concluded = concluded or kind in ("experiments", "conclusion", "appendix")
            parents.append((section.level, kind))
            kinds.append(kind)
        return tuple(kinds)
