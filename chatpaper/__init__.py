"""Nightly, checked summaries of new research papers in one's own language."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspect import Signature

    from chatpaper.app.api import check, extract, search, summarize
    from chatpaper.app.check_report import CheckReport
    from chatpaper.app.settings import Settings, load_settings
    from chatpaper.domain import Document, Figure, Section, Summary
    from chatpaper.domain.errors import (
        BackendError,
        ChatPaperError,
        ConfigError,
        ExtractError,
        FetchError,
    )
    from chatpaper.domain.project import __version__
    from chatpaper.storage.search_index import SearchHit
    from chatpaper.summarize.verify.claims.claim import CheckedClaim

__all__ = [
    "BackendError",
    "ChatPaperError",
    "CheckReport",
    "CheckedClaim",
    "ConfigError",
    "Document",
    "ExtractError",
    "FetchError",
    "Figure",
    "SearchHit",
    "Section",
    "Settings",
    "Summary",
    "__version__",
    "check",
    "extract",
    "load_settings",
    "search",
    "summarize",
]

_API = "chatpaper.app.api"
_ERRORS = "chatpaper.domain.errors"
_MODULES = {
    "BackendError": _ERRORS,
    "ChatPaperError": _ERRORS,
    "CheckReport": "chatpaper.app.check_report",
    "CheckedClaim": "chatpaper.summarize.verify.verifier",
    "ConfigError": _ERRORS,
    "Document": "chatpaper.domain",
    "ExtractError": _ERRORS,
    "FetchError": _ERRORS,
    "Figure": "chatpaper.domain",
    "SearchHit": "chatpaper.storage.search_index",
    "Section": "chatpaper.domain",
    "Settings": "chatpaper.app.settings",
    "Summary": "chatpaper.domain",
    "__version__": "chatpaper.domain.project",
    "check": _API,
    "extract": _API,
    "load_settings": "chatpaper.app.settings",
    "search": _API,
    "summarize": _API,
}


def __getattr__(name: str) -> Any:
    """Import a name of the API on first use: `chatpaper --help` needs none of them."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class CallablePackage(ModuleType):
    """A package that has the name of a function of the API, and can be called as that function.

    `chatpaper.extract` holds modules, and extracts: Python binds the name of a package as soon as
    anything in it is imported, and so would hide the function.
    """

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Call the function."""
        return _function_named(self.__name__)(*arguments, **options)

    @property
    def __signature__(self) -> "Signature":
        """The signature of the function, for `inspect` and editors."""
        from inspect import signature

        return signature(_function_named(self.__name__))


def _function_named(package: str) -> Any:
    return getattr(import_module(_API), package.rpartition(".")[2])
