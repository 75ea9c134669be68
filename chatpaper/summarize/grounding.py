"""Answers held against the paper: what it does not support is complained about once, then left out or marked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import AnswerItem, Checks, Claim, Field, FieldAnswer, written_text
from chatpaper.summarize.passages import sentences_of
from chatpaper.summarize.statements import Statement
from chatpaper.summarize.verification import CheckedClaim, Verifier
from chatpaper.summarize.vocabulary import is_chosen

_NOUNS = {"numeral": "number", "name": "name", "quote": "quotation"}


@dataclass(frozen=True, slots=True)
class Grounded:
    """An answer without what the paper does not support, and what that took."""

    answer: FieldAnswer
    checks: Checks


def ungrounded(field: Field, answer: FieldAnswer, verifier: Verifier) -> tuple[str, ...]:
    """What the paper does not support of an answer, in words that a model can act on."""
    if is_chosen(field):
        return ()
    found = dict.fromkeys(
        f"{field.name}: the {_NOUNS[claim.kind]} {claim.value!r} is not in the paper"
        if claim.nearness == "nowhere"
        else f"{field.name}: the {_NOUNS[claim.kind]} {claim.value!r} is not what the quoted passage is about"
        for statement in _statements(answer)
        for claim in faults(statement, verifier)
    )
    return tuple(found)


def faults(statement: Statement, verifier: Verifier) -> tuple[CheckedClaim, ...]:
    """The claims of a statement that must not be published.

    What stands nowhere in the paper is one. What stands in another part of it is one only where the statement says
    by its quotation which part it speaks of: a summary may well gather what the paper says in several places.
    """
    is_placed = bool(statement.quote) and verifier.has_quote(statement.quote)
    return tuple(
        claim
        for claim in _claims(statement, verifier)
        if not claim.supported and (is_placed or claim.nearness == "nowhere")
    )


def grounded(field: Field, answer: FieldAnswer, verifier: Verifier, mark: str) -> Grounded:
    """The answer as it may be published.

    Sentences and items with faults are left out; where nothing would be left, the `mark` alone stands in their place.
    Claims that are only without proof are left out as far as the field can spare them; the others lose the quotation
    that is not in the paper, and bear the mark by having no page. A choice says little that the paper could support;
    of several those are left out that name a thing which the paper does not.
    """
    if is_chosen(field):
        return _grounded_choices(answer, verifier)
    if isinstance(answer, str):
        kept, left_out, marked = _grounded_text(field, answer, verifier, mark)
    else:
        kept, left_out, marked = _grounded_items(field, answer, verifier, mark)
    counted = [claim for statement in _statements(kept) for claim in _claims(statement, verifier)]
    return Grounded(
        kept,
        Checks(
            supported=sum(claim.supported for claim in counted),
            elsewhere=sum(not claim.supported and claim.nearness != "nowhere" for claim in counted),
            left_out=left_out,
            marked=marked,
        ),
    )


def _grounded_choices(answer: FieldAnswer, verifier: Verifier) -> Grounded:
    """Of several choices those that name nothing which the paper has nowhere; a number in them counts nothing."""
    if isinstance(answer, str):
        return Grounded(answer, Checks())
    kept = tuple(item for item in answer if all(claim.kind != "name" for claim in faults(_statement(item), verifier)))
    return Grounded(kept, Checks(left_out=len(answer) - len(kept)))


def _grounded_text(field: Field, text: str, verifier: Verifier, mark: str) -> tuple[FieldAnswer, int, int]:
    """The text without the sentences that have faults; a field that a post can do without may be left with nothing."""
    spans = _sentence_spans(text)
    sound = [text[start:end] for start, end in spans if not faults(Statement(text[start:end]), verifier)]
    if len(sound) == len(spans):
        return text, 0, 0
    kept = "".join(sound).strip()
    if not kept and field.need == "may":
        return field.no_answer, len(spans), 0
    return kept or mark.strip(), len(spans) - len(sound), int(not kept)


def _grounded_items(
    field: Field, items: Sequence[AnswerItem], verifier: Verifier, mark: str
) -> tuple[FieldAnswer, int, int]:
    """The items without those that have faults, and without claims that lack proof where there are enough others."""
    sound = [item for item in items if not faults(_statement(item), verifier)]
    proved = [item for item in sound if not _lacks_proof(item)]
    needed = max(0, field.min_items - len(proved))
    unproved = [item for item in sound if _lacks_proof(item)][:needed]
    kept = tuple(_unproved(item) if item in unproved else item for item in sound if item in (*proved, *unproved))
    if items and not kept and field.min_items:
        return (Claim(""),) if field.kind == "claims" else (mark.strip(),), len(items), 1
    return kept, len(items) - len(kept), len(unproved)


def _unproved(item: AnswerItem) -> AnswerItem:
    return replace(item, quote="", page=0, section="") if isinstance(item, Claim) else item


def _lacks_proof(item: AnswerItem) -> bool:
    return isinstance(item, Claim) and item.page == 0


def _sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of a text, each up to the next, so that all together are the text."""
    starts = [offset for offset, _ in sentences_of(text)] or [0]
    starts[0] = 0
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _statements(answer: FieldAnswer) -> list[Statement]:
    return [Statement(answer)] if isinstance(answer, str) else [_statement(item) for item in answer]


def _statement(item: AnswerItem) -> Statement:
    return Statement(written_text(item), quote=item.quote if isinstance(item, Claim) else "")


def _claims(statement: Statement, verifier: Verifier) -> tuple[CheckedClaim, ...]:
    """What the statement itself claims; whether its quotation is in the paper is a matter of its own."""
    claims = verifier.check(statement)
    return claims[:-1] if statement.quote else claims
