"""Numbers said of another data set than the paper has them for."""

import pytest

from chatpaper.domain import Document, Paper, Section
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.hints.detect import find_hints
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.statements import Statement

PAPER = """\
We follow the usual protocol. On QuizBank our parser reaches a score of 71.4 and \
on DebateSet one of 64.9.

The corpus LawNotes has 30 documents. It was collected by hand.

Training takes 12.25 hours on one machine, whatever is parsed. \
MailThreads is the largest set, with 4.5 million mails.

Figure 1 Parsers on BriefBank.
It has 12 briefs.
They are long.
Most are old.
0.949
0.647

Parsing of QueryLogs

Our parser reaches a score of 0.314 there.

QueryLogs has 30 million lines.

Table 1 Scores of the parsers on NewsWire and MailThreads.
Data set | ours | baseline
NewsWire | 83.25 | 80.12
MailThreads | 55.75 | 51.31"""


def certain(statement: str) -> list[str]:
    return [
        hint.value for hint in find_hints(statement, "", "", paper_text=PAPER) if hint.is_certain
    ]


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("该解析器在 LawNotes 上得分为 71.4。", "71.4"),
        ("在 MailThreads 数据集上，该解析器得分 83.25。", "83.25"),
        ("该解析器在 MailThreads 上的得分为 83.25，比基线的 80.12 高 3.13。", "83.25"),
        ("On LawNotes the parser reaches 64.9.", "64.9"),
    ],
)
def test_a_number_of_another_data_set_is_told(statement: str, value: str) -> None:
    assert value in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "The parser reaches 55.75 on MailThreads and 64.9 on the debates.",
        "该解析器在 MailThreads 上得分 55.75，在辩论数据上得分 64.9。",
    ],
)
def test_a_number_with_a_place_of_its_own_is_of_no_other(statement: str) -> None:
    assert certain(statement) == []


def test_a_sentence_before_the_number_says_where_it_was_measured() -> None:
    """The paper's paragraphs are kept, so that its sentences have neighbours."""
    section = Section(
        "1",
        "Results",
        1,
        1,
        "Figure 2 shows the error on QuizBank. It falls from 41.0 to 6.3.\n\n"
        "QuizBank has 30 documents.",
    )
    document = Document("Parsing", pages=1, sections=(section,))
    examiner = Examiner(document, Paper("1", "Parsing"), QuoteFinder(document))
    statement = "On QuizBank the error falls from 41.0 to 6.3."
    finding = Finding("summary", 0, 0, len(statement), Statement(statement, 1))
    assert examiner.with_hints(finding).hints == ()


@pytest.mark.parametrize(
    "statement",
    [
        "该解析器在 QuizBank 上得分为 71.4。",
        "该解析器在 DebateSet 上得分为 64.9。",
        "在 NewsWire 数据集上，该解析器得分 83.25。",
        "On MailThreads the parser reaches 55.75.",
        # It stands in a figure whose caption names the data set, and under a heading that does.
        "在 BriefBank 数据集上，该解析器得分 0.647。",
        "在 QueryLogs 数据集上，该解析器得分 0.314。",
        "在 LawNotes 上得分很高，训练却要花 12.25 小时。",  # a cost has no data set
        # Of several data sets it is not said which one has the number.
        "在 QuizBank 和 LawNotes 上分别得到 71.4 和 64.9。",
        "在 Zorblax 上得分为 71.4。",  # no name of the paper: a matter of names
        "在 MailThreads 上训练耗时 12.25 小时。",  # stands close by
        "在 LawNotes 上，比基线高 80.12 个百分点。",  # said to be computed
    ],
)
def test_what_may_be_of_the_data_set_is_left_alone(statement: str) -> None:
    assert certain(statement) == []


@pytest.mark.parametrize(
    "unit", ["在 QuizBank 上 71.4，", "on QuizBank 71.4, ", "71.4 ", "在 A 在 B "]
)
def test_long_statements_cost_no_more_than_in_proportion(unit: str) -> None:
    find_hints(unit * 20_000, "", "", paper_text=PAPER)
