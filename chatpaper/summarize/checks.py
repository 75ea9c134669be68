"""What makes the answer to a field none."""

from collections.abc import Sequence

from chatpaper.domain import Field, FieldAnswer
from chatpaper.prompts import Language
from chatpaper.summarize.quality.form import find_unusable


def complaints_about(
    field: Field,
    answer: FieldAnswer,
    language: Language,
    echo_sources: Sequence[str],
    paper_text: str = "",
    *,
    was_told: bool = False,
) -> tuple[str, ...]:
    """Why the answer to a field cannot be published."""
    return find_unusable(field, answer, language, echo_sources, was_told=was_told)
