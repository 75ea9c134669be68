"""Collect what batches have answered: the first step of a run."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chatpaper.backends.batches.interface import BatchBackend, BatchResult, BatchStatus
from chatpaper.domain import Completion
from chatpaper.domain.errors import (
    BackendError,
    BadCompletionError,
    BatchLostError,
    ContentFilteredError,
    ContextTooLongError,
)
from chatpaper.pipeline.batches.broker import BatchBroker
from chatpaper.pipeline.batches.endings import Event, describe_end, get_stage, judge_end
from chatpaper.pipeline.batches.sending import BatchSender
from chatpaper.storage.batches import StoredBatch, StoredRequest
from chatpaper.storage.usage import Call, UsageLog
from chatpaper.summarize.cost.prices import Prices

log = logging.getLogger(__name__)

# A batch whose sending was cut short may appear at the service this much later; until then it is
# not sent again. No request takes longer to be served or refused.
SETTLING = timedelta(minutes=10)
# A batch that is cancelled has so much more of its time to end.
_PATIENCE = 2

# Answers that nobody took by then are about papers that were published otherwise. Papers that fail
# have had all their attempts within a week.
_KEPT = timedelta(days=60)

# With these a request was answered, though not by a summary.
_ANSWERS = (BadCompletionError, ContentFilteredError, ContextTooLongError)


@dataclass(frozen=True, slots=True)
class BatchCollector:
    """Looks at all batches that have not ended, and takes in what they have."""

    broker: BatchBroker
    usage: UsageLog
    prices: Prices

    def collect(self) -> None:
        """Take in what has come since the last run; what a service does not tell waits on.

        Raises StoreError.
        """
        now = self.broker.clock.now()
        self.broker.batches.forget_ended(now - _KEPT)
        for batch in self.broker.batches.open():
            try:
                self._visit(batch, now)
            except BackendError as error:
                log.warning("the batch %s could not be looked up: %s", batch.name, error)

    def _visit(self, batch: StoredBatch, now: datetime) -> None:
        allowed = timedelta(hours=self.broker.options.hours)
        age = now - (batch.sent or batch.created)
        if batch.service != self.broker.options.service:
            log.warning("the batch %s was sent with another key, address or backend", batch.name)
            if age > _PATIENCE * allowed:
                self._end(batch, "other_service", now)
            return
        service = self.broker.service_of(batch.model)
        if batch.state == "prepared":
            found = self._recover(batch, service, now)
            if found is None:
                return
            batch = found
        try:
            status = service.look_up(batch.batch_id)
        except BatchLostError as error:
            self._end(batch, "forgotten", now, str(error))
            return
        if status.state != "waiting":
            self._take(batch, service, status, now)
        elif age > _PATIENCE * allowed:
            self._end(batch, "overdue", now)
        elif age > allowed:
            log.warning("the batch %s took longer than llm.batch_hours: cancelled", batch.name)
            service.cancel(batch.batch_id)

    def _recover(
        self, batch: StoredBatch, service: BatchBackend, now: datetime
    ) -> StoredBatch | None:
        """Return a batch of which it was not known whether it was sent; None where it was not.

        It is sent then, unless it may still be under way.
        """
        batch_id = service.find(batch.name)
        if batch_id is not None:
            self.broker.batches.mark_sent(batch.name, batch_id, batch.created)
            return replace(batch, batch_id=batch_id, state="waiting", sent=batch.created)
        if now - batch.created >= SETTLING:
            requests = self.broker.batches.waiting_requests(batch.name)
            refusal = BatchSender(self.broker).send_prepared(batch, requests)
            if refusal is not None:
                raise refusal
        return None

    def _take(
        self, batch: StoredBatch, service: BatchBackend, status: BatchStatus, now: datetime
    ) -> None:
        """Take in what a batch has answered, and record its end, in one transaction.

        Answers are matched by their keys alone: what comes under an unknown key, or a second time
        under one, is no answer to anything.
        """
        waiting = {each.key: each for each in self.broker.batches.waiting_requests(batch.name)}
        try:
            results = self._match(list(service.collect(status)), waiting)
        except BatchLostError as error:
            self._end(batch, "results_gone", now, str(error))
            return
        with self.broker.store.unit_of_work():
            faults = [
                (result.key, fault)
                for result in results
                if (fault := self._take_result(result, waiting[result.key], service))
            ]
            answered = len(results) - len(faults)
            event = judge_end(status.state, len(waiting), answered, lines=len(results))
            self._end(batch, event, now, status.reason, faults)
        log.info("collected %d of %d answers of %s", answered, len(waiting), batch.name)

    def _match(
        self, results: Sequence[BatchResult], waiting: dict[str, StoredRequest]
    ) -> list[BatchResult]:
        matched: dict[str, BatchResult] = {}
        for result in results:
            if result.key in waiting:
                matched.setdefault(result.key, result)
        if len(matched) < len(results):
            log.warning("%d answers have no key of ours", len(results) - len(matched))
        return list(matched.values())

    def _take_result(
        self, result: BatchResult, request: StoredRequest, service: BatchBackend
    ) -> str:
        """Keep an answer and book what it cost; return why there is none, where there is none."""
        if result.answer is None:
            return result.fault
        calls, fault = 1, None
        try:
            used = service.read(result.answer)
        except BackendError as error:
            fault, calls = error, error.llm_calls
            used = Completion("", service.model, error.input_tokens, error.output_tokens)
        if calls:
            self._book(request, replace(used, batched=True), service)
        if fault is not None and not isinstance(fault, _ANSWERS):
            return str(fault)
        self.broker.batches.answer(result.key, json.dumps(result.answer, ensure_ascii=False))
        return ""

    def _book(self, request: StoredRequest, used: Completion, service: BatchBackend) -> None:
        self.usage.record(
            Call(
                request.arxiv_id,
                service.model,
                request.prompt,
                used.model,
                used.input_tokens,
                used.output_tokens,
                used.cached_input_tokens,
                self.prices.cost_usd(service.name, used, service.model),
                request.expected_input_tokens,
                request.expected_output_tokens,
            )
        )

    def _end(
        self,
        batch: StoredBatch,
        event: Event,
        now: datetime,
        said: str = "",
        faults: Sequence[tuple[str, str]] = (),
    ) -> None:
        reason = describe_end(event, said)
        if reason:
            log.warning("%s: %s", batch.name, reason)
        ended = replace(batch, state=get_stage(event), reason=reason, ended=now)
        self.broker.batches.end(ended, faults)
