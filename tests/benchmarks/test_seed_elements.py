"""The four formats have every element of the documents that they follow, in order.

They have none of their defects.
"""

import json
import re

import pytest

from tests.benchmarks import seed_elements
from tests.benchmarks.seed_elements import ELEMENTS, Posts, found_in_order, publish, seed_papers
from tests.cli.forked import Forker

# Labels of the eight parts that each paper of a report has.
REPORT_PARTS = (
    *(
        "论文标题",
        "作者信息",
        "论文标签",
        "研究核心目标与问题",
        "采用方法与技术",
        "实验设计与主要发现",
    ),
    *("结论及对未来研究的意义", "关键图表与数据"),
)


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory, forker: Forker | None) -> Posts:
    published = publish(tmp_path_factory.mktemp("seeds"), forker)
    assert published.outcome.exit_code == 0, published.outcome.err
    return published


def entries(text: str) -> list[str]:
    """Return the part of each paper in a post of a day."""
    return re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("name", ELEMENTS)
def test_every_element_is_present_and_in_order(posts: Posts, name: str) -> None:
    missing = [
        element.seed
        for element, found in found_in_order(posts.text(name), ELEMENTS[name])
        if not found
    ]
    assert missing == []


def test_four_formats_of_a_paper_share_one_call(posts: Posts) -> None:
    published = [
        paper for paper in posts.outcome.report["papers"] if paper["status"] == "published"
    ]
    assert len(published) >= 8
    assert posts.llm_calls == len(published)


def test_only_papers_on_topic_are_posted(posts: Posts) -> None:
    """Publish the papers of the bilingual document, of which one in eight translates images.

    The others had nothing to do with the topic.
    """
    titles = [
        entry.splitlines()[0].removeprefix("## ") for entry in entries(posts.text("bilingual"))
    ]
    assert len(titles) < 8
    assert any("BronchoGAN" in title for title in titles)
    assert not any("Calibration Error" in title or "ShapeEmbed" in title for title in titles)


def test_titles_and_authors_are_arxivs(posts: Posts) -> None:
    papers = {" ".join(paper.title.split()): paper for paper in seed_papers()}
    shown = [entry for name in ("daily", "bilingual") for entry in entries(posts.text(name))]
    assert shown
    for entry in shown:
        paper = papers[entry.splitlines()[0].removeprefix("## ")]
        assert f"**Authors:** {', '.join(paper.authors)}\n" in entry
    for entry in entries(posts.text("report")):
        paper = papers[entry.splitlines()[0].removeprefix("## ")]
        assert f"- **作者**：{', '.join(paper.authors)}\n" in entry, (
            "not with the family name first"
        )
        assert "[arxiv_pdf_url](http" in entry


@pytest.mark.parametrize("name", ELEMENTS)
def test_the_defects_of_the_documents_are_gone(posts: Posts, name: str) -> None:
    for file in posts.files(name):
        text = file.read_text("utf-8")
        for defect in (
            "好的，",
            "待补充",
            "尚未提供",
            "xxx",
            "根据您",
            "希望这",
            "抱歉",
            r"\textit",
            "整体而言",
        ):
            assert defect not in text
        assert not re.search(r"^#.*\S {2,}\S", text, re.MULTILINE), "doubled spaces in a title"
        assert not re.search(r"https?://[^\s<>)]*[，。；：）]", text), (
            "an address runs into Chinese punctuation"
        )
        assert not re.search(r"[ \t]$", text, re.MULTILINE)


def test_parts_are_set_off_and_lists_are_of_one_kind(posts: Posts) -> None:
    """The bilingual document runs some summaries into their label and numbers some lists only."""
    for entry in entries(posts.text("bilingual")):
        assert re.search(r"^\*\*Summary\*\*\n\n\S", entry, re.MULTILINE)
        takeaways = entry.partition("**Key Takeaways**\n\n")[2].partition("\n\n")[0].splitlines()
        assert [line.split(". ")[0] for line in takeaways] == [
            str(n) for n in range(1, len(takeaways) + 1)
        ]


def test_a_card_keeps_its_reason_out_of_its_tags_and_each_image_has_its_own_caption(
    posts: Posts,
) -> None:
    (card,) = posts.files("card")
    text = card.read_text("utf-8")
    (record,) = json.loads(card.with_name(card.name.replace(".md", ".json")).read_text("utf-8"))[
        "papers"
    ]
    classes, tags = re.findall(r"^`.+`$", text, re.MULTILINE)
    assert classes == f"`{record['summary']['paper_class']}`"
    assert tags == " ".join(f"`{tag}`" for tag in record["summary"]["tags"])
    assert f"\n\n理由：{record['summary']['class_reason']}\n\n" in text
    images = re.findall(r"^!\[([^\]]+)\]\(([^)]+)\)$", text, re.MULTILINE)
    assert len({alt for alt, _ in images}) == len(images) == 3
    assert all((card.parent / source).read_bytes().startswith(b"\x89PNG") for _, source in images)
    quoted = (
        text.partition("## 摘要")[2].partition("\n## ")[0].partition("![")[0].strip().splitlines()
    )
    assert all(line.startswith("> ") for line in quoted if line)
    assert record["figures"][0]["image"] == images[0][1], (
        "the JSON beside it names the images as the card does"
    )


def test_every_paper_of_a_report_has_all_eight_parts(posts: Posts) -> None:
    """Two of the twelve papers of the report document have free prose in their place."""
    found = entries(posts.text("report"))
    assert len(found) == 4
    for entry in found:
        assert re.findall(r"^### \*\*(.+)\*\*$", entry, re.MULTILINE) == list(REPORT_PARTS)
        parts = re.split(r"^### .+$", entry, flags=re.MULTILINE)[1:]
        assert all(part.strip().startswith("- ") for part in parts)


def test_a_report_cites_figures_by_labels_that_exist_and_takes_the_project_page_from_the_record(
    posts: Posts,
) -> None:
    for entry in entries(posts.text("report")):
        cited = set(re.findall(r"^- \*\*([图表] \d+)\*\*：", entry, re.MULTILINE))
        assert cited
        assert cited <= {"图 1", "图 2", "表 1"}
    (mmiu,) = [entry for entry in entries(posts.text("report")) if entry.startswith("## MMIU")]
    assert "- **项目页面**：<https://mmiu-bench.github.io/>" in mmiu


def test_the_program_prints_a_table_for_each_format(
    posts: Posts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(seed_elements, "publish", lambda home: posts)
    assert seed_elements.main() == 0
    told = capsys.readouterr().out
    assert re.findall(r"^## (\w+)$", told, re.MULTILINE) == list(ELEMENTS)
    assert "| NO |" not in told
