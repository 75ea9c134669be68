"""Build the errors for unusable answers: what the service said, and what to do about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated

from pydantic import BeforeValidator

from chatpaper.backends.errors.error_reading import FaultText, read_fault
from chatpaper.backends.errors.fault_table import ABOUT, Kind
from chatpaper.domain import Completion
from chatpaper.domain.connections.faults import describe_connection_fault
from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BackendUnavailableError,
    BadCompletionError,
    ContentFilteredError,
    ContextTooLongError,
    CutOffError,
    QuotaExhaustedError,
    RateLimitedError,
    UnexplainedRefusalError,
)

_NAMED_MODELS = 8
# No answer takes that many.
_MOST_TOKENS = 1_000_000_000
_MOST_DIGITS = 12
_OK = 200


def _count(value: object) -> int:
    """Return a number of tokens as a service tells it, and 0 for what cannot be one.

    An answer is not lost for its counts.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = float(value[:_MOST_DIGITS])
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 <= value <= _MOST_TOKENS
    ):
        return 0
    return int(value)


TokenCount = Annotated[int, BeforeValidator(_count)]


def cut_off(model: str, text: str) -> CutOffError:
    """Return the error for an answer that reached its limit of length.

    `text` is what there is of it.
    """
    complaint = "The answer was cut off because it was too long. Write less in every part."
    return CutOffError(
        f"the answer of {model} was cut off", model=model, complaints=(complaint,), text=text
    )


def make_empty_answer_error(model: str) -> BadCompletionError:
    """Return the error for an answer without text."""
    return BadCompletionError(
        f"{model} gave an empty answer", model=model, complaints=("The answer was empty.",)
    )


def add_usage(fault: BackendError, completion: Completion) -> BackendError:
    """Return the error with what its answer took, since services bill what cannot be used too."""
    fault.llm_calls = 1
    fault.input_tokens, fault.output_tokens = completion.input_tokens, completion.output_tokens
    return fault


def suggest_models(model: str, models_that_exist: Sequence[str]) -> str:
    """Return the names of existing models that are most like one that does not exist.

    They are for a message; empty if there are none.
    """
    return ", ".join(get_close_matches(model, models_that_exist, n=_NAMED_MODELS, cutoff=0.0))


def make_unreachable_error(
    service: str, error: Exception, *, model: str
) -> BackendUnavailableError:
    """Return the error for a connection to `service` that failed, with its cause."""
    return BackendUnavailableError(
        f"no connection to {service}: {describe_connection_fault(error)}", model=model
    )


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about faults, in the words of one backend."""

    key: str
    model: str = "set llm.model to one that exists"
    address: str = "check llm.base_url"
    request: str = "check llm.model and llm.base_url"
    day: str = "it comes back by itself"


def make_fault_error(
    fault: FaultText,
    model: str,
    advice: Advice,
    retry_after_seconds: float | None = None,
    *,
    kind: Kind | None = None,
) -> BackendError:
    """Return the error for an answer that tells of a fault.

    It has the service's own sentence and says what to do about it. `kind` is given where the caller
    knows more of the fault than its words say.
    """
    kind, http = kind or fault.kind, f"HTTP {fault.status}"
    said = f" ({fault.said})" if fault.said else ""
    status = f"{http}: {fault.said}" if fault.said else http
    if kind in _REJECTIONS:
        says, todo = _REJECTIONS[kind]
        message = f"{says.format(model=model, status=status)}; {todo.format(advice=advice)}"
        rejected = UnexplainedRefusalError if kind == "refused" else BackendRejectedError
        return rejected(message, model=model, about=ABOUT[kind])
    if kind == "moderated":
        return ContentFilteredError(
            f"{model} refused the prompt: {status}", model=model, reason=_reason_in(fault.signature)
        )
    if kind == "too_long":
        return ContextTooLongError(f"the paper is too long for {model}: {status}", model=model)
    if kind == "balance":
        return QuotaExhaustedError(
            f"the account has no balance or credit left{said}; top it up", model=model
        )
    if kind == "day":
        return QuotaExhaustedError(
            f"the quota of {model} is used up{said}; {advice.day}", model=model
        )
    if kind == "minute":
        return RateLimitedError(
            f"{model} asks to slow down{said}; lower llm.rpm if this happens often",
            model=model,
            retry_after_seconds=retry_after_seconds,
        )
    return BackendUnavailableError(f"{model} did not answer ({status})", model=model)


# What is said of a refusal, and what to do about it.
_REJECTIONS: dict[Kind, tuple[str, str]] = {
    "suspended": (
        "the service has closed this account to {model} ({status})",
        "look at the service's console",
    ),
    "region": (
        "the service does not serve the place that this machine calls from ({status})",
        (
            "set network.proxy to a way through a place that it serves, "
            "or llm.backend to another provider"
        ),
    ),
    "plan": (
        "{model} is not part of the plan of this account ({status})",
        "set llm.model to another, or enable it with the provider",
    ),
    "key": ("the service refuses the API key ({status})", "{advice.key}"),
    "model": ("the service has no model {model!r} for this account ({status})", "{advice.model}"),
    "address": (
        "the service has no model {model!r}, or this is not its address ({status})",
        "{advice.address}",
    ),
    "parameter": (
        "the service refuses a parameter of the request to {model} ({status})",
        "set llm.temperature or llm.extra_parameters as it says, or llm.model to another",
    ),
    "refused": ("the service refuses the request to {model} ({status})", "{advice.request}"),
}


def _reason_in(signature: str) -> str:
    """Return the reason for which text was withheld.

    A recitation can be asked for in other words, all else cannot.
    """
    return "RECITATION" if "recitation" in signature.lower() else "content_filter"


def make_answerless_error(body: object, model: str, advice: Advice) -> BackendError:
    """Return the error for a body of HTTP 200 that holds no answer of the model.

    It holds a fault in a form of its own, or nothing.
    """
    fault = read_fault(_OK, body)
    error = make_fault_error(fault, model, advice)
    if isinstance(error, BackendUnavailableError) and not fault.signature:
        return BackendUnavailableError(
            f"{model} answered without an answer (HTTP 200 that holds none)", model=model
        )
    return error


def list_models_for_message(list_names: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return the models that exist, and none where they cannot be listed.

    Such a failure would otherwise hide the fault that the message is about.
    """
    try:
        return list_names()
    except BackendError:
        return ()
