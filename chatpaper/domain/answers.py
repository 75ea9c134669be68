"""What a model is asked and answers, and what that takes."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from chatpaper.domain.documents import Instruction
from chatpaper.domain.verdicts import Verification

# What stands in the place of backend and model where no model is asked: the answers are the paper's
# own sentences. It is a value of the setting `llm.backend`.
EXTRACTIVE = "extractive"

# The backend whose answers people wrote, about the invented papers of `chatpaper demo`.
DEMO = "demo"

# The letters of a language: Chinese, Japanese, or any other.
Script = Literal["han", "kana", "latin"]

FieldKind = Literal["text", "list", "claims", "choice", "choices", "figures", "results"]

# What is done about a field without a usable answer: without a "must" there is no summary; in place
# of a "should" the post says that something is lacking; for a "may" it has something else to show,
# so that no call is made for it alone.
FieldNeed = Literal["must", "should", "may"]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that the model is asked for.

    `text` is a string, `list` an array of strings, `claims` an array of statements each with a
    verbatim quote from the paper, `figures` an array of statements each about a figure or table
    that it names by its label, `results` an array of measured results (`Result`). `choice` is one
    value of `vocabulary`, whose last value stands for none of the others, and `choices` an array of
    its values. `sources` names the kinds of section where the answer is usually found ("abstract",
    "method" …), or "judgement" where no sentence of the paper can be the answer. A field that
    `translates` says in the language of the post what the paper says in its own, and has nothing to
    say where they are the same.
    """

    name: str
    kind: FieldKind
    question: str
    min_items: int = 1
    max_items: int = 1
    max_characters: int = 400
    written_in: Literal["target", "paper"] = "target"
    sources: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    need: FieldNeed = "should"
    translates: bool = False

    @property
    def is_judgement(self) -> bool:
        """Whether the answer is nothing that the paper says of itself."""
        return "judgement" in self.sources

    @property
    def no_answer(self) -> "FieldAnswer":
        """What stands for an answer that a paper or a model did not give."""
        if self.kind == "choice":
            return self.vocabulary[-1]
        return "" if self.kind == "text" else ()


@dataclass(frozen=True, slots=True)
class PromptSource:
    """What a backend and those that watch it may need of the paper that a prompt is about.

    Calls are booked on `paper_id`. Servers that bind answers bind quotes to the sentences of
    `passages` (the paper's running text), labels to `labels`, and names to the `title`; `is_cjk`
    says that the paper is in Chinese, Japanese or Korean. `pages`, `sections` and `figures` count
    what the paper has, for people who wait.
    """

    paper_id: str
    title: str = ""
    passages: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    is_cjk: bool = False
    pages: int = 0
    sections: int = 0
    figures: int = 0


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a backend is given: the rendered text, and what the answer is bound to.

    `key` names the answer in the store; without one it is not kept. `script` is that of the answer;
    `overused_quotes` are those that a refused answer gave for several statements. A `follow_up`
    asks about an answer that is there: to repair it, to have it whole, or to have it judged.
    """

    system: str
    user: str
    schema: Mapping[str, object]
    fields: tuple[Field, ...]
    source: PromptSource
    max_output_tokens: int
    script: Script
    key: str = ""
    overused_quotes: tuple[str, ...] = ()
    follow_up: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """A raw answer. `output_tokens` counts thinking too, since that is what is billed.

    One that came in a batch (`batched`) costs less.
    """

    text: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cached_input_tokens: int = 0
    batched: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about the paper, the quote that the model gave for it, and where that was found.

    `page` is 0 and `section` empty where the quote was not found in the paper; what is published
    then has no quote. A statement about a figure or table has its label for a `section` and no
    quote. One that `marks_itself` has a mark in its text if it needs one; any other without a page,
    as earlier versions stored them, is marked by the post.
    """

    text: str
    quote: str = ""
    page: int = 0
    section: str = ""
    marks_itself: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """One measured result of a paper: a row of the table of results.

    `ours` is the value that the paper's own method reaches in `metric` on `data_set`, `baseline`
    the best value that it is compared with, of the method `baseline_name`; both are empty where the
    paper compares with nothing. `source` is the label of the table or figure that holds the values,
    and `page` its page, 0 where the paper has none so called.
    """

    task: str
    data_set: str
    metric: str
    ours: str
    baseline: str
    baseline_name: str
    source: str
    page: int = 0

    @property
    def statement(self) -> str:
        """What the row says, as one line that can be held against the paper.

        A sign between the cells parts the names that end one and begin the next.
        """
        measured = " · ".join(filter(None, (self.task, self.data_set, self.metric)))
        compared = " ".join(filter(None, (self.baseline_name, self.baseline)))
        return ", ".join(filter(None, (": ".join(filter(None, (measured, self.ours))), compared)))

    def map_cells(self, change: Callable[[str], str]) -> "Result":
        """Return the row with each of its cells changed; the label of its source stays as it is."""
        return Result(
            change(self.task),
            change(self.data_set),
            change(self.metric),
            change(self.ours),
            change(self.baseline),
            change(self.baseline_name),
            self.source,
            self.page,
        )


# The cells of a result that the model writes in its own words; `source` is a label of the paper's.
RESULT_CELLS = ("task", "data_set", "metric", "ours", "baseline", "baseline_name")

AnswerItem = str | Claim | Result
FieldAnswer = str | tuple[AnswerItem, ...]


