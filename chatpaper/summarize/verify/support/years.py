"""Years in two digits behind the names that they belong to."""

import re

from chatpaper.summarize.verify.names.names import find_names


def is_in_short(year: str, statement: str, paper_text: str) -> bool:
    """Tell whether the paper has a year in two digits behind its name: ILSVRC 14 for 2014."""
    return any(
        compile_in_short(name.text, year).search(paper_text)
        for name in find_names(statement)
        if re.search(rf"{re.escape(name.text)}\s?{year}", statement)
    )


def compile_in_short(name: str, year: str) -> re.Pattern[str]:
    """Compile a pattern for a year in two digits right behind a name: ISBI ’12."""
    return re.compile(rf"\b{re.escape(name)}[ ’'-]{{0,2}}{year[2:]}\b")
