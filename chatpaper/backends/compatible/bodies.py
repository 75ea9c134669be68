"""Convert the bodies that servers send to one form of OpenAI's chat completions.

In that form a body has one message, and its content is a text. Servers send content as a list of
parts, thoughts among them (Mistral), the bound answer as what was thought (vLLM) or as the
arguments of a tool, and streams of server-sent events, which some send to those who did not ask for
one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

_BYTE_ORDER_MARK = "\ufeff"
# How the lines of a stream of events begin (WHATWG HTML, section 9.2.6).
_EVENT_FIELDS = ("data:", "event:", "id:", "retry:", ":")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_END_OF_STREAM = "[DONE]"
_THOUGHTS = ("thinking", "reasoning", "redacted_thinking", "reasoning_text", "summary_text")
_END_OF_THOUGHTS = "</think>"


def read_body(text: str) -> object:
    """Return the JSON value of a body, its first message normalized.

    The events of a stream are joined to one value. Raises ValueError where the body is neither JSON
    nor a stream, or is a stream that ends before the answer does.
    """
    bare = text.lstrip(_BYTE_ORDER_MARK + " \t\r\n")
    try:
        body = _joined(_events(bare)) if bare.startswith(_EVENT_FIELDS) else json.loads(bare)
    except RecursionError as error:
        raise ValueError("the body is nested too deeply") from error
    return with_plain_message(body)


def with_plain_message(body: object) -> object:
    """Return the body with a text for the content of its first message.

    A body of any other form stays as it is.
    """
    match body:
        case {"choices": [Mapping() as choice, *_]} if isinstance(choice.get("message"), Mapping):
            plain = {**choice, "message": _plain_message(choice["message"])}
            counted = body.get("usage") if isinstance(body, Mapping) else None
            usage = counted if isinstance(counted, Mapping) else None
            return {**cast(Mapping[str, object], body), "choices": [plain], "usage": usage}
    return body


def _plain_message(message: Mapping[str, object]) -> Mapping[str, object]:
    content, in_parts = _said(message.get("content")), _thought(message.get("content"))
    thoughts = (
        _said(message.get("reasoning_content")) or _said(message.get("reasoning")) or in_parts
    )
    text = content if content.strip() else _arguments(message)
    if not text and (answer := _answer_in(thoughts)):
        text, thoughts = answer, ""
    refusal = message.get("refusal")
    return {
        "content": text,
        "reasoning_content": thoughts,
        "refusal": refusal if isinstance(refusal, str) else None,
    }


def _said(content: object) -> str:
    """Return the text of content, without the parts that are thoughts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(_said_in_part(part) for part in content)
    if isinstance(content, Mapping):
        # What a server has decoded already.
        return _said_in_part(content) if "text" in content or "type" in content else _json(content)
    return ""


def _said_in_part(part: object) -> str:
    if isinstance(part, Mapping):
        part = "" if part.get("type") in _THOUGHTS else part.get("text")
    return part if isinstance(part, str) else ""


def _thought(content: object) -> str:
    """Return the text of the parts that are thoughts."""
    parts = content if isinstance(content, list) else ()
    thoughts = (
        part for part in parts if isinstance(part, Mapping) and part.get("type") in _THOUGHTS
    )
    return "".join(_said(part.get(str(part["type"]), part.get("text"))) for part in thoughts)


def _arguments(message: Mapping[str, object]) -> str:
    """Return what the first tool is called with: some models give a bound answer so."""
    call: object = message.get("function_call")
    match message.get("tool_calls"):
        case [{"function": Mapping() as function}, *_]:
            call = function
    arguments = call.get("arguments") if isinstance(call, Mapping) else ""
    return arguments if isinstance(arguments, str) else _json(arguments)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _answer_in(thoughts: str) -> str:
    """Return the object that thoughts are or end with.

    A draft that is followed by further thoughts is no answer.
    """
    last = thoughts.rpartition(_END_OF_THOUGHTS)[2].strip()
    return last if last.startswith("{") and last.endswith("}") else ""


def _events(text: str) -> Iterator[str]:
    """Yield the data of each event of a stream."""
    data: list[str] = []
    for line in [*_LINE_ENDS.split(text), ""]:
        if line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
        elif not line and data:
            yield "\n".join(data)
            data = []


def _joined(events: Iterator[str]) -> object:
    """Return the body that the chunks of a stream come to.

    An event that is no chunk of an answer stands for the whole.
    """
    whole: dict[str, object] = {}
    written: dict[str, list[str]] = {
        name: [] for name in ("content", "reasoning_content", "arguments", "refusal")
    }
    end: object = None
    for data in events:
        if data.strip() == _END_OF_STREAM:
            end = end or "stop"
            break
        chunk = json.loads(data)
        if not isinstance(chunk, Mapping) or chunk.get("error") or "choices" not in chunk:
            return chunk
        whole |= {key: value for key, value in chunk.items() if value is not None}
        choice = _first_choice(chunk)
        if choice.get("error"):
            return {"error": choice["error"]}
        for name, text in _plain_delta(choice.get("delta") or choice.get("message")).items():
            written[name].append(text)
        end = choice.get("finish_reason") or end
    if end is None:
        raise ValueError("the stream ended before the answer did")
    message = {name: "".join(texts) for name, texts in written.items()}
    message["content"] = message["content"] or message.pop("arguments")
    return {**whole, "choices": [{"index": 0, "message": message, "finish_reason": end}]}


def _first_choice(chunk: Mapping[str, object]) -> Mapping[str, object]:
    match chunk.get("choices"):
        case [Mapping() as choice, *_] if choice.get("index", 0) == 0:
            return choice
    return {}


def _plain_delta(delta: object) -> Mapping[str, str]:
    if not isinstance(delta, Mapping):
        return {}
    content = delta.get("content")
    return {
        "content": _said(content),
        "reasoning_content": _said(delta.get("reasoning_content"))
        or _said(delta.get("reasoning"))
        or _thought(content),
        "arguments": _arguments(delta),
        "refusal": _said(delta.get("refusal")),
    }
