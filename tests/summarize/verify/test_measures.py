"""What a quote measures, and a statement tells by another unit, scale or rate."""

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.hints.detect import Hint, find_hints
from chatpaper.summarize.verify.numbers.rates import find_rates
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier


def hints_of(statement: str, quote: str) -> list[Hint]:
    hints = find_hints(statement, quote, "", paper_text=quote)
    return [hint for hint in hints if hint.is_certain]


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("每分钟 30 帧", [("second", 60, "")]),
        ("每一日约 30 次，每分 2 次", [("second", 86400, ""), ("second", 60, "")]),
        ("一天之内 30 次", [("second", 86400, "")]),
        ("30 次/秒", [("second", 1, "")]),
        ("每月 30 次", [("month", 1, "")]),
        ("30 pots per game and 4 within each kiln", [("", 1, "game"), ("", 1, "kiln")]),
        ("30 pots in a single day", [("second", 86400, "")]),
        ("five pots a second, or 30 weekly", [("second", 1, ""), ("second", 604800, "")]),
        # Durations, ordinals, parts of other words and what is no thing.
        ("共 30 帧，一天后停止", []),
        ("it takes about a day, or 30 hours in a week", []),
        ("every second layer has a second stage", []),
        ("每字节码 30 个周期，每个倍频程 12 个", []),
        ("30 GPUs each with 80 per cent", []),
    ],
)
def test_rates_are_found_by_words_for_each(text: str, rates: list[tuple[str, int, str]]) -> None:
    found = [(each.unit.kind, int(each.unit.factor), each.noun) for each in find_rates(text)]
    assert found == rates


@pytest.mark.parametrize(
    ("statement", "quote", "values"),
    [
        ("该窑每分钟得 3.48 分。", "The kiln had the highest score at 3.48 per game.", ["每分钟"]),
        ("每赫兹内设 12 个频率。", "We use 12 frequencies within each octave.", ["每赫兹"]),
        ("一分钟之内收到 700 次请求。", "It rose to over 700 in a single day.", ["一分钟之内"]),
        # The same rate, another number of another rate, and a rate beside the number's own.
        ("该窑每场得 3.48 分。", "The kiln had the highest score at 3.48 per game.", []),
        ("每分钟 60 个。", "It makes one pot per second.", []),
        ("每天每个窑烧 30 个陶罐。", "A kiln burns 30 pots per day.", []),
        ("每个倍频程内设 12 个频率。", "We use 12 frequencies within each octave.", []),
    ],
)
def test_a_rate_by_another_unit_than_the_quoted_one_is_wrong(
    statement: str, quote: str, values: list[str]
) -> None:
    hints = hints_of(statement, quote)
    assert [hint.value for hint in hints] == values
    assert {hint.kind for hint in hints} <= {"unit"}


