"""Names of a statement that its evidence does not hold while the quote holds others."""

from collections.abc import Iterator
from functools import lru_cache

from chatpaper.domain.text.folding import fold_accents
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint
from chatpaper.summarize.verify.names.name_index import NameIndex
from chatpaper.summarize.verify.names.names import find_names


def find_name_hints(comparison: Comparison) -> Iterator[Hint]:
    """Yield a name that is not in the quote, where the quote has another in its place.

    The other one is like it and left out by the statement; where the evidence has the name
    elsewhere, the other one is a variant of it.
    """
    names = list(find_names(comparison.statement))
    if not names or not comparison.quote:
        return
    quoted = NameIndex([comparison.quote])
    missing = [name.text for name in names if not quoted.find(name.text)]
    if not missing:
        return
    evidence, stated = (
        NameIndex(comparison.evidence.splitlines()),
        NameIndex([comparison.statement]),
    )
    rivals = [name.text for name in find_names(comparison.quote) if not stated.find(name.text)]
    for name in dict.fromkeys(missing):
        is_near = bool(evidence.find(name))
        rival = next(
            (other for other in rivals if (is_variant if is_near else is_like)(name, other)), None
        )
        if rival:
            is_certain = not is_near and not _index_of_paper(comparison.paper_text).find(name)
            message = (
                f"The statement names {name}, which the quoted words do not; they name {rival}."
            )
            yield Hint("name", name, message, is_certain)


def is_like(name: str, other: str) -> bool:
    """Tell whether two names may be of the same kind.

    Two versions of a model are, or two data sets.
    """
    return fold_accents(name) != fold_accents(other) and any(map(str.isdigit, name)) <= any(
        map(str.isdigit, other)
    )


def is_variant(name: str, other: str) -> bool:
    """Tell whether two names are of one family: ResNet-50 and ResNet-101, conv1 and conv5."""
    one, two = fold_accents(name), fold_accents(other)
    return (
        one != two and one.rstrip("0123456789") == two.rstrip("0123456789") and name[-1:].isdigit()
    )


@lru_cache(maxsize=2)
def _index_of_paper(paper_text: str) -> NameIndex:
    return NameIndex(paper_text.split("\n\n"))
