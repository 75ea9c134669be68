"""Phrases that no summary of a paper has a reason for.

The table beside this module lists them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.tables import load_table
from chatpaper.summarize.quality.sentences import mask_sentences, without_quotations

Kind = Literal["refusal", "greeting", "closing", "placeholder", "prompt", "planted"]

# Greetings come one after another: "Sure! Here is the summary:".
MAX_GREETINGS = 4

# "www.a" may stand anywhere in a paper by chance.
MIN_LETTERS_OF_ADDRESS = 8

_PAPERS_KEPT = 16


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row of the table: a pattern for one sentence.

    `behind` is what a paper has that says so for a reason.
    """

    kind: Kind
    pattern: re.Pattern[str]
    behind: re.Pattern[str] | None
    quoted: bool
    matches: tuple[str, ...]
    spares: tuple[str, ...]

    def found_in(self, sentence: str, masked: str) -> str:
        """Return the words of a sentence that are such a phrase, or nothing."""
        searched = sentence if self.quoted else masked
        # A sentence may follow a space, and an anchored pattern shall find it.
        match = self.pattern.search(searched.lstrip())
        return match[0].strip() if match else ""

    def is_said_by(self, paper_text: str, words: str) -> bool:
        """Tell whether the paper speaks of such a thing, or has these very words."""
        if (
            self.behind and self.behind.search(paper_text)
        ) or words.casefold() in paper_text.casefold():
            return True
        # PDFs break addresses at the end of a line and have other signs for "~" and "-".
        letters = fold_letters(words) if self.kind == "planted" else ""
        return len(letters) >= MIN_LETTERS_OF_ADDRESS and letters in _letters_of(paper_text)


class _Row(BaseModel):
    """A row as it stands in the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    pattern: str
    behind: str = ""
    quoted: bool = False
    matches: tuple[str, ...]
    spares: tuple[str, ...]


@cache
def load_phrases() -> tuple[Phrase, ...]:
    """Return all rows of the table."""
    table = load_table(__package__, "phrases.toml", dict[Literal["phrase"], tuple[_Row, ...]])
    return tuple(
        Phrase(
            kind=row.kind,
            pattern=re.compile(row.pattern, re.IGNORECASE),
            behind=re.compile(row.behind, re.IGNORECASE | re.DOTALL) if row.behind else None,
            quoted=row.quoted,
            matches=row.matches,
            spares=row.spares,
        )
        for row in table["phrase"]
    )


def find_phrases(text: str, *kinds: Kind) -> Iterator[str]:
    """Yield the words of the text that are phrases of these kinds, in any of its sentences."""
    wanted = [phrase for phrase in load_phrases() if phrase.kind in kinds]
    for sentence, masked in mask_sentences(text):
        yield from filter(None, (phrase.found_in(sentence, masked) for phrase in wanted))


def without_sentences_of(text: str, kind: Kind, paper_text: str) -> str:
    """Return the text without the sentences that have a phrase of the kind.

    Those that the paper stands behind stay.
    """
    wanted = [phrase for phrase in load_phrases() if phrase.kind == kind]

    def is_fit(sentence: str, masked: str) -> bool:
        found = ((phrase, phrase.found_in(sentence, masked)) for phrase in wanted)
        return all(not words or phrase.is_said_by(paper_text, words) for phrase, words in found)

    return _kept(text, is_fit)


def without_chatter(text: str) -> str:
    """Return the text without greetings at its beginning and closing words at its end."""
    for _ in range(MAX_GREETINGS):
        cut = _greeting_end(text)
        if not cut:
            break
        text = text[cut:].lstrip()
    sentences = mask_sentences(text)
    closings = [phrase for phrase in load_phrases() if phrase.kind == "closing"]
    while len(sentences) > 1 and any(phrase.found_in(*sentences[-1]) for phrase in closings):
        sentences.pop()
    return "".join(sentence for sentence, _ in sentences).strip()


def _greeting_end(text: str) -> int:
    masked = without_quotations(text)
    greetings = (
        phrase.pattern.match(masked) for phrase in load_phrases() if phrase.kind == "greeting"
    )
    return max((match.end() for match in greetings if match), default=0)


def _kept(text: str, is_fit: Callable[[str, str], bool]) -> str:
    sentences = mask_sentences(text)
    kept = [sentence for sentence, masked in sentences if is_fit(sentence, masked)]
    return text if len(kept) == len(sentences) else "".join(kept).strip()


@lru_cache(_PAPERS_KEPT)
def _letters_of(paper_text: str) -> str:
    return fold_letters(paper_text)
