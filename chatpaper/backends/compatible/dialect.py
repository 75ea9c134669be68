"""Learn from refusals what servers of the OpenAI kind differ in, and keep it for the run.

A request is made in a dialect. A refusal that names what is wrong with it leads to another dialect,
each further from what OpenAI knows; so there are at most as many refusals as there are things to
refuse.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from chatpaper.backends.compatible.context_limits import find_context_limit, find_large_numbers
from chatpaper.backends.compatible.presets import AnswerShape
from chatpaper.backends.compatible.schema import bound_schema
from chatpaper.backends.interface import RequestParameters
from chatpaper.domain import Prompt

SHAPES: tuple[AnswerShape, ...] = ("json_schema", "json_object", "text")
# Two names for the bound of an answer: the later one is OpenAI's for models that think.
LIMIT_PARAMETERS = ("max_tokens", "max_completion_tokens")
# No request can do without these.
_NEEDED = frozenset({"model", "messages", "stream", "response_format", *LIMIT_PARAMETERS})

# Fewer tokens are no bound of an answer: such numbers in a refusal count something else.
_LEAST_OUTPUT_TOKENS = 256

_REFUSED = (
    r"(?:unsupported|not[ _]supported|does not support|unrecogni[sz]ed|unknown|extra|not permitted"
    r"|unexpected|invalid|not allowed|only|must|deprecated|instead|cannot|conflict"
    r"|不支持|不允许|无效|非法|仅|只|未知|错误|必须)"
)
_IS_REFUSAL = re.compile(_REFUSED, re.IGNORECASE)
_WANTS_STREAM = re.compile(
    r"(?:only|must|requires?|enable|please|set).{0,60}\bstream"
    r"|\bstream\w{0,4}\b.{0,40}(?:only|must|required|true\b)"
    r"|non-?stream|(?:仅|只|必须|需要).{0,10}流式|非流式",
    re.IGNORECASE,
)
_REFUSES_STREAM = re.compile(
    r"not support.{0,20}stream|stream\w{0,4}.{0,20}not support", re.IGNORECASE
)
_WANTS_NO_THINKING = re.compile(r"enable_thinking.{0,40}(?:false|is true)", re.IGNORECASE)
_IS_ABOUT_LIMIT = re.compile(r"max_\w{0,20}tokens|maxoutputtokens", re.IGNORECASE)
_IS_ABOUT_VALUE = re.compile(
    r"range|between|at most|less than|greater|larger|<|>|≤|too (?:large|high|big)|must be|maximum"
    r"|exceed|limit"
    r"|范围|不能超过|不超过|最大|上限|大于|小于",
    re.IGNORECASE,
)
_REFUSES_SYSTEM = re.compile(
    r"system.{0,3}(?:role|message|prompt|instruction).{0,40}"
    r"(?:not supported|unsupported|not allowed|not enabled)"
    r"|role.{0,60}(?:not support|unsupported|must be|invalid|only).{0,20}"
    r"(?:system|\buser\b.{0,9}assistant)"
    r"|only user.{0,9}assistant roles",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a server is asked.

    `omitted` are parameters that it does not know, `added` those that it wants;
    `most_output_tokens` is the highest bound that it takes, and `limit_parameter` what it is
    called, if there may be one. `merges_system` puts the system message before that of the user.
    """

    shape: AnswerShape = SHAPES[0]
    limit_parameter: str = LIMIT_PARAMETERS[0]
    most_output_tokens: int | None = None
    omitted: frozenset[str] = frozenset()
    added: Mapping[str, object] | None = None
    streams: bool = False
    merges_system: bool = False

    def looser(self) -> "Dialect | None":
        """Return the dialect that binds the answer less; None where it is not bound."""
        index = SHAPES.index(self.shape) + 1
        return replace(self, shape=SHAPES[index]) if index < len(SHAPES) else None


@dataclass(frozen=True, slots=True)
class Lesson:
    """The dialect to go on with, and the words of the warning about it."""

    dialect: Dialect
    says: str


def build_messages(prompt: Prompt, dialect: Dialect) -> list[dict[str, str]]:
    """Return the messages of a request."""
    system = build_system_text(prompt, dialect.shape)
    if dialect.merges_system:
        return [{"role": "user", "content": f"{system}\n\n{prompt.user}"}]
    return [{"role": "system", "content": system}, {"role": "user", "content": prompt.user}]


def join_messages(request: Mapping[str, object]) -> str:
    """Return the text of the messages of a request."""
    sent = request.get("messages")
    return "\n".join(str(message["content"]) for message in sent) if isinstance(sent, list) else ""


def build_system_text(prompt: Prompt, shape: AnswerShape) -> str:
    """Return the system message.

    Where the server does not bind the answer to the schema, the text has to.
    """
    if shape == "json_schema":
        return prompt.system
    schema = json.dumps(prompt.schema, ensure_ascii=False)
    return f"{prompt.system}\n\nThe JSON object follows this JSON schema:\n{schema}"


