"""The format `brief` from the outside: the list of a day, and the papers that it leads to."""

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatpaper.write.formats import list_languages, load_labels
from tests.cli.conftest import TONIGHT, Terminal
from tests.cli.test_run import RUN
from tests.conftest import LIBRARY
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_papers import repeated, tiny_pdf
from tests.fakes.gemini import FakeGemini

BRIEF = (*RUN, "--format", "brief")
ITEM = re.compile(r"^\d+\. \[(.+)\]\(#([^)]+)\)<br>(.+)$", re.MULTILINE)
HEADING = re.compile(r'^## <a id="([^"]+)"></a>(.+)$', re.MULTILINE)
# More than a list of one digit's numbers has.
MANY = 24
IMAGE = re.compile(
    r'<img src="([^"]+)" [^>]*width="(\d+)" height="(\d+)" loading="lazy" style="[^"]*max'
)


def post_of(terminal: Terminal) -> Path:
    return terminal.posts / TONIGHT / "Diffusion_Models.brief.md"


def test_the_list_of_the_day_comes_first_and_leads_to_every_paper(online: Terminal) -> None:
    assert online.run(*BRIEF).exit_code == 0
    file = post_of(online)
    text = file.read_text("utf-8").split("\n---\n", 1)[1]
    record = json.loads(file.with_suffix(".json").read_text("utf-8"))
    assert text.startswith(f"\n# Diffusion Models · {TONIGHT} · {len(record['papers'])} 篇\n\n1. [")
    items, headings = ITEM.findall(text), HEADING.findall(text)
    assert [anchor for _, anchor, _ in items] == [anchor for anchor, _ in headings]
    assert len(items) == len(record["papers"]) == len({anchor for _, anchor, _ in items})
    for (title, _, said), paper in zip(items, record["papers"], strict=True):
        assert title == paper["summary"]["title"]
        assert said.startswith(paper["summary"]["tldr"])
        where = "标题" if paper["matched_phrase"] in paper["title"] else "摘要"
        assert said.endswith(f"（{where}提到“{paper['matched_phrase']}”）")
    assert max(match.end() for match in ITEM.finditer(text)) < text.index("\n## ")


