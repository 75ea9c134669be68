"""A fake Hugging Face on 127.0.0.1: the list of daily papers, with scripted faults.

    listed = DailyPaper("2408.02718", "MMIU", upvotes=58)
    with FakeHuggingFace({date(2024, 8, 7): [listed]}) as server:
        # The next request fails like this; `always` makes all fail until it is set to None.
        server.script(Reply(503))
        ...  # settings: huggingface.base_url = server.url, huggingface.delay_seconds = 0

It answers 400 for a day after `today`, as the service does for one that has not begun in UTC. It
also runs by itself: `python -m tests.fakes.huggingface --port 8003` has the papers of 7 August
2024.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import LoopbackServer, Reply, Request

PATH = "/api/daily_papers"
DEFAULT_LIMIT = 50
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class DailyPaper:
    """A paper as Hugging Face lists it."""

    id: str
    title: str
    summary: str = "An abstract."
    authors: tuple[str, ...] = ("Ada Lovelace", "Alan Turing")
    hidden_authors: tuple[str, ...] = ()
    upvotes: int = 1
    published: str = "2024-08-05T17:56:41.000Z"
    more: Mapping[str, Any] = field(default_factory=dict)

    def record(self, day: date) -> dict[str, Any]:
        """Return the object of the list, including the parts that nothing here reads."""
        names = [(name, False) for name in self.authors] + [
            (name, True) for name in self.hidden_authors
        ]
        submitter = {
            "_id": "60f1abe7544c2adfd699860c",
            "avatarUrl": "https://cdn-avatars.huggingface.co/v1/production/uploads/1.jpeg",
            "fullname": "AK",
            "name": "akhaliq",
            "type": "user",
            "isPro": False,
            "isHf": True,
        }
        return {
            "paper": {
                "id": self.id,
                "authors": [
                    {"_id": f"66b1{number:020d}", "name": name, "hidden": hidden}
                    for number, (name, hidden) in enumerate(names)
                ],
                "publishedAt": self.published,
                "submittedOnDailyAt": f"{day.isoformat()}T00:00:00.000Z",
                "title": self.title,
                "submittedOnDailyBy": submitter,
                "summary": self.summary,
                "upvotes": self.upvotes,
                "discussionId": "66b1e3f6a5e3d3e3f3a3b3c3",
                "ai_keywords": ["benchmark"],
                **self.more,
            },
            "publishedAt": self.published,
            "title": self.title,
            "summary": self.summary,
            "thumbnail": f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{self.id}.png",
            "numComments": 2,
            "submittedBy": submitter,
            "isAuthorParticipating": False,
        }


# Of the list of one real day: ids, titles and authors as arXiv has them, upvotes near those of the
# time.
SAMPLE_DAY = date(2024, 8, 7)
SAMPLE_PAPERS = (
    DailyPaper(
        "2408.03178",
        "An Object is Worth 64x64 Pixels: Generating 3D Object via Image Diffusion",
        authors=("Xingguang Yan", "Han-Hung Lee", "Ziyu Wan", "Angel X. Chang"),
        upvotes=36,
    ),
    DailyPaper(
        "2408.02718",
        "MMIU: Multimodal Multi-image Understanding for Evaluating Large Vision-Language Models",
        authors=("Fanqing Meng", "Jin Wang", "Chuanhao Li"),
        upvotes=58,
        more={
            "projectPage": "https://mmiu-bench.github.io",
            "githubRepo": "https://github.com/OpenGVLab/MMIU",
        },
    ),
    DailyPaper(
        "2408.03326",
        "LLaVA-OneVision: Easy Visual Task Transfer",
        authors=("Bo Li", "Yuanhan Zhang", "Dong Guo"),
        upvotes=59,
    ),
)


class FakeHuggingFace(LoopbackServer):
    """Serves the lists of `days`; they may be changed while it runs."""

    def __init__(
        self,
        days: Mapping[date, Sequence[DailyPaper]] | None = None,
        port: int = 0,
        today: date | None = None,
    ) -> None:
        super().__init__(port)
        self.days = {day: list(papers) for day, papers in (days or {}).items()}
        self.today = today or datetime.now(UTC).date()
        self.always: Reply | None = None

    def is_call(self, request: Request) -> bool:
        return False

    def reply(self, request: Request) -> Reply:
        scripted = self.next_scripted() or self.always
        if scripted:
            return scripted
        parts = urlsplit(request.path)
        if parts.path != PATH:
            return Reply(404, {"error": "Not Found"})
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            day = date.fromisoformat(query.get("date", self.today.isoformat()))
            limit, page = int(query.get("limit", DEFAULT_LIMIT)), int(query.get("p", 0))
        except ValueError:
            return Reply(400, {"error": "Invalid query parameters"})
        if day > self.today:
            return Reply(
                400, {"error": f'"date" must be less than or equal to "{self.today.isoformat()}"'}
            )
        if not 1 <= limit <= MOST_AT_ONCE:
            return Reply(400, {"error": f'"limit" must be between 1 and {MOST_AT_ONCE}'})
        found = self.days.get(day, [])[page * limit : (page + 1) * limit]
        return Reply(200, [paper.record(day) for paper in found])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=f"A fake Hugging Face with the daily papers of {SAMPLE_DAY}."
    )
    parser.add_argument("--port", type=int, default=0)
    FakeHuggingFace({SAMPLE_DAY: SAMPLE_PAPERS}, parser.parse_args().port).serve_forever()


if __name__ == "__main__":
    main()