KILNS = Verifier(
    Document(
        title="Kilns",
        sections=(
            Section("1", "Games", 1, 1, "Clay had the highest score of all at 3.48 per game."),
            Section("2", "Requests", 1, 2, "Over 731 requests were served in a single day."),
            Section("3", "Pots", 1, 3, "The kiln has 512 pots. It burns 512 pots per load."),
            Section("4", "Cycles", 1, 4, "Recording takes 3800 cycles per bytecode."),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("黏土窑每分钟得 3.48 分。", False),
        ("黏土窑每场得 3.48 分。", True),
        ("一分钟内处理超过 731 次请求。", False),
        ("一天之内处理超过 731 次请求。", True),
        # It stands there without a rate too, or the rate is by something that is no unit.
        ("该窑每天烧 512 个陶罐。", True),
        ("记录每字节码需 3800 个周期。", True),
    ],
)
def test_a_number_that_the_paper_has_by_other_things_alone(text: str, *, supported: bool) -> None:
    claims = [claim for claim in KILNS.check(Statement(text)) if claim.kind == "numeral"]
    assert all(claim.supported for claim in claims) == supported


@pytest.mark.parametrize(
    ("statement", "quote", "value"),
    [
        # Another unit of the same kind, of another kind, and none at all.
        ("一台机器的 655 TB 在 33.7 秒内恢复。", "It recovers 655GB in 33.7 seconds.", "655 TB"),
        ("耗气仅为沙窑的 18 倍。", "It takes 3.6 of gas, only 18% of the sand kiln.", "18 倍"),
        ("损失 6 % 的信噪比。", "The drop of the signal is 6 dB.", "6 %"),
        ("每窑日志的中位数为 824 MB。", "The median of the number of messages is 824.", "824 MB"),
        ("平均检查 113.64 毫秒。", "It checks an average of 113.64 candidates.", "113.64 毫秒"),
        # Other things are counted.
        ("训练 75 个 epoch 后停止。", "We stop it after training for 75 steps.", "75"),
        # The same digits in the same unit are what was meant.
        ("深度达到沙窑的 80 倍。", "Up to 152 layers, 8× deeper than the sand kiln.", "80 倍"),
        ("占 0.35%。", "It takes 35% of all.", "0.35%"),
    ],
)
def test_the_same_digits_of_a_quote_are_in_its_unit(statement: str, quote: str, value: str) -> None:
    assert value in [hint.value for hint in hints_of(statement, quote)]


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("一台机器的 655 GB 在 33.7 秒内恢复。", "It recovers 655GB in 33.7 seconds."),
        ("造价约 25 万美元。", "It comes at a cost of about $250k."),
        ("忽略 40 至 44 像素的人脸。", "The scales are [18, 20] and [40, 44]; they are ignored."),
        ("延迟为 35 毫秒。", "Latencies (ms) are as follows: the median is 35."),
        ("准确率提高 5.2 个百分点。", "It improves the accuracy by 5.2%."),
        ("用气是原来的 2 倍。", "It takes 40% and not 20% of the gas, with 2% lost."),
        ("训练 75 步后停止。", "We stop it after training for 75 steps."),
        ("深度达到沙窑的 8 倍，有 80 层。", "It has 80 layers, 8× deeper than the sand kiln."),
    ],
)
def test_what_a_quote_has_in_the_same_unit_is_left_alone(statement: str, quote: str) -> None:
    assert hints_of(statement, quote) == []


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("准确率由 25.0% 升到 26.1%，提升了 4.4 个百分点。", ["4.4 个百分点"]),
        ("黏土窑为 0.63，比沙窑的 0.42 高 80%。", ["80%"]),
        ("准确率为 78.4%，BM25 仅 59.1%，差距 21.3 个百分点。", ["21.3 个百分点"]),
        ("满分 5 分，黏土窑平均 4.2 分，比沙窑的 4.0 分高出 0.2%。", ["0.2%"]),
        ("用时从 10.0 秒降至 4.0 秒，减少了 7.5 秒。", ["7.5 秒"]),
        ("It falls from 64.9% to 63.9%, a drop of 3.5%.", ["3.5%"]),
        # As points, relatively, in per cent of per cent, by rounded values, by either side.
        ("准确率由 25.0% 升到 26.1%，提升了 1.1 个百分点。", []),
        ("准确率由 25.0% 升到 26.1%，相对提升 4.4%。", []),
        ("准确率由 25.0% 升到 35.0%，提高 10%。", []),
        ("得分由 25.04 升到 26.1，提升了 1.1。", []),
        ("准确率由 0.78 升到 0.81，提升了 3 个百分点。", []),
        ("用时从 10.0 秒降至 2.5 秒，降低了 75%。", []),
        ("用时从 10.0 秒降至 2.5 秒，快了 3 倍。", []),
        ("沙窑用时 12 分钟，黏土窑用时 20 小时，相差 100 倍。", []),
        ("沙窑用时 12 分钟，黏土窑用时 20 小时，相差 10 倍。", ["10 倍"]),
        # What changes is another thing, or there is no change.
        ("延迟从 146.8 秒压到 35.4 秒，准确率仅下滑 0.54 个百分点。", []),
        ("34 层的窑比 18 层的窑好 2.8 个百分点。", []),
        ("黏土窑为 86.3%，比沙窑高 27.1 个百分点，比灰窑高 8.3 个百分点。", []),
        ("黏土窑为 0.8151，沙窑只有 −0.2238，两者相差约 1.04。", []),
        ("平均分由 80.0 降到 68.1，不用时为 78.4。", []),
    ],
)
def test_a_change_is_that_of_the_values_beside_it(statement: str, values: list[str]) -> None:
    assert [hint.value for hint in hints_of(statement, "")] == values


