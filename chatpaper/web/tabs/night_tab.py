"""The tab that visitors see first: what the last night brought."""

from dataclasses import dataclass
from datetime import date, timedelta

import gradio as gr

from chatpaper.app import sources
from chatpaper.domain.errors import ChatPaperError
from chatpaper.web.access.middleware import is_private
from chatpaper.web.numbers import format_count
from chatpaper.web.state import AppState
from chatpaper.web.translations import Translations, format_date, get_language
from chatpaper.web.viewer import views
from chatpaper.web.viewer.addresses import make_page_address, make_paper_address
from chatpaper.web.viewer.last_night import Night, load_last_night, load_last_papers
from chatpaper.web.viewer.templates import render_template

# A run in the small hours is for the same day, one before midnight for the day before.
_LAST_NIGHT = timedelta(days=1)


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
        return render_night(
            night, earlier, today, self.words, private=is_private(self.state.settings.web)
        )


def render_night(
    night: Night | None,
    earlier: Night | None,
    today: date,
    words: Translations,
    *,
    private: bool,
) -> str:
    """Render a night as HTML: its topics and papers, or how to begin where there was none.

    A `private` page tells its owner which command to run.
    """
    language = get_language(words)
    heading = earlier_heading = ""
    if night is not None:
        is_last = today - night.post_date <= _LAST_NIGHT
        heading = words["night_last" if is_last else "night_on"].format(
            date=format_date(night.post_date, words)
        )
    if earlier is not None:
        earlier_heading = words["night_earlier"].format(date=format_date(earlier.post_date, words))
    return render_template(
        "night",
        night=night,
        earlier=earlier,
        heading=heading,
        earlier_heading=earlier_heading,
        words=words,
        language=language,
        private=private,
        count=format_count,
        locate=make_paper_address,
        paper_tab=make_page_address(language, tab="paper"),
        archive_tab=make_page_address(language, tab="archive"),
    )
