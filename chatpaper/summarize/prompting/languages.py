"""Languages to write in, and what they mean for the length of a text."""

from dataclasses import dataclass

from chatpaper.domain import Field, Script


@dataclass(frozen=True, slots=True)
class Language:
    """A language to write in.

    Its script decides the checks, `length_factor` stretches limits set for Chinese, and `reminder`
    is a sentence in the language itself for the end of a prompt: after many pages of English, small
    models go on in English. `unsupported_mark` stands at the end of a statement that is not
    verified, `repetition_mark` in place of what an earlier value says already, `missing_mark` in
    place of what a model could not write.
    """

    code: str
    name: str
    native_name: str
    reminder: str
    unsupported_mark: str
    repetition_mark: str
    missing_mark: str
    script: Script
    length_factor: float
    rules: str


def compute_character_limit(field: Field, language: Language) -> int:
    """Compute how many characters a text of this field may have in this language.

    Of a list, each item may have so many.
    """
    return round(field.max_characters * language.length_factor)
