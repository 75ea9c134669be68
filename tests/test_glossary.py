"""Terms are rendered alike in every post: those that a paper uses are told to the model, after the paper."""

from pathlib import Path

import pytest

from chatpaper.domain import Paper
from chatpaper.errors import ConfigError
from chatpaper.glossary import load_glossary, terms_in
from chatpaper.prompts import Prompts

TERMS = {"few-shot": "少样本", "Transformer": "Transformer", "phantom": "体模", "agent": "智能体"}
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
    assert list(terms_in(text, TERMS)) == expected


def test_only_the_terms_of_the_paper_are_sent_and_after_it() -> None:
    prompts = Prompts.load()
    fields = prompts.fields(("summary",))
    with_term = prompts.render(fields, PAPER, "We scan a phantom.", "zh")
    without = prompts.render(fields, PAPER, "We scan a ghost.", "zh")
    assert with_term.system == without.system, "what is the same for all papers comes first and stays the same"
    assert with_term.user.index("phantom: 体模") > with_term.user.index("<<<END PAPER")
    assert "体模" not in without.user
    assert "token: " not in with_term.user


@pytest.mark.parametrize(
    ("term", "rendering"),
    [("Transformer", "Transformer"), ("few-shot", "少样本"), ("phantom", "体模"), ("clinical translation", "临床转化")],
)
def test_the_glossary_knows_what_is_often_mistranslated(term: str, rendering: str) -> None:
    assert Prompts.load().terms_in(f"the {term} of it", "zh")[term] == rendering


def test_terms_of_ones_own_go_over_the_others_and_change_the_fingerprint(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[zh]\n"phantom" = "仿体"\n"sea ice" = "海冰"\n', encoding="utf-8")
    prompts, usual = Prompts.load(own_glossary=own), Prompts.load()
    assert prompts.terms_in("phantom sea ice token", "zh") == {"token": "token", "phantom": "仿体", "sea ice": "海冰"}
    fields = usual.fields(("summary",))
    assert prompts.fingerprint(fields, "zh") != usual.fingerprint(fields, "zh")
    assert prompts.fingerprint(fields, "en") == usual.fingerprint(fields, "en")


@pytest.mark.parametrize(("text", "says"), [("[zh", "not valid TOML"), ("[zh]\nphantom = 3", "zh.phantom")])
def test_a_faulty_glossary_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"own\.toml") as raised:
        load_glossary(path)
    assert says in str(raised.value)


def test_a_glossary_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_glossary(tmp_path / "none.toml")
