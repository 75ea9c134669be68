"""The backend of the demo answers about the invented papers, and refuses all else."""

import json
from dataclasses import replace

import pytest

from chatpaper.backends import BackendSettings, check_backend, create_backend
from chatpaper.backends.demo import list_demo_papers
from chatpaper.domain import Field, Prompt, PromptSource, Script
from chatpaper.domain.errors import BackendRejectedError

PROMPT = Prompt(
    "",
    "",
    {},
    (Field("tldr", "text", ""), Field("results", "results", "")),
    PromptSource("planted-images"),
    1000,
    "han",
)


@pytest.mark.parametrize("script", ["han", "latin"])
def test_each_paper_has_its_answers(script: Script) -> None:
    backend = create_backend("demo", BackendSettings())
    verdicts = set()
    for paper in list_demo_papers():
        completion = backend.complete(replace(PROMPT, source=PromptSource(paper), script=script))
        answers = json.loads(completion.text)
        assert list(answers) == ["tldr", "results"]
        assert (completion.model, completion.input_tokens, completion.output_tokens) == (
            "demo",
            0,
            0,
        )
        verdicts.add(answers["tldr"])
    assert len(verdicts) == len(list_demo_papers()) >= 3


@pytest.mark.parametrize(
    "prompt",
    [
        replace(PROMPT, source=PromptSource("2407.18125")),
        replace(PROMPT, source=PromptSource("../metadata")),
        replace(PROMPT, script="kana"),
        replace(PROMPT, fields=(Field("paper_class", "choice", ""),)),
    ],
)
def test_what_it_knows_nothing_of_is_refused_as_a_wrong_setting(prompt: Prompt) -> None:
    with pytest.raises(BackendRejectedError, match="choose"):
        create_backend("demo", BackendSettings()).complete(prompt)


def test_the_doctor_is_told_that_no_model_is_used() -> None:
    assert "no model is used" in check_backend("demo", BackendSettings())
