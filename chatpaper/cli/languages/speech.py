"""The language of this process, and messages in it."""

import sys

from chatpaper.domain.messages import Translator, load_translator

# The beginning of any Chinese sentence about papers: a terminal that cannot show it is spoken to in
# English.
_PROBE = "论文"

_speaker: list[Translator] = [Translator({})]
_language = ["en"]


def speak(language: str) -> None:
    """Speak a language from here on; English where there is no catalogue, or no way to write it."""
    _language[0] = language if _can_write(_PROBE) else "en"
    _speaker[0] = load_translator(_language[0])


def get_spoken_language() -> str:
    """Return the language that is spoken, as it was asked for."""
    return _language[0]


def translate(message: str) -> str:
    """Return a message in the language that is spoken."""
    return _speaker[0].translate(message)


def _can_write(text: str) -> bool:
    for stream in (sys.stdout, sys.stderr):
        try:
            text.encode(getattr(stream, "encoding", None) or "utf-8")
        except (UnicodeEncodeError, LookupError):
            return False
    return True
