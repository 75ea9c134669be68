"""Years that a paper gives, apart from those of the works that it cites."""

import re
from collections.abc import Iterator
from functools import lru_cache

from chatpaper.summarize.verify.names.names import find_names

_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?![\d.]\d|\d)")
_CITED = re.compile(
    r"\([^()\n]{0,200}\b(?:19|20)\d\d[a-z]?[^()\n]{0,200}\)|\bet al\.?,? ?\(?(?:19|20)\d\d[a-z]?\)?"
)
# A date in brackets has a month.
MONTH = r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_MONTH = re.compile(MONTH, re.IGNORECASE)


def is_year_of_paper(year: str, statement: str, paper_text: str) -> bool:
    """Tell whether the paper has a year, or cites a work of it behind a name of the statement."""
    return year in _years_spoken_of(paper_text) or any(
        year in window
        for name in find_names(statement)
        for window in _behind(name.text, paper_text)
    )


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


def has_another_year(year: str, statement: str, paper_text: str) -> bool:
    """Tell whether the paper has just other years behind the name before this one (ICML 2021)."""
    for name in find_names(statement):
        said = re.search(rf"{re.escape(name.text)}\s?{year}", statement)
        printed = {
            found[0][-4:]
            for found in re.finditer(rf"\b{re.escape(name.text)}\s?(?:19|20)\d\d\b", paper_text)
        }
        if said and printed and year not in printed:
            return not is_in_short(year, statement, paper_text)
    return False


@lru_cache(maxsize=2)
def _years_spoken_of(paper_text: str) -> frozenset[str]:
    spoken = _CITED.sub(lambda cited: cited[0] if _MONTH.search(cited[0]) else " ", paper_text)
    return frozenset(_YEAR.findall(spoken))


def _behind(name: str, paper_text: str) -> Iterator[str]:
    """Return what stands right behind the places of a name, where a citation would stand."""
    for found in re.finditer(re.escape(name), paper_text):
        yield paper_text[found.end() : found.end() + 80]
