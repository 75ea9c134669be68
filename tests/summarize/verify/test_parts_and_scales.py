"""Values of which a statement tells the parts, the scale or the quoted rows itself."""

import pytest

from chatpaper.domain import BBox, Document, Figure, Paper, Section
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.hints.detect import find_hints
from chatpaper.summarize.verify.names.name_index import NameIndex
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals, find_printed_numerals
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.support.number_match import match

LOSSES = """Method | Lock | Gate
 | Loss (10^{−4}) | Loss (10^{−3})
Reed | 128.2 | 5.7
Heron | 1.4 | 3.6"""
DEPTHS = """Model | Top | Mean | Low
Reed with cover | 39.53 | 17.28 | 36.38
Heron | 41.96 | 19.05 | 38.01
first of three (ours) | 40.34 | 17.70 | 36.57"""
TIMES = """Tool | Ratio | Time
Sluice | 5.4 | 43980 sec
Dam | 3.1 | 27166 sec"""
COSTS = """ | Swan | Drake | Teal
Steps | 200 | 20 | 1
Cost (G) | 79940 | 29125 | 2265"""
RUNS = """Data | Hills | Lakes
Base-7B | 40.0 | 36.4
+ S1.1-SFT | 43.1 | 41.8
+ LIMO-SFT | 29.3 | 43.2
+ S1.1-QFFT | 53.2 | 44.4
+ LIMO-QFFT | 48.4 | 44.2
Base-32B | 62.2 | 49.5
+ S1.1-SFT | 64.9 | 60.6
+ LIMO-SFT | 52.4 | 65.3
+ S1.1-QFFT | 73.6 | 65.7
+ LIMO-QFFT | 73.4 | 67.9"""
SERVERS = "We use 13 servers with 16G RAM and a 1T SATA hard drive."
WITHOUT = "Without packing, Sluice takes 22396 seconds, 18% less than 25464 seconds of Dam."

BOARDS = "We use Teal boards with 141G GPUs. Teal has just 2265G operations and scores 61.25."
SIZES = "We adapt a larger model (Reed 7B compared to Swan 1.5B) with 9000 parameters of leaks."
BEST = "Reed is the best in 6 out of 9 tasks, and Teal in 7 out of 9 tasks."
SUN = "Teal has a mass of 0.45 solar masses."
RADIUS = "A radius of 5 arcseconds leaves errors of 0.28 mV, and 1.2 mV for Drake."
CITED = "Perplexity helps large models, while entropy (Gull et al., 2021) may harm them."

DOCUMENT = Document(
    title="Locks",
    abstract="We measure locks.",
    sections=(
        Section("1", "Setting", 1, 1, f"{SERVERS} The tests run on 99 nodes."),
        Section("2", "Reports", 1, 2, "We reported 171 leaks. 73 were mended, 70 confirmed."),
        Section("3", "Packing", 1, 3, WITHOUT),
        Section(
            "4", "Boards", 1, 4, f"{BOARDS} A batch has 1.5 h per epoch. Five epochs are usual."
        ),
        Section(
            "5", "Checks", 1, 5, "We use 400 batches (batch size = 50) of leaks on Reed2.1-8B."
        ),
        Section("6", "Others", 1, 6, CITED),
        Section(
            "7",
            "Radii",
            1,
            7,
            f"{RADIUS} {SIZES} {BEST} {SUN} Wrong ones weigh with a multiplier of 12.",
        ),
    ),
    figures=tuple(
        Figure(f"Table {number}", "table", "Locks.", number, BBox(0, 0, 9, 9), text=text)
        for number, text in enumerate((LOSSES, DEPTHS, TIMES, COSTS, RUNS), start=1)
    ),
)
EXAMINER = Examiner(DOCUMENT, Paper("1", "Locks"), QuoteFinder(DOCUMENT))
ROWS = "Reed with cover 39.53 17.28 36.38 first of three (ours) 40.34 17.70"


