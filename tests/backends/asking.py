"""A prompt for backends to answer, made the way the summarizer makes it."""

from functools import cache

from chatpaper.domain import Prompt
from chatpaper.summarize.context.prompt_source import prompt_source
from chatpaper.summarize.context.section_selection import select_text
from chatpaper.summarize.dialogue.schema import build_json_schema
from chatpaper.summarize.prompting.library import Prompts
from tests.summarize.sample import DAILY_FIELDS, DOCUMENT, PAPER

MAX_OUTPUT_TOKENS = 4000


@cache
def a_prompt(*names: str, language: str = "zh") -> Prompt:
    """Make the prompt for these fields about the sample paper.

    By default they are those of the daily format.
    """
    prompts = Prompts.load()
    fields = prompts.fields(names or DAILY_FIELDS)
    text = select_text(DOCUMENT, 100_000).text
    rendered = prompts.render(fields, PAPER, text, language)
    schema = build_json_schema(fields)
    script = prompts.languages[language].script
    source = prompt_source(PAPER, DOCUMENT)
    return Prompt(rendered.system, rendered.user, schema, fields, source, MAX_OUTPUT_TOKENS, script)
