"""Which papers of a source a backfill takes in, and how the ledger keeps them."""

from chatpaper.domain import Paper, Topic
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.topics.relevance import judge_relevance
from chatpaper.pipeline.selection import Candidate, candidate_to_json
from chatpaper.pipeline.sources.windows import DateRange
from chatpaper.storage.papers.backfill_ledger import OfferedPaper


def offer_paper(topic: Topic, paper: Paper, days: DateRange) -> OfferedPaper | None:
    """Return a paper as the ledger keeps it; None if it is of other days or off topic."""
    if paper.published is None or not days.contains(paper.published):
        return None
    verdict = judge_relevance(topic, paper)
    if not verdict.relevant:
        return None
    day = paper.published.date()
    candidate = Candidate(paper, matched_phrase=verdict.phrase)
    return OfferedPaper(paper.arxiv_id, day, candidate_to_json(candidate))


def refuse_bare_query(topic: Topic) -> None:
    """Raise ConfigError for a topic that only a query of arXiv's API can tell from others."""
    if not topic.phrases and not topic.all_of:
        raise ConfigError(
            f"Topic {topic.name!r} has a query and no phrases: a backfill looks for phrases in "
            f'titles and abstracts. Add `phrases` to [topics."{topic.name}"] of the settings.'
        )
