"""A Document as the JSON that `chatpaper extract` writes."""

from typing import Literal

from pydantic import Field

from chatpaper.domain import BBox, CaptionSide, Document, Figure, TableCells
from chatpaper.domain.json_model import JsonModel, Number


class SourceJson(JsonModel):
    """What tells the PDF from another of its name."""

    contents_sha256: str = Field(
        description="SHA-256 of the file, in hexadecimal; empty where it could not be read"
    )
    path_sha256: str = Field(description="SHA-256 of the absolute path of the file")


class SectionJson(JsonModel):
    """A heading and the text under it, up to the next heading of any level."""

    number: str = Field(description="Number as printed, e.g. `3.1`; empty where there is none")
    title: str = Field(description="Heading without its number")
    level: int = Field(description="1 for a section, 2 for a subsection, and so on")
    page: int = Field(description="Page of the heading, counted from 1")
    appendix: bool = Field(description="Whether the section belongs to the appendix")
    text: str = Field(description="Text of the section, without that of its subsections")
    page_starts: tuple[tuple[int, int], ...] = Field(
        description="Pairs of a page and the offset in `text` at which it begins"
    )


class FigureJson(JsonModel):
    """A figure or a table."""

    label: str = Field(description="Label as printed, e.g. `Figure 3`")
    kind: Literal["figure", "table"] = Field(description="What the label says it is")
    caption: str = Field(description="Caption without the label")
    page: int = Field(description="Page, counted from 1")
    bbox: tuple[Number, Number, Number, Number] = Field(
        description="x0, y0, x1, y1 in PDF points from the top left corner; without the caption"
    )
    image: str = Field(
        description="PNG of the region, relative to the JSON file; empty where there is none"
    )
    text: str = Field(description="Text inside the region, one line per line")
    confidence: Number = Field(
        description="How sure it is that the region is what the caption names, from 0 to 1"
    )
    caption_side: CaptionSide | None = Field(
        description="Side of the region that the caption is on; null without a caption"
    )


class CellSpanJson(JsonModel):
    """A cell that spans several rows or columns, whose text is repeated in each of them."""

    row: int = Field(description="First row, counted from 0")
    column: int = Field(description="First column, counted from 0")
    rows: int = Field(description="Number of rows")
    columns: int = Field(description="Number of columns")


class TableJson(JsonModel):
    """A table of `figures` by its cells."""

    label: str = Field(description="Label as in `figures`")
    page: int = Field(description="Page, counted from 1")
    bbox: tuple[Number, Number, Number, Number] = Field(description="Box as in `figures`")
    cells: tuple[tuple[str, ...], ...] | None = Field(
        description="Rows of equally many cells; null where lines and words do not tell them"
    )
    head_rows: int = Field(description="How many of the rows, from the first, are headings")
    spans: tuple[CellSpanJson, ...] = Field(
        description="Cells that span several rows or columns; their text is repeated in each"
    )


class AlgorithmJson(JsonModel):
    """An algorithm or a listing in a box of its own; `asides` has its text too."""

    label: str = Field(description="Label as printed, e.g. `Algorithm 1`")
    caption: str = Field(description="Its name, without the label")
    page: int = Field(description="Page, counted from 1")
    bbox: tuple[Number, Number, Number, Number] = Field(
        description="x0, y0, x1, y1 in PDF points from the top left corner; without the name"
    )
    lines: tuple[str, ...] = Field(
        description="Printed lines with their numbers; spaces at the beginning are indentation"
    )


class AsideJson(JsonModel):
    """Text beside the running text."""

    kind: Literal["algorithm", "footnotes"] = Field(description="What it is")
    page: int = Field(description="Page, counted from 1")
    text: str = Field(description="The text, one line per line")


class ReferencesJson(JsonModel):
    """The bibliography."""

    page: int = Field(description="Page on which it begins; 0 where there is none")
    count: int = Field(description="Number of entries")


class HiddenTextJson(JsonModel):
    """Text on a page that a reader cannot see."""

    page: int = Field(description="Page, counted from 1")
    text: str = Field(description="The text")


class GarbledTextJson(JsonModel):
    """Text of a font whose letters have no meaning in the file."""

    font: str = Field(description="Name of the font")
    pages: tuple[int, ...] = Field(description="Pages with such text, counted from 1")
    characters: int = Field(description="Number of characters on these pages")


