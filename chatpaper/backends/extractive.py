"""Answers without a model: picks the paper's own sentences for each question.

No key, no network, and nothing in words that are not the paper's. BM25 ranks the sentences of the sections where
the answer to a field is usually found by the field's cues.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import bm25s
from bm25s.stopwords import STOPWORDS_EN_PLUS

from chatpaper.backends import Backend, BackendSettings
from chatpaper.backends.sentences import CJK_LETTER, prose_sentences, split_sentences
from chatpaper.domain import Completion, Document, Field, Paper, Prompt

NAME = "extractive"

# Limits of length are set for Chinese; English says the same in about so many more characters.
LATIN_LENGTH_FACTOR = 2.5
# Each next kind of section in a field's list counts a little less than the one before.
NEXT_SOURCE_WEIGHT = 0.85
# The title's words stand in many sentences; they decide only between sentences with the same cues.
TITLE_WEIGHT = 0.2
# A sentence that has been quoted for another field comes again only where there is nothing near as good.
QUOTED_BEFORE_WEIGHT = 0.3
POINTER_WEIGHT = 0.7
GLUE_WEIGHT = 0.4
# A term of the title or abstract that the paper comes back to.
MIN_OCCURRENCES_OF_TERM = 2
MAX_WORDS_OF_TERM = 3

_POINTER = re.compile(
    r"\b(?:Fig(?:ure|s)?|Tab(?:le)?|Eqs?|Equation|Algorithm|Section|Sec|Appendix)\b\.?\s*\(?\d", re.IGNORECASE
)
# Signs of formulas, and the marks of footnotes that ran into the text.
_GLUE = re.compile(r"[=∗†‡§√∑∏∂∇·|]|(?<!\w)\d+[A-Z][a-z]")
_KEYWORD_LINE = re.compile(
    r"(?:key\s?words?(?: and phrases)?|index terms|关键词|关键字)\s*[:：—–.-]+\s*(?P<terms>[^\n]+)", re.IGNORECASE
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
        reader = _Reader(prompt.paper, prompt.document)
        answer = {field.name: reader.answer(field) for field in prompt.fields}
        return Completion(json.dumps(answer, ensure_ascii=False), model=NAME)


def create(settings: BackendSettings) -> Backend:
    """The backend; there is nothing to set."""
    return ExtractiveBackend()


def check(settings: BackendSettings) -> str:
    """It works wherever chatpaper is installed."""
    return "no model is used; posts quote the papers' own sentences"


class _Reader:
    """One paper and the ranking of its sentences, with a memory of what has been quoted."""

    def __init__(self, paper: Paper, document: Document) -> None:
        self._paper, self._document = paper, document
        self._sentences = list(_sentences_of(paper, document))
        self._used: set[str] = set()
        self._index = _index([sentence.text for sentence in self._sentences])

    def answer(self, field: Field) -> object:
        """What the paper says about the field, in the field's shape; empty where it says nothing.

        A paper does not say which class it belongs to or how it reads in another language: none of its sentences is
        passed off as that.
        """
        if field.is_judgement:
            return field.no_answer
        if field.kind == "figures":
            return self._captions()[: field.max_items]
        if "title" in field.sources:
            return self._paper.title or self._document.title
        if "front_matter" in field.sources:
            return _lines_with(self._document.front_matter, field.cues)
        if "keywords" in field.sources:
            return _keywords(self._paper, self._document)[: field.max_items]
        if field.kind == "text":
            return " ".join(self._best(field, most=field.max_items, characters=field.max_characters))
        texts = self._best(field, most=field.max_items, characters=field.max_items * field.max_characters)
        return texts if field.kind == "list" else [{"text": text, "quote": text} for text in texts]

    def _captions(self) -> list[dict[str, str]]:
        """The figures and tables, each with the first sentence of its caption."""
        sentences = ((figure.label, split_sentences(figure.caption)) for figure in self._document.figures)
        return [{"label": label, "text": texts[0]} for label, texts in sentences if texts]

    def _best(self, field: Field, *, most: int, characters: int) -> list[str]:
        """The best sentences that fit, at least one, in reading order; what was quoted before comes alone."""
        room = characters if CJK_LETTER.search(self._document.abstract) else round(characters * LATIN_LENGTH_FACTOR)
        chosen: list[_Sentence] = []
        for sentence in self._ranked(field):
            if chosen and (len(sentence.text) > room or self._is_repetition(sentence, field)):
                continue
            chosen.append(sentence)
            room -= len(sentence.text)
            if field.kind != "text" and len(chosen) == most:
                break
        if field.kind != "claims":
            # Takeaways stand apart from the other fields: what proves them may be told again in its place.
            self._used |= {sentence.text for sentence in chosen}
        return [sentence.text for sentence in sorted(chosen, key=lambda sentence: sentence.position)]

    def _is_repetition(self, sentence: _Sentence, field: Field) -> bool:
        """Whether it has been quoted before; the steps of a method may be, since a list with gaps tells nothing."""
        return sentence.text in self._used and not (field.kind == "list" and sentence.kind in field.sources)

    def _ranked(self, field: Field) -> list[_Sentence]:
        """Sentences of the sections that fit the field, or of all where there are none, the best first."""
        fitting = [sentence for sentence in self._sentences if sentence.kind in field.sources] or self._sentences
        if not fitting:
            return []
        by_cues, by_title = self._scores(" ".join(field.cues)), self._scores(self._paper.title)

        def merit(sentence: _Sentence) -> float:
            score = by_cues[sentence.position] + TITLE_WEIGHT * by_title[sentence.position]
            rank = field.sources.index(sentence.kind) if sentence.kind in field.sources else len(field.sources)
            freshness = QUOTED_BEFORE_WEIGHT if sentence.text in self._used else 1.0
            return score * sentence.score_factor * freshness * NEXT_SOURCE_WEIGHT**rank

        return sorted(fitting, key=lambda sentence: (-merit(sentence), sentence.position))

    def _scores(self, words: str) -> Sequence[float]:
        """How well each sentence fits the words; a title may hold no term to look for."""
        terms = _terms(words)
        return [float(score) for score in self._index.get_scores(terms)] if terms else [0.0] * len(self._sentences)


def _sentences_of(paper: Paper, document: Document) -> Iterable[_Sentence]:
    for position, (text, kind) in enumerate(prose_sentences(paper, document).items()):
        yield _Sentence(text, kind, position, _score_factor(text))


def _score_factor(text: str) -> float:
    """A pointer to a figure or an equation says little without it; what ran into a formula reads badly."""
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
    return ", ".join(dict.fromkeys(line for line in lines if any(cue in line.casefold() for cue in cues)))


def _keywords(paper: Paper, document: Document) -> list[str]:
    """The paper's own keywords, else the terms of its title and abstract that it comes back to most."""
    head = "\n".join([document.front_matter, document.abstract, *(section.text for section in document.sections[:1])])
    stated = _KEYWORD_LINE.search(head)
    if stated:
        return [term.strip(" .") for term in re.split(r"[,;；，、·•]", stated["terms"]) if term.strip(" .")]
    body = Counter(_ngrams(" ".join(section.text for section in document.sections) or document.abstract))
    candidates = dict.fromkeys([*_ngrams(paper.title), *_ngrams(document.abstract or paper.abstract)])
    frequent = [term for term in candidates if body[term] >= MIN_OCCURRENCES_OF_TERM] or _ngrams(paper.title)
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
