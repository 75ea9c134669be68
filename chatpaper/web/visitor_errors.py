"""What visitors did that cannot be done; the page tells it in their language."""

from datetime import timedelta

from chatpaper.domain.errors import ConfigError
from chatpaper.web.numbers import format_count, format_duration
from chatpaper.web.translations import (
    PAGE_LANGUAGES,
    Translations,
    get_language,
    load_translations,
)


class VisitorError(ConfigError):
    """What a visitor asked for cannot be done.

    `name` is that of its words, without "error_", and `values` fill their gaps: texts, counts, and
    durations. As text it is in English.
    """

    def __init__(self, name: str, **values: str | int | timedelta) -> None:
        self.name = name
        self.values = values
        super().__init__(self.translate(load_translations(PAGE_LANGUAGES[0])))

    def translate(self, words: Translations) -> str:
        """Return what happened and what to do, in a language of the page."""
        language = get_language(words)
        written = {name: _write_value(value, language) for name, value in self.values.items()}
        return words[f"error_{self.name}"].format(**written)


def _write_value(value: str | int | timedelta, language: str) -> str:
    if isinstance(value, timedelta):
        return format_duration(value.total_seconds(), language)
    return value if isinstance(value, str) else format_count(value)
