"""Answers without a model: picks the paper's own sentences for each question.

No key, no network, and nothing in words that are not the paper's. BM25 ranks the sentences of the
sections where the answer to a field is usually found by the field's cues.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import bm25s
from bm25s.stopwords import STOPWORDS_EN_PLUS

from chatpaper.backends import Backend, BackendSettings
from chatpaper.backends.sentences import prose_sentences, split_sentences
from chatpaper.domain import Completion, Document, Field, Paper, Prompt
from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.scripts import contains_cjk

NAME = "extractive"

# Limits of length are set for Chinese; English says the same in about so many more characters.
LATIN_LENGTH_FACTOR = 2.5
# Each next kind of section in a field's list counts a little less than the one before.
NEXT_SOURCE_WEIGHT = 0.85
# The title's words stand in many sentences; they decide only between sentences with the same cues.
TITLE_WEIGHT = 0.2
POINTER_WEIGHT = 0.7
GLUE_WEIGHT = 0.4
# A term of the title or abstract that the paper comes back to.
MIN_OCCURRENCES_OF_TERM = 2
MAX_WORDS_OF_TERM = 3

_POINTER = re.compile(
    r"\b(?:Fig(?:ure|s)?|Tab(?:le)?|Eqs?|Equation|Algorithm|Section|Sec|Appendix)\b\.?\s*\(?\d",
    re.IGNORECASE,
)
# Signs of formulas, and the marks of footnotes that ran into the text.
_GLUE = re.compile(r"[=∗†‡§√∑∏∂∇·|]|(?<!\w)\d+[A-Z][a-z]")
_KEYWORD_LINE = re.compile(
    r"(?:key\s?words?(?: and phrases)?|index terms|关键词|关键字)\s*[:：—–.-]+\s*(?P<terms>[^\n]+)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    kind: str
    position: int
    score_factor: float


class ExtractiveBackend:
    """Quotes the paper."""

    name = NAME
    model = NAME
    writes = False

    def complete(self, prompt: Prompt) -> Completion:
        """The same JSON that a model would be asked for, in the paper's own sentences; never fails."""
        answer = _Reader(prompt.paper, prompt.document).answers(prompt.fields)
        return Completion(json.dumps(answer, ensure_ascii=False), model=NAME)


def create(settings: BackendSettings) -> Backend:
    """The backend; there is nothing to set."""
    return ExtractiveBackend()


def check(settings: BackendSettings) -> str:
    """It works wherever chatpaper is installed."""
    return "no model is used; posts quote the papers' own sentences"


class _Reader:
    """One paper and the ranking of its sentences, each of which goes to one field alone."""

    def __init__(self, paper: Paper, document: Document) -> None:
        self._paper, self._document = paper, document
        self._sentences = list(_sentences_of(paper, document))
        self._free = {fold_letters(sentence.text) for sentence in self._sentences}
        self._index = _index([sentence.text for sentence in self._sentences])
        self._known_scores: dict[str, Sequence[float]] = {}

    def answers(self, fields: Sequence[Field]) -> dict[str, object]:
        """What the paper says about each field, in the field's shape; empty where it says nothing.

        A paper does not say which class it belongs to or how it reads in another language: none of
        its sentences is passed off as that. The fields that must be answered choose first; the
        others get more than they must have only when each has had its turn.
        """
        quoting = [field for field in fields if _is_quoting(field)]
        quoting.sort(key=lambda field: (field.need != "must", field.kind != "text"))
        chosen: dict[str, list[_Sentence]] = {field.name: [] for field in quoting}
        for field in quoting:
            self._choose(field, self._ranked(field), chosen[field.name], max(field.min_items, 1))
        for field in quoting:
            saying = [
                sentence
                for sentence in self._ranked(field)
                if self._says_something(sentence, field)
            ]
            self._choose(field, saying, chosen[field.name], _most_sentences(field))
        return {field.name: self._answer(field, chosen.get(field.name, [])) for field in fields}

    def _choose(
        self, field: Field, ranked: Sequence[_Sentence], chosen: list[_Sentence], most: int
    ) -> None:
        """Add the best of the sentences that are free and fit, up to so many; the first may be
        longer than fits.
        """
        room = self._characters(field) - sum(len(sentence.text) for sentence in chosen)
        for sentence in ranked:
            if len(chosen) >= most:
                break
            key = fold_letters(sentence.text)
            if key in self._free and (not chosen or len(sentence.text) <= room):
                self._free.remove(key)
                chosen.append(sentence)
                room -= len(sentence.text)

    def _characters(self, field: Field) -> int:
        """How many characters the answer may have."""
        limit = field.max_items * field.max_characters
        return (
            limit if contains_cjk(self._document.abstract) else round(limit * LATIN_LENGTH_FACTOR)
        )

    def _answer(self, field: Field, chosen: Sequence[_Sentence]) -> object:
        if field.kind == "figures":
            return self._captions()[: field.max_items]
        if field.is_judgement or field.kind == "results":
            return field.no_answer
        if "title" in field.sources:
            return self._paper.title or self._document.title
        if "front_matter" in field.sources:
            return _lines_with(self._document.front_matter, field.cues)
        if "keywords" in field.sources:
            return _keywords(self._paper, self._document)[: field.max_items]
        texts = [
            sentence.text for sentence in sorted(chosen, key=lambda sentence: sentence.position)
        ]
        if field.kind == "text":
            return " ".join(texts)
        return texts if field.kind == "list" else [{"text": text, "quote": text} for text in texts]

    def _captions(self) -> list[dict[str, str]]:
        """The figures and tables, each with the first sentence of its caption."""
        sentences = (
            (figure.label, split_sentences(figure.caption)) for figure in self._document.figures
        )
        return [{"label": label, "text": texts[0]} for label, texts in sentences if texts]

    def _ranked(self, field: Field) -> list[_Sentence]:
        """The sentences of the sections that fit the field, or of all where there are none such;
        the best first.

        Those without any of its words say nothing of it; without an answer to some fields there is
        no post at all.
        """
        fitting = [
            sentence for sentence in self._sentences if sentence.kind in field.sources
        ] or self._sentences
        if not fitting:
            return []
        by_cues, by_title = self._scores(" ".join(field.cues)), self._scores(self._paper.title)

        def merit(sentence: _Sentence) -> float:
            score = by_cues[sentence.position] + TITLE_WEIGHT * by_title[sentence.position]
            rank = (
                field.sources.index(sentence.kind)
                if sentence.kind in field.sources
                else len(field.sources)
            )
            return score * sentence.score_factor * NEXT_SOURCE_WEIGHT**rank

        saying = [
            each for each in fitting if field.need == "must" or self._says_something(each, field)
        ]
        return sorted(saying, key=lambda sentence: (-merit(sentence), sentence.position))

    def _says_something(self, sentence: _Sentence, field: Field) -> bool:
        """Whether a sentence has one of the words of a field, or stands where nothing but the
        answer to it does.

        That is the first kind of section that the field names; an abstract says something of
        everything.
        """
        is_at_home = sentence.kind == field.sources[0] != "abstract"
        return is_at_home or self._scores(" ".join(field.cues))[sentence.position] > 0

    def _scores(self, words: str) -> Sequence[float]:
        """How well each sentence fits the words; a title may hold no term to look for."""
        if words not in self._known_scores:
            terms = _terms(words)
            found = self._index.get_scores(terms) if terms else [0.0] * len(self._sentences)
            self._known_scores[words] = [float(score) for score in found]
        return self._known_scores[words]


