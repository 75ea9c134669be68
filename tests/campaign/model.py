"""The fake Gemini of the campaign, with a log by prompt.

Its faults last for a number of calls or a night.
"""

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.answers import paper_in
from tests.fakes.gemini import FakeGemini, answer
from tests.fakes.loopback import Reply, Request

AnswerTo = Callable[[Request], Reply]
# What becomes of a call; it may look at what a healthy service would answer.
ModelFault = Callable[[Request, AnswerTo], Reply]


@dataclass(frozen=True)
class Call:
    """A call that came in; `text` is the answer, where it was a good one."""

    digest: str
    text: str | None


class CampaignGemini(FakeGemini):
    """Answers every call well but for the faults in `faults`.

    Each has the number of calls that it will still strike (None: all).
    """

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Call] = []
        self.faults: list[tuple[ModelFault, int | None]] = []
        self.on_event: Callable[[str], None] = lambda kind: None

    def heal(self) -> None:
        with self._lock:
            self.faults.clear()

    def reply(self, request: Request) -> Reply:
        if not self.is_call(request):
            return super().reply(request)
        self.on_event("call")
        fault = self._next_fault()
        reply = fault(request, super().reply) if fault else super().reply(request)
        digest = hashlib.sha256(json.dumps(request.body, sort_keys=True).encode()).hexdigest()
        self.log.append(Call(digest, None if fault else text_of(reply)))
        self.on_event("answer")
        return reply

    def _next_fault(self) -> ModelFault | None:
        with self._lock:
            if not self.faults:
                return None
            fault, left = self.faults[0]
            if left == 1:
                self.faults.pop(0)
            elif left is not None:
                self.faults[0] = (fault, left - 1)
            return fault


def text_of(reply: Reply) -> str:
    """Return the text of an answer, empty where there is none."""
    candidates = reply.body.get("candidates", ()) if isinstance(reply.body, dict) else ()
    parts = [part for each in candidates for part in each.get("content", {}).get("parts", ())]
    return "".join(part.get("text", "") for part in parts)


def fixed(reply: Reply) -> ModelFault:
    """Make a fault that always sends this reply."""
    return lambda request, answer_to: reply


def written(change: Callable[[Any], Any]) -> ModelFault:
    """Make a fault that changes every sentence of a healthy answer."""

    def play(request: Request, answer_to: AnswerTo) -> Reply:
        def changed(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: changed(each) for key, each in value.items()}
            return [changed(each) for each in value] if isinstance(value, list) else change(value)

        return answer(
            json.dumps(changed(json.loads(text_of(answer_to(request)))), ensure_ascii=False)
        )

    return play


def broken(**how: Any) -> ModelFault:
    """Make a fault that spoils the sending of a healthy answer.

    The connection keeps only a part of it (`cut`, `reset`), or it comes late (`pause_seconds`).
    """

    def play(request: Request, answer_to: AnswerTo) -> Reply:
        healthy = answer_to(request)
        return Reply(healthy.status, healthy.body, healthy.headers, **how)

    return play


_OTHER_PAPER = "Abstract\n" + " ".join(
    (
        f"Galaxies of the {kind} cluster rotate faster than their visible stars and gas "
        "would ever allow them to."
    )
    for kind in ("Coma", "Virgo", "Fornax", "Perseus")
)


def for_another_paper(request: Request, answer_to: AnswerTo) -> Reply:
    """Answer as the model would have for another paper.

    It plays a mix-up of requests, or of lines of a batch.
    """
    body = json.dumps(request.body)
    paper = paper_in("\n".join(_texts(request.body)))
    swapped = body.replace(json.dumps(paper)[1:-1], json.dumps(_OTHER_PAPER + "\n")[1:-1])
    assert swapped != body, "no paper was found in the prompt"
    reply = answer_to(Request(request.method, request.path, request.headers, json.loads(swapped)))
    claims = json.loads(text_of(reply))
    named = json.dumps(claims, ensure_ascii=False).replace(
        "该工作", "该工作在 Fornax 星系团的 4187 个样本上"
    )
    changed = copy.deepcopy(reply.body)
    changed["candidates"][0]["content"]["parts"][0]["text"] = named
    return Reply(reply.status, changed)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for each in value.values() for text in _texts(each)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []
