"""`chatpaper run` from the outside: what it writes, what it says, and how it ends."""

import json
import re
import signal
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

from tests.cli.conftest import TONIGHT, Terminal, library_paper
from tests.fakes import arxiv_faults as faults
from tests.fakes import gemini as answers
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT)
REPORT_KEYS = {"run_id", "started", "finished", "exit_code", "topics", "papers", "totals"}
TOPIC_KEYS = {"name", "query", "found", "published", "excluded", "failed", "post"}
PAPER_KEYS = {
    *("arxiv_id", "version", "title", "topics", "status", "stage", "reason"),
    *("llm_calls", "input_tokens", "output_tokens", "cost_usd", "seconds", "warnings"),
}
TOTAL_KEYS = {"llm_calls", "input_tokens", "output_tokens", "cost_usd", "seconds"}


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_night_publishes_the_papers_of_its_topic(online: Terminal, gemini: FakeGemini) -> None:
    done = online.run(*RUN, "--json", CHATPAPER_CACHE_DIR=str(online.home / "empty"))
    assert done.exit_code == 0, done.err
    report = done.report
    assert report.keys() >= REPORT_KEYS
    assert report["totals"].keys() >= TOTAL_KEYS
    (topic,) = report["topics"]
    assert topic.keys() >= TOPIC_KEYS
    assert (topic["state"], topic["source"], topic["notes"]) == ("done", "arXiv API", [])
    assert (topic["found"], topic["published"], topic["excluded"], topic["failed"]) == (3, 3, 0, 0)
    assert all(paper.keys() >= PAPER_KEYS for paper in report["papers"])
    assert report["totals"]["llm_calls"] == len(gemini.calls) >= 3
    assert report["totals"]["cost_usd"] > 0
    post = Path(topic["post"])
    assert post == online.posts / TONIGHT / "Diffusion_Models.md"
    text = post.read_text("utf-8")
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["title"] == f"Diffusion Models {TONIGHT}"
    assert str(front["date"]) == f"{TONIGHT} 12:00:00"
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "A Withdrawn Diffusion Model",
        "A Diffusion Model Whose PDF Is Missing",
        "Step Budgets for Diffusion Models",
    ]
    assert "**Authors:** José Núñez, Oğuzhan Fatih Kar\n" in text
    assert "gemini-3.5-flash-lite" in text
    assert "作者已撤回本文" in text
    assert "没有可用的 PDF" in text
    images = re.findall(r'<img src="([^"]+)" alt="((?:Figure|Table) [^"]+)"', text)
    assert images
    assert all((post.parent / source).read_bytes().startswith(b"\x89PNG") for source, _ in images)
    beside = json.loads(post.with_suffix(".json").read_text("utf-8"))
    assert [paper["abstract_only"] for paper in beside["papers"]] == [
        "withdrawn",
        "pdf_unavailable",
        None,
    ]


