"""What the last night brought: its topics, what became of their papers, and those to read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chatpaper.domain import PostEntry
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.run_history import TopicRun
from chatpaper.storage.store import Store
from chatpaper.write.markup.latex import maths_to_text
from chatpaper.write.views.display import display_entry

# Whether visitors see the papers of a topic.
IsVisible = Callable[[str | None], bool]
# Papers that failed or wait, by topic and id.
Unfinished = Mapping[tuple[str | None, str], Outcome]


@dataclass(frozen=True, slots=True)
class NightPaper:
    """A paper of a night: its titles as posts show them, and a sentence about it.

    `translated_title` and `tldr` are in the `language` of the summary, and empty without an answer.
    """

    arxiv_id: str
    title: str
    translated_title: str
    tldr: str
    language: str

    def choose_title(self, language: str) -> str:
        """Return the title for a reader of a language: translated where the summary is in it."""
        return self.translated_title if self._speaks(language) else self.title

    def choose_subtitle(self, language: str) -> str:
        """Return the original title below a translated one; empty where it is the same."""
        chosen = self.choose_title(language)
        return self.title if chosen != self.title else ""

    def _speaks(self, language: str) -> bool:
        return bool(self.translated_title) and self.language.partition("-")[0] == language


@dataclass(frozen=True, slots=True)
class NightTopic:
    """A topic's run, and how many of its unfinished papers failed or wait for another run."""

    run: TopicRun
    failed: int
    queued: int
    papers: tuple[NightPaper, ...]


@dataclass(frozen=True, slots=True)
class Night:
    """The runs for one post date."""

    post_date: date
    topics: tuple[NightTopic, ...]

    @property
    def has_papers(self) -> bool:
        """Whether anything was published."""
        return any(topic.papers for topic in self.topics)


def load_last_night(store: Store, is_visible: IsVisible) -> Night | None:
    """Load the last night of the topics that visitors may see; None where nothing has run yet."""
    last = store.history.last_post_date()
    if last is None:
        return None
    return _load_night(store, last, is_visible, _find_unfinished(store))


def load_last_papers(store: Store, before: date, is_visible: IsVisible) -> Night | None:
    """Load the last night before a day that published something; None where there is none.

    Days that only a backfill filled are no nights.
    """
    day = store.history.last_post_date(before)
    unfinished = _find_unfinished(store) if day else {}
    while day is not None:
        night = _load_night(store, day, is_visible, unfinished)
        if night.has_papers:
            return night
        day = store.history.last_post_date(day)
    return None


def _find_unfinished(store: Store) -> Unfinished:
    return {
        (outcome.topic, outcome.arxiv_id): outcome for outcome in store.outcomes.all_unfinished()
    }


def _load_night(
    store: Store, post_date: date, is_visible: IsVisible, unfinished: Unfinished
) -> Night:
    return Night(
        post_date,
        tuple(
            _load_topic(store, run, unfinished)
            for run in sorted(store.history.topic_runs(post_date), key=lambda run: run.topic)
            if run.post_date == post_date and is_visible(run.topic)
        ),
    )


def _load_topic(store: Store, run: TopicRun, unfinished: Unfinished) -> NightTopic:
    left = [
        unfinished.get((run.topic, paper.arxiv_id))
        for paper in store.history.papers(run.topic, run.post_date)
        if paper.status == "failed"
    ]
    queued = sum(outcome is not None and outcome.status == "queued" for outcome in left)
    return NightTopic(run, run.failed - queued, queued, tuple(_list_papers(store, run)))


def _list_papers(store: Store, run: TopicRun) -> Iterator[NightPaper]:
    for arxiv_id in store.outcomes.published_on(run.topic, run.post_date):
        entry = store.entries.find(run.topic, arxiv_id)
        if entry is not None:
            yield describe_paper(entry)


def describe_paper(entry: PostEntry) -> NightPaper:
    """Describe the paper of an entry in the wording that posts show, as plain text."""
    shown = display_entry(entry)
    answers = shown.summary.answers
    return NightPaper(
        shown.paper.arxiv_id,
        maths_to_text(shown.paper.title),
        _get_text(answers.get("title")),
        _get_text(answers.get("tldr")) or _get_text(answers.get("summary")),
        shown.summary.language,
    )


def _get_text(answer: object) -> str:
    return maths_to_text(answer) if isinstance(answer, str) else ""
