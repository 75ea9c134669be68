"""What a run costs is known before it is spent, kept to, and on record afterwards."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes import gemini as answers
from tests.fakes.gemini import FakeGemini
from tests.fakes.openai import FakeOpenAI

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT)
ONE_AT_A_TIME = {"CHATPAPER_LLM__CONCURRENCY": "1"}
# The promise for papers of a kind that has been summarized before.
ESTIMATE_TOLERANCE = 0.15


def used(report: dict[str, Any]) -> tuple[int, float]:
    totals = report["totals"]
    return totals["input_tokens"] + totals["output_tokens"], totals["cost_usd"]


def test_estimates_are_met_once_some_papers_are_on_record(online: Terminal, library: Path) -> None:
    run = (*RUN, "--source", library, "--json")
    assert online.run(*run, "--max-papers", "4").exit_code == 5
    planned = online.run(*run, "--dry-run", "--max-papers", "9").report
    done = online.run(*run, "--max-papers", "9").report
    estimates = {
        paper["arxiv_id"]: paper["estimate"] for paper in planned["papers"] if paper["estimate"]
    }
    paid = {paper["arxiv_id"]: paper for paper in done["papers"] if paper["llm_calls"]}
    assert set(paid) <= set(estimates)
    tokens, cost_usd = used(done)
    expected = [estimates[arxiv_id] for arxiv_id in paid]
    assert sum(each["input_tokens"] + each["output_tokens"] for each in expected) == pytest.approx(
        tokens, rel=ESTIMATE_TOLERANCE
    )
    assert sum(each["cost_usd"] for each in expected) == pytest.approx(
        cost_usd, rel=ESTIMATE_TOLERANCE
    )


def test_a_paper_whose_answer_is_already_there_costs_nothing(online: Terminal) -> None:
    assert online.run(*RUN).exit_code == 0
    # Another format of the report would be new; the same fields are not, whatever the date of the
    # post.
    planned = online.run(
        "run", "--topic", "Diffusion Models", "--date", TONIGHT, "--dry-run", "--json"
    ).report
    assert [paper["estimate"]["cost_usd"] for paper in planned["papers"] if paper["estimate"]] == [
        0.0,
        0.0,
        0.0,
    ]


def test_the_requests_of_a_day_are_kept_to_across_runs(
    online: Terminal, gemini: FakeGemini
) -> None:
    first = online.run(*RUN, "--json", CHATPAPER_LLM__RPD="2", **ONE_AT_A_TIME)
    assert first.exit_code == 5
    assert "llm.rpd is 2" in first.err
    assert first.report["topics"][0]["published"] == len(gemini.calls) == 2
    second = online.run(*RUN, "--json", CHATPAPER_LLM__RPD="2", **ONE_AT_A_TIME)
    assert (second.exit_code, len(gemini.calls)) == (5, 2)
    third = online.run(*RUN, "--json", CHATPAPER_LLM__RPD="3", **ONE_AT_A_TIME)
    assert (third.exit_code, len(gemini.calls)) == (0, 3)


def test_the_budget_stops_before_a_repair_and_the_next_run_pays_for_the_repair_alone(
    online: Terminal, gemini: FakeGemini
) -> None:
    first_cost = online.run(*RUN, "--dry-run", "--json").report["papers"][0]["estimate"]
    budget = str(int(1.5 * (first_cost["input_tokens"] + first_cost["output_tokens"])))
    # An answer that fails the checks and has spent what was set aside for it.
    gemini.script(
        answers.answer("{}", input_tokens=first_cost["input_tokens"] + first_cost["output_tokens"])
    )
    done = online.run(*RUN, "--json", CHATPAPER_BUDGET__MAX_TOKENS=budget, **ONE_AT_A_TIME)
    assert done.exit_code == 5
    assert "budget.max_tokens" in done.err
    assert len(gemini.calls) == 1
    assert [paper["status"] for paper in done.report["papers"]] == ["queued"] * 3
    assert done.report["papers"][0]["llm_calls"] == 1, (
        "what was spent on a paper that waits is in the report"
    )
    assert not list(online.posts.rglob("*.md"))
    again = online.run(*RUN, "--json")
    assert (again.exit_code, len(gemini.calls)) == (0, 4)
    assert again.report["topics"][0]["published"] == 3


def test_the_report_and_the_status_tell_what_each_model_took(online: Terminal) -> None:
    report = online.run(*RUN, "--json").report
    (model,) = report["models"]
    counted = ("llm_calls", "input_tokens", "output_tokens")
    assert model["model"] == "gemini-3.5-flash-lite"
    assert [model[key] for key in counted] == [report["totals"][key] for key in counted]
    assert model["cost_usd"] == pytest.approx(report["totals"]["cost_usd"], abs=1e-6)
    (day,) = online.run("status", "--json").report["days"]
    assert day["models"] == [model]
    assert [day[key] for key in counted] == [model[key] for key in counted]
    assert "  gemini-3.5-flash-lite: 3 model calls, " in online.run("status").out


def test_prices_of_the_settings_come_first(online: Terminal) -> None:
    (online.home / "chatpaper.toml").write_text(
        '[prices."gemini-3.5-flash-lite"]\ninput_usd_per_million = 1000000\n'
        "output_usd_per_million = 0\n"
    )
    done = online.run(*RUN, "--json")
    assert done.report["totals"]["cost_usd"] == done.report["totals"]["input_tokens"]
    (record, *_) = json.loads(
        (online.posts / TONIGHT / "Diffusion_Models.json").read_text("utf-8")
    )["papers"]
    assert record["cost_usd"] == record["input_tokens"]


def test_a_budget_of_money_needs_a_price(online: Terminal, gemini: FakeGemini) -> None:
    done = online.run(*RUN, "--model", "gemma-4-nobody-sells-it", CHATPAPER_BUDGET__MAX_USD="1")
    assert done.exit_code == 2
    assert '[prices."gemma-4-nobody-sells-it"]' in done.err
    assert gemini.calls == []


def test_a_price_setting_with_a_typo_is_named(online: Terminal) -> None:
    (online.home / "chatpaper.toml").write_text('[prices."m"]\ninput_usd_per_milion = 1\n')
    done = online.run(*RUN)
    assert done.exit_code == 2
    assert "Did you mean prices.m.input_usd_per_million?" in done.err


def test_another_model_is_asked_where_the_first_withholds_even_a_paraphrase(
    online: Terminal, gemini: FakeGemini
) -> None:
    gemini.script(*[answers.finished("RECITATION")] * 2)
    report = online.run(
        *RUN, "--json", CHATPAPER_LLM__FALLBACK_MODEL="gemini-3.5-flash", **ONE_AT_A_TIME
    ).report
    assert report["topics"][0]["published"] == 3
    assert {model["model"]: model["llm_calls"] for model in report["models"]} == {
        "gemini-3.5-flash": 1,
        "gemini-3.5-flash-lite": 4,
    }


def test_a_server_of_ones_own_is_asked_with_what_it_alone_knows(
    terminal: Terminal, library: Path
) -> None:
    with FakeOpenAI() as server:
        written = terminal.run(
            *(
                "summarize",
                library / "leaf-shapes.pdf",
                "--backend",
                "openai",
                "--model",
                "fake-chat",
            ),
            CHATPAPER_LLM__BASE_URL=server.base_url,
            CHATPAPER_LLM__EXTRA_PARAMETERS='{"dry_multiplier": 0.8}',
            CHATPAPER_LLM__VERIFY="never",
        )
        assert written.exit_code == 0
        assert [call.body["dry_multiplier"] for call in server.calls] == [0.8]
