"""What a visitor asks for: a paper, and how it is to be summarized."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from chatpaper.app.settings import Settings
from chatpaper.app.settings_groups import KEY_VARIABLES
from chatpaper.domain import DEMO
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.paper_reference import ArxivReference, PdfFile, parse_reference
from chatpaper.web.access.allowance import ensure_choice_allowed
from chatpaper.web.jobs.folders import locate_uploads
from chatpaper.web.jobs.uploads import find_upload
from chatpaper.web.visitor_errors import VisitorError

# What services call their models: "gemini-3.5-flash-lite", "Qwen/Qwen3-8B", "llama3:8b".
_MODEL_NAME = re.compile(r"[\w.:/@+-]{1,100}", re.ASCII)
_MAX_KEY_CHARACTERS = 400
_MAX_REFERENCE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class SummaryRequest:
    """A paper and the visitor's choices; `api_key` stays in memory and is never shown."""

    reference: ArxivReference | PdfFile
    backend: str
    model: str
    language: str
    formats: tuple[str, ...]
    api_key: SecretStr = field(default=SecretStr(""), repr=False)

    @property
    def key(self) -> str:
        """The key of the paper: an arXiv id without version, or the stem of a file."""
        if isinstance(self.reference, PdfFile):
            return self.reference.path.stem
        return self.reference.arxiv_id.id

    def apply_to(self, settings: Settings) -> Settings:
        """Return the page's settings with the visitor's choices."""
        llm: dict[str, Any] = {"model": self.model or None}
        if self.backend != settings.llm.backend:
            # Address and key of another service are none of this one's.
            llm |= {"backend": self.backend, "base_url": None, "api_key": None, "api_version": None}
            llm |= {"fallback_model": None, "context_tokens": None}
        elif not self.model:
            llm["model"] = settings.llm.model
        if self.api_key.get_secret_value():
            llm["api_key"] = self.api_key
        return settings.model_copy(
            update={
                "llm": settings.llm.model_copy(update=llm),
                "run": settings.run.model_copy(update={"formats": self.formats}),
                "language": self.language,
            }
        )


def parse_paper(text: str, upload: str, settings: Settings) -> ArxivReference | PdfFile:
    """Find the paper that a visitor names: an arXiv id or address, or an uploaded file.

    Other addresses would make this machine fetch whatever a visitor likes, and paths would read its
    files: both raise VisitorError.
    """
    wanted = text.strip()
    if upload and not wanted:
        return PdfFile(find_upload(upload, locate_uploads(settings)))
    if not wanted:
        raise VisitorError("no_paper")
    refusal = VisitorError("not_arxiv", value=wanted[:80])
    if len(wanted) > _MAX_REFERENCE_CHARACTERS or wanted.startswith(("/", ".", "~", "\\")):
        raise refusal
    try:
        reference = parse_reference(wanted)
    except ConfigError:
        raise refusal from None
    if not isinstance(reference, ArxivReference):
        raise refusal
    return reference


def parse_request(
    choices: Mapping[str, Any], settings: Settings, known: "Choices"
) -> SummaryRequest:
    """Read the fields of the form.

    Raises VisitorError where a value cannot be chosen.
    """
    model, key = str(choices.get("model") or "").strip(), str(choices.get("api_key") or "").strip()
    formats = tuple(str(name) for name in choices.get("formats") or ())
    if model and not _MODEL_NAME.fullmatch(model):
        raise VisitorError("model_name")
    if len(key) > _MAX_KEY_CHARACTERS or not key.isprintable():
        raise VisitorError("key_form")
    if not formats:
        raise VisitorError("no_format")
    for value, allowed in (
        (choices.get("backend"), known.backends),
        (choices.get("language"), known.languages),
        *((name, known.formats) for name in formats),
    ):
        if value not in allowed:
            raise VisitorError("choice", value=str(value)[:40], choices=", ".join(allowed))
    if not key:
        ensure_choice_allowed(str(choices["backend"]), model, settings)
    return SummaryRequest(
        parse_paper(
            str(choices.get("reference") or ""), str(choices.get("upload") or ""), settings
        ),
        str(choices["backend"]),
        model,
        str(choices["language"]),
        tuple(dict.fromkeys(formats)),
        SecretStr(key),
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What visitors can choose from."""

    backends: tuple[str, ...]
    languages: tuple[str, ...]
    formats: tuple[str, ...]


def list_backends(chosen: str) -> tuple[str, ...]:
    """Return the names of the backends in the order in which they are offered.

    The one of the demo is offered only where it is the `chosen` one of the settings: it knows no
    paper of a visitor's.
    """
    return tuple(name for name in KEY_VARIABLES if name != DEMO or chosen == DEMO)
