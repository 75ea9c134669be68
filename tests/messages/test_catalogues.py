"""The catalogues say all that the source says, in whole and readable sentences."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from rich.cells import cell_len
from typer.main import get_command

from chatpaper.cli.languages.commands import translate_help
from chatpaper.cli.languages.speech import speak
from chatpaper.cli.main import app
from chatpaper.domain.messages import list_catalogue_languages, load_translator
from chatpaper.domain.messages.translator import PLACEHOLDER
from tests.docs.reference_pages import walk_commands
from tests.messages.catalogues import (
    compile_catalogue,
    list_untranslated,
    locate_po,
    read_catalogue,
    update_catalogue,
    write_po_text,
)

LANGUAGES = list_catalogue_languages()
_PLACEHOLDER = re.compile(r"\{\w*\}")
# Commands, keys, options and names of variables, which are typed as they stand.
_VERBATIM = re.compile(r"`[^`]*`|--\w[\w-]*|[A-Z][A-Z_]*_[A-Z_]+|\b[a-z]+\.[a-z_]+_[a-z_]+")
_HALF_WIDTH_MARK = re.compile(r"[\u4e00-\u9fff][,;:?!](?:\s|$)")
# What `--help` has room for beside names and values on a terminal of 80 columns.
HELP_COLUMNS = 40


@cache
def read_source(language: str) -> Catalog:
    """Return the catalogue as the source has it, which takes seconds to read."""
    return update_catalogue(language)


def list_pairs() -> list[tuple[str, str]]:
    """Return every message of the catalogues with its translation."""
    return [
        (str(message.id), str(message.string))
        for catalogue in map(read_source, LANGUAGES)
        for message in catalogue
        if message.id
    ]


def test_there_is_a_catalogue_for_chinese() -> None:
    assert "zh" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_messages_of_the_source(language: str) -> None:
    assert locate_po(language).read_bytes() == write_po_text(read_source(language)), (
        "`python -m tests.messages.catalogues` brings it up to date"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_untranslated(language: str) -> None:
    assert list_untranslated(read_source(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_gettext_reads_is_what_translators_edit(language: str) -> None:
    compiled = locate_po(language).with_suffix(".mo").read_bytes()
    assert compiled == compile_catalogue(read_catalogue(language)), (
        "`python -m tests.messages.catalogues` compiles it"
    )


def test_translations_keep_placeholders_and_what_is_typed() -> None:
    for message, text in list_pairs():
        assert {*_PLACEHOLDER.findall(text)} == {*_PLACEHOLDER.findall(message)}, message
        assert [code for code in _VERBATIM.findall(message) if code not in text] == [], message


def test_chinese_has_chinese_punctuation() -> None:
    assert [text for _, text in list_pairs() if _HALF_WIDTH_MARK.search(text)] == []


def test_each_message_is_recognized_by_its_own_template() -> None:
    """Values that are no messages come through; no other template takes the message away."""
    translator = load_translator("zh")
    mistaken = [
        message
        for message, text in list_pairs()
        if translator.translate(PLACEHOLDER.sub("42", message)) != PLACEHOLDER.sub("42", text)
    ]
    assert mistaken == []


def test_help_breaks_lines_on_a_narrow_terminal() -> None:
    command = get_command(app)
    speak("zh")
    try:
        translate_help(command)
    finally:
        speak("en")
    texts = [
        text
        for _, each in walk_commands(command)
        for text in (each.help, *(parameter.help for parameter in each.params))
    ]
    too_long = [word for text in texts for word in text.split() if cell_len(word) > HELP_COLUMNS]
    assert too_long == []
    assert len(texts) > 50
