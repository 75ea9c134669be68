"""Convert an entry to the wording that posts show: plain text for LaTeX, publishers' typography.

This is done when a post is written: what is stored stays as arXiv and the model gave it, so that
quotes and topics are matched against the original and a change of these rules costs a `chatpaper
render`. The JSON beside a post has the model's text as the post shows it, and the record as arXiv
has it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from chatpaper.domain import FieldAnswer, Paper, PostEntry, map_texts
from chatpaper.write.markup.latex import answer_to_text, paper_to_text
from chatpaper.write.markup.markdown import sanitize_line
from chatpaper.write.markup.typography import typeset, typeset_any

# Collaborations sign with thousands; nobody reads more names than these, and the JSON beside the
# post has them all.
MAX_AUTHORS_SHOWN = 30


def join_authors(
    authors: Sequence[str], labels: Mapping[str, str], most: int = MAX_AUTHORS_SHOWN
) -> str:
    """Return the authors in one line.

    Of a list longer than `most` it names the first ones, and says how many there are.
    """
    if not authors:
        return labels["authors_unknown"]
    names = ", ".join(authors[:most])
    more = labels["authors_more"].format(count=f"{len(authors):,}") if len(authors) > most else ""
    return names + more


def describe_publication(paper: Paper, labels: Mapping[str, str]) -> str:
    """Return where a paper was published and how often it is cited; empty where nobody knows."""
    cited = labels["cited"].format(count=f"{paper.citations:,}") if paper.citations else ""
    return " · ".join(filter(None, (paper.venue, cited)))


def display_entry(entry: PostEntry) -> PostEntry:
    """Return the entry with its record and answers as posts show them."""
    language = entry.summary.language
    answers = {
        name: _shown_answer(answer, language) for name, answer in entry.summary.answers.items()
    }
    return replace(
        entry, paper=display_paper(entry.paper), summary=replace(entry.summary, answers=answers)
    )


def display_paper(paper: Paper) -> Paper:
    """Return the record in text; names of persons stand as they were given."""
    text = paper_to_text(paper)
    return replace(
        text,
        title=typeset_any(text.title),
        abstract=typeset_any(text.abstract),
        comment=typeset_any(text.comment),
    )


def _shown_answer(answer: FieldAnswer, language: str) -> FieldAnswer:
    return map_texts(answer, lambda text: display_text(text, language))


# What a night says of its papers is shown in the post, in the JSON beside it and in other formats.
_TEXTS_KEPT = 4096


@lru_cache(_TEXTS_KEPT)
def display_text(text: str, language: str) -> str:
    """Return a text that a model wrote in the wording of posts: one line, typeset."""
    return typeset(sanitize_line(answer_to_text(text)), language)


def translate_label(label: str, labels: Mapping[str, str]) -> str:
    """Return the label of a figure or table in the language of the post.

    "Figure 3" becomes 图 3; other labels stay as they are.
    """
    word, _, number = label.partition(" ")
    known = {"Figure": "figure_label", "Table": "table_label"}.get(word)
    return labels[known].format(number=number) if known and number else label
