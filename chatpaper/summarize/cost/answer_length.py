"""How long answers may be and are likely to be, in tokens."""

from collections.abc import Sequence

from chatpaper.domain import RESULT_CELLS, Field
from chatpaper.domain.text.tokens import TOKENS_PER_CJK_CHARACTER
from chatpaper.summarize.prompting.languages import Language, compute_character_limit

# Room for a quote, for a label, and for the JSON around a value.
QUOTE_TOKENS = 40
LABEL_TOKENS = 6
JSON_TOKENS_PER_VALUE = 12
# Models exceed limits of length; an answer that is cut off is lost whole.
OUTPUT_SLACK = 1.5
# What of its limits an answer usually takes up.
EXPECTED_SHARE_OF_LIMITS = 0.5
# Of a sentence in Chinese, the language for which limits are set.
CHARACTERS_PER_SENTENCE = 40


def compute_max_output_tokens(fields: Sequence[Field], language: Language) -> int:
    """Return the bound to set for an answer to all these fields."""
    return round(sum(_limit_tokens(field, language) for field in fields) * OUTPUT_SLACK)


def estimate_statements(fields: Sequence[Field]) -> int:
    """Estimate how many sentences and items an answer to the fields has."""
    return sum(
        max(1, round(field.max_characters * EXPECTED_SHARE_OF_LIMITS / CHARACTERS_PER_SENTENCE))
        if field.kind == "text"
        else round((field.min_items + field.max_items) / 2)
        for field in fields
    )


def _limit_tokens(field: Field, language: Language) -> int:
    """Return the tokens of an answer that uses its limits to the full."""
    tokens_per_character = TOKENS_PER_CJK_CHARACTER / language.length_factor
    per_item = (
        round(compute_character_limit(field, language) * tokens_per_character)
        + JSON_TOKENS_PER_VALUE
    )
    if field.kind == "claims":
        per_item += QUOTE_TOKENS + JSON_TOKENS_PER_VALUE
    if field.kind == "figures":
        per_item += LABEL_TOKENS + JSON_TOKENS_PER_VALUE
    if field.kind == "results":
        per_item += LABEL_TOKENS + len(RESULT_CELLS) * JSON_TOKENS_PER_VALUE
    return field.max_items * per_item
