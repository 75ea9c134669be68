"""What of an answer may be published."""

from chatpaper.domain import Claim, Field
from chatpaper.summarize.evidence import QuoteFinder
from chatpaper.summarize.grounding import grounded, ungrounded
from chatpaper.summarize.verification import Verifier
from tests.summarize.sample import DOCUMENT, PAPER

MARK = "〔？〕"
TEXT = Field("summary", "text", "?")
LIST = Field("method_steps", "list", "?", min_items=2, max_items=5)
CLAIMS = Field("key_takeaways", "claims", "?", min_items=1, max_items=5)
VERIFIER = Verifier(DOCUMENT, PAPER)
QUOTE = "TideSort reaches a depth of 11 with 47 comparators"


def located(*claims: Claim) -> tuple[Claim, ...]:
    return QuoteFinder(DOCUMENT).locate(claims)


def test_what_is_supported_stays_as_it_is() -> None:
    for field, answer in (
        (TEXT, "TideSort 有 47 个比较器。训练两小时。"),
        (LIST, ("给每对线一个权重。", "由梯度下降训练。")),
        (CLAIMS, located(Claim("TideSort 有 47 个比较器。", QUOTE))),
    ):
        found = grounded(field, answer, VERIFIER, MARK)
        assert (found.answer, found.checks.left_out, found.checks.marked) == (answer, 0, 0)
        assert ungrounded(field, answer, VERIFIER) == ()


def test_sentences_are_left_out_one_by_one() -> None:
    found = grounded(TEXT, "TideSort 有 47 个比较器。它用 88 块 GPU。训练两小时。", VERIFIER, MARK)
    assert found.answer == "TideSort 有 47 个比较器。训练两小时。"
    assert found.checks.left_out == 1


def test_what_a_post_can_do_without_is_left_out_whole_and_bears_no_mark() -> None:
    title = Field("title", "text", "?", need="may")
    found = grounded(title, "ImageNet 上的排序网络", VERIFIER, MARK)
    assert (found.answer, found.checks.left_out, found.checks.marked) == ("", 1, 0)
    assert grounded(TEXT, "ImageNet 上的排序网络", VERIFIER, MARK).answer == MARK


def test_items_that_the_paper_contradicts_are_left_out_though_the_field_asks_for_more() -> None:
    found = grounded(LIST, ("用 88 块 GPU。", "在 ImageNet 上训练。", "由梯度下降训练。"), VERIFIER, MARK)
    assert found.answer == ("由梯度下降训练。",)
    assert (found.checks.left_out, found.checks.marked) == (2, 0)


def test_where_nothing_is_supported_the_mark_stands_alone() -> None:
    for field, answer, expected in (
        (TEXT, "它用 88 块 GPU。在 ImageNet 上训练。", MARK),
        (LIST, ("用 88 块 GPU。", "在 ImageNet 上训练。"), (MARK,)),
        (CLAIMS, located(Claim("有 88 个比较器。", QUOTE)), (Claim(""),)),
    ):
        found = grounded(field, answer, VERIFIER, MARK)
        assert found.answer == expected
        assert found.checks.marked == 1


def test_a_claim_that_is_needed_but_not_proved_has_neither_quote_nor_page() -> None:
    field = Field("key_takeaways", "claims", "?", min_items=2, max_items=5)
    claims = located(
        Claim("训练两小时。", "words that nobody wrote anywhere in this paper"),
        Claim("由梯度下降训练。", "other words that nobody wrote in this paper at all"),
        Claim("TideSort 有 47 个比较器。", QUOTE),
    )
    found = grounded(field, claims, VERIFIER, MARK)
    first, second = found.answer
    assert first == Claim("训练两小时。")
    assert second == claims[2]
    assert (found.checks.left_out, found.checks.marked) == (1, 1)


def test_an_empty_answer_stays_empty() -> None:
    for field, answer in ((TEXT, ""), (LIST, ()), (CLAIMS, ())):
        assert grounded(field, answer, VERIFIER, MARK).answer == answer


def test_numbers_that_stand_elsewhere_are_counted() -> None:
    checks = grounded(TEXT, "所需的比较器减少 4,096 个，定理要求权重取整。", VERIFIER, MARK).checks
    assert checks.supported + checks.elsewhere == 1


def test_tags_that_name_what_the_paper_does_not_are_left_out() -> None:
    tags = Field("tags", "choices", "?", min_items=0, max_items=4, vocabulary=("图像生成", "扩散模型", "三维重建"))
    found = grounded(tags, ("图像生成", "扩散模型"), VERIFIER, MARK)
    assert (found.answer, found.checks.left_out, found.checks.marked) == (("图像生成",), 1, 0)
