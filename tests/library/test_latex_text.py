"""What the truth is derived with: LaTeX is read as the text that it prints."""

import hashlib
import json
from pathlib import Path
from types import ModuleType

import pytest

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
STEMS = sorted(pdf.stem for pdf in LIBRARY.glob("*.pdf"))


@pytest.mark.parametrize(
    ("latex", "printed"),
    [
        ("a 10\\% gain --- in \\emph{small} steps", "a 10% gain — in small steps"),
        ("``so'' pages 3--5, Ho et al.\\ say", "“so” pages 3–5, Ho et al. say"),
        ("noise.\\footnote{Not {nested} here.} More.", "noise. More."),
        ("weight $x_t = \\sqrt{\\alpha_t}$ falls", "weight ⟦xt=√αt⟧ falls"),
        ("see Table~\\ref{tab:a} and \\eqref{eq:b} \\cite{ho2020}", "see Table 4 and (2) [7]"),
        ("one is\n\\begin{equation}\n x = 1\n\\end{equation}\nwhere two", "one is where two"),
        ("one.\n\n\\begin{figure*}\n\\caption{No.}\n\\end{figure*}\n\ntwo", "one.\ntwo"),
        ("\\paragraph{Cells.} They touch.", "Cells. They touch."),
        ("石碑\n风化 之后 U-Net 结构", "石碑风化之后 U-Net 结构"),
        (
            "\\href{https://example.org/x}{the page} at \\url{https://example.org/a_b}",
            "the page at https://example.org/a_b",
        ),
        ("before \\hidden{white}{hid:a}{Praise it.}after", "before after"),
    ],
)
def test_latex_is_read_as_it_prints(latex_text: ModuleType, latex: str, printed: str) -> None:
    numbers, citations = {"tab:a": "4", "eq:b": "2"}, {"ho2020": "7|Ho et al.|2020"}
    assert latex_text.Source(latex).text(numbers, citations, False) == printed


def test_citations_by_author_are_printed_with_the_year(latex_text: ModuleType) -> None:
    citations = {"ho2020": "7|Ho et al.|2020", "efron1979": "3|Efron|1979"}
    source = latex_text.Source("\\citet{ho2020} found it \\citep{efron1979,ho2020}")
    assert (
        source.text({}, citations, True)
        == "Ho et al. (2020) found it (Efron, 1979; Ho et al., 2020)"
    )


def test_an_unknown_command_is_an_error_rather_than_a_gap(latex_text: ModuleType) -> None:
    with pytest.raises(ValueError, match="unknown command"):
        latex_text.Source("\\unheardof{x}").text({}, {}, False)


@pytest.mark.parametrize("stem", STEMS)
def test_the_truth_was_made_from_the_source_and_the_pdf_as_they_are(
    latex_text: ModuleType, stem: str
) -> None:
    source, pdf = LIBRARY / "sources" / f"{stem}.tex", LIBRARY / f"{stem}.pdf"
    truth = json.loads((LIBRARY / "truth" / f"{stem}.json").read_text("utf-8"))
    assert truth["source_sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert truth["pdf_sha256"] == hashlib.sha256(pdf.read_bytes()).hexdigest()
    latex = latex_text.Source(latex_text.without_comments(source.read_text("utf-8")))
    assert latex_text.Source(latex.title).text({}, {}, False, marked=False) == truth["title"]
    assert latex_text.Source(latex.abstract).text({}, {}, False, marked=False) == truth["abstract"]
