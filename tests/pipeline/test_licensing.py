"""Licences in the database: what is asked for in a run, what is owed to later ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chatpaper.domain import Paper
from chatpaper.fetch.arxiv.licenses import LicenseResult
from chatpaper.pipeline.updates.licenses import MAX_RECORDS_PER_RUN, LicenseResolver, add_license
from chatpaper.storage.store import Store

CC_BY = "http://creativecommons.org/licenses/by/4.0/"


@dataclass
class Arxiv:
    """Has announced some papers, and notes whose records it was asked for."""

    announced: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def read_feed(self, papers: Sequence[Paper]) -> dict[str, str]:
        return {
            paper.idv: self.announced[paper.idv] for paper in papers if paper.idv in self.announced
        }

    def fetch(self, papers: Sequence[Paper]) -> Iterator[LicenseResult]:
        for paper in papers:
            self.asked.append(paper.arxiv_id)
            yield LicenseResult(paper, CC_BY)

    def resolver(self, store: Store, *, all_now: bool = False) -> LicenseResolver:
        return LicenseResolver(store.licenses, self, all_now=all_now)


def papers(first: int, count: int) -> list[Paper]:
    return [Paper(f"2611.{number:05d}", "T", version=1) for number in range(first, first + count)]


def test_the_feed_tells_for_nothing_and_no_more_records_are_asked_for_than_fit(
    store: Store,
) -> None:
    arxiv = Arxiv({"2611.00002v1": CC_BY})
    tonight = papers(1, MAX_RECORDS_PER_RUN + 3)
    resolver = arxiv.resolver(store)
    list(resolver.resolve(tonight))
    assert len(arxiv.asked) == MAX_RECORDS_PER_RUN
    assert "2611.00002" not in arxiv.asked
    assert add_license(tonight[1], store.licenses).license == CC_BY
    told = resolver.explain_unresolved(tonight)
    assert set(told) == {paper.arxiv_id for paper in tonight} - {*arxiv.asked, "2611.00002"}
    assert all("later runs" in why for why in told.values())


def test_what_is_left_over_comes_after_the_papers_of_the_night_the_newest_first(
    store: Store,
) -> None:
    arxiv = Arxiv()
    list(arxiv.resolver(store).resolve(papers(1, MAX_RECORDS_PER_RUN + 2)))
    left = [paper.arxiv_id for paper in papers(1, 2)]
    arxiv.asked.clear()
    list(arxiv.resolver(store).resolve(papers(50, 1)))
    assert arxiv.asked == ["2611.00050", *reversed(left)]
    list(arxiv.resolver(store).resolve([]))
    assert len(arxiv.asked) == 3


def test_figures_that_wait_for_licences_have_all_of_the_night_asked_for(store: Store) -> None:
    arxiv = Arxiv()
    list(arxiv.resolver(store, all_now=True).resolve(papers(1, 3 * MAX_RECORDS_PER_RUN)))
    assert len(arxiv.asked) == 3 * MAX_RECORDS_PER_RUN
