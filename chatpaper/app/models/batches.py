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
from chatpaper.pipeline.batches.desk import BatchDesk, BatchOptions
from chatpaper.pipeline.failures.second_chances import digest_services
from chatpaper.storage.store import Store


def build_batch_desk(settings: Settings, store: Store, clock: Clock) -> BatchDesk:
    """Build where requests are left for batches, and where their answers are.

    Raises ConfigError where the settings ask for batches and the backend takes none.
    """
    llm, chosen = settings.llm, collect_backend_settings(settings)
    takes_batches = llm.backend in BATCH_MODULES
    # What serves at an address of its own may have no batches: that is for a person to say.
    is_elsewhere = llm.backend in PRESETS and bool(chosen.base_url)
    if llm.batch == "always" and not takes_batches:
        known = ", ".join(sorted(BATCH_MODULES))
        raise ConfigError(
            f'llm.batch is "always", but the backend {llm.backend} takes no batches: choose one of '
            f'{known}, or set llm.batch to "never".'
        )

    def open_service(model: str) -> BatchBackend:
        return open_batches(llm.backend, replace(chosen, model=model))

    place = (llm.backend, chosen.base_url.strip(), chosen.api_key.strip())
    options = BatchOptions(
        "never" if not takes_batches or (llm.batch == "auto" and is_elsewhere) else llm.batch,
        llm.batch_follow_ups,
        llm.batch_hours,
        digest_services(store.salt(), [place]),
    )
    return BatchDesk(store, open_service, options, clock)
