"""Send what was left for batches, so that it can be cut short at any instant."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chatpaper.backends.batches.interface import BatchRequest
from chatpaper.domain.errors import (
    BackendError,
    BackendUnavailableError,
    BatchTooLargeError,
    StoreError,
)
from chatpaper.pipeline.batches.broker import BatchBroker, LeftRequest, describe_wait
from chatpaper.pipeline.batches.endings import describe_end, get_stage
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.execution.result import PaperResult
from chatpaper.pipeline.recording import RunRecorder
from chatpaper.pipeline.request import RunRequest
from chatpaper.storage.batches import StoredBatch, StoredRequest

log = logging.getLogger(__name__)

_DIGEST_DIGITS = 8


@dataclass(frozen=True, slots=True)
class BatchSender:
    """Stores batches with all that waits for them, and then sends them."""

    broker: BatchBroker

    def send(self, record: Callable[[Mapping[str, str]], None]) -> BackendError | None:
        """Send what was left as few batches; return why the service refused one, if it did.

        The batches, their requests and, by `record`, the papers that wait are stored first, in one
        transaction. `record` is given the batch of each paper, by the paper's id.
        """
        parts = list(_split(self.broker.take_left()))
        with self.broker.store.unit_of_work():
            prepared = [self._prepare(part) for part in parts]
            record(
                {
                    each.request.arxiv_id: batch.name
                    for batch, part in zip(prepared, parts, strict=True)
                    for each in part
                }
            )
        for batch, part in zip(prepared, parts, strict=True):
            refusal = self.send_prepared(batch, [each.request for each in part])
            if refusal is not None:
                return refusal
        return None

    def send_prepared(
        self, batch: StoredBatch, requests: Sequence[StoredRequest]
    ) -> BackendError | None:
        """Send a stored batch; return why the service refused it, if it did.

        One that is too large is halved until it is not.
        """
        broker = self.broker
        service = broker.service_of(batch.model)
        try:
            batch_id = service.submit(
                batch.name, [BatchRequest(each.key, json.loads(each.body)) for each in requests]
            )
        except BatchTooLargeError as error:
            return self._halve(batch, requests, error)
        except BackendUnavailableError as error:
            # It may have arrived: the next run asks for it by its name.
            log.warning("the batch %s may not have been sent: %s", batch.name, error)
            return None
        except BackendError as error:
            broker.batches.withdraw(batch.name)
            return error
        broker.batches.mark_sent(batch.name, batch_id, broker.clock.now())
        log.info("sent the batch %s with %d requests", batch.name, len(requests))
        return None

    def _halve(
        self, batch: StoredBatch, requests: Sequence[StoredRequest], error: BatchTooLargeError
    ) -> BackendError | None:
        broker = self.broker
        if len(requests) == 1:
            reason = describe_end("too_large", str(error))
            stage = get_stage("too_large")
            broker.batches.end(
                replace(batch, state=stage, reason=reason, ended=broker.clock.now()), ()
            )
            return None
        middle = len(requests) // 2
        halves = (requests[:middle], requests[middle:])
        parts = [
            replace(batch, name=self._name(half), requests=len(half), expected_usd=None)
            for half in halves
        ]
        with broker.store.unit_of_work():
            broker.batches.withdraw(batch.name)
            for part, half in zip(parts, halves, strict=True):
                broker.batches.prepare(part, half)
        refusals = (
            self.send_prepared(part, half) for part, half in zip(parts, halves, strict=True)
        )
        return next((refusal for refusal in refusals if refusal is not None), None)

    def _prepare(self, part: Sequence[LeftRequest]) -> StoredBatch:
        service = part[0].service
        requests = [each.request for each in part]
        costs = [each.expected_usd for each in part]
        known = [cost for cost in costs if cost is not None]
        batch = StoredBatch(
            self._name(requests),
            self.broker.options.service,
            service.name,
            service.model,
            state="prepared",
            requests=len(requests),
            expected_usd=sum(known) if len(known) == len(costs) else None,
            created=self.broker.clock.now(),
        )
        self.broker.batches.prepare(batch, requests)
        return batch

    def _name(self, requests: Sequence[StoredRequest]) -> str:
        """Return a name that no other batch has, by which the service is asked for this one."""
        keys = " ".join(each.key for each in requests)
        digest = hashlib.sha256(keys.encode()).hexdigest()[:_DIGEST_DIGITS]
        return f"chatpaper-{self.broker.clock.now():%Y%m%dT%H%M%SZ}-{digest}"


def send_waiting(
    broker: BatchBroker,
    recorder: RunRecorder,
    cancellation: CancellationToken,
    waiting: Sequence[PaperResult],
    request: RunRequest,
) -> list[PaperResult]:
    """Send what was left for batches, and record the papers that wait; return what became of them.

    A batch that the service refuses cancels the run, and its papers are queued.
    """
    results = list(waiting)

    def record(batches: Mapping[str, str]) -> None:
        for number, result in enumerate(results):
            if name := batches.get(result.report.paper.arxiv_id):
                results[number] = result.with_reason(describe_wait(name))
            recorder.record(results[number], request)

    try:
        refusal = BatchSender(broker).send(record)
        if refusal is not None:
            cancellation.cancel(refusal)
            still_waiting = broker.batches.papers()
            for number, result in enumerate(results):
                found = still_waiting.get(result.report.paper.arxiv_id)
                if found is None or not found.waits:
                    results[number] = result.with_reason(str(refusal), awaits_batch=False)
                    recorder.record(results[number], request)
    except StoreError as error:
        cancellation.cancel(error)
    return results


def _split(left: Sequence[LeftRequest]) -> Iterator[list[LeftRequest]]:
    """Yield parts of one model each that its service takes at once."""
    part: list[LeftRequest] = []
    size = 0
    for each in left:
        length, service = len(each.request.body.encode()), each.service
        if part and (
            service is not part[0].service
            or len(part) == service.max_requests
            or size + length > service.max_bytes
        ):
            yield part
            part, size = [], 0
        part.append(each)
        size += length
    if part:
        yield part
