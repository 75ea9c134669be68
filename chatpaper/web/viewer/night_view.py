"""A night as HTML."""

from collections.abc import Sequence
from datetime import date, timedelta

from chatpaper.web.numbers import format_count
from chatpaper.web.translations import Translations, format_date, get_language
from chatpaper.web.viewer.addresses import make_page_address, make_paper_address
from chatpaper.web.viewer.last_night import Night
from chatpaper.web.viewer.mark_view import render_mark_buttons
from chatpaper.web.viewer.templates import render_template

# A run in the small hours is for the same day, one before midnight for the day before.
_LAST_NIGHT = timedelta(days=1)


def render_night(
    night: Night | None,
    earlier: Night | None,
    today: date,
    words: Translations,
    *,
    private: bool,
    profiles: Sequence[str] = (),
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
        show_marks=lambda arxiv_id: render_mark_buttons(arxiv_id, profiles, words),
        paper_tab=make_page_address(language, tab="paper"),
        archive_tab=make_page_address(language, tab="archive"),
    )
