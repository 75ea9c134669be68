"""Gemini's Batch API through google-genai: requests in the call itself, or in a file of lines.

What is sent is written here as the service takes it, and what comes is read as it came: the types
of the library know neither all states of a batch nor what it says of its end.
"""

import json
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar, cast
from weakref import finalize

import httpx2
from google import genai
from google.genai import errors, types
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from chatpaper.backends.batches.interface import (
    BatchRequest,
    BatchResult,
    BatchState,
    BatchStatus,
)
from chatpaper.backends.batches.lines import encode_lines, is_final, read_lines
from chatpaper.backends.batches.openapi_schema import to_openapi
from chatpaper.backends.deadlines import build_httpx_arguments
from chatpaper.backends.errors.errors import make_unreachable_error
from chatpaper.backends.errors.google_errors import make_http_error, read_completion
from chatpaper.backends.gemini import build_http_options, choose_thinking, resolve_model
from chatpaper.backends.interface import BackendSettings
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import (
    BackendError,
    BackendUnavailableError,
    BatchLostError,
    BatchTooLargeError,
)

NAME = "gemini"

# "Inline requests: a total request size under 20 MB" (ai.google.dev, Batch API). Of many requests
# the answers have come in a response that the service could not send (python-genai 2519).
MAX_INLINE_BYTES = 15_000_000
MAX_INLINE_REQUESTS = 20
# "The maximum allowed input file size is 2 GB". An expired batch has no results: of smaller ones
# less is lost.
MAX_FILE_BYTES = 1_000_000_000
MAX_REQUESTS = 2000
_PAGE_SIZE = 100

_STATES: dict[str, BatchState] = {
    "SUCCEEDED": "succeeded",
    "PARTIALLY_SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "EXPIRED": "expired",
    "CANCELLED": "cancelled",
}
# What the service answers about what is gone, and about what was never this account's.
_GONE = (403, 404)
# The faults of a request are told in the numbers of google.rpc.Code.
_HTTP_STATUS = {3: 400, 4: 504, 5: 404, 7: 403, 8: 429, 9: 400, 13: 500, 14: 503, 16: 401}

_T = TypeVar("_T")


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


class _Metadata(_Wire):
    state: str = ""
    output: dict[str, object] | None = None


class _Fault(_Wire):
    code: int = 0
    message: str = ""


class _Operation(_Wire):
    name: str = ""
    metadata: _Metadata = _Metadata()
    error: _Fault | None = None
    response: dict[str, object] | None = None