def test_a_paper_has_its_record_verdict_and_figures_before_what_is_folded(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    del arxiv.papers[1:]
    assert online.run(*BRIEF).exit_code == 0
    file = post_of(online)
    text = file.read_text("utf-8").split("\n---\n", 1)[1]
    (paper,) = json.loads(file.with_suffix(".json").read_text("utf-8"))["papers"]
    summary = paper["summary"]
    in_view, _, folded = text.partition("<details")
    parts = [
        f"\n# Diffusion Models · {TONIGHT}\n",
        f"</a>{summary['title']}\n",
        paper["title"].partition("$")[0],
        f"<br>作者：{', '.join(paper['authors'])}",
        f"<br>[arXiv]({paper['abs_url']}) · [PDF]({paper['pdf_url']})",
        f"\n**一句话**：{summary['tldr']}\n",
        "\n| 主要结果 | 本文 | 最佳对照 |\n",
        f"\n**核心思路**：{summary['key_idea']}<br>**步骤**：（1）{summary['method_steps'][0]}（2）",
        "\n<img src=",
        "\n**图 ",
        "\n> ",
        f"\n**局限**：{summary['limitations'][0]}",
    ]
    assert [part for part in parts if part not in in_view] == []
    places = [in_view.index(part) for part in parts]
    assert places == sorted(places)
    assert not ITEM.search(text), "one paper needs no list"
    sizes = {source: (int(width), int(height)) for source, width, height in IMAGE.findall(text)}
    assert len(sizes) == len(paper["figures"]) == text.count("<img ")
    for figure in paper["figures"]:
        x0, y0, x1, y1 = figure["bbox"]
        width, height = sizes[figure["image"]]
        assert width / height == pytest.approx((x1 - x0) / (y1 - y0), rel=0.02)
    assert len(IMAGE.findall(in_view)) == 2
    abstract, quotes, *_ = folded.split("</details>")
    assert summary["summary"] in abstract
    assert paper["abstract"].split(".")[0].partition("$")[0] in abstract
    signs = re.findall(r"\]\(|^[-*|>] ?|<https?:", abstract + quotes, re.MULTILINE)
    assert signs == [], "some sites do not read Markdown in folds"
    for evidence in paper["evidence"]:
        if evidence["quote"]:
            assert f'#page={evidence["page"]}">第 {evidence["page"]} 页</a>）<br>“' in quotes
            assert evidence["text"] in quotes


@pytest.mark.parametrize("language", list_languages())
def test_every_language_has_its_own_labels(
    online: Terminal, arxiv: FakeArxiv, language: str
) -> None:
    del arxiv.papers[2:]
    done = online.run(*BRIEF, "--language", language)
    assert done.exit_code == 0, done.err
    text = post_of(online).read_text("utf-8")
    labels = load_labels(language)
    for name in ("tldr", "results", "key_idea", "steps", "limitations", "brief_quotes", "abstract"):
        assert labels[name] in text, name
    for other in set(list_languages()) - {language}:
        assert f"**{load_labels(other)['tldr']}**" not in text
    assert len(ITEM.findall(text)) == 2


def test_the_same_papers_without_a_model_are_their_own_sentences(online: Terminal) -> None:
    done = online.run(*BRIEF, "--backend", "extractive")
    assert done.exit_code == 0, done.err
    text = post_of(online).read_text("utf-8")
    assert "没有使用任何语言模型" in text
    assert len(ITEM.findall(text)) == len(HEADING.findall(text)) == 3


def test_papers_of_a_folder_are_shown_with_what_they_have(
    online: Terminal,
) -> None:
    """Scans, papers in Chinese, papers without figures or institutions: each has its section."""
    shutil.copytree(LIBRARY, online.home / "papers")
    done = online.run(*BRIEF, "--source", online.home / "papers")
    assert done.exit_code == 0, done.err
    text = post_of(online).read_text("utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert len(sections) == len(ITEM.findall(text)) == len(list(LIBRARY.glob("*.pdf")))
    (scanned,) = [each for each in sections if "PDF 为扫描件" in each]
    assert "<img" not in scanned
    assert "（1）" in scanned
    (chinese,) = [each for each in sections if "碑帖拓片" in each.splitlines()[0]]
    assert chinese.splitlines()[2].startswith("作者："), "its title is not said twice"
    assert "未能从 PDF 中读出" not in text


def test_many_papers_are_as_many_items_and_sections(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    short = replace(arxiv.papers[0], pdf=tiny_pdf("Step Budgets", "We measure the error. " * 50))
    arxiv.papers[:] = repeated([short], MANY, datetime(2026, 11, 21, 12, tzinfo=UTC))
    done = online.run(*BRIEF, CHATPAPER_BUDGET__MAX_PAPERS=str(MANY))
    assert done.exit_code == 0, done.err
    text = post_of(online).read_text("utf-8")
    anchors = [anchor for _, anchor, _ in ITEM.findall(text)]
    assert len(anchors) == len(set(anchors)) == MANY
    assert anchors == [anchor for anchor, _ in HEADING.findall(text)]


def test_a_day_that_was_published_as_another_format_is_rendered_without_a_call(
    online: Terminal, gemini: FakeGemini
) -> None:
    assert online.run(*RUN).exit_code == 0
    calls = len(gemini.calls)
    assert online.run("render", "--format", "brief").exit_code == 0
    assert len(gemini.calls) == calls
    assert len(ITEM.findall(post_of(online).read_text("utf-8"))) == 3


def test_what_a_brief_says_is_checked_and_its_record_is_not(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    del arxiv.papers[2:]
    assert online.run(*BRIEF).exit_code == 0
    done = online.run("check", post_of(online), "2611.00001", "--json")
    assert done.exit_code in (0, 3), done.err
    (record, _) = json.loads(post_of(online).with_suffix(".json").read_text("utf-8"))["papers"]
    values = {claim["value"] for claim in done.report["claims"]}
    names = {word for author in record["authors"] for word in author.split()}
    assert not values & names
    assert "2611.00001" not in values
