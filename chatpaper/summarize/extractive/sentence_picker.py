"""Pick the sentences of a paper that answer each field.

They are ranked by BM25 over the words that such answers usually have.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import bm25s

from chatpaper.domain import Document, Field, Paper
from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.prose import find_quotable_sentences
from chatpaper.domain.text.scripts import contains_cjk
from chatpaper.domain.text.sentences import CLOSERS
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.context.prompt_source import list_running_texts
from chatpaper.summarize.extractive.terms import list_terms

# Limits of length are set for Chinese; English says the same in about so many more characters.
LATIN_LENGTH_FACTOR = 2.5
# Each next kind of section in a field's list counts a little less than the one before.
NEXT_SOURCE_WEIGHT = 0.85
# The title's words stand in many sentences; they decide only between sentences with the same cues.
TITLE_WEIGHT = 0.2
POINTER_WEIGHT = 0.7
REFERENCE_BACK_WEIGHT = 0.6
GLUE_WEIGHT = 0.4
# What others did tells of this paper only where earlier work is asked for.
OTHERS_WEIGHT = 0.3

# Fields with this word among their cues may be answered by a question; to others it says nothing.
QUESTION_CUE = "question"

_POINTER = re.compile(
    r"\b(?:Fig(?:ure|s)?|Tab(?:le)?|Eqs?|Equation|Algorithm|Section|Sec|Appendix)\b\.?\s*\(?\d",
    re.IGNORECASE,
)
_REFERENCE_BACK = re.compile(
    rf"\A(?:{load_word_tables(__name__).join('references_back')})(?![A-Za-z])"
)
# "[30] argue that ...", "Rowe [7], using ...", "Lee et al. (2016) show ...".
_WORK_OF_OTHERS = re.compile(
    r"\A(?:In )?(?:[A-Z][\w’'-]+(?: et al\.?| (?:and|&) [A-Z][\w’'-]+)?,? ?)?"
    r"(?:\[\d|\((?:19|20)\d\d)"
)
# Signs of formulas, and the marks of footnotes that ran into the text.
_GLUE = re.compile(r"[=∗†‡§√∑∏∂∇·|]|(?<!\w)\d+[A-Z][a-z]")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    kind: str
    position: int
    score_factor: float


class SentencePicker:
    """The sentences of one paper, each of which goes to one field alone."""

    def __init__(self, paper: Paper, document: Document) -> None:
        self._title = paper.title
        self._length_factor = 1.0 if contains_cjk(document.abstract) else LATIN_LENGTH_FACTOR
        self._sentences = list(_sentences_of(paper, document))
        self._free = {fold_letters(sentence.text) for sentence in self._sentences}
        self._index = _index([sentence.text for sentence in self._sentences])
        self._known_scores: dict[str, Sequence[float]] = {}

    def pick(self, fields: Sequence[Field]) -> dict[str, list[str]]:
        """Pick sentences for all `fields`, each in the order of the paper; none where it has none.

        The fields that must be answered choose first; the others get more than they must have only
        when each has had its turn.
        """
        ordered = sorted(fields, key=lambda field: (field.need != "must", field.kind != "text"))
        chosen: dict[str, list[_Sentence]] = {field.name: [] for field in ordered}
        for field in ordered:
            self._choose(field, self._ranked(field), chosen[field.name], max(field.min_items, 1))
        for field in ordered:
            relevant = [
                sentence for sentence in self._ranked(field) if self._is_relevant(sentence, field)
            ]
            self._choose(field, relevant, chosen[field.name], _max_sentences(field))
        return {
            name: [each.text for each in sorted(sentences, key=lambda each: each.position)]
            for name, sentences in chosen.items()
        }

    def _choose(
        self, field: Field, ranked: Sequence[_Sentence], chosen: list[_Sentence], most: int
    ) -> None:
        """Add the best of the sentences that are free and fit, up to `most`.

        The first may be longer than fits.
        """
        room = self._max_characters(field) - sum(len(sentence.text) for sentence in chosen)
        for sentence in ranked:
            if len(chosen) >= most:
                break
            key = fold_letters(sentence.text)
            if key in self._free and (not chosen or len(sentence.text) <= room):
                self._free.remove(key)
                chosen.append(sentence)
                room -= len(sentence.text)

    def _max_characters(self, field: Field) -> int:
        return round(field.max_items * field.max_characters * self._length_factor)

    def _ranked(self, field: Field) -> list[_Sentence]:
        """Rank the sentences of the sections that fit the field, or all where there are none such.

        Sentences without any of the field's words say nothing of it; only a field that must be
        answered takes them, since there is no post without it.
        """
        fitting = [
            sentence for sentence in self._sentences if sentence.kind in field.sources
        ] or self._sentences
        if not fitting:
            return []
        if QUESTION_CUE not in field.cues:
            fitting = [each for each in fitting if not _is_question(each.text)] or fitting
        by_cues, by_title = self._scores(" ".join(field.cues)), self._scores(self._title)

        def merit(sentence: _Sentence) -> float:
            score = by_cues[sentence.position] + TITLE_WEIGHT * by_title[sentence.position]
            rank = (
                field.sources.index(sentence.kind)
                if sentence.kind in field.sources
                else len(field.sources)
            )
            if "related" not in field.sources and _WORK_OF_OTHERS.match(sentence.text):
                score *= OTHERS_WEIGHT
            return score * sentence.score_factor * NEXT_SOURCE_WEIGHT**rank

        relevant = [
            each for each in fitting if field.need == "must" or self._is_relevant(each, field)
        ]
        return sorted(relevant, key=lambda sentence: (-merit(sentence), sentence.position))

    def _is_relevant(self, sentence: _Sentence, field: Field) -> bool:
        """Tell whether a sentence may answer a field.

        It has one of the words of the field, or stands in the first kind of section that the field
        names. An abstract says something of everything, so that standing there is no sign.
        """
        is_at_home = sentence.kind == field.sources[0] != "abstract"
        return is_at_home or self._scores(" ".join(field.cues))[sentence.position] > 0

    def _scores(self, words: str) -> Sequence[float]:
        """Score how well each sentence fits the words; a title may hold no term to look for."""
        if words not in self._known_scores:
            terms = list_terms(words)
            found = self._index.get_scores(terms) if terms else [0.0] * len(self._sentences)
            self._known_scores[words] = [float(score) for score in found]
        return self._known_scores[words]


def _is_question(text: str) -> bool:
    return text.rstrip(CLOSERS).endswith(("?", "？"))


def _max_sentences(field: Field) -> int:
    """Bound the sentences of an answer; those of a text are bounded by its length alone."""
    return sys.maxsize if field.kind == "text" else field.max_items


def _sentences_of(paper: Paper, document: Document) -> Iterable[_Sentence]:
    """List the sentences that may be quoted.

    Those of the abstract, which posts give in full, are among them only where there are no others.
    """
    kinds: dict[str, str] = {}
    for kind, passage in list_running_texts(paper, document):
        for text in find_quotable_sentences(passage):
            kinds.setdefault(text, kind)
    body = {text: kind for text, kind in kinds.items() if kind != "abstract"}
    for position, (text, kind) in enumerate((body or kinds).items()):
        yield _Sentence(text, kind, position, _score_factor(text))


def _score_factor(text: str) -> float:
    """Return the factor that lowers the score of a sentence that says little on its own.

    Such a sentence points to a figure or to the sentence before it, or ran into a formula.
    """
    return (
        POINTER_WEIGHT ** len(_POINTER.findall(text))
        * GLUE_WEIGHT ** len(_GLUE.findall(text))
        * REFERENCE_BACK_WEIGHT ** len(_REFERENCE_BACK.findall(text))
    )


def _index(texts: Sequence[str]) -> bm25s.BM25:
    index = bm25s.BM25()
    if texts:
        index.index([list_terms(text) or [""] for text in texts], show_progress=False)
    return index