def test_the_same_run_again_calls_no_model_downloads_nothing_and_changes_no_byte(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    assert online.run(*RUN).exit_code == 0
    before = files_below(online.posts)
    calls, downloads = len(gemini.calls), arxiv.count("/pdf/")
    again = online.run(*RUN, "--json")
    assert again.exit_code == 0
    assert again.report["totals"]["llm_calls"] == 0
    assert again.report["topics"][0]["published"] == 3
    assert len(gemini.calls) == calls
    # The paper without a PDF is looked for again: it may have one by now.
    assert arxiv.count("/pdf/") - downloads <= 1
    assert files_below(online.posts) == before


def test_the_next_night_repeats_no_paper(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini, library: Path
) -> None:
    assert online.run(*RUN).exit_code == 0
    calls = len(gemini.calls)
    arxiv.papers.append(library_paper(library, "ring-relaxation", 9, "One More Diffusion Model"))
    done = online.run("run", "--topic", "Diffusion Models", "--date", "2026-11-23", "--json")
    (topic,) = done.report["topics"]
    assert (topic["found"], topic["published"], topic["excluded"]) == (4, 1, 3)
    reasons = [paper["reason"] for paper in done.report["papers"] if paper["status"] == "excluded"]
    assert reasons == [f"already published on {TONIGHT}"] * 3
    assert len(gemini.calls) > calls
    assert Path(topic["post"]).read_text("utf-8").count("\n## ") == 1


def test_a_paper_of_two_topics_is_fetched_and_summarized_once(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini, library: Path
) -> None:
    arxiv.papers[:] = [
        library_paper(
            library,
            "step-budgets",
            1,
            "Diffusion Models and Vision Transformers",
            abstract="Both are studied.",
        )
    ]
    done = online.run(*RUN, "--topic", "Vision Transformer", "--json")
    assert [topic["published"] for topic in done.report["topics"]] == [1, 1]
    assert len(done.report["papers"]) == 1
    assert done.report["papers"][0]["topics"] == ["Diffusion Models", "Vision Transformer"]
    assert arxiv.count("/pdf/") == 1
    assert done.report["totals"]["llm_calls"] == len(gemini.calls)
    assert len({Path(topic["post"]).name for topic in done.report["topics"]}) == 2


def test_a_quiet_day_writes_no_post_and_says_so(online: Terminal, arxiv: FakeArxiv) -> None:
    arxiv.papers.clear()
    done = online.run(*RUN)
    assert done.exit_code == 0
    assert "0 found" in done.out
    assert not list(online.posts.rglob("*.md"))


@pytest.mark.parametrize(
    "fault",
    [
        faults.status(503),
        faults.status(429),
        faults.status(406),
        faults.html_page(),
        faults.blank_body(),
        faults.truncated_xml(),
    ],
    ids=["503", "429", "406", "html", "blank", "truncated"],
)
def test_a_fault_of_arxiv_never_looks_like_a_quiet_day(
    online: Terminal, arxiv: FakeArxiv, fault: faults.Fault
) -> None:
    arxiv.always(fault, path="/api/query")
    done = online.run(*RUN, "--json")
    assert done.exit_code == 4
    assert done.report["topics"][0]["error"]
    assert "Diffusion Models: " in done.err
    assert not list(online.posts.rglob("*.md"))


def test_an_empty_first_page_is_asked_for_again_before_it_is_believed(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    arxiv.script(faults.empty_feed())
    assert online.run(*RUN, "--json").report["topics"][0]["found"] == 3


def test_papers_that_fail_are_queued_and_the_next_run_gets_them(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    gemini.script(answers.overloaded())
    done = online.run(*RUN, "--json")
    assert done.exit_code == 3
    (topic,) = done.report["topics"]
    assert (topic["published"], topic["failed"]) == (2, 1)
    (failed,) = [paper for paper in done.report["papers"] if paper["status"] == "failed"]
    assert (failed["stage"], bool(failed["reason"])) == ("summarize", True)
    status = online.run("status", "--json").report
    assert status["topics"][0]["failed"] == 1
    # The window and arXiv move on; the paper is not forgotten.
    submitted = datetime(2026, 12, 17, tzinfo=UTC)
    arxiv.papers[:] = [
        FakePaper(
            "2612.00001", "Leaves", "They fall.", published=submitted, categories=("q-bio.TO",)
        )
    ]
    later = online.run("run", "--topic", "Diffusion Models", "--date", "2026-12-20", "--json")
    assert later.exit_code == 0
    assert [paper["arxiv_id"] for paper in later.report["papers"]] == [failed["arxiv_id"]]
    assert online.run("status", "--json").report["topics"][0]["published"] == 3


def test_a_model_that_never_answers_is_an_upstream_fault(
    online: Terminal, gemini: FakeGemini
) -> None:
    gemini.script(*[answers.overloaded()] * 3)
    done = online.run(*RUN, "--json")
    assert done.exit_code == 4
    assert done.report["topics"][0]["failed"] == 3
    assert not list(online.posts.rglob("*.md"))


def test_a_rejected_key_stops_at_once_and_is_never_shown(
    online: Terminal, gemini: FakeGemini
) -> None:
    done = online.run(*RUN, GEMINI_API_KEY="wrong-key-1234")
    assert done.exit_code == 2
    assert "key" in done.err.lower()
    assert "wrong-key-1234" not in done.out + done.err
    leaked = [
        name for name, content in files_below(online.home).items() if b"wrong-key-1234" in content
    ]
    assert leaked == []
    assert len(gemini.calls) <= 4
    # Nothing is lost: with the right key, the same command goes on.
    assert online.run(*RUN, "--json").report["topics"][0]["published"] == 3


def test_a_missing_key_is_said_before_anything_is_asked(online: Terminal, arxiv: FakeArxiv) -> None:
    done = online.run(*RUN, GEMINI_API_KEY="")
    assert done.exit_code == 2
    assert "GEMINI_API_KEY" in done.err
    assert arxiv.requests == []


def test_the_quota_of_a_day_queues_the_rest(online: Terminal, gemini: FakeGemini) -> None:
    gemini.script(*[answers.quota("PerDay")] * 4)
    done = online.run(*RUN, "--json", CHATPAPER_LLM__CONCURRENCY="1")
    assert done.exit_code == 5
    assert {paper["status"] for paper in done.report["papers"]} == {"queued"}
    gemini.script()
    assert online.run(*RUN).exit_code in (0, 5)


def test_no_more_papers_are_begun_than_the_budget_allows(
    online: Terminal, gemini: FakeGemini
) -> None:
    done = online.run(*RUN, "--max-papers", "1", "--json")
    assert done.exit_code == 5
    (topic,) = done.report["topics"]
    assert (topic["published"], topic["failed"], topic["found"]) == (1, 2, 3)
    assert "budget.max_papers" in done.out
    assert online.run(*RUN, "--json").report["topics"][0]["published"] == 3


def test_the_budget_of_tokens_stops_before_the_call_that_would_exceed_it(
    online: Terminal, gemini: FakeGemini
) -> None:
    done = online.run(*RUN, "--json", CHATPAPER_BUDGET__MAX_TOKENS="10")
    assert done.exit_code == 5
    assert gemini.calls == []
    assert "budget.max_tokens" in done.err


def test_another_run_holds_the_lock(online: Terminal) -> None:
    state = online.home / "state"
    state.mkdir()
    with FileLock(state / "run.lock"):
        done = online.run(*RUN)
    assert done.exit_code == 6
    assert "Another run" in done.err


def test_a_dry_run_lists_and_estimates_but_asks_and_writes_nothing(
    online: Terminal, gemini: FakeGemini
) -> None:
    done = online.run(*RUN, "--dry-run", "--json")
    assert done.exit_code == 0
    assert gemini.calls == []
    assert not list(online.posts.rglob("*.*"))
    estimates = [paper["estimate"] for paper in done.report["papers"]]
    assert all(estimate["input_tokens"] > 0 and estimate["cost_usd"] > 0 for estimate in estimates)
    assert "Step Budgets" in online.run(*RUN, "--dry-run").out


def test_a_run_that_is_killed_goes_on_where_it_was(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    gemini.script(Reply(pause_seconds=30))
    with online.start(*RUN, CHATPAPER_LLM__CONCURRENCY="1") as process:
        gemini.await_call()
        process.send_signal(signal.SIGKILL)
    waiting = online.run("status", "--json").report["waiting"]
    assert len(waiting) == 3
    done = online.run(*RUN, "--json")
    assert done.exit_code == 0
    assert done.report["topics"][0]["published"] == 3


def test_sigterm_publishes_what_is_paid_for_and_queues_the_rest(
    online: Terminal, gemini: FakeGemini
) -> None:
    asked_to_stop = threading.Event()
    gemini.script(replace(answers.answer("{}"), held_until=asked_to_stop))
    with online.start(*RUN, "--json", CHATPAPER_LLM__CONCURRENCY="1") as process:
        gemini.await_call()
        process.send_signal(signal.SIGTERM)
        asked_to_stop.set()
        out, _ = process.communicate(timeout=60)
    report = json.loads(out)
    assert process.returncode == report["exit_code"] == 5
    assert (report["topics"][0]["published"], report["topics"][0]["failed"]) == (1, 2)
    assert online.run(*RUN, "--json").report["topics"][0]["published"] == 3


def test_a_post_that_was_settled_but_not_written_is_written_by_the_next_run(
    online: Terminal,
) -> None:
    assert online.run(*RUN).exit_code == 0
    post = online.posts / TONIGHT / "Diffusion_Models.md"
    before = post.read_bytes()
    post.unlink()
    with closing(sqlite3.connect(online.home / "state" / "chatpaper.db")) as connection, connection:
        connection.execute("UPDATE posts SET pending = 1")
    assert online.run("run", "--topic", "NeRF", "--date", "2026-11-24").exit_code == 0
    assert post.read_bytes() == before


def test_posts_are_written_again_without_a_model_or_a_network(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    assert online.run(*RUN).exit_code == 0
    before = files_below(online.posts)
    asked = len(gemini.requests), len(arxiv.requests)
    done = online.run("render", "--output", online.home / "elsewhere")
    assert done.exit_code == 0
    assert files_below(online.home / "elsewhere") == before
    assert (len(gemini.requests), len(arxiv.requests)) == asked


def test_an_output_folder_that_cannot_be_written_is_said_before_any_work(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    blocked = online.home / "file"
    blocked.write_text("in the way")
    done = online.run(*RUN, "--output", blocked)
    assert done.exit_code == 2
    assert str(blocked) in done.err
    assert arxiv.requests == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("run",), "No topic is given"),
        ((*RUN, "--format", "dayly"), "Unknown format 'dayly'"),
        ((*RUN, "--backend", "gemni"), "unknown backend"),
        ((*RUN, "--language", "xx"), "xx"),
        ((*RUN, "--source", "nowhere"), "nowhere"),
        ((*RUN, "--since", "2026-11-25", "--until", "2026-11-20"), "is after"),
        (("run", "--topic", "A/B", "--topic", "A:B"), "would share one file"),
        (("run", "--topic", "LLM", "--date", "tomorrow"), "is not a date"),
        (("run", "--topik", "LLM"), "--topik"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(
    online: Terminal, arguments: tuple[str, ...], expected: str
) -> None:
    done = online.run(*arguments)
    assert done.exit_code == 2
    assert expected in done.err
    assert "Traceback" not in done.err


def test_a_typo_in_the_settings_file_names_the_nearest_key(online: Terminal) -> None:
    (online.home / "chatpaper.toml").write_text('[topics."Mine"]\nphrasse = ["x"]\n')
    done = online.run(*RUN)
    assert done.exit_code == 2
    assert "Did you mean topics.Mine.phrases?" in done.err


def test_a_topic_that_is_not_in_the_table_is_searched_for_as_a_phrase(online: Terminal) -> None:
    done = online.run("run", "--topic", "Withdrawn Diffusion", "--date", TONIGHT, "--json")
    assert "is not in the table" in done.err
    assert done.exit_code == 0
    assert [paper["title"] for paper in done.report["papers"]] == ["A Withdrawn Diffusion Model"]


def test_no_name_of_a_topic_leads_out_of_the_output_folder(online: Terminal) -> None:
    (online.home / "chatpaper.toml").write_text(
        '[topics."../../Withdrawn"]\nphrases = ["withdrawn diffusion model"]\n'
    )
    done = online.run("run", "--topic", "../../Withdrawn", "--date", TONIGHT, "--json")
    assert done.exit_code == 0, done.err
    (post,) = [path for path in online.home.rglob("*.md") if path != online.posts / "index.md"]
    assert post.parent == online.posts / TONIGHT


def test_the_date_of_a_post_is_that_of_the_configured_time_zone(online: Terminal) -> None:
    early = online.run(
        "run", "--topic", "Diffusion Models", "--json", CHATPAPER_TIMEZONE="Pacific/Kiritimati"
    )
    late = online.run(
        "run", "--topic", "Diffusion Models", "--json", CHATPAPER_TIMEZONE="Pacific/Niue"
    )
    assert early.report["date"] > late.report["date"]


def test_logs_are_one_json_object_a_line(online: Terminal, arxiv: FakeArxiv) -> None:
    arxiv.script(faults.status(503))
    done = online.run("-v", "--log-format", "json", *RUN)
    events = [json.loads(line) for line in done.err.splitlines()]
    assert {"time", "level", "message"} <= events[0].keys()
    assert any("2611.00001" in event["message"] for event in events)


def test_a_feed_without_end_costs_a_note_and_no_night(online: Terminal, arxiv: FakeArxiv) -> None:
    arxiv.always(faults.body(b"<rss>" + b" " * 70_000_000, "application/rss+xml"), path="/rss/")
    night = online.run("run", "--topic", "Diffusion Models", "--date", TONIGHT, "--json")
    assert night.exit_code == 0, night.err
    (topic,) = night.report["topics"]
    assert topic["published"] == 3
    assert any("is larger than" in note for note in topic["notes"])
