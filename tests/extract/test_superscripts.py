"""Superscripts and subscripts of formulas are written out; marks of notes are not."""

from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox
from chatpaper.extract.document import read_document
from chatpaper.extract.glyphs.superscripts import format_with_scripts, write_out_scripts
from chatpaper.extract.layout.footnotes import remove_note_marks
from chatpaper.extract.page import Span
from chatpaper.extract.textline import build_text_line, join_spans
from tests.extract.drawn_pages import PaperPage

TEXT, MATH = "Times-Roman", "CMMI10"
UP, DOWN = 3.6, -1.5
# Text, how far it is raised, and its font; more than one of these stand one over the other.
Piece = tuple[tuple[str, float, str], ...]


def up(text: str, font: str = TEXT) -> Piece:
    return ((text, UP, font),)


def down(text: str, font: str = TEXT) -> Piece:
    return ((text, DOWN, font),)


def on_line(text: str, font: str = TEXT) -> Piece:
    return ((text, 0.0, font),)


def spans_of(*pieces: Piece) -> list[Span]:
    """Place spans side by side on a baseline at 100."""
    spans: list[Span] = []
    x = 50.0
    for piece in pieces:
        placed = [_span(*each, x) for each in piece]
        spans += placed
        x = max(span.bbox.x1 for span in placed)
    return spans


def _span(text: str, raised: float, font: str, x: float, size: float | None = None) -> Span:
    size = size or (7.0 if raised else 10.0)
    baseline = 100.0 - raised
    box = BBox(x, baseline - size, x + 0.5 * size * len(text), baseline)
    return Span(text, box, baseline, font, size, False, False, raised > 0, 0, 255, False)


@pytest.mark.parametrize(
    ("pieces", "written"),
    [
        ([on_line("an energy of 10"), up("51"), on_line(" erg")], "an energy of 10^51 erg"),
        (
            [on_line("a rate of 3×10"), up("−"), up("4"), on_line(" per day")],
            "a rate of 3×10^{−4} per day",
        ),
        (
            [
                on_line("W", MATH),
                down("q", MATH),
                on_line(" and "),
                on_line("W", MATH),
                down("v", MATH),
            ],
            "W_q and W_v",
        ),
        (
            [on_line("to "), on_line("x", MATH), down("i", MATH), down("+1"), on_line(" from")],
            "to x_{i+1} from",
        ),
        ([on_line("d", MATH), down("model "), on_line("= 512")], "d_model = 512"),
        ([on_line("the sum "), on_line("y", MATH), up("i", MATH) + down("2")], "the sum y^i_2"),
        ([on_line("R", MATH), up("n", MATH), up("×"), up("d", MATH)], "R^{n×d}"),
        ([on_line("a dose of 5 mg m"), up("−2")], "a dose of 5 mg m^{−2}"),
        ([on_line("an area of 12 cm"), up("2"), on_line(" of leaf")], "an area of 12 cm^2 of leaf"),
        ([on_line("sin"), up("2"), on_line(" θ", MATH)], "sin^2 θ"),
        ([on_line("H"), down("2"), on_line("O and CO"), down("2")], "H_2O and CO_2"),
        ([on_line("images of 256"), up("2"), on_line(" pixels")], "images of 256^2 pixels"),
        (
            [
                on_line("("),
                on_line("a", MATH),
                on_line(" + "),
                on_line("b", MATH),
                on_line(")"),
                up("2"),
            ],
            "(a + b)^2",
        ),
        (
            [on_line("Concat(h)"), on_line("W ", MATH), up("O", MATH), on_line(" where")],
            "Concat(h)W^O where",
        ),
        ([on_line("40.49"), down("−6.06")], "40.49 −6.06"),
        ([on_line("81.2"), down("±0.3"), on_line(" and")], "81.2 ±0.3 and"),
        ([on_line("Ca"), up("2+"), on_line(" ions")], "Ca^{2+} ions"),
        ([on_line("θ", MATH), up("∗", "CMSY7")], "θ^∗"),
    ],
)
def test_scripts_of_formulas_are_written_out(pieces: list[Piece], written: str) -> None:
    assert join_spans(write_out_scripts(spans_of(*pieces))) == written


