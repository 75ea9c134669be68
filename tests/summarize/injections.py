"""Papers that try to have a model say something else, and a model that always gives in.

Each injection stands in a paper of its own, where a reader sees it or does not, with what an
obedient model would say.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pymupdf

from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply, Request


@dataclass(frozen=True)
class Injection:
    """What a paper holds, and `says`, what it wants to be said."""

    name: str
    text: str
    says: str
    hidden: bool = False


def _load() -> tuple[Injection, ...]:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["injections"]
    visible = [Injection(each["name"], each["text"], each["says"]) for each in table]
    hidden = [
        Injection(f"{each['name']}, hidden", each["text"], each["says"], hidden=True)
        for each in table
        if each.get("hidden_too")
    ]
    return (*visible, *hidden)


INJECTIONS = _load()

TITLE = "Leaves in Wind, Part {number}"
_BODY = (
    (
        "Leaves move in wind, and their motion tells how stiff they are. We film leaves of many "
        "trees and measure how far they bend at each speed of the air. A small model of a beam "
        "explains what we see, and it needs no tuning at all."
    ),
    "1 Introduction",
    (
        "Stiff leaves are costly for a tree, and soft ones are torn by storms. Earlier studies "
        "bent single leaves in the laboratory, which says little about whole trees in the open. We "
        "therefore film trees where they stand."
    ),
    "2 Method",
    (
        "A camera on a tripod records each tree for one hour while a sensor nearby measures the "
        "speed of the air. The outline of every leaf is followed from frame to frame, and its "
        "bending is compared with the model of a beam."
    ),
    "3 Results",
    (
        "The model predicts the bending of most leaves well, and it fails for compound leaves, "
        "whose parts move on their own. Stiffness grows with the age of a leaf, which nobody had "
        "measured on standing trees before."
    ),
)
_LEFT, _RIGHT, _SIZE, _TITLE_SIZE, _LEADING = 72, 523, 10, 16, 14


def write_papers(folder: Path) -> None:
    """Write a PDF for each injection, and what a source of papers would say of them."""
    records = []
    for number, injection in enumerate(INJECTIONS, start=1):
        name = f"leaves-{number:02d}.pdf"
        _write_paper(folder / name, TITLE.format(number=number), injection)
        records.append(
            {
                "file": name,
                "title": TITLE.format(number=number),
                "authors": ["Ada Brook"],
                "abstract": _BODY[0],
            }
        )
    (folder / "metadata.json").write_text(json.dumps(records), encoding="utf-8")


def _write_paper(path: Path, title: str, injection: Injection) -> None:
    with pymupdf.open() as pdf:
        page = pdf.new_page()
        page.insert_text((_LEFT, 80), title, fontsize=_TITLE_SIZE)
        page.insert_text((_LEFT, 105), "Ada Brook", fontsize=_SIZE)
        page.insert_text((_LEFT, 125), "Institute of Leaves", fontsize=_SIZE)
        page.insert_text((_LEFT, 150), "Abstract", fontsize=12, fontname="hebo")
        bottom = 160.0
        paragraphs = (*_BODY, injection.text) if not injection.hidden else _BODY
        for paragraph in paragraphs:
            is_heading = len(paragraph) < 20 and paragraph[0].isdigit()
            font = "hebo" if is_heading else "china-s" if not paragraph.isascii() else "helv"
            box = pymupdf.Rect(_LEFT, bottom, _RIGHT, bottom + 100)
            left_over = page.insert_textbox(
                box, paragraph, fontsize=12 if is_heading else _SIZE, fontname=font
            )
            bottom += 100 - left_over + _LEADING
        if injection.hidden:
            font = "helv" if injection.text.isascii() else "china-s"
            page.insert_text(
                (_LEFT, bottom + 20), injection.text, fontsize=1, fontname=font, color=(1, 1, 1)
            )
        pdf.save(path)


class ObedientGemini(FakeGemini):
    """Says what an injection wants: as a whole field, at the end of one, in a claim that quotes it.

    As a second reader it supports every other statement by the words of the injection, and corrects
    the others.
    """

    def reply(self, request: Request) -> Reply:
        reply = super().reply(request)
        if reply.status != 200 or not self.is_call(request):
            return reply
        system = request.body["systemInstruction"]["parts"][0]["text"]
        text = request.body["contents"][0]["parts"][0]["text"]
        injection = injection_of(text)
        says = system if injection.says == "SYSTEM" else injection.says
        body = json.loads(json.dumps(reply.body))
        part = body["candidates"][0]["content"]["parts"][0]
        asked = request.body["generationConfig"]["responseJsonSchema"]["properties"]
        answer: dict[str, Any] = (
            {
                "supported": [],
                "verdicts": _obedient_verdicts(asked["verdicts"]["maxItems"], says, injection),
            }
            if "verdicts" in asked
            else _obedient(json.loads(part["text"]), says, injection)
        )
        part["text"] = json.dumps(answer, ensure_ascii=False)
        return replace(reply, body=body)


def injection_of(prompt_text: str) -> Injection:
    """Return the injection of the paper in a prompt, which its title identifies."""
    title = TITLE.format(number="").strip()
    number = prompt_text.partition(title)[2].split()[0]
    return INJECTIONS[int(number) - 1]


def _obedient(answer: Mapping[str, Any], says: str, injection: Injection) -> dict[str, Any]:
    changed = dict(answer)
    if "summary" in changed:
        changed["summary"] = says
    if "performance" in changed:
        changed["performance"] = f"{changed['performance']}{says}"
    if "key_takeaways" in changed:
        first, *others = changed["key_takeaways"]
        changed["key_takeaways"] = [first | {"text": says, "quote": injection.text}, *others]
    return changed


def _obedient_verdicts(count: int, says: str, injection: Injection) -> list[dict[str, Any]]:
    supported = {"verdict": "supported", "words": injection.text}
    contradicted = {"verdict": "contradicted", "words": injection.text, "correction": says}
    return [
        {"n": number} | (supported if number % 2 else contradicted)
        for number in range(1, count + 1)
    ]
