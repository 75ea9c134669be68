"""Titles and abstracts for each topic of the table: papers that belong to it, and that do not.

They are invented, in the style of arXiv. A file of this folder is for a field of research: `#`
names a topic, `+` begins a paper that belongs to it, `-` one that only sounds as if it did, and `|`
stands between title and abstract.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Example:
    """A paper that belongs to a topic, or only sounds as if it did."""

    topic: str
    belongs: bool
    title: str
    abstract: str


def read_examples() -> list[Example]:
    return [
        example
        for file in sorted(FOLDER.glob("*.txt"))
        for block in file.read_text("utf-8").removeprefix("# ").split("\n# ")
        for example in _read_block(block)
    ]


def _read_block(block: str) -> list[Example]:
    topic, *lines = block.strip().splitlines()
    return [_read_line(topic, line) for line in lines]


def _read_line(topic: str, line: str) -> Example:
    sign, title, abstract = line[0], *line[2:].split(" | ")
    assert sign in "+-", line
    return Example(topic, sign == "+", title, abstract)
