"""Institutions that a text names, in Chinese or English, and which of a paper's they are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from chatpaper.domain.text.folding import collapse_spaces, drop_accents, fold_words
from chatpaper.domain.text.tables import load_table
from chatpaper.summarize.verify.spans import drop_overlapping

# A longer Chinese name is known without the word for a university behind it: 苏黎世联邦理工.
_LONG_NAME_CHARACTERS = 5
# So many characters of each name stand for themselves.
_CHARACTERS_OF_BEGINNING = 2
_UNIVERSITY = "(?:大学|学院|分校)"
# What is no company has one of these in its name, or behind it.
_LEARNING = re.compile(
    "医院|诊所|医学|医疗|癌症|斯隆|法伯|以色列|圣裘德|夏里特|卡罗林斯卡|湘雅|长庚|协和"
    "|实验室|研究院|研究中心|大学|学院|分校|理工|工科|工业|工業|加州大学|伯克利|国立|科技|师范|研究所"
)
# An address may have a name so: uminho.pt, uni-bonn.de.
_IN_MAIL = "(?:u|uni-?|univ-?)?"
_CITING = re.compile(r"论文|論文|文献|等人|\[\d|\bthesis\b|\bet al\b")
_BROKEN = re.compile(r"[-‐]\n(?=[a-z])")
_OWN_SIGN = re.compile(r"[\ue000-\uf8ff]")
_SEGMENT = re.compile(r"[,;()]")
# A part of an institution's name with fewer words may be a town.
_LEAST_WORDS = 2
_PART = re.compile(
    r"\b(?:department|dept|school|faculty|division|group|state key)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution where a text names it.

    `pattern` finds it in the words of a paper.
    """

    text: str
    start: int
    end: int
    pattern: re.Pattern[str]

    @property
    def is_of_learning(self) -> bool:
        """Whether it is no company: a university, a college, an institute of research."""
        return _LEARNING.search(self.text) is not None

    def find_among(self, institutions: Sequence[str]) -> frozenset[int]:
        """Return the numbers of the institutions of a paper that it may be."""
        return frozenset(
            number for number, name in enumerate(institutions) if self.pattern.search(name)
        )


def find_institutions(text: str, institutions: Sequence[str]) -> tuple[Institution, ...]:
    """Find the institutions of a text.

    They are those with a usual Chinese name, and those of the paper in the paper's own words.
    """
    return drop_overlapping([*_known(text), *_as_printed(text, institutions)])


def find_missing_universities(
    sentence: str, paper: str, bibliography: str
) -> Iterator[tuple[int, str]]:
    """Find the universities of a sentence, in Chinese or Japanese, that a paper nowhere names.

    A sentence that speaks of a work of others may name one of the bibliography. Companies are left
    out: whoever writes may well say whose product something is. That authors are placed at one is
    found where their names are known: see `find_institution_hints`.
    """
    texts = (paper, bibliography) if _CITING.search(sentence) else (paper,)
    for each in drop_overlapping(list(_known(sentence))):
        is_named = any(each.text in text or each.pattern.search(text) for text in texts)
        if each.is_of_learning and not is_named:
            yield each.start, each.text


def join_for_names(texts: Iterable[str]) -> str:
    """Join texts of a paper in one line, to look for names that line ends and ligatures break.

    A private-use character, to which the font gives no meaning, is mostly the ligature "fi". Names
    with accents stand there as they are typed too: Zürich and Zurich.
    """
    text = collapse_spaces(_BROKEN.sub("", " ".join(texts)))
    mended = drop_accents(_OWN_SIGN.sub("fi", text))
    return text if mended == text else f"{text} {mended}"


def _known(text: str) -> Iterator[Institution]:
    names, table, beginnings = _table()
    position = 0
    while position < len(text):
        # Hundreds of names are tried only where two characters begin one.
        begins = text[position : position + _CHARACTERS_OF_BEGINNING] in beginnings
        match = names.match(text, position) if begins else None
        position = match.end() if match else position + 1
        if match:
            yield Institution(
                match[0], match.start(), match.end(), _compile(table[match.lastgroup or ""])
            )


def _as_printed(text: str, institutions: Sequence[str]) -> Iterator[Institution]:
    segments = {
        segment.strip()
        for name in institutions
        for segment in _SEGMENT.split(name)
        if len(fold_words(segment).split()) >= _LEAST_WORDS and not _PART.search(segment)
    }
    for segment in segments:
        words = r"\W+".join(map(re.escape, segment.split()))
        for match in re.finditer(rf"\b{words}\b", text, re.IGNORECASE | re.ASCII):
            pattern = re.compile(re.escape(segment), re.IGNORECASE)
            yield Institution(match[0], match.start(), match.end(), pattern)


@cache
def _table() -> tuple[re.Pattern[str], dict[str, str], frozenset[str]]:
    """Load the pattern of all Chinese names, and how they begin.

    For each group of the pattern comes that of the English name, to be compiled where it is found.
    """
    table = load_table(__package__, "lists/institutions.toml", dict[str, dict[str, str]])
    rows = [
        (name if kind == "others" else _university(name), pattern)
        for kind, names in table.items()
        for name, pattern in names.items()
    ]
    rows.sort(key=lambda row: -len(row[0]))
    patterns = {
        f"n{number}": rf"(?<![a-z]){_IN_MAIL}(?:{pattern})"
        for number, (_, pattern) in enumerate(rows)
    }
    names = "|".join(f"(?P<n{number}>{name})" for number, (name, _) in enumerate(rows))
    beginnings = frozenset(name[:_CHARACTERS_OF_BEGINNING] for name, _ in rows)
    return re.compile(names), patterns, beginnings


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _university(name: str) -> str:
    optional = "?" if len(name) >= _LONG_NAME_CHARACTERS or name.endswith("院") else ""
    return f"{name}{_UNIVERSITY}{optional}"
