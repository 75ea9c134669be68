"""A whole paper: its LaTeX and the plan of what it contains."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.benchmarks.generated.figures import FigureMaker
from tests.benchmarks.generated.floats import FloatMaker
from tests.benchmarks.generated.plan import Plan, PlannedHeading
from tests.benchmarks.generated.prose import LANGUAGES, Prose
from tests.benchmarks.generated.small_headings import (
    SmallHeadings,
    choose_small_headings,
    write_lookalike,
)
from tests.benchmarks.generated.variation import (
    DocumentClass,
    Variation,
    choose_variation,
    replace_heading_traits,
)

# Sentences that fill about a page of one column; two columns are set smaller.
SENTENCES_A_PAGE = {"en": 26, "zh": 26, "ja": 26}
TWO_COLUMNS_HOLD = 1.7
PAGES = (1.2, 2.6)
PREAMBLE = r"""\PassOptionsToPackage{table}{xcolor}
\documentclass[%s]{%s}
%s
\usepackage{graphicx,xcolor,colortbl,array,multirow,booktabs,wrapfig}
%s
\usepackage{truthmarks}
\begin{document}
%s
"""
REFERRING = {"en": "as {} shows", "zh": "（见{}）", "ja": "（{}を参照）"}
NAMES = {
    "en": {"figure": "Figure", "table": "Table"},
    "zh": {"figure": "图", "table": "表"},
    "ja": {"figure": "図", "table": "表"},
}
ACKNOWLEDGMENTS = {"en": "Acknowledgments", "zh": "致谢", "ja": "謝辞"}


@dataclass
class PaperWriter:
    """Writes one paper, block by block."""

    plan: Plan
    random: Random
    prose: Prose
    document_class: DocumentClass
    variation: Variation
    floats: FloatMaker
    references: int
    # Floats are made before the text that refers to them.
    waiting: list[tuple[str, bool]]
    small: SmallHeadings | None = None

    def write_body(self) -> str:
        """Write sections until the text fills the pages wanted."""
        language = self.document_class.language
        budget = self.random.uniform(*PAGES) * SENTENCES_A_PAGE[language]
        if self.variation.columns == 2:
            budget *= TWO_COLUMNS_HOLD
        words = LANGUAGES[language]
        sections = self.random.randint(3, 5)
        titles = self.random.sample(words["section"], sections)
        titles = [self._fill(title) for title in titles]
        titles = [words["first"], *titles, self.random.choice(words["last"])]
        text = [self._write_section(title, budget / len(titles)) for title in titles]
        text += [latex for latex, _ in self.waiting]
        return "\n\n".join(text)

    def _fill(self, pattern: str) -> str:
        return self.prose.fill_pattern(pattern)

    def _write_section(self, title: str, budget: float) -> str:
        parts = [self.write_heading(title, 1)]
        if self.random.random() < 0.7:
            parts.append(self._write_text(budget / 3))
        subsections = self.random.choice((0, 0, 1, 2, 2, 3))
        for _ in range(subsections):
            parts.append(self.write_heading(self.prose.make("subsection"), 2))
            parts.append(self._write_text(budget / (subsections + 1)))
            if self.random.random() < 0.12 and len(self.document_class.levels) > 2:
                parts.append(self.write_heading(self.prose.make("subsection"), 3))
                parts.append(self._write_text(2))
        if not subsections:
            parts.append(self._write_text(budget / 2))
        return "\n\n".join(parts)

    def write_heading(self, title: str, level: int, *, starred: bool = False) -> str:
        """Write a heading with the mark that notes its page and number."""
        command = self.document_class.levels[level - 1]
        name = f"h{len(self.plan.headings) + 1}"
        numbered = not starred and not self.variation.has("headings without numbers")
        run_in = command in self.document_class.run_in
        stop = ""
        if self.small is not None:
            numbered = numbered and command not in self.small.unnumbered
            run_in = command in self.small.run_in
            stop = "." if command in self.small.dotted else ""
            title = self.small.write_title(title)
        self.plan.headings.append(PlannedHeading(name, title, level, numbered, run_in))
        star = "*" if starred else ""
        return rf"\{command}{star}{{{title}{stop}}}\truthlabel{{{name}}}{{\the{command}}}"

    def _write_text(self, sentences: float) -> str:
        paragraphs = []
        left = max(2, round(sentences))
        while left > 0:
            count = min(left, self.random.randint(3, 7))
            left -= count
            paragraphs.append(self._write_block())
            if self.small is not None:
                paragraphs.append(write_lookalike(self.small, self.random, self.prose))
            if self.waiting and self.random.random() < 0.55:
                latex, wrapped = self.waiting.pop(0)
                paragraphs.append(latex)
                if wrapped:  # Text has to go around it to its end.
                    paragraphs[-1] += "\n" + self._write_paragraph(6)
                    paragraphs.append(self._write_paragraph(6))
                    left -= 12
            paragraphs.append(self._write_paragraph(count))
        return "\n\n".join(part for part in paragraphs if part)

    def _write_paragraph(self, sentences: int) -> str:
        return self.prose.make_paragraph(sentences, self._make_asides())

    def _make_asides(self) -> list[str]:
        asides = (
            [rf"\footnote{{{self.prose.make_caption(1)}}}"] if self.random.random() < 0.2 else []
        )
        if self.document_class.cites:
            asides += [rf"\cite{{r{self.random.randint(1, self.references)}}}" for _ in range(3)]
        for planned in self.random.sample(self.floats.made, min(2, len(self.floats.made))):
            language = self.document_class.language
            name = rf"{NAMES[language][planned.kind]}~\ref{{{planned.name}}}"
            asides.append(REFERRING[language].format(name))
        return asides

    def _write_block(self) -> str:
        chance = self.random.random()
        if chance < 0.1:
            return (
                r"\begin{equation} \hat{y}_{t} = \frac{1}{n}\sum_{i=1}^{n} w_i x_{i,t} + "
                rf"\int_0^{{{self.random.randint(2, 9)}}} f(s)\,ds \end{{equation}}"
            )
        if chance < 0.15:
            kind = self.random.choice(("itemize", "enumerate"))
            items = " ".join(rf"\item {self._write_paragraph(1)}" for _ in range(3))
            return rf"\begin{{{kind}}}{items}\end{{{kind}}}"
        if chance < 0.18 and self.variation.columns == 1:
            return rf"\marginpar{{\footnotesize {self.prose.make('subsection')}}}"
        if chance < 0.22:
            return rf"\textbf{{{self.prose.make('subsection')}.}} {self._write_paragraph(3)}"
        return ""

    def write_references(self) -> str:
        """Write the bibliography."""
        words = LANGUAGES[self.document_class.language]
        items = []
        for at in range(1, self.references + 1):
            year = self.random.randint(1985, 2025)
            names = self.random.sample(words["name"], 2)
            family = names[0].split()[-1]
            label = f"[{family}({year})]" if self.document_class.by_author else ""
            items.append(
                rf"\bibitem{label}{{r{at}}} {', '.join(names)}. {self.prose.make('title')}. "
                rf"\emph{{{self.random.choice(words['references'])}}} {self.random.randint(2, 60)}"
                rf"({self.random.randint(1, 12)}), {self.random.randint(1, 400)}--"
                rf"{self.random.randint(401, 800)}, {year}."
            )
        body = "\n".join(items)
        return rf"\begin{{thebibliography}}{{99}}{body}\end{{thebibliography}}"


def write_paper(
    stem: str,
    document_class: DocumentClass,
    random: Random,
    folder: Path,
    *,
    small_headings: bool = False,
) -> tuple[str, Plan]:
    """Return the LaTeX and the plan of a paper; its drawings are put into `folder`."""
    small = choose_small_headings(random) if small_headings else None
    variation = choose_variation(random, document_class)
    if small is not None:
        variation = replace_heading_traits(variation, small.latex)
    prose = Prose(random, document_class.language)
    title = prose.make("title")
    abstract = prose.make_plain_paragraph(random.randint(4, 7))
    floats = FloatMaker(random, prose, FigureMaker(folder, random, prose), variation)
    kinds = [random.choice(("figure", "figure", "table")) for _ in range(random.randint(4, 7))]
    plan = Plan(
        stem,
        document_class.name,
        title,
        abstract,
        document_class.language,
        document_class.last_part_of_number,
        (*variation.names, *(small.names if small else ())),
        floats=floats.made,
        sentences=prose.sentences,
    )
    references = random.choice((8, 12, 20, 45))
    waiting = [floats.make(kind) for kind in kinds]
    writer = PaperWriter(
        plan, random, prose, document_class, variation, floats, references, waiting, small
    )
    parts = [writer.write_body()]
    if random.random() < 0.4:
        acknowledgments = ACKNOWLEDGMENTS[document_class.language]
        parts += [writer.write_heading(acknowledgments, 1, starred=True), prose.make_paragraph(2)]
    parts.append(writer.write_references() + document_class.references_end)
    if random.random() < 0.3:
        parts += [
            r"\appendix",
            writer.write_heading(prose.make("appendix"), 1),
            prose.make_paragraph(6),
        ]
    return _fill_preamble(document_class, variation, plan) + "\n\n".join(
        (*parts, r"\end{document}")
    ), plan


def _fill_preamble(document_class: DocumentClass, variation: Variation, plan: Plan) -> str:
    words = LANGUAGES[plan.language]
    filled = {
        "@TITLE@": plan.title,
        "@AUTHORS@": r" \and ".join(words["name"][:2]),
        "@AUTHOR@": words["name"][0],
        "@SECOND@": words["name"][1],
        "@INSTITUTE@": words["institute"][0],
        "@ABSTRACT@": plan.abstract,
    }
    front, preamble = document_class.front, document_class.preamble
    for mark, text in filled.items():
        front, preamble = front.replace(mark, text), preamble.replace(mark, text)
    traits = "\n".join(latex for _, latex in variation.traits)
    name = document_class.file or document_class.name
    return PREAMBLE % (variation.options, name, preamble, traits, front)
