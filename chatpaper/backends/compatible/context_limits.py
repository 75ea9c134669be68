"""Find out how much a server takes at once.

Its refusals tell it, in many words, and its counts of tokens betray it.
"""

import re
from collections.abc import Iterator, Mapping

from chatpaper.domain.text.tokens import estimate_fewest_tokens, estimate_tokens

# What servers of one's own call the limit; most hosted ones have one a model.
HOW_TO_RAISE = (
    "give the server a larger context (Ollama: num_ctx or OLLAMA_CONTEXT_LENGTH; llama.cpp: -c; "
    "vLLM: --max-model-len, "
    "its max_model_len; LM Studio: Context Length)"
)

# No model of today takes less; smaller numbers in a refusal count something else.
_LEAST_CONTEXT_TOKENS = 512
_MOST_CONTEXT_TOKENS = 100_000_000
_REFUSAL_CHARACTERS = 4000

_NUMBER = r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d{3,9})(?![\w.]*\d)"
_NO_DIGITS = r"[^\d\[\]]"
# The surest words first. `exceeds` and `limit` may stand before what was sent, in messages about
# what is sent out.
_LIMITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bn_ctx\b\W{{0,9}}{_NUMBER}",
        rf"\d ?(?:tokens? )?> ?{_NUMBER}",
        rf"{_NUMBER}\)?\s?(?:tokens?\s)?(?:is the\s)?(?:maximum|max\b|limit)",
        (
            r"(?:context|max(?:imum)?[_ ]?(?:seq|model|total|input|prompt|message)\w{0,9})"
            rf"{_NO_DIGITS}{{0,40}}{_NUMBER}"
        ),
        rf"range of input{_NO_DIGITS}{{0,40}}\[\s?\d{{1,9}}\s?,\s?{_NUMBER}",
        (
            r"(?:token limit|\blimit|cannot exceed|allowed|<=|less than|at most)"
            rf"{_NO_DIGITS}{{0,40}}{_NUMBER}"
        ),
        rf"(?:maximum|exceeds?|exceeded){_NO_DIGITS}{{0,60}}{_NUMBER}",
        rf"(?:最大|上限|最多|不超过|不能超过|限制){_NO_DIGITS}{{0,20}}{_NUMBER}",
    )
)
_IS_ABOUT_CONTEXT = re.compile(
    r"context|n_ctx|too many tokens|tokens?.{0,20}exceed"
    r"|prompt|input|messages|sequence|max_(?:seq|model|total)|token limit|tokens per minute|\bTPM\b"
    r"|too (?:long|large)|上下文|输入|超长|过长",
    re.IGNORECASE,
)
_IS_ABOUT_OUTPUT = re.compile(
    r"max_(?:new_|completion_|output_)?tokens|maxOutputTokens", re.IGNORECASE
)
_CONTEXT_OF_OUTPUT = re.compile(
    r"context.{0,12}(?:length|size)|inputs?\W{1,3}tokens|max_(?:seq|model|total)", re.IGNORECASE
)
_COUNTS_CHARACTERS = re.compile(r"characters|\bchars\b|字符|字数", re.IGNORECASE)
_CODE = re.compile(rf"(?:code|status)\W{{0,4}}{_NUMBER}", re.IGNORECASE)

# Where the words of a fault stand; what was asked, which some servers send back, is left out.
_ECHOES = frozenset({"input", "ctx", "prompt", "messages", "request", "content", "usage", "url"})
_MAX_DEPTH = 6
_MAX_PARTS = 100
_PART_CHARACTERS = 1000


def find_large_numbers(text: str) -> list[int]:
    """Return the numbers of three digits and more in a text, in their order."""
    return [int(found.replace(",", "")) for found in re.findall(_NUMBER, text)]


def find_context_limit(refusal: str) -> int | None:
    """Return how many tokens, prompt and answer, a server takes at once according to a refusal.

    Return None where the refusal does not say it. One that is about the bound of the answer tells
    of the context only where it names it.
    """
    refusal = refusal[:_REFUSAL_CHARACTERS]
    if not _IS_ABOUT_CONTEXT.search(refusal) or _COUNTS_CHARACTERS.search(refusal):
        return None
    if _IS_ABOUT_OUTPUT.search(refusal) and not _CONTEXT_OF_OUTPUT.search(refusal):
        return None
    codes = set(_CODE.findall(refusal))
    for pattern in _LIMITS:
        for number in pattern.findall(refusal):
            tokens = int(number.replace(",", ""))
            if number not in codes and _LEAST_CONTEXT_TOKENS <= tokens <= _MOST_CONTEXT_TOKENS:
                return tokens
    return None


def extract_refusal_text(body: object) -> str:
    """Return the words and numbers of a refusal as one text.

    What it repeats of the request is left out.
    """
    return " ".join(_words(body))[:_REFUSAL_CHARACTERS]


def _words(body: object) -> Iterator[str]:
    waiting: list[tuple[str, object, int]] = [("", body, 0)]
    given = 0
    while waiting and given < _MAX_PARTS:
        key, value, depth = waiting.pop(0)
        if isinstance(value, Mapping) and depth < _MAX_DEPTH:
            waiting += [
                (str(name), part, depth + 1) for name, part in value.items() if name not in _ECHOES
            ]
        elif isinstance(value, list) and depth < _MAX_DEPTH:
            waiting += [(key, part, depth + 1) for part in value[:_MAX_PARTS]]
        elif isinstance(value, str | int | float):
            given += 1
            yield value[:_PART_CHARACTERS] if isinstance(value, str) else f"{key} {value}"


# Counts below this are no count of a prompt: some servers always say the same.
_LEAST_COUNTED_TOKENS = 500
# A prompt that was cut fills the context to the last token, and contexts are round numbers; one in
# five hundred other counts is round too.
_ROUND = (1000, 1024)
_ROUND_SHARE = 0.85


def is_cut(sent: str, counted_tokens: int, cached_tokens: int = 0) -> bool:
    """Return whether a server that counted so many tokens in a prompt has left out a part of it.

    Some servers do not count what they had in their cache; one that counts nothing says nothing.
    """
    if counted_tokens < _LEAST_COUNTED_TOKENS:
        return False
    whole_tokens = counted_tokens + cached_tokens
    is_round = any(counted_tokens % unit == 0 for unit in _ROUND)
    return whole_tokens < estimate_fewest_tokens(sent) or (
        is_round and whole_tokens < _ROUND_SHARE * estimate_tokens(sent)
    )


def cut_in_silence(model: str, sent: str, counted_tokens: int) -> str:
    """Return what is said of a prompt that a server has cut, and what to do about it."""
    return (
        f"{model} counted {counted_tokens} tokens where about {estimate_tokens(sent)} were sent: "
        "the server cuts in silence what does not fit its context, so that the paper was not read "
        f"whole; {HOW_TO_RAISE}, or set "
        f"llm.context_tokens to {counted_tokens}, and posts say what was left out"
    )
