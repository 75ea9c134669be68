"""Gemini's Batch API on 127.0.0.1: batches, files, and what may go wrong with them."""

import itertools
import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.loopback import Reply, Request

_TYPE = "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch"
# Faults of a request are told by the numbers of google.rpc.Code.
INVALID_ARGUMENT, INTERNAL = 3, 13


@dataclass
class FakeBatch:
    """A batch that was accepted: its requests by key, in the order in which they came."""

    name: str
    display_name: str
    model: str
    requests: dict[str, Mapping[str, Any]]
    is_inline: bool
    cancelled: bool = False


@dataclass
class BatchFaults:
    """What goes wrong; numbers are places of requests in the order of their keys.

    `held` batches go on without end, `ends` is the state in which they end. Answers are dropped,
    exchanged between neighbours, cut off, doubled, or replaced by an error. `keyless` results have
    no metadata, `gone` ones cannot be downloaded, `forgotten` batches were never heard of.
    """

    held: bool = False
    ends: str = "SUCCEEDED"
    dropped: Sequence[int] = ()
    exchanged: bool = False
    cut: Sequence[int] = ()
    doubled: bool = False
    errors: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    keyless: bool = False
    gone: bool = False
    forgotten: bool = False
    most_requests: int | None = None
    refusals: list[Reply] = field(default_factory=list)
    loses_response: bool = False


