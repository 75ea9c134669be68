"""A summary in which each statement, number, name and quotation is a link to its evidence.

The posts' own templates write the text. Before they do, each claim is put between two characters
that occur in no text and that nothing escapes; afterwards these become links.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from html import escape
from typing import Literal

from chatpaper.domain import (
    AnswerItem,
    Claim,
    Document,
    FieldAnswer,
    Paper,
    Post,
    PostEntry,
    Result,
    map_texts,
)
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.quotes.quote_search import Place
from chatpaper.summarize.verify.statements import CHOSEN, Statement
from chatpaper.summarize.verify.verifier import Verifier
from chatpaper.write.formats import PostFormat
from chatpaper.write.markup.spans import MATHS
from chatpaper.write.render import PostStyle, render_post
from chatpaper.write.views.display import display_entry

AnnotationKind = Literal["supported", "elsewhere", "missing"]
# How a mark reads where colour is not seen.
SIGNS: Mapping[AnnotationKind, str] = {"supported": "✓", "elsewhere": "≈", "missing": "✗"}

# Unicode's private use area: an opening sign, one that is the number of the claim, and a closing
# sign.
_OPEN, _CLOSE, _FIRST_NUMBER = "\ue000", "\ue001", 0xE100
_MAX_ANNOTATIONS = 0xF8FF - _FIRST_NUMBER
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_MARKED = re.compile(r"(!?)\ue000([\ue100-\uf8ff])(.*?)\ue001", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ClaimAnnotation:
    """A claim and what the paper says of it.

    `places` are all places where the paper has it, the one that the claim is about first.
    """

    kind: AnnotationKind
    claim: CheckedClaim
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceLinks:
    """Where the evidence of annotations is found, and what their signs mean to a reader.

    `labels` says in words, for people who do not see the signs, what each kind means.
    """

    url: str
    labels: Mapping[AnnotationKind, str]

    def locate(self, number: int, kind: AnnotationKind) -> str:
        """Return the address of the evidence of an annotation."""
        return f"{self.url}/{number}#{kind}"

    def render_sign(self, kind: AnnotationKind) -> str:
        """Render the sign of a kind for eyes, and its meaning for ears, as HTML."""
        return (
            f'<span class="sign" aria-hidden="true">{SIGNS[kind]}</span>'
            f'<span class="unseen"> ({escape(self.labels[kind])})</span>'
        )


class AnnotatedSummary:
    """The summary of an entry with its claims looked up in the document.

    `is_checked` says whether they could be: of a paper that is no longer at hand only the
    quotations that were checked when it was summarized are annotated.
    """

    def __init__(self, entry: PostEntry, document: Document, paper: Paper) -> None:
        self.is_checked = bool(document.sections) or entry.abstract_only is not None
        self._verifier = Verifier(document, paper)
        self._document = document
        self._annotations: list[ClaimAnnotation] = []
        cleaned = replace(
            entry,
            summary=replace(
                entry.summary, answers=_remove_private_characters(entry.summary.answers)
            ),
        )
        shown = display_entry(cleaned)
        # A text of the paper itself is no claim about it, and figures are shown apart.
        answers = {
            name: answer if name in CHOSEN else self._mark_answer(answer)
            for name, answer in shown.summary.answers.items()
        }
        self._entry = replace(
            cleaned,
            summary=replace(entry.summary, answers=answers),
            document=replace(entry.document, figures=()),
        )

    @property
    def annotations(self) -> tuple[ClaimAnnotation, ...]:
        """All annotations; the text refers to them by their index."""
        return tuple(self._annotations)

    def count(self, kind: AnnotationKind) -> int:
        """Count the annotations of a kind."""
        return sum(annotation.kind == kind for annotation in self._annotations)

    def to_markdown(
        self, post_format: PostFormat, style: PostStyle, day: date, links: "EvidenceLinks"
    ) -> str:
        """Render a format, with each annotation as a link to its evidence."""
        answered = replace(
            self._entry, summary=self._entry.summary.select_fields(post_format.kept_fields)
        )
        post = Post(day, None, (answered,))
        text = render_post(post, post_format, style, {answered.paper.arxiv_id: ""})
        return self._link(_FRONT_MATTER.sub("", text), links)

    def _link(self, text: str, links: "EvidenceLinks") -> str:
        def link(match: re.Match[str]) -> str:
            number = ord(match[2]) - _FIRST_NUMBER
            words = match[3].replace("[", "&#91;").replace("]", "&#93;")
            if number >= len(self._annotations):
                return match[1] + words
            kind = self._annotations[number].kind
            # An exclamation mark before a link would make an image of it.
            before = "&#33;" if match[1] else ""
            return f"{before}[{words}{links.render_sign(kind)}]({links.locate(number, kind)})"

        return _PRIVATE.sub("", _MARKED.sub(link, text))

    def _mark_answer(self, answer: FieldAnswer) -> FieldAnswer:
        if isinstance(answer, str):
            return self._mark_text(answer)
        return tuple(map(self._mark_item, answer))

    def _mark_item(self, item: AnswerItem) -> AnswerItem:
        if isinstance(item, Claim):
            return replace(item, text=self._mark_claim(item))
        if isinstance(item, Result):
            return item.map_cells(self._mark_text)
        return self._mark_text(item)

    def _mark_claim(self, item: Claim) -> str:
        """Mark a statement, with its evidence at the end: a quotation, or its figure."""
        text = self._mark_text(item.text, item.quote)
        if not item.text or (item.marks_itself and not item.page):
            return text
        if item.page and (not item.quote or not self.is_checked):
            words = item.quote or next(
                (each.caption for each in self._document.figures if each.label == item.section),
                item.section,
            )
            claim = CheckedClaim("quote", item.section, 1, True, item.page, item.section, words)
            proof = ClaimAnnotation("supported", claim, (Place(item.page, item.section, words),))
        elif not self.is_checked:
            return text
        else:
            claim = self._verifier.check(Statement("", 1, item.quote or item.text))[-1]
            proof = _annotate(claim, self._verifier)
        return f"{text} {self._delimit(proof, '')}"

    def _mark_text(self, text: str, quote: str = "") -> str:
        """Mark the numbers, names and quotations of a text."""
        if not self.is_checked:
            return text
        taken = [match.span() for match in MATHS.finditer(text)]
        inserted: list[tuple[int, int, ClaimAnnotation]] = []
        claims = self._verifier.check(Statement(text, 1, quote))
        for claim in (
            claims[:-1] if quote else claims
        ):  # the last is the proof, which has a mark of its own
            place = _find_free_span(text, claim.value, taken)
            if place is not None:
                taken.append(place)
                inserted.append((*place, _annotate(claim, self._verifier)))
        parts, end = [], 0
        for start, stop, mark in sorted(inserted, key=lambda each: each[0]):
            parts += [text[end:start], self._delimit(mark, text[start:stop])]
            end = stop
        return "".join([*parts, text[end:]])

    def _delimit(self, annotation: ClaimAnnotation, words: str) -> str:
        if len(self._annotations) >= _MAX_ANNOTATIONS:
            return words
        self._annotations.append(annotation)
        return f"{_OPEN}{chr(_FIRST_NUMBER + len(self._annotations) - 1)}{words}{_CLOSE}"


def annotate_text(
    claims: Sequence[CheckedClaim], verifier: Verifier
) -> tuple[ClaimAnnotation, ...]:
    """Annotate the claims of any text about the paper, in their order."""
    return tuple(_annotate(claim, verifier) for claim in claims)


def _annotate(claim: CheckedClaim, verifier: Verifier) -> ClaimAnnotation:
    kind: AnnotationKind = "missing"
    if claim.supported:
        kind = "supported"
    elif claim.page:
        kind = "elsewhere"
    return ClaimAnnotation(kind, claim, verifier.places(claim))


def _find_free_span(
    text: str, value: str, taken: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """Find the first occurrence of a value that overlaps none of the spans that are taken."""
    for start in _find_all(text, value):
        stop = start + len(value)
        if all(stop <= first or start >= last for first, last in taken):
            return start, stop
    return None


def _find_all(text: str, value: str) -> Iterator[int]:
    start = text.find(value) if value else -1
    while start >= 0:
        yield start
        start = text.find(value, start + 1)


def _remove_private_characters(answers: Mapping[str, FieldAnswer]) -> dict[str, FieldAnswer]:
    """Remove the characters that delimit annotations from answers."""
    return {name: map_texts(answer, partial(_PRIVATE.sub, "")) for name, answer in answers.items()}
