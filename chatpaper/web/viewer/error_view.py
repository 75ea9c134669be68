"""The page that says why something is not there."""

from chatpaper.web.translations import Translations, get_language
from chatpaper.web.viewer.addresses import make_page_address
from chatpaper.web.viewer.templates import render_template


def render_error(text: str, words: Translations, address: str = "", link: str = "") -> str:
    """Render a page that says why something is not there, with a link; by default back home."""
    return render_template(
        "error",
        words=words,
        text=text,
        address=address or make_page_address(get_language(words)),
        link=link or words["back"],
    )
