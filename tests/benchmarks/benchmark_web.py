"""How the page performs: time to first progress, overhead over the command line, a crowd.

`python -m tests.benchmarks.benchmark_web [--visitors N] [--papers N] [--seconds S] [PDF ...]`: a
fake Gemini answers after S seconds. Many visitors come at once, and speak the protocol of the
page's own script; the same papers are then summarized by `chatpaper summarize`. With `--model NAME
--base-url URL` a server that speaks OpenAI's protocol is asked instead, and there is no crowd of
visitors. PDFs that are named are asked about besides those of the example library.
"""

import argparse
import json
import secrets
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.conftest import LIBRARY
from tests.web.serving import ServedPage, serving_page

PAPERS = ("step-budgets", "leaf-shapes", "herbarium-dust", "cell-segmentation", "ring-relaxation")

# Reference, upload, backend, model, key, language, formats.
_FIELDS_OF_A_WISH = 7
_PATIENCE_SECONDS = 1800
# llama.cpp remembers the prompts that it has read: whoever comes second would be answered sooner.
_FORGETFUL = (
    '{"cache_prompt": false, "dry_multiplier": 0.8, "dry_allowed_length": 12, '
    '"dry_penalty_last_n": 768}'
)


@dataclass(frozen=True)
class Visit:
    """What one visitor saw.

    The seconds to the first progress and to the summary, and whether there was one.
    """

    first_progress: float
    done: float
    succeeded: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--papers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--model", help="of a server that speaks OpenAI's protocol")
    parser.add_argument("--base-url", default="http://127.0.0.1:8081/v1")
    parser.add_argument("--context-tokens", type=int, default=16384)
    parser.add_argument(
        "--extra-parameters",
        default=_FORGETFUL,
        help="what the server alone knows, as a JSON object",
    )
    parser.add_argument("--format", default="daily")
    parser.add_argument("pdfs", nargs="*", type=Path)
    options = parser.parse_args()
    papers = [*(LIBRARY / f"{name}.pdf" for name in PAPERS[: options.papers]), *options.pdfs]
    backend = "openai" if options.model else "gemini"
    with (
        tempfile.TemporaryDirectory() as folder,
        serving_page(Path(folder), nights=False, **_settings_of_model(options)) as site,
    ):
        site.gemini.seconds = options.seconds
        _compare(site, papers, backend, options.format)
        if not options.model:
            site.gemini.seconds = 1.0
            _many(site, options.visitors)


def _settings_of_model(options: argparse.Namespace) -> dict[str, str]:
    if not options.model:
        return {}
    return {
        "OPENAI_API_KEY": "none",
        "CHATPAPER_LLM__BACKEND": "openai",
        "CHATPAPER_LLM__MODEL": options.model,
        "CHATPAPER_LLM__BASE_URL": options.base_url,
        "CHATPAPER_LLM__CONTEXT_TOKENS": str(options.context_tokens),
        "CHATPAPER_LLM__TEMPERATURE": "0",
        "CHATPAPER_LLM__EXTRA_PARAMETERS": options.extra_parameters,
        "CHATPAPER_LLM__TIMEOUT_SECONDS": str(_PATIENCE_SECONDS),
    }


def _compare(site: ServedPage, papers: Sequence[Path], backend: str, chosen: str) -> None:
    """Compare the page with the command line, each as it is used.

    The command starts anew for each paper.
    """
    visits = [_visit(site, pdf, backend, chosen) for pdf in papers]
    overheads = []
    for pdf, visit in zip(papers, visits, strict=True):
        own = {name: str(site.home / f"{pdf.stem}-{name}") for name in ("state", "cache")}
        began = time.monotonic()
        folders = {"CHATPAPER_CACHE_DIR": own["cache"], "CHATPAPER_STATE_DIR": own["state"]}
        with site.terminal.start(
            "summarize", pdf.absolute(), "-q", "--format", chosen, **folders
        ) as process:
            _, said = process.communicate(timeout=_PATIENCE_SECONDS)
        command = time.monotonic() - began
        assert visit.succeeded == (process.returncode == 0), said
        overheads.append(visit.done / command - 1)
        print(
            f"{pdf.stem}: first progress {visit.first_progress:.2f} s, page {visit.done:.2f} s, "
            f"command line {command:.2f} s ({overheads[-1]:+.1%}); "
            f"{'a summary' if visit.succeeded else 'no summary'}",
            flush=True,
        )
    print(f"page over command line, median: {statistics.median(overheads):+.1%}")


