"""What the routes and the tabs of the page share."""

from dataclasses import dataclass, field
from typing import Any

from chatpaper.app import container
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.settings import Settings
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.storage.store import Store
from chatpaper.web.access.middleware import is_private
from chatpaper.web.access.visitors import identify_visitor
from chatpaper.web.jobs.job_queue import JobQueue
from chatpaper.web.jobs.job_runner import JobRunner
from chatpaper.web.jobs.requests import Choices, list_backends
from chatpaper.web.jobs.uploads import UploadStore
from chatpaper.web.viewer.viewer_cache import ViewerCache
from chatpaper.write.formats import list_formats, list_languages


@dataclass(frozen=True, slots=True)
class AppState:
    """All that stands behind the page.

    `settings` are the page's own, `nightly` is the database of the nightly runs. `checking` holds
    the visitors whose texts are being checked: one text at a time of each.
    """

    settings: Settings
    queue: JobQueue
    runner: JobRunner
    viewer: ViewerCache
    arxiv: ArxivClients
    resources: container.SharedResources
    nightly: Store
    uploads: UploadStore
    clock: Clock = SYSTEM_CLOCK
    checking: set[str] = field(default_factory=set)

    def identify(self, request: Any) -> str:
        """Name the visitor who sends a request, one of Starlette's or Gradio's."""
        header = self.settings.web.proxy_header
        return identify_visitor(
            request.client.host if request.client else "",
            request.headers.get(header, "") if header else "",
        )

    def is_visible(self, topic: str | None) -> bool:
        """Whether visitors see the papers of a topic.

        Those that the owner asked for by themselves, without a topic, are the owner's alone.
        """
        return topic is not None or is_private(self.settings.web)

    @property
    def choices(self) -> Choices:
        """What visitors can choose from."""
        return Choices(
            list_backends(self.settings.llm.backend),
            list_languages(),
            list_formats(self.settings.post.formats_dir),
        )
