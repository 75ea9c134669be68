"""Every shipped format in every language is written with everything, and with nothing."""

import pytest

from chatpaper.domain.errors import ConfigError
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.write.format_validation import validate_format
from chatpaper.write.formats import PostFormat, list_formats, load_format, load_labels
from chatpaper.write.render import PostStyle

PROMPTS = Prompts.load()
LANGUAGES = tuple(PROMPTS.languages)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list_formats())
def test_shipped_formats_work_in_every_language(name: str, language: str) -> None:
    chosen = load_format(name)
    validate_format(
        chosen, PROMPTS.fields(chosen.asked_fields, language), PostStyle(load_labels(language))
    )


@pytest.mark.parametrize("name", list_formats())
def test_a_format_has_no_field_that_its_template_could_do_without(name: str) -> None:
    """What nobody sees need not be paid for; what is said of figures is shown where they are."""
    chosen = load_format(name)
    for left_out in set(chosen.asked_fields) - {"key_figures"}:
        others = tuple(field for field in chosen.asked_fields if field != left_out)
        less = PostFormat(chosen.name, chosen.scope, others)
        with pytest.raises(ConfigError):
            validate_format(less, PROMPTS.fields(others), PostStyle(load_labels("zh")))


def test_languages_have_the_same_labels() -> None:
    assert len({tuple(sorted(load_labels(language))) for language in LANGUAGES}) == 1
