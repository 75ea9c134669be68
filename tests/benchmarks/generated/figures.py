"""The LaTeX of figures: what the captions refer to, in all the forms that it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.benchmarks.generated.drawings import draw_picture, draw_plot
from tests.benchmarks.generated.prose import Prose

PLOT_POINTS = 220.0
NARROW_KINDS = ("one plot", "one picture", "pictures in a grid", "framed text", "tinted panel")


@dataclass
class FigureMaker:
    """Makes bodies of figures; drawings are put into `folder`."""

    folder: Path
    random: Random
    prose: Prose
    drawn: int = 0
    wide: bool = False

    def make_body(self, width: float, *, wide: bool, narrow: bool) -> tuple[str, str]:
        """Return a kind of figure and its LaTeX, which is `width` line widths wide.

        Where lines are `wide`, across the page, it is kept low; where they are `narrow`, it is
        one of the kinds that need little width.
        """
        self.wide = wide
        kinds = {
            kind: made for kind, made in self._kinds().items() if not narrow or kind in NARROW_KINDS
        }
        kind = self.random.choices(list(kinds), [weight for weight, _ in kinds.values()])[0]
        body = kinds[kind][1](width)
        return kind, rf"\begin{{minipage}}{{\linewidth}}\centering {body}\end{{minipage}}"

    def _kinds(self) -> dict[str, tuple[int, Callable[[float], str]]]:
        return {
            "one plot": (5, self._include_plot),
            "one picture": (3, self._include_picture),
            "plots in a row": (3, self._make_row),
            "subfigures with captions": (4, self._make_subfigures),
            "pictures in a grid": (4, self._make_grid),
            "pictures under headings": (2, self._make_headed_grid),
            "framed text": (2, self._frame_text),
            "text without frame": (1, self._set_listing),
            "tinted panel": (2, self._tint_panel),
            "drawn by TeX": (1, self._draw_blocks),
        }

    def _new_name(self, ending: str) -> str:
        self.drawn += 1
        return f"drawing-{self.drawn}.{ending}"

    def _include_plot(self, width: float, ratio: float | None = None) -> str:
        ratio = ratio or self.random.uniform(*((0.25, 0.4) if self.wide else (0.4, 0.85)))
        points = PLOT_POINTS * (1.6 if width > 0.7 else 1)
        name = self._new_name("pdf")
        draw_plot(self.folder / name, self.random, points, points * ratio)
        return rf"\includegraphics[width={width:.3f}\linewidth]{{{name}}}"

    def _include_picture(self, width: float, ratio: float | None = None) -> str:
        name = self._new_name("png")
        across = self.random.randint(60, 110)
        down = round(
            across * (ratio or self.random.uniform(*((0.25, 0.4) if self.wide else (0.5, 1.0))))
        )
        draw_picture(self.folder / name, self.random, across, down)
        return rf"\includegraphics[width={width:.3f}\linewidth]{{{name}}}"

    def _make_row(self, width: float) -> str:
        count, ratio = self.random.randint(2, 3), self.random.uniform(0.5, 0.9)
        each = width * 0.96 / count
        between = self.random.choice((r"\hfill", r"\hspace{1ex}", "~"))
        return between.join(self._include_plot(each, ratio) for _ in range(count))

    def _make_subfigures(self, width: float) -> str:
        count, ratio = self.random.randint(2, 4), self.random.uniform(0.5, 0.9)
        columns = count if self.wide or (count < 4 and width > 0.6) else 2
        each = width * 0.94 / columns
        size = self.random.choice((r"\small", r"\footnotesize"))
        include = self.random.choice((self._include_plot, self._include_picture))
        parts = []
        for letter in "abcd"[:count]:
            text = self.prose.make("caption") if self.random.random() < 0.6 else ""
            parts.append(
                rf"\begin{{minipage}}[t]{{{each:.3f}\linewidth}}\centering"
                + include(0.95, ratio).replace(r"\linewidth", r"\textwidth")
                + rf"\\[2pt]{{{size} ({letter}) {text}}}\end{{minipage}}"
            )
        rows = [parts[at : at + columns] for at in range(0, count, columns)]
        return r"\\[6pt] ".join(r"\hspace{1ex}".join(row) for row in rows)

    def _make_grid(self, width: float) -> str:
        rows, columns = self.random.randint(2, 4), self.random.randint(3, 6)
        if self.wide:
            rows, columns = 2, self.random.randint(5, 8)
        each, ratio = width * 0.97 / columns - 0.005, self.random.uniform(0.6, 1.0)
        between = self.random.choice((r"\,", r"\hspace{1pt}", r"\hspace{4pt}"))
        return r"\\[2pt] ".join(
            between.join(self._include_picture(each, ratio) for _ in range(columns))
            for _ in range(rows)
        )

    def _make_headed_grid(self, width: float) -> str:
        rows, columns = self.random.randint(2, 3), self.random.randint(3, 5)
        if self.wide:
            rows, columns = 2, self.random.randint(5, 7)
        each, ratio = width * 0.9 / columns - 0.01, self.random.uniform(0.6, 1.0)
        words = self.random.sample(range(18), columns)
        heads = " & ".join(self._short_word(word) for word in words)
        lines = [
            " & ".join(self._include_picture(each, ratio) for _ in range(columns))
            for _ in range(rows)
        ]
        under = [heads] if self.random.random() < 0.5 else []
        body = r"\\ ".join([*([] if under else [heads]), *lines, *under])
        separation = r"\setlength\tabcolsep{2pt}"
        return (
            rf"{separation}\footnotesize\begin{{tabular}}{{{'c' * columns}}}{body}\end{{tabular}}"
        )

    def _short_word(self, index: int) -> str:
        return f"({'abcdefghijklmnopqrs'[index]}) {self.prose.make('short')}"

    def _frame_text(self, width: float) -> str:
        text = self.prose.make_caption(self.random.randint(3, 6))
        return (
            rf"\fbox{{\begin{{minipage}}{{{width * 0.93:.3f}\linewidth}}\small "
            rf"\textbf{{{self.prose.make('subsection')}}}\\ {text}\end{{minipage}}}}"
        )

    def _set_listing(self, width: float) -> str:
        lines = [
            rf"\hspace*{{{self.random.randint(0, 3)}em}}let {self._short_word(at % 18)[4:]} = "
            rf"{self.random.choice(('run', 'fit', 'take'))}({self.random.randint(1, 99)})"
            for at in range(self.random.randint(5, 10))
        ]
        text = r"\\ ".join(lines)
        return (
            rf"\begin{{minipage}}{{{width * 0.95:.3f}\linewidth}}\ttfamily\footnotesize "
            rf"\raggedright {text}\end{{minipage}}"
        )

    def _tint_panel(self, width: float) -> str:
        grey = self.random.choice((5, 8, 15))
        return rf"\colorbox{{black!{grey}}}{{{self._include_plot(width * 0.95)}}}"

    def _draw_blocks(self, width: float) -> str:
        blocks = [
            rf"\fbox{{\rule[-2ex]{{0pt}}{{6ex}}\ {self.prose.make('short')}\ }}"
            for _ in range(self.random.randint(2, 3))
        ]
        return r"$\;\longrightarrow\;$".join(blocks)
