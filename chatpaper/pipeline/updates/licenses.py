"""Find out the licences of papers: each once for a version, until arXiv has answered.

The day's feed has most of them, without a request for each. Each of the rest is a request at
arXiv's pace, made while the model is at work, and their number in one run is bounded: the others
are looked up by later runs.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from chatpaper.domain import Paper
from chatpaper.fetch.arxiv.licenses import LicenseResult
from chatpaper.storage.papers.license_table import LicenseTable

log = logging.getLogger(__name__)

# A tenth of the requests of a night of sixty papers: even where the model leaves no time for them,
# they make a run longer by no more than a tenth.
MAX_RECORDS_PER_RUN = 6
# The same for papers of earlier runs where figures are shown by their licences, so that all of
# tonight's are looked up.
MAX_OVERDUE_PER_RUN = 50


class LicenseService(Protocol):
    """Looks licences up: `chatpaper.fetch.arxiv.licenses.LicenseClient`, or a test's own."""

    def read_feed(self, papers: Sequence[Paper]) -> Mapping[str, str]:
        """Return the licences in the day's feed, by the papers' ids with their versions."""

    def fetch(self, papers: Sequence[Paper]) -> Iterable[LicenseResult]:
        """Look the licence of each paper up; yields results as they come in."""


@dataclass(frozen=True, slots=True)
class LicenseResolver:
    """Finds out and records under which licences papers are.

    `all_now`: those of all papers of this run are looked up in it, because their figures are shown
    by their licences.
    """

    licenses: LicenseTable
    service: LicenseService
    all_now: bool = False

    def resolve(self, papers: Sequence[Paper]) -> Iterator[Paper]:
        """Find out the licences of these papers, and of those that are overdue.

        Yields each paper for which arXiv was asked, when its licence is recorded: posts that show
        it are pending then. Raises StoreError.
        """
        versions = {paper.idv: paper for paper in papers if _has_arxiv_license(paper)}
        # Recorded first, so that a run that is killed leaves what it did not ask to the next one.
        self.licenses.expect((paper.arxiv_id, paper.version) for paper in versions.values())
        unresolved = self._find_unresolved(versions)
        announced = self.service.read_feed(unresolved)
        for paper in unresolved:
            if paper.idv in announced:
                self.licenses.record((paper.arxiv_id, paper.version), announced[paper.idv])
        unknown = [paper for paper in unresolved if paper.idv not in announced]
        for answer in self.service.fetch(
            unknown if self.all_now else unknown[:MAX_RECORDS_PER_RUN]
        ):
            if answer.license is None:
                log.warning("%s: its licence is not known yet: %s", answer.paper.idv, answer.fault)
            else:
                self.licenses.record((answer.paper.arxiv_id, answer.paper.version), answer.license)
            yield answer.paper

    def explain_unresolved(self, published: Sequence[Paper]) -> dict[str, str]:
        """Return a warning for each of the papers whose licence is not known yet, by their ids."""
        versions = [(paper.arxiv_id, paper.version) for paper in published]
        unresolved = frozenset(self.licenses.unresolved_among(versions))
        return {
            paper.arxiv_id: "the licence is not known yet: later runs ask arXiv for it"
            for paper in published
            if (paper.arxiv_id, paper.version) in unresolved
        }

    def _find_unresolved(self, published: dict[str, Paper]) -> list[Paper]:
        """List the papers of this run without a licence, and some of earlier runs behind them."""
        versions = {(paper.arxiv_id, paper.version): paper for paper in published.values()}
        tonight = [versions[version] for version in self.licenses.unresolved_among(versions)]
        unresolved = self.licenses.unresolved(len(tonight) + MAX_OVERDUE_PER_RUN)
        overdue = [
            Paper(arxiv_id, "", version=version)
            for arxiv_id, version in unresolved
            if (arxiv_id, version) not in versions
        ]
        return tonight + overdue[:MAX_OVERDUE_PER_RUN]


def add_license(paper: Paper, licenses: LicenseTable) -> Paper:
    """Return the paper with the licence of its version, unless it came with one itself."""
    if paper.license:
        return paper
    known = licenses.find(paper.arxiv_id, paper.version)
    return paper if known is None else replace(paper, license=known)


def _has_arxiv_license(paper: Paper) -> bool:
    """Return whether arXiv can be asked for the licence of the paper's version."""
    return paper.source == "arxiv" and paper.version is not None and not paper.license
