"""Answers fields with the paper's own sentences: no model, no key, no network, and no cost."""

from collections.abc import Sequence
from dataclasses import replace

from chatpaper.domain import (
    EXTRACTIVE,
    CheckCounts,
    Claim,
    Document,
    Field,
    FieldAnswer,
    Paper,
    Summary,
    TokenEstimate,
    map_texts,
)
from chatpaper.domain.text.prose import split_page_text
from chatpaper.summarize.context.prompt_injection import (
    as_evidence,
    clean_paper,
    find_hidden_commands,
    gives_commands,
)
from chatpaper.summarize.context.section_selection import select_text
from chatpaper.summarize.cost.prices import GEMINI_CONTEXT_TOKENS
from chatpaper.summarize.extractive.institutions import list_institutions
from chatpaper.summarize.extractive.sentence_picker import SentencePicker
from chatpaper.summarize.extractive.terms import list_keywords
from chatpaper.summarize.prompt_builder import PromptBuilder
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.characters import without_unseen
from chatpaper.summarize.questionnaire import Questionnaire
from chatpaper.summarize.verify.conclusions import Marks, conclude
from chatpaper.summarize.verify.names.figure_labels import locate_figures
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder

_WRITER = (EXTRACTIVE, EXTRACTIVE)

# Fields whose answers are no sentences of the paper's prose.
_OTHER_SOURCES = frozenset({"judgement", "title", "front_matter", "keywords"})
_PROSE_KINDS = ("text", "list", "claims")


class ExtractiveSummarizer:
    """Quotes the paper. May be shared by threads."""

    def __init__(
        self,
        prompts: Prompts,
        *,
        language: str = "zh",
        context_tokens: int | None = None,
        asked: tuple[str, ...] = _WRITER,
    ) -> None:
        """Prepare a summarizer for posts in `language`.

        `context_tokens` bounds what of a paper counts as read. `asked` names the model of the
        settings where this only stands in for it, so that the answers are kept as that model's.
        Raises ConfigError for a language without a prompt file.
        """
        chosen = prompts.language(language)
        self._questionnaire = Questionnaire(prompts, chosen, asked)
        self._prompts = PromptBuilder(prompts, chosen)
        self._context_tokens = context_tokens or GEMINI_CONTEXT_TOKENS

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        """Answer `fields` with sentences of the paper; empty where it has none.

        Raises ConfigError for an unknown field.
        """
        questionnaire = self._questionnaire
        language = questionnaire.language
        asked = questionnaire.fields(fields)
        answerable = questionnaire.answerable(asked, paper, document)
        evidence, own = as_evidence(document), clean_paper(paper)
        paper = replace(paper, abstract=paper.abstract or document.abstract)
        found = answer_fields(answerable, clean_paper(paper), evidence)
        quotes = QuoteFinder(evidence, own)
        marks = Marks(
            language.unsupported_mark, language.missing_mark, is_strict=gives_commands(document)
        )
        answers = {field.name: field.no_answer for field in asked}
        for field in answerable:
            located = _locate(field, found[field.name], evidence, quotes)
            answers[field.name] = conclude(field, located, (), {}, marks).answer
        room = self._prompts.room(answerable, paper, self._context_tokens)
        return Summary(
            answers=answers,
            language=language.code,
            backend=EXTRACTIVE,
            model=EXTRACTIVE,
            prompt_fingerprint=questionnaire.fingerprint(asked),
            coverage=select_text(document, max(0, room.text_tokens)).coverage,
            cost_usd=0.0,
            instructions=find_hidden_commands(document),
            records={
                field.name: questionnaire.record(field, _WRITER, CheckCounts()) for field in asked
            },
        )

    def missing(self, summary: Summary, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Name the fields that have to be answered again; see `Questionnaire.missing`."""
        return self._questionnaire.missing(summary, fields)

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        """Estimate nothing: no model is asked. Raises ConfigError for an unknown field."""
        self._questionnaire.fields(fields)
        return TokenEstimate(0, 0, 0.0)


def answer_fields(
    fields: Sequence[Field], paper: Paper, document: Document
) -> dict[str, FieldAnswer]:
    """Answer each field in its shape with what the paper says, empty where it says nothing.

    A paper does not say which class it belongs to or how it reads in another language: none of its
    sentences is passed off as that.
    """
    picked = SentencePicker(paper, document).pick([field for field in fields if _is_quoting(field)])
    return {
        field.name: map_texts(
            _answer(field, picked.get(field.name, []), paper, document), _without_unseen
        )
        for field in fields
    }


def _answer(field: Field, sentences: list[str], paper: Paper, document: Document) -> FieldAnswer:
    if field.kind == "figures":
        return _captions(document)[: field.max_items]
    if field.is_judgement or field.kind == "results":
        return field.no_answer
    if "title" in field.sources:
        return paper.title or document.title
    if "front_matter" in field.sources:
        return ", ".join(list_institutions(document.front_matter, field.cues))
    if "keywords" in field.sources:
        return tuple(list_keywords(paper, document)[: field.max_items])
    if field.kind == "text":
        return " ".join(sentences)
    if field.kind == "list":
        return tuple(sentences)
    return tuple(Claim(sentence, _without_unseen(sentence)) for sentence in sentences)


def _is_quoting(field: Field) -> bool:
    """Tell whether the answer is made of sentences of the paper's prose."""
    return field.kind in _PROSE_KINDS and _OTHER_SOURCES.isdisjoint(field.sources)


def _captions(document: Document) -> tuple[Claim, ...]:
    """Give each figure and table the first sentence of its caption."""
    captions = ((each.label, split_page_text(each.caption)) for each in document.figures)
    return tuple(
        Claim(sentences[0], section=_without_unseen(label))
        for label, sentences in captions
        if sentences
    )


def _without_unseen(text: str) -> str:
    return without_unseen(text).strip()


def _locate(
    field: Field, answer: FieldAnswer, document: Document, quotes: QuoteFinder
) -> FieldAnswer:
    """Give statements the pages of their quotes and figures; those about no known figure go."""
    claims = [item for item in answer if isinstance(item, Claim)]
    if field.kind == "figures":
        located = locate_figures(claims, document.figures)
        return tuple(claim for claim in located if claim.page)
    return quotes.locate(claims) if claims else answer
