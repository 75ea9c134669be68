"""How many people a paper names: its authors, and those whom a sentence of it lists."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from chatpaper.summarize.verify.names.bylines import NAME
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import FRONT_MATTER, Passage, Passages

# Who is counted, right behind the number.
_PEOPLE = re.compile(
    r"\s?(?:[位名]|个人|人(?!类|工|口|[物脸體体]))(?P<han>作者)?"
    r"|\s(?:(?P<latin>(?:co-?)?authors)|people|persons|researchers)\b"
)
# Fewer are counted in words, and any paper has them.
LEAST_PEOPLE = 3
_MARKS = re.compile(r"(?<=[a-zß-ÿ])\s?(?:[∗*†‡§¶]|\d{1,2}(?:,\d{1,2})*(?!\w))+")
_AND = r"(?:,\s(?:and\s)?|;\s|\sand\s|、)"
_LIST = re.compile(rf"{NAME}(?:{_AND}{NAME}){{2,}}")
_PART = re.compile(_AND)


class PeopleCount:
    """A paper, made ready for counting the people that it names."""

    def __init__(self, passages: Passages, authors: Sequence[str]) -> None:
        listed = list(_count_lists(passages.all))
        self._people = frozenset(number for _, number in listed) | {len(authors)}
        self._authors = frozenset(
            number for section, number in listed if section == FRONT_MATTER
        ) | {len(authors)}

    def is_number_of_people(self, numeral: Numeral, sentence: str) -> bool:
        """Tell whether a sentence counts people, and the paper lists so many.

        Its authors are listed on the first page.
        """
        counted = _PEOPLE.match(sentence, numeral.end)
        if counted is None or numeral.unit.kind or numeral.value < LEAST_PEOPLE:
            return False
        return numeral.value in (
            self._authors if counted["han"] or counted["latin"] else self._people
        )


def _count_lists(passages: Sequence[Passage]) -> Iterator[tuple[str, int]]:
    """Yield how many names each list of a paper has, and in which section it stands."""
    for section, paragraph in groupby(passages, lambda each: each.section):
        text = " ".join(" ".join(passage.text.split()) for passage in paragraph)
        for found in _LIST.finditer(_MARKS.sub("", text)):
            yield section, 1 + len(_PART.findall(found[0]))
