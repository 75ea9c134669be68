"""The commands, their help and their errors in the language of the person who uses them."""

import gettext
import re
from collections.abc import Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from chatpaper.app.message_language import announce_language, find_message_language
from chatpaper.cli.languages.speech import speak, translate
from chatpaper.domain.messages import LOCALE_FOLDER, TEXT_DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator


def choose_language(arguments: Sequence[str]) -> None:
    """Speak the language of the person who gave these arguments of a command."""
    named = [value for option, value in pairwise(arguments) if option == "--config"]
    named += [each.partition("=")[2] for each in arguments if each.startswith("--config=")]
    language = find_message_language(Path(named[0]) if named else None)
    speak(language)
    announce_language(language)
    gettext.bindtextdomain(TEXT_DOMAIN, LOCALE_FOLDER)
    gettext.textdomain(TEXT_DOMAIN)


# The base of all errors of usage; Typer exports only some that are derived from it.
_UsageError: Any = typer.BadParameter.__mro__[1]
_WIDE_MARK = re.compile(r"([，、；：。）])(?=.)")


class TranslatedGroup(TyperGroup):
    """A group of commands whose errors of usage are translated."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read the arguments of the group."""
        with _translated_errors():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        """Read the arguments of a command, and run it."""
        with _translated_errors():
            return super().invoke(ctx)


@contextmanager
def _translated_errors() -> "Iterator[None]":
    try:
        yield
    except _UsageError as error:
        said = error.format_message()
        translated = translate(said)
        if translated == said:
            raise
        raise _UsageError(translated, error.ctx) from error


def translate_help(command: Any) -> None:
    """Translate the help texts of a command and of those below it."""
    help_option = command.get_help_option(typer.Context(command))
    if help_option is not None:
        help_option.help = _translate_text(help_option.help)
    command.help = _translate_text(command.help)
    command.short_help = _translate_text(command.short_help)
    command.epilog = _translate_lines(command.epilog)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = _translate_text(parameter.help)
    for inner in getattr(command, "commands", {}).values():
        translate_help(inner)


def _translate_text(text: str | None) -> str | None:
    """Translate a text; a space behind each mark lets lines end there, as those of English do."""
    if not text:
        return text
    said = " ".join(text.split())
    translated = translate(said)
    return text if translated == said else _WIDE_MARK.sub(r"\1 ", translated)


def _translate_lines(text: str | None) -> str | None:
    return "\n".join(map(translate, text.split("\n"))) if text else text
