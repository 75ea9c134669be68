"""Formulas that would do more than be typeset.

Nothing of that is left to any typesetter in posts and bibliographies.
"""

import html
import re

import pytest
from markdown_it import MarkdownIt

from chatpaper.write.export.bibtex import render_bibliography
from chatpaper.write.markup.macros import has_only_symbols, neutralize_macros
from chatpaper.write.markup.markdown import (
    escape_and_link,
    escape_cell,
    escape_image_text,
    escape_markdown,
    format_quote,
    sanitize_line,
)
from tests.write.listings import record

GFM = MarkdownIt("gfm-like")

ACTIVE = [
    r"\href{javascript:alert(1)}{x}",
    r"\href {javascript:alert(1)} x",
    r"\url{javascript:alert(1)}",
    r"\style{position:fixed;top:0}{x}",
    r"\class{evil}{x}",
    r"\cssId{evil}{x}",
    r"\htmlStyle{position:fixed}{x}",
    r"\htmlData{a=b}{x}",
    r"\bbox[position:fixed]{x}",
    r"\require{html}x",
    r"\includegraphics{https://evil.example/x.png}",
    r"\def\a{\a\a}\a",
    r"\newcommand{\a}{\a\a}\a",
    r"\let\x=\frac \x",
    r"\unicode{x3C}script",
    r"\rule{999em}{999em}",
    r"x\rlap{\smash{\raise 9em y}}",
    r"\text{a \href{javascript:alert(1)}{b}}",
    r"\color{red}x\href{javascript:alert(1)}{x}",
    r"\\href{javascript:alert(1)}{x}",
    r"&bsol;href{javascript:alert(1)}{x}",
    r"&#92;href{javascript:alert(1)}{x}",
    "\\hr\u200bef{javascript:alert(1)}{x}",
    "\\hr\u00adef{javascript:alert(1)}{x}",
]
# How MathJax finds formulas: in the text of a page, whatever our own rule for dollars says.
FRAMES = [
    "${}$",
    "$ {} $",
    "$${}$$",
    r"\({}\)",
    r"\[{}\]",
    r"\begin{{equation}}{}\end{{equation}}",
    "{}",
    "$5 and {} for $6",
]
LIVE = re.compile(
    r"\\(?:href|url|style|class|cssId|html\w+|bbox|require|includegraphics|def|newcommand|let|unicode|rule|rlap|smash|raise)"
    r"(?![A-Za-z])"
)


@pytest.mark.parametrize(
    "show", [escape_markdown, escape_and_link, escape_cell, format_quote, escape_image_text]
)
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("macro", ACTIVE)
def test_no_macro_that_does_more_than_set_is_left_in_a_page(
    macro: str, frame: str, show: object
) -> None:
    assert callable(show)
    page = html.unescape(re.sub(r"<[^>]+>", "", GFM.render(f"x {show(frame.format(macro))}")))
    assert not LIVE.search(page)


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{a}{b} \le \sqrt{\mathbb{E}[x^2]}",
        r"\alpha\beta\hrefs",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        r"\operatorname{style} = \mathrm{class}",
        r"\text{def} \letter \classes",
    ],
)
def test_what_only_sets_stays(formula: str) -> None:
    assert neutralize_macros(f"${formula}$") == f"${formula}$"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (r"$a\hspace{0.1cm}b$", "$ab$"),
        (r"$a\mkern-6mu b$", "$a b$"),
        (r"$\textcolor{red}{x}$", "${x}$"),
        (r"C:\data\style", "C:＼data＼style"),
    ],
)
def test_spaces_and_colours_go_without_a_trace(given: str, shown: str) -> None:
    assert neutralize_macros(given) == shown


def test_nothing_is_lost_of_what_is_no_macro_any_more() -> None:
    assert sanitize_line(r"$\href{u}{word}$") == r"$＼href{u}{word}$"
    assert sanitize_line(sanitize_line(r"$\href{u}{word}$")) == sanitize_line(r"$\href{u}{word}$")


@pytest.mark.parametrize(
    "formula",
    [
        r"\input{/etc/passwd}",
        r"\include{x}",
        r"\immediate\write18{id}",
        r"\openin5=/etc/passwd \read5 to \x",
        r"\csname input\endcsname{/etc/passwd}",
        r"^^5cinput{/etc/passwd}",
        r"\lstinputlisting{/etc/passwd}",
        r"\directlua{os.execute()}",
        r"\catcode`\@=11 \@@input /etc/passwd ",
        r"\def\a{\a\a}\a",
        r"\loop\iftrue\repeat",
        r"\begin{filecontents}{x}\end{filecontents}",
        r"\invented",
    ],
)
def test_a_bibliography_makes_latex_do_nothing(formula: str) -> None:
    made = render_bibliography(
        [record(title=f"On ${formula}$ of things", authors=(f"Ada ${formula}$ Byron",))]
    )
    assert not re.search(r"(?<!\\)\$", made), "no formula"
    names = set(re.findall(r"\\([A-Za-z@]+)", made))
    assert names <= {
        "textbackslash",
        "textbraceleft",
        "textbraceright",
        "textasciicircum",
        "textasciigrave",
        "textasciitilde",
        "textbullet",
    }
    assert "^^" not in made


@pytest.mark.parametrize(
    "formula",
    [
        r"O(n^2)",
        r"\mathcal{L}_{\infty} \to \frac{1}{2}",
        r"\hat{x} \le \log n",
        r"a \, b \cdot c",
        r"\ell_1",
    ],
)
def test_a_bibliography_keeps_formulas(formula: str) -> None:
    assert has_only_symbols(formula)
    assert f"${formula}$" in render_bibliography([record(title=f"On ${formula}$ of things")])


@pytest.mark.parametrize(
    "text",
    ["\\" * 100_000, "\\hspace{" * 20_000, "\\kern-" * 20_000, "\\href" * 20_000, "&" * 100_000],
)
def test_of_a_long_formula_no_macro_is_left_active(text: str) -> None:
    made = escape_markdown(f"${text}x$")
    assert made.endswith("x$")
    assert not re.search(r"\\(?:hspace|kern|href)\b", made)
