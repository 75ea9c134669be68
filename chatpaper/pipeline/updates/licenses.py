"""The licences of papers, in the database: asked for once a version, and again until arXiv has answered.

The day's feed tells most of them for nothing. Each of the rest is a request at arXiv's pace, made while the model is at
work, and no more a run than is named below: what is left over is owed to later runs.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from chatpaper.domain import Paper
from chatpaper.storage.store import Store

log = logging.getLogger(__name__)

# A tenth of the requests of a night of sixty papers: even where the model leaves no time for them, they make a run
# longer by no more than a tenth.
MAX_RECORDS_PER_RUN = 6
# The same for papers of earlier runs, where figures are shown by their licences: then all of tonight's are asked for.
MAX_OVERDUE_PER_RUN = 50


class Answer(Protocol):
    """What was found out of a paper's licence; None, and the reason, where arXiv did not answer."""

    @property
    def paper(self) -> Paper:
        """The paper that was asked for."""

    @property
    def license(self) -> str | None:
        """The URI of its licence, empty where it has none that can be known."""

    @property
    def fault(self) -> str:
        """Why there is no answer."""


# The licences that are known without a request for each paper, by the papers' ids with their versions.
KnownLicenses = Callable[[Sequence[Paper]], Mapping[str, str]]
AskLicenses = Callable[[Sequence[Paper]], Iterable[Answer]]


_OWED = "SELECT arxiv_id, version FROM licenses WHERE license IS NULL ORDER BY rowid DESC"


@dataclass(frozen=True, slots=True)
class Licensing:
    """Finds out and remembers under which licences papers are.

    `all_now`: figures wait for their licences, so that all of tonight's are asked for.
    """

    store: Store
    announced: KnownLicenses
    ask: AskLicenses
    all_now: bool = False

    def settle(self, papers: Sequence[Paper]) -> None:
        """Find out the licences of these papers, and of those that are overdue; posts that show them become pending."""
        versions = {paper.idv: paper for paper in papers if _is_arxivs(paper)}
        self._expect(versions.values())
        owed = self._owed(versions)
        announced = self.announced(owed)
        for paper in owed:
            if paper.idv in announced:
                self._learn(paper, announced[paper.idv])
        unknown = [paper for paper in owed if paper.idv not in announced]
        for answer in self.ask(unknown if self.all_now else unknown[:MAX_RECORDS_PER_RUN]):
            if answer.license is None:
                log.warning("%s: its licence is not known yet: %s", answer.paper.idv, answer.fault)
            else:
                self._learn(answer.paper, answer.license)

    def unknown(self, published: Sequence[Paper]) -> dict[str, str]:
        """What to tell of the papers whose licence is still owed, by their key."""
        owed = {(row["arxiv_id"], row["version"]) for row in self.store.rows(_OWED)}
        return {
            paper.arxiv_id: "the licence is not known yet: later runs ask arXiv for it"
            for paper in published
            if (paper.arxiv_id, paper.version) in owed
        }

    def _expect(self, papers: Iterable[Paper]) -> None:
        """Note first what is to be asked, so that a run that is killed leaves it to the next one."""
        with self.store.transaction() as connection:
            connection.executemany(
                "INSERT INTO licenses (arxiv_id, version) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(paper.arxiv_id, paper.version) for paper in papers],
            )

    def _owed(self, published: dict[str, Paper]) -> list[Paper]:
        rows = self.store.rows(_OWED)
        owed = [Paper(row["arxiv_id"], "", version=row["version"]) for row in rows]
        tonight = [published[paper.idv] for paper in owed if paper.idv in published]
        overdue = [paper for paper in owed if paper.idv not in published]
        return tonight + overdue[:MAX_OVERDUE_PER_RUN]

    def _learn(self, paper: Paper, uri: str) -> None:
        """Keep a licence, and have the posts that show the paper written again."""
        with self.store.transaction() as connection:
            connection.execute(
                "UPDATE licenses SET license = ? WHERE arxiv_id = ? AND version = ?",
                (uri, paper.arxiv_id, paper.version),
            )
            self.store.posts_changed(paper.arxiv_id)


def with_license(paper: Paper, store: Store) -> Paper:
    """The paper with the licence that is known of its version; what came with the paper itself stays."""
    if paper.license:
        return paper
    rows = store.rows(
        "SELECT license FROM licenses WHERE arxiv_id = ? AND version = ? AND license IS NOT NULL",
        (paper.arxiv_id, paper.version),
    )
    return replace(paper, license=str(rows[0]["license"])) if rows else paper


def _is_arxivs(paper: Paper) -> bool:
    """Whether arXiv can be asked for the licence of the paper's version."""
    return paper.source == "arxiv" and paper.version is not None and not paper.license
