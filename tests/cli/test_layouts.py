"""Posts, figures and JSON in the folders of a site, and what reads them there."""

import json
import re
import shutil
from pathlib import Path

import feedparser
import pytest
import yaml

from tests.cli.conftest import TONIGHT, Night, Publish, Terminal, library_paper, restore_for
from tests.cli.test_run import files_below
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini

NEXT_DAY = "2026-11-23"
RUN = ("run", "--topic", "Diffusion Models", "--format", "daily", "--format", "card", "--date")
SETTINGS = """
output_dir = "source/_posts"
[post]
site = "hexo"
site_url = "https://example.org/blog/papers"
assets_dir = "source/images/papers"
assets_url = "/images/papers"
json = ".chatpaper/json"
"""
_SOURCE = re.compile(r'<img src="([^"]+)"|!\[[^\]]*\]\(([^)]+)\)|^cover: (\S+)$', re.MULTILINE)


def sources(markdown: Path) -> list[str]:
    """Return the addresses of the images of a post, its cover among them."""
    found = _SOURCE.findall(markdown.read_text("utf-8"))
    return ["".join(address) for address in found]


def configure(terminal: Terminal, text: str = SETTINGS) -> None:
    (terminal.home / "chatpaper.toml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def night(publish: Publish) -> Night:
    """Publish a topic in two formats with the folders of a site."""
    return publish((*RUN, TONIGHT), settings=SETTINGS)


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Go on from that night, where a test says so."""
    return restore_for(request, "site", tmp_path)


@pytest.fixture
def site(online: Terminal) -> Terminal:
    """Return a terminal that goes on from that night."""
    return online


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_each_kind_of_file_goes_to_its_folder(site: Terminal) -> None:
    posts, records = site.home / "source" / "_posts", site.home / ".chatpaper" / "json"
    written = names(posts) - {"index.md", "feed.xml"}
    assert written == {
        f"{TONIGHT}/Diffusion_Models.md",
        *(f"{TONIGHT}/Diffusion_Models/2611.0000{number}.card.md" for number in (1, 2, 3)),
    }
    assert names(records) == {f"{name.removesuffix('.md')}.json" for name in written}
    shown = {address for name in written for address in sources(posts / name)}
    assert shown
    assert all(address.startswith("/images/papers/2026-11-22/") for address in shown)
    assert {address.removeprefix("/images/papers/") for address in shown} == names(
        site.home / "source" / "images" / "papers"
    )


def test_the_json_tells_file_and_address_of_a_figure(site: Terminal) -> None:
    posts = site.home / "source" / "_posts"
    for name in (f"{TONIGHT}/Diffusion_Models", f"{TONIGHT}/Diffusion_Models/2611.00001.card"):
        record = json.loads((site.home / ".chatpaper" / "json" / f"{name}.json").read_text("utf-8"))
        figures = [each for paper in record["papers"] for each in paper["figures"]]
        post = posts / f"{name}.md"
        assert all((post.parent / each["image"]).is_file() for each in figures if each["image"])
        addresses = {each["address"] for each in figures if each["image"]}
        assert addresses == set(sources(post)) != set()


def test_what_was_written_is_written_the_same_again(site: Terminal, gemini: FakeGemini) -> None:
    before, calls = files_below(site.home / "source"), len(gemini.calls)
    records = files_below(site.home / ".chatpaper")
    assert site.run(*RUN, TONIGHT).exit_code == 0
    assert site.run("render").exit_code == 0
    shutil.rmtree(site.home / "source" / "_posts")
    assert site.run("render").exit_code == 0
    assert files_below(site.home / "source") == before
    assert files_below(site.home / ".chatpaper") == records
    assert len(gemini.calls) == calls


def test_index_feed_and_export_find_the_posts(site: Terminal) -> None:
    posts = site.home / "source" / "_posts"
    assert f"[daily]({TONIGHT}/Diffusion_Models.md)" in (posts / "index.md").read_text("utf-8")
    feed = feedparser.parse((posts / "feed.xml").read_bytes())
    images = re.findall(
        r'<img[^>]* src="([^"]+)"', "".join(e.content[0].value for e in feed.entries)
    )
    assert images
    assert all(each.startswith("https://example.org/images/papers/2026-") for each in images)
    exported = site.run("export", "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["posts"] for line in exported] == [
        [f"{TONIGHT}/Diffusion_Models.md", f"{TONIGHT}/Diffusion_Models/2611.0000{number}.card.md"]
        for number in (3, 2, 1)
    ]


def test_lint_looks_for_images_where_they_are_served_from(site: Terminal) -> None:
    posts = site.home / "source" / "_posts"
    linted = site.run("lint", posts)
    assert (linted.exit_code, linted.out) == (0, "")
    image = next((site.home / "source" / "images").rglob("*.png"))
    image.unlink()
    linted = site.run("lint", posts)
    assert linted.exit_code == 3
    assert f"/images/papers/{TONIGHT}/Diffusion_Models/" in linted.out


def test_an_edited_post_stays_and_the_new_one_is_beside_it(site: Terminal) -> None:
    post = site.home / "source" / "_posts" / TONIGHT / "Diffusion_Models.md"
    post.write_text(edited := post.read_text("utf-8") + "\n我的笔记。\n", encoding="utf-8")
    done = site.run("render")
    assert "was edited" in done.err
    assert post.read_text("utf-8") == edited
    assert set(sources(post.with_name("Diffusion_Models.new.md"))) <= set(sources(post))


def test_a_lost_database_is_learned_from_the_folder_of_json(
    site: Terminal, gemini: FakeGemini
) -> None:
    posts, calls = files_below(site.home / "source"), len(gemini.calls)
    shutil.rmtree(site.home / "state")
    assert "there are posts in" in site.run("status").err
    again = site.run(*RUN, TONIGHT, "--json")
    assert again.report["topics"][0]["published"] == 3
    assert site.run("render").exit_code == 0
    assert files_below(site.home / "source") == posts
    assert len(gemini.calls) == calls
    assert site.run(*RUN, NEXT_DAY, "--json").report["topics"][0]["published"] == 0


def test_posts_move_to_the_folders_of_a_site_when_they_are_written_again(online: Terminal) -> None:
    output = online.home / "source" / "_posts"
    assert online.run(*RUN, TONIGHT, "--output", output).exit_code == 0
    (output / TONIGHT / "Diffusion_Models" / "2611.00001" / "own.txt").write_text("mine")
    configure(online)
    assert online.run("render").exit_code == 0
    left = {name for name in names(output) if not name.endswith((".md", "feed.xml"))}
    assert left == {f"{TONIGHT}/Diffusion_Models/2611.00001/own.txt"}
    assert len(names(online.home / ".chatpaper" / "json")) == 4
    assert names(online.home / "source" / "images" / "papers")
    assert f"({TONIGHT}/Diffusion_Models.md)" in (output / "index.md").read_text("utf-8")


def test_a_post_that_somebody_edited_keeps_its_figures_when_others_move(online: Terminal) -> None:
    output = online.home / "source" / "_posts"
    assert online.run(*RUN, TONIGHT, "--output", output).exit_code == 0
    card = output / TONIGHT / "Diffusion_Models" / "2611.00001.card.md"
    card.write_text(card.read_text("utf-8") + "\n我的笔记。\n", encoding="utf-8")
    configure(online)
    assert online.run("render").exit_code == 0
    assert sources(card)
    assert all((card.parent / address).is_file() for address in sources(card))
    assert online.run("render", "--overwrite").exit_code == 0
    assert not [name for name in names(output) if name.endswith(".png")]


def test_what_is_forgotten_is_gone_from_all_folders(site: Terminal) -> None:
    assert site.run("forget", "2611.00001", "--yes").exit_code == 0
    left = {*names(site.home / "source"), *names(site.home / ".chatpaper")}
    assert not [name for name in left if "2611.00001" in name]
    assert site.run("forget", "2611.00002", "2611.00003", "--yes").exit_code == 0
    assert names(site.home / ".chatpaper") == set()
    assert not (site.home / "source" / "images" / "papers" / TONIGHT).exists()


def test_listings_that_a_site_would_take_for_posts_go_when_it_is_named(online: Terminal) -> None:
    output = online.home / "source" / "_posts"
    assert online.run(*RUN, TONIGHT, "--output", output).exit_code == 0
    assert (output / "index.md").is_file()
    (output / "feed.xml").write_text("<feed>mine</feed>", encoding="utf-8")
    configure(online, f"{SETTINGS}index = false\nfeed_entries = 0\n")
    assert online.run("render").exit_code == 0
    assert not (output / "index.md").exists()
    assert (output / "feed.xml").read_text("utf-8") == "<feed>mine</feed>"


def test_a_post_of_another_folder_is_not_listed(site: Terminal) -> None:
    elsewhere = site.home / "elsewhere"
    done = site.run("summarize", "2611.00004", "--date", NEXT_DAY, "--output", elsewhere)
    assert done.exit_code == 0
    assert f"{NEXT_DAY}/2611.00004.md" in (elsewhere / "index.md").read_text("utf-8")
    assert site.run("render", "--since", NEXT_DAY, "--output", elsewhere).exit_code == 0
    assert site.run(*RUN, TONIGHT).exit_code == 0
    assert NEXT_DAY not in (site.home / "source" / "_posts" / "index.md").read_text("utf-8")
    assert TONIGHT not in (elsewhere / "index.md").read_text("utf-8")


@pytest.mark.unlinted("the settings tell where the images are")
def test_figures_may_be_served_from_another_host(online: Terminal) -> None:
    configure(
        online,
        '[post]\nassets_dir = "bucket"\nassets_url = "https://cdn.example.org/a b/papers/"\n',
    )
    assert online.run(*RUN, TONIGHT).exit_code == 0
    shown = sources(online.posts / TONIGHT / "Diffusion_Models.md")
    served = "https://cdn.example.org/a%20b/papers/"
    assert shown
    assert all((online.home / "bucket" / each.removeprefix(served)).is_file() for each in shown)
    assert online.run("lint", online.posts).exit_code == 0


def test_a_folder_without_an_address_is_shown_as_seen_from_the_post(online: Terminal) -> None:
    configure(online, '[post]\nassets_dir = "figures"\n')
    assert online.run(*RUN, TONIGHT).exit_code == 0
    for post in online.posts.rglob("*.md"):
        assert all((post.parent / each).is_file() for each in sources(post))
    assert sources(online.posts / TONIGHT / "Diffusion_Models.md")[0].startswith("../../figures/")
    assert online.run("lint", online.posts).exit_code == 0


@pytest.mark.unlinted("the settings tell where the images are")
def test_an_output_folder_may_be_served_under_an_address(online: Terminal) -> None:
    configure(online, '[post]\nassets_url = "/papers"\n')
    assert online.run(*RUN, TONIGHT).exit_code == 0
    shown = sources(online.posts / TONIGHT / "Diffusion_Models.md")
    assert shown
    assert all((online.posts / each.removeprefix("/papers/")).is_file() for each in shown)
    assert online.run("lint", online.posts).exit_code == 0


def test_figures_outlive_the_cache(site: Terminal) -> None:
    posts = files_below(site.home / "source")
    shutil.rmtree(site.home / "cache")
    assert site.run("render").exit_code == 0
    assert files_below(site.home / "source") == posts


def test_doctor_looks_at_the_folders_of_the_site(site: Terminal) -> None:
    told = site.run("doctor").out
    assert "ok   post.assets_dir: source/images/papers can be written" in told
    assert "ok   post.json: .chatpaper/json can be written" in told


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ('site = "hexxo"', "unknown site 'hexxo'; did you mean 'hexo'?"),
        ('assets_url = "images"', "must begin with / or be an http or https URL"),
        ('assets_url = "//cdn.example.org/x"', "must begin with / or be an http or https URL"),
        ('jsn = "x"', "Did you mean post.json?"),
    ],
)
def test_a_wrong_setting_is_told(terminal: Terminal, setting: str, told: str) -> None:
    configure(terminal, f"[post]\n{setting}\n")
    refused = terminal.run("status")
    assert refused.exit_code == 2
    assert told in refused.err


def test_a_vault_has_notes_with_properties_and_embeds(online: Terminal) -> None:
    vault = online.home / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    assert online.run("init", "obsidian", vault).exit_code == 0
    within = Terminal(vault, online.environment, online.forker)
    assert within.run(*RUN, TONIGHT).exit_code == 0
    card = vault / "Papers" / TONIGHT / "Diffusion_Models" / "2611.00001.card.md"
    properties = yaml.safe_load(card.read_text("utf-8").split("---\n")[1])
    assert properties["arxiv_id"] == ["2611.00001"]
    assert properties["aliases"][1] == "2611.00001"
    assert properties["tags"][0] == "paper"
    assert all(" " not in tag for tag in properties["tags"])
    for post in (card, vault / "Papers" / TONIGHT / "Diffusion_Models.md"):
        text = post.read_text("utf-8")
        embeds = re.findall(r"\[\[(Papers/figures/[^|\]]+)", text)
        assert embeds
        assert all((vault / path).is_file() for path in embeds)
        assert "<" not in re.sub(r"<https?://[^>]*>|<br>", "", text)
    assert within.run("lint", vault / "Papers").exit_code == 0
    (vault / embeds[0]).unlink()
    assert within.run("lint", vault / "Papers").exit_code == 3


@pytest.mark.unlinted("the settings tell which site the posts are for")
def test_a_later_version_leads_to_the_note_of_the_earlier_one(
    online: Terminal, arxiv: FakeArxiv, library: Path
) -> None:
    configure(online, '[post]\nsite = "obsidian"\n[run]\nrevisions = "repost"\n')
    assert online.run(*RUN, TONIGHT).exit_code == 0
    arxiv.papers[0] = library_paper(
        library, "step-budgets", 1, "Step Budgets for Diffusion Models", version=2
    )
    assert online.run(*RUN, NEXT_DAY).exit_code == 0
    day = (online.posts / NEXT_DAY / "Diffusion_Models.md").read_text("utf-8")
    assert f"[[../{TONIGHT}/Diffusion_Models|{TONIGHT}]]" in day
    configure(online, '[post]\nsite = "hexo"\n[run]\nrevisions = "repost"\n')
    assert online.run("render", "--since", NEXT_DAY).exit_code == 0
    day = (online.posts / NEXT_DAY / "Diffusion_Models.md").read_text("utf-8")
    assert f"{{% post_link {TONIGHT}/Diffusion_Models '{TONIGHT}' %}}" in day
