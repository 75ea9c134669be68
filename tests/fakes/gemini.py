"""A Gemini API on 127.0.0.1: the wire format of `/v1` and `/v1beta`, with errors.

It answers any schema. Run it by itself with `python -m tests.fakes.gemini --port 8082`.
"""

import argparse
import copy
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from tests.fakes.answers import answer_to
from tests.fakes.gemini_batches import GeminiBatchService
from tests.fakes.loopback import LoopbackServer, Reply, Request

MODELS = (
    "gemini-3.5-flash-lite",
    "gemini-3.5-flash",
    "gemini-3.8-flash",
    "gemini-2.5-flash-lite",
    "gemini-2.5-flash",
    "gemma-4-31b-it",
)
VALID_KEY = "fake-key"

# Enums as numbers, for clients that ask for `enum-encoding=int`; what is newer than this list has a
# higher number.
FINISH_REASONS = [
    "FINISH_REASON_UNSPECIFIED",
    "STOP",
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "OTHER",
    "LANGUAGE",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_FUNCTION_CALL",
]
BLOCK_REASONS = ["BLOCK_REASON_UNSPECIFIED", "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT"]
_NEWER_ENUM = 99
# "A token is equivalent to about 4 characters" (ai.google.dev, tokens); Chinese and Japanese take
# more.
_CHARACTERS_PER_TOKEN = 4
_CJK_CHARACTERS_PER_TOKEN = 1.5
_CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_THINKING_TOKENS = 64
_TYPE = "type.googleapis.com/google.rpc."


def error(code: int, status: str, message: str, details: Sequence[Mapping[str, Any]] = ()) -> Reply:
    return Reply(
        code,
        {"error": {"code": code, "message": message, "status": status, "details": list(details)}},
    )


def invalid_key() -> Reply:
    message = "API key not valid. Please pass a valid API key."
    metadata = {"service": "generativelanguage.googleapis.com"}
    return error(
        400,
        "INVALID_ARGUMENT",
        message,
        [
            {
                "@type": _TYPE + "ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
                "metadata": metadata,
            },
            {"@type": _TYPE + "LocalizedMessage", "locale": "en-US", "message": message},
        ],
    )


def leaked_key() -> Reply:
    return error(
        403,
        "PERMISSION_DENIED",
        "Your API key was reported as leaked. Please use another API key.",
        [],
    )


def wrong_country() -> Reply:
    message = (
        "Gemini API free tier is not available in your country. Please enable "
        "billing on your project."
    )
    return error(400, "FAILED_PRECONDITION", message)


def too_long() -> Reply:
    message = (
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
    )
    return error(400, "INVALID_ARGUMENT", message)


def unknown_model(model: str, version: str = "v1") -> Reply:
    message = (
        f"models/{model} is not found for API version {version}, or is not supported "
        "for generateContent. Call ListModels to see the list of available models and "
        "their supported methods."
    )
    return error(404, "NOT_FOUND", message)


def quota(
    period: str = "PerMinute", limit: str = "20", retry_delay: str = "7s", model: str = MODELS[0]
) -> Reply:
    """Refuse with HTTP 429 for the quota of a minute ("PerMinute") or of a day ("PerDay").

    The answer has the details that the service gives.
    """
    metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests"
    message = (
        "You exceeded your current quota, please check your plan and billing details. \n"
        f"* Quota exceeded for metric: {metric}, limit: {limit}, model: {model}\nPlease "
        f"retry in {retry_delay}."
    )
    violation = {
        "quotaMetric": metric,
        "quotaId": f"GenerateRequests{period}PerProjectPerModel-FreeTier",
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": limit,
    }
    link = {"description": "Learn more", "url": "https://ai.google.dev/gemini-api/docs/rate-limits"}
    return error(
        429,
        "RESOURCE_EXHAUSTED",
        message,
        [
            {"@type": _TYPE + "Help", "links": [link]},
            {"@type": _TYPE + "QuotaFailure", "violations": [violation]},
            {"@type": _TYPE + "RetryInfo", "retryDelay": retry_delay},
        ],
    )


