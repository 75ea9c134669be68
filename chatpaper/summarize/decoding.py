r"""Reads the JSON of an answer as it was meant.

Models write LaTeX into JSON with single backslashes. `\alpha` is then no JSON at all, and `\frac` is valid JSON for
a form feed and "rac": text that is corrupted without an error. Here a single backslash before the name of a LaTeX
command is a backslash.
"""

import json
import re
from typing import cast

from chatpaper.domain.text.shapeless import without_shapeless

# LaTeX commands whose first letter makes a valid JSON escape: \b \f \n \r \t; \u is one only with four hex digits.
# `ni` is not among them: `\ni)` is the first item of a list on a new line.
_COMMAND = (
    "backslash|bar|begin|beta|bf|big|bigcap|bigcup|bigl|bigr|bigoplus|bigotimes|binom|bm|boldsymbol|bmod|bot|boxed|"
    "breve|bullet|flat|forall|frac|frown|nabla|natural|ne|nearrow|neg|neq|nleq|nmid|nolimits|nonumber|norm|not|notin|"
    "nu|rangle|rbrace|rceil|ref|rfloor|rho|right|rightarrow|rightharpoonup|rightleftharpoons|rm|rVert|rvert|tan|tanh|"
    "tau|tbinom|text|textbf|textit|textrm|tfrac|theta|therefore|tilde|times|to|top|triangle|triangleq"
)

# An escape is either an escaped backslash (left alone) or a backslash and what follows it.
_ESCAPE = re.compile(rf'\\\\|\\(?P<latex>(?:{_COMMAND})(?![a-z]))|\\(?P<json>["/bfnrt]|u[0-9a-fA-F]{{4}})|\\')
_FENCE = re.compile(r"\A```(?:json)?\s*\n(?P<inside>.*)\n```\Z", re.DOTALL)
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


def decode_answer(text: str) -> dict[str, object]:
    """The JSON object in a model's answer; a code fence around it and thoughts before it are taken off.

    Raises ValueError where the rest is not one JSON object.
    """
    bare = _THOUGHTS.sub("", text).strip()
    fenced = _FENCE.match(bare)
    answer = json.loads(restore_backslashes(fenced["inside"] if fenced else bare), strict=False)
    if not isinstance(answer, dict):
        raise ValueError("the answer is JSON, but not an object")
    return cast(dict[str, object], _with_shape(answer))


def _with_shape(value: object) -> object:
    """A value of JSON whose texts have no characters that leave no trace on a page."""
    if isinstance(value, dict):
        return {key: _with_shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_shape(each) for each in value]
    return without_shapeless(value) if isinstance(value, str) else value


def restore_backslashes(text: str) -> str:
    """JSON text in which every backslash that was meant as one is written as JSON wants it."""
    return _ESCAPE.sub(lambda match: match[0] if match[0] == r"\\" or match["json"] else "\\" + match[0], text)
