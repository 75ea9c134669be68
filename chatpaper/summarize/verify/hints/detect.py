"""What words alone tell against a statement, before or without a second reader."""

from collections.abc import Iterator
from dataclasses import replace

from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.verify.hints.clauses import find_closest, split_clauses
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.measures.change_hints import find_change_hints
from chatpaper.summarize.verify.hints.measures.count_hints import find_count_hints
from chatpaper.summarize.verify.hints.measures.rate_hints import find_rate_hints
from chatpaper.summarize.verify.hints.measures.relative_hints import find_relative_hints
from chatpaper.summarize.verify.hints.measures.replacement_hints import (
    find_replacement_hints,
    find_sole_replacement_hints,
    is_among,
)
from chatpaper.summarize.verify.hints.measures.tally_hints import find_tally_hints
from chatpaper.summarize.verify.hints.measures.unit_hints import find_unit_hints
from chatpaper.summarize.verify.hints.values.cell_hints import find_cell_hints
from chatpaper.summarize.verify.hints.values.crossing_hints import find_crossing_hints
from chatpaper.summarize.verify.hints.values.name_hints import find_name_hints
from chatpaper.summarize.verify.hints.values.number_hints import find_number_hints
from chatpaper.summarize.verify.hints.values.pairing_hints import find_pairing_hints
from chatpaper.summarize.verify.hints.values.residual_hints import find_residual_hints
from chatpaper.summarize.verify.hints.values.setting_hints import find_setting_hints
from chatpaper.summarize.verify.hints.values.table_hints import find_table_hints
from chatpaper.summarize.verify.hints.wording.assignment_hints import find_assignment_hints
from chatpaper.summarize.verify.hints.wording.author_hints import find_author_hints
from chatpaper.summarize.verify.hints.wording.cause_hints import find_cause_hints
from chatpaper.summarize.verify.hints.wording.comparison_hints import find_comparison_hints
from chatpaper.summarize.verify.hints.wording.institution_hints import find_institution_hints
from chatpaper.summarize.verify.hints.wording.margin_hints import find_margin_hints
from chatpaper.summarize.verify.hints.wording.negation_hints import find_negation_hints
from chatpaper.summarize.verify.hints.wording.opposite_hints import find_opposite_hints
from chatpaper.summarize.verify.hints.wording.strength_hints import find_strength_hints
from chatpaper.summarize.verify.hints.wording.universal_hints import find_universal_hints
from chatpaper.summarize.verify.tables.crossings import AddressedTable
from chatpaper.summarize.verify.terms import extract_stems

__all__ = ["Hint", "find_hints"]

# What is longer is no sentence, no quote of one, and more than stands around it; the rest is not
# looked at, since each number of one is held against each of the other.
MOST_CHARACTERS_OF_STATEMENT = 1_000
MOST_CHARACTERS_OF_QUOTE = 2_000
MOST_CHARACTERS_OF_CONTEXT = 20_000

MOST_SENTENCES = 30
# A sentence that is only like the statement may well leave out its numbers and names; what it says
# turned round tells.
KINDS_WITHOUT_QUOTE = ("direction", "role", "unit", "future")
# A sentence that has less of what a statement speaks of is not what it rests on.
LEAST_SHARED_WITH_SENTENCE = 3
LEAST_SHARE_WITH_SENTENCE = 0.5

_READERS = (
    find_number_hints,
    find_name_hints,
    find_table_hints,
    find_cell_hints,
    find_crossing_hints,
    find_margin_hints,
    find_setting_hints,
    find_residual_hints,
    find_change_hints,
    find_count_hints,
    find_replacement_hints,
    find_tally_hints,
    find_rate_hints,
    find_relative_hints,
    find_unit_hints,
    find_pairing_hints,
    find_assignment_hints,
    find_comparison_hints,
    find_opposite_hints,
    find_negation_hints,
    find_cause_hints,
    find_strength_hints,
    find_author_hints,
    find_institution_hints,
    find_universal_hints,
)

# Two names and two numbers that a sentence has once belong to each other in any case, and so do the
# digits of a number and their unit.
_CERTAIN_WITHOUT_QUOTE = (
    find_pairing_hints,
    find_rate_hints,
    find_relative_hints,
    find_unit_hints,
)

# What such a sentence says otherwise of its numbers is certain where all else is the same.
_NUMBERS_WITHOUT_QUOTE = (find_sole_replacement_hints, find_tally_hints)


def find_hints(
    statement: str,
    quote: str,
    context: str,
    *,
    paper_text: str,
    front_matter: str = "",
    tables: tuple[AddressedTable, ...] = (),
) -> tuple[Hint, ...]:
    """Find what speaks against a statement in the words of its evidence.

    `quote` are the words of the paper that the statement rests on, "" for none; `context` are the
    sentences around them and the tables and captions that belong to them; `paper_text` is all that
    the paper says, `front_matter` what its first page says of the authors,
    and `tables` are those whose cells were read.
    """
    comparison = Comparison(
        statement[:MOST_CHARACTERS_OF_STATEMENT],
        quote[:MOST_CHARACTERS_OF_QUOTE],
        context[:MOST_CHARACTERS_OF_CONTEXT],
        paper_text,
        front_matter,
        tables,
    )
    hints = [hint for reader in _READERS for hint in reader(comparison)]
    if not quote and (sentence := _nearest_sentence(comparison)):
        nearest_sentence = replace(comparison, quote=sentence)
        hints += [
            replace(hint, is_certain=hint.is_certain and reader in _CERTAIN_WITHOUT_QUOTE)
            for reader in _READERS
            for hint in reader(nearest_sentence)
            if hint.kind in KINDS_WITHOUT_QUOTE
        ]
        hints += [hint for reader in _NUMBERS_WITHOUT_QUOTE for hint in reader(nearest_sentence)]
    hints += _find_in_clauses(comparison)
    return tuple(dict.fromkeys(hints))


def _find_in_clauses(comparison: Comparison) -> Iterator[Hint]:
    """Find numbers of a clause that the sentence nearest to it has otherwise.

    A statement with a quote may go on with what another sentence says; that of one without is
    surer of what it counts than of what it measures. A number that its quote has stands.
    """
    quoted = find_printed_numbers(comparison.quote)
    readers = _NUMBERS_WITHOUT_QUOTE if comparison.quote else (find_tally_hints,)
    for clause in split_clauses(comparison.statement):
        by_itself = replace(comparison, statement=clause, whole=comparison.statement)
        if find_printed_numbers(clause) and (sentence := _nearest_sentence(by_itself)):
            beside = replace(by_itself, quote=sentence)
            for hint in (each for reader in readers for each in reader(beside)):
                if not any(is_among(each, quoted) for each in find_stated_numbers(hint.value)):
                    yield hint


def _nearest_sentence(comparison: Comparison) -> str:
    """Return the sentence of the context that a statement most likely rests on, beside its quote.

    It is "" where none is similar.
    """
    sentences = [sentence for _, sentence in split_sentences(comparison.prose)]
    if comparison.quote:
        quoted = extract_stems(comparison.quote)
        sentences = [each for each in sentences if not quoted <= extract_stems(each)]
    sentence, overlap = find_closest(comparison.statement, sentences[:MOST_SENTENCES])
    is_like = overlap.shared >= max(
        LEAST_SHARED_WITH_SENTENCE, LEAST_SHARE_WITH_SENTENCE * overlap.known
    )
    return sentence if is_like else ""