def build_parameters(
    prompt: Prompt,
    dialect: Dialect,
    chosen: RequestParameters,
    *,
    usual: Mapping[str, object],
    allowance_tokens: int,
    is_local: bool,
) -> dict[str, object]:
    """Collect what is sent beside model and messages.

    `usual` are the parameters of the provider, `chosen` those of the user, which go over them.
    """
    limit_tokens = prompt.max_output_tokens + allowance_tokens
    if dialect.most_output_tokens is not None:
        limit_tokens = min(limit_tokens, dialect.most_output_tokens)
    sent: dict[str, object] = {dialect.limit_parameter: limit_tokens}
    if chosen.temperature is not None:
        sent["temperature"] = chosen.temperature
    if dialect.streams:
        sent |= {"stream": True, "stream_options": {"include_usage": True}}
    sent |= {**usual, **(dialect.added or {}), **chosen.extra}
    sent |= build_response_format(prompt, dialect.shape, is_local=is_local)
    return {name: value for name, value in sent.items() if name not in dialect.omitted}


def build_response_format(
    prompt: Prompt, shape: AnswerShape, *, is_local: bool
) -> dict[str, object]:
    """Return the parameters that ask the server to bind the answer."""
    if shape == "json_schema":
        bound = {
            "name": "answer",
            "schema": dict(bound_schema(prompt, is_local=is_local)),
            "strict": True,
        }
        return {"response_format": {"type": "json_schema", "json_schema": bound}}
    return {"response_format": {"type": "json_object"}} if shape == "json_object" else {}


def learn_from_refusal(dialect: Dialect, sent: Mapping[str, object], refusal: str) -> Lesson | None:
    """Return what the words of a refusal of `sent` teach.

    Return None where they name nothing that could be asked otherwise.
    """
    for learn in (_of_thinking, _of_stream, _of_limit, _of_parameters, _of_system):
        learnt = learn(dialect, sent, refusal)
        if learnt is not None and learnt.dialect != dialect:
            return learnt
    return None


def _of_thinking(dialect: Dialect, sent: Mapping[str, object], refusal: str) -> Lesson | None:
    if (
        "enable_thinking" in sent
        or "enable_thinking" in dialect.omitted
        or not _WANTS_NO_THINKING.search(refusal)
    ):
        return None
    added = {**(dialect.added or {}), "enable_thinking": False}
    return Lesson(replace(dialect, added=added), "enable_thinking=false is sent from now on")


def _of_stream(dialect: Dialect, sent: Mapping[str, object], refusal: str) -> Lesson | None:
    if dialect.streams or not _WANTS_STREAM.search(refusal) or _REFUSES_STREAM.search(refusal):
        return None
    return Lesson(replace(dialect, streams=True), "answers are streamed from now on")


def _of_limit(dialect: Dialect, sent: Mapping[str, object], refusal: str) -> Lesson | None:
    """Return another name for the bound of an answer, a lower bound, or none."""
    name = dialect.limit_parameter
    if find_context_limit(refusal) is not None or not _IS_ABOUT_LIMIT.search(refusal):
        return None
    most_tokens = (
        _most_output_tokens(sent.get(name), refusal) if dialect.most_output_tokens is None else None
    )
    if most_tokens is not None:
        says = f"answers have at most {most_tokens} tokens from now on"
        return Lesson(replace(dialect, most_output_tokens=most_tokens), says)
    if (
        name not in sent
        or not re.search(rf"\b{name}\b", refusal)
        or not _IS_REFUSAL.search(refusal)
    ):
        return None
    other = next(each for each in LIMIT_PARAMETERS if each != name)
    omitted = dialect.omitted | {name}
    if other in dialect.omitted:
        return Lesson(
            replace(dialect, omitted=omitted), "the length of answers is not bound from now on"
        )
    return Lesson(
        replace(dialect, omitted=omitted, limit_parameter=other), f"{other} is sent from now on"
    )


def _most_output_tokens(sent_tokens: object, refusal: str) -> int | None:
    """Return the highest number in the refusal that is lower than what was sent."""
    if not isinstance(sent_tokens, int) or not _IS_ABOUT_VALUE.search(refusal):
        return None
    lower = [
        number
        for number in find_large_numbers(refusal)
        if _LEAST_OUTPUT_TOKENS <= number < sent_tokens
    ]
    return max(lower, default=None)


def _of_parameters(dialect: Dialect, sent: Mapping[str, object], refusal: str) -> Lesson | None:
    """Leave out the parameters that the refusal names."""
    if not _IS_REFUSAL.search(refusal):
        return None
    optional = [name for name in sent if name not in _NEEDED]
    named = [name for name in optional if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", refusal)]
    if not named:
        return None
    return Lesson(
        replace(dialect, omitted=dialect.omitted | frozenset(named)),
        f"{', '.join(named)} is left out from now on",
    )


def _of_system(dialect: Dialect, sent: Mapping[str, object], refusal: str) -> Lesson | None:
    if dialect.merges_system or not _REFUSES_SYSTEM.search(refusal):
        return None
    return Lesson(replace(dialect, merges_system=True), "there is no system message from now on")
