"""A reader's profile from the outside: what is offered first, what is cut, and what is left out."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import TONIGHT, Outcome, Terminal, library_paper
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.zotero import FakeZotero, item

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT, "--max-papers", "2", "--json")
TITLES = {
    "2611.00011": "Diffusion Models for Music Accompaniment",
    "2611.00012": "Diffusion Models for Anatomical Landmark Detection",
    "2611.00013": "Diffusion Models for Protein Folding",
    "2611.00014": "Diffusion Models for Landmark Detection in Cephalometric Radiographs",
    "2611.00015": "Diffusion Models for Traffic Forecasts",
    "2611.00016": "Diffusion Models for Speech, a Survey",
}
BIBTEX = """
@article{a, title = {Vertebra {L}andmark {D}etection in Radiographs}, author = {A, B},
  abstract = {Anatomical landmark detection finds points in radiographs of the spine.}}
@misc{b, title = {Heatmaps Without Shape: Cephalometric Landmark Detection}, eprint = {2505.00001},
  archivePrefix = {arXiv}}
"""


@pytest.fixture
def many(online: Terminal, arxiv: FakeArxiv, library: Path) -> Terminal:
    """Let arXiv have six papers on diffusion models, each of another kind."""
    if online.forker is not None:
        online.forker.load("sklearn.feature_extraction.text", "sklearn.linear_model")
    arxiv.papers[:] = [
        library_paper(
            library,
            "step-budgets",
            int(arxiv_id[-5:]),
            title,
            abstract=f"We study {title.lower().removeprefix('diffusion models for ')} with "
            "diffusion models.",
            authors=("Ada Lovelace" if "Protein" in title else "José Núñez",),
        )
        for arxiv_id, title in TITLES.items()
    ] + [
        library_paper(
            library,
            "step-budgets",
            1,
            "Cephalometric Heatmaps",
            abstract="Heatmaps of cephalometric landmarks.",
        )
    ]
    return online


def configure(terminal: Terminal, settings: str) -> None:
    (terminal.home / "chatpaper.toml").write_text(settings, encoding="utf-8")


def published(done: Outcome) -> list[str]:
    assert done.exit_code == 0, done.err
    return [paper["arxiv_id"] for paper in done.report["papers"] if paper["status"] == "published"]


def by_id(done: Outcome) -> dict[str, Any]:
    return {paper["arxiv_id"]: paper for paper in done.report["papers"]}


def test_a_library_decides_which_papers_are_read_and_the_post_says_why(
    many: Terminal, gemini: FakeGemini
) -> None:
    (many.home / "library.bib").write_text(BIBTEX, encoding="utf-8")
    configure(many, '[profile]\nbibtex = "library.bib"\n')
    done = many.run(*RUN)
    assert published(done) == ["2611.00014", "2611.00012"], "the best first"
    (topic,) = done.report["topics"]
    assert (topic["found"], topic["published"], topic["excluded"]) == (6, 2, 4)
    best = by_id(done)["2611.00014"]
    assert best["score"] > by_id(done)["2611.00012"]["score"]
    assert best["why"][0] == "Landmark Detection, Radiographs, Cephalometric, as in your papers"
    cut = by_id(done)["2611.00011"]
    assert cut["status"] == "excluded"
    assert cut["score"] < by_id(done)["2611.00012"]["score"]
    assert cut["reason"].startswith("not among the 2 best papers for the reader: number ")
    assert done.report["totals"]["llm_calls"] == len(gemini.calls)
    assert not any(TITLES["2611.00011"] in str(call) for call in gemini.calls)
    post = Path(topic["post"])
    text = post.read_text("utf-8")
    assert "**推荐理由**：与你的文献同样涉及：Landmark Detection、" in text
    assert text.index(TITLES["2611.00014"]) < text.index(TITLES["2611.00012"])
    (first, _) = json.loads(post.with_suffix(".json").read_text("utf-8"))["papers"]
    assert first["score"] == best["score"]
    assert first["reasons"][0]["kind"] == "terms"

    without_room = json.loads(post.with_suffix(".json").read_text("utf-8"))["cut"]
    assert [each["score"] for each in without_room] == sorted(
        (by_id(done)[key]["score"] for key in TITLES if key not in published(done)), reverse=True
    )
    (fold,) = re.findall("<details>\n<summary>因篇数上限.*?</details>", text, re.DOTALL)
    assert text.endswith(f"\n\n{fold}\n")
    assert fold.count("<p>") == 4
    assert f">{TITLES['2611.00011']}</a> · 得分 0." in fold

    again = many.run(*RUN)
    assert published(again) == published(done)
    assert again.report["totals"]["llm_calls"] == 0
    assert post.read_text("utf-8") == text, "the same night again changes nothing"

    later = many.run(*(TONIGHT.replace("22", "23") if part == TONIGHT else part for part in RUN))
    assert published(later) == [], "what was cut is not found again on another night"
    assert by_id(later)["2611.00011"]["reason"].startswith(
        f"there was no room for it on {TONIGHT}: not"
    )

    (many.home / "state" / "chatpaper.db").unlink()
    shutil.rmtree(many.home / "state" / "backups", ignore_errors=True)
    assert many.run("doctor", "--fix").exit_code == 0
    assert many.run("render").exit_code == 0
    assert post.read_text("utf-8") == text, "a lost database takes nothing out of posts"

    assert many.run("forget", "2611.00011", "--yes").exit_code == 0
    for written in (post, post.with_suffix(".json")):
        assert TITLES["2611.00011"] not in written.read_text("utf-8"), "nor where it had no room"
    assert TITLES["2611.00013"] in post.read_text("utf-8")


def test_marks_words_and_authors_decide_too(many: Terminal) -> None:
    configure(many, '[profile]\nauthors = ["Lovelace, Ada"]\nunwanted = ["survey"]\n')
    assert many.run("hide", "2611.00015").exit_code == 0
    liked = many.run("like", "arXiv:2611.00011", "2505.00001")
    assert liked.exit_code == 0
    dry = many.run(*RUN, "--dry-run")
    papers = by_id(dry)
    assert papers["2611.00013"]["why"][0] == "by Ada Lovelace, whom you follow"
    assert papers["2611.00011"]["why"][-1] == f"close to your “{TITLES['2611.00011']}”"
    assert papers["2611.00015"]["reason"] == "hidden by its reader"
    assert papers["2611.00016"]["reason"] == "has a word that its reader does not want: survey"
    kept = [key for key, paper in papers.items() if paper["estimate"]]
    assert kept == ["2611.00013", "2611.00011"]

    listed = many.run("like")
    assert listed.out.splitlines() == [
        "2505.00001",
        f"2611.00011  {TITLES['2611.00011']}",
    ], "titles are known once a run has looked for them"
    assert many.run("like", "2611.00011", "--undo").exit_code == 0
    assert many.run("like").out == "2505.00001\n"
    assert many.run("like", "no paper").exit_code == 2


def test_an_author_is_followed_by_orcid(many: Terminal, arxiv: FakeArxiv) -> None:
    orcid, unknown = "0000-0002-1825-0097", "0000-0001-5109-3700"
    arxiv.by_orcid[orcid] = ("2611.00013", "2611.00015")
    configure(many, f'[profile]\nauthors = ["https://orcid.org/{orcid}", "{unknown}"]\n')
    done = many.run(*RUN, "--dry-run")
    kept = {key: paper["why"] for key, paper in by_id(done).items() if paper["estimate"]}
    why = [f"by {orcid}, whom you follow"]
    assert kept == {"2611.00013": why, "2611.00015": why}
    (note,) = done.report["topics"][0]["notes"]
    assert f"arXiv's page of {unknown} answered HTTP 404" in note


def test_without_a_profile_all_is_as_it_was(many: Terminal) -> None:
    done = many.run(*RUN, "--dry-run")
    assert [paper["score"] for paper in done.report["papers"]] == [None] * 6
    assert {paper["status"] for paper in done.report["papers"]} == {"queued"}


def test_a_library_that_is_not_there_is_an_error_of_the_settings(many: Terminal) -> None:
    configure(many, '[profile]\nbibtex = ["missing.bib"]\n')
    done = many.run(*RUN)
    assert done.exit_code == 2
    assert "missing.bib cannot be read: No such file or directory" in done.err


SEVERAL = """
[profile]
unwanted = ["survey"]
[profiles.ada]
topics = ["Diffusion Models"]
formats = ["brief"]
output_dir = "ada"
max_papers = 2
bibtex = "library.bib"
[profiles.bob]
topics = ["Diffusion Models"]
output_dir = "bob"
max_papers = 3
authors = ["Ada Lovelace"]
"""


def test_several_readers_have_nights_of_their_own_and_pay_for_a_paper_once(
    many: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    (many.home / "library.bib").write_text(BIBTEX, encoding="utf-8")
    configure(many, SEVERAL)
    night = ("run", "--date", TONIGHT, "--json", "--profile")
    ada = many.run(*night, "ada")
    assert published(ada) == ["2611.00014", "2611.00012"]
    (post,) = map(Path, ada.report["posts"])
    assert post.relative_to(many.home / "ada" / TONIGHT) == Path("Diffusion_Models_ada.brief.md")
    assert arxiv.count("/pdf/") == 2
    assert many.run("like", "2611.00012", "2611.00014", "--profile", "bob").exit_code == 0
    assert many.run("like").out == "", "what one reader likes is no other's"

    bob = many.run(*night, "bob")
    assert published(bob)[0] == "2611.00013", "of the author whom bob follows"
    assert sorted(published(bob)[1:]) == ["2611.00012", "2611.00014"]
    calls = {key: paper["llm_calls"] for key, paper in by_id(bob).items()}
    assert calls == dict.fromkeys(calls, 0) | {"2611.00013": 1}, "no paper is paid for twice"
    assert arxiv.count("/pdf/") == 3, "or fetched twice"
    assert by_id(bob)["2611.00016"]["reason"].endswith("does not want: survey")
    assert (many.home / "bob" / TONIGHT / "Diffusion_Models_bob.md").is_file()

    unknown = many.run(*night, "bop")
    assert unknown.exit_code == 2
    assert "There is no profile 'bop' in the settings; did you mean 'bob'?" in unknown.err


def test_a_zotero_library_counts_and_counts_as_it_was_while_zotero_is_away(many: Terminal) -> None:
    items = [item("A", "Landmark Detection in Radiographs", abstractNote="Cephalometric points.")]
    with FakeZotero({"users/42": items}, key="zkey") as zotero:
        configure(
            many,
            f'[profile.zotero]\nlibrary_id = "42"\napi_key = "zkey"\nbase_url = "{zotero.url}"\n',
        )
        there = many.run(*RUN, "--dry-run")
        assert by_id(there)["2611.00014"]["why"][0].startswith("Landmark Detection")
    away = many.run(*RUN, "--dry-run")
    assert [(each["arxiv_id"], each["score"]) for each in away.report["papers"]] == [
        (each["arxiv_id"], each["score"]) for each in there.report["papers"]
    ]
    (note,) = away.report["topics"][0]["notes"]
    assert note.endswith("; it counts as it was last")
    assert "zkey" not in away.out + away.err
