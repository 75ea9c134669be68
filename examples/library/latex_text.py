"""Read the restrained LaTeX of this library as the text that it prints."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MATHS_OPENS, MATHS_CLOSES = "⟦", "⟧"

NOT_RUNNING_TEXT = (
    *("figure", "table", "algorithm", "wrapfigure", "equation", "align"),
    *("abstract", "keywords", "IEEEkeywords", "thebibliography"),
)
ARGUMENTS_OF_DROPPED = {"footnote": 1, "label": 1, "hidden": 3, "keywords": 1, "thispagestyle": 1}
KEPT_ARGUMENT = frozenset(
    (
        "emph",
        "textbf",
        "textit",
        "textsc",
        "texttt",
        "url",
        "paragraph",
        "mathrm",
        "mathbf",
        "mathcal",
    )
)
SILENT = frozenset(
    (
        *("noindent", "small", "sffamily", "bfseries", "centering", "maketitle", "appendix"),
        *("left", "right", "bigl", "bigr", "hat", "tilde"),
    )
)
GREEK = {
    "alpha": "α",
    "beta": "β",
    "delta": "δ",
    "varepsilon": "ε",
    "theta": "θ",
    "lambda": "λ",
    "rho": "ρ",
}
SIGNS = {
    "cdot": "·",
    "times": "×",
    "ldots": "...",
    "sqrt": "√",
    "infty": "∞",
    "leq": "≤",
    "geq": "≥",
    "pm": "±",
}
SYMBOLS = GREEK | SIGNS | {"ln": "ln", "log": "log", "exp": "exp"}
ESCAPED = {
    "\\": " ",
    ",": "",
    ";": "",
    "!": "",
    "-": "",
    "/": "",
    "@": "",
}  # others print themselves
BREAK_IN_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")
TOKEN = re.compile(
    r"\\([A-Za-z]+)\*?\s*|\\(.)|(\$)|(~)|(---?)|(``)|('')|([{}])|([^\\$~{}`'-]+)|(.)", re.DOTALL
)


def without_comments(latex: str) -> str:
    """Remove the comments from LaTeX; an escaped per cent sign begins none."""
    return re.sub(r"(?<!\\)%.*\n?", "", latex)


def environments(latex: str, name: str) -> list[str]:
    """Return the insides of all environments of a name, starred or not."""
    return [
        m[2] for m in re.finditer(rf"\\begin\{{({name}\*?)\}}(.*?)\\end\{{\1\}}", latex, re.DOTALL)
    ]


def arguments(latex: str, start: int, count: int) -> list[str]:
    """Return the next `count` braced arguments from `start` on."""
    found = []
    for _ in range(count):
        argument, start = Source(latex).group(latex.index("{", start))
        found.append(argument)
    return found


@dataclass(frozen=True)
class Source:
    """A piece of LaTeX, or a whole source."""

    latex: str

    def group(self, start: int) -> tuple[str, int]:
        """Return the inside of the braces that open at `start`, and where what follows begins.

        Raises ValueError where they are not closed.
        """
        depth = 0
        for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(self.latex, start):
            depth += {"{": 1, "}": -1}.get(found[0], 0)
            if depth == 0:
                return self.latex[start + 1 : found.start()], found.end()
        raise ValueError(f"no closing brace: {self.latex[start : start + 60]!r}")

    @property
    def preamble(self) -> str:
        """The LaTeX before the document begins."""
        return self.latex.partition("\\begin{document}")[0]

    @property
    def body(self) -> str:
        """The LaTeX of the document."""
        return self.latex.partition("\\begin{document}")[2].partition("\\end{document}")[0]

    @property
    def abstract(self) -> str:
        """The LaTeX of the abstract."""
        return environments(self.latex, "abstract")[0]

    @property
    def title(self) -> str:
        """The LaTeX of the title."""
        found = re.search(r"\\title(?:\[.*?\])?(?=\{)", self.latex)
        assert found
        return self.group(found.end())[0]

    def text(
        self,
        numbers: Mapping[str, str],
        citations: Mapping[str, str],
        cites_by_author: bool,
        *,
        marked: bool = True,
    ) -> str:
        """Return the text as printed, one paragraph a line."""
        latex = self.latex
        for name in NOT_RUNNING_TEXT:
            latex = re.sub(
                rf"\\begin\{{{re.escape(name)}\*?\}}.*?\\end\{{{re.escape(name)}\*?\}}[ \t]*\n?",
                "",
                latex,
                flags=re.DOTALL,
            )
        latex = re.sub(r"\\\[.*?\\\][ \t]*\n?", "", latex, flags=re.DOTALL)
        latex = re.sub(r"\\(?:begin|end)\{\w+\*?\}(\[.*?\])?", " ", latex)
        printed = Reader(latex, numbers, citations, cites_by_author, marked).read()
        lines = [
            BREAK_IN_CHINESE.sub("", re.sub(r"\s+", " ", line)).strip()
            for line in re.split(r"\n\s*\n", printed)
        ]
        return "\n".join(line for line in lines if line)


@dataclass
class Reader:
    """Walks through tokens of LaTeX and collects what they print."""

    latex: str
    numbers: Mapping[str, str]
    citations: Mapping[str, str]
    cites_by_author: bool
    marked: bool
    place: int = 0
    in_maths: bool = False

    def read(self) -> str:
        """Return what the rest of the LaTeX prints."""
        printed = []
        while self.place < len(self.latex):
            token = TOKEN.match(self.latex, self.place)
            assert token
            self.place = token.end()
            printed.append(self.one(token))
        return "".join(printed)

    def one(self, token: re.Match[str]) -> str:
        """Return what one token prints, together with the arguments that it takes."""
        name, escaped, dollar, tie, dash, opening, closing, brace, plain, other = token.groups()
        if name:
            return self.command(name, token[0])
        if dollar:
            self.in_maths = not self.in_maths
            return (MATHS_OPENS if self.in_maths else MATHS_CLOSES) if self.marked else ""
        if plain:
            return re.sub(r"[\s^_&]", "", plain) if self.in_maths else plain.replace("&", " ")
        fixed = {"`": "‘", "'": "′" if self.in_maths else "’", "-": "−" if self.in_maths else "-"}
        return (
            (ESCAPED.get(escaped, escaped) if escaped else "")
            or (" " if tie else "")
            or ({"--": "–", "---": "—", None: ""}[dash])
            or ("“" if opening else "")
            or ("”" if closing else "")
            or ("" if brace or not other else fixed.get(other, other))
        )

    def argument(self) -> str:
        """Skip an optional argument, and return the LaTeX of the next braced one."""
        skipped = re.compile(r"\s*(\[[^\]]*\])?\s*").match(self.latex, self.place)
        assert skipped
        argument, self.place = Source(self.latex).group(skipped.end())
        return argument

    def inner(self, latex: str) -> str:
        """Return what LaTeX within this one prints."""
        return Reader(
            latex,
            self.numbers,
            self.citations,
            self.cites_by_author,
            self.marked,
            in_maths=self.in_maths,
        ).read()

    def command(self, name: str, written: str) -> str:
        """Return what a command prints.

        `written` is the command with the white space behind it. Raises ValueError for one that is
        not known.
        """
        if name in ARGUMENTS_OF_DROPPED:
            for _ in range(ARGUMENTS_OF_DROPPED[name]):
                self.argument()
            return ""
        if name in KEPT_ARGUMENT:
            return self.inner(self.argument())
        if name == "href":
            self.argument()
            return self.inner(self.argument())
        if name == "IEEEPARstart":
            return self.inner(self.argument()) + self.inner(self.argument()).upper()
        if name in ("ref", "eqref"):
            number = self.numbers[self.argument()]
            return f"({number})" if name == "eqref" else number
        if name in ("cite", "citep", "citet"):
            return self.citation(name, self.argument().split(","))
        if name in SILENT:
            return " " if written[-1:].isspace() and not self.in_maths else ""
        if name not in SYMBOLS:
            raise ValueError(f"unknown command \\{name}")
        return SYMBOLS[name]

    def citation(self, name: str, keys: list[str]) -> str:
        """Return what a citation of these keys prints: a number, or authors and year."""
        parts = [self.citations[key.strip()].split("|") for key in keys]
        if self.cites_by_author and name == "citet":
            return "; ".join(f"{authors} ({year})" for _, authors, year in parts)
        if self.cites_by_author:
            return "(" + "; ".join(f"{authors}, {year}" for _, authors, year in parts) + ")"
        numbers = "[" + ", ".join(number for number, _, _ in parts) + "]"
        return f"{parts[0][1]} {numbers}" if name == "citet" else numbers
