"""What `chatpaper backfill --json` prints: what was found by month, and what became of it."""

from pydantic import Field

from chatpaper.app.backfill.estimate import Limit
from chatpaper.domain.json_model import Day, JsonModel, Number


class BackfillEstimateJson(JsonModel):
    """What the papers that waited were expected to take."""

    papers: int = Field(description="Papers that waited when the command began")
    hours: Number = Field(description="Hours, by what takes longest")
    limited_by: Limit = Field(description="What takes these hours")
    usd: Number | None = Field(description="Null where the price of the model is not known")
    usd_batch: Number | None = Field(
        description="In batches; null where the service has none or the price is not known"
    )


class BackfillMonthJson(JsonModel):
    """The papers of a month of submission: found = published + excluded + set_aside + waiting."""

    month: str = Field(description="Like 2021-03")
    found: int = Field(description="Papers found")
    published: int = Field(description="Papers published")
    excluded: int = Field(description="Stand in a post of another day, or a person forgot them")
    set_aside: int = Field(description="Failed for a reason of their own; `--again` tries them")
    waiting: int = Field(description="Papers that wait, for the first time or again")


class SetAsidePaperJson(JsonModel):
    """A paper that is not tried again unless a person asks."""

    arxiv_id: str = Field(description="arXiv id without version")
    submitted: Day = Field(description="Day of submission in UTC")
    reason: str = Field(description="Why it is set aside")


class BackfillJson(JsonModel):
    """What a backfill found and did; the months count what earlier calls did too."""

    run_id: str = Field(description="Empty where nothing was begun")
    topic: str = Field(description="Name of the topic")
    since: Day = Field(description="First day of submission")
    until: Day = Field(description="Last day of submission")
    exit_code: int = Field(description="Exit code of the command")
    estimate: BackfillEstimateJson = Field(description="What the papers that wait will take")
    months: tuple[BackfillMonthJson, ...] = Field(description="Months with papers, oldest first")
    set_aside: tuple[SetAsidePaperJson, ...] = Field(description="Papers that were set aside")
    published_now: int = Field(description="Papers that this call published")
    spent_usd: Number | None = Field(description="By this call; null where a price is not known")
    stopped_by: str = Field(description="Why not all was begun; empty where all was")
