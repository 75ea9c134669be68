"""The batches of an OpenAI-compatible service on 127.0.0.1, and what may go wrong with them."""

import itertools
import json
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.gemini_batches import BatchFaults, FakeBatch
from tests.fakes.loopback import Reply, Request

_STATES = {
    "SUCCEEDED": "completed",
    "PARTIALLY_SUCCEEDED": "completed",
    "FAILED": "failed",
    "EXPIRED": "expired",
    "CANCELLED": "cancelled",
}


class OpenAIBatchService:
    """Takes files and batches, and answers lines as `generate` answers single requests."""

    def __init__(self, generate: Callable[[Mapping[str, Any]], Reply]) -> None:
        self.batches: dict[str, FakeBatch] = {}
        self.faults = BatchFaults()
        self._files: dict[str, bytes] = {}
        self._numbers = itertools.count(1)
        self._generate = generate
        self._lock = threading.Lock()

    @property
    def sent(self) -> list[str]:
        """The keys of all requests that were accepted, once for each time."""
        return [key for batch in self.batches.values() for key in batch.requests]

    def reply(self, request: Request) -> Reply | None:
        """Answer a request about batches or files; None for any other."""
        with self._lock:
            path = request.path.partition("?")[0]
            if path == "/v1/files":
                return self._upload(request)
            if match := re.fullmatch(r"/v1/files/([\w-]+)/content", path):
                return self._download(match[1])
            if path == "/v1/batches" and request.method == "POST":
                return self._create(request.body)
            if match := re.fullmatch(r"/v1/batches(?:/(\w+))?(/cancel)?", path):
                return self._look(match[1], is_cancelled=match[2] is not None)
            return None

    def _upload(self, request: Request) -> Reply:
        boundary = request.headers["content-type"].partition("boundary=")[2].encode()
        parts = request.body.split(b"--" + boundary)
        (file,) = [part for part in parts if b'name="file"' in part]
        name = f"file-{next(self._numbers)}"
        self._files[name] = file.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
        return Reply(
            body={
                "id": name,
                "object": "file",
                "bytes": len(self._files[name]),
                "created_at": 1,
                "filename": "batch.jsonl",
                "purpose": "batch",
                "status": "processed",
            }
        )

    def _create(self, asked: Mapping[str, Any]) -> Reply:
        if self.faults.refusals:
            return self.faults.refusals.pop(0)
        lines = [json.loads(line) for line in self._files[asked["input_file_id"]].splitlines()]
        assert {(line["method"], line["url"]) for line in lines} == {
            ("POST", "/v1/chat/completions")
        }
        requests = {line["custom_id"]: line["body"] for line in lines}
        if self.faults.most_requests is not None and len(requests) > self.faults.most_requests:
            return _error(413, "The batch is too large.")
        number = f"batch_{next(self._numbers)}"
        batch = FakeBatch(number, asked["metadata"]["name"], "", requests, is_inline=False)
        self.batches[number] = batch
        if self.faults.loses_response:
            return Reply(reset=True)
        return Reply(body=self._describe(batch, "validating"))

    def _look(self, number: str | None, *, is_cancelled: bool) -> Reply:
        if number is None:
            shown = [self._describe(batch, "in_progress") for batch in self.batches.values()]
            return Reply(body={"object": "list", "data": shown, "has_more": False})
        batch = self.batches.get(number)
        if batch is None or self.faults.forgotten:
            return _error(404, f"No batch found with id '{number}'.")
        if is_cancelled:
            batch.cancelled = True
            return Reply(body=self._describe(batch, "cancelling"))
        if batch.cancelled:
            return Reply(body=self._describe(batch, "cancelled"))
        held = self.faults.held
        return Reply(
            body=self._describe(batch, "in_progress" if held else _STATES[self.faults.ends])
        )

    def _describe(self, batch: FakeBatch, status: str) -> dict[str, Any]:
        described: dict[str, Any] = {
            "id": batch.name,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "input_file_id": "file-0",
            "completion_window": "24h",
            "status": status,
            "created_at": 1,
            "metadata": {"name": batch.display_name},
        }
        if status == "failed":
            fault = {"code": "token_limit_exceeded", "message": "Enqueued token limit reached."}
            return described | {"errors": {"object": "list", "data": [fault]}}
        if status == "completed":
            answers, faults = self._lines(batch)
            for kind, lines in (("output_file_id", answers), ("error_file_id", faults)):
                if lines:
                    file = f"file-{kind}-{batch.name}"
                    self._files[file] = b"".join(
                        json.dumps(line).encode() + b"\n" for line in lines
                    )
                    described[kind] = file
        return described

    def _lines(self, batch: FakeBatch) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return what is answered and what failed, the last request first."""
        answers: list[dict[str, Any]] = []
        faults: list[dict[str, Any]] = []
        for number, key in enumerate(sorted(batch.requests)):
            if number in self.faults.dropped:
                continue
            if number in self.faults.errors:
                _, message = self.faults.errors[number]
                body = {"error": {"message": message, "type": "server_error", "code": None}}
                faults.append({"custom_id": key, "response": {"status_code": 500, "body": body}})
                continue
            body = self._generate(batch.requests[key]).body
            if number in self.faults.cut:
                body["choices"][0]["finish_reason"] = "length"
            answers.append({"custom_id": key, "response": {"status_code": 200, "body": body}})
        if self.faults.exchanged and len(answers) > 1:
            first, second = answers[0]["custom_id"], answers[1]["custom_id"]
            answers[0]["custom_id"], answers[1]["custom_id"] = second, first
        if self.faults.doubled:
            answers.append(dict(answers[0]))
            answers.append({**answers[0], "custom_id": "a-key-of-nobody"})
        if self.faults.keyless:
            answers = [{**answer, "custom_id": None} for answer in answers]
        return answers[::-1], faults

    def _download(self, name: str) -> Reply:
        if self.faults.gone or name not in self._files:
            return _error(404, f"No such File object: {name}")
        return Reply(body=self._files[name], media_type="application/octet-stream")


def _error(status: int, message: str) -> Reply:
    return Reply(status, {"error": {"message": message, "type": "invalid_request_error"}})
