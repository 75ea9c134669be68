"""How far a reader with a phone scrolls: to the first sentence about a paper, and past a paper."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sites.browser import browsing, serving
from tests.sites.building import MKDOCS
from tests.sites.sample import DATE, write_sample
from tests.sites.visiting import PHONE

pytestmark = pytest.mark.sites

# A phone is 844 pixels high: the list of a day begins in its upper half, and a paper takes about
# one and a half screens.
MOST_BEFORE_FIRST_SENTENCE = 360
MOST_A_PAPER = 1500
# An image whose size is told moves nothing when it is loaded, but for rounding.
MOST_SHIFT = 3

_MEASURE = """
([article, sentences]) => {
  const top = range => Math.round(range.getBoundingClientRect().top + window.scrollY);
  const root = document.querySelector(article);
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    if (sentences.some(sentence => texts.currentNode.data.includes(sentence))) {
      const range = document.createRange();
      range.selectNode(texts.currentNode);
      found.push(top(range));
    }
  }
  const papers = [...root.querySelectorAll("h2")].map(top);
  const end = Math.round(root.getBoundingClientRect().bottom + window.scrollY);
  return { first: found[0], papers: [...papers, end] };
}
"""


@dataclass(frozen=True)
class Lengths:
    """Where the first sentence about a paper begins, and how high each paper is, in CSS pixels."""

    first_sentence: int
    papers: tuple[int, ...]

    @property
    def mean_paper(self) -> float:
        return sum(self.papers) / len(self.papers)


@dataclass(frozen=True)
class Phone:
    """A tab as wide as a phone on a site with the posts of the sample."""

    page: Any
    address: str
    posts: Path

    def open(self, format_name: str) -> list[str]:
        """Open the post of a format; its verdicts come back."""
        suffix = "" if format_name == "daily" else f".{format_name}"
        file = self.posts / DATE / f"Diffusion_Models{suffix}.md"
        self.page.goto(f"{self.address}/{MKDOCS.page_of(file, self.posts)}", wait_until="load")
        record = json.loads(file.with_suffix(".json").read_text("utf-8"))
        return [paper["summary"]["tldr"] for paper in record["papers"]]

    def measure(self, format_name: str) -> Lengths:
        """Measure the post of a format with all its images."""
        sentences = self.open(format_name)
        self.load_images()
        found = self.page.evaluate(_MEASURE, [MKDOCS.article, sentences])
        tops = found["papers"]
        heights = (below - top for top, below in itertools.pairwise(tops))
        return Lengths(found["first"], tuple(heights))

    def load_images(self) -> None:
        self.page.eval_on_selector_all(
            "img",
            "all => Promise.all(all.map(each => { each.loading = 'eager'; return each.decode() }))",
        )


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    posts = write_sample(tmp_path_factory.mktemp("sample"))
    site = MKDOCS.build(posts, tmp_path_factory.mktemp("site"))
    with serving(site) as address, browsing() as browser:
        page = browser.new_page(viewport=PHONE)
        yield Phone(page, address, posts)
        page.close()


def test_a_brief_begins_at_once_and_takes_half_of_a_daily_post(phone: Phone) -> None:
    brief, daily = phone.measure("brief"), phone.measure("daily")
    for name, lengths in (("brief", brief), ("daily", daily)):
        print(
            f"{name}: first sentence at {lengths.first_sentence} px, "
            f"{lengths.mean_paper:.0f} px a paper {lengths.papers}"
        )
    assert brief.first_sentence <= MOST_BEFORE_FIRST_SENTENCE
    assert brief.first_sentence < daily.first_sentence
    assert brief.mean_paper <= MOST_A_PAPER
    assert brief.mean_paper <= daily.mean_paper / 2


def test_the_list_of_a_brief_leads_to_its_papers(phone: Phone) -> None:
    phone.open("brief")
    links = phone.page.locator(f"{MKDOCS.article} ol a[href^='#']")
    headings = phone.page.locator(f"{MKDOCS.article} h2")
    assert links.count() == headings.count() > 1
    last = headings.nth(headings.count() - 1)
    links.nth(links.count() - 1).click()
    assert 0 <= last.bounding_box()["y"] < PHONE["height"] / 2


def test_nothing_moves_when_images_are_loaded(phone: Phone) -> None:
    """A page that jumps while a reader looks at it is one that images have no size in."""
    phone.page.route("**/*.png", lambda route: None)  # loading for ever
    sentences = phone.open("brief")
    before = phone.page.evaluate(_MEASURE, [MKDOCS.article, sentences])["papers"]
    phone.page.unroute("**/*.png")
    phone.open("brief")
    phone.load_images()
    after = phone.page.evaluate(_MEASURE, [MKDOCS.article, sentences])["papers"]
    assert [abs(one - other) <= MOST_SHIFT for one, other in zip(before, after, strict=True)] == (
        [True] * len(before)
    ), (before, after)


def test_a_table_of_results_has_all_its_columns_in_view(phone: Phone) -> None:
    phone.open("daily")
    rights = phone.page.eval_on_selector_all(
        f"{MKDOCS.article} tbody tr",
        """(rows, cells) => rows.map(row => {
             row.replaceChildren();
             cells.forEach(text => row.insertCell().append(text));
             return row.getBoundingClientRect().right;
           })""",
        ["语言建模 · LM Eval Harness", "平均准确率", "60.6", "57.5 (OpenLLaMA-3B-v2)", "表 1"],
    )
    assert rights
    assert max(rights) <= PHONE["width"]
