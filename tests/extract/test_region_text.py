"""A figure shows no slice of the lines above and below it."""

from pathlib import Path

import pymupdf

from chatpaper.extract.document import read_document


def test_a_drawing_that_reaches_into_its_caption_is_cut_where_the_caption_begins(
    tmp_path: Path,
) -> None:
    with pymupdf.open() as pdf:
        page = pdf.new_page()
        page.insert_textbox(
            pymupdf.Rect(72, 60, 540, 200),
            "Words of a paper that are long enough. " * 12,
            fontsize=10,
        )
        page.draw_rect(pymupdf.Rect(150, 220, 450, 381), fill=(0.2, 0.4, 0.8))
        page.insert_text(
            (150, 390),
            "Figure 1: A box whose edge lies a little lower than its caption begins.",
            fontsize=10,
        )
        page.insert_textbox(
            pymupdf.Rect(72, 420, 540, 700), "More words of the same paper. " * 20, fontsize=10
        )
        pdf.save(tmp_path / "paper.pdf")
        caption = page.search_for("Figure 1:")[0]
    (figure,) = read_document(tmp_path / "paper.pdf", None).figures
    assert abs(figure.bbox.y0 - 220) < 2
    assert figure.bbox.y1 <= caption.y0 + 0.5
