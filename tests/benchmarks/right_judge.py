"""A Gemini on loopback that gives one answer about a paper, and then judges its statements rightly.

It knows which statements of the answer are wrong. It calls those contradicted, with words of the
paper and the sentence put right where it knows one, and all others supported. It can be made to
err: it then overlooks what is wrong, and calls what is true contradicted or not stated.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.tokens import estimate_tokens
from tests.fakes import gemini as google
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply, Request

WORDS_QUOTED = 6
CHARACTERS_QUOTED = 14
# Shorter words are found in any paper by chance, and are not looked for.
FEWEST_CHARACTERS = 24

_STATEMENT = re.compile(r"^(\d+)\. (.*?) \[([P\d, ]*)\]$((?:\n   .*)*)", re.MULTILINE)
_LABEL = re.compile(r"\A(?:Table|Figure|表|图) ?\w+ ")
_PASSAGE = re.compile(r"^\[P(\d+)\] (?:\([^\n]*?\) )?([^\n]*(?:\n(?!\[P|\n)[^\n]*)*)", re.MULTILINE)


@dataclass(frozen=True)
class Judged:
    """How a statement of a prompt is judged."""

    number: int
    text: str
    passages: tuple[int, ...]
    is_doubted: bool


class RightJudge(FakeGemini):
    """Answers about a paper, and as a second reader knows which statements are wrong.

    `answers` is what it says of the paper, `wrong` maps each wrong statement to the right one (""
    if there is none). `mistakes` is the share of statements that it judges wrongly; `seed` decides
    which.
    """

    def __init__(
        self,
        answers: Mapping[str, Any],
        wrong: Mapping[str, str],
        *,
        mistakes: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self._answers, self._wrong = answers, wrong
        self._mistakes, self._seed = mistakes, seed

    def reply(self, request: Request) -> Reply:
        reply = super().reply(request)
        if reply.status != 200 or not self.is_call(request):
            return reply
        schema = request.body["generationConfig"]["responseJsonSchema"]
        text = request.body["contents"][0]["parts"][0]["text"]
        if "verdicts" in schema["properties"]:
            given: Mapping[str, Any] = self._judged(text)
        else:
            made = json.loads(reply.body["candidates"][0]["content"]["parts"][0]["text"])
            given = {name: self._answers.get(name, made[name]) for name in schema["properties"]}
        told = json.dumps(given, ensure_ascii=False)
        system = request.body["systemInstruction"]["parts"][0]["text"]
        made = google.answer(told, estimate_tokens(system) + estimate_tokens(text))
        usage = dict(made.body["usageMetadata"]) | {"candidatesTokenCount": estimate_tokens(told)}
        return replace(made, body=dict(made.body) | {"usageMetadata": usage})

    def _judged(self, text: str) -> dict[str, Any]:
        passages = {
            int(number): words
            for number, words in _PASSAGE.findall(text.partition("\nStatements\n")[0])
        }
        verdicts = [self._verdict(judged, passages) for judged in statements_in_prompt(text)]
        supported = [each["n"] for each in verdicts if each["verdict"] == "supported"]
        return {
            "supported": supported,
            "verdicts": [
                each for each in verdicts if each["verdict"] != "supported" or "words" in each
            ],
        }

    def _verdict(self, judged: Judged, passages: Mapping[int, str]) -> dict[str, Any]:
        words = next(filter(None, (quotable(passages[number]) for number in judged.passages)), "")
        # A string as a seed: the same in every process.
        chance = Random(f"{self._seed} {judged.text}")
        errs = chance.random() < self._mistakes
        for wrong, right in self._wrong.items():
            if fold_letters(wrong) in fold_letters(judged.text) or fold_letters(
                judged.text
            ) in fold_letters(wrong):
                if errs:
                    return {"n": judged.number, "verdict": "supported", "words": words}
                told = {"n": judged.number, "words": words, "verdict": "contradicted"}
                return told | (difference(judged.text, right) if right else {})
        if errs:
            return {
                "n": judged.number,
                "words": words,
                "verdict": chance.choice(("contradicted", "not_stated")),
            }
        told = {"n": judged.number, "verdict": "supported"}
        return told | ({"words": words} if judged.is_doubted else {})


def difference(wrong: str, right: str) -> dict[str, str]:
    """Return the wrong part of a statement and its correction.

    The whole statement is corrected where that part would not be unique.
    """
    before = shared(wrong, right)
    behind = shared(wrong[before:][::-1], right[before:][::-1])
    part = wrong[before : len(wrong) - behind]
    if not part or wrong.count(part) > 1:
        return {"correction": right}
    return {"wrong": part, "correction": right[before : len(right) - behind]}


def shared(one: str, other: str) -> int:
    """Count the characters that two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next(
        (number for number, (first, second) in pairs if first != second), min(len(one), len(other))
    )


def statements_in_prompt(text: str) -> list[Judged]:
    """Return the statements that a second reader is asked about, and their passages' numbers."""
    asked = text.partition("\nStatements\n")[2].partition("\n<<<END PAPER")[0]
    return [
        Judged(int(number), words, tuple(map(int, re.findall(r"\d+", named))), "\n   Doubt" in note)
        for number, words, named, note in _STATEMENT.findall(asked)
    ]


def quotable(passage: str) -> str:
    """Return a few words of a passage, as a judge would quote them.

    The result is empty where the passage is too short.
    """
    text = _LABEL.sub("", passage)
    first = next((line for line in text.splitlines() if len(line) >= FEWEST_CHARACTERS), "")
    words = first.split()
    quoted = (
        " ".join(words[:WORDS_QUOTED]) if len(words) > WORDS_QUOTED else first[:CHARACTERS_QUOTED]
    )
    return quoted if len(quoted) >= CHARACTERS_QUOTED else first[: 2 * FEWEST_CHARACTERS]
