"""The run report as JSON: `{state_dir}/runs/{run_id}.json`, and what `--json` prints."""

import json

from pydantic import Field

from chatpaper.domain.json_model import Day, JsonModel, Number, Timestamp
from chatpaper.pipeline.report.run_report import PaperReport, RunReport, Stage, TopicReport
from chatpaper.storage.papers.outcomes import Status
from chatpaper.storage.run_history import TopicRunStatus
from chatpaper.storage.usage import ModelUsage
from chatpaper.write.formats import load_labels
from chatpaper.write.views.reasons import describe_ranking

# The price of a model may be unknown.
Cost = Number | None


class TopicReportJson(JsonModel):
    """What became of one topic: found = published + excluded + failed."""

    name: str = Field(description="Name of the topic")
    query: str = Field(description="Search string sent to arXiv")
    found: int = Field(description="Papers found")
    published: int = Field(description="Papers published")
    excluded: int = Field(description="Papers excluded: off topic, published before, or given up")
    failed: int = Field(description="Papers that failed or wait for a later run")
    post: str | None = Field(description="Path of the topic's post; null where none was written")
    error: str | None = Field(description="Why the topic could not be searched; else null")
    state: TopicRunStatus | None = Field(description="How the run of the topic ended")
    source: str = Field(description="Where the papers came from, e.g. the API or the feed")
    notes: tuple[str, ...] = Field(description="What went wrong without consequence")
    awaits_batch: bool = Field(
        default=False, description="Whether papers wait for a batch that a later run collects"
    )


class EstimateJson(JsonModel):
    """What a summary is expected to take."""

    input_tokens: int = Field(description="Tokens to send")
    output_tokens: int = Field(description="Tokens to receive")
    cost_usd: Cost = Field(description="US dollars; null where the price is unknown")


class PaperReportJson(JsonModel):
    """What became of one paper."""

    arxiv_id: str = Field(description="arXiv id without version, or the name of a file")
    version: int | None = Field(description="Version on arXiv; null for a file")
    title: str = Field(description="Title")
    topics: tuple[str, ...] = Field(description='Topics that found it; `""` where asked for alone')
    status: Status = Field(description="What became of the paper")
    stage: Stage = Field(description="Stage at which it failed; empty where it did not")
    reason: str = Field(description="Why it was not published; empty where it was")
    llm_calls: int = Field(description="Model calls of this run")
    input_tokens: int = Field(description="Tokens sent in this run")
    output_tokens: int = Field(description="Tokens received in this run, thinking included")
    cost_usd: Cost = Field(description="US dollars; null where a price is unknown")
    seconds: Number = Field(description="Time spent on the paper")
    warnings: tuple[str, ...] = Field(description="What its reader should know")
    estimate: EstimateJson | None = Field(description="Expected use, in a dry run; else null")
    attempts: int = Field(description="Runs on which it failed for a reason of its own")
    next_try: Day | None = Field(description="Date before which it is not tried again")
    score: Number | None = Field(
        default=None, description="What it is worth to the reader, 0 to 1; null without a profile"
    )
    why: tuple[str, ...] = Field(default=(), description="Why it is offered, the best reason first")


class ModelUsageJson(JsonModel):
    """What was used of one model."""

    model: str = Field(description="Name of the model")
    llm_calls: int = Field(description="Model calls")
    input_tokens: int = Field(description="Tokens sent")
    output_tokens: int = Field(description="Tokens received, thinking included")
    cost_usd: Cost = Field(description="US dollars; null where a price is unknown")

    @classmethod
    def from_usage(cls, used: ModelUsage) -> "ModelUsageJson":
        """Describe what was used of a model."""
        return cls(
            model=used.model,
            llm_calls=used.usage.llm_calls,
            input_tokens=used.usage.input_tokens,
            output_tokens=used.usage.output_tokens,
            cost_usd=used.usage.cost_usd,
        )


class TotalsJson(JsonModel):
    """What the whole run used."""

    llm_calls: int = Field(description="Model calls")
    input_tokens: int = Field(description="Tokens sent")
    output_tokens: int = Field(description="Tokens received, thinking included")
    cost_usd: Cost = Field(description="US dollars; null where a price is unknown")
    seconds: Number = Field(description="Duration of the run")


class RunReportJson(JsonModel):
    """What a run did, and in which state it left things."""

    run_id: str = Field(description="Name of the run, which sorts by time")
    date: Day = Field(description="Date of the posts")
    started: Timestamp = Field(description="When the run began")
    finished: Timestamp = Field(description="When the run ended")
    dry_run: bool = Field(description="Whether no model was to be called and no post written")
    exit_code: int = Field(description="Exit code of the command, 0 to 7")
    stopped_by: str | None = Field(description="What ended the run early; else null")
    topics: tuple[TopicReportJson, ...] = Field(description="Topics of the run")
    papers: tuple[PaperReportJson, ...] = Field(description="Papers of the run")
    posts: tuple[str, ...] = Field(description="Paths of all posts written")
    warnings: tuple[str, ...] = Field(description="What a person should know")
    models: tuple[ModelUsageJson, ...] = Field(description="What was used of each model")
    totals: TotalsJson = Field(description="What the whole run used")


def report_to_text(report: RunReport) -> str:
    """Write the run report as the text of its file."""
    return json.dumps(report_to_json(report).to_json(), ensure_ascii=False, indent=1)


def report_to_json(report: RunReport) -> RunReportJson:
    """Describe a run; costs are in US dollars, times in seconds."""
    # The clock may have been set back while the run was at work.
    seconds = max(0.0, (report.finished - report.started).total_seconds())
    return RunReportJson(
        run_id=report.run_id,
        date=report.post_date,
        started=report.started,
        finished=report.finished,
        dry_run=report.dry_run,
        exit_code=int(report.exit_code),
        stopped_by=str(report.stopped_by) if report.stopped_by else None,
        topics=tuple(map(_topic_to_json, report.topics)),
        papers=tuple(map(_paper_to_json, report.papers)),
        posts=report.posts,
        warnings=report.warnings,
        models=tuple(map(ModelUsageJson.from_usage, report.models)),
        totals=TotalsJson(
            llm_calls=report.llm_calls,
            input_tokens=report.input_tokens,
            output_tokens=report.output_tokens,
            cost_usd=report.cost_usd,
            seconds=round(seconds, 3),
        ),
    )


def _topic_to_json(topic: TopicReport) -> TopicReportJson:
    return TopicReportJson(
        name=topic.name,
        query=topic.query,
        found=topic.found,
        published=topic.published,
        excluded=topic.excluded,
        failed=topic.failed,
        post=topic.post,
        error=str(topic.error) if topic.error else None,
        state=topic.state,
        source=topic.source,
        notes=topic.notes,
        awaits_batch=topic.awaits_batch,
    )


def _paper_to_json(report: PaperReport) -> PaperReportJson:
    return PaperReportJson(
        arxiv_id=report.paper.arxiv_id,
        version=report.paper.version,
        title=report.paper.title,
        topics=tuple(topic or "" for topic in report.topics),
        status=report.status,
        stage=report.stage,
        reason=report.reason,
        llm_calls=report.llm_calls,
        input_tokens=report.input_tokens,
        output_tokens=report.output_tokens,
        cost_usd=report.cost_usd,
        seconds=round(report.seconds, 3),
        warnings=report.warnings,
        estimate=EstimateJson.from_value(report.estimate) if report.estimate else None,
        attempts=report.attempts,
        next_try=report.next_try,
        score=report.ranking.score if report.ranking else None,
        why=describe_ranking(report.ranking, load_labels("en")),
    )
