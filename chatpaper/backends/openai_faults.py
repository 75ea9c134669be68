"""What the answers of OpenAI-compatible servers mean: completions, and faults in the many words that servers have.

Pure functions over the JSON of the wire.
"""

import re
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import PurePath

from pydantic import BaseModel, ValidationError

from chatpaper.backends.faults import billed, cut_off, empty_answer, nearest_models, one_line
from chatpaper.domain import Completion
from chatpaper.errors import (
    BackendError,
    BackendRejectedError,
    BackendUnavailableError,
    ContentFilteredError,
    ContextTooLongError,
    QuotaExhaustedError,
    RateLimitedError,
)

_MILLISECONDS = 1000

_TOO_LONG = re.compile(
    r"context.{0,12}(?:length|size|window)|maximum context|too many tokens|prompt is too long|exceed.{0,40}tokens"
    r"|range of input length",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content_filter|content exists risk|data_inspection_failed|inappropriate content", re.IGNORECASE
)
_NO_MODEL = re.compile(
    r"model.{0,80}(?:not exist|not found|unknown|no such|not supported)|no such model", re.IGNORECASE
)
_DAILY = re.compile(r"insufficient_quota|insufficient balance|per day|\b[RT]PD\b|daily|billing", re.IGNORECASE)
_BAD_KEY = re.compile(r"api.?key", re.IGNORECASE)


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class _Choice(BaseModel):
    message: _Message = _Message()
    finish_reason: str | None = None


class _InputDetails(BaseModel):
    cached_tokens: int | None = None


class _OutputDetails(BaseModel):
    reasoning_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_cache_hit_tokens: int | None = None
    prompt_tokens_details: _InputDetails | None = None
    completion_tokens_details: _OutputDetails | None = None


class _Response(BaseModel):
    choices: tuple[_Choice, ...] | None = None
    usage: _Usage | None = None
    model: str | None = None


def completion_from(body: object, model: str) -> tuple[Completion | BackendError, bool]:
    """The completion in a response, or the error that it stands for; and whether the model has thought aloud."""
    if isinstance(body, Mapping) and body.get("error"):
        # Gateways pass on the faults of others in a response of their own that is 200.
        code = _fault(body).get("code")
        return error_from(code if isinstance(code, int) else 502, body, model=model), False
    try:
        response = _Response.model_validate(body)
    except ValidationError:
        return BackendUnavailableError(
            f"what answers for {model} is no OpenAI-compatible server; check llm.base_url", model=model
        ), False
    usage = response.usage or _Usage()
    input_details = usage.prompt_tokens_details or _InputDetails()
    choice = response.choices[0] if response.choices else _Choice()
    completion = Completion(
        text=choice.message.content or "",
        model=_public_name(response.model or model),
        input_tokens=usage.prompt_tokens or 0,
        output_tokens=usage.completion_tokens or 0,
        cached_input_tokens=input_details.cached_tokens or usage.prompt_cache_hit_tokens or 0,
    )
    reasoning_tokens = (usage.completion_tokens_details or _OutputDetails()).reasoning_tokens
    has_thought = bool(choice.message.reasoning_content or choice.message.reasoning or reasoning_tokens)
    fault = _fault_of(choice, completion, model)
    if fault is None:
        return completion, has_thought
    return billed(fault, completion), has_thought


def _public_name(model: str) -> str:
    """The name of a model; llama.cpp gives the path of its file, which is nobody's business."""
    return PurePath(model).name if model.startswith("/") or model.endswith(".gguf") else model


def _fault_of(choice: _Choice, completion: Completion, model: str) -> BackendError | None:
    if choice.finish_reason == "content_filter" or choice.message.refusal:
        return ContentFilteredError(f"{model} withheld its answer", model=model, reason="content_filter")
    if choice.finish_reason == "length":
        return cut_off(model, completion.text)
    if not completion.text.strip():
        return empty_answer(model)
    return None


def is_refusal_of_schema(status: int, body: object) -> bool:
    """Whether the server may answer the same request with a looser bond to the schema.

    Servers refuse what they do not know in words of their own; so every refusal of the request is taken for one
    that has no other explanation.
    """
    text = _text(_fault(body))
    explained = any(pattern.search(text) for pattern in (_TOO_LONG, _FILTERED, _NO_MODEL, _BAD_KEY))
    return status in (400, 415, 422, 501) and not explained


def error_from(
    status: int,
    body: object,
    *,
    model: str,
    headers: Mapping[str, str] | None = None,
    models_that_exist: Sequence[str] = (),
) -> BackendError:
    """The error that an HTTP answer other than 200 stands for; the key is never part of its text."""
    fault = _fault(body)
    text, message = _text(fault), one_line(str(fault.get("message", "")))
    if status == 402:
        return QuotaExhaustedError(f"the account has no balance left ({message}); top it up", model=model)
    if status == 429:
        if _DAILY.search(text):
            return QuotaExhaustedError(f"the quota of {model} is used up: {message}", model=model)
        return RateLimitedError(
            f"{model} asks to slow down; lower llm.rpm if this happens often",
            model=model,
            retry_after_seconds=_retry_after_seconds(headers or {}),
        )
    if status in (408, 409, 425) or status >= 500 or status < 400:
        return BackendUnavailableError(f"{model} did not answer (HTTP {status}): {message}", model=model)
    if _FILTERED.search(text):
        return ContentFilteredError(f"{model} refused the prompt: {message}", model=model, reason="content_filter")
    if status == 413 or _TOO_LONG.search(text):
        return ContextTooLongError(f"the paper is too long for {model}: {message}", model=model)
    return _rejection(status, text, message, model, models_that_exist)


def _rejection(
    status: int, text: str, message: str, model: str, models_that_exist: Sequence[str]
) -> BackendRejectedError:
    if status in (401, 403) or _BAD_KEY.search(text):
        # The service may quote the key in its message.
        advice = (
            f"the server refuses the API key (HTTP {status}); set OPENAI_API_KEY (or llm.api_key) to one it accepts"
        )
    elif status == 404 or _NO_MODEL.search(text):
        near = nearest_models(model, models_that_exist)
        listed = f"; it offers {near}" if near else "; check llm.base_url too"
        advice = f"the server has no model {model!r}{listed}; set llm.model to one that exists"
    else:
        advice = f"the server refuses the request to {model} (HTTP {status}: {message}); check llm.model"
    return BackendRejectedError(advice, model=model)


def _retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds, or as a date against the server's own clock (RFC 9110, section 10.2.3)."""
    milliseconds, after = headers.get("retry-after-ms", ""), headers.get("retry-after", "")
    if re.fullmatch(r"\d+(\.\d+)?", milliseconds):
        return float(milliseconds) / _MILLISECONDS
    if re.fullmatch(r"\d+(\.\d+)?", after):
        return float(after)
    try:
        until, now = parsedate_to_datetime(after), parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return None
    return max(0.0, (until - now).total_seconds())


def _fault(body: object) -> Mapping[str, object]:
    """The error object; servers send it inside `error`, bare, as a mere string, or send a page of HTML instead."""
    if isinstance(body, Mapping):
        inner = body.get("error", body)
        return inner if isinstance(inner, Mapping) else {"message": str(inner)}
    return {"message": body if isinstance(body, str) else ""}


def _text(fault: Mapping[str, object]) -> str:
    return " ".join(str(fault.get(key, "")) for key in ("code", "type", "message", "detail"))
