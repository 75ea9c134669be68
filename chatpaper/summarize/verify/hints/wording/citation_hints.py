"""Works that a statement cites where the quoted words cite another."""

import re
from collections.abc import Iterator

from chatpaper.domain.text.folding import fold_accents
from chatpaper.summarize.verify.claims.cited_works import SURNAME
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint

# Wang et al. (2016), Challet 与 Zhang（1997）, the Bornholdt model (2001), [Lee, 2004].
_CITED = re.compile(
    rf"(?P<names>{SURNAME}(?:(?:, | and | & |, and | ?[与和、] ?){SURNAME})*)"
    r"(?: et al\.?,?| ?等人?| ?ら|(?: [a-z]+){0,2})[,，]? ?[（(]?(?:19|20)\d\d[a-f]?(?=[)）\],;；])"
)


def find_citation_hints(comparison: Comparison) -> Iterator[Hint]:
    """Yield a work that is not cited by the quoted words, which cite another in its place."""
    said = _find_cited(comparison.statement)
    quoted = _find_cited(comparison.quote)
    if not said or not quoted:
        return
    letters = fold_accents(comparison.quote)
    missing = [
        names for names in said if not any(fold_accents(name) in letters for name in _parts(names))
    ]
    spare = [
        names
        for names in quoted
        if not any(
            fold_accents(name) in fold_accents(comparison.statement) for name in _parts(names)
        )
    ]
    if missing and spare and len(missing) == len(said):
        message = f"The statement cites {missing[0]}; the quoted words cite {spare[0]}."
        yield Hint("name", missing[0], message, is_certain=True)


def _find_cited(text: str) -> list[str]:
    return [cited["names"] for cited in _CITED.finditer(text)]


def _parts(names: str) -> list[str]:
    return re.findall(SURNAME, names)
