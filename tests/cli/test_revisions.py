"""Later versions of posted papers, as nights go by."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.cli.conftest import TONIGHT, Outcome, Terminal
from tests.cli.test_run import files_below
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini

# The search window of this night begins after all papers of the fake arXiv were submitted.
LATER = "2026-12-01"
MARK = "> ⚠️ 本文已有新版本 v2（2026-11-28），以下内容依据 v1。\n"


def night(terminal: Terminal, day: str, **environment: str) -> Outcome:
    # Nights that were missed are not made up for, else the search would find the posted papers
    # again.
    settings = {"CHATPAPER_RUN__CATCH_UP_DAYS": "0"} | environment
    done = terminal.run("run", "--topic", "Diffusion Models", "--date", day, "--json", **settings)
    assert done.exit_code == 0, done.err
    return done


def revise(arxiv: FakeArxiv, arxiv_id: str, **changes: Any) -> None:
    (number,) = [number for number, paper in enumerate(arxiv.papers) if paper.arxiv_id == arxiv_id]
    later: dict[str, Any] = {"version": 2, "updated": datetime(2026, 11, 28, 9, tzinfo=UTC)}
    arxiv.papers[number] = replace(arxiv.papers[number], **(later | changes))


def look_ups(arxiv: FakeArxiv) -> list[str]:
    return [request.query["id_list"] for request in arxiv.requests if request.query.get("id_list")]


def posted(terminal: Terminal, day: str, arxiv_id: str = "2611.00001") -> tuple[str, Any]:
    """Return a post, and a paper in its JSON."""
    post = terminal.posts / day / "Diffusion_Models.md"
    (paper,) = [
        each
        for each in json.loads(post.with_suffix(".json").read_text())["papers"]
        if each["arxiv_id"] == arxiv_id
    ]
    return post.read_text("utf-8"), paper


def test_a_later_version_is_told_in_the_post_where_the_paper_stands_without_a_model_call(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    night(online, TONIGHT)
    _, paper = posted(online, TONIGHT)
    assert (paper["latest_version"], paper["latest_url"], paper["withdrawn"]) == (
        1,
        paper["abs_url"],
        False,
    )
    calls = len(gemini.calls)
    revise(arxiv, "2611.00001")
    revise(arxiv, "2611.00002", comment="This paper has been withdrawn by the authors")
    report = night(online, LATER).report
    assert len(gemini.calls) == calls
    assert look_ups(arxiv) == ["2611.00001,2611.00002,2611.00003"]
    assert report["posts"] == [str(online.posts / TONIGHT / "Diffusion_Models.md")]
    assert report["topics"][0]["post"] is None
    text, paper = posted(online, TONIGHT)
    assert text.count(MARK) == 1
    assert (paper["version"], paper["latest_version"]) == (1, 2)
    assert paper["latest_url"] == "http://arxiv.org/abs/2611.00001v2"
    assert paper["updated"] == "2026-11-28T09:00:00+00:00"
    assert "> ⚠️ 作者已撤回本文（v2，2026-11-28），以下内容依据撤回前的 v1。\n" in text
    assert posted(online, TONIGHT, "2611.00002")[1]["withdrawn"]
    assert "<updated>2026-11-28T17:00:00+08:00</updated>" in (online.posts / "feed.xml").read_text(
        "utf-8"
    )
    before = files_below(online.posts)
    night(online, LATER)
    assert len(look_ups(arxiv)) == 1
    assert online.run("render").exit_code == 0
    assert files_below(online.posts) == before


def test_what_the_search_finds_anyway_needs_no_look_up(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    night(online, TONIGHT)
    calls = len(gemini.calls)
    revise(arxiv, "2611.00001")
    night(online, "2026-11-23")
    assert look_ups(arxiv) == []
    assert MARK in posted(online, TONIGHT)[0]
    # Also on the day of the post itself: what is posted stays, and costs nothing more.
    revise(arxiv, "2611.00001", version=3)
    night(online, TONIGHT)
    assert MARK.replace("v2", "v3") in posted(online, TONIGHT)[0]
    assert len(gemini.calls) == calls


def test_later_versions_can_be_ignored(online: Terminal, arxiv: FakeArxiv) -> None:
    night(online, TONIGHT)
    before = files_below(online.posts)
    revise(arxiv, "2611.00001")
    night(online, LATER, CHATPAPER_RUN__REVISIONS="ignore")
    assert look_ups(arxiv) == []
    assert files_below(online.posts) == before


def test_a_later_version_is_posted_anew_where_that_is_wanted(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    night(online, TONIGHT)
    calls = len(gemini.calls)
    revise(arxiv, "2611.00001", title="Step Budgets for Diffusion Models, Revised")
    revise(arxiv, "2611.00003")
    again = {"CHATPAPER_RUN__REVISIONS": "repost"}
    (topic,) = night(online, LATER, **again).report["topics"]
    assert (topic["found"], topic["published"]) == (1, 1)
    assert len(gemini.calls) > calls
    text, paper = posted(online, LATER)
    assert "\n## Step Budgets for Diffusion Models, Revised\n" in text
    assert (
        f"> ⚠️ 本文为修订版 v2；v1 的总结发布于 [{TONIGHT}](../{TONIGHT}/Diffusion_Models.md)\n"
        in text
    )
    assert (paper["version"], paper["earlier"]["version"], paper["earlier"]["date"]) == (
        2,
        1,
        TONIGHT,
    )
    assert (online.posts / LATER / paper["earlier"]["address"]).is_file()
    text, paper = posted(online, TONIGHT)
    assert (MARK in text, paper["version"], paper["latest_version"]) == (True, 1, 2)
    assert text.count("\n## ") == 3
    before, calls = files_below(online.posts), len(gemini.calls)
    night(online, LATER, **again)
    assert online.run("render", "--output", online.home / "elsewhere").exit_code == 0
    assert files_below(online.posts) == before == files_below(online.home / "elsewhere")
    assert len(gemini.calls) == calls


def test_a_repost_that_fails_leaves_the_older_post_whole_and_is_tried_again(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    night(online, TONIGHT)
    revise(arxiv, "2611.00001")
    failed = online.run(
        *("run", "--topic", "Diffusion Models", "--date", LATER, "--max-papers", "0", "--json"),
        CHATPAPER_RUN__REVISIONS="repost",
    )
    assert failed.exit_code == 5
    text, paper = posted(online, TONIGHT)
    assert (text.count("\n## "), paper["version"], MARK in text) == (3, 1, True)
    assert not (online.posts / LATER).exists()
    night(online, "2026-12-02", CHATPAPER_RUN__REVISIONS="repost")
    assert posted(online, "2026-12-02")[1]["version"] == 2
    assert posted(online, TONIGHT) == (text, paper)


def test_a_folder_that_was_removed_is_not_made_again(online: Terminal, arxiv: FakeArxiv) -> None:
    night(online, TONIGHT)
    trial = online.home / "trial"
    assert online.run("render", "--output", trial).exit_code == 0
    shutil.rmtree(trial)
    revise(arxiv, "2611.00001")
    night(online, LATER)
    assert MARK in posted(online, TONIGHT)[0]
    assert not trial.exists()


def test_a_paper_that_is_summarized_by_hand_tells_its_version_too(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    night(online, TONIGHT)
    assert online.run("summarize", "2611.00001", "--date", TONIGHT).exit_code == 0
    alone = online.posts / TONIGHT / "2611.00001.md"
    revise(arxiv, "2611.00001")
    assert online.run("summarize", "2611.00001", "--date", LATER).exit_code == 0
    assert MARK in posted(online, TONIGHT)[0]
    assert MARK in alone.read_text("utf-8")
    later = (online.posts / LATER / "2611.00001.md").read_text("utf-8")
    assert f"v1 的总结发布于 [{TONIGHT}](../{TONIGHT}/2611.00001.md)" in later


def test_what_to_do_with_later_versions_is_checked(terminal: Terminal) -> None:
    done = terminal.run("status", CHATPAPER_RUN__REVISIONS="announce")
    assert (done.exit_code, "run.revisions" in done.err) == (2, True)
