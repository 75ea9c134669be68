"""Figures, tables and algorithms of a document as Markdown."""

from collections.abc import Iterable

from chatpaper.domain import Algorithm, Figure, TableCells
from chatpaper.write.document.escapes import escape, escape_cell, format_block
from chatpaper.write.markup.markdown import to_link_target

# Words of one heading that stand in rows below each other.
_HEAD_JOINT = " / "


def format_figure(figure: Figure, image_folder: str) -> str:
    """Format a figure or table with its caption; a table as one, if its cells are known."""
    caption = _format_caption(figure.label, figure.caption)
    image = to_link_target(f"{image_folder}/{figure.image}") if figure.image else ""
    if figure.kind == "table" and figure.cells is not None:
        return f"{caption}\n\n{_format_table(figure.cells)}"
    if image:
        return f"![{escape(figure.label)}]({image})\n\n{caption}"
    return f"{caption}\n\n{format_block(figure.text)}" if figure.text else caption


def format_algorithm(algorithm: Algorithm) -> str:
    """Format an algorithm as a block of code under its name."""
    caption = _format_caption(algorithm.label, algorithm.caption)
    return f"{caption}\n\n{format_block(chr(10).join(algorithm.lines))}"


def _format_caption(label: str, text: str) -> str:
    return f"**{escape(label)}.** {escape(text)}".rstrip()


def _format_table(cells: TableCells) -> str:
    """Format a table; Markdown has one row of headings, so several are joined."""
    head = _join_head(cells)
    rows = [head, ["---"] * len(head), *cells.rows[cells.head_rows :]]
    return "\n".join(
        f"| {' | '.join(map(escape_cell, row))} |" if place != 1 else f"|{'|'.join(row)}|"
        for place, row in enumerate(rows)
    )


def _join_head(cells: TableCells) -> list[str]:
    rows = cells.rows[: cells.head_rows]
    if not rows:
        return [""] * len(cells.rows[0])
    return [_HEAD_JOINT.join(_drop_repeated(column)) for column in zip(*rows, strict=True)]


def _drop_repeated(texts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(text for text in texts if text)