@pytest.mark.parametrize(
    ("text", "quote", "value", "supported"),
    [
        ("Reed 的 Lock 损失为 128.2×10⁻⁴。", "", "128.2×10⁻⁴", True),
        ("Reed 的 Lock 损失为 128.2×10⁻³。", "", "128.2×10⁻³", False),
        ("Reed 的 Gate 损失为 0.0057。", "", "0.0057", True),
        ("最好的模型仍比基线低 0.81 个点。", ROWS, "0.81 个点", True),
        ("最好的模型仍比基线低 0.87 个点。", ROWS, "0.87 个点", False),
        ("171 处泄漏中约 79% 得到认可：73 处已修复，70 处已确认。", "", "79%", False),
        ("实验用 99 个节点，其中一个作主机，其余 96 个运行任务。", "", "96", False),
        ("每台服务器有 16 GB 内存和 1 TB 硬盘。", SERVERS, "16 GB", True),
        ("每台服务器有 16 GB 内存和 1 TB 硬盘。", SERVERS, "1 TB", True),
        ("每台服务器有 16 MB 内存和 1 TB 硬盘。", SERVERS, "16 MB", False),
        (
            "不打包时 Sluice 只需 22396 秒；43980 秒的总耗时里约有 21584 秒用于打包。",
            WITHOUT,
            "43980 秒",
            True,
        ),
        (
            "不打包时 Sluice 只需 22396 秒；43980 秒的总耗时里约有 21994 秒用于打包。",
            WITHOUT,
            "43980 秒",
            False,
        ),
        ("训练一轮需 1.5 小时，默认的五轮合计约 7.5 小时。", "", "7.5 小时", True),
        ("训练一轮需 1.5 小时，默认的五轮合计约 9.5 小时。", "", "9.5 小时", False),
        ("用 Reed2.1-8B 的 400 个批次、共 3 万处泄漏检验。", "", "3 万", False),
        ("每块 Teal 的显存为 141 GB。", BOARDS, "141 GB", True),
        ("Teal 只需 3265G 次运算。", BOARDS, "3265G", False),
        ("以 S1.1 训练的 QFFT 在 Hills 上比 SFT 高 10.1 个点。", "", "10.1 个点", True),
        ("以 S1.1 训练的 QFFT 在 Hills 上比 SFT 高 12.7 个点。", "", "12.7 个点", False),
        ("误差仅 0.28 mV，不到 Drake（1.2 mV）的四分之一。", "", "四分之一", True),
        ("误差仅 0.28 mV，不到 Drake（1.2 mV）的五分之一。", "", "五分之一", False),
        ("半径取 5 角秒。", RADIUS, "5 角秒", True),
        ("半径取 5 角分。", RADIUS, "5 角分", False),
        ("错误样本的权重为 12 倍。", "", "12 倍", True),
        ("Reed 的 7B 对 Swan 的 15 亿参数。", SIZES, "15 亿", True),
        ("Reed 在九项任务中的四项上最好。", BEST, "四", False),
        ("Reed 在九项任务中的六项上最好。", BEST, "六", True),
        ("九项任务里，Teal 在其中三项上最好。", BEST, "三", False),
        ("Teal 的质量为 0.45 倍太阳质量。", SUN, "0.45 倍太阳质量", True),
        ("Teal 的质量为 0.55 倍太阳质量。", SUN, "0.55 倍太阳质量", False),
        ("困惑度对大模型有益，熵则有害：由 36.57 跌到 5.7。", CITED, "36.57", True),
    ],
)
def test_a_number_follows_from_what_is_told_beside_it(
    text: str, quote: str, value: str, *, supported: bool
) -> None:
    claims = {claim.value: claim for claim in EXAMINER.check(Statement(text, quote=quote))}
    assert claims[value].supported is supported


def test_a_count_may_have_a_short_name_within_what_it_counts() -> None:
    quote = "The hard set has 2,590 question answer (QA) pairs and the easy set 5,197 QA pairs."
    text = "易集有 5,197 个问答对，约为难集（2,590 个）的两倍。"
    assert not [
        hint for hint in find_hints(text, quote, quote, paper_text=quote) if hint.is_certain
    ]


def test_many_things_are_not_fewer_where_one_beside_them_is_modest() -> None:
    quote = "enabling a modest server to monitor significantly many streams"
    hints = find_hints("一台普通服务器便可监听大量媒体流。", quote, quote, paper_text=quote)
    assert not [hint for hint in hints if hint.kind == "direction"]


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        (
            "隐状态大 5 倍，延迟却减半。",
            "It has a 5× larger hidden state and half the latency of the others.",
        ),
        (
            "噪声升到四级时，SFT 由 76.5% 跌至 0.4%。",
            "SFT declines dramatically, from 76.5% to 0.4%.",
        ),
        (
            "比例随题目难度从最简单题的 7.41% 增至 51.12%。",
            "It increases with difficulty from 7.41% on the easiest questions to 51.12%.",
        ),
        (
            "论文与六个代表最新水平的基线比较，其中前三个基线都用 JAX 实现。",
            "We compare it with six baselines.",
        ),
        (
            "15 名志愿者评判 20 张图像，它排名第二。",
            "A number of 15 volunteers were invited. We see that it ranks the second.",
        ),
        (
            "Bouc-Wen 基准的输出叠加了带宽 375 Hz 的高斯噪声。",
            "The output is corrupted by an additive Gaussian noise with bandwidth 375 Hz.",
        ),
        ("它的代价低得多，诊断性能仍与最先进模型相当。", "It has a far lower cost than others."),
    ],
)
def test_what_is_said_of_both_sides_is_not_turned_round(statement: str, quote: str) -> None:
    hints = find_hints(statement, quote, quote, paper_text=quote)
    assert not [hint for hint in hints if hint.is_certain]


