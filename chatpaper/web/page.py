"""The page in one language: its head and its tabs."""

import json
from html import escape

import gradio as gr

from chatpaper.web.assets import load_asset
from chatpaper.web.state import AppState
from chatpaper.web.tabs.archive_tab import add_archive_tab
from chatpaper.web.tabs.check_tab import add_check_tab
from chatpaper.web.tabs.paper_tab import add_paper_tab
from chatpaper.web.translations import PAGE_LANGUAGES, load_translations

# What the script of the page says by itself.
_SCRIPT_WORDS = ("evidence", "sheet_close", "sheet_busy", "sheet_failed")


def render_head(language: str) -> str:
    """Render what the head of the page has besides Gradio's own."""
    words = load_translations(language)
    told = {name: words[name] for name in _SCRIPT_WORDS} | {"language": words["language_tag"]}
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
            f"<h1>{escape(words['title'])}</h1><p>{escape(words['lead'])}</p>"
            f'<p class="language"><a href="/{other}/">{escape(words["other_language"])}</a></p>'
        )
        with gr.Tabs():
            with gr.Tab(words["tab_paper"], id="paper"):
                add_paper_tab(state, language, words, page)
            with gr.Tab(words["tab_check"], id="check"):
                add_check_tab(state, language, words, page)
            with gr.Tab(words["tab_archive"], id="archive") as tab:
                add_archive_tab(state, words, tab)
    page.queue(default_concurrency_limit=None, api_open=False)
    return page
