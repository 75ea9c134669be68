"""Runs whose summaries a second call judges: its cost, paid once, and when it is left out."""

import json
from typing import Any

import pytest

from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes import gemini as answers
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply, Request

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT)
ONE_AT_A_TIME = {"CHATPAPER_LLM__CONCURRENCY": "1"}
PAPERS = 3


def is_reading(request: Request) -> bool:
    """Tell whether a call asks for verdicts."""
    return "verdicts" in request.body["generationConfig"]["responseJsonSchema"]["properties"]


class JudgingGemini(FakeGemini):
    """Finds no statement in the passages that it is shown, after the replies of `readings`.

    The other calls may take more tokens than they should (`summary_tokens`).
    """

    def __init__(self, *readings: Reply, summary_tokens: int = 0) -> None:
        super().__init__()
        self.readings, self.summary_tokens = list(readings), summary_tokens

    def reply(self, request: Request) -> Reply:
        if not self.is_call(request):
            return super().reply(request)
        if not is_reading(request):
            reply = super().reply(request)
            reply.body["usageMetadata"]["promptTokenCount"] += self.summary_tokens
            return reply
        if self.readings:
            return self.readings.pop(0)
        schema = request.body["generationConfig"]["responseJsonSchema"]["properties"]["verdicts"]
        verdicts = [
            {"n": number, "verdict": "not_stated"} for number in range(1, schema["maxItems"] + 1)
        ]
        return answers.answer(json.dumps({"verdicts": verdicts}), 50)


def judged_run(online: Terminal, server: FakeGemini, *more: str, **environment: str) -> Any:
    return online.run(
        *RUN,
        "--json",
        *more,
        **{"CHATPAPER_LLM__VERIFY": "auto", "CHATPAPER_LLM__BASE_URL": server.url}
        | ONE_AT_A_TIME
        | environment,
    )


def records(online: Terminal) -> list[dict[str, Any]]:
    return list(
        json.loads((online.posts / TONIGHT / "Diffusion_Models.json").read_text("utf-8"))["papers"]
    )


def test_a_second_call_judges_each_paper_and_is_counted(online: Terminal) -> None:
    with JudgingGemini() as server:
        alone = judged_run(online, server, "--dry-run", CHATPAPER_LLM__VERIFY="never").report
        planned = judged_run(online, server, "--dry-run").report
        done = judged_run(online, server)
        assert [is_reading(call) for call in server.calls] == [False, True] * PAPERS
    assert done.exit_code == 0, done.err
    assert done.report["totals"]["llm_calls"] == 2 * PAPERS
    assert [model["llm_calls"] for model in done.report["models"]] == [2 * PAPERS]
    for before, after in zip(alone["papers"], planned["papers"], strict=True):
        assert (
            0
            < after["estimate"]["cost_usd"] - before["estimate"]["cost_usd"]
            < before["estimate"]["cost_usd"]
        )
    for record in records(online):
        verification = record["verification"]
        assert (
            verification["status"],
            verification["supported"],
            verification["contradicted"],
        ) == ("done", 0, 0)
        assert (
            verification["not_stated"]
            == len(verification["verdicts"])
            == record["checks"]["marked"]
            > 0
        )
        assert set(verification["verdicts"][0]) == {
            "field", "text", "verdict", "words", "page", "section", "correction", "outcome",
        }  # fmt: skip
    assert "「未能核实」" in (online.posts / TONIGHT / "Diffusion_Models.md").read_text("utf-8")


def test_another_model_can_judge(online: Terminal) -> None:
    with JudgingGemini() as server:
        done = judged_run(online, server, CHATPAPER_LLM__VERIFY_MODEL="gemini-3.5-flash")
        asked = [("gemini-3.5-flash:" in call.path) for call in server.calls]
    assert asked == [False, True] * PAPERS
    assert {record["verification"]["model"] for record in records(online)} == {"gemini-3.5-flash"}
    assert {record["model"] for record in records(online)} == {"gemini-3.5-flash-lite"}
    assert done.exit_code == 0


def test_requests_of_the_day_are_kept_for_papers_that_wait(online: Terminal) -> None:
    with JudgingGemini() as server:
        done = judged_run(online, server, CHATPAPER_LLM__RPD="4")
        assert [is_reading(call) for call in server.calls].count(True) == 1
    assert (done.exit_code, done.report["topics"][0]["published"]) == (0, PAPERS)
    told = [record["verification"] for record in records(online)]
    assert sorted(each["status"] for each in told) == ["done", "skipped", "skipped"]
    assert all("llm.rpd is 4" in each["reason"] for each in told if each["status"] == "skipped")
    assert not any(
        "second reading" in warning for record in records(online) for warning in record["warnings"]
    )


def test_a_budget_that_is_used_up_leaves_out_the_reading_and_not_the_paper(
    online: Terminal,
) -> None:
    budget = 200_000
    with JudgingGemini(summary_tokens=budget) as server:
        done = judged_run(
            online, server, "--max-papers", "1", CHATPAPER_BUDGET__MAX_TOKENS=str(budget)
        )
        assert [is_reading(call) for call in server.calls] == [False]
    assert done.report["topics"][0]["published"] == 1
    (record,) = records(online)
    assert record["verification"]["status"] == "skipped"
    assert "budget.max_tokens" in record["verification"]["reason"]


@pytest.mark.parametrize(
    ("reply", "exit_code", "published"),
    [(answers.internal(), 0, PAPERS), (answers.answer("nonsense"), 0, PAPERS)],
)
def test_a_reading_that_fails_costs_no_paper(
    online: Terminal, reply: Reply, exit_code: int, published: int
) -> None:
    with JudgingGemini(reply) as server:
        done = judged_run(online, server)
    assert (done.exit_code, done.report["topics"][0]["published"]) == (exit_code, published)
    failed = [record for record in records(online) if record["verification"]["status"] == "failed"]
    assert len(failed) == 1
    assert any("the second reading failed" in warning for warning in failed[0]["warnings"])


def test_a_run_that_is_killed_between_the_calls_comes_out_the_same(online: Terminal) -> None:
    with JudgingGemini() as server:
        assert judged_run(online, server).exit_code == 0
    expected = {file.name: file.read_bytes() for file in online.posts.rglob("Diffusion_Models.*")}
    environment = {
        "CHATPAPER_STATE_DIR": str(online.home / "state2"),
        "CHATPAPER_OUTPUT_DIR": str(online.home / "posts2"),
    }
    with JudgingGemini(Reply(pause_seconds=60)) as server:
        started = (
            {"CHATPAPER_LLM__VERIFY": "auto", "CHATPAPER_LLM__BASE_URL": server.url}
            | ONE_AT_A_TIME
            | environment
        )
        process = online.start(*RUN, **started)
        server.await_call(is_reading)
        process.kill()
        process.communicate()
        assert judged_run(online, server, **environment).exit_code == 0
        assert sum(not is_reading(call) for call in server.calls) == PAPERS, (
            "no summary is paid for twice"
        )
    found = {
        file.name: file.read_bytes()
        for file in (online.home / "posts2").rglob("Diffusion_Models.*")
    }
    assert found == expected