class DocumentJson(JsonModel):
    """What was read out of a PDF."""

    title: str = Field(description="Title; empty where none was found")
    abstract: str = Field(description="Abstract; empty where none was found")
    abstract_page: int = Field(description="Page of the abstract, counted from 1")
    front_matter: str = Field(
        description="Page 1 above the abstract and in its margins: authors, places"
    )
    pages: int = Field(description="Number of pages")
    sections: tuple[SectionJson, ...] = Field(description="Sections in reading order")
    figures: tuple[FigureJson, ...] = Field(description="Figures and tables")
    asides: tuple[AsideJson, ...] = Field(description="Algorithms and footnotes")
    references: ReferencesJson = Field(description="Where the bibliography is")
    links: tuple[str, ...] = Field(description="Links to code, models, data and projects")
    own_links: tuple[str, ...] = Field(description="Links that the paper announces as its own")
    hidden_text: tuple[HiddenTextJson, ...] = Field(description="Text that no reader can see")
    garbled_text: tuple[GarbledTextJson, ...] = Field(
        description="Text that readers can see and programs cannot read"
    )
    unread: Literal["", "pictures", "fonts"] = Field(
        description="Why there is no text: pages are pictures, or fonts have no meaning"
    )
    warnings: tuple[str, ...] = Field(description="What could not be read as it should")
    tables: tuple[TableJson, ...] = Field(description="The tables of `figures` by their cells")
    algorithms: tuple[AlgorithmJson, ...] = Field(description="Algorithms and listings")
    bibliography: tuple[str, ...] = Field(description="Entries of the bibliography, as printed")


class ExtractionJson(DocumentJson):
    """The file that `chatpaper extract` writes for a PDF that it could read."""

    source: SourceJson = Field(description="Which PDF was read")


class FailedExtractionJson(JsonModel):
    """The file that `chatpaper extract` writes for a PDF that it could not read."""

    error: str = Field(description="What happened and what to do, in English")
    reason: str = Field(description="Kind of the failure, in one or two words")
    source: SourceJson = Field(description="Which PDF was meant")


def extraction_to_json(document: Document, image_folder: str, source: SourceJson) -> ExtractionJson:
    """Describe a document and the PDF that it was read from, as for `document_to_json`."""
    return ExtractionJson(**dict(document_to_json(document, image_folder)), source=source)


def document_to_json(document: Document, image_folder: str) -> DocumentJson:
    """Convert a document to JSON values; image paths are relative, in `image_folder`."""
    return DocumentJson(
        title=document.title,
        abstract=document.abstract,
        abstract_page=document.abstract_page,
        front_matter=document.front_matter,
        pages=document.pages,
        sections=tuple(map(SectionJson.from_value, document.sections)),
        figures=tuple(_figure_to_json(figure, image_folder) for figure in document.figures),
        asides=tuple(map(AsideJson.from_value, document.asides)),
        references=ReferencesJson.from_value(document.references),
        links=document.links,
        own_links=document.own_links or (),
        hidden_text=tuple(map(HiddenTextJson.from_value, document.hidden_text)),
        garbled_text=tuple(map(GarbledTextJson.from_value, document.garbled_text)),
        unread=document.unread,
        warnings=document.warnings,
        tables=tuple(
            _table_to_json(figure) for figure in document.figures if figure.kind == "table"
        ),
        algorithms=tuple(
            AlgorithmJson(
                label=each.label,
                caption=each.caption,
                page=each.page,
                bbox=_round_box(each.bbox),
                lines=each.lines,
            )
            for each in document.algorithms
        ),
        bibliography=document.bibliography,
    )


def _table_to_json(figure: Figure) -> TableJson:
    cells = figure.cells or TableCells(())
    return TableJson(
        label=figure.label,
        page=figure.page,
        bbox=_round_box(figure.bbox),
        cells=cells.rows if figure.cells is not None else None,
        head_rows=cells.head_rows,
        spans=tuple(map(CellSpanJson.from_value, cells.spans)),
    )


def _round_box(box: BBox) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (round(edge, 2) for edge in box)
    return x0, y0, x1, y1


def _figure_to_json(figure: Figure, image_folder: str) -> FigureJson:
    return FigureJson(
        label=figure.label,
        kind=figure.kind,
        caption=figure.caption,
        page=figure.page,
        bbox=_round_box(figure.bbox),
        image=f"{image_folder}/{figure.image}" if figure.image else "",
        text=figure.text,
        confidence=figure.confidence,
        caption_side=figure.caption_side,
    )
