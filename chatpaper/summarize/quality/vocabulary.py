"""Answers that are chosen from a closed vocabulary."""

from chatpaper.domain import Field, FieldAnswer, collect_texts


def is_chosen(field: Field) -> bool:
    """Tell whether the field's answer is chosen and not written."""
    return bool(field.vocabulary)


def canonicalize_choices(field: Field, answer: FieldAnswer) -> FieldAnswer:
    """Return the answer with each value as the vocabulary has it, once.

    Capitals and spaces may have been otherwise.
    """
    if not is_chosen(field):
        return answer
    wording = {_bare(value): value for value in field.vocabulary}
    if isinstance(answer, str):
        return wording.get(_bare(answer), answer)
    return tuple(dict.fromkeys(wording.get(_bare(value), value) for value in collect_texts(answer)))


def find_foreign_choices(field: Field, answer: FieldAnswer) -> tuple[str, ...]:
    """Return complaints about values that are not in the field's vocabulary."""
    values = (answer,) if isinstance(answer, str) else answer
    return tuple(
        f"{field.name}: {value!r} is not one of the values to choose from: "
        f"{' | '.join(field.vocabulary)}"
        for value in values
        if value not in field.vocabulary
    )


def drop_foreign_choices(field: Field, answer: FieldAnswer) -> FieldAnswer:
    """Return the answer without what is not in the vocabulary.

    Of one choice, the value for none of the others is left.
    """
    if isinstance(answer, str):
        return answer if answer in field.vocabulary else field.vocabulary[-1]
    return tuple(value for value in answer if isinstance(value, str) and value in field.vocabulary)


def _bare(value: str) -> str:
    return "".join(value.split()).casefold()
