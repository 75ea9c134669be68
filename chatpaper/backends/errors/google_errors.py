"""Interpret Google's answers that hold no usable text.

They are HTTP errors, blocked prompts, and withheld or cut-off text. The functions are pure, work on
the JSON of the wire and are shared by both of Google's libraries. The error body is that of
google.rpc.Status with its details (ErrorInfo, QuotaFailure, RetryInfo).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from chatpaper.backends.errors.error_reading import FaultText, read_fault
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
from chatpaper.backends.errors.fault_table import Kind
from chatpaper.domain import Completion
from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BackendUnavailableError,
    BadCompletionError,
    ContentFilteredError,
)

KEY_PAGE = "https://aistudio.google.com/apikey"

# The service withheld the answer for what it says; any other reason than these and STOP is an
# unusable answer.
_FILTER_REASONS = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "JAILBREAK",
        "MODEL_ARMOR",
    }
)


class _Wire(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True
    )


class _Part(_Wire):
    text: str = ""
    thought: bool = False


class _Content(_Wire):
    parts: tuple[_Part, ...] = ()


class _Candidate(_Wire):
    content: _Content = _Content()
    finish_reason: str | int = "STOP"


class _PromptFeedback(_Wire):
    block_reason: str | int = ""


class _Usage(_Wire):
    prompt_token_count: TokenCount = 0
    candidates_token_count: TokenCount = 0
    thoughts_token_count: TokenCount = 0
    cached_content_token_count: TokenCount = 0
    total_token_count: TokenCount = 0

    @property
    def billed_output_tokens(self) -> int:
        """The tokens of answer and thoughts.

        Where a library hides the thoughts, they are what the total has over the rest.
        """
        counted = self.candidates_token_count + self.thoughts_token_count
        return max(counted, self.total_token_count - self.prompt_token_count)


class _Response(_Wire):
    candidates: tuple[_Candidate, ...] = ()
    prompt_feedback: _PromptFeedback = _PromptFeedback()
    usage_metadata: _Usage = _Usage()
    model_version: str = ""


def read_completion(body: object, model: str) -> Completion:
    """Return the completion in the JSON of a generateContent response.

    Raises ContentFilteredError, BadCompletionError, or BackendUnavailableError where the JSON is no
    such response.
    """
    try:
        response = _Response.model_validate(body)
    except ValidationError as error:
        raise BackendUnavailableError(
            f"{model} answered something that is no Gemini response; check llm.base_url",
            model=model,
        ) from error
    usage = response.usage_metadata
    candidate = response.candidates[0] if response.candidates else None
    text = (
        "".join(part.text for part in candidate.content.parts if not part.thought)
        if candidate
        else ""
    )
    completion = Completion(
        text=text,
        model=response.model_version or model,
        input_tokens=usage.prompt_token_count,
        output_tokens=usage.billed_output_tokens,
        cached_input_tokens=usage.cached_content_token_count,
    )
    fault = _fault(body, response, completion, model)
    if fault is not None:
        raise add_usage(fault, completion)
    return completion


def _fault(
    body: object, response: _Response, completion: Completion, model: str
) -> BackendError | None:
    if blocked := str(response.prompt_feedback.block_reason or ""):
        return ContentFilteredError(
            f"{model} refused the prompt ({blocked})", model=model, reason=blocked
        )
    if not response.candidates:
        return make_answerless_error(body, model, _advice())
    reason = str(response.candidates[0].finish_reason)
    if reason in _FILTER_REASONS:
        return ContentFilteredError(
            f"{model} withheld its answer ({reason})", model=model, reason=reason
        )
    if reason == "MAX_TOKENS":
        return cut_off(model, completion.text)
    if reason != "STOP":
        complaint = f"The answer ended early ({reason})."
        return BadCompletionError(
            f"the answer of {model} ended with {reason}", model=model, complaints=(complaint,)
        )
    if not completion.text.strip():
        return make_empty_answer_error(model)
    return None


def require_model(model: str, names: Sequence[str]) -> str:
    """Return a sentence that says that the service has the model.

    Raises BackendRejectedError that names others where it has not.
    """
    if model not in names:
        raise make_http_error(404, {}, model=model, models_that_exist=names)
    return f"Gemini accepts the key and offers {model}"


def make_http_error(
    status: int,
    body: object,
    *,
    model: str,
    retry_after: str = "",
    models_that_exist: Sequence[str] = (),
) -> BackendError:
    """Return the error that an HTTP answer other than 200 stands for.

    `models_that_exist` are named to the user where the model does not exist.
    """
    fault = read_fault(status, body)
    details = _error_of(body)
    if status == 429 and fault.kind in ("minute", "day"):
        return _quota_error(details, fault, model, retry_after)
    return make_fault_error(fault, model, _advice(model, models_that_exist))


def _advice(model: str = "", models_that_exist: Sequence[str] = ()) -> Advice:
    near = suggest_models(model, [name for name in models_that_exist if name != model])
    offers = f"it offers {near}; " if near else ""
    if model in models_that_exist:
        offers = f"Gemini lists {model}, but not at this address or for this account; {offers}"
    return Advice(
        key=f"make a new one at {KEY_PAGE} and set GEMINI_API_KEY",
        model=f"{offers}set llm.model to one that exists",
        address=f"{offers}set llm.model to one that exists, "
        "or check llm.base_url and llm.api_version",
        request=f"check llm.model, llm.api_version, and the key and its project at {KEY_PAGE}",
        day="it comes back at midnight Pacific time",
    )


def _quota_error(
    details: Mapping[str, object], fault: FaultText, model: str, retry_after: str
) -> BackendError:
    """Return the error for a quota that is used up, by its quotaId.

    RetryInfo names seconds for a daily quota too, which comes back at midnight Pacific time.
    """
    violations = [
        violation
        for detail in _details(details)
        for violation in _sequence(detail.get("violations"))
        if isinstance(violation, Mapping)
    ]
    if any(str(violation.get("quotaValue", "")) == "0" for violation in violations) or re.search(
        r"limit: 0\b", fault.said
    ):
        return BackendRejectedError(
            f"{model} is not part of the plan of this key (limit 0: {fault.said}); "
            "set llm.model to another or enable "
            "billing",
            model=model,
            about="account",
        )
    periods = " ".join(str(violation.get("quotaId", "")) for violation in violations)
    kind: Kind = fault.kind if not periods else "day" if "PerDay" in periods else "minute"
    delay_seconds = _retry_delay_seconds(details, fault.said, retry_after)
    return make_fault_error(fault, model, _advice(), delay_seconds, kind=kind)


def _retry_delay_seconds(
    fault: Mapping[str, object], message: str, retry_after: str
) -> float | None:
    delays = [str(detail["retryDelay"]) for detail in _details(fault) if "retryDelay" in detail]
    said = re.search(r"retry in ([\d.]+)\s*s", message)
    candidates = [*delays, said[1].rstrip(".") if said else "", retry_after]
    for candidate in candidates:
        number = re.fullmatch(r"(\d+(?:\.\d+)?)s?", candidate.strip())
        if number:
            return float(number[1])
    return None


def _error_of(body: object) -> Mapping[str, object]:
    """Return the error object of the body.

    Some proxies send it bare, in a list, or send a page of HTML instead.
    """
    if isinstance(body, Sequence) and not isinstance(body, str) and body:
        body = body[0]
    if not isinstance(body, Mapping):
        return {"message": "an answer that is not JSON"}
    error = body.get("error", body)
    return error if isinstance(error, Mapping) else {"message": str(error)}


def _details(fault: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    return (detail for detail in _sequence(fault.get("details")) if isinstance(detail, Mapping))


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()
