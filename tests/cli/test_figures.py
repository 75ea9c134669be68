"""`post.figures`: which images posts show, what replaces the others, and what is on the disk."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatpaper.write.formats import load_labels
from chatpaper.write.views.display import translate_label
from tests.cli.conftest import TONIGHT, Terminal

LABELS = load_labels("zh")
CC_BY = "http://creativecommons.org/licenses/by/4.0/"
ARXIV = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"


@pytest.fixture
def shelf(tmp_path: Path, library: Path) -> Path:
    """Return a folder of three papers that may, may not, and may or may not be republished."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for stem in ("step-budgets", "ring-relaxation", "leaf-shapes"):
        shutil.copy(library / f"{stem}.pdf", folder)
    records: list[dict[str, Any]] = [
        {
            "file": "step-budgets.pdf",
            "arxiv_id": "2611.00001",
            "version": 2,
            "title": "Steps <b> & {{ budgets }}",
            "authors": ["José Núñez", "Ann <Lee>"],
            "license": CC_BY,
        },
        {"file": "ring-relaxation.pdf", "title": "Rings", "license": ARXIV},
    ]
    (folder / "metadata.json").write_text(json.dumps(records), "utf-8")
    return folder


class Written:
    """A post and what lies beside it."""

    def __init__(self, posts: Path) -> None:
        self.post = posts / TONIGHT / "Diffusion_Models.md"
        self.text = self.post.read_text("utf-8")
        self.sources = re.findall(r'(?:<img src="|!\[[^\]]*\]\()([^")]+)', self.text)
        self.files = sorted(
            path.relative_to(self.post.parent).as_posix() for path in posts.rglob("*.png")
        )
        self.papers = {
            paper["arxiv_id"]: paper
            for paper in json.loads(self.post.with_suffix(".json").read_text("utf-8"))["papers"]
        }
        self.cover = yaml.safe_load(self.text.split("---\n")[1])["cover"]

    def of(self, arxiv_id: str) -> list[str]:
        return [source for source in self.sources if f"/{arxiv_id}/" in source]


def test_each_policy_shows_what_it_may_and_leaves_nothing_else_behind(
    terminal: Terminal, shelf: Path
) -> None:
    run = (
        "run",
        "--topic",
        "Diffusion Models",
        "--source",
        shelf,
        "--backend",
        "extractive",
        "--date",
        TONIGHT,
    )
    first = terminal.run(*run)
    assert first.exit_code == 0, first.err
    embedded = Written(terminal.posts)
    assert sorted(embedded.sources) == embedded.files
    assert all(embedded.of(paper) for paper in ("2611.00001", "ring-relaxation", "leaf-shapes"))
    source = (
        "<p>图片来源：José Núñez, Ann &lt;Lee&gt;, "
        '<a href="http://arxiv.org/abs/2611.00001v2">Steps &lt;b&gt; &amp; &#123;{ '
        "budgets }&#125;</a>, "
        f'<a href="{CC_BY}">CC BY 4.0</a></p>'
    )
    assert embedded.text.count(source) == len(embedded.of("2611.00001"))
    assert embedded.text.count("图片来源") == len(embedded.of("2611.00001"))
    assert embedded.papers["2611.00001"]["license"] == CC_BY
    assert embedded.papers["leaf-shapes"]["license"] == ""

    (embedded.post.parent / "Diffusion_Models" / "leaf-shapes" / "notes.txt").write_text("mine")
    assert terminal.run("render", CHATPAPER_POST__FIGURES="licensed").exit_code == 0
    licensed = Written(terminal.posts)
    assert licensed.sources == embedded.of("2611.00001")
    assert licensed.files == sorted(licensed.sources)
    assert licensed.cover == licensed.sources[0]
    figures = licensed.papers["ring-relaxation"]["figures"]
    assert figures
    assert all(figure["image"] == "" for figure in figures)
    for figure in figures:
        label = translate_label(figure["label"], LABELS)
        assert re.search(rf"<p>{label}：.*（第 {figure['page']} 页）</p>", licensed.text)
    assert not (licensed.post.parent / "Diffusion_Models" / "ring-relaxation").exists()
    assert (
        licensed.post.parent / "Diffusion_Models" / "leaf-shapes" / "notes.txt"
    ).read_text() == "mine"

    assert terminal.run("render", CHATPAPER_POST__FIGURES="none").exit_code == 0
    bare = Written(terminal.posts)
    assert (bare.sources, bare.files, bare.cover) == ([], [], None)
    assert "<details>" not in bare.text

    assert terminal.run("render").exit_code == 0
    again = Written(terminal.posts)
    assert (again.text, again.files) == (embedded.text, embedded.files)


def test_links_lead_to_the_page_of_the_pdf(online: Terminal) -> None:
    done = online.run(
        "summarize", "2611.00001", "--date", TONIGHT, CHATPAPER_POST__FIGURES="linked"
    )
    assert done.exit_code == 0, done.err
    post = online.posts / TONIGHT / "2611.00001.md"
    text = post.read_text("utf-8")
    assert "<img" not in text
    assert list(online.posts.rglob("*.png")) == []
    figures = json.loads(post.with_suffix(".json").read_text("utf-8"))["papers"][0]["figures"]
    assert figures
    for figure in figures:
        assert re.search(rf"/pdf/2611\.00001v1#page={figure['page']}$", figure["link"])
        assert f'<p><a href="{figure["link"]}">{translate_label(figure["label"], LABELS)}：' in text


def test_an_unknown_policy_is_refused(terminal: Terminal) -> None:
    done = terminal.run("render", CHATPAPER_POST__FIGURES="some")
    assert done.exit_code == 2
    assert "post.figures" in done.err
    assert "licensed" in done.err