def _is_quoting(field: Field) -> bool:
    """Whether the answer is made of sentences of the paper's prose."""
    of_another_kind = {"judgement", "title", "front_matter", "keywords"} & set(field.sources)
    return field.kind in ("text", "list", "claims") and not of_another_kind


def _most_sentences(field: Field) -> int:
    """How many sentences an answer may have; those of a text are bounded by its length alone."""
    return sys.maxsize if field.kind == "text" else field.max_items


def _sentences_of(paper: Paper, document: Document) -> Iterable[_Sentence]:
    """The sentences that may be quoted: the abstract's, which posts give in full, only where there
    are no others.
    """
    kinds = prose_sentences(paper, document)
    body = {text: kind for text, kind in kinds.items() if kind != "abstract"}
    for position, (text, kind) in enumerate((body or kinds).items()):
        yield _Sentence(text, kind, position, _score_factor(text))


def _score_factor(text: str) -> float:
    """A pointer to a figure or an equation says little without it; what ran into a formula reads
    badly.
    """
    return POINTER_WEIGHT ** len(_POINTER.findall(text)) * GLUE_WEIGHT ** len(_GLUE.findall(text))


def _terms(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in STOPWORDS_EN_PLUS]


def _index(texts: Sequence[str]) -> bm25s.BM25:
    index = bm25s.BM25()
    if texts:
        index.index([_terms(text) or [""] for text in texts], show_progress=False)
    return index


def _lines_with(text: str, cues: Sequence[str]) -> str:
    """The lines that have one of the words in them."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return ", ".join(
        dict.fromkeys(line for line in lines if any(cue in line.casefold() for cue in cues))
    )


def _keywords(paper: Paper, document: Document) -> list[str]:
    """The paper's own keywords, else the terms of its title and abstract that it comes back to
    most.
    """
    head = "\n".join(
        [
            document.front_matter,
            document.abstract,
            *(section.text for section in document.sections[:1]),
        ]
    )
    stated = _KEYWORD_LINE.search(head)
    if stated:
        return [
            term.strip(" .")
            for term in re.split(r"[,;；，、·•]", stated["terms"])
            if term.strip(" .")
        ]
    body = Counter(
        _ngrams(" ".join(section.text for section in document.sections) or document.abstract)
    )
    candidates = dict.fromkeys(
        [*_ngrams(paper.title), *_ngrams(document.abstract or paper.abstract)]
    )
    frequent = [term for term in candidates if body[term] >= MIN_OCCURRENCES_OF_TERM] or _ngrams(
        paper.title
    )
    return _without_parts(sorted(frequent, key=lambda term: -body[term] * len(term.split())))


def _ngrams(text: str) -> list[str]:
    """Runs of two and three words that stand together without a stop word or a comma between them."""
    found = []
    for clause in re.split(r"[^\w\s-]+", text.casefold()):
        words = clause.split()
        for size in range(2, MAX_WORDS_OF_TERM + 1):
            runs = (words[start : start + size] for start in range(len(words) - size + 1))
            found += [" ".join(run) for run in runs if len(_terms(" ".join(run))) == size]
    return found


def _without_parts(terms: Sequence[str]) -> list[str]:
    """The terms that share no word with a better one."""
    kept: list[str] = []
    for term in terms:
        if not any(set(term.split()) & set(other.split()) for other in kept):
            kept.append(term)
    return kept
