"""The licences of published papers, in the database: asked for once a version, and again until arXiv has answered."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from chatpaper.domain import Paper
from chatpaper.store import Store

log = logging.getLogger(__name__)

# Papers of earlier runs whose licences arXiv owes us; each may take a request.
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


AskLicenses = Callable[[Sequence[Paper]], Iterable[Answer]]


@dataclass(frozen=True, slots=True)
class Licensing:
    """Finds out and remembers under which licences papers are."""

    store: Store
    ask: AskLicenses

    def settle(self, published: Sequence[Paper]) -> dict[str, str]:
        """Ask for the licences of these papers, and of those that are overdue; posts that show them become pending.

        Returns what to tell of the papers whose licence is not known now, by their key.
        """
        versions = {paper.idv: paper for paper in published if _is_arxivs(paper)}
        self._expect(versions.values())
        owed = self._owed(versions)
        faults = {}
        for answer in self.ask(owed):
            if answer.license is None:
                log.warning("%s: its licence is not known yet: %s", answer.paper.idv, answer.fault)
                faults[answer.paper.arxiv_id] = f"the licence is not known yet: {answer.fault}"
            else:
                self._learn(answer.paper, answer.license)
        return {paper.arxiv_id: faults[paper.arxiv_id] for paper in published if paper.arxiv_id in faults}

    def _expect(self, papers: Iterable[Paper]) -> None:
        """Note first what is to be asked, so that a run that is killed leaves it to the next one."""
        with self.store.transaction() as connection:
            connection.executemany(
                "INSERT INTO licenses (arxiv_id, version) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(paper.arxiv_id, paper.version) for paper in papers],
            )

    def _owed(self, published: dict[str, Paper]) -> list[Paper]:
        rows = self.store.rows("SELECT arxiv_id, version FROM licenses WHERE license IS NULL ORDER BY rowid DESC")
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
            connection.execute(
                "UPDATE posts SET pending = 1 WHERE EXISTS (SELECT 1 FROM outcomes WHERE outcomes.arxiv_id = ? "
                "AND outcomes.topic = posts.topic AND outcomes.post_date = posts.post_date "
                "AND posts.arxiv_id IN ('', outcomes.arxiv_id))",
                (paper.arxiv_id,),
            )


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
