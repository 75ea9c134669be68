"""Sentences, titles and captions that mean nothing but look like those of papers."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

LANGUAGES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("prose.toml").read_text("utf-8"))
# What may stand in a sentence beside words. Sentences with such marks are no part of the truth of
# the text, since they may rightly be read in several ways.
FORMULAS = (
    r"$x_{i}=\alpha y^{2}$",
    r"$\sum_{k=1}^{n} w_k$",
    r"$p(\theta \mid x)$",
    r"$\lambda > 0.05$",
    r"$\mathcal{O}(n\log n)$",
)
FORMULA_SHARE = 0.12
CITATION_SHARE = 0.2


@dataclass
class Prose:
    """A writer in one language, who never writes a sentence twice."""

    random: Random
    language: str
    sentences: list[str] = field(default_factory=list)

    def make(self, kind: str) -> str:
        """Fill in a pattern of the given kind."""
        patterns = LANGUAGES[self.language][kind]
        return self.fill_pattern(
            patterns if isinstance(patterns, str) else self.random.choice(patterns)
        )

    def fill_pattern(self, pattern: str) -> str:
        """Replace names of lists in braces by words of these lists."""
        return re.sub(r"\{(\w+)\}", self._pick_word, pattern)

    def _pick_word(self, slot: re.Match[str]) -> str:
        word: str = self.random.choice(LANGUAGES[self.language][slot[1].lower()])
        return word.title() if slot[1][0].isupper() else word

    def make_caption(self, sentences: int) -> str:
        """Write a caption of so many sentences, the first a phrase."""
        stop, space = LANGUAGES[self.language]["stop"], LANGUAGES[self.language]["space"]
        phrase = self.make("caption")
        phrase = phrase[:1].upper() + phrase[1:].lower() if self.language == "en" else phrase
        return space.join(text + stop for text in (phrase, *self._make_sentences(sentences - 1)))

    def _make_sentences(self, count: int) -> list[str]:
        return [self.make("sentence") for _ in range(count)]

    def make_plain_paragraph(self, sentences: int) -> str:
        """Write a paragraph of words alone, whose sentences are not noted."""
        language = LANGUAGES[self.language]
        space: str = language["space"]
        return space.join(self._make_new_sentence() + language["stop"] for _ in range(sentences))

    def make_paragraph(self, sentences: int, asides: Sequence[str] = ()) -> str:
        """Write a paragraph; `asides` are citations, references and notes to strew in.

        Sentences without such marks are noted in `sentences`.
        """
        language = LANGUAGES[self.language]
        texts = []
        for _ in range(sentences):
            text = self._make_new_sentence()
            chance = self.random.random()
            if chance < FORMULA_SHARE:
                text = f"{text}{language['space']}{self.random.choice(FORMULAS)}"
            elif asides and chance < FORMULA_SHARE + CITATION_SHARE:
                text = f"{text}{language['space']}{self.random.choice(asides)}"
            else:
                self.sentences.append(text)
            texts.append(text + language["stop"])
        return (language["space"] or "").join(texts)

    def _make_new_sentence(self) -> str:
        while True:
            text = self.make("sentence")
            text = text[:1].upper() + text[1:]
            if text not in self.sentences:
                return text
