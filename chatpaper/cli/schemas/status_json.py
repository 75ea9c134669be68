"""What `chatpaper status --json` prints."""

from pydantic import Field

from chatpaper.domain.json_model import Day, JsonModel, Number, Timestamp
from chatpaper.operations.alerts import AlertKind
from chatpaper.pipeline.report.report_json import ModelUsageJson
from chatpaper.storage.batches import BatchStage
from chatpaper.storage.papers.outcomes import Status
from chatpaper.storage.run_history import TopicRunStatus


class TopicCountsJson(JsonModel):
    """How many papers of a topic have each status."""

    name: str = Field(description="Topic; empty for papers that were asked for by themselves")
    published: int = Field(description="Papers published")
    pending: int = Field(description="Papers queued for the next run")
    failed: int = Field(description="Papers that failed and will be tried again")
    excluded: int = Field(description="Papers excluded or given up")


class UnfinishedPaperJson(JsonModel):
    """A paper that waits or was given up."""

    topic: str = Field(description="Topic; empty for a paper that was asked for by itself")
    arxiv_id: str = Field(description="arXiv id without version, or the name of a file")
    status: Status = Field(description="What became of the paper")
    stage: str = Field(description="Stage at which it failed; empty where it has not begun")
    reason: str = Field(description="Why it failed; empty where it has not begun")
    attempts: int = Field(description="Runs on which it failed for a reason of its own")
    next_try: Day | None = Field(description="Date before which it is not tried again")


class DayUsageJson(JsonModel):
    """What all runs for the posts of one day used."""

    date: Day = Field(description="Date of the posts")
    runs: int = Field(description="Number of runs")
    llm_calls: int = Field(description="Model calls")
    input_tokens: int = Field(description="Tokens sent")
    output_tokens: int = Field(description="Tokens received, thinking included")
    cost_usd: Number | None = Field(description="US dollars; null where a price is unknown")
    models: tuple[ModelUsageJson, ...] = Field(description="What was used of each model")


class TopicRunJson(JsonModel):
    """The run of one topic for one date: found = published + excluded + failed."""

    date: Day = Field(description="Date of the post")
    topic: str = Field(description="Name of the topic")
    state: TopicRunStatus | None = Field(description="How it ended; null where it was interrupted")
    found: int = Field(description="Papers found")
    published: int = Field(description="Papers published")
    excluded: int = Field(description="Papers excluded")
    failed: int = Field(description="Papers that failed or wait for a later run")
    repeated: int = Field(description="Papers among the excluded that were published before")
    source: str = Field(description="Where the papers came from, e.g. the API or the feed")
    newest_id: str = Field(description="arXiv id of the newest paper that the source showed")
    explanation: str = Field(description="Why it ended so; may be empty")
    awaits_batch: bool = Field(
        default=False, description="Whether papers waited for a batch when it ended"
    )


class AlertJson(JsonModel):
    """Something that needs a person."""

    kind: AlertKind = Field(description="Kind of the alert")
    topic: str = Field(description="Topic; empty where it concerns all")
    says: str = Field(description="What happened")
    since: Day | None = Field(description="First day on which it was so; null where unknown")
    todo: str = Field(description="What to do about it")


class BatchJson(JsonModel):
    """A batch of requests that was sent, or is about to be."""

    name: str = Field(description="Name of ours, which the service shows too")
    backend: str = Field(description="Backend that sent it")
    model: str = Field(description="Model that is asked")
    state: BatchStage = Field(
        description="Not surely sent (`prepared`), sent (`waiting`), collected, or lost"
    )
    reason: str = Field(description="Why requests were not answered; empty where they were")
    requests: int = Field(description="Requests in it")
    answered: int = Field(description="Requests that it has answered, once it has ended")
    expected_usd: Number | None = Field(description="Expected US dollars; null where unknown")
    created: Timestamp = Field(description="When it was made")
    sent: Timestamp | None = Field(description="When the service took it; null where unknown")
    ended: Timestamp | None = Field(description="When it was collected or lost; null until then")
    hours: Number = Field(description="Hours from its making to its end, or until now")


class StatusJson(JsonModel):
    """The state of all topics, papers and costs."""

    topics: tuple[TopicCountsJson, ...] = Field(description="Number of papers by topic")
    waiting: tuple[UnfinishedPaperJson, ...] = Field(description="Papers that will be tried again")
    given_up: tuple[UnfinishedPaperJson, ...] = Field(description="Papers that were given up")
    days: tuple[DayUsageJson, ...] = Field(description="Use of models by day, newest first")
    nights: tuple[TopicRunJson, ...] = Field(description="Runs by topic, newest first")
    alerts: tuple[AlertJson, ...] = Field(description="What needs a person")
    batches: tuple[BatchJson, ...] = Field(
        default=(), description="Batches that wait, oldest first, then the last that ended"
    )
