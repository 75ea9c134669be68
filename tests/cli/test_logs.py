"""The log, as cron or a log collector gets it: each line that concerns a paper names it."""

import json
import re
from pathlib import Path
from typing import Any

from tests.cli.conftest import TONIGHT, Terminal, library_paper
from tests.fakes import arxiv_faults as faults
from tests.fakes import gemini as answers
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT)
# Where work on one paper is done; the list of papers is fetched by the same client.
OF_A_PAPER = (
    "chatpaper.backends.decorators.retry",
    "chatpaper.extract.worker",
    "chatpaper.pipeline.execution.faults",
    "chatpaper.pipeline.execution.result",
    "chatpaper.pipeline.execution.steps",
)


def lines_of(err: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in err.splitlines() if line.startswith("{")]


def test_every_line_that_concerns_a_paper_names_it_and_the_run(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini, library: Path
) -> None:
    broken = library_paper(
        library, "step-budgets", 5, "A Broken Diffusion Model", pdf=b"%PDF-1.4 nothing %%EOF"
    )
    arxiv.papers.append(broken)
    arxiv.script(faults.status(503))
    arxiv.script(faults.status(503), path="/pdf/2611.00001v1")
    gemini.script(answers.overloaded())
    done = online.run("--log-format", "json", "-v", *RUN, "--json", CHATPAPER_LLM__MAX_ATTEMPTS="2")
    lines = lines_of(done.err)
    run_id = done.report["run_id"]
    retries = {
        line["arxiv_id"]: line["message"]
        for line in lines
        if line["logger"] == "chatpaper.fetch.http.retries"
    }
    assert retries.keys() == {None, "2611.00001"}
    assert "HTTP 503" in retries["2611.00001"]
    assert "2611.00001" not in retries[None]
    (repeat,) = [line for line in lines if line["logger"] == "chatpaper.backends.decorators.retry"]
    assert re.fullmatch(r"2611\.0000[1235]", repeat["arxiv_id"])
    (unreadable,) = [line for line in lines if line["logger"] == "chatpaper.extract.worker"]
    assert unreadable["arxiv_id"] == "2611.00005"
    for line in lines:
        named = re.search(r"2611\.\d{5}", line["message"])
        assert line["run_id"] == run_id
        assert line["arxiv_id"] or line["logger"] not in OF_A_PAPER, line
        assert not named or line["arxiv_id"] == named[0], line


def test_a_line_of_text_names_the_paper_once(online: Terminal, arxiv: FakeArxiv) -> None:
    arxiv.script(faults.status(503), path="/pdf/2611.00001v1")
    done = online.run("-v", *RUN)
    (retry,) = [line for line in done.err.splitlines() if "asking again" in line]
    assert retry.count("2611.00001") == 1
    finished = [line for line in done.err.splitlines() if "summarized with" in line]
    assert all(line.count("2611.") == 1 for line in finished)
    assert len(finished) == 3
