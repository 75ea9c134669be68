"""The page in one language: its head and its tabs."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from chatpaper.web.assets import load_asset
from chatpaper.web.state import AppState
from chatpaper.web.tabs.archive_tab import add_archive_tab
from chatpaper.web.tabs.check_tab import add_check_tab
from chatpaper.web.tabs.night_tab import add_night_tab
from chatpaper.web.tabs.paper_tab import add_paper_tab
from chatpaper.web.translations import LANGUAGE_COOKIE, PAGE_LANGUAGES, load_translations
from chatpaper.web.viewer.addresses import make_page_address

# The names of the tabs in addresses, the first one for visitors who ask for none of them.
_TABS = ("night", "paper", "check", "archive")
# What the script of the page says by itself.
_SCRIPT_WORDS = ("title", "evidence", "sheet_close", "sheet_busy", "sheet_failed")


def render_head(language: str) -> str:
    """Render what the head of the page has besides Gradio's own."""
    words = load_translations(language)
    told = {name: words[name] for name in _SCRIPT_WORDS} | {
        "language": words["language_tag"],
        "home": make_page_address(language),
        "cookie": LANGUAGE_COOKIE,
    }
    # Within a script "</" could end it.
    text = json.dumps(told, ensure_ascii=False).replace("</", "<\\/")
    return f"<script>window.pageWords = {text};\n{load_asset('page.js')}</script>"


def build_page(state: AppState, language: str) -> gr.Blocks:
    """Build the page in one of its languages."""
    words = load_translations(language)
    page: gr.Blocks = gr.Blocks(title=words["title"], analytics_enabled=False)
    with page:
        (other,) = [each for each in PAGE_LANGUAGES if each != language]
        gr.HTML(
            f'<h1>{escape(words["title"])}</h1><p class="lead">{escape(words["lead"])}</p>'
            f'<p class="language"><a href="/{other}/" hreflang="{other}">'
            f"{escape(words['other_language'])}</a></p>",
            elem_classes=["masthead"],
        )
        job_number = gr.BrowserState("", storage_key=f"chatpaper-{language}", secret="chatpaper")
        with gr.Tabs(overflow_behavior="wrap") as tabs:
            with gr.Tab(words["tab_night"], id="night"):
                add_night_tab(state, words, page)
            with gr.Tab(words["tab_paper"], id="paper"):
                add_paper_tab(state, language, words, page, job_number)
            with gr.Tab(words["tab_check"], id="check"):
                add_check_tab(state, language, words, page)
            with gr.Tab(words["tab_archive"], id="archive") as tab:
                add_archive_tab(state, words, tab)
        page.load(
            _TabHandler(state).choose,
            [job_number],
            [tabs],
            api_visibility="private",
            show_progress="hidden",
        )
    page.queue(default_concurrency_limit=None, api_open=False)
    return page


@dataclass(frozen=True, slots=True)
class _TabHandler:
    """Which tab a visitor sees first."""

    state: AppState

    def choose(self, job_number: str, request: gr.Request) -> Any:
        """Select the tab that the address names, or that of a job which is still under way."""
        query = dict(request.query_params)
        job = self.state.queue.find(job_number) if job_number else None
        if "paper" in query or (job is not None and not job.over and "tab" not in query):
            return gr.Tabs(selected="paper")
        return gr.Tabs(selected=query["tab"]) if query.get("tab") in _TABS else gr.skip()
