"""A paper as the format `brief` shows it to readers who skim: cut to what a phone has room for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from chatpaper.domain import Claim, Paper, PostEntry
from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.scripts import contains_unspaced
from chatpaper.domain.text.sentences import STOPS
from chatpaper.write.markup.markdown import SafeMarkdown, escape_link_text, to_link_target
from chatpaper.write.markup.spans import MATHS
from chatpaper.write.views.display import join_authors
from chatpaper.write.views.reasons import describe_ranking

# Two lines of a phone, at the length of most names.
MAX_AUTHORS_IN_BRIEF = 4
# A line and a half of a phone in Latin letters, behind the names.
MAX_AFFILIATION_CHARACTERS = 60

_SEPARATOR = " · "
# Sites make anchors of headings: none of these is the name of a paper with this before it.
_ANCHOR_PREFIX = "paper-"
_ELLIPSIS = " …"
# What an item of a list ends with that is no whole sentence.
_OTHER_ENDS = "；，、 "
_FULL_WIDTH_STOPS = ("。", "！", "？")
_PART_ENDS = re.compile(r"[,;，；、]\s*")


@dataclass(frozen=True, slots=True)
class BriefView:
    """What `brief` shows of a paper besides its answers.

    `anchor` is the paper's own within the post, `links` lead to the paper, its PDF and its code,
    and `reason` says why the paper is in the post; it is empty where nobody knows. A paper that
    `has_namesake` shares its title with another one of the post.
    """

    anchor: str
    author_names: str
    affiliations: str
    links: SafeMarkdown
    reason: str
    has_namesake: bool = False


def build_brief_view(
    entry: PostEntry, figure_folder: str, code_links: Sequence[str], labels: Mapping[str, str]
) -> BriefView:
    """Return what `brief` shows of an entry, whose record and answers are as posts show them."""
    affiliations = entry.summary.answers.get("affiliations", "")
    return BriefView(
        f"{_ANCHOR_PREFIX}{PurePosixPath(figure_folder).name}",
        join_authors(entry.paper.authors, labels, MAX_AUTHORS_IN_BRIEF),
        cut_affiliations(affiliations) if isinstance(affiliations, str) else "",
        _join_links(entry.paper, code_links),
        _SEPARATOR.join(_list_reasons(entry, labels)),
    )


def cut_affiliations(text: str) -> str:
    """Return as many of the institutions as there is room for, and always the first one."""
    if len(text) <= MAX_AFFILIATION_CHARACTERS:
        return text
    formulas = [match.span() for match in MATHS.finditer(text)]
    ends = [
        match.start()
        for match in _PART_ENDS.finditer(text)
        if not any(start < match.start() < end for start, end in formulas)
    ]
    fitting = [end for end in ends if end <= MAX_AFFILIATION_CHARACTERS] or ends[:1]
    return text[: fitting[-1]] + _ELLIPSIS if fitting else text


def join_sentences(sentences: Sequence[str], labels: Mapping[str, str]) -> str:
    """Return sentences in one paragraph, each with a full stop."""
    joined = ""
    for text in filter(None, sentences):
        is_ended = text.endswith(tuple(STOPS))
        # A program picks sentences in the language of the paper.
        stop = labels["full_stop"] if contains_unspaced(text) else "."
        ended = text if is_ended else f"{text.rstrip(_OTHER_ENDS)}{stop}"
        joined += ended if ended.endswith(_FULL_WIDTH_STOPS) else f"{ended} "
    return joined.rstrip()


def get_quote(claim: Claim) -> str:
    """Return the words of the paper behind a statement; empty where they are the statement."""
    is_repeated = fold_letters(claim.quote) in fold_letters(claim.text)
    return claim.quote if claim.page and not is_repeated else ""


def number_steps(steps: Sequence[str], labels: Mapping[str, str]) -> str:
    """Return steps in one paragraph, each with its number before it."""
    numbered = (f"{labels['step'].format(number=n)}{step}" for n, step in enumerate(steps, 1))
    return join_sentences(tuple(numbered), labels)


def _list_reasons(entry: PostEntry, labels: Mapping[str, str]) -> list[str]:
    """Return why a paper is in the post: for the reader, its votes, what it has of the topic."""
    paper, phrase = entry.paper, entry.matched_phrase
    reasons = [*describe_ranking(entry.ranking, labels)]
    if paper.upvotes:
        reasons.append(labels["reason_votes"].format(count=f"{paper.upvotes:,}"))
    if phrase:
        is_in_title = fold_letters(phrase) in fold_letters(paper.title)
        label = labels["reason_title" if is_in_title else "reason_abstract"]
        reasons.append(label.format(phrase=phrase))
    return reasons


def _join_links(paper: Paper, code_links: Sequence[str]) -> SafeMarkdown:
    """Return links to the paper, its PDF and its code, which show where they lead in a word."""
    named = [("arXiv" if "arxiv.org" in paper.abs_url else "Web", paper.abs_url)]
    named += [("PDF", paper.pdf_url)]
    named += [((urlsplit(url).hostname or url).removeprefix("www."), url) for url in code_links]
    shown = (f"[{escape_link_text(name)}]({to_link_target(url)})" for name, url in named if url)
    return SafeMarkdown(_SEPARATOR.join(shown))