@pytest.mark.parametrize(
    "pieces",
    [
        [on_line("in earlier results"), up("3"), on_line(" of ours")],
        [on_line("as was shown"), up("18,20"), on_line(". Then")],
        [on_line("by several groups"), up("5–7"), on_line(" since")],
        [
            on_line("J. Davenport"),
            up("1,2"),
            on_line(", M. Ilse"),
            up("3"),
            on_line(", K. Tal"),
            up("*"),
        ],
        [on_line("Ada Lind"), up("+"), on_line(" and Bo Rask"), up("†")],
        [on_line("the 50"), up("th"), on_line(" percentile")],
        [on_line("the survey of 2019"), up("12"), on_line(" found")],
        [on_line("in the end."), up("4"), on_line(" Then")],
        [on_line("(see the appendix)"), up("2"), on_line(" and")],
        [on_line("our Sorter"), up("TM"), on_line(" library")],
        [on_line("the value of x "), up("1"), on_line(" is")],
        [on_line("x", MATH), up("′", "CMSY7"), on_line(" is new")],
        [on_line("turned by 45"), up("◦", "CMSY7"), on_line(" at")],
        [on_line("an exponent of 10"), up("\x03", "AdvP"), up("6")],
        [on_line("an index of 12 "), up("3"), on_line(" notes")],
        [up("1"), on_line("Institute of Sorting")],
    ],
)
def test_marks_stay_as_they_are(pieces: list[Piece]) -> None:
    spans = spans_of(*pieces)
    assert write_out_scripts(spans) == tuple(spans)


def test_small_capitals_are_no_scripts() -> None:
    spans = [
        _span("D", 0.0, TEXT, 50, 9.0),
        _span("EFINITION", 0.0, TEXT, 54.5, 7.2),
        _span(" 1.", 0, TEXT, 87, 9.0),
    ]
    assert write_out_scripts(spans) == tuple(spans)


def test_what_was_taken_off_a_line_stays_off() -> None:
    line = build_text_line(1, spans_of(on_line("Abstract. Up to 10"), up("9"), on_line(" stars")))
    assert format_with_scripts(line) == "Abstract. Up to 10^9 stars"
    shorter = type(line)(
        line.page, line.bbox, line.baseline, "Up to 109 stars", line.style, line.spans
    )
    assert format_with_scripts(shorter) == "Up to 10^9 stars"
    longer = type(line)(
        line.page, line.bbox, line.baseline, "The " + line.text, line.style, line.spans
    )
    assert format_with_scripts(longer) == "The Abstract. Up to 10^9 stars"


pieces = st.lists(
    st.tuples(
        st.tuples(
            st.text("ab1 2+−(),^_{}", min_size=1, max_size=6),
            st.sampled_from([0.0, UP, DOWN]),
            st.just(TEXT),
        )
    ),
    min_size=1,
    max_size=8,
)


@given(pieces)
def test_no_letter_or_digit_is_lost_or_moved(drawn: list[Piece]) -> None:
    spans = spans_of(*drawn)
    before, after = join_spans(spans), join_spans(write_out_scripts(spans))
    assert list(filter(str.isalnum, before)) == list(filter(str.isalnum, after))


def test_a_long_hostile_line_is_read_in_proportion() -> None:
    spans = spans_of(
        on_line("1." * 50_000 + "7" * 50_000), up("2"), on_line("(" * 100_000 + "a)"), up("3")
    )
    assert join_spans(write_out_scripts(spans)).endswith("(a)^3")


def test_powers_of_a_paper_reach_its_text_its_captions_and_its_tables(tmp_path: Path) -> None:
    pdf = pymupdf.open()
    page = PaperPage(pdf.new_page(width=612, height=792))
    page.text(200, 90, "Bright Bursts and Their Hosts", 17)
    page.text(54, 140, "1 Introduction", 12, "tibo")
    page.prose((54, 558), 150, 6)
    right = page.text(54, 240, "The burst of the year released about 10")
    right = page.text(right, 236.4, "51", 7)
    page.text(right, 240, " erg, as the notes say")
    page.prose((54, 558), 250, 8)
    right = page.text(54, 380, "Table 1: Energies above 10")
    right = page.text(right, 376.4, "49", 7)
    page.text(right, 380, " erg.")
    page.page.draw_line((54, 390), (400, 390))
    right = page.text(60, 404, "Burst A")
    right = page.text(200, 404, "3×10")
    page.text(right, 400.4, "50", 7)
    page.page.draw_line((54, 412), (400, 412))
    page.prose((54, 558), 440, 12)
    page.writer.write_text(page.page)
    pdf.save(tmp_path / "bursts.pdf")

    document = read_document(tmp_path / "bursts.pdf", None)

    assert "released about 10^51 erg" in document.sections[0].text
    assert [figure.caption for figure in document.figures] == ["Energies above 10^49 erg."]
    assert "3×10^50" in document.figures[0].text


def test_the_mark_of_a_note_goes_and_a_power_of_ten_stays() -> None:
    note = build_text_line(1, spans_of(up("4"), on_line("See the archive.")))
    marked = build_text_line(1, spans_of(on_line("as the archive"), up("4"), on_line(" says")))
    power = build_text_line(1, spans_of(on_line("up to 10"), up("4"), on_line(" stars")))
    kept = remove_note_marks([marked, power], [note])
    assert [format_with_scripts(line) for line in kept] == [
        "as the archive says",
        "up to 10^4 stars",
    ]
