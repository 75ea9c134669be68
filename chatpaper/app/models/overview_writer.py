"""Build what writes overviews from the settings: a model, or rules alone."""

from chatpaper.app.models.call_context import CallContext
from chatpaper.app.models.limits import limit_backend, load_prices
from chatpaper.app.models.summarizers import open_backends
from chatpaper.app.settings import Settings
from chatpaper.backends.decorators.retry import RetryingBackend
from chatpaper.summarize.overview.writer import AskedModel, OverviewWriter


def build_overview_writer(settings: Settings, calls: CallContext) -> OverviewWriter:
    """Build what writes overviews; a model is held to pace, quota and budget.

    Raises ConfigError where the settings name no backend that could be asked.
    """
    backend, _ = open_backends(settings)
    if backend is None:
        return OverviewWriter(calls.prompts, settings.language)
    held = RetryingBackend(
        limit_backend(backend, settings, calls),
        max_attempts=settings.llm.max_attempts,
        clock=calls.clock,
    )
    asked = AskedModel(held, calls.cache, load_prices(settings), settings.llm.context_tokens)
    return OverviewWriter(calls.prompts, settings.language, asked)
