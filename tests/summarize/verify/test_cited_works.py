"""Names and years of works that a paper cites and says no more of than its bibliography does."""

import pytest

from chatpaper.domain import Document, References, Section
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

TEXT = "Invariants over buffers are undecidable [2]. Herons are counted as others do [1]."
LAKES = "Lakes (Khammash & Marsh, 1994; Wood et al., 2011) froze in 1991, 2003 and 2017."
BIBLIOGRAPHY = (
    "[1] M. Khammash. Robustness of Lakes. PhD thesis, Rice University, 1990.",
    "2. Brand, D., Zafiropulo, P.: On Finite Machines. J. ACM 30(2), 323–342 (1983)",
    "[3] Stowell D, Wood B. Herons by Mikolov maps. Birds. 2016;4:1–9.",
)


def read(text: str) -> Verifier:
    sections = (Section("1", "Birds", 1, 1, text),)
    references = References(page=9, count=3)
    return Verifier(
        Document(
            "Wading Networks", sections=sections, references=references, bibliography=BIBLIOGRAPHY
        )
    )


VERIFIER, DATED = read(TEXT), read(f"{TEXT} {LAKES}")


def check(text: str, verifier: Verifier = VERIFIER) -> dict[str, CheckedClaim]:
    return {claim.value: claim for claim in verifier.check(Statement(text))}


@pytest.mark.parametrize(
    "text",
    [
        "文献 [1] 是 Khammash 1990 年在 Rice University 完成的博士论文。",
        "Brand 与 Zafiropulo 于 1983 年发表的文献 [2] 表明该问题不可判定。",
        "Invariants are undecidable, as Zafiropulo et al. show.",
        # The year behind a name cites a work, whatever else is told of it.
        "本文中 Stowell 2016 的苍鹭更多。",
        "Stowell（2016年）的苍鹭更多。",
    ],
)
def test_a_cited_work_supports_what_its_entry_says(text: str) -> None:
    claims = check(text).values()
    assert claims
    assert {(claim.supported, claim.page, claim.section) for claim in claims} == {
        (True, 9, "References")
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("文献 [1] 是 Khammash 1991 年完成的博士论文。", "1991"),
        ("文献 [2] 是 Khammis 完成的博士论文。", "Khammis"),
        ("The herons are counted with a model of Rice University.", "Rice University"),
        ("Data of Zafiropulo reach until 1983.", "1983"),
        ("Mikolov 等人统计了苍鹭。", "Mikolov"),
        ("本文中 Stowell 2017 的苍鹭更多。", "Stowell"),
        ("本文中 Stowell 的苍鹭在 2016 年更多。", "Stowell"),
    ],
)
def test_what_no_cited_work_says_is_not_supported(text: str, value: str) -> None:
    assert not check(text)[value].supported


def test_the_number_of_a_page_in_an_entry_supports_nothing() -> None:
    assert not check("文献 [2] 报告了 323 个实例。")["323"].supported


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Khammash（1991）研究了湖泊。", "1991"),
        ("该方法（Brand 和 Zafiropulo，2003）不可判定。", "2003"),
        ("Stowell ら（2017）は鷺を数えた。", "2017"),
        ("Herons were counted before (Stowell et al., 2017).", "2017"),
    ],
)
def test_a_work_has_the_year_of_its_entry(text: str, year: str) -> None:
    assert not check(text, DATED)[year].supported


@pytest.mark.parametrize(
    "text",
    [
        "Khammash（1990）研究了湖泊，Brand 和 Zafiropulo（1983）研究了机器。",
        # So the text cites others of these names.
        "Khammash 等（1994）与 Wood 等（2011）研究了湖泊。",
        # No entry has the name, or both names.
        "Ott 等（2003）研究了湖泊。",
        "Stowell 和 Brand（2017）研究了湖泊。",
        "Marsh 湖在 Stowell 的模型里于 2017 年结冰。",
    ],
)
def test_a_year_that_may_be_right_is_left_alone(text: str) -> None:
    assert all(c.supported for c in check(text, DATED).values() if c.value.isdigit())
