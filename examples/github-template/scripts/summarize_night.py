"""Say in the job summary how a night went, and as the output `alarm` what needs a person.

`summarize_night.py CODE STATUS REPORT LOG ATTENTION SUMMARY OUTPUTS`: the exit codes of
`chatpaper run` and of `chatpaper status`, files with what the run printed and logged and what the
status printed, and the files that GitHub reads.
"""

import html
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# What the exit codes of a run mean that are no failures of the workflow.
QUIET_CODES = {
    0: "Done.",
    3: "Some papers failed and are queued for the next night.",
    4: "arXiv or the model did not answer. Nothing is lost: the next night makes up for it.",
    5: "The budget or the quota is reached, or time was up. The rest is queued for the next night.",
    7: "Papers wait for a batch. The next night collects it.",
}
FAILURES = {
    1: "A defect of chatpaper: please report what the log says.",
    2: "A key, a setting or a folder cannot be used.",
    6: "Another run holds the lock.",
}
STATUS_NEEDS_A_PERSON = 3
LINES_OF_THE_LOG = 5
MOST_PAPERS = 20


def format_text(text: object) -> str:
    """Return text as HTML shows it, in one line: titles and reasons are other people's words."""
    return html.escape(" ".join(str(text).split()))


def format_row(cells: list[object], tag: str = "td") -> str:
    """Return a row of a table."""
    return "<tr>" + "".join(f"<{tag}>{format_text(cell)}</{tag}>" for cell in cells) + "</tr>"


def format_topics(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield what became of the papers of each topic, and what the run used."""
    counts = ("found", "published", "excluded", "failed")
    yield "<table>" + format_row(["topic", "state", *counts], "th")
    for topic in report["topics"]:
        yield format_row([topic["name"], topic["state"], *(topic[name] for name in counts)])
    yield "</table>\n"
    totals = report["totals"]
    yield (
        f"{totals['llm_calls']} calls, {totals['input_tokens']} tokens read, "
        f"{totals['output_tokens']} written, {totals['cost_usd'] or 0:.2f} USD.\n"
    )


def format_failed_papers(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield which papers failed, and why."""
    failed = [paper for paper in report["papers"] if paper["status"] == "failed"]
    if failed:
        yield "<table>" + format_row(["paper", "stage", "reason"], "th")
        for paper in failed[:MOST_PAPERS]:
            yield format_row([paper["arxiv_id"], paper["stage"], paper["reason"]])
        yield "</table>\n"
    if len(failed) > MOST_PAPERS:
        yield f"… and {len(failed) - MOST_PAPERS} more.\n"


def format_quotation(text: str) -> str:
    """Return lines of a log or command as they stand."""
    # An empty line would end the block of HTML.
    lines = [line for line in text.splitlines() if line.strip()]
    return f"<pre>{html.escape(chr(10).join(lines))}</pre>\n"


def read_report(path: Path) -> Mapping[str, Any] | None:
    """Return the run report; None where the run ended before it had one."""
    text = path.read_text("utf-8")
    return json.loads(text) if text.strip() else None


def main() -> None:
    """Read what the commands left, and write the summary and the output."""
    code, status = int(sys.argv[1]), int(sys.argv[2])
    report_path, log, attention, summary_path, outputs_path = map(Path, sys.argv[3:8])
    meaning = QUIET_CODES.get(code) or FAILURES.get(code, "The run was ended by force.")
    lines = [f"### Exit code {code}\n", f"{meaning}\n"]
    if report := read_report(report_path):
        lines += [*format_topics(report), *format_failed_papers(report)]
    alarm = ""
    if code not in QUIET_CODES:
        last = log.read_text("utf-8").splitlines()[-LINES_OF_THE_LOG:]
        lines += [format_quotation("\n".join(last))]
        alarm = f"Exit code {code}. {meaning}"
    elif status:
        lines += ["Something needs a person:\n", format_quotation(attention.read_text("utf-8"))]
        alarm = "`chatpaper status` says that something needs a person: see the summary."
    with summary_path.open("a", encoding="utf-8") as summary:
        summary.write("\n".join(lines) + "\n")
    with outputs_path.open("a", encoding="utf-8") as outputs:
        outputs.write(f"alarm={alarm}\n")


if __name__ == "__main__":
    main()
