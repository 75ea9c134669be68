"""Fields that several tabs have."""

from html import escape

import gradio as gr

from chatpaper.web.assets import load_asset
from chatpaper.web.state import AppState
from chatpaper.web.translations import Translations

# Two columns stand beside each other on a desk, and below each other on a phone, whose 360 pixels
# have margins.
COLUMN_PIXELS = 280
# What the field for a file says by itself.
_UPLOAD_WORDS = ("upload_busy", "upload_done", "upload_pages", "upload_failed")
LATEX_DELIMITERS: list[dict[str, str | bool]] = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]


def add_paper_fields(state: AppState, words: Translations) -> tuple[gr.HTML, gr.Textbox]:
    """Add the two ways to name a paper, side by side where there is room: a file and an id."""
    with gr.Row():
        with gr.Column(min_width=COLUMN_PIXELS):
            upload = _add_upload(state, words)
        with gr.Column(min_width=COLUMN_PIXELS):
            reference = gr.Textbox(
                label=words["reference"], placeholder=words["reference_hint"], max_length=300
            )
    return upload, reference


def add_start_button(label: str, page: gr.Blocks) -> gr.Button:
    """Add a button that can be pressed once the page listens; earlier clicks would be lost."""
    button = gr.Button(label, variant="primary", interactive=False)
    page.load(
        lambda: gr.Button(interactive=True),
        None,
        [button],
        api_visibility="private",
        show_progress="hidden",
    )
    return button


def _add_upload(state: AppState, words: Translations) -> gr.HTML:
    """Add a field for a file that goes to a route of our own.

    Gradio's field would reveal where on this machine the file is stored.
    """
    web = state.settings.web
    hint = words["upload_hint"].format(megabytes=web.max_upload_megabytes, pages=web.max_pages)
    return gr.HTML(
        value="",
        html_template=(
            f'<div class="upload"><label><strong>{escape(words["upload"])}</strong> {escape(hint)}'
            '<input type="file" accept="application/pdf,.pdf"></label>'
            '<p class="said" role="status" aria-live="polite"></p>'
            f'<button type="button" hidden>{escape(words["upload_remove"])}</button></div>'
        ),
        js_on_load=load_asset("upload.js"),
        words={name: words[name] for name in _UPLOAD_WORDS},
    )
