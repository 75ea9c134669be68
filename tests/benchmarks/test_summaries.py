"""The benchmark of summaries measures what is there, and fails where it has become worse."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from chatpaper.domain import Claim, Summary
from tests.benchmarks.benchmark_summaries import Measured, leaks, main, measure, regressions, totals
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.summarize.sample import DOCUMENT, PAPER

GOOD = Summary(
    {
        "summary": "TideSort 把比较器减少了 23%。",
        "key_takeaways": (
            Claim(
                "训练需要两小时。",
                "Training takes two hours on a single processor",
                page=3,
                section="4 Experiments",
            ),
        ),
    },
    "zh",
    "gemini",
    "m",
    "f",
    llm_calls=1,
    input_tokens=100,
    output_tokens=10,
)


def measured(summary: Summary) -> Measured:
    return measure("paper", summary, PAPER, DOCUMENT, 1.0)


def test_a_good_summary_has_nothing_against_it() -> None:
    found = measured(GOOD)
    assert (
        found.quotes,
        found.quotes_found,
        found.unsupported_numerals,
        found.unsupported_names,
    ) == (1, 1, 0, 0)
    assert (found.leaks, found.calls) == (0, 1)
    assert found.chinese > 0.8


@pytest.mark.parametrize(
    ("answers", "figure"),
    [
        ({"summary": "TideSort 把比较器减少了 71%。"}, "unsupported_numerals"),
        ({"summary": "GigaSort 把比较器减少了 23%。"}, "unsupported_names"),
        ({"summary": "好的，以下是总结。"}, "leaks"),
    ],
)
def test_faults_are_counted(answers: dict[str, str], figure: str) -> None:
    assert getattr(measured(replace(GOOD, answers=answers)), figure) >= 1


def test_words_of_the_prompt_are_leaks() -> None:
    assert (
        leaks({"summary": "Where it says nothing of what is asked: an empty string or array."}) == 1
    )


def test_an_invented_quote_is_not_found() -> None:
    invented = Claim("一切都好。", "nobody has ever said this of any network", page=1)
    found = measured(replace(GOOD, answers={"key_takeaways": (invented,)}))
    assert (found.quotes, found.quotes_found) == (1, 0)
    assert totals([found])["quotes_found"] == 0


@pytest.mark.parametrize(
    ("figure", "worse"),
    [("quotes_found", 0.9), ("leaks", 1), ("unsupported_numerals", 2), ("calls_per_paper", 2.0)],
)
def test_a_figure_that_is_worse_than_the_baseline_is_named(figure: str, worse: float) -> None:
    baseline = totals([measured(GOOD)])
    assert regressions(baseline, baseline) == []
    (line,) = regressions(baseline | {figure: worse}, baseline)
    assert line.startswith(f"{figure}: ")


def test_the_whole_of_it_over_a_folder(
    tmp_path: Path,
    library: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copy(library / "step-budgets.pdf", tmp_path)
    monkeypatch.setenv("GEMINI_API_KEY", VALID_KEY)
    kept, arguments = tmp_path / "kept.json", [str(tmp_path)]
    with FakeGemini() as server:
        arguments += ["--base-url", server.url]
        assert main([*arguments, "--json", str(kept)]) == 0
        assert "| step-budgets |" in capsys.readouterr().out
        record = json.loads(kept.read_text("utf-8"))
        assert record["totals"]["quotes_found"] == 1.0
        assert record["totals"]["failed"] == record["totals"]["leaks"] == 0
        assert main([*arguments, "--baseline", str(kept)]) == 0
        record["totals"]["chinese"] = 1.5
        kept.write_text(json.dumps(record))
        assert main([*arguments, "--baseline", str(kept)]) == 1
    assert "worse: chinese" in capsys.readouterr().out
