"""One row for each kind of fault: what comes, what a night makes of it, and what it costs.

The row also has what the person is told; the cost is the paper's. A row about an answer of a
service is a night of three papers against a server that gives this answer: about the first paper
alone, or about all. The others are tried at the command line, or on files of their kind.
`python -m tests.benchmarks.fault_table` prints the table, `… fault_table places` the rows of one
group.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from chatpaper.backends import Backend, BackendSettings, create_backend
from chatpaper.domain import Document, Paper
from chatpaper.domain.errors import BackendError, ConfigError
from chatpaper.storage.store import Store
from chatpaper.summarize import Summarizer
from chatpaper.summarize.prompting.library import Prompts
from tests.backends.asking import a_prompt
from tests.backends.fault_answers import COMPATIBLE, GOOGLE, GOOGLE_IN_A_200, Told
from tests.benchmarks import fault_rows
from tests.benchmarks.fault_commands import OF_OUTPUTS, OF_PLACES, OF_STATE
from tests.benchmarks.fault_papers import OF_ARXIV, OF_TEXT
from tests.benchmarks.fault_rows import desk_at
from tests.cli.forked import Forker
from tests.conftest import LIBRARY, read_ahead
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.completions import MemoryCache
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.loopback import RESET, Reply
from tests.fakes.openai import FakeOpenAI, choice
from tests.pipeline.nights import Observatory, announced_on, end_of, evenings_of

KINDS = (*OF_PLACES, *OF_OUTPUTS, *OF_ARXIV, *OF_TEXT, *OF_STATE)
NIGHT = date(2026, 11, 11)
SECRET = "sk-not-to-be-shown"

Befalls = Literal["one paper", "all papers"]


@dataclass(frozen=True)
class Case:
    """An answer that one paper or all papers of a night get.

    One that is `read` is an answer of the model by its form, and is made a summary of.
    """

    backend: str
    told: Told
    befalls: Befalls
    is_read: bool = False


@dataclass(frozen=True)
class Row:
    """What became of a night."""

    comes: str
    befalls: str
    published: int
    waiting: int
    stopped: bool
    exit_code: int
    attempts: int
    says: str

    def __str__(self) -> str:
        done = (
            f"{self.published} published, {self.waiting} "
            f"wait{', run stopped' if self.stopped else ''}"
        )
        cells = (
            self.comes,
            self.befalls,
            done,
            f"exit {self.exit_code}",
            f"{self.attempts} attempts",
            self.says,
        )
        return " | ".join(cells)


def _chosen(answers: tuple[Told, ...], *ids: str) -> list[Told]:
    known = {told.id: told for told in answers}
    return [known[each] for each in ids]


_OF_ONE_PAPER = (
    *(
        "GLM 1301",
        "DashScope",
        "xAI",
        "DeepSeek",
        "Azure",
        "MiniMax in",
        "MiniMax out",
        "Kimi",
        "StepFun",
        "Baidu",
    ),
    *("gateway in Chinese", "unknown 400", "unknown 403", "firewall"),
)
_OF_ALL_PAPERS = (
    *(
        "key refused",
        "key in a 200",
        "one-api key",
        "GLM arrears",
        "DashScope arrears",
        "DeepSeek balance",
    ),
    *(
        "MiniMax balance",
        "SiliconFlow balance",
        "OpenAI region",
        "closed",
        "no model",
        "GLM model",
        "temperature",
    ),
    *("not here", "Groq", "busy in a 200", "client closed", "no choices", "nothing", "unknown 400"),
)
_OF_GEMINI = (
    "key",
    "expired",
    "leaked",
    "prepaid",
    "cap",
    "region",
    "gone",
    "fast",
    "cancelled",
    "overloaded",
    "nothing",
)

CASES = (
    *(Case("openai", told, "one paper") for told in _chosen(COMPATIBLE, *_OF_ONE_PAPER)),
    *(Case("openai", told, "all papers") for told in _chosen(COMPATIBLE, *_OF_ALL_PAPERS)),
    Case("openai", Told("connection cut", "load", RESET), "all papers"),
    *(Case("gemini", told, "one paper") for told in _chosen(GOOGLE, "prohibited", "unknown 400")),
    *(Case("gemini", told, "all papers") for told in _chosen(GOOGLE, *_OF_GEMINI)),
    *(Case("gemini", told, "all papers") for told in GOOGLE_IN_A_200 if told.kind != "moderated"),
    *(
        Case("google_generativeai", told, "all papers")
        for told in _chosen(GOOGLE, "key", "prepaid", "region", "gone")
    ),
    *(
        Case("google_generativeai", told, "all papers")
        for told in _chosen(GOOGLE_IN_A_200, "gateway's key")
    ),
)

# What stands where the summary should be: the model declines, or writes something else.
_IN_WORDS = {
    "declines in words": "I'm sorry, but I can't help with that.",
    "declines in Chinese": "抱歉，我无法处理这个请求。",
    "declines in the form": (
        '{"title": "抱歉，我无法翻译。", "summary": "抱歉，我无法总结这篇论文。"}'
    ),
    "no object": "[1, 2, 3]",
    "another language": (
        '{"title": "The title.", "summary": "The network is smaller than all networks before it."}'
    ),
}
CASES += tuple(
    Case("openai", Told(name, "moderated", choice(said)), "one paper", is_read=True)
    for name, said in _IN_WORDS.items()
)
FIELDS = ("title", "summary")

# What is told before anything is asked: keys and addresses that cannot be meant.
WRONG_SETTINGS = (
    ("openai", "https://api.example.com/v1", "你的密钥"),
    ("openai", "https://api.example.com/v1", "sk-“curly"),
    ("openai", "https://api.example.com/v1", "your-api-key"),
    ("openai", "https://api.example.com：443/v1", SECRET),
    ("gemini", "", "AIza line\nbreak"),
    ("google_generativeai", "", "<key>"),
)


def row_of(case: Case) -> Row:
    """Return what a night makes of a case."""
    with TemporaryDirectory() as home, FakeArxiv() as arxiv, _server(case.backend) as server:
        evenings = list(evenings_of([NIGHT]))[-2:]
        place = Observatory(
            Path(home), arxiv, {evening: announced_on(evening) for evening in evenings}
        )
        backend = _backend(case.backend, server)
        first: list[str] = []

        def ask(paper: Paper) -> BackendError | None:
            first.append(paper.arxiv_id)
            is_befallen = case.befalls == "all papers" or paper.arxiv_id == first[0]
            call = (
                partial(_summarized, backend, paper)
                if case.is_read
                else partial(backend.complete, a_prompt())
            )
            return _asked(call, server, case.told.reply if is_befallen else None)

        place.failing = ask
        place.let_arxiv_announce(end_of(NIGHT))
        report = place.run(NIGHT)
        with Store(place.home / "state") as store:
            waiting = store.outcomes.all_unfinished()
        told = [str(report.stopped_by or ""), *(paper.reason for paper in report.papers)]
        return Row(
            f"{case.backend}: {case.told.id}",
            case.befalls,
            report.topics[0].published,
            len(waiting),
            report.stopped_by is not None,
            int(report.exit_code),
            sum(outcome.attempts for outcome in waiting),
            next(filter(None, told), ""),
        )


def _summarized(backend: Backend, paper: Paper) -> None:
    Summarizer(backend, Prompts.load(), MemoryCache()).summarize(paper, Document("", ""), FIELDS)


def _asked(
    call: Callable[[], object], server: FakeOpenAI | FakeGemini, reply: Reply | None
) -> BackendError | None:
    """Return what a call makes of a reply, however often it asks; None for a real answer."""
    server.script(*[reply] * 3 if reply else ())
    try:
        call()
    except BackendError as error:
        return error
    finally:
        while server.next_scripted():
            pass
    return None


@contextmanager
def _server(backend: str) -> Iterator[FakeOpenAI | FakeGemini]:
    with FakeOpenAI() if backend == "openai" else FakeGemini() as server:
        yield server


def _backend(name: str, server: FakeOpenAI | FakeGemini) -> Backend:
    if isinstance(server, FakeOpenAI):
        return create_backend(name, BackendSettings("fake-chat", server.base_url, SECRET))
    return create_backend(name, BackendSettings("", server.url, VALID_KEY))


def refusal_of(backend: str, base_url: str, key: str) -> str:
    """Return what a person is told of settings that cannot be meant.

    It is empty where they are accepted.
    """
    try:
        create_backend(backend, BackendSettings("m", base_url, key))
    except ConfigError as error:
        return str(error)
    return ""


def main(groups: Sequence[str]) -> None:
    if not groups or "services" in groups:
        _print_services()
    kinds = [kind for kind in KINDS if not groups or kind.group in groups]
    if not kinds:
        return
    print("what comes | what was done | charged | what the person is told")
    with TemporaryDirectory() as folder, Forker() as forker:
        read = read_ahead(LIBRARY, Path(folder) / "read")
        for number, kind in enumerate(kinds):
            home = Path(folder) / str(number)
            home.mkdir()
            with desk_at(home, LIBRARY, read, forker) as desk:
                print(fault_rows.row_of(kind, desk), flush=True)


def _print_services() -> None:
    print("what comes | to whom | what was done | exit code | charged | what the person is told")
    for case in CASES:
        print(row_of(case), flush=True)
    for backend, base_url, key in WRONG_SETTINGS:
        print(
            (
                f"{backend}: {base_url or 'its address'}, a wrong key or address | all papers | "
                "nothing asked | exit 2 | 0"
            ),
            end="",
        )
        print(f" attempts | {refusal_of(backend, base_url, key)}")


if __name__ == "__main__":
    main(sys.argv[1:])
