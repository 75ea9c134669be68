"""What the paper has to say to each statement of an answer, as data.

What becomes of them is decided elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import AnswerItem, Claim, Field, FieldAnswer, Result, format_item
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.quality.vocabulary import is_chosen
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.hints.comparison import Hint
from chatpaper.summarize.verify.names.printed_names import PrintedNames
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

# A translation is one piece: no sentence of it stands for itself.
WHOLE_TEXTS = ("title", "abstract_translation")

_TABLES = load_word_tables(__name__)
# Who works at an institution may stand in parentheses behind it.
_PRINTED_PART = re.compile(r"[^,，、;；()（）\s][^,，、;；()（）]*")
_AND_OTHERS = re.compile(rf"\s*(?:{_TABLES.join('and_others')})\Z")


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement of an answer, and what was found in the paper about it.

    `item` counts the items of a list from 0; a text is one item. `start` and `end` are the place of
    the statement in the text of its item. The statement has for a quote what the paper has of it,
    and none where the paper does not have it (`lacks_proof`). `label` names the figure or table
    that it is about, and `lacks_figure` says that there is none of that name. `hints` are what the
    words of its evidence tell against it.
    """

    field: str
    item: int
    start: int
    end: int
    statement: Statement
    claims: tuple[CheckedClaim, ...] = ()
    lacks_proof: bool = False
    lacks_figure: bool = False
    label: str = ""
    hints: tuple[Hint, ...] = ()

    @property
    def text(self) -> str:
        """Return the words of the statement."""
        return self.statement.text

    @property
    def faults(self) -> tuple[CheckedClaim, ...]:
        """Return the claims of the statement that cannot be verified.

        What stands nowhere in the paper is one. What stands in another part of it is one only where
        the statement says by its quotation which part it speaks of: a summary may well gather what
        the paper says in several places.
        """
        is_placed = bool(self.statement.quote)
        return tuple(
            c for c in self.claims if not c.supported and (is_placed or c.nearness == "nowhere")
        )

    @property
    def is_doubtful(self) -> bool:
        """Tell whether words alone are enough to say that the statement is not verified.

        A quote that was not found is not: it may be worded a little differently or stand where
        nothing could be read.
        """
        return bool(self.faults) or self.lacks_figure or any(hint.is_certain for hint in self.hints)


def collect_findings(
    field: Field, answer: FieldAnswer, verifier: Verifier, printed: PrintedNames | None = None
) -> tuple[Finding, ...]:
    """Return the findings about an answer, in its order.

    Of choices from a vocabulary the names alone are looked for: a number in them counts nothing.
    What is to be as printed is held part by part against the `printed` names of the paper.
    """
    if is_chosen(field):
        return tuple(
            _of_choice(field, n, each, verifier)
            for n, each in enumerate(answer)
            if not isinstance(answer, str)
        )
    if isinstance(answer, str):
        if field.written_in == "paper" and printed:
            return tuple(_hold_against(printed, field, answer))
        spans = [(0, len(answer))] if field.name in WHOLE_TEXTS else find_sentence_spans(answer)
        return tuple(
            _finding(field, 0, (start, end), Statement(answer[start:end].strip()), verifier)
            for start, end in spans
            if answer[start:end].strip()
        )
    return tuple(_of_item(field, number, item, verifier) for number, item in enumerate(answer))


def find_sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a text, each up to the next, so that all together are the text."""
    starts = [offset for offset, _ in split_sentences(text)] or [0]
    starts[0] = 0
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _of_item(field: Field, number: int, item: AnswerItem, verifier: Verifier) -> Finding:
    text = format_item(item)
    quote = item.quote if isinstance(item, Claim) and item.page else ""
    label = item.section if field.kind == "figures" and isinstance(item, Claim) else ""
    statement = Statement(text, quote=quote, figure=label)
    found = _finding(field, number, (0, len(text)), statement, verifier)
    lacks_proof = isinstance(item, Claim) and not item.page
    label = item.source if isinstance(item, Result) else label
    lacks_figure = lacks_proof and field.kind == "figures"
    return replace(found, lacks_proof=lacks_proof, lacks_figure=lacks_figure, label=label)


def _of_choice(field: Field, number: int, item: AnswerItem, verifier: Verifier) -> Finding:
    found = _of_item(field, number, item, verifier)
    return replace(found, claims=tuple(claim for claim in found.claims if claim.kind == "name"))


def _finding(
    field: Field, item: int, span: tuple[int, int], statement: Statement, verifier: Verifier
) -> Finding:
    return Finding(field.name, item, *span, statement, check_claims(statement, verifier))


def check_claims(statement: Statement, verifier: Verifier) -> tuple[CheckedClaim, ...]:
    """Return what the statement itself claims; its quotation was looked for already."""
    claims = verifier.check(statement)
    return claims[:-1] if statement.quote else claims


def _hold_against(printed: PrintedNames, field: Field, text: str) -> Iterator[Finding]:
    """Return the parts of a text that is to be as printed."""
    for part in _PRINTED_PART.finditer(text):
        words = _AND_OTHERS.sub("", part[0].strip())
        is_there = printed.have(words)
        claim = CheckedClaim(
            "name", words, 1, is_there, nearness="elsewhere" if is_there else "nowhere"
        )
        yield Finding(
            field.name, 0, part.start(), part.start() + len(words), Statement(words), (claim,)
        )


def count_unverified(findings: Sequence[Finding]) -> int:
    """Return how many statements could not be verified in any way."""
    return sum(finding.is_doubtful or finding.lacks_proof for finding in findings)
