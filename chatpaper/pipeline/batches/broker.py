"""What takes the requests that go with a batch, and hands out the answers that came.

One run has one broker: its threads leave requests with it, and then the run sends all in as few
batches as may be. What the broker does not take is asked at once.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Literal

from chatpaper.backends.batches.interface import BatchBackend
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import (
    BackendError,
    UnansweredError,
    WaitingForBatchError,
)
from chatpaper.pipeline.batches.endings import MAX_LOSSES
from chatpaper.pipeline.planning import Plan
from chatpaper.storage.batches import Batches, StoredRequest
from chatpaper.storage.store import Store
from chatpaper.summarize.cost.estimate import estimate_from_text, prompt_name

log = logging.getLogger(__name__)

BatchMode = Literal["auto", "always", "never"]
FollowUps = Literal["at_once", "next_batch"]

# From here on `auto` sends a batch. Of fewer papers the half of the price is some cents, and they
# are read a day earlier.
MIN_PAPERS_FOR_A_BATCH = 20

_DIGEST_DIGITS = 8


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """When requests go with a batch.

    `follow_ups` says how repairs and second readings are asked. A batch that has not ended after
    so many `hours` is cancelled. `service` digests whom batches are sent to.
    """

    mode: BatchMode = "never"
    follow_ups: FollowUps = "at_once"
    hours: int = 48
    service: str = ""


@dataclass(frozen=True, slots=True)
class LeftRequest:
    """A request that was left at the broker, and what it is expected to cost."""

    request: StoredRequest
    service: BatchBackend
    expected_usd: float | None


def compute_request_key(prompt: Prompt) -> str:
    """Return the key of a request, under which its answer comes.

    An answer that may be longer is another one.
    """
    return hashlib.sha256(f"{prompt.key} {prompt.max_output_tokens}".encode()).hexdigest()


@dataclass
class BatchBroker:
    """Takes requests, hands out answers, and sends batches; shared by threads.

    `open_service` opens the batches of a model. Requests are taken only once `open` was called.
    """

    store: Store
    open_service: Callable[[str], BatchBackend]
    options: BatchOptions = field(default_factory=BatchOptions)
    clock: Clock = SYSTEM_CLOCK
    _left: dict[str, LeftRequest] = field(default_factory=dict)
    _services: dict[str, BatchBackend] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _is_open: bool = False
    _may_wait: bool = False

    @property
    def batches(self) -> Batches:
        """The batches that are stored."""
        return self.store.batches

    def service_of(self, model: str) -> BatchBackend:
        """Return the batches of a model. Raises ConfigError where there are none."""
        with self._lock:
            if model not in self._services:
                self._services[model] = self.open_service(model)
            return self._services[model]

    def open(self, plan: Plan) -> Plan:
        """Decide whether the papers of a plan go with a batch, and mark those that are in one."""
        in_batches = self.batches.papers()
        tasks = tuple(
            replace(
                task,
                awaited_batch=found.batch if found.waits else "",
                is_answered=not found.waits,
            )
            if (found := in_batches.get(task.paper.arxiv_id)) and not task.is_complete
            else task
            for task in plan.tasks
        )
        new = sum(not (task.is_complete or task.is_in_batch) for task in tasks)
        mode = self.options.mode
        self._may_wait = True
        self._is_open = mode == "always" or (mode == "auto" and new >= MIN_PAPERS_FOR_A_BATCH)
        return replace(plan, tasks=tasks)

    def takes(self, prompt: Prompt) -> bool:
        """Tell whether a prompt goes with a batch that is not yet sent."""
        return self._is_open and (not prompt.follow_up or self.options.follow_ups == "next_batch")

    def find_answer(self, prompt: Prompt, model: str) -> Completion | None:
        """Return the answer that came to a prompt with a batch; None where it is to be asked.

        Raises WaitingForBatchError where it is still to come, and a BackendError for an answer
        that cannot be used.
        """
        request = self.batches.find_request(compute_request_key(prompt))
        if request is None or (request.state == "waiting" and not self._may_wait):
            return None
        if request.state == "waiting":
            raise WaitingForBatchError(describe_wait(request.batch), batch=request.batch)
        if request.state == "unanswered":
            self._refuse_hopeless(request, prompt)
            return None
        service = self.service_of(model)
        try:
            return replace(service.read(json.loads(request.answer)), batched=True)
        except BackendError as error:
            error.batched = True
            raise

    def is_hopeless(self, prompt: Prompt) -> bool:
        """Tell whether batches brought no answer to a prompt so often that none is sent again."""
        request = self.batches.find_request(compute_request_key(prompt))
        return request is not None and request.losses >= MAX_LOSSES

    def _refuse_hopeless(self, request: StoredRequest, prompt: Prompt) -> None:
        if self.options.mode != "always" or request.losses < MAX_LOSSES or not self.takes(prompt):
            return
        raise UnansweredError(
            f"{request.losses} batches in a row brought no answer: {request.reason}"
        )

    def leave(self, prompt: Prompt, model: str, expected_usd: float | None) -> None:
        """Leave a request for the next batch. Raises WaitingForBatchError, since it waits then."""
        service = self.service_of(model)
        expected_input_tokens, expected_output_tokens = estimate_from_text(prompt)
        request = StoredRequest(
            compute_request_key(prompt),
            "",
            prompt.source.paper_id,
            "waiting",
            json.dumps(service.build_body(prompt), ensure_ascii=False),
            completion_key=prompt.key,
            prompt=prompt_name(prompt),
            expected_input_tokens=expected_input_tokens,
            expected_output_tokens=expected_output_tokens,
        )
        with self._lock:
            self._left[request.key] = LeftRequest(request, service, expected_usd)
        raise WaitingForBatchError("goes with the next batch")

    def take_left(self) -> list[LeftRequest]:
        """Return what was left, which then is not left any more; those of one model together."""
        with self._lock:
            left = sorted(
                self._left.values(), key=lambda each: (each.service.model, each.request.key)
            )
            self._left.clear()
        return left


def describe_wait(batch: str) -> str:
    """Return why a paper waits."""
    return f"waits for the batch {batch}" if batch else "goes with the next batch"