def _many(site: ServedPage, visitors: int) -> None:
    """Let many visitors come at once, each with a paper of their own.

    The papers have the same pages, but their bytes differ.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = [_own_copy(Path(folder), number) for number in range(visitors)]
        peak = _Peak(site.process.pid)
        with peak, ThreadPoolExecutor(visitors) as pool:
            visits = list(pool.map(lambda file: _visit(site, file, "gemini", "daily"), files))
    firsts, ends = [visit.first_progress for visit in visits], [visit.done for visit in visits]
    print(
        f"{visitors} visitors at once: {sum(visit.succeeded for visit in visits)} succeeded; first "
        f"progress at most {max(firsts):.2f} s; done after {min(ends):.1f} to {max(ends):.1f} s; "
        f"memory of the server with its reader at most {peak.megabytes:.0f} MB"
    )


def _own_copy(folder: Path, number: int) -> Path:
    copy = folder / f"paper-{number}.pdf"
    shutil.copy(LIBRARY / f"{PAPERS[number % len(PAPERS)]}.pdf", copy)
    with copy.open("ab") as file:
        file.write(f"\n% {number}\n".encode())
    return copy


def _visit(site: ServedPage, pdf: Path, backend: str, chosen: str) -> Visit:
    """Upload a paper, ask for it, and follow it to its end."""
    with requests.Session() as session:
        headers = {"X-File-Name": pdf.name}
        uploaded = session.post(
            f"{site.url}uploads", data=pdf.read_bytes(), headers=headers, timeout=_PATIENCE_SECONDS
        )
        begin, follow = _events(session, site)
        began = time.monotonic()
        wish = ["", uploaded.json()["name"], backend, "", "", "zh", [chosen]]
        answered = _sent(session, site, begin, wish)
        first = time.monotonic() - began
        number, status = json.loads(answered[-1])["output"]["data"]
        followed = "".join(_sent(session, site, follow, [number, status]))
        return Visit(
            first, time.monotonic() - began, "Done." in followed and "/evidence/" in followed
        )


def _events(session: requests.Session, site: ServedPage) -> tuple[int, int]:
    """Return the numbers of the events that begin and follow a paper."""
    config = session.get(f"{site.url}en/config", timeout=_PATIENCE_SECONDS).json()
    events = config["dependencies"]
    begin = next(each["id"] for each in events if len(each["inputs"]) == _FIELDS_OF_A_WISH)
    return begin, next(each["id"] for each in events if each.get("trigger_after") == begin)


def _sent(session: requests.Session, site: ServedPage, event: int, values: list[Any]) -> list[str]:
    """Send an event, and give the messages that come until it is over."""
    caller = secrets.token_hex(8)
    asked = {
        "data": values,
        "fn_index": event,
        "session_hash": caller,
        "event_data": None,
        "trigger_id": None,
    }
    joined = session.post(
        f"{site.url}en/gradio_api/queue/join", json=asked, timeout=_PATIENCE_SECONDS
    )
    joined.raise_for_status()
    messages = []
    address = f"{site.url}en/gradio_api/queue/data?session_hash={caller}"
    with session.get(address, stream=True, timeout=_PATIENCE_SECONDS) as stream:
        for line in stream.iter_lines(decode_unicode=True):
            if line.startswith("data: "):
                messages.append(line.removeprefix("data: "))
                if '"process_completed"' in line:
                    break
    return messages


class _Peak:
    """The largest memory of a process and its children, looked at ten times a second."""

    def __init__(self, process_id: int) -> None:
        self.megabytes = 0.0
        self._process_id = process_id
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "_Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self.megabytes = max(self.megabytes, _megabytes(self._process_id))


def _megabytes(process_id: int) -> float:
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * 4096 / 1e6 + sum(_megabytes(int(child)) for child in children)


if __name__ == "__main__":
    main()
