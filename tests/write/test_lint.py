"""The rules of lint, one by one: what each finds, and what it leaves alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.cli.lint import TEXT_CHECKS
from chatpaper.write.lint import lint_post
from chatpaper.write.markup.markdown import escape_markdown
from chatpaper.write.markup.typography import typeset


def rules(body: str, folder: Path = Path("/nowhere")) -> list[tuple[int, str]]:
    return [(v.line, v.rule) for v in lint_post(folder / "post.md", body, TEXT_CHECKS)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("\n---\ntitle: a\n---\n\n正文\n", (1, "front-matter")),
        ("\ufeff---\ntitle: a\n---\n\n正文\n", (1, "front-matter")),
        ("---\ntitle: a\n", (1, "front-matter")),
        ("---\ntitle: a: b\n---\n\n正文\n", (2, "front-matter")),
        ("---\ntags:\n- a\nx: {y: 1, y: 2}\n---\n\n正文\n", (4, "front-matter")),
        ("---\n- a\n---\n\n正文\n", (2, "front-matter")),
        ("---\ntitle: a\ncover: gone.png\n---\n\n正文\n", (3, "image")),
        ("![图](gone.png)\n", (1, "image")),
        ("![图](https://a.example/x.png)\n", (1, "image")),
        ('<img src="gone.png" alt="图">\n', (1, "image")),
        ('<details>\n<img src="gone.png">\n</details>\n', (2, "alt-text")),
        ("<script>alert(1)</script>\n", (1, "html")),
        ("正文 <b>粗</b>\n", (1, "html")),
        ('<img src="a.png" alt="x" onerror="y">\n', (1, "html")),
        ("代码见 https://a.example/x，谢谢\n", (1, "link")),
        ("代码见 <https://a.example/x。>\n", (1, "link")),
        ("[文](javascript:x)\n", (1, "markup")),
        ("[文]()\n", (1, "link")),
        ("[文](gone.md)\n", (1, "link")),
        ("这是**粗体\n", (1, "markup")),
        ("这是**“粗体”**的\n", (1, "markup")),
        ("一个 _词 的\n", (1, "markup")),
        ("公式 \\\\(x\\\\) 是\n", (1, "maths")),
        ("只要 $5 美元\n", (1, "maths")),
        ("用 \\\\emph{强} 调\n", (1, "latex")),
        ('G\\\\"odel\n', (1, "latex")),
        ("模型在ImageNet上\n", (1, "spacing")),
        ("公式$x$的值\n", (1, "spacing")),
        ("函数`f`的值\n", (1, "spacing")),
        ("采用**ResNet**的精度\n", (1, "spacing")),
        ("准确率,召回率\n", (1, "punctuation")),
        ("这是结果.\n", (1, "punctuation")),
        ("前面 ，后面\n", (1, "punctuation")),
        ("结果好。。\n", (1, "doubled")),
        ("结果，。好\n", (1, "doubled")),
        ("模型的的结果\n", (1, "doubled")),
        ("尾 \n", (1, "trailing-space")),
        ("a\tb\n", (1, "tab")),
        ("- a\n\n正文\n\n* b\n", (5, "list-marker")),
        ("1. a\n\n正文\n\n1) b\n", (5, "list-marker")),
        ("a\n\n\nb\n", (3, "blank-lines")),
        ("a", (1, "end-of-file")),
        ("a\n\n", (3, "end-of-file")),
        ("# a\n\n### b\n", (3, "heading")),
        ("# a\n\n## b\n\n## b\n", (5, "heading")),
        ("> 引文\n续行\n", (2, "quote")),
        ("值是 {{ x }}\n", (1, "template")),
        ("{% if x %}\n", (1, "template")),
        ("机构：None\n", (1, "template")),
        ("nan\n", (1, "template")),
        ("链接：待补充\n", (1, "placeholder")),
        ("好的，以下是总结\n", (1, "chatter")),
        ("抱歉，我无法访问\n", (1, "refusal")),
        ("零\u200b宽\n", (1, "control")),
        ("控\x07制\n", (1, "control")),
        ("转\u202e向\n", (1, "control")),
    ],
)
def test_a_rule_finds_its_fault_on_its_line(body: str, found: tuple[int, str]) -> None:
    assert found in rules(body)


@pytest.mark.parametrize(
    "body",
    [
        "没有头部的正文。\n",
        "---\ntitle: a\ncover:\n---\n\n# 一\n\n## 方法\n\n# 二\n\n## 方法\n",
        "要点一。（[第 3 页](https://arxiv.org/pdf/2407.18125v1#page=3)）\n",
        "公式 $x_i \\emph{y} * z$ 和 $O(n^2)$，见 `a__b,c` 与 snake_case_name。\n",
        "论文：<http://arxiv.org/abs/2407.18125v1>；代码\n",
        "价格 \\$5，\\*\\*星\\*\\*，\\_下划线\\_，&#123;{ x }}，&lt;script>\n",
        ">⚠️ 一\n>🔴 二\n\n> ⚠️ 三\n",
        ">💗 如果您觉得本项目对您有帮助，还请您给我们一些鼓励！\n",
        "- 一\n- 二\n\n1. 甲\n\n    - (1) 乙\n",
        "None of these is new, and in 3:1 we say 1,000 or 3.5.\n",
        "A paper may say ... and N/A, TBD, or the the same.\n",
        "**Authors:** 林晓雯, 陈景行\n",
        "日本語のBERTは良い。\n",
        "发布时间：2026年11月05日，即 2026 年 11 月 5 日\n",
        "👩\u200d🔬 与 ❤️\n",
        "```\n模型BERT\t{{ x }}\n```\n",
        "比例为 3:1，时间 12:30，区间 (0,1)，C++ 与 GPT-4o。\n",
        "<details>\n<summary>图</summary>\n</details>\n",
    ],
)
def test_what_is_right_is_left_alone(body: str) -> None:
    assert rules(body) == []


def test_images_and_posts_beside_a_post_are_found(tmp_path: Path) -> None:
    (tmp_path / "图 1.png").write_bytes(b"x")
    (tmp_path / "b.md").write_text("b\n")
    body = (
        '---\ncover: 图 1.png\n---\n\n![图](图%201.png)\n\n<img src="图%201.png" '
        'alt="图">\n\n[b](b.md#x)\n'
    )
    assert rules(body, tmp_path) == []


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Co", "Cn"]), max_size=60)
)
def test_escaped_text_has_no_markup_left(text: str) -> None:
    body = f"x {escape_markdown(text)}\n"
    assert not {rule for _, rule in rules(body)} & {
        "markup",
        "html",
        "heading",
        "list-marker",
        "quote",
        "link",
    }


@given(
    st.lists(
        st.sampled_from(
            [
                "模型",
                "ImageNet",
                "95%",
                "$x_i$",
                "`f`",
                ",",
                ".",
                "，",
                "。",
                ":",
                "GPT-4o",
                "3.5",
                "α",
                "和",
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_typeset_text_needs_no_mending(text: str) -> None:
    body = f"模型是{text}的模型模样，这样的字数在这里是足够多的\n"
    broken = {rule for _, rule in rules(f"{escape_markdown(typeset(body, 'zh'))}\n")}
    assert not broken & {"spacing"}


def test_a_long_post_that_is_well_set_breaks_no_rule() -> None:
    paragraph = "模型在 ImageNet 上达到 95% 的准确率，比 GPT-4o 高 3.5 个点，见 $O(n^2)$ 与 [链接](https://a.example/x)。\n\n"
    post = (
        "---\ntitle: 一\n---\n\n# 一\n\n"
        + "".join(f"## 第 {n} 节\n\n{paragraph * 10}" for n in range(5))
        + "完。\n"
    )
    assert rules(post) == []


@pytest.mark.parametrize("piece", ["[", "![a](", "https://", "(", "“", "`", "<b"])
def test_what_opens_again_and_again_and_never_closes_breaks_no_rule(piece: str) -> None:
    assert rules("中文 " + piece * (10_000 // len(piece)) + "\n") == []
