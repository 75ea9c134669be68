"""The licences of papers: asked for once a version, and again until arXiv has answered.

The day's feed tells most of them for nothing. Each of the rest is a request at arXiv's pace, made
while the model is at work, and no more a run than is named below: what is left over is owed to
later runs.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from chatpaper.domain import Paper
from chatpaper.storage.papers.license_table import LicenseTable

log = logging.getLogger(__name__)

# A tenth of the requests of a night of sixty papers: even where the model leaves no time for them,
# they make a run longer by no more than a tenth.
MAX_RECORDS_PER_RUN = 6
# The same for papers of earlier runs, where figures are shown by their licences: then all of
# tonight's are asked for.
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


# The licences that are known without a request for each paper, by the papers' ids with their
# versions.
KnownLicenses = Callable[[Sequence[Paper]], Mapping[str, str]]
AskLicenses = Callable[[Sequence[Paper]], Iterable[Answer]]


@dataclass(frozen=True, slots=True)
class LicenseResolver:
    """Finds out and remembers under which licences papers are.

    `all_now`: figures wait for their licences, so that all of tonight's are asked for.
    """

    licenses: LicenseTable
    announced: KnownLicenses
    ask: AskLicenses
    all_now: bool = False

    def settle(self, papers: Sequence[Paper]) -> Iterator[Paper]:
        """Find out the licences of these papers, and of those that are overdue.

        Yields each paper for which arXiv was asked, when its licence is recorded: posts that show
        it are pending then. Raises StoreError.
        """
        versions = {paper.idv: paper for paper in papers if _is_arxivs(paper)}
        # Noted first, so that a run that is killed leaves what it did not ask to the next one.
        self.licenses.expect((paper.arxiv_id, paper.version) for paper in versions.values())
        owed = self._owed(versions)
        announced = self.announced(owed)
        for paper in owed:
            if paper.idv in announced:
                self.licenses.record((paper.arxiv_id, paper.version), announced[paper.idv])
        unknown = [paper for paper in owed if paper.idv not in announced]
        for answer in self.ask(unknown if self.all_now else unknown[:MAX_RECORDS_PER_RUN]):
            if answer.license is None:
                log.warning("%s: its licence is not known yet: %s", answer.paper.idv, answer.fault)
            else:
                self.licenses.record((answer.paper.arxiv_id, answer.paper.version), answer.license)
            yield answer.paper

    def unknown(self, published: Sequence[Paper]) -> dict[str, str]:
        """What to tell of the papers whose licence is still owed, by their key."""
        owed = frozenset(self.licenses.unresolved())
        return {
            paper.arxiv_id: "the licence is not known yet: later runs ask arXiv for it"
            for paper in published
            if (paper.arxiv_id, paper.version) in owed
        }

    def _owed(self, published: dict[str, Paper]) -> list[Paper]:
        owed = [
            Paper(arxiv_id, "", version=version) for arxiv_id, version in self.licenses.unresolved()
        ]
        tonight = [published[paper.idv] for paper in owed if paper.idv in published]
        overdue = [paper for paper in owed if paper.idv not in published]
        return tonight + overdue[:MAX_OVERDUE_PER_RUN]


def with_license(paper: Paper, licenses: LicenseTable) -> Paper:
    """The paper with the licence that is known of its version; what came with the paper itself
    stays.
    """
    if paper.license:
        return paper
    known = licenses.find(paper.arxiv_id, paper.version)
    return paper if known is None else replace(paper, license=known)


def _is_arxivs(paper: Paper) -> bool:
    """Whether arXiv can be asked for the licence of the paper's version."""
    return paper.source == "arxiv" and paper.version is not None and not paper.license
