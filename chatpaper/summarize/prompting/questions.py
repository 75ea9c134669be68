"""A question of a reader about a paper, as a field of the prompts."""

import re
from dataclasses import replace
from string import Template

from chatpaper.domain import Field
from chatpaper.summarize.prompting.fence import clean_for_fence
from chatpaper.summarize.prompting.library import Prompts

# The field that holds the answer to a question about a paper, and how long it may be: statements
# enough for a question of several parts, none longer than a sentence.
QUESTION_FIELD = "answer"
MAX_ANSWER_CLAIMS = 6
MAX_ANSWER_CHARACTERS = 160

# The marks around a question end it.
_QUOTATION_MARKS = str.maketrans({"«": '"', "»": '"'})
# Short words of a question say nothing of its subject.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]{3,}")


def add_question(prompts: Prompts, question: str) -> Prompts:
    """Return the same prompts with a field for the answer to a question about a paper.

    It may be empty: a paper does not answer every question.
    """
    shown = clean_for_fence(question).translate(_QUOTATION_MARKS)
    asked = Template(prompts.question_template).substitute(question=" ".join(shown.split()))
    field = Field(
        QUESTION_FIELD,
        "claims",
        " ".join(asked.split()),
        min_items=0,
        max_items=MAX_ANSWER_CLAIMS,
        max_characters=MAX_ANSWER_CHARACTERS,
        need="must",
        cues=tuple(word.lower() for word in _WORD.findall(shown)),
    )
    return replace(prompts, all_fields={**prompts.all_fields, field.name: field})
