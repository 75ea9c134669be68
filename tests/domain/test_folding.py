from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain.text.folding import (
    collapse_spaces,
    expand_ligatures,
    fold_accents,
    fold_file_name,
    fold_letters,
    fold_separators,
    fold_width,
    fold_words,
    spell_greek,
)


def _fold_with_points(text: str) -> str:
    return fold_accents(text, keep_points=True)


@pytest.mark.parametrize(
    ("fold", "text", "folded"),
    [
        (collapse_spaces, " a\n\u3000b\t c ", "a b c"),
        (collapse_spaces, "", ""),
        (expand_ligatures, "eﬃcient ﬂow, oﬀ", "efficient flow, off"),
        (expand_ligatures, "½ × ﬆ", "½ × st"),
        (fold_width, "ＧＰＴ－４ ﾓﾃﾞﾙ", "GPT-4 モデル"),
        (fold_letters, "Pré-training: BERT_large", "prétrainingbertlarge"),
        (fold_letters, "Straße, STRASSE", "strassestrasse"),
        (fold_letters, "扩散 模型（2024）", "扩散模型2024"),
        (fold_accents, "Erdős–Rényi", "erdosrenyi"),
        (fold_accents, "Erdo\u030bs", "erdos"),
        (fold_accents, "Søren Łukasiewicz", "sorenlukasiewicz"),
        (fold_accents, "ﬁnetuning", "finetuning"),
        (fold_accents, "ＧＰＴ４", "gpt4"),
        (fold_accents, "ガ と カ", "ガとカ"),
        (fold_accents, "모델", "모델"),
        (fold_accents, "BERT_base", "bertbase"),
        (fold_accents, "3.5", "35"),
        (_fold_with_points, "3.5 points. É.", "3.5pointse"),
        (_fold_with_points, ".5 and 5.", "5and5"),
        (_fold_with_points, "1.2.3", "1.2.3"),
        (fold_words, "Naïve  Bayes, re-visited", "naive bayes re visited"),
        (fold_words, "snake_case", "snake case"),
        (fold_separators, " Text-to-Image_Models ", "text to image models"),
        (fold_separators, "C++ / C#", "c++ / c#"),
        (fold_file_name, "Ärger", "ärger"),
        (fold_file_name, "A\u0308rger", "ärger"),
        (spell_greek, "β-VAE, Σ, ϵ", "beta-VAE, sigma, epsilon"),
        (spell_greek, "é", "é"),
    ],
)
def test_folds(fold: Callable[[str], str], text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "fold",
    [
        collapse_spaces,
        expand_ligatures,
        fold_accents,
        _fold_with_points,
        fold_file_name,
        fold_letters,
        fold_separators,
        fold_width,
        fold_words,
        spell_greek,
    ],
)
@given(text=st.text(st.characters(codec="utf-8"), max_size=12))
def test_folding_twice_changes_nothing_more(fold: Callable[[str], str], text: str) -> None:
    assert fold(fold(text)) == fold(text)
