"""The title printed again on the page after a cover, as proceedings and libraries add one."""

from collections.abc import Callable, Sequence

from chatpaper.domain.text.folding import fold_letters
from chatpaper.extract.textline import TextLine

# A blank page may follow a cover.
_MOST_PAGES_AFTER = 2
# Marks of footnotes may follow the title.
_MOST_MARKS = 3
_MOST_LINES = 6


def find_title_again(
    flow: Sequence[TextLine], title: str, end: int, opens_text: Callable[[str], bool]
) -> range:
    """Find the lines of a later page that print the title of a cover again.

    The title's own lines end before `end` in the flow. A page with an abstract or a section is no
    cover; the range is empty then. `opens_text` tells whether a line is the heading of one.
    """
    wanted = fold_letters(title)
    if not wanted or not end:
        return range(0)
    cover = flow[end - 1].page
    for index, line in enumerate(flow[end:], end):
        if line.page > cover + _MOST_PAGES_AFTER or opens_text(line.text):
            break
        if line.page > cover and (letters := fold_letters(line.text)):
            if not wanted.startswith(letters):
                continue
            count = _count_lines(flow[index : index + _MOST_LINES], wanted)
            if count:
                return range(index, index + count)
    return range(0)


def _count_lines(lines: Sequence[TextLine], wanted: str) -> int:
    """Count the lines that together are the title; 0 if they are not."""
    letters = ""
    for count, line in enumerate(lines, 1):
        letters += fold_letters(line.text)
        if letters.startswith(wanted) and len(letters) <= len(wanted) + _MOST_MARKS:
            return count
        if not wanted.startswith(letters):
            break
    return 0
