"""Counts and values of which the paper gives others where it says the same."""

import pytest

from chatpaper.domain import Document, Section
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

VERIFIER = Verifier(
    Document(
        title="Tidal Planning",
        abstract="Sea walls are planned by a model.",
        sections=(
            Section(
                "1",
                "Data",
                1,
                1,
                "The first three examples of planning are simple. "
                "For each harbour the planner generates 8 rollouts with the simulator of §4. "
                "The harbour network has three hidden layers. "
                "The training set has 1e6 images of waves.",
            ),
            Section(
                "2",
                "Weather",
                1,
                2,
                "Storms were seen on 12 days. Six ships were lost. The first layers are thin.",
            ),
            Section(
                "3",
                "Planting",
                1,
                3,
                "Across the four scenarios, planting is best. "
                "We plant 30 images. Those planted once are ten, and thrice, twenty.",
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("规划器为每个港口生成 8 次 rollout。", True),
        ("规划器为每个港口生成 12 次 rollout。", False),
        ("港口网络有三个隐藏层。", True),
        ("港口网络有 6 个隐藏层。", False),
        ("训练集有 100 万张海浪图像。", True),
        ("训练集有 1 万张海浪图像。", False),
        # In words, before and behind what is counted.
        ("港口网络有六个隐藏层。", False),
        ("港口网络的隐藏层共有六个，数据另行收集。", False),
        ("港口网络的隐藏层共有三个，数据另行收集。", True),
        ("The harbour network has seven hidden layers.", False),
        ("种植在七种情形下都最好。", False),
        ("种植在四种情形下都最好。", True),
        # What is behind "of" is not counted.
        ("规划器用四种份数的 rollout。", True),
        # The first of them are not all.
        ("规划的实例共有五个，各不相同。", True),
        # What is counted otherwise elsewhere need not be the same.
        ("风暴出现在 12 天。", True),
        # The parts of a whole are told without their noun.
        ("植入一次的图像有十张，植入三次的有二十张。", True),
    ],
)
@pytest.mark.parametrize("quote", ["", "For each harbour the planner generates 8 rollouts"])
def test_a_count_is_held_against_that_of_the_same_things(
    text: str, quote: str, *, supported: bool
) -> None:
    claims = VERIFIER.check(Statement(text, quote=quote))
    assert all(claim.supported for claim in claims if claim.kind == "numeral") == supported


EVENTS = Verifier(
    Document(
        sections=(
            Section(
                "1",
                "Storms",
                1,
                1,
                "We saw 13 candidate events. The waves of these match our model well.",
            ),
            Section(
                "2",
                "Thanks",
                1,
                2,
                "We thank Tom Wave, Ida Brook, Max Ford, Kim River, Jo Field, Lu Moor, "
                "Mia Marsh, Ned Dune, Oli Reef, Pia Shore, Ray Cliff, and Al Fen.",
            ),
        ),
    )
)


@pytest.mark.parametrize(("count", "supported"), [("13", True), ("14", False)])
def test_a_count_may_stand_elsewhere_than_the_quote(count: str, *, supported: bool) -> None:
    quote = "We thank Tom Wave, Ida Brook, Max Ford, Kim River"
    claims = EVENTS.check(Statement(f"{count} 个候选事件中有 Tom Wave 的一个。", quote=quote))
    assert {claim.supported for claim in claims if claim.value == count} == {supported}


MEASURES = Verifier(
    Document(
        title="Silent Pumps",
        abstract="Pumps are made quiet.",
        sections=(
            Section(
                "1",
                "Noise",
                1,
                1,
                "Scaling lowers the noise by 6 dB at the same speed, memory and cost.",
            ),
            Section(
                "2", "Weather", 1, 2, "Rain fell all day. A gale has 8 dB. Ships went at night."
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("缩放使噪声降低 6 dB，速度、内存和成本不变。", True),
        ("缩放使噪声降低 8 dB，速度、内存和成本不变。", False),
        # Where the paper speaks of it.
        ("大风（gale）在雨天有 8 dB。", True),
    ],
)
def test_a_value_is_held_against_that_where_the_paper_says_the_same(
    text: str, *, supported: bool
) -> None:
    claims = MEASURES.check(Statement(text))
    assert all(claim.nearness != "nowhere" for claim in claims) == supported


def test_the_number_of_a_section_is_no_value() -> None:
    assert [each.text for each in find_printed_numerals("8 maps, see §4 and §§2.1")] == ["8"]


FORMS = Verifier(
    Document(
        title="Reading Forms",
        abstract="Forms are read by machines.",
        sections=(
            Section("1", "Length", 1, 1, "The length is set to 256. More characters are cut."),
            Section("2", "Machines", 1, 2, "The cluster has 34 machines for all users."),
            Section("3", "Sentences", 1, 3, "A form has 78 tokens in many sentences."),
            Section("4", "Queries", 1, 4, "It answers 5,600 queries."),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "quote", "supported"),
    [
        ("长度限制为 256 个字符。", "The length is set to 256", True),
        ("长度限制为 256 个句子。", "The length is set to 256", False),
        ("長さは 256 文字。", "", True),
        ("Its length is 256 sentences.", "", False),
        ("集群有 34 台服务器。", "The cluster has 34 machines", True),
        ("集群有 34 个节点。", "", True),
        ("一份表格有 78 个句子。", "", False),
        ("一份表格有 78 个词元。", "", True),
        ("它回答 5600 次查询，即 5600 个请求。", "", True),
        ("它回答 5600 条消息。", "", False),
        ("它有 256 个句子集。", "", True),
    ],
)
def test_what_a_number_counts_is_what_the_paper_counts(
    text: str, quote: str, *, supported: bool
) -> None:
    claims = FORMS.check(Statement(text, quote=quote))
    assert all(claim.supported for claim in claims if claim.kind == "numeral") is supported
