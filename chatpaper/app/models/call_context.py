"""What the calls to models of a run share."""

from dataclasses import dataclass

from chatpaper.domain.clock import Clock
from chatpaper.pipeline.batches.broker import BatchBroker
from chatpaper.pipeline.execution.budget import Budget
from chatpaper.storage.usage import UsageLog
from chatpaper.summarize.cost.call_log import CompletionCache
from chatpaper.summarize.prompting.library import Prompts


@dataclass(frozen=True, slots=True)
class CallContext:
    """The log and the budget that calls count towards, the completions that save some, the prompts.

    `clock` tells when a minute or a day of a quota is over. Without a `broker` nothing goes with a
    batch.
    """

    usage: UsageLog
    budget: Budget
    cache: CompletionCache
    prompts: Prompts
    clock: Clock
    broker: BatchBroker | None = None
