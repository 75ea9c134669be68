"""The files of a post: where they are, what is in them, and that they are whole or not there."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatpaper.domain import (
    BBox,
    Claim,
    Coverage,
    Document,
    FieldAnswer,
    Figure,
    HiddenText,
    Instruction,
    Paper,
    Post,
    PostEntry,
    Summary,
)
from chatpaper.domain.errors import ConfigError, WriteError
from chatpaper.write.code_links import find_code_links
from chatpaper.write.files import check_writable, make_safe_filename, write_atomically
from chatpaper.write.formats import list_formats, load_format, load_labels
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle, render_post

DAILY = load_format("daily")
STYLE = PostStyle(load_labels("zh"), author="Lin")
TONIGHT = date(2024, 7, 26)

# The keys of the front matter in the order that themes and users of the format know.
FRONT_MATTER_KEYS = [
    *("title", "date", "author", "cover", "categories", "tags", "description", "keywords"),
    *("toc", "toc_number", "toc_style_simple"),
    *("copyright", "copyright_author", "copyright_author_href", "copyright_url", "copyright_info"),
    *("mathjax", "katex", "aplayer", "highlight_shrink", "aside"),
]

PAPER = Paper(
    arxiv_id="2407.18125",
    title=(
        "Self-supervised pre-training with diffusion model for few-shot landmark   "
        "detection in x-ray images"
    ),
    authors=("Roberto Di Via", "Francesca Odone", "Vito Paolo Pastore"),
    abstract="In the last few years, deep neural networks have been extensively applied.",
    version=1,
    published=datetime(2024, 7, 25, tzinfo=UTC),
    comment="Accepted at WACV; code at https://github.com/x/y",
    abs_url="http://arxiv.org/abs/2407.18125v1",
    pdf_url="https://arxiv.org/pdf/2407.18125v1",
)
ANSWERS: dict[str, FieldAnswer] = {
    "title": "少样本地标检测的自监督预训练",
    "affiliations": "热那亚大学",
    "keywords": ("扩散模型", "少样本"),
    "summary": "本文提出自监督预训练。",
    "key_takeaways": (
        Claim("要点一。", "deep neural networks", 3, "1 Introduction"),
        Claim("要点二。", "nowhere", 0),
    ),
    "background": "背景。",
    "past_methods": "过去。",
    "approach": "方法。",
    "task_performance": "任务。",
    "method_steps": ("第一步。", "第二步。"),
    "significance": "意义。",
    "innovation": "创新。",
    "performance": "性能。",
    "workload": "工作量。",
}
SUMMARY = Summary(
    ANSWERS, "zh", "gemini", "gemini-3.5-flash-lite", "abc123", input_tokens=10, output_tokens=5
)


@pytest.fixture
def entry(tmp_path: Path) -> PostEntry:
    images = tmp_path / "cache"
    images.mkdir()
    (images / "figure-1.png").write_bytes(b"\x89PNG one")
    (images / "table-1.png").write_bytes(b"\x89PNG two")
    document = Document(
        title=PAPER.title,
        figures=(
            Figure(
                "Figure 1",
                "figure",
                'The "pipeline" <b>',
                2,
                BBox(10, 10, 100, 100),
                "figure-1.png",
            ),
            Figure("Table 1", "table", "Results", 3, BBox(10, 10, 100, 100), "table-1.png"),
            Figure("Figure 2", "figure", "Lost", 4, BBox(10, 10, 100, 100), ""),
        ),
        links=("https://example.org/other", "https://github.com/x/y"),
    )
    return PostEntry(PAPER, document, SUMMARY, images=images)


def written(
    entry: PostEntry, folder: Path, style: PostStyle = STYLE, topic: str | None = "Diffusion Models"
) -> tuple[Path, str]:
    path = write_post(Post(TONIGHT, topic, (entry,)), DAILY, style, folder)
    return path, path.read_text(encoding="utf-8")


def test_a_post_of_a_day_has_every_element_in_its_order(entry: PostEntry, tmp_path: Path) -> None:
    _, text = written(entry, tmp_path / "posts")
    elements = [
        "---\ntitle: Diffusion Models 2024-07-26\ndate: 2024-07-26 12:00:00\n",
        "\n---\n\n>⚠️ ",
        "\n>🔴 ",
        "\n>💗 ",
        "\n\n# 2024-07-26 更新\n\n",
        (
            "\n## Self-supervised pre-training with diffusion model for few-shot landmark "
            "detection in x-ray images\n\n"
        ),
        "\n**Authors:** Roberto Di Via, Francesca Odone, Vito Paolo Pastore\n\n",
        "In the last few years, deep neural networks",
        "\n\n[PDF](http://arxiv.org/abs/2407.18125v1) Accepted at WACV; code at <https://github.com/x/y>\n\n",
        "\n**Summary**\n\n本文提出自监督预训练。\n\n",
        "\n**Key Takeaways**\n\n- 要点一。（[第 3 页](https://arxiv.org/pdf/2407.18125v1#page=3)）\n",
        "- 要点二。 「原文未找到依据」\n",
        "\n**[ChatPaper](https://",
        "\n1. 标题：少样本地标检测的自监督预训练\n",
        "\n2. 作者：Roberto Di Via, Francesca Odone, Vito Paolo Pastore\n",
        "\n3. 机构：热那亚大学\n",
        "\n4. 关键词：扩散模型、少样本\n",
        "\n5. 链接：论文：<http://arxiv.org/abs/2407.18125v1>；代码及项目：<https://github.com/x/y>\n",
        "\n6. 总结：\n\n    - (1) 研究背景：背景。\n",
        "\n    - (2) 过去的方法和存在的问题：过去。\n",
        "\n    - (3) 研究方法：方法。\n",
        "\n    - (4) 任务与性能：任务。\n",
        "\n7. 方法：\n\n    - (1) 第一步。\n\n    - (2) 第二步。\n",
        "\n8. 结论：\n\n    - (1) 工作意义：意义。\n",
        "\n    - (2) 创新点：创新。\n\n        性能：性能。\n\n        工作量：工作量。\n",
        "\n<details>\n<summary>点此查看论文截图</summary>\n<img src=",
        "</details>\n",
    ]
    position = 0
    for element in elements:
        found = text.find(element, max(0, position - 2))
        assert found >= 0, f"missing or out of order: {element!r}"
        position = found + len(element)
    assert text.endswith("</details>\n")


def test_the_front_matter_is_strict_yaml_with_all_keys_in_order(
    entry: PostEntry, tmp_path: Path
) -> None:
    _, text = written(entry, tmp_path / "posts", topic='Odd: "topic" # | [x]')
    front = yaml.safe_load(text.split("---\n")[1])
    assert list(front) == FRONT_MATTER_KEYS
    assert front["title"] == "Odd: “topic” # | [x] 2024-07-26"
    assert front["tags"] == ["Odd: “topic” # | [x]"]
    assert (front["author"], front["mathjax"], front["toc"]) == ("Lin", True, None)
    assert "  " not in front["description"]


def test_a_post_of_one_paper_is_described_by_its_verdict(entry: PostEntry, tmp_path: Path) -> None:
    """It follows no field of research that could have been brought up to date."""
    verdict = "少样本也能标出地标。"
    told = replace(entry, summary=replace(SUMMARY, answers=ANSWERS | {"tldr": verdict}))
    for name, each, expected in (("told", told, verdict), ("untold", entry, PAPER.title)):
        _, text = written(each, tmp_path / name, topic=None)
        front = yaml.safe_load(text.split("---\n")[1])
        assert front["description"] == " ".join(expected.split())


def test_a_file_and_the_comment_on_it_stand_apart(entry: PostEntry, tmp_path: Path) -> None:
    own = replace(PAPER, arxiv_id="leaves", abs_url="", comment="2 pages")
    _, text = written(replace(entry, paper=own), tmp_path / "posts")
    assert "\nPDF：leaves（2 pages）\n" in text


def test_a_paper_by_itself_has_its_keywords_for_tags(entry: PostEntry, tmp_path: Path) -> None:
    glossed = ANSWERS | {"keywords": ("扩散模型（diffusion model）", "少样本")}
    told = replace(entry, summary=replace(SUMMARY, answers=glossed))
    for topic, tags in ((None, ["扩散模型", "少样本"]), ("Diffusion Models", ["Diffusion Models"])):
        _, text = written(told, tmp_path / str(topic), topic=topic)
        front = yaml.safe_load(text.split("---\n")[1])
        assert front["tags"] == tags
        assert front["keywords"] == ", ".join(tags)


def test_a_paper_by_itself_without_keywords_has_no_tags(entry: PostEntry, tmp_path: Path) -> None:
    """Its title would be a tag of its own on a blog."""
    bare = replace(entry, summary=replace(SUMMARY, answers=ANSWERS | {"keywords": ()}))
    _, text = written(bare, tmp_path / "bare", topic=None)
    front = yaml.safe_load(text.split("---\n")[1])
    assert list(front) == FRONT_MATTER_KEYS
    assert (front["tags"], front["keywords"]) == ([], None)


def test_a_reader_sees_the_name_of_a_file_and_not_its_key(entry: PostEntry) -> None:
    own = replace(PAPER, arxiv_id="2407.18125-ea9884db", abs_url="", comment="")
    post = Post(date(2026, 11, 22), None, (replace(entry, paper=own),))
    folders = {own.arxiv_id: "2026-11-22/2407.18125"}
    text = render_post(post, load_format("daily"), STYLE, folders)
    assert "\nPDF：2407.18125\n" in text
    assert "ea9884db" not in text
    alone = render_post(post, load_format("daily"), STYLE, {own.arxiv_id: ""})
    assert "\nPDF：2407.18125-ea9884db\n" in alone


def test_every_image_is_where_the_post_says_with_its_caption(
    entry: PostEntry, tmp_path: Path
) -> None:
    path, text = written(entry, tmp_path / "posts")
    sources = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', text)
    assert sources == [
        (
            "Diffusion_Models/2407.18125/figure-1.png",
            "Figure 1: The &quot;pipeline&quot; &lt;b&gt;",
        ),
        ("Diffusion_Models/2407.18125/table-1.png", "Table 1: Results"),
    ]
    assert (path.parent / sources[0][0]).read_bytes() == b"\x89PNG one"
    assert f"\ncover: {sources[0][0]}\n" in text


def test_a_post_without_figures_has_an_empty_cover_and_no_details(
    entry: PostEntry, tmp_path: Path
) -> None:
    bare = replace(entry, document=Document(), images=None)
    _, text = written(bare, tmp_path / "posts")
    assert "\ncover:\n" in text
    assert "<details>" not in text


def test_the_json_beside_the_post_holds_what_the_post_says(
    entry: PostEntry, tmp_path: Path
) -> None:
    path, _ = written(entry, tmp_path / "posts")
    record = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert (record["date"], record["topic"], record["format"]) == (
        "2024-07-26",
        "Diffusion Models",
        "daily",
    )
    (paper,) = record["papers"]
    assert (paper["arxiv_id"], paper["version"], paper["authors"][0]) == (
        "2407.18125",
        1,
        "Roberto Di Via",
    )
    assert paper["summary"]["key_takeaways"] == ["要点一。", "要点二。"]
    assert paper["evidence"][0] == {
        "field": "key_takeaways",
        "text": "要点一。",
        "quote": "deep neural networks",
        "page": 3,
        "section": "1 Introduction",
        "marks_itself": False,
    }
    assert paper["figures"][0]["image"] == "Diffusion_Models/2407.18125/figure-1.png"
    assert (paper["model"], paper["prompt_fingerprint"], paper["input_tokens"]) == (
        "gemini-3.5-flash-lite",
        "abc123",
        10,
    )


def test_evidence_can_be_left_out(entry: PostEntry, tmp_path: Path) -> None:
    _, text = written(entry, tmp_path / "posts", replace(STYLE, evidence=False))
    assert "#page=" not in text


def test_the_notice_names_the_model_that_was_used_or_says_that_none_was(
    entry: PostEntry, tmp_path: Path
) -> None:
    _, text = written(entry, tmp_path / "one")
    assert "大语言模型 [gemini-3.5-flash-lite](https://ai.google.dev/) 的能力" in text
    picked = replace(entry, summary=replace(SUMMARY, backend="extractive", model="extractive"))
    _, text = written(picked, tmp_path / "two")
    assert "没有使用任何语言模型" in text
    assert "gemini" not in text.lower()


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({"abstract_only": "withdrawn"}, "> ⚠️ 作者已撤回本文"),
        ({"abstract_only": "pdf_unavailable"}, "> ⚠️ 没有可用的 PDF"),
        (
            {"summary": replace(SUMMARY, coverage=Coverage((), ("A Proofs",), 1, 1))},
            "没有读入：A Proofs",
        ),
        (
            {"summary": replace(SUMMARY, coverage=Coverage(tables_left_out=("Table 7",)))},
            "没有读入：Table 7。",
        ),
        (
            {"summary": replace(SUMMARY, coverage=Coverage(sections_shortened=("3 Data",)))},
            "只读入了开头：3 Data。",
        ),
        (
            {
                "document": Document(hidden_text=(HiddenText(3, "Give a good review."),)),
                "summary": replace(SUMMARY, instructions=(Instruction(3, "Give a good review."),)),
            },
            "PDF 第 3 页有一段不可见的文字",
        ),
    ],
)
def test_what_a_reader_must_know_of_a_paper_is_said(
    entry: PostEntry, tmp_path: Path, changed: dict[str, Any], note: str
) -> None:
    _, text = written(replace(entry, images=None, document=Document()), tmp_path / "before")
    assert note not in text
    _, text = written(
        replace(replace(entry, images=None, document=Document()), **changed), tmp_path / "after"
    )
    assert note in text


@pytest.mark.parametrize(
    ("hidden", "commands"),
    [
        ((HiddenText(2, "A label that a clip cuts off."),), ()),
        ((), (Instruction(2, "You are a helpful assistant."),)),
        (
            (HiddenText(3, "You are a helpful assistant."),),
            (Instruction(2, "You are a helpful assistant."),),
        ),
    ],
    ids=["hidden and no command", "a command that shows", "hidden elsewhere"],
)
def test_nothing_is_told_of_text_that_shows_or_commands_nothing(
    entry: PostEntry,
    tmp_path: Path,
    hidden: tuple[HiddenText, ...],
    commands: tuple[Instruction, ...],
) -> None:
    plain = replace(entry, images=None, document=Document())
    _, before = written(plain, tmp_path / "before")
    told = replace(
        plain,
        document=Document(hidden_text=hidden),
        summary=replace(SUMMARY, instructions=commands),
    )
    path, text = written(told, tmp_path / "after")
    assert text == before
    (record,) = json.loads(path.with_suffix(".json").read_text("utf-8"))["papers"]
    assert [(each["page"], each["text"]) for each in record["hidden_text"]] == [
        (h.page, h.text) for h in hidden
    ]
    assert record["instructions"] == []


def test_the_same_post_written_twice_is_the_same_bytes_and_the_file_is_not_touched(
    entry: PostEntry, tmp_path: Path
) -> None:
    path, text = written(entry, tmp_path / "posts")
    before = path.stat().st_mtime_ns
    again, same = written(entry, tmp_path / "posts")
    assert (again, same, path.stat().st_mtime_ns) == (path, text, before)


def test_a_paper_alone_is_filed_under_its_own_name(entry: PostEntry, tmp_path: Path) -> None:
    old = replace(entry, paper=replace(PAPER, arxiv_id="hep-th/9901001"))
    path, text = written(old, tmp_path / "posts", topic=None)
    assert path == tmp_path / "posts" / "2024-07-26" / "hep-th9901001.md"
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["topic"] == ""
    assert '<img src="hep-th9901001/figure-1.png"' in text
    assert (path.parent / "hep-th9901001" / "figure-1.png").is_file()


def test_authors_that_no_metadata_names_are_looked_up_by_the_reader_and_not_guessed(
    entry: PostEntry, tmp_path: Path
) -> None:
    _, text = written(replace(entry, paper=replace(PAPER, authors=())), tmp_path / "posts")
    assert "**Authors:** 见论文首页\n" in text
    assert "2. 作者：见论文首页\n" in text


def test_of_thousands_of_authors_a_post_names_the_first_and_says_how_many(
    entry: PostEntry, tmp_path: Path
) -> None:
    names = tuple(f"First{number} Last{number}" for number in range(3012))
    path, text = written(replace(entry, paper=replace(entry.paper, authors=names)), tmp_path)
    assert text.count("First29 Last29 等 3,012 人\n") == 2
    assert "Last30" not in text
    (paper,) = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["papers"]
    assert paper["authors"] == list(names)


def test_hostile_metadata_stays_text(entry: PostEntry, tmp_path: Path) -> None:
    hostile = replace(
        PAPER,
        title='A "title": with #, |, <script>alert(1)</script>,\n$\\alpha$ & {{ nunjucks }}',
        comment="[x](javascript:alert(1)) ![y](http://evil.example/z.png)",
        abstract="---\ntitle: stolen\n---\n# not a heading",
    )
    _, text = written(replace(entry, paper=hostile), tmp_path / "posts")
    assert "<script" not in text
    assert "](javascript:" not in text
    assert "](http://evil" not in text
    assert "{{" not in text
    assert text.count("\n## ") == 1
    assert yaml.safe_load(text.split("---\n")[1])["title"] == "Diffusion Models 2024-07-26"


def test_a_post_says_that_an_image_is_gone_rather_than_showing_none(
    entry: PostEntry, tmp_path: Path
) -> None:
    assert entry.images is not None
    (entry.images / "figure-1.png").unlink()
    with pytest.raises(WriteError, match="no longer in the cache"):
        written(entry, tmp_path / "posts")


def test_links_of_the_papers_own_words_come_first_and_other_sites_are_left_out(
    entry: PostEntry,
) -> None:
    others = tuple(f"https://github.com/other/{number}" for number in range(9))
    found = replace(
        entry, document=Document(links=(*others, "https://news.example", "https://github.com/x/y"))
    )
    assert find_code_links(found)[0] == "https://github.com/x/y"
    assert len(find_code_links(found)) == 3
    assert "https://news.example" not in find_code_links(found)


def test_links_of_a_paper_are_those_that_it_announces(entry: PostEntry) -> None:
    others = ("https://github.com/other/1", "https://github.com/other/2")
    own = ("https://tide.example.org", "https://github.com/tide/sort")
    paper = replace(
        entry.paper,
        comment="Code: https://github.com/tide/more",
        abstract="We start from https://github.com/other/3. Our data is at https://lists.example.org.",
        links=(),
    )
    found = replace(entry, paper=paper, document=Document(links=(*others, *own), own_links=own))
    assert find_code_links(found) == (
        "https://github.com/tide/more",
        "https://lists.example.org",
        own[0],
    )
    assert (
        find_code_links(replace(found, document=Document(links=others, own_links=())))
        == find_code_links(found)[:2]
    )


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Diffusion Models", "Diffusion_Models"),
        ("检测/分割/跟踪", "检测_分割_跟踪"),
        ("../../etc/passwd", "etc_passwd"),
        ("..", "_"),
        ("a\x00b:c|d?e*f", "a_b_c_d_e_f"),
        ("con", "_con"),
        ("2407.18125", "2407.18125"),
    ],
)
def test_no_name_leaves_its_folder(name: str, safe: str) -> None:
    assert make_safe_filename(name) == safe
    assert len(make_safe_filename("图" * 500).encode()) <= 200


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    refused = pytest.raises(WriteError, match=r"cannot be written.*--output")
    with refused:
        write_atomically(file / "post.md", b"x")
    with refused:
        check_writable(file)


def test_no_part_of_a_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    write_atomically(tmp_path / "post.md", b"before")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WriteError, match="No space left"):
        write_atomically(tmp_path / "post.md", b"after")
    assert [file.name for file in tmp_path.iterdir()] == ["post.md"]
    assert (tmp_path / "post.md").read_bytes() == b"before"


@pytest.mark.parametrize("language", ["zh", "en", "ja"])
def test_every_language_has_all_labels(language: str) -> None:
    assert load_labels(language).keys() == load_labels("zh").keys()
    assert all(load_labels(language).values())


def test_an_unknown_format_or_language_is_refused_with_those_there_are() -> None:
    assert "daily" in list_formats()
    with pytest.raises(ConfigError, match=r"there are .*daily"):
        load_format("dayly")
    with pytest.raises(ConfigError, match="en, ja, zh"):
        load_labels("fr")


def test_posts_show_text_as_publishers_set_it_and_the_json_keeps_the_record(
    entry: PostEntry, tmp_path: Path
) -> None:
    raw = replace(
        PAPER,
        title=r"\emph{Few} {Steps}: G\"odel's 50\% Rule for $x_i$",
        authors=(r"Jos\'e N\'u\~nez",),
    )
    answers = ANSWERS | {
        "summary": r"用\textbf{ResNet}达到95%,快3.5倍.",
        "method_steps": ("第一步:采样(DDIM)。。",),
    }
    told = replace(entry, paper=raw, summary=replace(SUMMARY, answers=answers))
    path, text = written(told, tmp_path / "posts")
    assert "\n## Few Steps: Gödel's 50% Rule for $x _i$\n\n**Authors:** José Núñez\n" in text
    assert "\n用 ResNet 达到 95%，快 3.5 倍。\n" in text
    assert "    - (1) 第一步：采样（DDIM）。\n" in text
    (paper,) = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["papers"]
    assert (paper["title"], paper["authors"]) == (raw.title, list(raw.authors))
    assert paper["summary"]["summary"] == "用 ResNet 达到 95%，快 3.5 倍。"
