"""The LaTeX of tables: ruled, tinted, tight, with notes, of words or of numbers."""

from dataclasses import dataclass
from random import Random

from tests.benchmarks.generated.prose import Prose

RULES = {"booktabs": 6, "fully ruled": 2, "heads ruled": 2, "double rules": 1, "no rules": 1}
TINTS = ("black!6", "blue!8", "green!10", "orange!15", "yellow!25")


@dataclass(frozen=True)
class TableForm:
    """How a table looks."""

    rules: str
    columns: int
    rows: int
    tint: str
    words: bool
    groups: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name what is special about it."""
        named = {
            f"table: {self.rules}": True,
            "tinted table": self.tint != "",
            "table of sentences": self.words,
            "grouped heads": self.groups,
        }
        return tuple(kind for kind, holds in named.items() if holds)


def choose_form(random: Random, *, wide: bool) -> TableForm:
    """Choose how a table looks; a `wide` one has more columns."""
    words = random.random() < 0.15
    columns = random.randint(2, 3) if words else random.randint(3, 5) + (3 if wide else 0)
    rules = random.choices(list(RULES), list(RULES.values()))[0]
    return TableForm(
        rules=rules,
        columns=columns,
        rows=random.randint(3, 6) if words else random.randint(3, 14),
        tint=random.choice(("", "", "rows", "head", "one row", "one column")),
        words=words,
        groups=columns >= 5 and random.random() < 0.4,
    )


def make_table(form: TableForm, random: Random, prose: Prose, width: float) -> str:
    """Return the LaTeX of a table that is about `width` line widths wide where it has sentences."""
    tint = random.choice(TINTS)
    lines = [*_make_heads(form, prose, tint), *_make_rows(form, random, prose, tint)]
    top, bottom = {
        "booktabs": (r"\toprule ", r"\bottomrule"),
        "fully ruled": (r"\hline ", ""),
        "double rules": (r"\hline\hline ", r"\hline\hline"),
        "heads ruled": ("", ""),
        "no rules": ("", ""),
    }[form.rules]
    before = rf"\rowcolors{{2}}{{{tint}}}{{white}}" if form.tint == "rows" else ""
    body = " ".join(lines)
    return (
        rf"{before}\begin{{tabular}}{{{_specify_columns(form, width, tint)}}}"
        rf"{top}{body}{bottom}\end{{tabular}}"
    )


def _specify_columns(form: TableForm, width: float, tint: str) -> str:
    first = "l"
    others = ["c"] * (form.columns - 1)
    if form.words:
        each = width * 0.9 / form.columns
        first = rf"p{{{each * 0.8:.3f}\linewidth}}"
        others = [rf"p{{{each:.3f}\linewidth}}"] * (form.columns - 1)
    elif form.tint == "one column":
        others[-1] = rf">{{\columncolor{{{tint}}}}}c"
    between = "|" if form.rules == "fully ruled" else ""
    return between + between.join((first, *others)) + between


def _make_heads(form: TableForm, prose: Prose, tint: str) -> list[str]:
    heads = [prose.make("short") for _ in range(form.columns)]
    if prose.random.random() < 0.5:
        heads = [rf"\textbf{{{head}}}" for head in heads]
    colour = rf"\rowcolor{{{tint}}}" if form.tint == "head" else ""
    rule = {"booktabs": r"\midrule", "no rules": ""}.get(form.rules, r"\hline")
    lines = [colour + " & ".join(heads) + rf"\\ {rule}"]
    if form.groups:
        left = (form.columns - 1) // 2
        right = form.columns - 1 - left
        middle = (
            rf"\cmidrule(lr){{2-{left + 1}}}\cmidrule(lr){{{left + 2}-{form.columns}}}"
            if form.rules == "booktabs"
            else rf"\cline{{2-{form.columns}}}"
        )
        lines.insert(
            0,
            rf" & \multicolumn{{{left}}}{{c}}{{{prose.make('short')}}} & "
            rf"\multicolumn{{{right}}}{{c}}{{{prose.make('short')}}}\\ {middle}",
        )
    return lines


def _make_rows(form: TableForm, random: Random, prose: Prose, tint: str) -> list[str]:
    marked = random.randrange(form.rows) if form.tint == "one row" else -1
    lines = []
    for row in range(form.rows):
        name = f"{prose.make('short')} {row + 1}"
        cells = [_make_cell(form, random, prose) for _ in range(form.columns - 1)]
        colour = rf"\rowcolor{{{tint}}}" if row == marked else ""
        rule = r"\hline" if form.rules == "fully ruled" else ""
        lines.append(colour + " & ".join((name, *cells)) + rf"\\ {rule}")
    return lines


def _make_cell(form: TableForm, random: Random, prose: Prose) -> str:
    if form.words:
        return prose.make("sentence")
    digits = random.choice((1, 2))
    value = f"{random.uniform(0, 100):.{digits}f}"
    return random.choice((value, value, value, rf"{value}$\,\pm\,$0.{random.randint(1, 9)}", "--"))
