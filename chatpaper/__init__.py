"""Nightly, checked summaries of new research papers in one's own language."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatpaper.app.api import check, extract, search, summarize
    from chatpaper.app.check_report import CheckReport
    from chatpaper.app.settings import Settings, load_settings
    from chatpaper.domain import Document, Summary
    from chatpaper.domain.errors import ChatPaperError
    from chatpaper.domain.project import __version__

__all__ = [
    "ChatPaperError",
    "CheckReport",
    "Document",
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
_HOMES = {
    "ChatPaperError": "chatpaper.domain.errors",
    "CheckReport": "chatpaper.app.check_report",
    "Document": "chatpaper.domain",
    "Settings": "chatpaper.app.settings",
    "Summary": "chatpaper.domain",
    "__version__": "chatpaper.domain.project",
    "load_settings": "chatpaper.app.settings",
}


def __getattr__(name: str) -> Any:
    """Import what the API offers when it is asked for: `chatpaper --help` needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, _API)), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class CallablePackage(ModuleType):
    """A package that shares its name with a function of the API: `chatpaper.extract` holds modules,
    and extracts.

    Python binds a package's name as soon as anything in it is imported, and so would hide the
    function.
    """

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Call the function."""
        return getattr(import_module(_API), self.__name__.rpartition(".")[2])(*arguments, **options)
