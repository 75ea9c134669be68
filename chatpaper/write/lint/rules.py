"""All rules, run on one post."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from textwrap import shorten

from chatpaper.domain.text.scripts import contains_unspaced
from chatpaper.write.lint.post import MarkdownPost, Violation, list_prose
from chatpaper.write.lint.prose import lint_characters, lint_prose
from chatpaper.write.lint.structure import RULES_OF_FORM
from chatpaper.write.post_paths import BESIDE, SiteLayout

# From a line of Chinese to what is wrong with it: the checks that also stand between a model and a
# post.
TextCheck = tuple[str, Callable[[str], list[str]]]

# A complaint shows what it is about; a line of a terminal has to hold it.
MAX_MESSAGE_CHARACTERS = 120

# What a post says to its reader itself: who wrote it, what it is not for, how a summary came about.
_NOTICE = re.compile(r">\s*[⚠🔴💗]")


def lint_post(
    path: Path, source: str, text_checks: Sequence[TextCheck] = (), layout: SiteLayout = BESIDE
) -> tuple[Violation, ...]:
    """Return what is wrong with the Markdown of a post, in the order of its lines.

    Images are looked for beside `path`, or where the layout has them. `text_checks` are further
    rules for lines of Chinese or Japanese, each with its name.
    """
    post = MarkdownPost(path, source, layout)
    found = [violation for rule in RULES_OF_FORM for violation in rule(post)]
    found += lint_prose(post)
    found += lint_characters(post)
    found += _checked(post, text_checks)
    return tuple(
        sorted(dict.fromkeys(found), key=lambda violation: (violation.line, violation.rule))
    )


def _checked(post: MarkdownPost, text_checks: Sequence[TextCheck]) -> Iterator[Violation]:
    for prose in list_prose(post):
        if _NOTICE.match(post.lines[prose.line - 1]):
            continue
        if contains_unspaced(prose.shown):
            for rule, check in text_checks:
                for complaint in check(prose.shown):
                    yield Violation(
                        prose.line, rule, shorten(f"the text {complaint}", MAX_MESSAGE_CHARACTERS)
                    )
