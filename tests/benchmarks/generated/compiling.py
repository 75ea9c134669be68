"""LaTeX run on a paper, with the clock fixed: the same source gives the same PDF."""

import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
CLOCK = "1793523600"  # 2026-11-01, 09:00 UTC: the date in the PDFs
RUNS = 2  # references need two
SECONDS = 120.0
ENGINES = ("pdflatex", "xelatex", "lualatex", "uplatex")
# What is put before a source so that the PDF names no random identifier.
FIXED_IDENTIFIER = {
    "pdflatex": r"\pdftrailerid{}\pdfsuppressptexinfo15 ",
    "lualatex": r"\pdfvariable trailerid{[<00><00>]}\pdfvariable suppressoptionalinfo 511 ",
}


class TypesettingError(Exception):
    """A paper that LaTeX refuses; the message has what LaTeX said."""


def has_tex_live() -> bool:
    """Whether the engines are installed."""
    return all(shutil.which(engine) for engine in ENGINES)


def typeset(latex: str, stem: str, engine: str, folder: Path) -> Path:
    """Typeset a source in a folder, where its drawings are, and return the PDF."""
    (folder / f"{stem}.tex").write_text(FIXED_IDENTIFIER.get(engine, "") + latex, "utf-8")
    environment = os.environ | {
        "SOURCE_DATE_EPOCH": CLOCK,
        "FORCE_SOURCE_DATE": "1",
        "TEXINPUTS": f".:{HERE}:",
        "max_print_line": "1000",
    }
    commands = [[engine, "-interaction=nonstopmode", f"{stem}.tex"]] * RUNS
    if engine == "uplatex":
        commands = [*commands, ["dvipdfmx", f"{stem}.dvi"]]
    for command in commands:
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                capture_output=True,
                timeout=SECONDS,
                text=True,
                errors="replace",
            )
        except subprocess.TimeoutExpired as slow:
            raise TypesettingError(f"{stem}: {command[0]} took {SECONDS:.0f} s") from slow
        wrong = re.search(r"^!.*(?:\n.*){0,8}", done.stdout, re.MULTILINE)
        if done.returncode or wrong:
            said = wrong[0] if wrong else done.stdout[-600:] + done.stderr[-300:]
            raise TypesettingError(f"{stem}: {command[0]}: {said}")
    return folder / f"{stem}.pdf"
