"""What services have in common where an answer cannot be used, and how their words are put into one line."""

from collections.abc import Sequence
from difflib import get_close_matches

from chatpaper.domain import Completion
from chatpaper.errors import BackendError, BackendUnavailableError, BadCompletionError, CutOffError
from chatpaper.network import describe_connection_fault

_NAMED_MODELS = 8
_MESSAGE_CHARACTERS = 300


def cut_off(model: str, text: str) -> CutOffError:
    """The error for an answer that reached its limit of length; `text` is what there is of it."""
    complaint = "The answer was cut off because it was too long. Write less in every part."
    return CutOffError(f"the answer of {model} was cut off", model=model, complaints=(complaint,), text=text)


def empty_answer(model: str) -> BadCompletionError:
    """The error for an answer without text."""
    return BadCompletionError(f"{model} gave an empty answer", model=model, complaints=("The answer was empty.",))


def billed(fault: BackendError, completion: Completion) -> BackendError:
    """The error with what its answer took, since services bill what cannot be used too."""
    fault.llm_calls = 1
    fault.input_tokens, fault.output_tokens = completion.input_tokens, completion.output_tokens
    return fault


def nearest_models(model: str, models_that_exist: Sequence[str]) -> str:
    """The names of models that are most like one that does not exist, for a message; empty if there are none."""
    return ", ".join(get_close_matches(model, models_that_exist, n=_NAMED_MODELS, cutoff=0.0))


def one_line(message: str) -> str:
    """A message of a service as one line that is not too long; a page of HTML is named as what it is."""
    line = " ".join(message.split())
    if "<html" in line.casefold() or line.casefold().startswith("<!doctype"):
        return "a web page came instead of an answer"
    return line if len(line) <= _MESSAGE_CHARACTERS else line[:_MESSAGE_CHARACTERS] + "…"


def unreachable(service: str, error: Exception, *, model: str) -> BackendUnavailableError:
    """The error for a connection to `service` that failed, with its cause."""
    return BackendUnavailableError(f"no connection to {service}: {describe_connection_fault(error)}", model=model)
