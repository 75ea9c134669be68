"""Nights whose papers are asked about in batches: sent by one run, collected by the next."""

from typing import Any

import pytest

from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes.gemini import FakeGemini

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT, "--json")


@pytest.fixture
def batching(online: Terminal) -> Terminal:
    online.environment["CHATPAPER_LLM__BATCH"] = "always"
    return online


def statuses(report: dict[str, Any]) -> list[str]:
    return [paper["status"] for paper in report["papers"]]


def test_one_run_sends_a_batch_and_a_later_one_publishes_what_it_answered(
    batching: Terminal, gemini: FakeGemini
) -> None:
    at_once = batching.run(*RUN, "--dry-run", CHATPAPER_LLM__BATCH="never").report["totals"]
    planned = batching.run(*RUN, "--dry-run").report["totals"]
    sent = batching.run(*RUN)
    assert sent.exit_code == 7, sent.err
    assert sent.report["topics"][0]["awaits_batch"]
    assert statuses(sent.report) == ["queued"] * 3
    (batch,) = gemini.batch_service.batches.values()
    assert len(batch.requests) == 3
    assert gemini.calls == []
    assert not list(batching.posts.rglob("*.md"))
    gemini.batch_service.faults.held = True
    waiting = batching.run(*RUN)
    assert waiting.exit_code == 7
    gemini.batch_service.faults.held = False
    collected = batching.run(*RUN)
    assert collected.exit_code == 0, collected.err
    assert collected.report["topics"][0]["published"] == 3
    assert gemini.calls == []
    assert len(gemini.batch_service.batches) == 1
    assert collected.report["totals"]["llm_calls"] == 3
    tokens = collected.report["totals"]
    price = (0.3 * tokens["input_tokens"] + 2.5 * tokens["output_tokens"]) / 1_000_000
    assert tokens["cost_usd"] == pytest.approx(price / 2, rel=1e-3)
    assert planned["cost_usd"] == pytest.approx(at_once["cost_usd"] / 2)
    assert batching.run(*RUN).exit_code == 0
    assert len(gemini.batch_service.batches) == 1


def test_status_and_doctor_tell_of_batches(batching: Terminal, gemini: FakeGemini) -> None:
    assert "ok   batches: gemini-3.5-flash-lite takes batches" in batching.run("doctor").out
    sent = batching.run(*RUN[:-1])
    assert sent.exit_code == 7
    assert sent.out.startswith("Diffusion Models: 3 found, 0 published, 0 excluded, 3 failed or")
    assert sent.out.rstrip().endswith("waiting for a batch")
    assert "Papers waiting for a batch: 3. The next run collects it" in sent.err
    shown = batching.run("status").out
    assert "3 requests wait for 0.0 hours now" in shown
    assert "ended waiting for a batch" in shown
    (batch,) = batching.run("status", "--json").report["batches"]
    assert (batch["state"], batch["requests"]) == ("waiting", 3)
    assert batch["expected_usd"] > 0
    alone = batching.run("run", "--topic", "LLM", "--backend", "extractive")
    assert alone.exit_code == 2
    assert "takes no batches" in alone.err
