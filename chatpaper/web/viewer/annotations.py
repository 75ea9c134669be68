"""A summary with a mark at each statement, number, name and quotation: how the paper stands to it.

The posts' own templates write the text. Before they do, each claim is put between two signs that
stand in no text and that nothing escapes; afterwards these become links to the evidence.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
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
from chatpaper.summarize.verify.quotes.quote_search import Place
from chatpaper.summarize.verify.statements import CHOSEN, Statement
from chatpaper.summarize.verify.verifier import CheckedClaim, Verifier
from chatpaper.write.display import shown_entry
from chatpaper.write.formats import PostFormat
from chatpaper.write.markup.spans import MATHS
from chatpaper.write.render import PostStyle, render_post

MarkKind = Literal["supported", "elsewhere", "missing"]
# How a mark reads where colour is not seen.
SIGNS: Mapping[MarkKind, str] = {"supported": "✓", "elsewhere": "≈", "missing": "✗"}

# Unicode's private use area: an opening sign, one that is the number of the claim, and a closing
# sign.
_OPEN, _CLOSE, _FIRST_NUMBER = "\ue000", "\ue001", 0xE100
_MOST_MARKS = 0xF8FF - _FIRST_NUMBER
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_MARKED = re.compile(r"(!?)\ue000([\ue100-\uf8ff])(.*?)\ue001", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mark:
    """A claim and how the paper stands to it; `places` are all where the paper has it, that of the
    claim first.
    """

    kind: MarkKind
    claim: CheckedClaim
    places: tuple[Place, ...] = ()


class MarkedSummary:
    """The summary of an entry with its claims looked up in the document."""

    def __init__(self, entry: PostEntry, document: Document, paper: Paper) -> None:
        self._verifier = Verifier(document, paper)
        self._document = document
        self._marks: list[Mark] = []
        cleaned = replace(
            entry, summary=replace(entry.summary, answers=_without_signs(entry.summary.answers))
        )
        shown = shown_entry(cleaned)
        # A text of the paper itself is no claim about it, and figures are shown apart.
        answers = {
            name: answer if name in CHOSEN else self._marked(answer)
            for name, answer in shown.summary.answers.items()
        }
        self._entry = replace(
            cleaned,
            summary=replace(entry.summary, answers=answers),
            document=replace(entry.document, figures=()),
        )

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks; the text names them by their place here."""
        return tuple(self._marks)

    def count(self, kind: MarkKind) -> int:
        """How many marks are of a kind."""
        return sum(mark.kind == kind for mark in self._marks)

    def markdown(
        self, post_format: PostFormat, style: PostStyle, day: date, evidence_url: str
    ) -> str:
        """The text of the format's template, where each mark is a link to
        `{evidence_url}/{number}`.
        """
        answered = replace(
            self._entry, summary=self._entry.summary.select_fields(post_format.kept_fields)
        )
        post = Post(day, None, (answered,))
        text = render_post(post, post_format, style, {answered.paper.arxiv_id: ""})
        return self._linked(_FRONT_MATTER.sub("", text), evidence_url)

    def _linked(self, text: str, evidence_url: str) -> str:
        def link(match: re.Match[str]) -> str:
            number = ord(match[2]) - _FIRST_NUMBER
            words = match[3].replace("[", "&#91;").replace("]", "&#93;")
            if number >= len(self._marks):
                return match[1] + words
            kind = self._marks[number].kind
            # An exclamation mark before a link would make an image of it.
            before = "&#33;" if match[1] else ""
            return f"{before}[{words}{SIGNS[kind]}]({evidence_url}/{number}#{kind})"

        return _PRIVATE.sub("", _MARKED.sub(link, text))

    def _marked(self, answer: FieldAnswer) -> FieldAnswer:
        if isinstance(answer, str):
            return self._marked_text(answer)
        return tuple(map(self._marked_item, answer))

    def _marked_item(self, item: AnswerItem) -> AnswerItem:
        if isinstance(item, Claim):
            return replace(item, text=self._marked_claim(item))
        return (
            item.map_cells(self._marked_text)
            if isinstance(item, Result)
            else self._marked_text(item)
        )

    def _marked_claim(self, item: Claim) -> str:
        """A statement with the mark of its proof at its end: the quotation, or the figure that it
        speaks of.
        """
        text = self._marked_text(item.text, item.quote)
        if not item.text or (item.marks_itself and not item.page):
            return text
        if item.page and not item.quote:
            caption = next(
                (each.caption for each in self._document.figures if each.label == item.section), ""
            )
            claim = CheckedClaim("quote", item.section, 1, True, item.page, item.section, caption)
            proof = Mark(
                "supported", claim, (Place(item.page, item.section, caption or item.section),)
            )
        else:
            claim = self._verifier.check(Statement("", 1, item.quote or item.text))[-1]
            proof = self._mark_of(claim)
        return f"{text} {self._token(proof, '')}"

    def _marked_text(self, text: str, quote: str = "") -> str:
        """The text with its numbers, names and quotations marked where they stand."""
        taken = [match.span() for match in MATHS.finditer(text)]
        inserted: list[tuple[int, int, Mark]] = []
        claims = self._verifier.check(Statement(text, 1, quote))
        for claim in (
            claims[:-1] if quote else claims
        ):  # the last is the proof, which has a mark of its own
            place = _free_place(text, claim.value, taken)
            if place is not None:
                taken.append(place)
                inserted.append((*place, self._mark_of(claim)))
        parts, end = [], 0
        for start, stop, mark in sorted(inserted, key=lambda each: each[0]):
            parts += [text[end:start], self._token(mark, text[start:stop])]
            end = stop
        return "".join([*parts, text[end:]])

    def _mark_of(self, claim: CheckedClaim) -> Mark:
        kind: MarkKind = (
            "supported" if claim.supported else "elsewhere" if claim.page else "missing"
        )
        return Mark(kind, claim, self._verifier.places(claim))

    def _token(self, mark: Mark, words: str) -> str:
        if len(self._marks) >= _MOST_MARKS:
            return words
        self._marks.append(mark)
        return f"{_OPEN}{chr(_FIRST_NUMBER + len(self._marks) - 1)}{words}{_CLOSE}"


def marks_of_text(claims: Sequence[CheckedClaim], verifier: Verifier) -> tuple[Mark, ...]:
    """The claims of any text about the paper as marks, in their order."""
    return tuple(
        Mark(
            "supported" if claim.supported else "elsewhere" if claim.page else "missing",
            claim,
            places,
        )
        for claim, places in ((claim, verifier.places(claim)) for claim in claims)
    )


def _free_place(text: str, value: str, taken: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Where a claim stands in a text, outside of what is taken."""
    for start in _places(text, value):
        stop = start + len(value)
        if all(stop <= first or start >= last for first, last in taken):
            return start, stop
    return None


def _places(text: str, value: str) -> Iterator[int]:
    start = text.find(value) if value else -1
    while start >= 0:
        yield start
        start = text.find(value, start + 1)


def _without_signs(answers: Mapping[str, FieldAnswer]) -> dict[str, FieldAnswer]:
    """Answers that hold none of the signs that are put in here."""
    return {name: map_texts(answer, partial(_PRIVATE.sub, "")) for name, answer in answers.items()}
