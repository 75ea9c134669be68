"""Define everything that can go wrong, as one tree of errors.

ChatPaperError
├── ConfigError              settings or arguments are wrong; also a key that the service refuses
├── RunLockedError           another run holds the lock
├── FetchError               a paper or a list of papers could not be had
│   ├── UpstreamError        the service is down, throttles, or answers nonsense: later it may work
│   │   └── StaleUpstreamError   it answers, but shows nothing of what it has announced since
│   ├── PaperNotFoundError   the service answered that there is no such paper
│   └── PdfUnavailableError  there is a paper but no PDF (withdrawn, 404, a web page instead)
├── ExtractError             a PDF could not be read
├── BackendError             a model call failed
│   ├── BackendRejectedError     key or model refused: no call can succeed
│   │   └── UnexplainedRefusalError  refused for no known reason: of this paper, or of all?
│   ├── BackendUnavailableError  server fault, time-out, lost connection: later it may work
│   ├── RateLimitedError         too many calls a minute: wait as long as it says
│   ├── QuotaExhaustedError      the day's quota is used up
│   ├── ContextTooLongError      the prompt does not fit the model
│   ├── ContentFilteredError     text was withheld (safety, recitation, blocked prompt)
│   ├── SecondProviderError      refused by the first provider, and the second cannot be asked
│   ├── RequestDefectError       chatpaper could not make the request, or not read the answer
│   ├── BatchTooLargeError       a batch has more requests or bytes than the service takes
│   ├── BatchLostError           a batch, or what it answered, is not at the service any more
│   ├── UnansweredError          several batches in a row brought no answer to a request
│   └── BadCompletionError       an answer came, but not one that can be used
│       └── CutOffError              the answer, or the thinking before it, exceeded the set limit
├── WaitingForBatchError     the answer comes with a batch: a later run collects it
├── BudgetReachedError       the user's own limit of money, tokens or papers
├── DefectError              chatpaper itself is wrong; the task cannot go on, the rest can
├── StoreError               the database cannot be used
└── WriteError               a post cannot be put on disk

Each knows what it is about (`Blame`): only what is about the paper may cost the paper an attempt.
"""

import re
from enum import IntEnum
from pathlib import PurePath
from typing import Literal

# What is to be changed before the same can succeed: the paper, the account with the service, a
# setting, nothing but the time of day, or chatpaper itself.
Blame = Literal["paper", "account", "setting", "moment", "us"]


# Name and password in an address, however long (RFC 3986, 3.2.1).
_USER_INFORMATION = re.compile(r"(?<=://)[^\s/?#@]{1,999}@")


def redact_credentials(text: str) -> str:
    """Return a text whose addresses hold neither name nor password.

    Logs, reports and the database keep the message.
    """
    return _USER_INFORMATION.sub("", text)


class ExitCode(IntEnum):
    """What the process tells its caller."""

    DONE = 0
    DEFECT = 1
    USAGE = 2
    SOME_FAILED = 3
    # What `status` and `doctor` say of an alert.
    NEEDS_PERSON = 3
    UPSTREAM = 4
    BUDGET = 5
    LOCKED = 6
    WAITING_FOR_BATCH = 7


class ChatPaperError(Exception):
    """The base of all errors that chatpaper raises on purpose.

    Its text says what happened and what to do.
    """

    exit_code = ExitCode.DEFECT
    about: Blame = "us"

    def __init__(self, *parts: object) -> None:
        super().__init__(
            *(redact_credentials(part) if isinstance(part, str) else part for part in parts)
        )


class ConfigError(ChatPaperError):
    """Settings, arguments or credentials cannot be used as they are."""

    exit_code = ExitCode.USAGE
    about: Blame = "setting"


class RunLockedError(ChatPaperError):
    """Another run holds the lock of the same state folder."""

    exit_code = ExitCode.LOCKED
    about: Blame = "moment"


class FetchError(ChatPaperError):
    """A paper, or a list of papers, could not be had from `url`."""

    exit_code = ExitCode.SOME_FAILED
    about: Blame = "paper"

    def __init__(self, message: str, *, url: str = "", status: int | None = None) -> None:
        super().__init__(message)
        self.url = url
        self.status = status


class UpstreamError(FetchError):
    """The service did not answer as it should.

    Down, throttling, or answering something that is no answer.
    """

    exit_code = ExitCode.UPSTREAM
    about: Blame = "moment"

    def __init__(
        self,
        message: str,
        *,
        url: str = "",
        status: int | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message, url=url, status=status)
        self.retry_after_seconds = retry_after_seconds


class StaleUpstreamError(UpstreamError):
    """The service answers properly, but what it shows is older than its last announcement."""


class PaperNotFoundError(FetchError):
    """The service answered that it has no such paper."""


class PdfUnavailableError(FetchError):
    """The paper exists, but there is no PDF of it: withdrawn, 404, or a web page in its place."""


class ExtractError(ChatPaperError):
    """The PDF at `path` could not be read; `reason` is one of a few short words for the report."""

    exit_code = ExitCode.SOME_FAILED
    about: Blame = "paper"

    def __init__(self, message: str, *, path: str, reason: str) -> None:
        super().__init__(message)
        self.path = path
        self.reason = reason


