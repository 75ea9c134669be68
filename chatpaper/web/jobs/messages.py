"""Error messages for visitors."""

import re
from dataclasses import dataclass

from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BackendUnavailableError,
    BadCompletionError,
    BudgetReachedError,
    ConfigError,
    ContentFilteredError,
    ContextTooLongError,
    ExtractError,
    FetchError,
    PaperNotFoundError,
    PdfUnavailableError,
    QuotaExhaustedError,
    RateLimitedError,
    RequestDefectError,
    SecondProviderError,
    StoreError,
    UpstreamError,
    WriteError,
)
from chatpaper.web.jobs.uploads import choose_pdf_words, strip_digests
from chatpaper.web.translations import Translations
from chatpaper.web.visitor_errors import VisitorError

# Absolute paths of this machine, POSIX or Windows, wherever a message has one. A folder may have
# blanks in its name, a file may not: other words of the message would look like part of it.
_PATH = re.compile(
    r"(?<![\w:/.])(?:/|[A-Za-z]:\\)(?=\w)(?:[^/\\\n:;,\"'()]{1,200}[/\\]){1,40}[\w.@+~-]*"
)
# The words for errors of the pipeline, the most special class first.
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (PaperNotFoundError, "paper_unknown"),
    (PdfUnavailableError, "pdf_missing"),
    (UpstreamError, "source_down"),
    (FetchError, "fetch"),
    (BackendRejectedError, "key_refused"),
    (BackendUnavailableError, "model_down"),
    (RateLimitedError, "model_busy"),
    (QuotaExhaustedError, "quota"),
    (ContextTooLongError, "too_long"),
    (ContentFilteredError, "filtered"),
    (SecondProviderError, "filtered"),
    (RequestDefectError, "defect"),
    (BadCompletionError, "answer"),
    (BackendError, "model"),
    (BudgetReachedError, "budget"),
    (StoreError, "storage"),
    (WriteError, "storage"),
    (ConfigError, "settings"),
)


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """What happened and what to do, and in English the details, if they say more."""

    text: str
    details: str = ""


def describe_error(error: Exception, words: Translations) -> ErrorMessage:
    """Describe an error in a language of the page."""
    if isinstance(error, VisitorError):
        return ErrorMessage(error.translate(words))
    if isinstance(error, ExtractError):
        name = choose_pdf_words(error.reason)
    else:
        name = next((name for kind, name in _WORDS if isinstance(error, kind)), "defect")
    return ErrorMessage(words[f"error_{name}"], make_public_message(error))


def make_public_message(error: Exception) -> str:
    """Return the message of an error without paths of this machine."""
    return strip_digests(_PATH.sub("…", str(error)))
