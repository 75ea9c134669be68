"""A document as Markdown: all that a reader reads, in its order, and nothing that is executed."""

import pytest
from markdown_it import MarkdownIt

from chatpaper.domain import (
    Algorithm,
    BBox,
    CellSpan,
    Document,
    Figure,
    References,
    Section,
    SideText,
    TableCells,
)
from chatpaper.write.document.markdown import render_document

BOX = BBox(0, 0, 10, 10)
TABLE = TableCells(
    (("Model", "Error", "Error"), ("Model", "short", "long"), ("a|b", "1.5", "")),
    2,
    (CellSpan(0, 1, 1, 2),),
)
DOCUMENT = Document(
    title="Sorting by *Exchange*",
    abstract="We sort lists.",
    front_matter="Ann Lee\nUniversity of Sorts\nThis work was paid for by the fund of all sorters.",
    pages=4,
    sections=(
        Section(
            "1", "Introduction", 1, 1, "Sorting is old.\n\nFigure 1 shows lists of x_1 and x_2."
        ),
        Section(
            "1.1",
            "Points",
            2,
            2,
            "Two points:\n\n• the first\n\n• the second\n\nErrors are in Table 1; methods\n\n"
            "[3] and others use Algorithm 1.\n\ny = x\n\n(1)",
        ),
        Section("A", "Proofs", 1, 4, "All is proved.", appendix=True),
    ),
    figures=(
        Figure("Figure 1", "figure", "Lists.", 1, BOX, "figure-1.png"),
        Figure("Table 1", "table", "Errors.", 2, BOX, "table-1.png", "", TABLE),
        Figure("Table 2", "table", "A picture.", 3, BOX, "table-2.png"),
    ),
    asides=(SideText("footnotes", 1, "This work was paid for by the fund of all sorters."),),
    references=References(3, 2),
    algorithms=(Algorithm("Algorithm 1", "Exchange", 2, BOX, ("for x do", "  swap ```")),),
    bibliography=("[1] A. Lee. Sorting. 2020.", "[2] B. Ode. More. 2021."),
)


def test_a_document_is_rendered_in_the_order_of_its_parts() -> None:
    assert render_document(DOCUMENT, "paper") == (
        "# Sorting by \\*Exchange\\*\n\n"
        "Ann Lee  \nUniversity of Sorts\n\n"
        "## Abstract\n\nWe sort lists.\n\n"
        "## 1 Introduction\n\nSorting is old.\n\nFigure 1 shows lists of x_1 and x_2.\n\n"
        "![Figure 1](paper/figure-1.png)\n\n**Figure 1.** Lists.\n\n"
        "### 1.1 Points\n\nTwo points:\n\n- the first\n- the second\n\n"
        "Errors are in Table 1; methods [3] and others use Algorithm 1.\n\n"
        "**Table 1.** Errors.\n\n"
        "| Model | Error / short | Error / long |\n|---|---|---|\n| a\\|b | 1.5 |  |\n\n"
        "**Algorithm 1.** Exchange\n\n````\nfor x do\n  swap ```\n````\n\n"
        "y = x (1)\n\n"
        "## References\n\n1. A. Lee. Sorting. 2020.\n2. B. Ode. More. 2021.\n\n"
        "## A Proofs\n\nAll is proved.\n\n"
        "![Table 2](paper/table-2.png)\n\n**Table 2.** A picture.\n\n"
        "## Footnotes\n\nPage 1: This work was paid for by the fund of all sorters.\n"
    )


def test_a_table_is_a_table_to_readers_of_markdown() -> None:
    html = MarkdownIt("commonmark").enable("table").render(render_document(DOCUMENT, "paper"))
    assert "<th>Error / short</th>" in html
    assert "<td>a|b</td>" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "# no heading",
        "- no item",
        "> no quote",
        "*no* _emphasis_ `code`",
        "___",
        "&lt;b&gt;",
        "p_{data}_ and _{x}_",
        "| no | table |",
        "--- no rule",
    ],
)
def test_text_of_a_paper_shows_as_itself(text: str) -> None:
    reader = MarkdownIt("commonmark").enable("table")
    document = Document(title="T", sections=(Section("", "", 1, 1, text),))
    (_, shown) = reader.render(render_document(document, "paper")).split("</h1>\n")
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert shown.strip() == f"<p>{plain}</p>"