DISKS = """Disks | 100 | 1,000
Total (TB) | 4.7 | 92
GB recovered | 47 | 655"""
MACHINES = Verifier(
    Document(
        title="Disks",
        sections=(
            Section("1", "Recovery", 1, 1, "A lost machine with 655GB of data is recovered fast."),
            Section(
                "2",
                "Logs",
                1,
                2,
                "Logs are noisy. The median of the number of messages of a failure is 824.",
            ),
            Section(
                "3",
                "Training",
                1,
                3,
                "A model of a trillion parameters needs 16 TB of memory for the states of Adam. "
                "The warmup lasts about 400 iterations at the small rate.",
            ),
            Section("4", "Devices", 1, 4, "Some other boards come with 16 GB. Pots are 400 or so."),
        ),
        figures=(Figure("Table 1", "table", "Disks.", 2, BBox(0, 0, 9, 9), text=DISKS),),
    )
)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        # The row of the table tells in which of its units a cell is.
        ("一台机器丢失的 655 GB 很快恢复。", True),
        ("一台机器丢失的 655 TB 很快恢复。", False),
        ("总量达 92 TB。", True),
        # What there is a number of may stand before it.
        ("每起故障的消息数中位数为 824。", True),
        ("每起故障的消息中位数为 824 MB。", False),
        # The stated unit stands with the same digits in what has little to do with the sentence.
        ("用 Adam 训练一万亿参数的模型，状态约需 16 TB 内存。", True),
        ("用 Adam 训练一万亿参数的模型，状态约需 16 GB 内存。", False),
        ("另一些板卡带 16 GB。", True),
        ("以小学习率预热约 400 次迭代。", True),
        ("以小学习率预热约 400 个 epoch。", False),
    ],
)
def test_the_same_digits_are_in_the_unit_of_what_is_said(text: str, *, supported: bool) -> None:
    claims = [claim for claim in MACHINES.check(Statement(text)) if claim.kind == "numeral"]
    assert all(claim.supported for claim in claims) == supported


@pytest.mark.parametrize(
    ("statement", "quote", "values"),
    [
        (
            "测试准确率提高了 4.4 个百分点。",
            "There is a 4.4% relative improvement.",
            ["4.4 个百分点"],
        ),
        (
            "标准差上升 30 个百分点。",
            "It has a 30% increase in standard deviation.",
            ["30 个百分点"],
        ),
        ("测试准确率相对提升 4.4%。", "It improves by 4.4 percentage points.", ["4.4%"]),
        ("测试准确率相对提升 4.4%。", "The absolute improvement is 4.4%.", ["4.4%"]),
        ("测试准确率相对提升 4.4%。", "There is a 4.4% relative improvement.", []),
        ("测试准确率提高了 4.4%。", "There is a 4.4% relative improvement.", []),
        ("测试准确率提高了 4.4 个百分点。", "There is a 4.4% improvement.", []),
        # A sign tells that a number is a difference.
        ("该窑的得分下降了 1.3 倍。", "Clay 64.9 63.6 ↓1.3", ["1.3 倍"]),
        ("该窑的得分下降了 1.3。", "Clay 64.9 63.6 ↓1.3", []),
        ("该窑的用气是 1.3 倍。", "Clay 64.9 63.6 1.3", []),
    ],
)
def test_points_are_no_shares_of_the_value_before_nor_factors(
    statement: str, quote: str, values: list[str]
) -> None:
    assert [hint.value for hint in hints_of(statement, quote)] == values


CONTEXT = (
    "One simulation of the ash in the kiln can generate 20 PB of data for a workshop. "
    "With more clay there is a 4.4% relative improvement in accuracy of the kiln. "
    "The learning rate of the controller of the network is set to 1e-6 for the clay. "
    "Drawings of a kiln can be dated back to 1736 when Euler used the graph to solve it."
)


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("One simulation of the ash can generate 20 TB of data for a workshop.", ["20 TB"]),
        (
            "With more clay the accuracy of the kiln improves by 4.4 percentage points.",
            ["4.4 points"],
        ),
        ("The learning rate of the controller of the network is set to 1e-5.", ["1e-5"]),
        ("One simulation of the ash can generate 20 PB of data for a workshop.", []),
        ("The learning rate of the controller of the network is set to 1e-6.", []),
        ("Drawings of a kiln can be dated back to the 1736 年 when Euler used the graph.", []),
    ],
)
def test_units_are_certain_against_the_sentence_that_is_like_the_statement(
    statement: str, values: list[str]
) -> None:
    hints = find_hints(statement, "", CONTEXT, paper_text=CONTEXT)
    found = [hint.value.replace(" percentage", "") for hint in hints if hint.is_certain]
    assert found == values
