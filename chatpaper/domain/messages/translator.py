"""Recognize a message by the templates of a catalogue, and say it in another language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from chatpaper.domain.text.scripts import CJK_FORMS

PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What placeholders of these names never stand for: anything with white space.
_SHAPES = dict.fromkeys(("url", "idv", "arxiv_id", "host", "service"), r"\S+?")
# A template that begins with a placeholder and fixes few words, `{url} sent {complaint}`, is
# recognized in short messages only: in longer ones the words stand by chance.
_CHARACTERS_PER_FIXED_ONE = 20
# Longer texts are not messages of chatpaper, but a page that a server sent, or a list of data.
_MAX_CHARACTERS = 1000
# Where a message may end and another begin, as in "No model proposes phrases: no API key", with
# what stands there in a translation.
_SENTENCE_END = ". "
_JOINTS = ((_SENTENCE_END, ""), ("; ", "；"), (": ", "："), (", ", "，"))
_WIDE = re.compile(f"[{CJK_FORMS}]")
_LETTER = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Template:
    """A message with placeholders, `{path} is damaged: {problem}`, and its translation."""

    message: str
    translation: str

    @cached_property
    def literals(self) -> tuple[str, ...]:
        """The texts between the placeholders."""
        return tuple(PLACEHOLDER.split(self.message)[::2])

    @cached_property
    def weight(self) -> int:
        """How much of a message is fixed."""
        return sum(map(len, self.literals))

    def match(self, text: str) -> dict[str, str] | None:
        """Return what stands in place of the placeholders; None for another message."""
        # Most templates are told apart by this, without a pattern to compile.
        if not text.startswith(self.literals[0]) or not text.endswith(self.literals[-1]):
            return None
        if not self.literals[0] and len(text) > _CHARACTERS_PER_FIXED_ONE * self.weight:
            return None
        found = self._pattern.fullmatch(text)
        return found.groupdict() if found else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        seen: set[str] = set()
        parts: list[str] = []
        for number, part in enumerate(PLACEHOLDER.split(self.message)):
            if number % 2 == 0:
                parts.append(re.escape(part))
            else:
                shape = _SHAPES.get(part, ".+?")
                parts.append(f"(?P={part})" if part in seen else f"(?P<{part}>{shape})")
                seen.add(part)
        return re.compile("".join(parts), re.DOTALL)


class Translator:
    """Translates messages; those that are in no catalogue stay as they are."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        """Take translations by the templates of messages."""
        self._whole = {
            message: text for message, text in messages.items() if not PLACEHOLDER.search(message)
        }
        templates = (
            Template(message, text)
            for message, text in messages.items()
            if message not in self._whole
        )
        # Of two readings that are as good, that is meant whose frame says less: one message stands
        # within another, as in "FAIL key: …". Names before a message are no part of it.
        self._templates = sorted(templates, key=lambda template: template.weight)

    def translate(self, text: str) -> str:
        """Return a message in the language of the catalogue.

        What stands in place of a placeholder may be a message, too. White space around a message is
        kept.
        """
        core = text.strip()
        if not self._templates or len(core) > _MAX_CHARACTERS or not _LETTER.search(core):
            return text
        reading = self._read(core, {})
        return text.replace(core, reading.text, 1) if reading.known else text

    def _read(self, text: str, read: dict[str, "_Reading"]) -> "_Reading":
        """Return the reading of a text that knows most of it; `read` remembers those of parts."""
        if text in self._whole:
            return _Reading(len(text), self._whole[text], 1)
        if text not in read:
            # What is being read is no part of itself.
            read[text] = _Reading(0, text)
            read[text] = max(self._list_readings(text, read), key=_Reading.rank)
        return read[text]

    def _list_readings(self, text: str, read: dict[str, "_Reading"]) -> Iterator["_Reading"]:
        """Yield the ways to read a text; of those that are as good, the first is meant."""
        yield from self._list_splits(text, read)
        for template in self._templates:
            values = template.match(text)
            if values is not None:
                yield self._fill(template, values, read)
        yield _Reading(0, text)

    def _fill(
        self, template: Template, values: Mapping[str, str], read: dict[str, "_Reading"]
    ) -> "_Reading":
        said = {name: self._read(value, read) for name, value in values.items()}
        return _Reading(
            template.weight + sum(reading.known for reading in said.values()),
            PLACEHOLDER.sub(lambda found: said[found[1]].text, template.translation),
            1 + sum(reading.messages for reading in said.values()),
        )

    def _list_splits(self, text: str, read: dict[str, "_Reading"]) -> Iterator["_Reading"]:
        """Yield readings as two messages, or as a name and a message."""
        for joint, mark in _JOINTS:
            place = text.find(joint)
            while place >= 0:
                end = place + len(joint)
                # A sentence keeps its full stop.
                before = text[: place + 1] if joint == _SENTENCE_END else text[:place]
                first, second = self._read(before, read), self._read(text[end:], read)
                if second.known or (first.known and joint == _SENTENCE_END):
                    between = mark if first.known else joint
                    if joint == _SENTENCE_END:
                        between = "" if _WIDE.search(first.text[-1:]) else " "
                    yield _Reading(
                        first.known + second.known,
                        first.text + between + second.text,
                        first.messages + second.messages,
                    )
                place = text.find(joint, end)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as it was understood: how many of its characters are those of how many messages."""

    known: int
    text: str
    messages: int = 0

    def rank(self) -> tuple[int, int]:
        """Return how good it is: the more it knows, and the fewer messages that takes."""
        return self.known, -self.messages