def map_texts(answer: FieldAnswer, change: Callable[[str], str]) -> FieldAnswer:
    """Return the answer with each piece of its text changed.

    Quotes and sources stay as they are.
    """
    if isinstance(answer, str):
        return change(answer)
    return tuple(_changed_item(item, change) for item in answer)


def _changed_item(item: AnswerItem, change: Callable[[str], str]) -> AnswerItem:
    if isinstance(item, Claim):
        return replace(item, text=change(item.text))
    return item.map_cells(change) if isinstance(item, Result) else change(item)


def collect_texts(answer: FieldAnswer) -> tuple[str, ...]:
    """Return the pieces of text in an answer that the model wrote itself, one an item.

    Quotes are not among them.
    """
    return (answer,) if isinstance(answer, str) else tuple(map(format_item, answer))


def format_item(item: AnswerItem) -> str:
    """Return what the model wrote in an item of an answer; a result is written out in one line."""
    if isinstance(item, Claim):
        return item.text
    return item.statement if isinstance(item, Result) else item


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of the document the model was given.

    `sections_shortened` are those of which it was given the beginning; `tables_left_out` are the
    labels of tables whose rows it was not. `characters_garbled` counts those that the file gives no
    meaning, so that nobody but a reader of the page has them.
    """

    sections_read: tuple[str, ...] = ()
    sections_left_out: tuple[str, ...] = ()
    characters_read: int = 0
    characters_left_out: int = 0
    tables_left_out: tuple[str, ...] = ()
    characters_garbled: int = 0
    sections_shortened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckCounts:
    """How the numbers, names and quotations of a summary stand to the paper.

    `supported` counts those that the paper has where the sentence speaks of it, `elsewhere` those
    that it has in another place only. `left_out` counts sentences and items that were left out,
    because the second reader says that the paper contradicts them or because a paper that tries to
    instruct models gets no benefit of the doubt; `marked` those that bear a mark because they could
    not be verified, and `corrected` those that were put right.
    """

    supported: int = 0
    elsewhere: int = 0
    left_out: int = 0
    marked: int = 0
    corrected: int = 0

    @classmethod
    def total(cls, parts: Iterable[Self]) -> Self:
        """Add several counts up."""
        counts = [(p.supported, p.elsewhere, p.left_out, p.marked, p.corrected) for p in parts]
        return cls(*map(sum, zip(*counts, strict=True)))


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """How an answer came about.

    The fingerprint of all that shaped it, who gave it, and how it stands to the paper.

    `asked` is a digest of the model that was asked and of its parameters, without the prompts;
    records of earlier versions have none.
    """

    fingerprint: str
    backend: str
    model: str
    checks: CheckCounts = CheckCounts()
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """The checked answers, how each came about (`records`, by field), and what they cost."""

    answers: Mapping[str, FieldAnswer]
    language: str
    backend: str
    model: str
    prompt_fingerprint: str
    coverage: Coverage = Coverage()
    llm_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    warnings: tuple[str, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    checks: CheckCounts = CheckCounts()
    records: Mapping[str, FieldRecord] = field(default_factory=dict)
    verification: Verification = field(default_factory=Verification)

    def select_fields(self, names: Sequence[str]) -> "Summary":
        """Return the answers to these fields alone, as if no others had been asked for."""
        records = {name: self.records[name] for name in names if name in self.records}
        shaped_by = "\0".join(record.fingerprint for record in records.values())
        digest = hashlib.sha256(shaped_by.encode()).hexdigest()[: len(self.prompt_fingerprint)]
        return replace(
            self,
            answers={name: self.answers[name] for name in names if name in self.answers},
            records=records,
            checks=CheckCounts.total(record.checks for record in records.values())
            if records
            else self.checks,
            prompt_fingerprint=digest if records else self.prompt_fingerprint,
            verification=self.verification.select_fields(names),
        )

    def merge(self, later: "Summary") -> "Summary":
        """Return the answers of both, the later ones where both have one.

        Their calls, tokens and costs are added up. Answers in another language are dropped: a post
        is in one language.
        """
        if self.language != later.language:
            return later
        records = {**self.records, **later.records}
        costs = (self.cost_usd, later.cost_usd)
        return replace(
            later,
            answers={**self.answers, **later.answers},
            records=records,
            checks=CheckCounts.total(record.checks for record in records.values()),
            llm_calls=self.llm_calls + later.llm_calls,
            input_tokens=self.input_tokens + later.input_tokens,
            output_tokens=self.output_tokens + later.output_tokens,
            cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
            warnings=tuple(dict.fromkeys((*self.warnings, *later.warnings))),
            verification=self.verification.merge(later.verification, tuple(later.answers)),
        )


@dataclass(frozen=True, slots=True)
class TokenEstimate:
    """What a summary will take, before it is asked for.

    `cost_usd` is None where the model has no known price.
    """

    input_tokens: int
    output_tokens: int
    cost_usd: float | None = None

    @property
    def tokens(self) -> int:
        """The tokens sent and received."""
        return self.input_tokens + self.output_tokens

    def add(self, other: "TokenEstimate") -> "TokenEstimate":
        """Return the sum of both."""
        known = self.cost_usd is not None and other.cost_usd is not None
        return TokenEstimate(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            (self.cost_usd or 0.0) + (other.cost_usd or 0.0) if known else None,
        )


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used of models; `cost_usd` is None where one of the calls has no known price."""

    llm_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
