"""The English words by which a paper may say what a sentence in Chinese speaks of."""

import pytest

from chatpaper.summarize.verify.passages import Passages
from chatpaper.summarize.verify.terms import Terms, extract_terms, find_proper_nouns, stem_word
from tests.summarize.sample import DOCUMENT


def list_stems(sentence: str) -> set[str]:
    return set().union(*extract_terms(sentence).alternatives)


@pytest.mark.parametrize(
    ("sentence", "stem"),
    [
        ("冰川正在融化", "glacie"),
        ("土壤里的水分", "soil"),
        ("地震之后", "earthq"),
        ("傅里叶展开", "fourie"),
        ("觀測到的彗星", "comet"),
        ("望远镜", "telesc"),
    ],
    ids=["verb", "nature", "event", "name", "traditional characters", "instrument"],
)
def test_everyday_words_are_known_from_the_dictionary(sentence: str, stem: str) -> None:
    assert stem in list_stems(sentence)


def test_terms_of_papers_have_the_sense_of_papers() -> None:
    assert list_stems("损失") == {"损失", *map(stem_word, ("loss", "lost", "lose"))}


def test_measure_words_and_references_are_no_senses() -> None:
    assert not list_stems("苹果") & {"个", "ge4", "cl"}
    assert "surnam" not in list_stems("高斯")


def test_single_characters_are_read_by_the_table_alone() -> None:
    assert not any(stem.isascii() for stem in list_stems("这也了"))
    assert "layer" in list_stems("十层")


def test_a_rare_sense_of_a_term_counts_no_more_than_a_common_one() -> None:
    """A term is as rare as all passages that have one of its senses."""
    passages = Passages(DOCUMENT)
    holders = {
        stem: {number for number, each in enumerate(passages.all) if stem in each.stems}
        for stem in passages.stems
    }
    common = max(sorted(holders), key=lambda stem: len(holders[stem]))
    rare = next(
        stem
        for stem in sorted(holders)
        if len(holders[stem]) == 1 and holders[stem] < holders[common]
    )
    similarities = passages.similarities(Terms((frozenset({common, rare}),)))
    assert len({similarities[number] for number in holders[common]}) == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("服务已在挪威上线", [(4, "挪威", {"Norway"})]),
        ("爱丁堡的录音", [(0, "爱丁堡", {"Edinburgh", "Scotland"})]),
        # Parts of other words, short names of persons, and words that are not names alone.
        ("在所有数据集上都不错", []),
        ("卡尔曼滤波", []),
        ("苹果与高斯分布", []),
    ],
)
def test_proper_nouns_are_known_from_the_dictionary(
    text: str, names: list[tuple[int, str, set[str]]]
) -> None:
    assert [(start, term, set(found)) for start, term, found in find_proper_nouns(text)] == names
