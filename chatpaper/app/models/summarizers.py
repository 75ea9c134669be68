"""Build what writes summaries from the settings.

It is a model and those that help it, or the paper's own sentences.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from chatpaper.app.models.call_context import CallContext
from chatpaper.app.models.limits import (
    add_batches,
    build_estimator,
    limit_backend,
    load_prices,
)
from chatpaper.app.models.second_reader import build_second_reader
from chatpaper.app.settings import Settings
from chatpaper.backends import (
    Backend,
    BackendSettings,
    RequestParameters,
    check_backend,
    create_backend,
)
from chatpaper.backends.decorators.fallback import SecondProvider
from chatpaper.backends.decorators.retry import RetryingBackend
from chatpaper.domain import EXTRACTIVE
from chatpaper.domain.errors import ConfigError
from chatpaper.pipeline.planning import PaperSummarizer
from chatpaper.summarize import Summarizer, SummarizerOptions


def collect_backend_settings(settings: Settings) -> BackendSettings:
    """Collect what the first backend needs to know."""
    return BackendSettings(
        model=settings.llm.model or "",
        base_url=settings.llm.base_url or "",
        api_key=settings.api_key or "",
        api_version=settings.llm.api_version or "",
        timeout_seconds=settings.llm.timeout_seconds,
        parameters=_parameters(settings),
    )


def collect_fallback_settings(settings: Settings) -> BackendSettings | None:
    """Collect what the second backend needs to know; None where the settings name none."""
    llm = settings.llm
    if llm.fallback_backend is None and llm.fallback_model is None:
        return None
    is_same_service = llm.fallback_backend in (None, llm.backend) and not llm.fallback_base_url
    return BackendSettings(
        model=llm.fallback_model or "",
        base_url=(llm.base_url if is_same_service else llm.fallback_base_url) or "",
        api_key=settings.fallback_api_key or "",
        api_version=(llm.api_version if is_same_service else None) or "",
        timeout_seconds=llm.timeout_seconds,
        parameters=_parameters(settings),
        group="llm.fallback_",
    )


def name_fallback(settings: Settings) -> str:
    """Name the second backend, which is of the same kind as the first unless the settings say."""
    return settings.llm.fallback_backend or settings.llm.backend


def open_backends(settings: Settings) -> tuple[Backend | None, Backend | None]:
    """Open the backend of the settings, and the one for papers that it refuses.

    None stands for no model: the first quotes papers, the second does so or is not there. Raises
    ConfigError as `create_backend` does.
    """
    second = collect_fallback_settings(settings)
    return (
        _open(settings.llm.backend, collect_backend_settings(settings)),
        _open(name_fallback(settings), second) if second else None,
    )


def require_backend(settings: Settings) -> Backend:
    """Open the backend of the settings; raises ConfigError where no model is asked."""
    backend = _open(settings.llm.backend, collect_backend_settings(settings))
    if backend is None:
        raise ConfigError(
            f"The backend {settings.llm.backend} judges nothing: choose one with a model by "
            "llm.backend."
        )
    return backend


def open_another_model(settings: Settings, model: str) -> Backend:
    """Open the backend of the settings with another model."""
    return create_backend(
        settings.llm.backend, replace(collect_backend_settings(settings), model=model)
    )


def check_service(name: str, settings: BackendSettings) -> str:
    """Say in one sentence what works, for `chatpaper doctor`; errors as for `check_backend`."""
    if name == EXTRACTIVE:
        return "no model is used; posts quote the papers' own sentences"
    return check_backend(name, settings)


def list_service_identities(
    settings: Settings, backends: tuple[Backend | None, Backend | None]
) -> list[tuple[str, str, str, str]]:
    """List what tells the services of the settings apart: name, model, address and key."""
    first, second = backends
    chosen = collect_fallback_settings(settings)
    return [
        _identity(first, collect_backend_settings(settings)),
        *([_identity(second, chosen)] if chosen else []),
    ]


def build_summarizer(
    settings: Settings,
    backends: tuple[Backend | None, Backend | None],
    calls: CallContext,
    watch: Callable[[Backend], Backend] = lambda backend: backend,
    *,
    is_strict: bool = False,
) -> PaperSummarizer:
    """Build what summarizes papers; models are held to pace, quota and budget.

    `watch` may decorate the first backend. What is not proved is marked, or dropped if `is_strict`.
    """
    # What quotes papers loads a library that models do without.
    from chatpaper.summarize.extractive.fallback import ExtractiveFallback
    from chatpaper.summarize.extractive.summarizer import ExtractiveSummarizer

    llm = settings.llm
    extractive = partial(
        ExtractiveSummarizer,
        calls.prompts,
        language=settings.language,
        context_tokens=llm.context_tokens,
    )
    backend, second = backends
    if backend is None:
        return extractive()
    # Both readers share the pace of one service.
    held = limit_backend(backend, settings, calls)
    quotes_refused = second is None and collect_fallback_settings(settings) is not None
    summarizer = Summarizer(
        add_batches(watch(_retrying(held, settings, calls)), settings, calls),
        calls.prompts,
        calls.cache,
        SummarizerOptions(
            language=settings.language,
            context_tokens=llm.context_tokens,
            estimator=build_estimator(backend, settings, calls),
            fallback=_second_provider(second, settings, calls) if second else None,
            second_reader=build_second_reader(
                settings, held, partial(open_another_model, settings), calls
            ),
            ends_when_declined=quotes_refused,
            is_strict=is_strict,
        ),
    )
    if not quotes_refused:
        return summarizer
    return ExtractiveFallback(summarizer, extractive(asked=summarizer.asked), load_prices(settings))


def _parameters(settings: Settings) -> RequestParameters:
    return RequestParameters(settings.llm.temperature, settings.llm.extra_parameters)


def _open(name: str, settings: BackendSettings) -> Backend | None:
    return None if name == EXTRACTIVE else create_backend(name, settings)


def _identity(backend: Backend | None, settings: BackendSettings) -> tuple[str, str, str, str]:
    name, model = (backend.name, backend.model) if backend else (EXTRACTIVE, EXTRACTIVE)
    return (name, model, settings.base_url.strip(), settings.api_key.strip())


def _second_provider(backend: Backend, settings: Settings, calls: CallContext) -> Backend:
    held = limit_backend(backend, settings, calls)
    return SecondProvider(_retrying(held, settings, calls))


def _retrying(backend: Backend, settings: Settings, calls: CallContext) -> Backend:
    return RetryingBackend(backend, max_attempts=settings.llm.max_attempts, clock=calls.clock)
