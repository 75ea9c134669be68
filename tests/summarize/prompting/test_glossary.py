"""Terms are rendered alike in every post: the model is told those that a paper uses.

They come after the paper in the prompt.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from chatpaper.domain import Paper
from chatpaper.domain.errors import ConfigError
from chatpaper.summarize.prompting.glossary import (
    find_glossary_terms,
    load_glossary,
    select_glossary_terms,
)
from chatpaper.summarize.prompting.library import Prompts

TERMS = ("few-shot", "Transformer", "phantom", "agent")
PAPER = Paper("1", "A Title", abstract="An abstract.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Few-shot learning", ["few-shot"]),
        ("few shot", ["few-shot"]),
        ("transformers and phantoms", ["Transformer", "phantom"]),
        ("a reagent", []),
        ("", []),
    ],
)
def test_terms_are_found_as_words(text: str, expected: list[str]) -> None:
    assert list(find_glossary_terms(text, TERMS)) == expected


def test_only_the_terms_of_the_paper_are_sent_and_after_it() -> None:
    prompts = Prompts.load()
    fields = prompts.fields(("summary",))
    paper = replace(PAPER, abstract="A dose is measured by tomography.")
    with_term = prompts.render(fields, paper, "We scan a phantom.", "zh")
    without = prompts.render(fields, paper, "We scan a ghost.", "zh")
    assert with_term.system == without.system, (
        "what is the same for all papers comes first and stays the same"
    )
    assert with_term.user.index("phantom: 体模") > with_term.user.index("<<<END PAPER")
    assert "体模" not in without.user
    assert "token: " not in with_term.user


@pytest.mark.parametrize(
    ("term", "rendering"),
    [
        ("knowledge distillation", "知识蒸馏"),
        ("few-shot", "少样本"),
        ("clinical translation", "临床转化"),
    ],
)
def test_the_glossary_knows_what_is_often_mistranslated(term: str, rendering: str) -> None:
    assert (
        select_glossary_terms(PAPER, f"the {term} of it", Prompts.load().glossary["zh"])[term]
        == rendering
    )


@pytest.mark.parametrize(
    ("term", "abstract", "categories", "rendering"),
    [
        ("prompt", "We tune a prompt for a large language model.", ("cs.CL",), "提示"),
        ("prompt", "We tune a prompt for a large language model.", (), "提示"),
        (
            "prompt",
            "After a prompt merger the remnant emits gravitational waves.",
            ("astro-ph.HE",),
            None,
        ),
        ("prompt", "After a prompt merger the remnant emits gravitational waves.", (), None),
        (
            "prompt",
            "Prompt gamma rays are classified by a simple rule.",
            ("cs.LG", "nucl-ex"),
            None,
        ),
        ("Transformer", "A vision Transformer is pretrained on images.", ("cs.CV",), "Transformer"),
        (
            "Transformer",
            "The winding of a power transformer overheats under load.",
            ("eess.SY", "cs.SY"),
            None,
        ),
        ("backbone", "A neural network serves as the backbone.", ("cs.CV",), "骨干网络"),
        ("backbone", "The backbone of the protein folds early.", ("q-bio.BM",), None),
        ("alignment", "Alignment of an LLM with human feedback.", ("cs.AI",), "对齐"),
        ("alignment", "The alignment of spins in a magnet.", ("cond-mat.str-el",), None),
        (
            "phantom",
            "Doses in a water phantom are measured by tomography.",
            ("physics.med-ph",),
            "体模",
        ),
        ("phantom", "A phantom field drives the expansion.", ("gr-qc",), None),
        ("fine-tuning", "The hierarchy problem asks for fine-tuning.", ("hep-ph",), None),
        ("ablation", "Laser ablation of copper by short pulses.", ("physics.optics",), None),
        (
            "knowledge distillation",
            "Knowledge distillation of stars.",
            ("astro-ph.SR",),
            "知识蒸馏",
        ),
    ],
)
def test_a_term_is_rendered_only_in_its_sense(
    term: str, abstract: str, categories: tuple[str, ...], rendering: str | None
) -> None:
    paper = replace(PAPER, abstract=abstract, categories=categories)
    assert (
        select_glossary_terms(paper, "The text goes on.", Prompts.load().glossary["zh"]).get(term)
        == rendering
    )


def test_a_context_may_be_one_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        (
            '[contexts.ice]\narchives = ["physics"]\nwords = ["polar"]\n[zh]\n"floe" = { as = '
            '"浮冰", in = "ice" }\n'
        ),
        encoding="utf-8",
    )
    terms = Prompts.load(own_glossary=own).glossary["zh"]
    polar = replace(PAPER, abstract="A polar floe.")
    assert "floe" in select_glossary_terms(polar, "", terms)
    assert "floe" in select_glossary_terms(replace(polar, categories=("physics.ao-ph",)), "", terms)
    assert "floe" not in select_glossary_terms(replace(polar, categories=("cs.CV",)), "", terms)
    assert "floe" not in select_glossary_terms(PAPER, "A floe.", terms)


def test_terms_of_ones_own_go_over_the_others_and_change_the_fingerprint(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[zh]\n"phantom" = "仿体"\n"sea ice" = "海冰"\n', encoding="utf-8")
    prompts, usual = Prompts.load(own_glossary=own), Prompts.load()
    assert select_glossary_terms(PAPER, "phantom sea ice benchmark", prompts.glossary["zh"]) == {
        "benchmark": "基准",
        "phantom": "仿体",
        "sea ice": "海冰",
    }
    fields = usual.fields(("summary",))
    assert prompts.fingerprint(fields, "zh") != usual.fingerprint(fields, "zh")
    assert prompts.fingerprint(fields, "en") == usual.fingerprint(fields, "en")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[zh", "not valid TOML"),
        ("[zh]\nphantom = 3", "zh.phantom"),
        ("[zh]\nphantom = { as = 'x' }", "zh.phantom"),
        ("[zh]\nphantom = { as = 'x', in = 'ghosts' }", "'phantom' is of the context 'ghosts'"),
    ],
)
def test_a_faulty_glossary_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"own\.toml") as raised:
        load_glossary(path)
    assert says in str(raised.value)


def test_a_glossary_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_glossary(tmp_path / "none.toml")
