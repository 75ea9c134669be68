"""Build where requests are left for batches."""

from dataclasses import replace

from chatpaper.app.models.summarizers import collect_backend_settings
from chatpaper.app.settings import Settings
from chatpaper.backends import open_batches
from chatpaper.backends.batches.interface import BatchBackend
from chatpaper.backends.compatible.presets import PRESETS
from chatpaper.backends.registry import BATCH_MODULES
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import ConfigError
from chatpaper.pipeline.batches.broker import BatchBroker, BatchOptions
from chatpaper.pipeline.failures.second_chances import digest_services
from chatpaper.storage.store import Store


def check_batches(settings: Settings) -> str:
    """Say in one sentence that the service takes batches, by asking for one that is not there.

    Raises ConfigError or a BackendError where it does not.
    """
    _refuse_without_batches(settings)
    service = open_batches(settings.llm.backend, collect_backend_settings(settings))
    service.find("")
    return f"{service.model} takes batches, and `run` sends them where llm.batch says so"


def build_batch_broker(settings: Settings, store: Store, clock: Clock) -> BatchBroker:
    """Build where requests are left for batches, and where their answers are.

    Raises ConfigError where the settings ask for batches and the backend takes none.
    """
    llm, chosen = settings.llm, collect_backend_settings(settings)
    if llm.batch == "always":
        _refuse_without_batches(settings)
    takes_batches = llm.backend in BATCH_MODULES
    # What serves at an address of its own may have no batches: that is for a person to say.
    is_elsewhere = llm.backend in PRESETS and bool(chosen.base_url)

    def open_service(model: str) -> BatchBackend:
        return open_batches(llm.backend, replace(chosen, model=model))

    place = (llm.backend, chosen.base_url.strip(), chosen.api_key.strip())
    options = BatchOptions(
        "never" if not takes_batches or (llm.batch == "auto" and is_elsewhere) else llm.batch,
        llm.batch_follow_ups,
        llm.batch_hours,
        digest_services(store.salt(), [place]),
    )
    return BatchBroker(store, open_service, options, clock)


def _refuse_without_batches(settings: Settings) -> None:
    backend = settings.llm.backend
    if backend in BATCH_MODULES:
        return
    known = ", ".join(sorted(BATCH_MODULES))
    raise ConfigError(
        f'llm.batch is "{settings.llm.batch}", but the backend {backend} takes no batches: choose '
        f'one of {known}, or set llm.batch to "never".'
    )
