"""The institutions that the first page of a paper names, each once."""

import re
from collections.abc import Sequence

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.context.boilerplate import names_institute, strip_front_matter

# Marks of authors and of footnotes stand before institutions, or behind them.
_MARK = re.compile(
    r"[†‡§¶∗*♠♡♢♣♦♥]+|(?:^|(?<=[\s,.;]))\d{1,2}\s?(?=[A-Z][A-Za-z])|(?<=[a-zA-Z])[\d#$+]$",
    re.MULTILINE,
)
_TABLES = load_word_tables(__name__)
# A line that ends with such a word goes on in the next one, as one does that begins with it.
_GOES_ON = re.compile(rf"(?:\b(?:{_TABLES.join('goes_on')})|-)\Z", re.IGNORECASE)
_WENT_ON = re.compile(rf"(?:{_TABLES.join('goes_on')})\b")
# A word alone is the end of the name above: "Environment Research / Centre,".
_WORD_ALONE = re.compile(r"[A-Z][a-z]+[,.;]?")
# So is the second half of a name, with what follows it: "IIIS, Tsinghua / University, Beijing".
_SECOND_HALF = re.compile(rf"(?:{_TABLES.join('second_halves')}),.*")
_ADDRESS = re.compile(r"@|://|www\.")
_WHOLE = re.compile(_TABLES.join("whole"), re.IGNORECASE)
_SENTENCE = re.compile(rf"\b(?:{_TABLES.join('sentence')})\b", re.IGNORECASE)


def list_institutions(front_matter: str, cues: Sequence[str]) -> tuple[str, ...]:
    """List the lines that name institutions, those of several lines joined.

    `cues` are further words of which such a line has one. Where whole institutions are named,
    their departments are left out.
    """
    named = dict.fromkeys(
        line
        for line in _join_lines(strip_front_matter(front_matter))
        if (names_institute(line) or any(cue in line.casefold() for cue in cues))
        and not _ADDRESS.search(line)
        and not line[0].islower()
        and not _SENTENCE.search(line)
    )
    whole = tuple(line for line in named if _WHOLE.search(line))
    return whole or tuple(named)


def _join_lines(text: str) -> list[str]:
    joined = [""]
    for line in (" ".join(each.split()) for each in _MARK.sub("\n", text).splitlines()):
        if joined[-1] and line and _continues(joined[-1], line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return [each.rstrip(" ,.;") for each in joined if each]


def _continues(above: str, line: str) -> bool:
    if _GOES_ON.search(above) or (names_institute(above) and _WENT_ON.match(line)):
        return True
    return (
        above[-1] not in ",.;"
        and names_institute(line)
        and (_WORD_ALONE.fullmatch(line) or _SECOND_HALF.fullmatch(line)) is not None
        and names_institute(above)
    )
