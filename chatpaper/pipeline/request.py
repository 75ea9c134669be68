"""What a run is asked to do."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Self

from chatpaper.storage.papers.posts import PostKey
from chatpaper.write.formats import PostFormat

# Among a thousand runs of one second, two share an id with a chance of 2 in a thousand million.
RUN_ID_BYTES = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use at most; None is no limit."""

    papers: int | None = None
    usd: float | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is to do: which day's posts, where, in which formats, within which limits.

    `online` says whether its papers come from arXiv, which may then be asked about those of earlier
    posts too.
    """

    post_date: date
    output_dir: Path
    formats: tuple[PostFormat, ...]
    limits: Limits = field(default_factory=Limits)
    online: bool = True

    def post_keys(self, topic: str | None, arxiv_id: str) -> tuple[PostKey, ...]:
        """Return the keys of the post that a paper goes into, in all formats."""
        folder = str(self.output_dir.absolute())
        return tuple(
            PostKey(
                folder,
                topic,
                arxiv_id if topic is None or chosen.scope == "paper" else "",
                self.post_date,
                chosen.name,
            )
            for chosen in self.formats
        )


@dataclass(frozen=True, slots=True)
class StartedRun:
    """A run that has begun."""

    run_id: str
    started: datetime
    request: RunRequest

    @classmethod
    def at(cls, started: datetime, request: RunRequest) -> Self:
        """Begin a run; its id sorts by time, and differs for runs that begin in one second."""
        return cls(f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(RUN_ID_BYTES)}", started, request)
