"""Headings in about the body's size, at random, and text that looks like such headings.

Papers of the field have them on request (`make --small-headings`); others are not changed by it.
"""

from dataclasses import dataclass
from random import Random

from tests.benchmarks.generated.prose import Prose

# Classes of the field whose sections are made by LaTeX's `\@startsection`.
CLASSES = (
    "article",
    "extarticle",
    "amsart",
    "amsproc",
    "ijmart",
    "IEEEconf",
    "acmconf",
    "llncs",
    "elsarticle",
    "spie",
    "proc",
    "paper",
    "artikel1",
    "hitec",
    "jsarticle",
    "ujarticle",
)
FONTS = {
    "like the body": "",
    "in small capitals": r"\scshape",
    "italic": r"\itshape",
    "bold": r"\bfseries",
    "bold italic": r"\bfseries\itshape",
    "sans": r"\sffamily",
    "in capitals": "",
}
SECTION_FONTS = (3, 4, 2, 4, 1, 1, 2)  # how often each is chosen
SUBSECTION_FONTS = (3, 2, 4, 3, 2, 1, 0)
SIZES = (r"\normalsize", r"\normalsize", r"\normalsize", r"\normalsize", r"\small", r"\large")
NUMBERS = (
    "{}.",
    "{}.",
    "{}.",
    "{}",
    "{}",
    "{})",
    "§{}.",
    "§~{}",
    "{}.~---",
)
CENTRED_SHARE = 0.35
INDENTED_SHARE = 0.15
DOTTED_SHARE = 0.2
RUN_IN_SHARE = 0.25
UNNUMBERED_SHARE = 0.15
UNNUMBERED_SUBSECTIONS_SHARE = 0.2
SENTENCE_CASE_SHARE = 0.4
LOOKALIKE_SHARE = 0.16


@dataclass(frozen=True)
class SmallHeadings:
    """How the headings of one paper are set: its LaTeX, and what is special of it.

    Headings of the levels `run_in` are followed by text; those of the levels `dotted` end in a
    full stop, and those of the levels `unnumbered` have no number. In `sentence_case`, only the
    first word has a capital.
    """

    latex: str
    names: tuple[str, ...]
    run_in: tuple[str, ...]
    dotted: tuple[str, ...]
    unnumbered: tuple[str, ...]
    sentence_case: bool

    def write_title(self, title: str) -> str:
        """Write a title in the case of this paper."""
        return title[:1] + title[1:].lower() if self.sentence_case else title


def choose_small_headings(random: Random) -> SmallHeadings:
    """Choose a style for each of three levels, and the form of the numbers."""
    names: list[str] = []
    commands: list[str] = []
    run_in, dotted, unnumbered = [], [], []
    if random.random() < UNNUMBERED_SHARE:
        unnumbered += ["section", "subsection", "subsubsection"]
    elif random.random() < UNNUMBERED_SUBSECTIONS_SHARE:
        unnumbered += ["subsection", "subsubsection"]
    for level, command in enumerate(("section", "subsection", "subsubsection"), start=1):
        weights = SECTION_FONTS if level == 1 else SUBSECTION_FONTS
        font = random.choices(tuple(FONTS), weights)[0]
        if font == "like the body" and command in unnumbered:
            font = "italic"  # Nobody could tell it from text.
        runs = level > 1 and random.random() < RUN_IN_SHARE
        place = random.random()
        centred = not runs and place < CENTRED_SHARE
        indent = r"\parindent" if not centred and place > 1 - INDENTED_SHARE else "0pt"
        above = random.choice((0.6, 0.9, 1.2, 1.6, 2.2))
        below = random.choice((0.01, 0.2, 0.5, 0.8, 1.2))
        after = "-0.6em" if runs else rf"{below}\baselineskip"
        style = rf"\normalfont{random.choice(SIZES)}{FONTS[font]}"
        style += r"\centering" if centred else r"\raggedright" if not runs else ""
        style += r"\MakeUppercase" if font == "in capitals" else ""
        commands.append(
            rf"\renewcommand\{command}{{\@startsection{{{command}}}{{{level}}}{{{indent}}}"
            rf"{{-{above}\baselineskip}}{{{after}}}{{{style}}}}}"
        )
        run_in += [command] if runs else []
        dotted += [command] if runs or random.random() < DOTTED_SHARE else []
        names += [f"{command} {font}"]
        names += [f"{command} centred"] if centred else []
        names += [f"{command} without number"] if command in unnumbered else []
    number = random.choice(NUMBERS)
    printed = number.format(r"\csname the#1\endcsname")
    define = rf"\newcommand\small@seccntformat[1]{{{printed}\enspace}}"
    commands.append(r"\let\@seccntformat\small@seccntformat")
    depth = {1: "0", 2: "1"}.get(4 - len(unnumbered), "3")
    commands.append(rf"\setcounter{{secnumdepth}}{{{depth}}}")
    begin = r"\AtBeginDocument{" + "\n".join(commands) + "}"
    latex = "\n".join((r"\makeatletter", define, begin, r"\makeatother"))
    sentence_case = random.random() < SENTENCE_CASE_SHARE
    names += ["headings in sentence case"] if sentence_case else []
    return SmallHeadings(
        latex, tuple(names), tuple(run_in), tuple(dotted), tuple(unnumbered), sentence_case
    )


def write_lookalike(small: SmallHeadings, random: Random, prose: Prose) -> str:
    """Write text that looks like headings of the body's size, or nothing."""
    if random.random() >= LOOKALIKE_SHARE:
        return ""
    phrases = [small.write_title(prose.make("subsection")) for _ in range(random.randint(2, 4))]
    sentence = prose.make_plain_paragraph(1)
    items = " ".join(rf"\item {phrase}" for phrase in phrases)
    paragraphs = "".join(
        rf"\par\smallskip\noindent {at}. {prose.make_plain_paragraph(2)}\par\smallskip" + "\n"
        for at in range(1, len(phrases) + 1)
    )
    described = " ".join(rf"\item[{each}] {prose.make_plain_paragraph(1)}" for each in phrases)
    theorem = rf"\par\medskip\noindent\textsc{{Theorem {random.randint(1, 4)}.}}"
    return random.choice(
        (
            rf"\begin{{enumerate}}{items}\end{{enumerate}}",
            rf"\begin{{enumerate}}{items}\end{{enumerate}}",
            rf"\begin{{itemize}}{items}\end{{itemize}}",
            rf"\begin{{description}}{described}\end{{description}}",
            rf"\begin{{quote}}\itshape {sentence}\end{{quote}}",
            rf"\begin{{center}}{phrases[0]}\end{{center}}",
            rf"{theorem} \textit{{{sentence}}}\par\medskip",
            rf"\par\medskip\noindent\textit{{{phrases[0]}.}} {sentence}\par",
            paragraphs,
        )
    )
