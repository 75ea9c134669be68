"""Topics as people name them: found, refused with what is near, or searched for as they stand."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.store import Store
from tests.cli.conftest import TONIGHT, Terminal, submitted
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_faults import status

UNKNOWN = "甲骨文缀合"


def test_a_name_in_chinese_that_is_no_topic_is_refused_before_anything_is_asked(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    done = online.run("run", "--topic", UNKNOWN, "--date", TONIGHT)
    assert done.exit_code == 2
    assert "finds nothing" in done.err
    assert f'`chatpaper topics add "{UNKNOWN}"`' in done.err
    assert arxiv.requests == []
    assert not online.posts.exists()


@pytest.mark.parametrize(
    ("name", "near"),
    [("扩散模形", "Diffusion Models"), ("医学图象", "医学图像"), ("视频里解", "视频理解")],
)
def test_a_refusal_names_the_nearest_topics(online: Terminal, name: str, near: str) -> None:
    done = online.run("topics", "show", name)
    assert done.exit_code == 2
    assert f'Did you mean "{near}"' in done.err


@pytest.mark.parametrize(
    "name", ["машинный перевод", "확산 모델", "拡散モデルの応用", "νευρωνικά δίκτυα"]
)
def test_names_in_other_letters_than_latin_ones_are_refused_too(
    online: Terminal, name: str
) -> None:
    assert online.run("run", "--topic", name, "--date", TONIGHT).exit_code == 2


def test_one_name_that_cannot_be_searched_for_stops_all_before_they_begin(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    done = online.run("run", "--topic", "Diffusion Models", "--topic", UNKNOWN, "--date", TONIGHT)
    assert (done.exit_code, arxiv.requests) == (2, [])


def test_english_names_with_signs_are_searched_for_as_phrases(online: Terminal) -> None:
    done = online.run("run", "--topic", "β-VAE of Schrödinger", "--date", TONIGHT)
    assert done.exit_code == 0
    assert "searching for it as a phrase" in done.err


def test_a_misspelt_english_name_is_searched_for_and_the_nearest_one_named(
    online: Terminal,
) -> None:
    done = online.run("run", "--topic", "Difusion Modles", "--date", TONIGHT)
    assert done.exit_code == 0
    assert 'searching for it as a phrase. Did you mean "Diffusion Models"?' in done.err


def test_a_topic_of_the_settings_needs_an_english_phrase(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    (online.home / "chatpaper.toml").write_text(
        f'[topics."{UNKNOWN}"]\nphrases = ["甲骨文", "缀合"]\n', "utf-8"
    )
    done = online.run("run", "--topic", UNKNOWN, "--date", TONIGHT)
    assert (done.exit_code, arxiv.requests) == (2, [])
    assert "甲骨文, 缀合 finds nothing" in done.err
    assert f'[topics."{UNKNOWN}"]' in done.err


def test_a_chinese_phrase_beside_an_english_one_is_told_of(online: Terminal) -> None:
    (online.home / "chatpaper.toml").write_text(
        f'[topics."{UNKNOWN}"]\nphrases = ["diffusion model", "扩散"]\n', "utf-8"
    )
    done = online.run("run", "--topic", UNKNOWN, "--date", TONIGHT, "--json")
    assert "扩散 finds nothing" in done.err
    assert done.report["topics"][0]["published"] == 3


def test_the_papers_of_a_folder_may_have_a_topic_of_any_name(
    online: Terminal, library: Path
) -> None:
    done = online.run(
        *("run", "--topic", UNKNOWN, "--source", library, "--date", TONIGHT, "--dry-run", "--json")
    )
    assert done.exit_code == 0, done.err
    assert "finds nothing" not in done.err
    assert done.report["papers"]


def test_a_phrase_that_was_followed_stays_one_topic_when_it_is_an_alias_of_the_table(
    online: Terminal,
) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    posted = [
        Outcome("Diffusion model", f"2611.0000{number}", 1, "published", post_date=now.date())
        for number in (1, 2)
    ]
    with Store(online.home / "state") as store:
        store.outcomes.record(posted, [], now)
    done = online.run("run", "--topic", "Diffusion Models", "--date", TONIGHT, "--json")
    (topic,) = done.report["topics"]
    assert (topic["name"], topic["found"], topic["published"]) == ("Diffusion model", 3, 1)


def test_the_list_is_one_line_a_topic_for_other_programs(terminal: Terminal) -> None:
    lines = terminal.run("topics", "list").out.splitlines()
    assert all(line.count("\t") == 1 for line in lines)
    assert dict(line.split("\t") for line in lines).keys() >= {"World Models", "医学图像"}


def test_the_list_is_a_table_with_other_names_and_phrases_for_people(terminal: Terminal) -> None:
    shown = terminal.on_a_terminal("topics", "list", COLUMNS="160")
    assert re.search(r"│ World Models +│ .*世界模型.*│ world model, ", shown)
    assert "submittedDate" not in shown


def test_the_list_is_json_with_the_topics_of_the_settings(terminal: Terminal) -> None:
    (terminal.home / "chatpaper.toml").write_text(
        '[topics."Sea ice"]\nphrases = ["sea ice"]\n[topics.gan]\nphrases = ["GAN"]\n'
    )
    topics = terminal.run("topics", "list", "--json").report["topics"]
    by_name = {topic["name"]: topic for topic in topics}
    assert len(by_name) == len(topics)
    assert (by_name["Sea ice"]["origin"], by_name["Sea ice"]["papers"]) == ("settings", None)
    assert "GAN" not in by_name
    assert by_name["gan"]["categories"]
    assert "世界模型" in by_name["World Models"]["aliases"]


def test_one_topic_is_shown_as_json_with_its_number_of_papers(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    submitted(arxiv, timedelta(days=2))
    (topic,) = online.run("topics", "show", "扩散模型", "--json").report["topics"]
    assert (topic["name"], topic["origin"], topic["papers"]) == ("Diffusion Models", "builtin", 3)


def test_a_topic_is_shown_without_its_number_where_arxiv_does_not_answer(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    arxiv.always(status(503), path="/api/query")
    done = online.run("topics", "show", "NeRF", "--json")
    assert (done.exit_code, done.report["topics"][0]["papers"]) == (4, None)


def test_what_the_reader_excludes_is_left_out_of_every_topic_with_the_reason(
    online: Terminal,
) -> None:
    (online.home / "chatpaper.toml").write_text(
        '[exclude]\nwords = "withdrawn"\nauthors = ["Turing"]\n\n[topics."Diffusion Models"]\n'
        'phrases = ["diffusion model"]\nexclude = { categories = "cs.RO", words = "missing" }\n'
    )
    run = ("run", "--topic", "Diffusion Models", "--date", TONIGHT, "--dry-run", "--json")
    report = online.run(*run).report
    (topic,) = report["topics"]
    assert (topic["found"], topic["excluded"]) == (3, 2)
    reasons = {paper["arxiv_id"]: paper["reason"] for paper in report["papers"]}
    assert reasons["2611.00002"] == "excluded by the word “Missing”"
    assert reasons["2611.00003"] == "excluded by the word “Withdrawn”"
    (shown,) = online.run("topics", "show", "Diffusion Models", "--json").report["topics"]
    assert shown["exclude"] == {
        "words": ["missing", "withdrawn"],
        "authors": ["Turing"],
        "categories": ["cs.RO"],
    }
    assert "excluded authors: Turing" in online.run("topics", "show", "Diffusion Models").out
