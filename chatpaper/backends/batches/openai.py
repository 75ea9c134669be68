"""The batches of OpenAI and of services that speak as it does, through openai's library.

Requests go in an uploaded file of lines. Answers come in one too, and faults in another.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar, cast
from weakref import finalize

import openai

from chatpaper.backends.batches.interface import (
    BatchRequest,
    BatchResult,
    BatchState,
    BatchStatus,
)
from chatpaper.backends.batches.lines import encode_lines, is_final, read_lines
from chatpaper.backends.compatible.bodies import with_plain_message
from chatpaper.backends.deadlines import build_httpx_arguments
from chatpaper.backends.errors.errors import make_unreachable_error
from chatpaper.backends.errors.openai_errors import make_http_error, read_completion
from chatpaper.backends.interface import BackendSettings
from chatpaper.backends.openai import OpenAIBackend
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BatchLostError,
    BatchTooLargeError,
)

# "A single batch may include up to 50,000 requests, and a batch input file can be up to 200 MB in
# size" (platform.openai.com, Batch API).
MAX_REQUESTS = 50_000
MAX_BYTES = 190_000_000
_ENDPOINT: Final = "/v1/chat/completions"
# The only time that there is to be chosen.
_WINDOW: Final = "24h"
_PAGE_SIZE = 100
_NAME = "name"

_STATES: dict[str, BatchState] = {
    "completed": "succeeded",
    "failed": "failed",
    "expired": "expired",
    "cancelled": "cancelled",
}

_T = TypeVar("_T")


class OpenAIBatches:
    """Asks one model of an OpenAI-compatible service in batches."""

    max_requests = MAX_REQUESTS
    max_bytes = MAX_BYTES

    def __init__(self, settings: BackendSettings) -> None:
        self._backend = OpenAIBackend(settings)
        self.name, self.model = self._backend.name, self._backend.model
        self._client = openai.OpenAI(
            base_url=self._backend.server.base_url,
            api_key=settings.api_key or "none",
            timeout=settings.timeout_seconds,
            max_retries=0,
            http_client=openai.DefaultHttpxClient(**build_httpx_arguments()),
        )
        finalize(self, self._client.close)

    def build_body(self, prompt: Prompt) -> Mapping[str, object]:
        """Return the body of a chat completion, bound as strictly as the provider takes it."""
        return self._backend.build_body(prompt)

    def submit(self, name: str, requests: Sequence[BatchRequest]) -> str:
        """Upload the requests, and make a batch of them; errors as its protocol."""
        lines = encode_lines(
            {"custom_id": each.key, "method": "POST", "url": _ENDPOINT, "body": each.body}
            for each in requests
        )
        if len(lines) > MAX_BYTES:
            raise BatchTooLargeError(
                f"a batch of {len(lines)} bytes is larger than {self.model} takes",
                model=self.model,
            )
        try:
            file = self._call(
                lambda: self._client.files.create(
                    file=(f"{name}.jsonl", lines, "application/jsonl"), purpose="batch"
                ),
                (404, 405),
            )
        except BatchLostError as error:
            raise BackendRejectedError(
                f'the service of {self.model} takes no batches: set llm.batch to "never"',
                model=self.model,
            ) from error
        batch = self._call(
            lambda: self._client.batches.create(
                input_file_id=file.id,
                endpoint=_ENDPOINT,
                completion_window=_WINDOW,
                metadata={_NAME: name},
            )
        )
        return batch.id

    def find(self, name: str) -> str | None:
        """Look for our name among the batches of the account."""

        def look() -> str | None:
            batches = self._client.batches.list(limit=_PAGE_SIZE)
            return next(
                (each.id for each in batches if (each.metadata or {}).get(_NAME) == name), None
            )

        return self._call(look)

    def look_up(self, batch_id: str) -> BatchStatus:
        """Return how a batch stands; errors as its protocol."""
        batch = self._call(lambda: self._client.batches.retrieve(batch_id), (404,))
        faults = batch.errors.data if batch.errors and batch.errors.data else []
        return BatchStatus(
            _STATES.get(batch.status, "waiting"),
            "; ".join(fault.message for fault in faults if fault.message),
            {"answers": batch.output_file_id or "", "faults": batch.error_file_id or ""},
        )

    def collect(self, status: BatchStatus) -> Iterator[BatchResult]:
        """Download what was answered, and why the rest was not. Errors as its protocol."""
        for file in (status.output.get("answers"), status.output.get("faults")):
            if isinstance(file, str) and file:
                text = self._download(file)
                for line in read_lines(text):
                    yield from self._read_line(line)

    def cancel(self, batch_id: str) -> None:
        """Ask for the end of a batch; errors as its protocol."""
        self._call(lambda: self._client.batches.cancel(batch_id))

    def read(self, answer: Mapping[str, object]) -> Completion:
        """Return the completion of an answer; errors as its protocol."""
        status, body = answer.get("status_code"), answer.get("body")
        if isinstance(status, int) and status != 200:
            raise make_http_error(status, body, model=self.model)
        return read_completion(with_plain_message(body), self.model)

    def _read_line(self, line: Mapping[str, object]) -> Iterator[BatchResult]:
        key = line.get("custom_id")
        if not isinstance(key, str):
            return
        match line:
            case {"response": {"status_code": 200, "body": Mapping()} as response}:
                yield BatchResult(key, cast(Mapping[str, object], response))
            case {"response": {"status_code": int(status), "body": body} as response}:
                error = make_http_error(status, body, model=self.model)
                answer = cast(Mapping[str, object], response) if is_final(error) else None
                yield BatchResult(key, answer, str(error))
            case {"error": {"message": str(message)}}:
                yield BatchResult(key, None, message)

    def _download(self, file: str) -> str:
        return self._call(lambda: self._client.files.content(file), (403, 404)).text

    def _call(self, ask: Callable[[], _T], gone: Sequence[int] = ()) -> _T:
        """Ask the service, and raise its faults as a BackendError.

        The statuses in `gone` are those with which it says that it has no such thing.
        """
        try:
            return ask()
        except openai.APIStatusError as error:
            if error.status_code in gone:
                raise BatchLostError(
                    f"the service has it no more ({error.message})", model=self.model
                ) from error
            raise self._translate(error) from error
        except (openai.APIConnectionError, ValueError) as error:
            raise make_unreachable_error(self.model, error, model=self.model) from error

    def _translate(self, error: openai.APIStatusError) -> BackendError:
        if error.status_code == 413:
            return BatchTooLargeError(
                f"{self.model} refuses a batch of this size ({error.message})", model=self.model
            )
        return self._backend.server.translate(error)


def create(settings: BackendSettings) -> OpenAIBatches:
    """Return what asks a service of the OpenAI kind in batches."""
    return OpenAIBatches(settings)