class GeminiBatchService:
    """Takes batches and answers them as `generate` answers single requests."""

    def __init__(
        self, url: Callable[[], str], generate: Callable[[Mapping[str, Any], str], Reply]
    ) -> None:
        self.batches: dict[str, FakeBatch] = {}
        self.faults = BatchFaults()
        self._files: dict[str, bytes] = {}
        self._numbers = itertools.count(1)
        self._url, self._generate = url, generate
        self._lock = threading.Lock()

    @property
    def sent(self) -> list[str]:
        """The keys of all requests that were accepted, once for each time."""
        return [key for batch in self.batches.values() for key in batch.requests]

    def reply(self, request: Request) -> Reply | None:
        """Answer a request about batches or files; None for any other."""
        with self._lock:
            path = request.path.partition("?")[0]
            if match := re.fullmatch(r"/v1(?:beta)?/models/([^:]+):batchGenerateContent", path):
                return self._create(request.body["batch"], match[1])
            if re.fullmatch(r"/upload/v1(?:beta)?/files", path):
                return self._begin_upload(request)
            if match := re.fullmatch(r"/upload/to/(\w+)", path):
                return self._finish_upload(request, f"files/{match[1]}")
            if match := re.fullmatch(r"/v1(?:beta)?/(files/[\w-]+):download", path):
                return self._download(match[1])
            if match := re.fullmatch(r"/v1(?:beta)?/batches(?:/(\w+))?(:cancel)?", path):
                return self._look(match[1], request)
            return None

    def _create(self, asked: Mapping[str, Any], model: str) -> Reply:
        if self.faults.refusals:
            return self.faults.refusals.pop(0)
        config = asked["inputConfig"]
        if "fileName" in config:
            lines = [json.loads(line) for line in self._files[config["fileName"]].splitlines()]
            requests = {line["key"]: line["request"] for line in lines}
        else:
            inline = config["requests"]["requests"]
            requests = {each["metadata"]["key"]: each["request"] for each in inline}
        if self.faults.most_requests is not None and len(requests) > self.faults.most_requests:
            return _error(413, "INVALID_ARGUMENT", "Request payload size exceeds the limit.")
        name = f"batches/b{next(self._numbers)}"
        batch = FakeBatch(name, asked["displayName"], model, requests, "fileName" not in config)
        self.batches[name] = batch
        if self.faults.loses_response:
            return Reply(reset=True)
        return Reply(body=self._operation(batch, "PENDING"))

    def _look(self, number: str | None, request: Request) -> Reply:
        if number is None:
            shown = [self._operation(batch, "RUNNING") for batch in self.batches.values()]
            return Reply(body={"operations": shown})
        batch = self.batches.get(f"batches/{number}")
        if batch is None or self.faults.forgotten:
            return _error(404, "NOT_FOUND", "Requested entity was not found.")
        if request.path.endswith(":cancel"):
            batch.cancelled = True
            return Reply(body={})
        if batch.cancelled:
            return Reply(body=self._operation(batch, "CANCELLED"))
        return Reply(body=self._operation(batch, "RUNNING" if self.faults.held else None))

    def _operation(self, batch: FakeBatch, state: str | None) -> dict[str, Any]:
        ended = state or self.faults.ends
        metadata: dict[str, Any] = {
            "@type": _TYPE,
            "model": f"models/{batch.model}",
            "displayName": batch.display_name,
            "state": f"BATCH_STATE_{ended}",
            "createTime": "2026-11-22T00:00:00Z",
            "batchStats": {"requestCount": str(len(batch.requests))},
        }
        operation: dict[str, Any] = {"name": batch.name, "metadata": metadata}
        if state in ("PENDING", "RUNNING"):
            return operation
        operation["done"] = True
        if ended in ("FAILED", "EXPIRED", "CANCELLED"):
            return operation | {"error": {"code": 13, "message": f"The batch is {ended}."}}
        lines = self._lines(batch)
        if batch.is_inline:
            inline = [
                {name: value for name, value in line.items() if name != "key"}
                | ({} if self.faults.keyless else {"metadata": {"key": line["key"]}})
                for line in lines
            ]
            metadata["output"] = {"inlinedResponses": {"inlinedResponses": inline}}
        else:
            file = f"files/batch-{batch.name.partition('/')[2]}"
            self._files[file] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
            metadata["output"] = {"responsesFile": file}
        return operation

    def _lines(self, batch: FakeBatch) -> list[dict[str, Any]]:
        """Return what is answered, last request first: the order is not promised."""
        keys = sorted(batch.requests)
        lines = []
        for number, key in enumerate(keys):
            if number in self.faults.dropped:
                continue
            if number in self.faults.errors:
                code, message = self.faults.errors[number]
                lines.append({"key": key, "error": {"code": code, "message": message}})
                continue
            lines.append({"key": key, **self._answer(batch, key, is_cut=number in self.faults.cut)})
        if self.faults.exchanged and len(lines) > 1:
            first, second = lines[0]["key"], lines[1]["key"]
            lines[0]["key"], lines[1]["key"] = second, first
        if self.faults.doubled:
            lines.append(dict(lines[0]))
            lines.append({**lines[0], "key": "a-key-of-nobody"})
        return lines[::-1]

    def _answer(self, batch: FakeBatch, key: str, *, is_cut: bool) -> dict[str, Any]:
        request = batch.requests[key]
        schema = request.get("generationConfig", {}).get("responseSchema")
        if schema is None or schema["type"] != "OBJECT":
            fault = {"code": INVALID_ARGUMENT, "message": "a batch needs a responseSchema"}
            return {"error": fault}
        body = self._generate(request, batch.model).body
        if is_cut:
            (candidate,) = body["candidates"]
            candidate["finishReason"] = "MAX_TOKENS"
            (part,) = candidate["content"]["parts"]
            part["text"] = part["text"][:20]
        return {"response": body}

    def _begin_upload(self, request: Request) -> Reply:
        place = f"{self._url()}/upload/to/f{next(self._numbers)}"
        return Reply(body={}, headers={"x-goog-upload-url": place})

    def _finish_upload(self, request: Request, name: str) -> Reply:
        body = request.body
        self._files[name] = body if isinstance(body, bytes) else json.dumps(body).encode()
        file = {"name": name, "mimeType": "application/jsonl", "state": "ACTIVE"}
        return Reply(body={"file": file}, headers={"x-goog-upload-status": "final"})

    def _download(self, name: str) -> Reply:
        if self.faults.gone or name not in self._files:
            return _error(
                403,
                "PERMISSION_DENIED",
                f"You do not have permission to access the File {name} or it may not exist.",
            )
        return Reply(body=self._files[name], media_type="application/jsonl")


def _error(code: int, status: str, message: str) -> Reply:
    return Reply(code, {"error": {"code": code, "message": message, "status": status}})
