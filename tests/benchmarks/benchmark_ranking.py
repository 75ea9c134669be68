"""How well a night is ranked for its reader, and what that costs.

`python -m tests.benchmarks.benchmark_ranking PAPERS LISTS` makes a night of up to 300 papers for
each reader, see `ranking_nights`: PAPERS is a folder of JSON lines with `id`, `title`, `summary`,
and `day` (such as https://github.com/dw-dengwei/daily-arXiv-ai-enhanced keeps of arXiv), LISTS
one of texts that name arXiv ids, a file for each reader (such as public lists of papers are). The
readers that set_aside.toml names are told of by default, the others with `--tuning`.

It tells precision at 10, mean average precision and recall at 50 of

- `chatpaper`: the ranking, held against papers of earlier nights
- `chatpaper, first night`: the same without any earlier night
- `neighbours`: the cosine of TF-IDF vectors to the nearest paper of the library, without a model
- `newest first`, and `by chance`
- `votes`, where `--votes` names a folder of JSON files as Hugging Face's `api/daily_papers` gives
  them, a day each (such as https://github.com/2404589803/hf-daily-paper-newsletter-chinese keeps):
  most upvotes first, then those without a vote by chance

then how many papers each has to read until four in five of the wanted are found, and the processor
time and memory that a ranking takes.
"""

import argparse
import json
import resource
import statistics
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from chatpaper.domain.ranking import LibraryPaper, ReaderProfile
from chatpaper.pipeline.ranking.ranker import rank_papers
from chatpaper.pipeline.ranking.terms import join_text, make_vectorizer
from tests.benchmarks.ranking_nights import ReaderNight, make_lot, make_nights, read_records

SET_ASIDE = Path(__file__).with_name("set_aside.toml")
SHARE_TO_FIND = 0.8
KILOBYTES = 1024

Order = Callable[[ReaderNight], Sequence[str]]


def rank(night: ReaderNight, *, first: bool) -> list[str]:
    """Return the papers in the order in which chatpaper would read them."""
    library = tuple(
        LibraryPaper(paper.title, paper.abstract, paper.arxiv_id) for paper in night.library
    )
    history = () if first else night.history
    rankings = rank_papers(ReaderProfile(papers=library), history, night.papers)
    return sorted(rankings, key=lambda key: (-rankings[key].score, key))


def find_neighbours(night: ReaderNight) -> list[str]:
    """Order papers by the nearest of the library."""
    papers = [*night.library, *night.papers]
    vectors = make_vectorizer().fit_transform(
        [join_text(paper.title, paper.abstract) for paper in papers]
    )
    own = len(night.library)
    nearest = (vectors[own:] @ vectors[:own].T).toarray().max(axis=1)
    keys = [paper.arxiv_id for paper in night.papers]
    return [key for _, key in sorted(zip(-nearest, keys, strict=True))]


def order_by_chance(night: ReaderNight) -> list[str]:
    return sorted(night.days, key=lambda key: make_lot(key, f"chance:{night.reader}"))


def order_by_day(night: ReaderNight) -> list[str]:
    """Order papers newest first; those of a day by chance."""
    return sorted(order_by_chance(night), key=lambda key: night.days[key], reverse=True)


def read_votes(folder: Path) -> dict[str, int]:
    """Return the upvotes of papers by their ids, as of the last file that has them."""
    votes: dict[str, int] = {}
    for file in sorted(folder.glob("*.json")):
        for each in json.loads(file.read_text("utf-8")):
            votes[each["paper"]["id"]] = int(each["paper"].get("upvotes") or 0)
    return votes


def order_by_votes(night: ReaderNight, votes: Mapping[str, int]) -> list[str]:
    """Order papers by their upvotes; those of as many by chance."""
    return sorted(order_by_chance(night), key=lambda key: -votes.get(key, 0))


ORDERS: Mapping[str, Order] = {
    "chatpaper": lambda night: rank(night, first=False),
    "chatpaper, first night": lambda night: rank(night, first=True),
    "neighbours": find_neighbours,
    "newest first": order_by_day,
    "by chance": order_by_chance,
}


def measure(order: Sequence[str], wanted: frozenset[str]) -> tuple[float, float, float, int]:
    """Return precision at 10, average precision, recall at 50, and papers read to find enough.

    >>> measure(["a", "b", "c"], frozenset({"a", "c"}))
    (0.2, 0.8333333333333333, 1.0, 3)
    """
    places = [place for place, key in enumerate(order, start=1) if key in wanted]
    precisions = [number / place for number, place in enumerate(places, start=1)]
    enough = -(-len(wanted) * SHARE_TO_FIND // 1)
    return (
        sum(place <= 10 for place in places) / 10,
        sum(precisions) / len(wanted),
        sum(place <= 50 for place in places) / len(wanted),
        places[int(enough) - 1],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("papers", type=Path)
    parser.add_argument("lists", type=Path)
    parser.add_argument("--tuning", action="store_true", help="tell of the other readers")
    parser.add_argument("--votes", type=Path, help="folder of the votes of Hugging Face")
    chosen = parser.parse_args()
    aside = {*tomllib.loads(SET_ASIDE.read_text("utf-8"))["ranking"]["names"]}
    nights = [
        night
        for night in make_nights(chosen.lists, read_records(chosen.papers))
        if (night.reader in aside) is not chosen.tuning
    ]
    for night in nights:
        print(f"{night.reader}: {len(night.wanted)} wanted of {len(night.papers)} papers, "
              f"{len(night.library)} in the library")  # fmt: skip
    orders = dict(ORDERS)
    if chosen.votes:
        votes = read_votes(chosen.votes)
        orders["votes"] = lambda night: order_by_votes(night, votes)
        voted = [sum(key in votes for key in night.days) / len(night.days) for night in nights]
        wanted = [sum(key in votes for key in night.wanted) / len(night.wanted) for night in nights]
        print(
            f"\nWith votes: {statistics.fmean(voted):.0%} of the papers of a night, "
            f"{statistics.fmean(wanted):.0%} of those that are wanted"
        )
    print("\n| order | precision at 10 | MAP | recall at 50 | read to find 4 in 5 |")
    print("|---|---|---|---|---|")
    for name, order in orders.items():
        found = [measure(order(night), night.wanted) for night in nights]
        precision, average, recall, read = map(statistics.fmean, zip(*found, strict=True))
        print(f"| {name} | {precision:.2f} | {average:.3f} | {recall:.2f} | {read:.0f} |")
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = max(nights, key=lambda night: len(night.papers) + len(night.library))
    rank(largest, first=False)
    print(
        f"\nOne night of {len(largest.papers)} papers, a library of {len(largest.library)} and "
        f"{len(largest.history)} papers of earlier nights: "
        f"{time.process_time() - began:.1f} s of processor time, peak of the process "
        f"{before / KILOBYTES:.0f} MB"
    )


if __name__ == "__main__":
    main()
