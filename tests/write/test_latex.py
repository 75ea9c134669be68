"""LaTeX in metadata as the text that it stands for, and nothing lost on the way."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Paper
from chatpaper.write.markup.latex import answer_to_text, latex_to_text, paper_to_text
from chatpaper.write.markup.spans import MATHS


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            r"Erd\H{o}s, G\"odel, \'{E}tienne, {\'e}, Fran\c cois, na\"{\i}ve",
            "Erdős, Gödel, Étienne, é, François, naïve",
        ),
        (
            r"Stra{\ss}e, Stra\ss e, \O ystein, {\L}ukasz, \AA{}rhus",
            "Straße, Straße, Øystein, Łukasz, Århus",
        ),
        (r"\emph{a \textbf{bold {c}}} claim, {\bf so} {\em it} is", "a bold c claim, so it is"),
        (r"\textit{captions} given \texttt{a_b}", "captions given a_b"),
        (r"{BERT} and {{GPT}}-4: {A} {Large-Scale} Study", "BERT and GPT-4: A Large-Scale Study"),
        (r"code: \url{https://a.b/~x%20_y}.", "code: https://a.b/~x%20_y."),
        (r"\href{https://a.b}{our page}", "our page (https://a.b)"),
        (r"50\% of \$5 \& \#1 x\_y \{a\}", "50% of $5 & #1 x_y {a}"),
        ("Fig.~2, $x$~and 5~GPUs, et al.~2020", "Fig. 2, $x$ and 5 GPUs, et al. 2020"),
        ("1--3, A --- B, ``quoted'' and `so'", "1–3, A — B, “quoted” and ‘so’"),
        (r"Fig.~3 takes ~30\%, 10\,000 km", "Fig. 3 takes ~30%, 10 000 km"),
        (
            r"\alpha particles \rightarrow \LaTeX{} \ours{} \method achieves",
            "α particles → LaTeX ours method achieves",
        ),
        (r"\frac{a}{b} and \cite[see][]{x} \unknown{kept}", "a b and x kept"),
        (r"\begin{itemize}\item a\end{itemize}", "a"),
        (r"a \(x_i\) and \[y^2\] and $$z$$", "a $x_i$ and $y^2$ and $z$"),
        (r"\emph{few $\emph{x}_i$ steps}", r"few $\emph{x}_i$ steps"),
        ("un{balanced and un}balanced", "unbalanced and unbalanced"),
        (r"\textbf{un \emph{closed}", "un closed"),
        ("e\u0301", "é"),
        (r"10{\mu}m of {\pi}N at 25{\textdegree}C, A{\textendash}B", "10μm of πN at 25°C, A–B"),
        (r"p \textless 0.05, x\textasciicircum{}2, a\textunderscore{}b", "p < 0.05, x^2, a_b"),
    ],
)
def test_macros_become_what_they_stand_for(source: str, text: str) -> None:
    assert " ".join(latex_to_text(source).split()) == text


@pytest.mark.parametrize(
    "text",
    [
        "50% of a_b x^2 #1 A&B costs $5, or $10",
        "接近~18% (~18%), 2~8 倍",
        "1{X_t=1} 与 Σ_{t=1}^n",
        "labels in {0,1} and {{ config.title }} {% raw %}",
        "--flag, ``` fence, `code`, it's don't, O'Brien",
        "C:\\Users\\x and a trailing \\",
        "http://a.b/~user/%7Ex--y",
        r"$\mathbf{x}_{i}~y--z$",
    ],
)
def test_what_is_no_latex_stays(text: str) -> None:
    assert latex_to_text(text) == text


def test_an_escaped_quote_of_a_model_is_a_quote_and_no_accent() -> None:
    assert answer_to_text(r"提出 \"attention\" 与 \'so\'") == "提出 \"attention\" 与 'so'"


def test_the_whole_record_is_readable_and_its_keys_are_kept() -> None:
    paper = Paper(
        "2407.1", r"\emph{T}", (r"G\"odel, K.",), "``a''", comment=r"5\%", abs_url="http://a/~b--c"
    )
    shown = paper_to_text(paper)
    assert (shown.title, shown.authors, shown.abstract, shown.comment) == (
        "T",
        ("Gödel, K.",),
        "“a”",
        "5%",
    )
    assert (shown.arxiv_id, shown.abs_url) == (paper.arxiv_id, paper.abs_url)


PIECES = st.sampled_from(
    [
        *(
            "word",
            " ",
            "x_i",
            "50%",
            "#1",
            "^2",
            "$5",
            "$a_1$",
            "$",
            "é",
            "中文",
            "3.5",
            "a--b",
            "~",
            "Fig.~3",
            "--",
            "---",
        ),
        *(
            "\\emph{",
            "\\textbf{",
            "}",
            "{",
            "{0,1}",
            "{{ x }}",
            "``",
            "''",
            "`",
            "'",
            "\\%",
            "\\\\",
            "\\",
            "\\(",
            "\\)",
        ),
        *(
            "\\unknown{",
            "\\ours",
            "\\alpha ",
            "\\'e",
            '\\"{o}',
            "{\\ss}",
            "\\url{http://a.b/c}",
            "http://a.b/~c",
        ),
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_numbers_words_and_formulas_are_never_lost(text: str) -> None:
    made = latex_to_text(text)
    assert re.findall(r"\d+", made) == re.findall(r"\d+", text)
    assert made.count("word") == text.count("word")
    assert made.count("中文") == text.count("中文")
    kept = [match[0] for match in MATHS.finditer(text) if "\\(" not in text]
    assert all(formula in made for formula in kept)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    made = latex_to_text(text)
    assert unicodedata.is_normalized("NFC", made)
    if not re.search(r"[\\{}~`$]|--", text):
        assert made == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("piece", "shown"),
    [
        ("{", ""),
        ("\\a{", "a "),
        ("\\(", "\\("),
        ("``", "``"),
        ("a--b", "a–b"),
        ("$", "$"),
        ("{a", "a"),
        ("\\href{a}{", "a "),
        ("\\textbf{x", "x"),
        ("a}", "a"),
    ],
)
def test_a_long_text_is_read_to_its_end(piece: str, shown: str) -> None:
    assert latex_to_text(piece * 5_000) == shown * 5_000


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("x~N(0,1) 且 A~Z", "x~N(0,1) 且 A~Z"),
        ("见 Table~2 与 Fig.~3", "见 Table 2 与 Fig. 3"),
        ("$a~b$ 与 https://a.b/~user/x--y", "$a~b$ 与 https://a.b/~user/x--y"),
    ],
)
def test_a_tilde_of_an_answer_is_no_tie_but_before_a_number(written: str, shown: str) -> None:
    assert answer_to_text(written) == shown
