r"""Read the JSON of an answer as it was meant.

Models write LaTeX into JSON with single backslashes. `\alpha` is then no JSON at all, and `\frac`
is valid JSON for a form feed and "rac": text that is corrupted without an error. Here a single
backslash before the name of a LaTeX command is a backslash. They also talk around the object, think
aloud before it, put it into a list or a string, and forget commas and quotes: what is left of that
after a strict reading is json-repair's to guess, and the schema's to judge.
"""

import json
import re
from typing import cast

import json_repair

from chatpaper.summarize.quality.characters import repair_surrogates, without_unseen

# LaTeX commands whose first letter makes a valid JSON escape: \b \f \n \r \t; \u is one only with
# four hex digits. `ni` is not among them: `\ni)` is the first item of a list on a new line.
_COMMAND = (
    "backslash|bar|begin|beta|bf|big|bigcap|bigcup|bigl|bigr|bigoplus|bigotimes|binom|bm|boldsymbol|bmod|bot|boxed|"
    "breve|bullet|flat|forall|frac|frown|nabla|natural|ne|nearrow|neg|neq|nleq|nmid|nolimits|nonumber|norm|not|notin|"
    "nu|rangle|rbrace|rceil|ref|rfloor|rho|right|rightarrow|rightharpoonup|rightleftharpoons|rm|rVert|rvert|tan|tanh|"
    "tau|tbinom|text|textbf|textit|textrm|tfrac|theta|therefore|tilde|times|to|top|triangle|triangleq"
)

# An escape is either an escaped backslash (left alone) or a backslash and what follows it.
_ESCAPE = re.compile(
    rf'\\\\|\\(?P<latex>(?:{_COMMAND})(?![a-z]))|\\(?P<json>["/bfnrt]|u[0-9a-fA-F]{{4}})|\\'
)
# Some servers take the opening tag away and leave the thoughts. Besides the tags of DeepSeek, Qwen
# and Seed these are those of Mistral, Kimi and gpt-oss.
_END_OF_THOUGHTS = re.compile(
    r"</(?:[a-z]{1,9}:)?(?:think(?:ing)?|thoughts?|reasoning)>|\[/THINK\]|◁/think▷"
    r"|<\|(?:/think|end_of_thought|end_of_thinking)\|>|<\|channel\|>\s{0,9}final\s{0,9}"
    r"(?:<\|constrain\|>json)?<\|message\|>"
)
_START_OF_OBJECT = re.compile(r"""\{\s{0,99}(?:["'“}]|[A-Za-z_]{1,40}\s{0,9}:)""")

# Models write at most some 65,000 tokens, which are a quarter of that.
MAX_ANSWER_CHARACTERS = 1_000_000
# An object within a list within a string has been seen; what is wrapped up more often is no answer.
MAX_WRAPPINGS = 3
# json-repair takes time in proportion to the length of a text and to the brackets in it (measured
# on version 0.64: two seconds at these bounds); an answer to all fields has some hundred brackets,
# those of its formulas among them.
MAX_CHARACTERS_TO_REPAIR = 100_000
MAX_CHARACTERS_TIMES_BRACKETS = 5_000_000


def decode_answer(text: str) -> dict[str, object]:
    """Return the JSON object in a model's answer.

    Its strings are without characters that cannot be seen or stored. What stands around it
    (thoughts, words, a code fence, a list, a string) is taken off, and slips of the syntax are
    repaired. Raises ValueError where there is no such object, or only the beginning of one.
    """
    if len(text) > MAX_ANSWER_CHARACTERS:
        raise ValueError(f"the answer has {len(text)} characters")
    readable = repair_surrogates(text).strip("\ufeff \t\r\n")
    # A paper may be about the tag that ends thoughts: what is JSON from the first character on has
    # none.
    said = strip_thoughts(readable)
    start = _START_OF_OBJECT.search(said)
    bare = said[start.start() :] if start else ""
    for read, source in (
        (_strictly_read, readable),
        (_strictly_read, bare),
        (_repaired, bare),
        (_repaired, readable),
    ):
        answer = _unwrapped(read(source))
        if answer is not None:
            return cast(dict[str, object], _without_unseen(answer))
    raise ValueError("the answer holds no JSON object")


def strip_thoughts(text: str) -> str:
    """Return what an answer says after all thoughts."""
    return _END_OF_THOUGHTS.split(text)[-1]


def restore_backslashes(text: str) -> str:
    """Escape every backslash of a JSON text that was meant as one."""
    return _ESCAPE.sub(
        lambda match: match[0] if match[0] == r"\\" or match["json"] else "\\" + match[0], text
    )


def _strictly_read(text: str) -> object:
    """Return the JSON value that the text begins with; None where it begins with none."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(restore_backslashes(text))[0]
    except (ValueError, RecursionError):
        return None


def _repaired(text: str) -> object:
    """Return what json-repair makes of the text up to its last brace.

    What an answer that is cut off ends with is lost.
    """
    bare = text[: text.rfind("}") + 1]
    brackets = bare.count("{") + bare.count("[")
    if len(bare) > MAX_CHARACTERS_TO_REPAIR or len(bare) * brackets > MAX_CHARACTERS_TIMES_BRACKETS:
        return None
    try:
        return json_repair.loads(restore_backslashes(bare), skip_json_loads=True)
    except (ValueError, RecursionError):
        return None


def _unwrapped(value: object) -> dict[str, object] | None:
    """Return the object in lists of one and in strings, or None."""
    for _ in range(MAX_WRAPPINGS):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        elif isinstance(value, str):
            value = _strictly_read(value.strip())
    return cast(dict[str, object], value) if isinstance(value, dict) else None


def _without_unseen(value: object) -> object:
    if isinstance(value, str):
        return without_unseen(value)
    if isinstance(value, list):
        return [_without_unseen(item) for item in value]
    if isinstance(value, dict):
        return {without_unseen(str(key)): _without_unseen(item) for key, item in value.items()}
    return value
