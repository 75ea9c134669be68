"""An OpenAI-compatible server on 127.0.0.1, as strict or as lax about answer schemas as wanted.

Run it by itself with `python -m tests.fakes.openai --port 8083`.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from tests.fakes.answers import answer_to
from tests.fakes.loopback import LoopbackServer, Reply, Request
from tests.fakes.openai_batches import OpenAIBatchService

Shape = Literal["json_schema", "json_object", "text"]

MODELS = ("fake-chat", "fake-reasoner")
_CHARACTERS_PER_TOKEN = 4
_CHARACTERS_A_CHUNK = 7

# What a server has to say against a request, or nothing.
Refuse = Callable[[Mapping[str, Any]], Reply | None]


def error(
    status: int, message: str, kind: str = "invalid_request_error", code: str | None = None
) -> Reply:
    return Reply(status, {"error": {"message": message, "type": kind, "param": None, "code": code}})


def rate_limited(retry_after: str | None = None) -> Reply:
    reply = error(429, "Rate limit reached for requests", "requests", "rate_limit_exceeded")
    return Reply(reply.status, reply.body, {"Retry-After": retry_after} if retry_after else {})


def no_balance() -> Reply:
    return error(402, "Insufficient Balance", "unknown_error")


def no_quota() -> Reply:
    return error(
        429,
        "You exceeded your current quota, please check your plan.",
        "insufficient_quota",
        "insufficient_quota",
    )


def too_long() -> Reply:
    message = (
        "This model's maximum context length is 16384 tokens. However, your messages "
        "resulted in 20000 tokens."
    )
    return error(400, message, code="context_length_exceeded")


def invalid_key() -> Reply:
    return error(401, "Incorrect API key provided: sk-wrong.", code="invalid_api_key")


def unknown_model(model: str) -> Reply:
    return error(
        404,
        f"The model `{model}` does not exist or you do not have access to it.",
        code="model_not_found",
    )


def choice(
    content: str | None, finish_reason: str = "stop", input_tokens: int = 100, **message: Any
) -> Reply:
    """Return a response with one choice; further keywords become members of its message."""
    written = len(content or "") // _CHARACTERS_PER_TOKEN
    return Reply(
        body={
            "id": "chatcmpl-fake",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": MODELS[0],
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": content, **message},
                    "logprobs": None,
                    "finish_reason": finish_reason,
                }
            ],
            "usage": {
                "prompt_tokens": input_tokens,
                "completion_tokens": written,
                "total_tokens": input_tokens + written,
                "prompt_tokens_details": {"cached_tokens": 0},
            },
        }
    )


def streamed(reply: Reply, *, is_whole: bool = True) -> Reply:
    """Send the same answer as server-sent events of a few characters each.

    A comment among them keeps the line open.
    """
    body = {key: value for key, value in reply.body.items() if key not in ("choices", "usage")}
    (choice,) = reply.body["choices"]
    parts = [{"role": "assistant", "content": None}]
    for name, value in choice["message"].items():
        if name != "role" and value:
            parts += [
                {name: part} for part in (_pieces(value) if isinstance(value, str) else [value])
            ]
    chunks = [
        body | {"choices": [{"index": 0, "delta": part, "finish_reason": None}]} for part in parts
    ]
    if is_whole:
        chunks += [
            body
            | {"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]}
        ]
        chunks += [body | {"choices": [], "usage": reply.body["usage"]}]
    lines = [
        ": keep-alive",
        *(f"data: {json.dumps(chunk, ensure_ascii=False)}" for chunk in chunks),
    ]
    lines += ["data: [DONE]"] if is_whole else []
    return Reply(
        body="".join(f"{line}\n\n" for line in lines).encode(), media_type="text/event-stream"
    )


def _pieces(text: str) -> list[str]:
    return [
        text[start : start + _CHARACTERS_A_CHUNK]
        for start in range(0, len(text), _CHARACTERS_A_CHUNK)
    ]


NO_CHOICES = Reply(
    body={"id": "chatcmpl-fake", "object": "chat.completion", "model": MODELS[0], "choices": None}
)
EMPTY = Reply(body=b"")


class FakeOpenAI(LoopbackServer):
    """Answers every well-formed call; `supports` says which ways of binding an answer it knows.

    `refuse` is what else it does not take; `disguise` gives its answers another form; `tells` is
    what it answers at further paths, or at some in place of what it would.
    """

    def __init__(
        self,
        port: int = 0,
        supports: tuple[Shape, ...] = ("json_schema", "json_object", "text"),
        key: str = "",
        refuse: Refuse = lambda body: None,
        disguise: Callable[[Reply], Reply] = lambda reply: reply,
        tells: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(port)
        self.supports = supports
        self.key = key
        self._refuse, self._disguise, self._tells = refuse, disguise, tells or {}
        self.batch_service = OpenAIBatchService(_generate)

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    def is_call(self, request: Request) -> bool:
        return request.path == "/v1/chat/completions"

    def reply(self, request: Request) -> Reply:
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return invalid_key()
        if (reply := self.batch_service.reply(request)) is not None:
            return reply
        if request.path in self._tells:
            return Reply(body=self._tells[request.path])
        if request.method == "GET" and request.path == "/v1/models":
            return Reply(
                body={
                    "object": "list",
                    "data": [{"id": name, "object": "model"} for name in MODELS],
                }
            )
        if not self.is_call(request):
            return error(404, f"Unknown request URL: {request.method} {request.path}")
        if request.body["model"] not in MODELS:
            return unknown_model(request.body["model"])
        if refusal := self._refuse(request.body) or self._refusal(request.body):
            return refusal
        if scripted := self.next_scripted():
            return scripted
        answer = self._disguise(_generate(request.body))
        return streamed(answer) if request.body.get("stream") else answer

    def _refusal(self, body: Mapping[str, Any]) -> Reply | None:
        shape = _shape_of(body)
        if shape not in self.supports:
            return error(400, f"This response_format type is unavailable now: {shape}")
        if shape == "json_object" and "json" not in _text_of(body).casefold():
            return error(
                400,
                (
                    "Prompt must contain the word 'json' to use 'response_format' "
                    "of type 'json_object'."
                ),
            )
        return None


def _shape_of(body: Mapping[str, Any]) -> Shape:
    shape: Shape = (body.get("response_format") or {"type": "text"})["type"]
    return shape


def _text_of(body: Mapping[str, Any]) -> str:
    return "\n\n".join(message["content"] for message in body["messages"])


def _generate(body: Mapping[str, Any]) -> Reply:
    text = _text_of(body)
    schema = _schema_in(body, text)
    if schema is None:
        return choice("你好。")
    written = json.dumps(answer_to(schema, text), ensure_ascii=False)
    tokens = len(text) // _CHARACTERS_PER_TOKEN
    # A server that does not bind the answer has models that like to fence their JSON.
    return choice(
        f"```json\n{written}\n```" if _shape_of(body) == "text" else written, input_tokens=tokens
    )


def _schema_in(body: Mapping[str, Any], text: str) -> Mapping[str, Any] | None:
    """Return the schema of the request, else the one that its text states."""
    if _shape_of(body) == "json_schema":
        schema: Mapping[str, Any] = body["response_format"]["json_schema"]["schema"]
        return schema
    start = text.find('{"type": "object"')
    return json.JSONDecoder().raw_decode(text[start:])[0] if start >= 0 else None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=f"A fake OpenAI-compatible server with the models {MODELS}."
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--supports", nargs="+", default=["json_schema", "json_object", "text"])
    arguments = parser.parse_args()
    FakeOpenAI(arguments.port, tuple(arguments.supports)).serve_forever()


if __name__ == "__main__":
    main()
