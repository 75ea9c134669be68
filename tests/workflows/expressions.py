"""The expressions of workflows, as far as ours use them: paths, texts, comparisons and logic."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Contexts = Mapping[str, Any]

_TOKEN = re.compile(r"'(?:[^']|'')*'|&&|\|\||!=|==|!|\(|\)|[A-Za-z_][\w.-]*|\s+")
_OPERATORS = {"&&": " and ", "||": " or ", "!": " not "}
_STATUS = re.compile(r"\b(?:always|cancelled|failure|success)\(\)")
_INSERTION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


def has_status_function(expression: str) -> bool:
    """Tell whether a condition says itself after what results it holds."""
    return bool(_STATUS.search(expression))


def evaluate(
    expression: str, contexts: Contexts, functions: Mapping[str, Callable[[], bool]]
) -> Any:
    """Return the value of an expression without its braces.

    Raises ValueError for what GitHub knows and this does not.
    """
    python, position = "", 0
    text = expression.strip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise ValueError(f"{text[position:]!r} in {text!r} is no expression known here")
        python += _translate(token[0], text[token.end() :], functions)
        position = token.end()
    return eval(python, {"look": lambda path: look_up(path, contexts), **functions})


def _translate(token: str, rest: str, functions: Mapping[str, object]) -> str:
    if token.startswith("'"):
        return repr(token[1:-1].replace("''", "'"))
    if token[0].isalpha() and rest.startswith("("):
        if token not in functions:
            raise ValueError(f"the function {token} is not known here")
        return token
    return f"look({token!r})" if token[0].isalpha() else _OPERATORS.get(token, token)


def look_up(path: str, contexts: Contexts) -> Any:
    """Return what a path names; an empty text where it names nothing, as on GitHub."""
    value: Any = contexts
    for name in path.split("."):
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return value


def fill_in(text: str, contexts: Contexts, functions: Mapping[str, Callable[[], bool]]) -> str:
    """Return a text with the values of its `${{ }}`."""

    def insert(found: "re.Match[str]") -> str:
        value = evaluate(found[1], contexts, functions)
        return str(value).lower() if isinstance(value, bool) else str(value)

    return _INSERTION.sub(insert, text)
