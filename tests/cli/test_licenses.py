"""Licences are recorded with each version, and looked up again after a fault.

No paper fails for lack of one.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes.arxiv import OAI_PATH, FakeArxiv
from tests.fakes.arxiv_faults import status

CC_BY = "http://creativecommons.org/licenses/by/4.0/"
RUN = ("run", "--topic", "Diffusion Models", "--json")


def licenses_in(post: Path) -> dict[str, Any]:
    papers = json.loads(post.with_suffix(".json").read_text("utf-8"))["papers"]
    return {paper["arxiv_id"]: paper["license"] for paper in papers}


def test_a_licence_that_was_not_told_is_asked_for_in_the_next_run_and_mends_the_post(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    online.environment["CHATPAPER_POST__FIGURES"] = "licensed"
    arxiv.papers[:] = [replace(arxiv.papers[0], license=CC_BY), arxiv.papers[1]]
    arxiv.always(status(503), path=OAI_PATH)
    done = online.run(*RUN, "--date", TONIGHT)
    assert done.exit_code == 0, done.err
    assert [paper["status"] for paper in done.report["papers"]] == ["published", "published"]
    for paper in done.report["papers"]:
        assert any("licence is not known yet" in warning for warning in paper["warnings"])
    post = online.posts / TONIGHT / "Diffusion_Models.md"
    assert licenses_in(post) == {"2611.00001": "", "2611.00002": ""}
    assert "<img" not in post.read_text("utf-8")

    arxiv.heal()
    later = online.run(*RUN, "--date", "2026-11-23")
    assert later.exit_code == 0, later.err
    assert licenses_in(post) == {
        "2611.00001": CC_BY,
        "2611.00002": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
    }
    text = post.read_text("utf-8")
    assert "](Diffusion_Models/2611.00001/figure-" in text
    assert f'<a href="{CC_BY}">CC BY 4.0</a>' in text

    asked = arxiv.count(OAI_PATH)
    assert online.run(*RUN, "--date", TONIGHT).exit_code == 0
    assert arxiv.count(OAI_PATH) == asked
    assert post.read_text("utf-8") == text