@pytest.mark.parametrize(
    "statement", ["在 Lakes 上，Heron 由 0.7722 升至 0.8306。", "Heron 随机抽取 5000 条样本。"]
)
def test_a_table_tells_against_nothing_that_it_may_say_itself_or_the_text_does(
    statement: str,
) -> None:
    table = """Table 9 Scores.
Pair | Steps | Fixed
Reed | none | 0.1700
-Base | one | 0.1800
on Hills | five | 0.2247
Heron | none | 0.7722
-Base | one | 0.7958
on Lakes | five | 0.8306

Table 10 Rows.
Bird | Base | Ours
Heron | 0.2450 | 0.3212
Teal | 0.0834 | 0.1319
#Steps | 5000 | 4772"""
    paper = f"{table}\n\nWe randomly extract 5k samples. Heron lives on Lakes at 12.5 m."
    hints = find_hints(statement, "", table, paper_text=paper)
    assert not [hint for hint in hints if hint.is_certain]


def test_a_label_in_two_lines_is_one_name() -> None:
    text = (
        "Reed3B | none | 0.17 | 0.18\n-Instruct | one | 0.19 | 0.20\non Hills | five | 0.22 | 0.23"
    )
    index = NameIndex([text])
    assert index.find("Reed3B-Instruct") == (0,)
    assert index.find("Reed7B-Instruct") == ()


@pytest.mark.parametrize(
    ("claimed", "printed", "is_same"),
    [
        ("每列为 100 字节。", "columns with 100B of random letters", True),
        ("电阻为 3 Ω。", "R = 3 Ωand is fixed", True),
        ("用 5 小时的数据训练。", "the 5 Hour data", True),
        ("用 5 天的数据训练。", "the 5 Hour data", False),
    ],
)
def test_units_are_known_in_the_looks_of_papers(
    claimed: str, printed: str, *, is_same: bool
) -> None:
    (numeral,) = find_claimed_numerals(claimed)
    assert any(match(numeral, each) for each in find_printed_numerals(printed)) is is_same


BARGES = """Lock | Up | Down | Sunk
Northern | 172299 | 30564 | 29
Southern | 24494 | 13396 | 13"""
PARTS = "Most barges are sound (S = 188), some are worn (W = 18) and few are broken (B = 94)."
FOUND = "In these years we found a total of 276,052 barges in the locks."
QUAYS = Document(
    title="Quays",
    sections=(
        Section(
            "1", "Barges", 1, 1, f"{FOUND} We left out those without a name. 88,704 were left."
        ),
        Section("2", "States", 1, 2, f"{PARTS} Painted ones are in Table 1."),
        Section("3", "Counting", 1, 3, "The list has 300 names, and 400 notes."),
    ),
    figures=(Figure("Table 1", "table", "Barges.", 2, BBox(0, 0, 9, 9), text=BARGES),),
)


@pytest.mark.parametrize(
    ("text", "quote", "unsupported"),
    [
        # The large count of a sentence close by, the whole of a quotation, and cells side by side.
        ("共找到 276,052 艘驳船，过滤后只留下约 42%。", FOUND, ["42%"]),
        ("300 艘驳船中有 188 艘完好，占 63%。", PARTS, []),
        ("400 艘驳船中有 188 艘完好。", PARTS, ["400"]),
        ("北闸上行的驳船约为下行的 5.6 倍。", "Northern 172299 30564 29", []),
        ("北闸上行的驳船约为下行的 7.6 倍。", "Northern 172299 30564 29", ["7.6 倍"]),
    ],
)
def test_what_is_quoted_has_parts_of_what_is_counted(
    text: str, quote: str, unsupported: list[str]
) -> None:
    examiner = Examiner(QUAYS, Paper("1", "Quays"), QuoteFinder(QUAYS))
    claims = examiner.check(Statement(text, quote=quote))
    assert [claim.value for claim in claims if not claim.supported] == unsupported


def test_the_whole_of_what_is_quoted_replaces_no_part_of_it() -> None:
    hints = find_hints("300 艘驳船中有 188 艘完好。", PARTS, "", paper_text=PARTS)
    assert [hint.value for hint in hints if hint.kind == "number"] == []


@pytest.mark.parametrize(
    ("caption", "supported"),
    [("Leaks per gate (lower is better).", False), ("Gates leak more than locks.", True)],
)
def test_that_lower_is_better_makes_no_cell_a_factor(caption: str, *, supported: bool) -> None:
    rows = "Gate | Leaks\nReed | 8.34\nHeron | 9.7"
    figures = (Figure("Table 1", "table", caption, 2, BBox(0, 0, 9, 9), text=rows),)
    document = Document("Gates", figures=figures)
    examiner = Examiner(document, Paper("1", "Gates"), QuoteFinder(document))
    claims = examiner.check(Statement("闸的漏水约为锁的 8.3 倍。"))
    assert [each.supported for each in claims] == [supported]
