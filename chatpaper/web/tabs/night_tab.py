"""The tab that visitors see first: what the last night brought."""

from dataclasses import dataclass

import gradio as gr

from chatpaper.app import sources
from chatpaper.domain.errors import ChatPaperError
from chatpaper.web.access.middleware import is_private
from chatpaper.web.state import AppState
from chatpaper.web.translations import Translations
from chatpaper.web.viewer import views
from chatpaper.web.viewer.last_night import load_last_night, load_last_papers
from chatpaper.web.viewer.night_view import render_night


def add_night_tab(state: AppState, words: Translations, page: gr.Blocks) -> None:
    """Add what the last night brought, as it is when the page is opened."""
    shown = gr.HTML()
    page.load(
        _NightHandler(state, words).show,
        None,
        [shown],
        api_visibility="private",
        show_progress="hidden",
    )


@dataclass(frozen=True, slots=True)
class _NightHandler:
    """What the tab shows, in one language of the page."""

    state: AppState
    words: Translations

    def show(self) -> str:
        """Render the last night and, where it published nothing, the last one that did."""
        try:
            night = load_last_night(self.state.nightly, self.state.is_visible)
            earlier = None
            if night is not None and not night.has_papers:
                earlier = load_last_papers(
                    self.state.nightly, night.post_date, self.state.is_visible
                )
        except ChatPaperError as error:
            return views.render_error(error, self.words)
        today = sources.get_current_date(self.state.settings, self.state.clock)
        settings = self.state.settings
        return render_night(
            night,
            earlier,
            today,
            self.words,
            private=is_private(settings.web),
            profiles=tuple(settings.profiles),
        )