def bare_quota() -> Reply:
    return error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")


def internal() -> Reply:
    return error(500, "INTERNAL", "An internal error has occurred. Please retry or report it.")


def overloaded() -> Reply:
    message = "This model is currently experiencing high demand. Please try again later."
    return error(503, "UNAVAILABLE", message)


def deadline() -> Reply:
    return error(
        504, "DEADLINE_EXCEEDED", "The service was unable to finish processing within the deadline."
    )


def blocked_prompt(reason: str = "PROHIBITED_CONTENT") -> Reply:
    usage = {"promptTokenCount": 7, "totalTokenCount": 7}
    return Reply(
        body={
            "promptFeedback": {"blockReason": reason},
            "usageMetadata": usage,
            "modelVersion": MODELS[0],
        }
    )


def finished(reason: str, text: str | None = None, thoughts: int = _THINKING_TOKENS) -> Reply:
    """Return a candidate that ended for this reason, with or without text."""
    content: dict[str, Any] = (
        {"role": "model"} if text is None else {"role": "model", "parts": [{"text": text}]}
    )
    candidate: dict[str, Any] = {"finishReason": reason, "index": 0}
    if text is not None or reason in ("MAX_TOKENS", "STOP"):
        candidate["content"] = content
    if reason == "SAFETY":
        rating = {
            "category": "HARM_CATEGORY_DANGEROUS_CONTENT",
            "probability": "HIGH",
            "blocked": True,
        }
        candidate["safetyRatings"] = [rating]
    return Reply(body=_response(candidate, input_tokens=10, text=text or "", thoughts=thoughts))


def answer(text: str, input_tokens: int = 100, model: str = MODELS[0]) -> Reply:
    candidate = {
        "content": {"role": "model", "parts": [{"text": text, "thoughtSignature": "c2lnbmF0dXJl"}]},
        "finishReason": "STOP",
        "index": 0,
    }
    return Reply(
        body=_response(candidate, input_tokens, text, _THINKING_TOKENS) | {"modelVersion": model}
    )


def _response(
    candidate: Mapping[str, Any], input_tokens: int, text: str, thoughts: int
) -> dict[str, Any]:
    written = _tokens(text)
    return {
        "candidates": [candidate],
        "usageMetadata": {
            "promptTokenCount": input_tokens,
            "candidatesTokenCount": written,
            "thoughtsTokenCount": thoughts,
            "totalTokenCount": input_tokens + written + thoughts,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": input_tokens}],
            "serviceTier": "standard",
        },
        "modelVersion": MODELS[0],
        "responseId": "fake-response",
    }


