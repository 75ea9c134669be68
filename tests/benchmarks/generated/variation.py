"""What varies of a paper as a whole, chosen at random within what its class takes."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
TRAITS: dict[str, Any] = tomllib.loads((HERE / "traits.toml").read_text("utf-8"))
DEFAULT_FRONT = r"""\title{@TITLE@}
\author{@AUTHORS@}
\date{}
\maketitle
\begin{abstract}
@ABSTRACT@
\end{abstract}"""
CAPTIONS_ABOVE_FIGURES_SHARE = 0.08
CAPTIONS_BELOW_TABLES_SHARE = 0.4


@dataclass(frozen=True)
class DocumentClass:
    """A class of LaTeX and how papers are written in it.

    `columns` are those without an option that says another number; `takes` are groups of traits;
    headings of the levels `run_in` are followed by text on their line; with
    `last_part_of_number`, headings print only that part of their number; `file` is the name of
    the class where another is wanted in names of papers.
    """

    name: str
    engine: str = "pdflatex"
    language: str = "en"
    options: tuple[str, ...] = ("",)
    columns: int = 1
    preamble: str = ""
    front: str = DEFAULT_FRONT
    levels: tuple[str, ...] = ("section", "subsection", "subsubsection")
    run_in: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    cites: bool = True
    by_author: bool = False
    references_end: str = ""
    last_part_of_number: bool = False
    file: str = ""
    in_judging_set: bool = False


@cache
def load_classes() -> dict[str, DocumentClass]:
    """Load the classes by their names."""
    tables = tomllib.loads((HERE / "classes.toml").read_text("utf-8"))
    classes = {}
    for name, table in tables.items():
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
        }
        classes[name] = DocumentClass(name, **values)
    return classes


@dataclass(frozen=True)
class Variation:
    """What was chosen for one paper; `traits` are names with their LaTeX."""

    options: str
    columns: int
    traits: tuple[tuple[str, str], ...]
    figure_captions_above: bool
    table_captions_below: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Name all that was chosen."""
        return (
            *(name for name, _ in self.traits),
            "two columns" if self.columns == 2 else "one column",
            *(["captions above figures"] if self.figure_captions_above else []),
            "captions below tables" if self.table_captions_below else "captions above tables",
        )

    def has(self, name: str) -> bool:
        """Whether a trait was chosen."""
        return any(name == chosen for chosen, _ in self.traits)


def choose_variation(random: Random, document_class: DocumentClass) -> Variation:
    """Choose options and traits."""
    options = random.choice(document_class.options)
    two = "twocolumn" in options or document_class.columns == 2
    one = "onecolumn" in options
    return Variation(
        options=options,
        columns=2 if two and not one else 1,
        traits=tuple(
            trait
            for group in TRAITS
            if group in document_class.takes
            for trait in _choose_trait(random, group)
        ),
        figure_captions_above=random.random() < CAPTIONS_ABOVE_FIGURES_SHARE,
        table_captions_below=random.random() < CAPTIONS_BELOW_TABLES_SHARE,
    )


def _choose_trait(random: Random, group: str) -> list[tuple[str, str]]:
    left = random.random()
    for name, trait in TRAITS[group].items():
        left -= trait["share"]
        if left < 0:
            return [(name, trait["latex"])]
    return []


def replace_heading_traits(variation: Variation, latex: str) -> Variation:
    """Put LaTeX that sets headings in the place of the traits that do."""
    others = (each for each in variation.traits if each[0] not in _HEADING_TRAITS)
    return replace(variation, traits=(*others, ("small headings", latex)))


_HEADING_TRAITS = frozenset((*TRAITS["headings"], *TRAITS["numbering"]))