class GeminiBatches:
    """Asks one Gemini model in batches."""

    name = NAME
    max_requests = MAX_REQUESTS
    max_bytes = MAX_FILE_BYTES

    def __init__(self, settings: BackendSettings) -> None:
        self.model = resolve_model(settings)
        self._temperature = settings.parameters.temperature
        self._last_body = ""
        arguments = build_httpx_arguments()
        arguments["event_hooks"]["response"].append(self._keep_body)
        self._client = genai.Client(
            api_key=settings.api_key,
            vertexai=False,
            http_options=build_http_options(settings, arguments),
        )
        finalize(self, self._client.close)

    def build_body(self, prompt: Prompt) -> Mapping[str, object]:
        """Return the GenerateContentRequest of a prompt, as REST has it."""
        return build_request(prompt, self.model, self._temperature)

    def submit(self, name: str, requests: Sequence[BatchRequest]) -> str:
        """Send a batch, few requests in the call itself, many as a file; errors as its protocol."""
        lines = encode_lines({"key": each.key, "request": each.body} for each in requests)
        if len(lines) > MAX_FILE_BYTES:
            raise BatchTooLargeError(
                f"a batch of {len(lines)} bytes is larger than {self.model} takes",
                model=self.model,
            )
        if len(requests) <= MAX_INLINE_REQUESTS and len(lines) <= MAX_INLINE_BYTES:
            inline = [{"request": each.body, "metadata": {"key": each.key}} for each in requests]
            body = {"batch": {"inputConfig": {"requests": {"requests": inline}}}}
            config = types.CreateBatchJobConfig(
                display_name=name, http_options=types.HttpOptions(extra_body=body)
            )
            job = self._call(
                lambda: self._client.batches.create(model=self.model, src=[], config=config)
            )
        else:
            job = self._submit_file(name, lines)
        return job.name or ""

    def _submit_file(self, name: str, lines: bytes) -> types.BatchJob:
        with tempfile.TemporaryFile() as file:
            file.write(lines)
            file.seek(0)
            uploaded = self._call(
                lambda: self._client.files.upload(
                    file=file,
                    config=types.UploadFileConfig(mime_type="application/jsonl", display_name=name),
                )
            )
        return self._call(
            lambda: self._client.batches.create(
                model=self.model,
                src=uploaded.name or "",
                config=types.CreateBatchJobConfig(display_name=name),
            )
        )

    def find(self, name: str) -> str | None:
        """Look for our name among the batches of the account."""
        config = types.ListBatchJobsConfig(page_size=_PAGE_SIZE)

        def look() -> str | None:
            jobs = self._client.batches.list(config=config)
            return next((job.name for job in jobs if job.display_name == name), None)

        return self._call(look)

    def look_up(self, batch_id: str) -> BatchStatus:
        """Return how a batch stands; errors as its protocol."""
        self._call(lambda: self._client.batches.get(name=batch_id), _GONE)
        operation = _read_operation(self._last_body, self.model)
        state = operation.metadata.state.rpartition("STATE_")[2]
        return BatchStatus(
            _STATES.get(state, "failed" if operation.error else "waiting"),
            operation.error.message if operation.error else "",
            operation.metadata.output or operation.response or {},
        )

    def collect(self, status: BatchStatus) -> Iterator[BatchResult]:
        """Return the answers; those in a file are downloaded first. Errors as its protocol."""
        file = status.output.get("responsesFile")
        if isinstance(file, str):
            body = self._call(lambda: self._client.files.download(file=file), _GONE)
            for line in read_lines(body.decode("utf-8", "replace")):
                yield from self._read_line(line, line.get("key"))
            return
        match status.output.get("inlinedResponses"):
            case {"inlinedResponses": [*lines]}:
                for line in lines:
                    match line:
                        case {"metadata": {"key": key}}:
                            yield from self._read_line(line, key)

    def cancel(self, batch_id: str) -> None:
        """Ask for the end of a batch; errors as its protocol."""
        self._call(lambda: self._client.batches.cancel(name=batch_id))

    def read(self, answer: Mapping[str, object]) -> Completion:
        """Return the completion of an answer; errors as its protocol."""
        match answer:
            case {"error": Mapping() as fault}:
                raise _fault(fault, self.model)
        return read_completion(answer, self.model)

    def _read_line(self, line: Mapping[str, object], key: object) -> Iterator[BatchResult]:
        if not isinstance(key, str):
            return
        match line:
            case {"response": Mapping() as response}:
                yield BatchResult(key, cast(Mapping[str, object], response))
            case {"error": Mapping() as fault}:
                error = _fault(fault, self.model)
                yield BatchResult(key, {"error": fault} if is_final(error) else None, str(error))

    def _keep_body(self, response: httpx2.Response) -> None:
        response.read()
        self._last_body = response.text

    def _call(self, ask: Callable[[], _T], gone: Sequence[int] = ()) -> _T:
        """Ask the service, and raise its faults as a BackendError.

        The statuses in `gone` are those with which it says that it has no such thing any more.
        """
        try:
            with warnings.catch_warnings():
                # States that the library does not know are read as they came.
                warnings.simplefilter("ignore", UserWarning)
                return ask()
        except errors.APIError as error:
            if error.code in gone:
                raise BatchLostError(
                    f"the service has it no more ({error.message})", model=self.model
                ) from error
            raise _translate(error, self.model) from error
        except (httpx2.TransportError, OSError, json.JSONDecodeError) as error:
            raise make_unreachable_error(self.model, error, model=self.model) from error


def build_request(prompt: Prompt, model: str, temperature: float | None) -> dict[str, object]:
    """Return the GenerateContentRequest of a prompt, as REST has it."""
    thinking, allowance_tokens = choose_thinking(model)
    config: dict[str, object] = {
        "maxOutputTokens": prompt.max_output_tokens + allowance_tokens,
        "responseMimeType": "application/json",
        "responseSchema": to_openapi(prompt.schema),
    }
    if temperature is not None:
        config["temperature"] = temperature
    if thinking is not None:
        config["thinkingConfig"] = thinking.model_dump(
            mode="json", by_alias=True, exclude_none=True
        )
    return {
        "contents": [{"role": "user", "parts": [{"text": prompt.user}]}],
        "systemInstruction": {"parts": [{"text": prompt.system}]},
        "generationConfig": config,
    }


def create(settings: BackendSettings) -> GeminiBatches:
    """Return what asks Gemini in batches."""
    return GeminiBatches(settings)


def _read_operation(body: str, model: str) -> _Operation:
    try:
        return _Operation.model_validate_json(body)
    except ValidationError as error:
        raise BackendUnavailableError(
            f"something that is no batch of {model} came; check llm.base_url", model=model
        ) from error


def _fault(fault: Mapping[str, object], model: str) -> BackendError:
    """Return the error for the fault of one request."""
    code = fault.get("code")
    status = _HTTP_STATUS.get(code, 500) if isinstance(code, int) else 500
    return make_http_error(status, {"error": {**fault, "code": status}}, model=model)


def _translate(error: errors.APIError, model: str) -> BackendError:
    if error.code == 413 or (error.code == 400 and "size" in str(error.message).lower()):
        return BatchTooLargeError(
            f"{model} refuses a batch of this size ({error.message})", model=model
        )
    return make_http_error(error.code, error.details, model=model)
