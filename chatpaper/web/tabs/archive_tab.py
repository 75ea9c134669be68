"""The tab in which the papers of nightly runs are searched and counted."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from chatpaper.domain.errors import ChatPaperError
from chatpaper.web.state import AppState
from chatpaper.web.translations import Translations
from chatpaper.web.viewer import archive_views, views


def add_archive_tab(state: AppState, words: Translations, tab: gr.Tab) -> None:
    """Add the search form, its results and the charts."""
    with gr.Row():
        wanted = gr.Textbox(label=words["search"], max_length=200, scale=3)
        topic = gr.Dropdown([words["all_topics"]], value=words["all_topics"], label=words["topic"])
        since = gr.Textbox(label=words["since"], max_length=10)
        until = gr.Textbox(label=words["until"], max_length=10)
    start = gr.Button(words["find"], variant="primary")
    results = gr.HTML()
    charts = gr.HTML()
    handlers = _ArchiveHandlers(state, words)
    fields = [wanted, topic, since, until]
    gr.on([start.click, wanted.submit], handlers.find, fields, [results], api_visibility="private")
    tab.select(handlers.refresh, None, [topic, charts, results], api_visibility="private")


@dataclass(frozen=True, slots=True)
class _ArchiveHandlers:
    """What the form does, in one language of the page."""

    state: AppState
    words: Translations

    def find(self, text: str, topic: str, since: str, until: str) -> str:
        """Search the papers that visitors may see; the results as HTML."""
        words = self.words
        try:
            single = {words["single_papers"]: None}
            topics = () if topic == words["all_topics"] else (single.get(topic, topic),)
            days = (
                archive_views.parse_day(since or ""),
                archive_views.parse_day(until or ""),
            )
            hits = self.state.nightly.search_index.search(text or "", topics, *days)
            visible = [hit for hit in hits if self.state.is_visible(hit.topic)]
            return archive_views.render_hits(visible, words)
        except ChatPaperError as error:
            return views.render_error(error, words)

    def refresh(self) -> tuple[Any, str, str]:
        """Return the topics, the charts and the newest papers."""
        words, index = self.words, self.state.nightly.search_index
        names = [
            name or words["single_papers"] for name in index.topics() if self.state.is_visible(name)
        ]
        counts = [each for each in index.papers_by_day() if self.state.is_visible(each.topic)]
        charts = archive_views.render_papers_chart(
            counts, words
        ) + archive_views.render_usage_charts(
            (self.state.nightly.usage, self.state.resources.store.usage), words
        )
        newest = self.find("", words["all_topics"], "", "")
        return gr.Dropdown([words["all_topics"], *names]), charts, newest
