"""Answers that were paid for stay usable: the keys under which they are kept never change."""

from typing import Never

from chatpaper.backends import RequestParameters
from chatpaper.domain import Prompt, PromptSource
from chatpaper.summarize.cost.call_log import compute_completion_key

PROMPT = Prompt("system", "user", {"type": "object"}, (), PromptSource("2407.00001"), 100, "han")


class Named:
    """A backend that is never asked."""

    name, model = "gemini", "gemini-3.5-flash-lite"

    def __init__(self, parameters: RequestParameters) -> None:
        self.parameters = parameters

    def complete(self, prompt: Prompt) -> Never:
        raise NotImplementedError


def key(temperature: float | None = None, attempt: int = 0, **extra: object) -> str:
    return compute_completion_key(PROMPT, Named(RequestParameters(temperature, extra)), attempt)


def test_the_keys_of_cached_completions_never_change() -> None:
    assert key() == "d66a74a95f9af81691f43f4b9db0a10136895425badd4b3061da5124e8b6aa8f"
    assert key(attempt=2) == "20f8f4e329126f483a4623ea3dce83206678dcafe6638a8bdee383ee6214f7be"
    assert key(0.3) == "a73b7bcca7e5d59adf8d956df8353fc26c7749f97de668807af4d6e9de8d0723"
    assert key(0.3, attempt=1, top_k=5) == (
        "caff7bfa09d6fa6047c3bccea0d667a83d62a7b1bd0282a1f089d598541f77b8"
    )