class FakeGemini(LoopbackServer):
    """Answers every well-formed call; `script` says what goes wrong first."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.batch_service = GeminiBatchService(lambda: self.url, _generate)

    def is_call(self, request: Request) -> bool:
        return request.path.partition("?")[0].endswith(":generateContent")

    def reply(self, request: Request) -> Reply:
        # The address to upload to is a secret itself: the library sends no key with the file.
        is_upload = request.path.startswith("/upload/to/")
        if not is_upload and request.headers.get("x-goog-api-key") != VALID_KEY:
            return invalid_key()
        if (reply := self.batch_service.reply(request)) is not None:
            return reply
        path = re.fullmatch(r"/(v1|v1beta)/models(?:/([^:?]+)(?::(\w+))?)?(?:\?.*)?", request.path)
        if path is None:
            return Reply(404, b"<html><title>Error 404 (Not Found)</title></html>")
        version, model, method = path.groups()
        if request.method == "GET":
            return self._models(model, version)
        if model not in MODELS:
            return unknown_model(model or "", version)
        if method == "countTokens":
            return _count(request.body)
        reply = self.next_scripted() or _generate(request.body, model)
        return _with_numbers(reply) if "enum-encoding=int" in unquote(request.path) else reply

    def _models(self, model: str | None, version: str) -> Reply:
        if model is None:
            return Reply(body={"models": [_model_record(name) for name in MODELS]})
        return (
            Reply(body=_model_record(model)) if model in MODELS else unknown_model(model, version)
        )


def _with_numbers(reply: Reply) -> Reply:
    """Return the reply with its finish and block reasons as numbers."""
    if reply.status != 200 or not isinstance(reply.body, dict):
        return reply
    body = copy.deepcopy(reply.body)
    for candidate in body.get("candidates", ()):
        candidate["finishReason"] = _number(FINISH_REASONS, candidate["finishReason"])
        candidate.pop("safetyRatings", None)
    if "promptFeedback" in body:
        body["promptFeedback"]["blockReason"] = _number(
            BLOCK_REASONS, body["promptFeedback"]["blockReason"]
        )
    return replace(reply, body=body)


def _number(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else _NEWER_ENUM


def _model_record(name: str) -> dict[str, Any]:
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": name,
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
        "thinking": name.startswith("gemini"),
    }


def _count(body: Mapping[str, Any]) -> Reply:
    request = _either(body, "generateContentRequest") or body
    tokens = _tokens(_text_of(request))
    return Reply(
        body={
            "totalTokens": tokens,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens}],
        }
    )


def _generate(body: Mapping[str, Any], model: str) -> Reply:
    config = _either(body, "generationConfig") or {}
    thinking = _either(config, "thinkingConfig") or {}
    if _either(thinking, "thinkingLevel") and _either(thinking, "thinkingBudget") is not None:
        return error(
            400, "INVALID_ARGUMENT", "You can only set one of thinking budget and thinking level."
        )
    if _either(thinking, "thinkingLevel") and model.startswith("gemini-2.5"):
        return error(400, "INVALID_ARGUMENT", "Thinking level is not supported for this model.")
    text = _text_of(body)
    schema = _either(config, "responseJsonSchema") or _either(config, "responseSchema")
    if schema is None:
        return answer("你好。", _tokens(text), model)
    written = json.dumps(answer_to(_lower_types(schema), text), ensure_ascii=False)
    limit = _either(config, "maxOutputTokens")
    if limit is not None and _tokens(written) > limit:
        return finished("MAX_TOKENS", written[: limit * _CHARACTERS_PER_TOKEN])
    return answer(written, _tokens(text), model)


def _text_of(body: Mapping[str, Any]) -> str:
    contents = [_either(body, "systemInstruction") or {}, *body.get("contents", [])]
    return "\n\n".join(
        part.get("text", "") for content in contents for part in content.get("parts", [])
    )


def _tokens(text: str) -> int:
    cjk = len(_CJK.findall(text))
    return round((len(text) - cjk) / _CHARACTERS_PER_TOKEN + cjk / _CJK_CHARACTERS_PER_TOKEN)


def _either(mapping: Mapping[str, Any], camel: str) -> Any:
    """Return the value under its camelCase or its snake_case name; the libraries mix both."""
    return mapping.get(
        camel, mapping.get(re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), camel))
    )


def _lower_types(schema: Any) -> Any:
    """Write the types of a schema as JSON Schema does, in lower case.

    The OpenAPI schemas of the older field have them in capitals, or as numbers of the enum.
    """
    if isinstance(schema, list):
        return [_lower_types(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    types = {1: "string", 2: "number", 3: "integer", 4: "boolean", 5: "array", 6: "object"}
    renamed = {
        {"min_items": "minItems", "max_items": "maxItems"}.get(key, key): value
        for key, value in schema.items()
    }
    lowered = {key: _lower_types(value) for key, value in renamed.items()}
    if "type" in lowered and not isinstance(lowered["type"], dict):
        lowered["type"] = types.get(lowered["type"], str(lowered["type"]).lower())
    return {
        key: int(value) if key in ("minItems", "maxItems") else value
        for key, value in lowered.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=f"A fake Gemini API; its key is {VALID_KEY!r}.")
    parser.add_argument("--port", type=int, default=0)
    FakeGemini(parser.parse_args().port).serve_forever()


if __name__ == "__main__":
    main()
