"""The sentences of an answer, with what is only quoted or written in signs kept apart."""

import re

from chatpaper.domain.text.scripts import UNSPACED
from chatpaper.domain.text.sentences import find_statement_spans

# What stands in quotation marks is the paper's material or a title: a paper about refusals quotes
# them.
_QUOTED = re.compile(
    r"“[^”\n]{0,400}”|「[^」\n]{0,400}」|『[^』\n]{0,400}』|《[^》\n]{0,400}》|‘[^’\n]{0,400}’"
    r"|`[^`\n]{1,400}`|\$[^$\n]{1,400}\$"
    r"|``[^`'\n]{1,400}''|\\(?:textit|emph|texttt)\{[^{}\n]{1,400}\}|(?<!\w)'[^'\n]{3,200}'(?!\w)"
    r"|[（(](?:e\.g\.|i\.e\.|例如|比如|譬如|如|即)[^（()）\n]{1,300}[）)]"
    rf'|(?<!\w)"[^"\n]{{1,400}}"(?!\w)|(?<=[{UNSPACED}])"[^"\n]{{1,400}}"'
)
_MASK = "\u25a2"

FORMULA = re.compile(r"\$[^$\n]+\$|\\[A-Za-z]+")


def mask_sentences(text: str) -> list[tuple[str, str]]:
    """Return the sentences of a text, each with a form in which quotations are masked.

    The sentences together are the text, and the form of each is as long as it.
    """
    masked = without_quotations(text)
    return [(text[start:end], masked[start:end]) for start, end in find_statement_spans(masked)]


def without_quotations(text: str) -> str:
    """Return the text with masks in place of what it quotes, every other character where it was."""
    return _QUOTED.sub(lambda match: _MASK * len(match[0]), text)
