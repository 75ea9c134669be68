"""A post and its papers as templates see them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chatpaper.domain import FieldAnswer, Paper
from chatpaper.write.licenses import License, parse_license
from chatpaper.write.markup.markdown import SafeMarkdown, sanitize_line
from chatpaper.write.views.brief_view import BriefView
from chatpaper.write.views.cut_papers import CutView
from chatpaper.write.views.display import join_authors
from chatpaper.write.views.figure_views import FigureView, KeyFigureView

# The English of a term: 差分注意力（differential attention）.
_IN_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]\Z")


@dataclass(frozen=True, slots=True)
class Attribution:
    """What a licence requires below a figure.

    That is authors, title and address of the paper, and the name and address of the licence.
    """

    authors: str
    title: str
    url: str
    license: License


@dataclass(frozen=True, slots=True)
class EntryView:
    """A paper as a template shows it; what is empty is not there.

    `published` is the day of its first version, `file_name` that of the PDF without its suffix,
    `links` are those to the paper and its code in words, `project_links` those to its code and
    project alone. `key_figures` are shown in view, `other_figures` are the rest of `figures`.
    `absent` is what a post says in place of an answer that is not there, `author_names` are the
    authors in one line, and `brief` is what the format of that name shows. `why` says for what
    reasons the paper is offered to the reader of a profile.
    """

    paper: Paper
    file_name: str
    author_names: str
    answers: Mapping[str, FieldAnswer]
    notes: tuple[str, ...]
    links: SafeMarkdown
    figures: tuple[FigureView, ...]
    published: str
    project_links: SafeMarkdown
    arxiv_url: str
    cool_papers_url: str
    is_by_model: bool
    has_translated_title: bool
    is_in_own_language: bool
    absent: SafeMarkdown
    key_figures: tuple[KeyFigureView, ...]
    other_figures: tuple[FigureView, ...]
    brief: BriefView
    attribution: Attribution | None = None
    publication: str = ""
    why: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title in the language of the post, or else the paper's own."""
        translated = self.answers.get("title")
        return translated if isinstance(translated, str) and translated else self.paper.title


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as a template shows it.

    `topic` is empty for a paper that was asked for alone; `tags` are the topic, or the keywords and
    tags of such a paper, if there are any. `dated_title` tells the days of a topic apart. `site` is
    what publishes the post, or empty. `cut` are the papers without room.
    """

    title: str
    topic: str
    tags: tuple[str, ...]
    dated_title: str
    date: str
    cover: str
    description: str
    notice: SafeMarkdown
    closing_notice: SafeMarkdown
    entries: tuple[EntryView, ...]
    site: str = ""
    cut: CutView = field(default_factory=CutView)


def list_keywords(entries: Sequence[EntryView]) -> tuple[str, ...]:
    """List keywords and tags of papers, each once and without what stands in brackets behind it."""
    found = (entry.answers.get(name) for entry in entries for name in ("keywords", "tags"))
    listed = (each for each in found if each and not isinstance(each, str))
    words = (_IN_BRACKETS.sub("", sanitize_line(str(word))) for each in listed for word in each)
    return tuple(dict.fromkeys(filter(None, words)))


def mark_namesakes(entries: Sequence[EntryView]) -> tuple[EntryView, ...]:
    """Return the papers of a post, those marked whose titles alone do not tell them apart."""
    titles = Counter(entry.title for entry in entries)
    return tuple(
        replace(entry, brief=replace(entry.brief, has_namesake=True))
        if titles[entry.title] > 1
        else entry
        for entry in entries
    )


def describe_papers(entries: Sequence[EntryView]) -> str:
    """Describe the papers of a post by their verdicts; empty where they have none."""
    verdicts = (entry.answers.get("tldr") for entry in entries)
    return sanitize_line(" ".join(text for text in verdicts if isinstance(text, str)))


def find_attribution(paper: Paper, labels: Mapping[str, str]) -> Attribution | None:
    """Return what the licence of a paper requires below its figures, if it requires anything."""
    known = parse_license(paper.license)
    if known is None or not known.attribution:
        return None
    return Attribution(join_authors(paper.authors, labels), paper.title, paper.abs_url, known)
