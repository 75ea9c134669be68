"""Interpret the answers of OpenAI-compatible servers.

They are completions, and faults in the many words that servers have. The functions are pure and
work on the JSON of the wire.
"""

import re
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import PurePath

from pydantic import BaseModel, ValidationError

from chatpaper.backends.errors.error_reading import read_fault
from chatpaper.backends.errors.errors import (
    Advice,
    TokenCount,
    add_usage,
    cut_off,
    make_answerless_error,
    make_empty_answer_error,
    make_fault_error,
    suggest_models,
)
from chatpaper.backends.errors.fault_table import classify_fault
from chatpaper.domain import Completion
from chatpaper.domain.errors import BackendError, BackendUnavailableError, ContentFilteredError

_MILLISECONDS = 1000
_OK = 200

# Where a person sets the key.
_KEY_SETTING = "OPENAI_API_KEY or llm.api_key"

# How an answer ends that is whole, cut off, or of which nothing is said.
_ORDINARY_ENDS = ("", "stop", "length", "tool_calls", "function_call", "eos")


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class _Choice(BaseModel):
    message: _Message = _Message()
    finish_reason: str | None = None
    error: object = None


class _InputDetails(BaseModel):
    cached_tokens: TokenCount = 0


class _OutputDetails(BaseModel):
    reasoning_tokens: TokenCount = 0


class _Usage(BaseModel):
    prompt_tokens: TokenCount = 0
    completion_tokens: TokenCount = 0
    prompt_cache_hit_tokens: TokenCount = 0
    prompt_tokens_details: _InputDetails | None = None
    completion_tokens_details: _OutputDetails | None = None


class _Response(BaseModel):
    choices: tuple[_Choice, ...] | None = None
    usage: _Usage | None = None
    model: str | None = None


def read_completion(body: object, model: str, key_setting: str = _KEY_SETTING) -> Completion:
    """Read the completion in a response.

    Raises the BackendError that the response stands for where there is none, with what it took.
    """
    if isinstance(body, Mapping) and (body.get("error") or not body.get("choices")):
        # Gateways pass on the faults of others in a response of their own that is 200.
        raise make_answerless_error(body, model, _advice(key_setting))
    try:
        response = _Response.model_validate(body)
    except ValidationError as error:
        raise BackendUnavailableError(
            f"what answers for {model} is no OpenAI-compatible server; check llm.base_url",
            model=model,
        ) from error
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
    fault = _fault_of(body, choice, completion, _advice(key_setting), model)
    if fault is not None:
        raise add_usage(fault, completion)
    return completion


def has_thoughts(body: object) -> bool:
    """Return whether the model has thought aloud in a response, be its answer usable or not."""
    if not isinstance(body, Mapping) or body.get("error") or not body.get("choices"):
        return False
    try:
        response = _Response.model_validate(body)
    except ValidationError:
        return False
    message = response.choices[0].message if response.choices else _Message()
    usage = response.usage or _Usage()
    details = usage.completion_tokens_details or _OutputDetails()
    return bool(message.reasoning_content or message.reasoning or details.reasoning_tokens)


def _public_name(model: str) -> str:
    """Return the name of a model without its folder.

    llama.cpp gives the path of its file, which is nobody's business.
    """
    return PurePath(model).name if model.startswith("/") or model.endswith(".gguf") else model


def _fault_of(
    body: object, choice: _Choice, completion: Completion, advice: Advice, model: str
) -> BackendError | None:
    end = (choice.finish_reason or "").lower()
    if choice.message.refusal or (
        end not in _ORDINARY_ENDS and classify_fault(_OK, f"[{end}]") == "moderated"
    ):
        reason = "RECITATION" if "recitation" in end else "content_filter"
        return ContentFilteredError(
            f"{model} withheld its answer ({end or reason})", model=model, reason=reason
        )
    if choice.error:
        return make_answerless_error({"error": choice.error}, model, advice)
    if end == "length":
        return cut_off(model, completion.text)
    if not completion.text.strip():
        # A service may say beside an empty answer why it is empty.
        fault = read_fault(_OK, body)
        return (
            make_empty_answer_error(model)
            if fault.kind == "load"
            else make_fault_error(fault, model, advice)
        )
    return None


def is_refusal_of_schema(status: int, body: object) -> bool:
    """Return whether the server may answer the same request with a looser bond to the schema.

    Servers refuse what they do not know in words of their own; so every refusal of the request is
    taken for one that has no other explanation.
    """
    return status == 501 or (
        status in (400, 415, 422) and read_fault(status, body).kind in ("refused", "parameter")
    )


def make_http_error(
    status: int,
    body: object,
    *,
    model: str,
    key_setting: str = _KEY_SETTING,
    headers: Mapping[str, str] | None = None,
    models_that_exist: Sequence[str] = (),
) -> BackendError:
    """Return the error that an HTTP answer other than 200 stands for."""
    advice = _advice(key_setting, model, models_that_exist)
    return make_fault_error(
        read_fault(status, body), model, advice, _retry_after_seconds(headers or {})
    )


def _advice(key_setting: str, model: str = "", models_that_exist: Sequence[str] = ()) -> Advice:
    near = suggest_models(model, models_that_exist)
    offers = f"it offers {near}; " if near else ""
    return Advice(
        key=f"set {key_setting} to one that it accepts",
        model=f"{offers}set llm.model to one that exists",
        address=f"{offers}set llm.model to one that exists, or check llm.base_url",
        request=f"check the key ({key_setting}), llm.model and llm.base_url",
    )


def _retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the server asks us to wait.

    Retry-After is in seconds, or a date against the server's own clock (RFC 9110, section 10.2.3).
    """
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
