"""The list of built-in topics in docs/topics.md, as the table of topics has it.

`python -m tests.fetch.topics_page` writes it.
"""

import re
from pathlib import Path

from chatpaper.fetch.topics.table import list_aliases, list_builtin_topics

PAGE = Path(__file__).parents[2] / "docs" / "topics.md"
LIST = re.compile(r"(?<=<!-- topics -->\n\n).*?(?=<!-- end of topics -->)", re.DOTALL)


def list_lines() -> str:
    """Return the lines of the list: a topic with its other names in each."""
    rows = [
        f"| `{topic.name}` | {', '.join(list_aliases(topic.name))} |"
        for topic in list_builtin_topics()
    ]
    return "\n".join(["| Topic | Other names |", "|---|---|", *rows, "", ""])


def main() -> None:
    lines = list_lines()
    PAGE.write_text(LIST.sub(lambda _: lines, PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
