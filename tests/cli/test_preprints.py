"""`run --source biorxiv` and its kin: a night from servers that are not arXiv."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.openalex import FakeOpenAlex
from tests.fakes.preprints import FakePreprints, Note, Preprint

DOI, REFUSED = "10.1101/2026.11.20.600001", "10.1101/2026.11.19.600002"
RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT)
TITLE = "How Many Steps Are Enough? Choosing the Sampling Budget T of Small Diffusion Models"
ABSTRACT = "Diffusion models are sampled with a number of steps that was chosen once."


@pytest.fixture
def servers(library: Path, online: Terminal) -> Iterator[FakePreprints]:
    pdf = (library / "step-budgets.pdf").read_bytes()
    preprints = [
        Preprint(DOI, TITLE, ABSTRACT, "Yıldız, O.; Köhler, M.", pdf=pdf),
        Preprint(REFUSED, "Diffusion Models of Cells", ABSTRACT, date="2026-11-19"),
        Preprint("10.1101/2026.11.20.600003", "The Song of Whales"),
    ]
    notes = [Note("7MPstNz66e", "Budgets of Diffusion Models", pdf=pdf), Note("note2", "Graphs")]
    with FakePreprints(preprints, notes) as served:
        names = ["BIORXIV_API_URL", "BIORXIV_URL", "MEDRXIV_URL"]
        names += ["OPENREVIEW_API_URL", "OPENREVIEW_URL"]
        online.environment |= {f"CHATPAPER_PREPRINTS__{name}": served.url for name in names}
        online.environment["CHATPAPER_PREPRINTS__DELAY_SECONDS"] = "0"
        yield served


def test_a_night_of_biorxiv_is_published_under_dois(
    online: Terminal, servers: FakePreprints, arxiv: FakeArxiv
) -> None:
    with FakeOpenAlex() as openalex:
        done = online.run(
            *RUN,
            "--source",
            "biorxiv",
            "--json",
            CHATPAPER_PUBLICATIONS__LOOKUP="openalex",
            CHATPAPER_PUBLICATIONS__BASE_URL=openalex.url,
        )
    assert done.exit_code == 0, done.err
    assert len(openalex.requests) == 1
    (topic,) = done.report["topics"]
    assert (topic["source"], topic["found"], topic["published"]) == ("bioRxiv", 2, 2)
    post = online.posts / TONIGHT / "Diffusion_Models.md"
    papers = {
        paper["arxiv_id"]: paper
        for paper in json.loads(post.with_suffix(".json").read_text("utf-8"))["papers"]
    }
    assert papers[DOI]["abs_url"] == f"{servers.url}/content/{DOI}v1"
    assert papers[DOI]["coverage"]["characters_read"] > 1000
    assert (papers[DOI]["venue"], papers[DOI]["citations"]) == ("Nature", 1234)
    assert "Nature · 被引 1,234 次" in post.read_text("utf-8")
    assert papers[REFUSED]["abstract_only"] == "pdf_unavailable"
    assert (online.posts / TONIGHT / "Diffusion_Models" / "10.1101_2026.11.20.600001").is_dir()
    assert not arxiv.requests
    again = online.run(*RUN[:-1], "2026-11-23", "--source", "biorxiv", "--json").report
    assert {paper["reason"] for paper in again["papers"]} == {f"already published on {TONIGHT}"}
    assert DOI in online.run("search", "diffusion").out
    assert online.run("forget", DOI, "--yes").exit_code == 0
    assert DOI not in post.read_text("utf-8")


def test_a_venue_of_openreview_is_a_source_too(online: Terminal, servers: FakePreprints) -> None:
    venue = "openreview:ICLR.cc/2026/Conference"
    plan = online.run(*RUN, "--source", venue, "--dry-run", "--json").report
    assert [paper["arxiv_id"] for paper in plan["papers"]] == ["openreview.7MPstNz66e"]
    unknown = online.run(*RUN, "--source", "openreview:Nowhere", "--dry-run")
    assert (unknown.exit_code, "has no papers of 'Nowhere'" in unknown.err) == (2, True)


def test_a_server_that_is_down_is_no_quiet_night(online: Terminal, servers: FakePreprints) -> None:
    servers.preprints.clear()
    quiet = online.run(*RUN, "--source", "medrxiv", "--dry-run", "--json")
    assert (quiet.exit_code, quiet.report["topics"][0]["found"]) == (0, 0)
    down = online.run(
        *RUN,
        "--source",
        "medrxiv",
        "--json",
        CHATPAPER_PREPRINTS__BIORXIV_API_URL="http://127.0.0.1:9",
    )
    assert down.exit_code == 4
