"""Answers about the invented papers of `chatpaper demo`, which people wrote; no model is asked.

What it says is checked, stored and published as the answers of a model are, so that what the demo
shows is what a run shows.
"""

import json
from functools import cache
from pathlib import Path

from chatpaper.backends.interface import BackendSettings, RequestParameters
from chatpaper.domain import DEMO, Completion, Prompt, Script
from chatpaper.domain.errors import BackendRejectedError

# A wheel carries papers and answers inside the package; a checkout has them beside it.
_PACKAGED_FOLDER = Path(__file__).parents[1] / "_demo"
_CHECKOUT_FOLDER = Path(__file__).parents[2] / "examples" / "library"

# The languages that answers were written in, by their letters.
_LANGUAGES: dict[Script, str] = {"han": "zh", "latin": "en"}


class DemoBackend:
    """A backend that answers from files, each about one of the invented papers."""

    name = DEMO
    model = DEMO
    parameters = RequestParameters()

    def complete(self, prompt: Prompt) -> Completion:
        """Return what was written about the paper of the prompt.

        Raises BackendRejectedError for any other paper, language or field.
        """
        paper = prompt.source.paper_id
        language = _LANGUAGES.get(prompt.script, "")
        is_known = bool(language) and paper in list_demo_papers()
        answers = _read_answers(paper, language) if is_known else {}
        if not answers or any(field.name not in answers for field in prompt.fields):
            raise BackendRejectedError(
                f"The backend {DEMO!r} answers in Chinese and English about the invented papers of "
                "`chatpaper demo` alone, with what their posts show: choose a backend with a model "
                "by llm.backend.",
                model=self.model,
            )
        text = json.dumps({field.name: answers[field.name] for field in prompt.fields})
        return Completion(text, self.model)


def create(settings: BackendSettings) -> DemoBackend:
    """Make the backend, which needs no settings."""
    return DemoBackend()


def check(settings: BackendSettings) -> str:
    """Say what the backend does, for `chatpaper doctor`."""
    return "no model is used; the answers were written for the invented papers of `chatpaper demo`"


def locate_demo_folder() -> Path:
    """Return the folder with the papers of the demo, their metadata, and the answers."""
    return _PACKAGED_FOLDER if _PACKAGED_FOLDER.is_dir() else _CHECKOUT_FOLDER


def list_demo_languages() -> tuple[str, ...]:
    """List the codes of the languages in which there are answers, the usual one first."""
    return tuple(_LANGUAGES.values())


@cache
def list_demo_papers() -> tuple[str, ...]:
    """List the papers that there are answers about, by the stems of their files."""
    found = (locate_demo_folder() / "answers").glob("*.json")
    return tuple(sorted({path.name.split(".")[0] for path in found}))


@cache
def _read_answers(paper: str, language: str) -> dict[str, object]:
    path = locate_demo_folder() / "answers" / f"{paper}.{language}.json"
    answers: dict[str, object] = json.loads(path.read_bytes())
    return answers
