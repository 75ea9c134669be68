"""Posts in every format, built into real sites, as a browser shows them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatpaper.write.formats import list_formats, load_format
from tests.sites.browser import browsing, serving
from tests.sites.building import SITE_KINDS, SiteKind
from tests.sites.sample import DATE, PAPERS, write_sample
from tests.sites.visiting import DESK, PHONE, Visitor, visiting
from tests.write.pages import parts_of
from tests.write.payload_entries import (
    PayloadPost,
    cut_parts_of,
    faults_among,
    write_payload_posts,
)
from tests.write.payloads import PAYLOADS

pytestmark = pytest.mark.sites

PAYLOAD_TOPIC = "Payloads"
# A page costs a build and a visit: in formats of one paper each there are two payloads of each
# kind, and all of those that try to leave the places where themes print titles.
_EAGER_KINDS = ("script", "event handlers")
ON_THEIR_OWN = tuple(
    payload
    for number, payload in enumerate(PAYLOADS)
    if payload.kind in _EAGER_KINDS or number < 2 or PAYLOADS[number - 2].kind != payload.kind
)
# What Markdown, templates and formulas leave behind where they were not read, in text that has none
# of its own.
_LEFTOVERS = re.compile(r"\*\*|__|~~|(?<![\w/])_(?=\w)|\\[({\[_*]|\{\{|\{%|\]\(|&[a-z]+;|<[a-z/]")
_FORMULA = re.compile(r"\$[^$]*\$")
# A table of one line is some ten pixels high: so much is rounding.
MOST_STRETCHED = 0.08
_CHINESE_PUNCTUATION = re.compile(r"%E3%80|%EF%BC|[\u3000-\u303f\uff00-\uffef]")


@dataclass(frozen=True)
class Posts:
    """An output folder with the posts of the sample and those of the payloads."""

    folder: Path
    payloads: Mapping[str, tuple[PayloadPost, ...]]

    def of(self, format_name: str, topic: str) -> tuple[Path, ...]:
        """Return the Markdown files of a format in the order of its papers."""
        if load_format(format_name).scope == "paper":
            return tuple(sorted((self.folder / DATE / topic).glob(f"*.{format_name}.md")))
        suffix = "" if format_name == "daily" else f".{format_name}"
        return (self.folder / DATE / f"{topic}{suffix}.md",)


@pytest.fixture(scope="session")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Posts:
    folder = write_sample(tmp_path_factory.mktemp("sample"))
    images = tmp_path_factory.mktemp("images")
    payloads = {}
    for name in list_formats():
        shown = PAYLOADS if load_format(name).scope == "day" else ON_THEIR_OWN
        payloads[name] = write_payload_posts(folder, name, PAYLOAD_TOPIC, images, shown)
    return Posts(folder, payloads)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with browsing() as opened:
        yield opened


@pytest.fixture(scope="session", params=SITE_KINDS, ids=[kind.name for kind in SITE_KINDS])
def visitor(
    request: pytest.FixtureRequest,
    posts: Posts,
    browser: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Visitor, SiteKind]]:
    kind: SiteKind = request.param
    site = kind.build(posts.folder, tmp_path_factory.mktemp("site"))
    with serving(site) as address, visiting(browser, address, kind) as opened:
        yield opened, kind


@pytest.mark.parametrize("format_name", list_formats())
def test_a_post_is_shown_whole(
    visitor: tuple[Visitor, SiteKind], posts: Posts, format_name: str
) -> None:
    page, kind = visitor
    files = posts.of(format_name, "Diffusion_Models")
    assert "<img " in files[0].read_text("utf-8") or "![" in files[0].read_text("utf-8")
    for file in files:
        seen = page.visit(kind.page_of(file, posts.folder))
        assert seen.status == 200
        assert not seen.failed
        assert not seen.foreign_requests
        assert isinstance(yaml.safe_load(file.read_text("utf-8").split("---\n")[1]), dict)
        embedded = len(re.findall(r"<img |!\[", file.read_text("utf-8")))
        assert len(seen.page["images"]) == embedded
        assert all(image["width"] > 0 and image["shown"] > 0 for image in seen.page["images"]), (
            seen.page["images"]
        )
        assert seen.page["overflow"] <= 0
        assert seen.page["faultyFormulas"] == []
        assert "$" not in _FORMULA.sub("", seen.text)
        assert not _LEFTOVERS.findall(_without_own_signs(_FORMULA.sub("", seen.text)))
        assert page.page.locator(f"{kind.article} details:not([open])").count() == 0
        links = [element.get("href") for element in seen.elements if element.tag == "a"]
        assert links
        assert all(not _CHINESE_PUNCTUATION.search(link) for link in links)
        quoted = page.page.locator(f"{kind.article} blockquote").all_inner_texts()
        assert all(quoted)


def _without_own_signs(text: str) -> str:
    """Remove from the text of the sample the signs that belong to its titles and addresses."""
    for sign in ("<Planners>", "Why_Not", "https://example.org/a_b_c", "run_steps", "step_budgets"):
        text = text.replace(sign, "")
    return text


@pytest.mark.parametrize(
    "format_name", [name for name in list_formats() if load_format(name).scope == "day"]
)
def test_the_table_of_contents_has_an_entry_a_paper(
    visitor: tuple[Visitor, SiteKind], posts: Posts, format_name: str
) -> None:
    page, kind = visitor
    (file,) = posts.of(format_name, "Diffusion_Models")
    seen = page.visit(kind.page_of(file, posts.folder))
    headings = [
        " ".join(text.split()) for text in page.page.locator(f"{kind.article} h2").all_inner_texts()
    ]
    entries = [" ".join(entry.split()) for entry in seen.contents]
    assert len(headings) == len(entries) == len(PAPERS)
    record = json.loads(file.with_suffix(".json").read_text("utf-8"))
    for entry, paper in zip(entries, record["papers"], strict=True):
        translated = paper["summary"]["title"] if format_name == "brief" else ""
        title = translated or paper["title"]
        assert "$" not in entry
        assert entry.split()[:2] == str(title).split()[:2]


def test_formulas_are_typeset(visitor: tuple[Visitor, SiteKind], posts: Posts) -> None:
    page, kind = visitor
    (file,) = posts.of("daily", "Diffusion_Models")
    seen = page.visit(kind.page_of(file, posts.folder))
    wanted = sum(
        len(re.findall(r"\$[^$]+\$", f"{paper['title']} {paper['abstract']}")) for paper in PAPERS
    )
    assert seen.page["formulas"] == wanted
    font = "getComputedStyle(document.querySelector('.katex')).fontFamily"
    assert "KaTeX_Main" in page.page.evaluate(font)
    assert page.page.evaluate("document.fonts.check('16px KaTeX_Main')")


def test_lists_of_posts_show_the_cover(visitor: tuple[Visitor, SiteKind], posts: Posts) -> None:
    page, kind = visitor
    if kind.name != "Hexo Butterfly":
        pytest.skip("the other themes show no covers")
    page.page.goto(page.page.url.partition("/20")[0] + "/archives/")
    covers = page.page.eval_on_selector_all(
        ".article-sort-item-img img",
        "images => Promise.all(images.map(async image => { image.loading = 'eager'; await "
        "image.decode(); return image.naturalWidth }))",
    )
    assert covers
    assert all(width > 0 for width in covers)


def test_a_post_fits_a_phone(visitor: tuple[Visitor, SiteKind], posts: Posts) -> None:
    page, kind = visitor
    for name in list_formats():
        file = posts.of(name, "Diffusion_Models")[0]
        page.page.set_viewport_size(PHONE)
        try:
            seen = page.visit(kind.page_of(file, posts.folder)).page
            assert seen["overflow"] <= 0
            shapes = [image["stretched"] for image in seen["images"]]
            assert shapes == pytest.approx([1.0] * len(shapes), rel=MOST_STRETCHED)
        finally:
            page.page.set_viewport_size(DESK)


@pytest.mark.parametrize("format_name", list_formats())
def test_payloads_show_as_text(
    visitor: tuple[Visitor, SiteKind], posts: Posts, format_name: str
) -> None:
    page, kind = visitor
    heading = "h2" if load_format(format_name).scope == "day" else "h1"
    read, cut = [], []
    for post in posts.payloads[format_name]:
        seen = page.visit(kind.page_of(post.file, posts.folder))
        assert seen.status == 200
        assert not seen.scripts_run
        assert not seen.foreign_requests
        assert not seen.page["strange"]
        read.append((post, parts_of(seen.tokens, heading)))
        if heading == "h2":
            cut.append((post, cut_parts_of(seen.tokens, len(post.payloads))))
    assert not faults_among(read)
    assert not faults_among(cut)
