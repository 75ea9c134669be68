"""The one tool that writes: a summary of a paper, by the model of the settings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from chatpaper.app import container
from chatpaper.app.agents.library import Library, find_entry, parse_name
from chatpaper.app.agents.results import PaperSummaryJson
from chatpaper.app.agents.tools import describe_summary, get_summary
from chatpaper.app.paper_lookup import refuse_other_versions, resolve_paper
from chatpaper.app.run_lock import hold_run_lock
from chatpaper.app.settings_groups import BudgetSettings
from chatpaper.domain import Paper
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import BudgetReachedError, ConfigError
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.report.run_report import PaperReport, RunReport, Stage

# What is shown at each stage to the person or agent that waits.
STAGES: dict[Stage, str] = {
    "fetch": "downloading the PDF",
    "extract": "reading the PDF",
    "summarize": "asking the model, and checking what it says",
    "write": "writing the post",
}


@dataclass(slots=True)
class Spending:
    """What the agents of one server have used of the budget; one paper is worked on at a time.

    An agent that goes in circles asks for paper after paper: the budget of a run holds for all that
    it asks of one server.
    """

    papers: int = 0
    tokens: int = 0
    cost_usd: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def remaining(self, budget: BudgetSettings) -> BudgetSettings:
        """Return what is left. Raises BudgetReachedError where nothing is."""
        rest = {
            "max_papers": _subtract(budget.max_papers, self.papers),
            "max_tokens": _subtract(budget.max_tokens, self.tokens),
            "max_usd": _subtract(budget.max_usd, self.cost_usd),
        }
        if spent := [name for name, left in rest.items() if left is not None and left <= 0]:
            raise BudgetReachedError(
                f"budget.{spent[0]} is used up by what agents asked of this server: raise it in "
                "the settings, or start the server again."
            )
        return budget.model_copy(update=rest)

    def add(self, report: RunReport) -> None:
        """Count what a run has used."""
        for paper in report.papers:
            self.papers += paper.llm_calls > 0
            self.tokens += paper.input_tokens + paper.output_tokens
            self.cost_usd += paper.cost_usd or 0.0


class StageProgress:
    """Tells of each stage to which a paper comes."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def begin(self, papers: int) -> None:
        """Do nothing: there is one paper."""

    def at(self, paper: Paper, stage: Stage) -> None:
        """Tell of the stage."""
        if stage in STAGES:
            self._tell(f"{paper.idv}: {STAGES[stage]}")

    def finish(self, report: PaperReport, spent_usd: float | None) -> None:
        """Tell that the post is still to be written."""
        self._tell(f"{report.paper.idv}: {STAGES['write']}")


def summarize_paper(
    library: Library,
    paper: str,
    spending: Spending,
    tell: Callable[[str], None],
    clock: Clock = SYSTEM_CLOCK,
) -> PaperSummaryJson:
    """Summarize a paper of arXiv, write its post, and return the summary.

    One that is there in the language of the settings is returned as it is. Raises ConfigError for
    what is no paper of arXiv, BudgetReachedError where the budget is used up, RunLockedError during
    a run, and as a run reports of the paper.
    """
    known = find_entry(library, paper)
    if known is not None and known.summary.language == library.settings.language:
        return get_summary(library, paper)
    reference = parse_name(paper)
    if isinstance(reference, str):
        raise ConfigError(f"{paper!r} names no paper of arXiv: give an id such as 2407.18125.")
    with spending.lock, hold_run_lock(library.settings):
        budget = spending.remaining(library.settings.budget)
        settings = library.settings.model_copy(update={"budget": budget})
        request = container.build_request(settings, None, clock)
        candidate = resolve_paper(reference, library.arxiv)
        refuse_other_versions(library.store, [candidate], request)
        pipeline = container.build_pipeline(
            settings,
            request,
            library.arxiv,
            container.SharedResources(library.store, library.workers),
            cancellation=CancellationToken(clock),
            progress=StageProgress(tell),
        )
        report = pipeline.summarize([candidate], request)
        spending.add(report)
    done = report.papers[0]
    entry = library.store.entries.find(None, candidate.paper.arxiv_id)
    if done.status != "published" or entry is None:
        raise done.error or report.stopped_by or ConfigError(done.reason)
    return describe_summary(library, entry)


def _subtract(limit: float | None, used: float) -> float | None:
    return None if limit is None else limit - used
