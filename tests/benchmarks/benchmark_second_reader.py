"""What the second reader makes of planted errors, with a judge that answers right.

`python -m tests.benchmarks.benchmark_second_reader ANSWERS PDFS` prints a table. ANSWERS is a folder of JSON files,
`{"paper", "title", "language", "planted": [{"kind", "field", "text"}], "calls": [{"answer"}]}`: an answer about the
same paper in the same language without `planted`, if there is one, tells how its sentences should read. PDFS has
`{paper}.pdf`.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from chatpaper.backends import BackendSettings, create_backend
from chatpaper.domain import Completion, Document, Paper, Summary, written_texts
from chatpaper.extract.document import read_document
from chatpaper.summarize import Summarizer
from chatpaper.summarize.cost.prices import GEMINI_CONTEXT_TOKENS, cost_usd
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.verify.judge.second_reader import SecondReader
from chatpaper.summarize.verify.passages import sentences_of
from tests.benchmarks.right_judge import RightJudge, bare
from tests.fakes.gemini import VALID_KEY

# A sentence of the right answer is what a planted one was made of, if so much of the two is alike.
LEAST_ALIKE = 45.0
# No statement about the paper: of these a reading says nothing.
NOT_JUDGED = ("paper_class", "tags")


@dataclass(frozen=True)
class Case:
    """An answer about a paper, with the errors that were planted in it and how the sentences should read."""

    name: str
    paper: Paper
    document: Document
    language: str
    answer: Mapping[str, Any]
    planted: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of planted statements, and of the others."""

    planted: Mapping[str, str]
    true_statements: int
    true_changed: tuple[str, ...]
    llm_calls: int
    price_ratio: float = 0.0


class MemoryCache(dict[str, Completion]):
    """Completions in memory."""

    def put(self, key: str, completion: Completion) -> None:
        self[key] = completion


def cases(answers: Path, pdfs: Path) -> Iterator[Case]:
    """The answers of a folder that have planted errors, and those that have none."""
    records = [json.loads(path.read_text("utf-8")) for path in sorted(answers.glob("*.json"))]
    for record in records:
        document = read_document(pdfs / f"{record['paper']}.pdf", None)
        right = next((r for r in records if _same(r, record) and not r.get("planted")), None)
        sentences = list(_statements(right["calls"][0]["answer"])) if right else []
        planted = {each["text"]: _right_for(each["text"], sentences) for each in record.get("planted", ())}
        paper = Paper("", record["title"], abstract=document.abstract)
        name = f"{record['paper']} {record['language']}{' with errors' if planted else ''}"
        yield Case(name, paper, document, record["language"], record["calls"][0]["answer"], planted)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one["paper"], one["language"]) == (other["paper"], other["language"])


def _right_for(wrong: str, sentences: Sequence[str]) -> str:
    found = process.extractOne(wrong, sentences, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE)
    return found[0] if found else ""


def _statements(answer: Mapping[str, Any]) -> Iterator[str]:
    for name, value in answer.items():
        if name not in NOT_JUDGED:
            for item in [value] if isinstance(value, str) else value:
                text = item["text"] if isinstance(item, dict) and "text" in item else item
                if isinstance(text, str):
                    yield from (sentence for _, sentence in sentences_of(text))


def outcome(case: Case, *, verify: bool) -> Outcome:
    """Summarize with the answer of the case, and look for its statements in what would be published."""
    prompts = Prompts.load()
    fields = tuple(name for name in case.answer if name in prompts.all_fields)
    with RightJudge(case.answer, case.planted) as server:
        backend = create_backend("gemini", BackendSettings(base_url=server.url, api_key=VALID_KEY))
        cache = MemoryCache()
        reader = SecondReader(backend, prompts, cache, mode="always", context_tokens=GEMINI_CONTEXT_TOKENS)
        summarizer = Summarizer(
            backend, prompts, cache, language=case.language, second_reader=reader if verify else None
        )
        summary = summarizer.summarize(case.paper, case.document, fields)
    costs = [cost_usd("gemini", completion) or 0.0 for completion in cache.values()]
    mark = prompts.language(case.language).unsupported_mark
    true = [
        s
        for s in _statements({n: case.answer[n] for n in fields if summary.answers.get(n)})
        if not any(bare(s) in bare(p) for p in case.planted)
    ]
    published = "\n".join(_published(summary))
    return Outcome(
        {text: _fate(text, right, published, mark) for text, right in case.planted.items()},
        len(true),
        tuple(statement for statement in true if _fate(statement, "", published, mark) != "published"),
        summary.llm_calls,
        costs[-1] / costs[0] if verify and len(costs) > 1 and costs[0] else 0.0,
    )


def _published(summary: Summary) -> Iterator[str]:
    for name, answer in summary.answers.items():
        if name not in NOT_JUDGED:
            yield from written_texts(answer)


def _fate(statement: str, right: str, published: str, mark: str) -> str:
    """What became of a statement: it stands as it was, or with a mark, or put right, or not at all."""
    core = statement.rstrip("。.！!？? ")
    if core in published:
        after = published[published.index(core) + len(core) :].lstrip()
        return "marked" if after.startswith(mark) else "published"
    return "corrected" if right and right.rstrip("。. ") in published else "left out"


def main(arguments: Sequence[str]) -> int:
    """Print the table."""
    if len(arguments) != 2:
        print(__doc__)
        return 2
    columns = ("planted", "published", "marked", "right", "left out", "true lost", "calls", "price")
    print(f"{'answer':36}{'':16}{''.join(f'{column:>10}' for column in columns)}")
    for case in cases(*map(Path, arguments)):
        for verify in (False, True):
            found = outcome(case, verify=verify)
            fates = list(found.planted.values())
            counts = [fates.count(fate) for fate in ("published", "marked", "corrected", "left out")]
            lost = f"{len(found.true_changed)}/{found.true_statements}"
            row = (len(fates), *counts, lost, found.llm_calls, f"{found.price_ratio:.2f}")
            print(f"{case.name:36}{'second reader' if verify else 'words alone':16}{''.join(f'{x:>10}' for x in row)}")
            for statement in found.true_changed:
                print(f"    changed: {statement}")
            for statement, fate in found.planted.items():
                print(f"    {fate:>10}: {statement}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
