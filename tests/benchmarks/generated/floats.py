"""Floats: a body with its caption, placed in one of many ways."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.benchmarks.generated.figures import FigureMaker
from tests.benchmarks.generated.plan import PlannedFloat
from tests.benchmarks.generated.prose import Prose
from tests.benchmarks.generated.tables import choose_form, make_table
from tests.benchmarks.generated.variation import Variation

# How often each way of placing is taken.
PLACINGS = {
    "in the column": 10,
    "full width": 5,
    "wrapped": 3,
    "sideways": 1,
    "two side by side": 2,
    "caption beside": 1,
}
LONG_CAPTION_SHARE = 0.25
OTHER_SIDE_SHARE = 0.04
NOTES_SHARE = 0.25


@dataclass
class FloatMaker:
    """Makes the floats of one paper and notes what they are in `made`."""

    random: Random
    prose: Prose
    figures: FigureMaker
    variation: Variation
    made: list[PlannedFloat] = field(default_factory=list)

    def make(self, kind: str) -> tuple[str, bool]:
        """Return the LaTeX of a float, and whether text has to follow that flows around it."""
        placing = self.random.choices(list(PLACINGS), list(PLACINGS.values()))[0]
        if placing == "full width" and self.variation.columns == 1:
            placing = "in the column"
        return PLACERS[placing](self, kind, placing), placing == "wrapped"

    def _make_parts(self, kind: str, placing: str, width: float, more: str = "") -> tuple[str, str]:
        """Return body and caption, either of which may come first."""
        wide = placing in ("full width", "sideways")
        if kind == "figure":
            narrow = placing == "wrapped" and self.variation.columns == 2
            form, body = self.figures.make_body(width, wide=wide, narrow=narrow)
            kinds: tuple[str, ...] = (form,)
        else:
            table = choose_form(self.random, wide=wide)
            body, kinds = make_table(table, self.random, self.prose, width), table.kinds
        long = self.random.random() < LONG_CAPTION_SHARE
        caption = self.prose.make_caption(self.random.randint(3, 6) if long else 1)
        name = f"{kind[0]}{len(self.made) + 1}"
        kinds = (*kinds, placing, *(["long caption"] if long else []))
        notes = ""
        if kind == "table" and self.random.random() < NOTES_SHARE:
            notes = rf"\\[2pt]{{\footnotesize Note: {self.prose.make_caption(1)}}}"
            kinds = (*kinds, "notes under the table")
        self.made.append(PlannedFloat(name, kind, caption, kinds))
        number = rf"\the{kind}"
        return (
            rf"{more}\truthbox{{{name}}}{{{body}}}{notes}",
            rf"\caption{{{caption}}}\truthlabel{{{name}}}{{{number}}}\label{{{name}}}",
        )

    def _arrange(self, kind: str, parts: tuple[str, str]) -> str:
        body, caption = parts
        above = (
            self.variation.figure_captions_above
            if kind == "figure"
            else not self.variation.table_captions_below
        )
        if self.random.random() < OTHER_SIDE_SHARE:
            above = not above
        return (
            rf"{caption}\par\vspace{{4pt}}{body}"
            if above
            else rf"{body}\par\vspace{{3pt}}{caption}"
        )

    def _place_float(self, kind: str, placing: str) -> str:
        star = "*" if placing == "full width" else ""
        where = self.random.choice(("t", "tp", "tb", "bt", "htbp") if not star else ("t", "tp"))
        width = self.random.choice((0.5, 0.7, 0.85, 1.0))
        content = self._arrange(kind, self._make_parts(kind, placing, width))
        return rf"\begin{{{kind}{star}}}[{where}]\centering {content}\end{{{kind}{star}}}"

    def _place_wrapped(self, kind: str, placing: str) -> str:
        side = self.random.choice("LR")  # In capitals it moves on where the page ends.
        width = self.random.choice((0.4, 0.45, 0.5))
        content = self._arrange(kind, self._make_parts(kind, placing, 0.96))
        return (
            rf"\begin{{wrap{kind}}}{{{side}}}{{{width}\columnwidth}}\centering {content}"
            rf"\end{{wrap{kind}}}"
        )

    def _place_sideways(self, kind: str, placing: str) -> str:
        content = self._arrange(kind, self._make_parts(kind, placing, 0.55))
        name = self.made[-1].name
        star = "*" if self.variation.columns == 2 else ""
        return (
            rf"\begin{{{kind}{star}}}[p]\centering\rotatebox{{90}}{{\truthorigin{{{name}}}"
            rf"\begin{{minipage}}[b]{{0.8\textheight}}\centering {content}\end{{minipage}}}}"
            rf"\end{{{kind}{star}}}"
        )

    def _place_two(self, kind: str, placing: str) -> str:
        star = "*" if self.variation.columns == 2 else ""
        halves = [
            rf"\begin{{minipage}}[t]{{0.48\linewidth}}\centering "
            rf"{self._arrange(kind, self._make_parts(kind, placing, 0.95))}\end{{minipage}}"
            for _ in range(2)
        ]
        both = r"\hfill".join(halves)
        return rf"\begin{{{kind}{star}}}[t]{both}\end{{{kind}{star}}}"

    def _place_beside(self, kind: str, placing: str) -> str:
        star = "*" if self.variation.columns == 2 else ""
        body, caption = self._make_parts(kind, placing, 0.95)
        where = self.random.choice("ct")
        return (
            rf"\begin{{{kind}{star}}}[t]\begin{{minipage}}[{where}]{{0.58\linewidth}}\centering "
            rf"{body}\end{{minipage}}\hfill\begin{{minipage}}[{where}]{{0.36\linewidth}}{caption}"
            rf"\end{{minipage}}\end{{{kind}{star}}}"
        )


PLACERS: dict[str, Callable[[FloatMaker, str, str], str]] = {
    "in the column": FloatMaker._place_float,
    "full width": FloatMaker._place_float,
    "wrapped": FloatMaker._place_wrapped,
    "sideways": FloatMaker._place_sideways,
    "two side by side": FloatMaker._place_two,
    "caption beside": FloatMaker._place_beside,
}