def describe_without_folder(error: ChatPaperError) -> str:
    """Return what an error says with the name of the PDF in place of its whole path.

    On every machine it is the same.
    """
    path = error.path if isinstance(error, ExtractError) else ""
    return str(error).replace(path, PurePath(path).name) if path else str(error)


class BackendError(ChatPaperError):
    """A model call failed.

    `model` is the model that was asked.

    `llm_calls`, `input_tokens` and `output_tokens` tell what was spent all the same, as far as the
    service said; `batched` that it was spent in a batch, whose tokens cost less.
    """

    exit_code = ExitCode.SOME_FAILED
    about: Blame = "paper"

    def __init__(self, message: str, *, model: str = "") -> None:
        super().__init__(message)
        self.model = model
        self.llm_calls = 0
        self.input_tokens = 0
        self.output_tokens = 0
        self.batched = False


class BackendRejectedError(BackendError):
    """The service refuses the key, the model or the account: no further call can succeed."""

    exit_code = ExitCode.USAGE
    about: Blame = "setting"

    def __init__(self, message: str, *, model: str = "", about: Blame = "setting") -> None:
        super().__init__(message, model=model)
        self.about = about


class UnexplainedRefusalError(BackendRejectedError):
    """The service refuses a request in words that nobody here knows.

    Where it answers about other papers, it refuses this one; where it answers about none, it
    refuses the account or a setting.
    """


class BackendUnavailableError(BackendError):
    """Server fault, time-out or lost connection, also after all retries."""

    exit_code = ExitCode.UPSTREAM
    about: Blame = "moment"


class RateLimitedError(BackendError):
    """Too many calls in a minute.

    `retry_after_seconds` is how long the service asks to wait, if it says.
    """

    exit_code = ExitCode.UPSTREAM
    about: Blame = "moment"

    def __init__(
        self, message: str, *, model: str = "", retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(message, model=model)
        self.retry_after_seconds = retry_after_seconds


class QuotaExhaustedError(BackendError):
    """The day's quota of the service, or the balance of the account, is used up."""

    exit_code = ExitCode.BUDGET
    about: Blame = "account"


class ContextTooLongError(BackendError):
    """The prompt has more tokens than the model takes.

    `limit_tokens` is how many it takes, if the service says.
    """

    limit_tokens: int | None = None


class ContentFilteredError(BackendError):
    """The service withheld the answer.

    `reason` is its own word (SAFETY, RECITATION, PROHIBITED_CONTENT …).
    """

    def __init__(self, message: str, *, model: str = "", reason: str = "") -> None:
        super().__init__(message, model=model)
        self.reason = reason


class SecondProviderError(BackendError):
    """The first provider refuses a paper, and the second cannot be asked about it.

    It is asked in the next run.
    """

    exit_code = ExitCode.UPSTREAM
    about: Blame = "setting"


class RequestDefectError(BackendError):
    """Chatpaper itself could not make a request, or not read its answer.

    Something happened that should not.
    """

    exit_code = ExitCode.DEFECT
    about: Blame = "us"


class BadCompletionError(BackendError):
    """An answer came that cannot be used.

    `complaints` says what is wrong with it, for asking again.
    """

    def __init__(self, message: str, *, model: str = "", complaints: tuple[str, ...] = ()) -> None:
        super().__init__(message, model=model)
        self.complaints = complaints


class CutOffError(BadCompletionError):
    """The answer, or the thinking before it, took more tokens than were allowed.

    `text` is what came of it.
    """

    def __init__(
        self, message: str, *, model: str = "", complaints: tuple[str, ...] = (), text: str = ""
    ) -> None:
        super().__init__(message, model=model, complaints=complaints)
        self.text = text


class BatchTooLargeError(BackendError):
    """A batch has more requests or bytes than the service takes at once."""


class BatchLostError(BackendError):
    """The service does not have a batch any more, or not what it answered."""

    exit_code = ExitCode.UPSTREAM
    about: Blame = "moment"


class UnansweredError(BackendError):
    """Several batches in a row brought no answer to a request."""


class WaitingForBatchError(ChatPaperError):
    """The answer comes with a batch that a later run collects.

    `batch` is its name, or empty where it is still to be sent.
    """

    exit_code = ExitCode.WAITING_FOR_BATCH
    about: Blame = "moment"

    def __init__(self, message: str, *, batch: str = "") -> None:
        super().__init__(message)
        self.batch = batch


class BudgetReachedError(ChatPaperError):
    """A limit that the user set would be exceeded by the next step."""

    exit_code = ExitCode.BUDGET
    about: Blame = "setting"


class DefectError(ChatPaperError):
    """Something happened that should be impossible."""


class StoreError(ChatPaperError):
    """The database of chatpaper cannot be opened, read or written."""

    exit_code = ExitCode.USAGE
    about: Blame = "setting"


class WriteError(ChatPaperError):
    """A post or figure cannot be put on disk at `path`."""

    exit_code = ExitCode.USAGE
    about: Blame = "setting"

    def __init__(self, message: str, *, path: str) -> None:
        super().__init__(message)
        self.path = path
