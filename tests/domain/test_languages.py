"""The language of a text, told by its letters and its small words."""

import pytest

from chatpaper.domain.text.languages import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            (
                "基于注意力机制的碳排放预测方法研究 本文提出一种新的 Transformer 模型，"
                "并在 ImageNet 上验证。"
            ),
            "zh",
        ),
        ("深層学習による画像の分類 本論文では、新しい手法を提案する。", "ja"),
        (
            "Sorting networks compare wires in a fixed order. We present a network that learns.",
            "en",
        ),
        (
            (
                "Les réseaux de tri comparent des fils dans un ordre fixe, et nous en "
                "proposons un nouveau."
            ),
            "",
        ),
        ("Wir zeigen, wie ein Netz die Reihenfolge der Vergleiche aus Beispielen lernt.", ""),
        (
            "A study of the word 道 in the early texts, and of what it is taken for by readers.",
            "en",
        ),
        ("在中文论文里提到日本的の字并不改变语言，因为其余的字都是汉字。", "zh"),
        ("2410.05258", ""),
        ("", ""),
    ],
)
def test_the_language_is_that_of_most_words(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_long_text_takes_no_longer_than_in_proportion() -> None:
    assert detect_language("一千二百" * 25_000) == "zh"
    assert detect_language("[1." * 33_000) == ""
