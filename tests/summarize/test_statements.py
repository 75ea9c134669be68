"""What of a text is a statement about the paper."""

import json

from chatpaper.domain import Paper
from chatpaper.summarize.verify.statements import parse_statements

PAPER = Paper(
    "2611.00001",
    "Step Budgets for Diffusion",
    authors=("José Núñez",),
    abstract="We use 1000 steps.\nThis is much.",
)

POST = """---
title: Diffusion 42
date: 2026-11-22 00:00:00
---

>⚠️ 以下所有内容总结都来自于大语言模型 Gemini-7 的能力
>🔴 请注意 99

# 2026-11-22 更新

## Another Paper

**Authors:** Ann Other

**Summary**

别的论文有 77 个样本。

## Step Budgets for Diffusion

**Authors:** José Núñez

We use 1000 steps. This is much.

[PDF](http://arxiv.org/abs/2611.00001v1) 5 pages, 17 figures

**Summary**

误差为 5.7。

**Key Takeaways**

- 只需 **64** 个样本（[第 3 页](http://arxiv.org/pdf/2611.00001v1#page=3)）
- 省去 83% 的计算 ![图](x/figure-12.png)

**[ChatPaper](https://github.com/x/y-2024)**

1. 标题：步数预算

2. 作者：José Núñez

5. 链接：[论文](http://arxiv.org/abs/2611.00001v1)；代码 https://github.com/a/b9

<details>
<summary>点此查看论文截图</summary>
<img src="a/figure-1.png" alt="Figure 1: 500 steps" align="middle">
</details>
"""


def words(text: str, paper: Paper = PAPER) -> str:
    return " / ".join(
        " ".join(statement.text.split()) for statement in parse_statements(text, paper)
    )


def test_of_a_post_only_what_the_model_wrote_about_this_paper_counts() -> None:
    told = words(POST)
    assert "误差为 5.7。" in told
    assert "只需 64 个样本" in told
    assert "省去 83% 的计算" in told
    assert "标题：步数预算" in told
    assert "1. 标题" not in told
    for record in (
        "42",
        "77",
        "99",
        "Gemini",
        "José",
        "1000",
        "17",
        "12",
        "第 3 页",
        "500",
        "Another",
        "2024",
        "b9",
    ):
        assert record not in told


def test_a_page_is_no_number_of_a_statement_whether_it_is_a_link_or_not() -> None:
    link = "http://arxiv.org/pdf/2611.00001v1#page=3"
    for page in (f"（[第 3 页]({link})）", f" ([p. 3]({link}))", "（第 3 页）", " (p. 3)"):
        assert words(f"误差为 5.7。{page}\n\n省去一半。{page}\n") == "误差为 5.7。 / 省去一半。"


def test_of_a_brief_the_link_to_the_code_alone_is_no_statement() -> None:
    front = "---\ntitle: a\n---\n\n## 步数预算\n\n"
    record = (
        "Step Budgets<br>作者：见论文首页（第 8 研究所）<br>[aka&#46;ms](https://aka.ms/b9)\n\n"
    )
    assert "46" not in words(f"{front}{record}误差为 5.7。\n")


def test_lines_are_those_of_the_file() -> None:
    (statement,) = [each for each in parse_statements(POST, PAPER) if "5.7" in each.text]
    assert POST.splitlines()[statement.line - 1] == "误差为 5.7。"


def test_a_note_counts_as_a_whole() -> None:
    note = "# 笔记\n\n准确率 97.4%。\n\n```\nx = 3\n```\n\n| 方法 | 12.5 |\n"
    assert words(note) == "# 笔记 / 准确率 97.4%。 / | 方法 | 12.5 |"


def test_the_json_of_a_post_gives_statements_with_their_quotes() -> None:
    record = {
        "papers": [
            {"arxiv_id": "2611.00002", "summary": {"summary": "别的 77"}},
            {
                "arxiv_id": "2611.00001",
                "abstract": "We use 1000 steps.",
                "summary": {"summary": "误差为 5.7。", "key_takeaways": ["只需 64 个样本"]},
                "evidence": [
                    {"field": "key_takeaways", "text": "只需 64 个样本", "quote": "only 64 samples"}
                ],
            },
        ]
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    told = parse_statements(text, PAPER)
    assert [(each.text, each.quote) for each in told] == [
        ("误差为 5.7。", ""),
        ("只需 64 个样本", "only 64 samples"),
    ]
    assert "误差为 5.7。" in text.splitlines()[told[0].line - 1]


def test_any_other_json_gives_all_its_texts() -> None:
    assert words('{"note": {"a": "准确率 97.4%"}, "n": 3}') == "准确率 97.4%"


def test_what_only_begins_like_json_is_text() -> None:
    assert words("{准确率 97.4%") == "{准确率 97.4%"


def test_of_a_card_what_is_chosen_and_what_is_the_record_are_no_statements() -> None:
    card = (
        "---\ntitle: 步数预算\n---\n\n>⚠️ 由 Gemini-7 写成\n\n# 步数预算 9\n\n发布时间："
        "2026年11月20日\n\n`RAG`\n\n"
        "理由：它用 64 个样本。\n\n`扩散模型` `CIFAR-10`\n\n"
        "> Step Budgets for Diffusion\n\n## 摘要\n\n> 我们用 1000 步。\n\n"
        "> We use 1000 steps. This is much.\n\n![Figure 1: 500 steps](2611.00001/figure-1.png)\n\n"
        "[Arxiv](https://arxiv.org/abs/2611.00001)\n"
    )
    texts = [statement.text for statement in parse_statements(card, PAPER)]
    assert texts == [
        "理由：它用 64 个样本。",
        "> Step Budgets for Diffusion",
        "> 我们用 1000 步。",
        ">",
    ]


def test_of_a_report_and_a_bilingual_post_the_record_is_no_statement() -> None:
    post = (
        "---\ntitle: Diffusion\n---\n\n# 2026-11-22 更新\n\n## Step Budgets for Diffusion\n\n"
        "[arxiv_pdf_url](https://arxiv.org/pdf/2611.00001v1)\n\n### **作者信息**\n\n- **作者**："
        "José Núñez\n"
        "- **机构**：第 8 研究所\n- **项目页面**：<https://example.org/v2>\n\n代码及项目："
        "<https://example.org/v3>\n\n"
        "### **关键图表与数据**\n\n- **图 1**：误差为 5.7。 ([第 2 "
        "页](https://arxiv.org/pdf/2611.00001v1#page=2))\n\n"
        "**[Cool Papers](https://papers.cool/arxiv/2611.00001)**\n"
    )
    said = "\n".join(statement.text for statement in parse_statements(post, PAPER))
    assert "第 8 研究所" in said
    assert "误差为 5.7。" in said
    for left in ("José", "v2", "v3", "Cool", "第 2 页"):
        assert left not in said


def test_of_the_json_what_is_chosen_from_a_vocabulary_is_no_statement() -> None:
    answers = {
        "summary": "误差为 5.7。",
        "paper_class": "RAG",
        "tags": ["LLM"],
        "class_reason": "它研究采样。",
    }
    record = json.dumps(
        {"papers": [{"arxiv_id": PAPER.arxiv_id, "summary": answers}]}, ensure_ascii=False
    )
    assert [statement.text for statement in parse_statements(record, PAPER)] == [
        "误差为 5.7。",
        "它研究采样。",
    ]
