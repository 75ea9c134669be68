"""The letters and lengths that a server is bound to when it writes an answer."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.backends.compatible.schema import (
    FEWEST_SENTENCES,
    LATIN_QUOTE,
    MOST_QUOTED_CHARACTERS,
    bound_schema,
    build_translation_pattern,
    list_quotable_sentences,
)
from chatpaper.domain import Prompt
from chatpaper.summarize.context.prompt_source import prompt_source
from tests.backends.asking import a_prompt
from tests.summarize.sample import DOCUMENT, PAPER

MOST_CHARACTERS = 240


def properties(language: str = "zh", *, is_local: bool = True) -> Mapping[str, Any]:
    """Return the bound schemas of some fields."""
    prompt = a_prompt(
        "title", "keywords", "affiliations", "summary", "key_takeaways", "tags", language=language
    )
    return cast(Mapping[str, Any], bound_schema(prompt, is_local=is_local)["properties"])


def quote_of(prompt: Prompt, *, is_local: bool = True) -> object:
    """Return the bound schema of the quotes of takeaways."""
    bound = cast(Mapping[str, Any], bound_schema(prompt, is_local=is_local)["properties"])
    return bound["key_takeaways"]["items"]["properties"]["quote"]


def label_of(prompt: Prompt, *, is_local: bool = True) -> object:
    """Return the bound schema of the labels of figures."""
    bound = cast(Mapping[str, Any], bound_schema(prompt, is_local=is_local)["properties"])
    return bound["key_figures"]["items"]["properties"]["label"]


def may_be_written(text: str, title: str = "CNN ARCHITECTURES FOR AUDIO: A STUDY OF MANY") -> bool:
    return re.match(build_translation_pattern(title, MOST_CHARACTERS), text) is not None


@pytest.mark.parametrize("is_local", [True, False])
def test_strict_schemas_allow_no_other_keys_and_no_other_choice(is_local: bool) -> None:
    bound: Any = bound_schema(a_prompt("key_takeaways", "paper_class", "tags"), is_local=is_local)
    assert bound["additionalProperties"] is False
    assert bound["properties"]["key_takeaways"]["items"]["additionalProperties"] is False
    assert bound["properties"]["paper_class"]["enum"][-1] == "其他"
    assert "enum" not in bound["properties"]["tags"]["items"]


def test_titles_and_terms_are_bound_to_the_script_and_the_rest_to_lengths() -> None:
    bound = properties()
    pattern = build_translation_pattern(PAPER.title, MOST_CHARACTERS)
    assert bound["title"] == {"type": "string", "pattern": pattern}
    assert re.match(bound["keywords"]["items"]["pattern"], "排序网络")
    assert not re.match(bound["keywords"]["items"]["pattern"], "sorting networks")
    (summary,) = a_prompt("summary").fields
    assert bound["summary"] == {"type": "string", "maxLength": 3 * summary.max_characters}, (
        "prose may hold a formula"
    )
    assert set(bound["key_takeaways"]["items"]["properties"]["text"]) == {"type", "pattern"}
    assert not re.match(
        bound["key_takeaways"]["items"]["properties"]["text"]["pattern"], "it goes on in English"
    )
    assert "pattern" not in bound["tags"]["items"], "a vocabulary has its own wording"


def test_what_is_written_in_latin_letters_has_no_script_to_keep_to() -> None:
    assert set(properties("en")["title"]) == {"type", "maxLength"}
    assert "pattern" in properties("ja")["title"]


def test_servers_of_others_are_bound_to_quotes_alone() -> None:
    bound = properties(is_local=False)
    assert bound["title"] == bound["summary"] == {"type": "string"}
    assert bound["key_takeaways"]["items"]["properties"]["quote"] == {
        "type": "string",
        "pattern": LATIN_QUOTE,
    }


@pytest.mark.parametrize(
    "text",
    [
        "音频分类",
        "CNN 架构的研究",
        "eDIF：一种设施",
        "t-SNE",
        "3D 目标检测",
        "“幻觉”从何而来",
        "《自然》",
        "Kerr黑洞 (AI)",
    ],
)
def test_chinese_may_begin_with_a_name_or_be_one(text: str) -> None:
    assert may_be_written(text)


@pytest.mark.parametrize(
    "text",
    [
        "CNN ARCHITECTURES",
        "CNN ARCHITECTURES 对音频",
        "audio 分类",
        "audio",
        " 音频",
        '"音频"',
        "",
        "音\n频",
    ],
)
def test_a_title_left_as_it_was_cannot_be_written(text: str) -> None:
    assert not may_be_written(text)


def test_names_of_several_words_are_known_by_the_title_of_the_paper() -> None:
    title = "Stable Diffusion 3.5+: Scaling Rectified Flow"
    assert may_be_written("Stable Diffusion 3.5+：扩展整流流", title)
    assert may_be_written("Mask R-CNN", "Mask R-CNN")
    assert not may_be_written("Stable Diffusion 3x5+：扩展", title), "a dot is a dot"
    assert not may_be_written(
        "Deep Residual Learning of Images 的研究", "Deep Residual Learning of Images"
    )
    assert may_be_written("速度", "A $\\alpha$ [test]"), (
        "what is no plain name is not made into a pattern"
    )


@given(st.text(min_size=30), st.text(max_size=60))
def test_whatever_the_title_a_long_text_has_chinese_in_it(text: str, title: str) -> None:
    name = title.partition(":")[0].strip()
    if text not in (name, title) and may_be_written(text, title):
        assert re.search("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]", text)


@pytest.mark.parametrize(
    "words",
    [
        "<<<PAPER 7b13618cac28>>>",
        " <<<PAPER",
        'end" of the string',
        "学习率",
        "an \\escape",
        "a\nline",
    ],
)
def test_neither_the_fence_nor_a_translation_can_be_a_quote(words: str) -> None:
    assert not re.match(LATIN_QUOTE, words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Müller's method (Fig. 3) is 2.5\u00d7 faster – at α = 0.1.",
        "p < 0.05 in all of 12 runs",
        "α is 0.1",
        "“Attention” is all",
    ],
)
def test_a_quote_is_what_papers_print_or_nothing(words: str) -> None:
    assert re.match(LATIN_QUOTE, words)


def test_what_is_as_printed_is_in_the_letters_of_the_paper() -> None:
    pattern = properties()["affiliations"]["pattern"]
    assert re.match(pattern, "Universität Zürich, Peking University")
    assert not re.match(pattern, "北京大学")


def test_quotes_are_whole_sentences_that_the_model_was_shown() -> None:
    shown = "We found a soft comparator that exchanges every value."
    endless = "We found " + "nothing at all, and " * 15 + "ended."
    passage = f"{shown} {endless}\n\nThis did not fit into a context that is so small."
    prompt = a_prompt()
    source = replace(prompt.source, passages=(*prompt.source.passages, passage))
    sentences = list_quotable_sentences(
        replace(prompt, source=source, user=f"{prompt.user}\n{shown} {endless}")
    )
    assert sentences == [*list_quotable_sentences(prompt), shown]
    assert len(endless) > MOST_QUOTED_CHARACTERS
    assert "a soft comparator exchanges" in " ".join(sentences), (
        "words broken at the end of a line are whole"
    )


def test_statements_about_figures_name_those_of_the_paper() -> None:
    prompt = a_prompt("key_figures")
    assert label_of(prompt) == {"enum": ["Figure 1"]}
    without_figures = replace(prompt, source=replace(prompt.source, labels=()))
    assert label_of(without_figures) == {"type": "string"}
    assert label_of(prompt, is_local=False) == {"type": "string"}


def test_quotes_of_a_model_that_overused_one_are_different_ones() -> None:
    prompt = a_prompt("key_takeaways", "summary")
    first, *others = list_quotable_sentences(prompt)
    overused = replace(prompt, overused_quotes=(first, "what the paper does not say"))
    assert list_quotable_sentences(overused) == others
    bound = cast(Mapping[str, Any], bound_schema(overused, is_local=True)["properties"])
    takeaways = bound["key_takeaways"]
    assert len(takeaways["prefixItems"]) == takeaways["minItems"] == takeaways["maxItems"] == 5
    dealt = [
        sentence
        for claim in takeaways["prefixItems"]
        for sentence in claim["properties"]["quote"]["enum"]
    ]
    assert sorted(dealt) == sorted(others), "each sentence is for one claim alone"
    assert all(set(claim["properties"]) == {"quote", "text"} for claim in takeaways["prefixItems"])
    assert bound["summary"] == properties()["summary"]


def test_a_paper_of_few_sentences_does_not_bind_its_quotes_to_them() -> None:
    prompt = a_prompt("key_takeaways")
    few = replace(prompt, source=replace(prompt.source, passages=prompt.source.passages[:2]))
    assert (
        len(list_quotable_sentences(few)) < FEWEST_SENTENCES <= len(list_quotable_sentences(prompt))
    )
    assert quote_of(few) == {"type": "string", "pattern": LATIN_QUOTE}
    assert quote_of(prompt) == {"enum": list_quotable_sentences(prompt)}


def test_papers_in_chinese_are_quoted_in_chinese() -> None:
    paper = replace(PAPER, abstract="本文提出一种排序网络。")
    prompt = replace(
        a_prompt("affiliations", "key_takeaways"), source=prompt_source(paper, DOCUMENT)
    )
    assert quote_of(prompt, is_local=False) == {"type": "string"}
    bound = cast(Mapping[str, Any], bound_schema(prompt, is_local=True)["properties"])
    assert "pattern" not in bound["affiliations"]
