"""Sentences about several papers: what is dropped, why, and that what is true stands."""

from dataclasses import replace

import pytest

from chatpaper.domain.overviews.overview import DroppedSentence, OverviewSentence, Source
from chatpaper.summarize.overview.answer import Draft, read_overview, read_sources
from chatpaper.summarize.overview.checking import OverviewCheck
from chatpaper.summarize.overview.comparison import compare_results
from chatpaper.summarize.overview.material import collect_material
from chatpaper.summarize.overview.themes import group_texts
from chatpaper.summarize.prompting.library import Prompts
from tests.summarize.overview.sample import PRUNER, SAMPLER, make_entry, make_result

FIRST, SECOND = Source("2611.00001", 1), Source("2611.00002", 1)


@pytest.fixture(scope="module")
def check() -> OverviewCheck:
    return OverviewCheck(collect_material((SAMPLER, PRUNER)), Prompts.load().language("en"))


def draft(text: str, *sources: Source, unread: tuple[str, ...] = ()) -> Draft:
    return Draft("new", 0, text, sources, unread)


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("QuickStop samples diffusion models in 12 steps.", (FIRST,)),
        ("TrimNet removes 40% of the attention heads.", (SECOND,)),
        ("QuickStop saves sampling steps, and TrimNet removes attention heads.", (FIRST, SECOND)),
    ],
)
def test_what_the_papers_say_stands(
    check: OverviewCheck, text: str, sources: tuple[Source, ...]
) -> None:
    assert check.check(draft(text, *sources)) == OverviewSentence(text, sources)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (draft("QuickStop samples diffusion models in 12 steps."), "no_source"),
        (draft("QuickStop samples in 12 steps.", Source("2611.9", 1)), "unknown_paper"),
        (draft("QuickStop samples in 12 steps.", unread=("2611.9",)), "unknown_paper"),
        (draft("QuickStop samples in 12 steps.", Source("2611.00001", 3)), "unknown_page"),
        (draft("QuickStop samples in 12 steps.", unread=("2611.00001",)), "unknown_page"),
        (draft("QuickStop samples diffusion models in 7 steps.", FIRST), "unsupported"),
        (draft("QuickStop samples diffusion models in 12 steps.", SECOND), "unsupported"),
        (draft("FastNet samples diffusion models in 12 steps.", FIRST), "unsupported"),
        (draft("The attention heads of translation models are removed.", FIRST), "not_said"),
        (draft("Whales migrate along currents before winter storms.", FIRST), "not_said"),
        (draft("I am sorry, but I cannot help with that.", FIRST), "unusable"),
    ],
)
def test_what_they_do_not_say_is_dropped(check: OverviewCheck, given: Draft, reason: str) -> None:
    checked = check.check(given)
    assert isinstance(checked, DroppedSentence)
    assert (checked.text, checked.reason) == (given.text, reason)


PAIRS = (
    ("QuickStop reaches an FID of 3.1, and TrimNet one of 2.7.", "3.1", "2.7"),
    ("QuickStop and TrimNet reach an FID of 3.1 and 2.7 on ImageNet.", "3.1", "2.7"),
    ("QuickStop has an FID of 3.1 and TrimNet one of 2.7.", "3.1", "2.7"),
    ("The FID is 3.1 for QuickStop; TrimNet removes 40% of the attention heads.", "3.1", "40%"),
)


@pytest.mark.parametrize(("text", "first", "second"), PAIRS)
def test_each_paper_has_its_own_numbers(
    check: OverviewCheck, text: str, first: str, second: str
) -> None:
    both = (FIRST, SECOND)
    assert check.check(draft(text, *both)) == OverviewSentence(text, both)
    swapped = text.replace(first, "#").replace(second, first).replace("#", second)
    dropped = check.check(draft(swapped, *both))
    assert isinstance(dropped, DroppedSentence)
    assert dropped.reason == "unsupported"
    assert dropped.detail.startswith(f"{second} is not of {FIRST.arxiv_id}")


def test_a_comparison_may_have_the_numbers_of_either(check: OverviewCheck) -> None:
    text = "QuickStop reaches an FID of 3.1, worse than the 2.7 of TrimNet."
    assert isinstance(check.check(draft(text, FIRST, SECOND)), OverviewSentence)


def test_what_a_checked_statement_says_needs_no_text_of_the_paper(check: OverviewCheck) -> None:
    bare = replace(SAMPLER, document=replace(SAMPLER.document, sections=(), figures=()))
    without_text = replace(check, papers=collect_material((bare, PRUNER)))
    said = draft("QuickStop samples diffusion models in 12 steps.", FIRST)
    assert isinstance(without_text.check(said), OverviewSentence)
    invented = draft("QuickStop samples diffusion models in 128 steps.", FIRST)
    assert isinstance(without_text.check(invented), DroppedSentence)


def test_names_of_themes_are_checked_too(check: OverviewCheck) -> None:
    both = ("2611.00001", "2611.00002")
    assert check.check_name("Cheaper models.", both) == "Cheaper models"
    assert isinstance(check.check_name("Cheaper by 99%", both), DroppedSentence)
    assert isinstance(check.check_name("cheap " * 40, both), DroppedSentence)


def test_sources_are_read_in_the_ways_models_write_them() -> None:
    wanted = (Source("2611.00001", 3), Source("10.1101/2026.11.01.123456", 4))
    for text in (
        "2611.00001 p. 3; 10.1101/2026.11.01.123456 p. 4",
        "[2611.00001 p. 3], [10.1101/2026.11.01.123456 p. 4]",
        "2611.00001 第 3 页；10.1101/2026.11.01.123456 page 4",
        "2611.00001 p.3\n10.1101/2026.11.01.123456 pp. 4",
    ):
        assert read_sources(text) == (wanted, ())
    assert read_sources("the first paper") == ((), ("the first paper",))


def test_an_answer_without_sentences_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no sentences"):
        read_overview('{"names": []}')
    read = read_overview('{"names": ["a"], "sentences": [{"part": "new", "text": ""}, 3, {}]}')
    assert (read.names, read.drafts) == (("a",), ())


def test_results_on_the_same_data_stand_side_by_side_where_their_papers_have_them() -> None:
    same = make_entry(
        "2611.00003",
        "Another Sampler",
        "We sample images. The sampler is fast.",
        results=(make_result("2.9", data_set="Image-Net", metric="fid"),),
    )
    (compared,) = compare_results(collect_material((SAMPLER, same, PRUNER)))
    assert [(row.arxiv_id, row.value) for row in compared.rows] == [
        ("2611.00001", "3.1"),
        ("2611.00003", "2.9"),
        ("2611.00002", "2.7"),
    ]
    invented = make_result("1.2")
    honest = make_entry("2611.00005", "A Liar", "We sample images.")
    liar = replace(honest, summary=replace(honest.summary, answers={"results": (invented,)}))
    assert compare_results(collect_material((SAMPLER, liar))) == ()


def test_papers_are_grouped_by_what_they_are_about_and_always_alike() -> None:
    texts = [
        f"{subject} {detail}"
        for subject in ("diffusion sampler steps noise schedule", "whale song ocean acoustics")
        for detail in ("alpha", "beta", "gamma")
    ]
    groups = group_texts(texts, ("noise",))
    assert [group.places for group in groups] == [(0, 1, 2), (3, 4, 5)]
    assert groups == group_texts(texts, ("noise",))
    assert all(group.terms for group in groups)
    assert "noise" not in groups[0].terms
    assert group_texts(["", " "])[0].places == (0, 1)
    assert group_texts(["one sampler"])[0].places == (0,)
