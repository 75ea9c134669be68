"""Records from a feed are completed when arXiv's API answers, without asking a model."""

import json
from datetime import date

from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes.arxiv import API_PATH, FakeArxiv
from tests.fakes.arxiv_faults import status
from tests.fakes.gemini import FakeGemini

RUN = ("run", "--topic", "Diffusion Models", "--json", "--date", TONIGHT)


def test_the_post_shows_when_a_paper_was_submitted_and_its_comment_as_soon_as_the_api_tells(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    del arxiv.papers[1:]
    arxiv.announced = None
    arxiv.announcement_day = date(2026, 11, 20)
    arxiv.always(status(503), path=API_PATH)
    post = online.posts / TONIGHT / "Diffusion_Models.md"
    first = online.run(*RUN, CHATPAPER_ARXIV__MAX_ATTEMPTS="1")
    assert first.report["topics"][0]["published"] == 1, first.err
    (paper,) = json.loads(post.with_suffix(".json").read_text("utf-8"))["papers"]
    assert (paper["published"], paper["comment"]) == (None, "")
    assert arxiv.count("/rss/") == 1

    calls = len(gemini.calls)
    arxiv.heal()
    again = online.run(*RUN)
    assert again.exit_code == 0, again.err
    (paper,) = json.loads(post.with_suffix(".json").read_text("utf-8"))["papers"]
    assert paper["published"].startswith("2026-11-20")
    assert paper["comment"] == "Code: https://github.com/a/b"
    assert "https://github.com/a/b" in post.read_text("utf-8")
    assert len(gemini.calls) == calls
    assert arxiv.count("/oai") == 0


def test_one_topic_with_a_category_that_there_is_not_costs_no_other_topic_its_night(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    arxiv.announced = None
    arxiv.announcement_day = date(2026, 11, 20)
    arxiv.always(status(503), path=API_PATH)
    (online.home / "chatpaper.toml").write_text(
        '[topics.Typo]\nphrases = ["models"]\ncategories = ["nonsense.XX"]\n'
    )
    night = online.run(*RUN, "--topic", "Typo", CHATPAPER_ARXIV__MAX_ATTEMPTS="1")
    good, typo = night.report["topics"]
    assert good["published"] > 0, night.err
    assert typo["published"] == 0
    assert "nonsense" in " ".join(typo["notes"])
    assert night.exit_code == 4
