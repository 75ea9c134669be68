"""What the second reader makes of planted errors, with a judge that answers right or a real one.

python -m tests.benchmarks.benchmark_second_reader ANSWERS PDFS [--cache FOLDER] [--plant N]
[--mistakes SHARE] [--judge URL [--judge-model NAME]]

prints a table. ANSWERS is a folder of JSON files, `{"paper", "title", "language", "planted":
[{"kind", "field", "text"}], "calls": [{"answer"}]}`: an answer about the same paper in the same
language without `planted`, if there is one, tells how its sentences should read. PDFS has
`{paper}.pdf`; extracted documents are kept in the cache folder. With `--plant`, N statements of
each answer without planted errors have a number changed. With `--mistakes`, the judge errs at
random on that share of all statements. With `--judge`, the model of an OpenAI-compatible server
at that address judges in its place. "Price" is that of the reading by that of the summary.
"""

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from chatpaper.backends import Backend, BackendSettings, create_backend
from chatpaper.domain import Document, Paper, Summary, collect_texts
from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize import Summarizer, SummarizerOptions
from chatpaper.summarize.cost.prices import GEMINI_CONTEXT_TOKENS, compute_cost_usd
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.verify.judge.second_reader import SecondReader, SecondReaderOptions
from tests.benchmarks.benchmark_hints import read_paper
from tests.benchmarks.right_judge import RightJudge
from tests.fakes.completions import MemoryCache
from tests.fakes.gemini import VALID_KEY

# A sentence of the right answer is what a planted one was made of, if so much of the two is alike.
LEAST_ALIKE = 45.0
# No statement about the paper: of these a reading says nothing.
NOT_JUDGED = ("paper_class", "tags")

# A small model takes minutes for a reading, and the servers of such models have little context.
JUDGE_TIMEOUT_SECONDS = 3600
JUDGE_CONTEXT_TOKENS = 16_384

_NUMBER = re.compile(r"(?<![\w.\-])\d{2,4}(?![\w])")


@dataclass(frozen=True)
class Case:
    """An answer about a paper, with the errors that were planted in it.

    `planted` maps each of them to the sentence as it should read.
    """

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


def cases(answers: Path, pdfs: Path, cache: Path | None = None, plant: int = 0) -> Iterator[Case]:
    """Yield the answers of a folder that have planted errors, and those that have none.

    The latter get `plant` errors each.
    """
    records = [json.loads(path.read_text("utf-8")) for path in sorted(answers.glob("*.json"))]
    for record in records:
        document = read_paper(pdfs / f"{record['paper']}.pdf", cache)
        right = next((r for r in records if _same(r, record) and not r.get("planted")), None)
        sentences = list(_statements(right["calls"][0]["answer"])) if right else []
        planted = {
            each["text"]: _right_for(each["text"], sentences) for each in record.get("planted", ())
        }
        paper = Paper("", record["title"], abstract=document.abstract)
        answer = record["calls"][0]["answer"]
        if plant and not planted:
            answer, planted = with_changed_numbers(answer, plant)
        name = f"{record['paper']} {record['language']}{' with errors' if planted else ''}"
        yield Case(name, paper, document, record["language"], answer, planted)


def with_changed_numbers(
    answer: Mapping[str, Any], count: int
) -> tuple[dict[str, Any], dict[str, str]]:
    """Change a number in `count` statements of the answer.

    The second value maps each wrong statement to the right one.
    """
    text = json.dumps(answer, ensure_ascii=False)
    right = [
        each
        for each in _statements(answer)
        if _NUMBER.search(each) and text.count(json.dumps(each)[1:-1]) < 2
    ]
    planted = {}
    for statement in right[:: max(1, len(right) // count)][:count]:
        wrong = _NUMBER.sub(lambda found: f"{int(found[0]) + 3}", statement, count=1)
        told = json.dumps(statement, ensure_ascii=False)[1:-1]
        if told in text:
            text = text.replace(told, json.dumps(wrong, ensure_ascii=False)[1:-1])
            planted[wrong] = statement
    return json.loads(text), planted


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
                    yield from (sentence for _, sentence in split_sentences(text))


def outcome(
    case: Case,
    *,
    verify: bool,
    mistakes: float = 0.0,
    seed: int = 0,
    judge: Backend | None = None,
) -> Outcome:
    """Summarize with the answer of the case, and look for its statements in what is published.

    Without a `judge`, one judges that knows what is wrong, and errs on the share of `mistakes`.
    """
    prompts = Prompts.load()
    fields = tuple(name for name in case.answer if name in prompts.all_fields)
    with RightJudge(case.answer, case.planted, mistakes=mistakes, seed=seed) as server:
        backend = create_backend("gemini", BackendSettings(base_url=server.url, api_key=VALID_KEY))
        cache = MemoryCache()
        context_tokens = JUDGE_CONTEXT_TOKENS if judge else GEMINI_CONTEXT_TOKENS
        reader = SecondReader(
            judge or backend, prompts, cache, SecondReaderOptions(context_tokens, mode="always")
        )
        summarizer = Summarizer(
            backend,
            prompts,
            cache,
            SummarizerOptions(language=case.language, second_reader=reader if verify else None),
        )
        summary = summarizer.summarize(case.paper, case.document, fields)
    costs = [compute_cost_usd("gemini", completion) or 0.0 for completion in cache.values()]
    mark = prompts.language(case.language).unsupported_mark
    true = [
        s
        for s in _statements({n: case.answer[n] for n in fields if summary.answers.get(n)})
        if not any(fold_letters(s) in fold_letters(p) for p in case.planted)
    ]
    published = "\n".join(_published(summary))
    return Outcome(
        {text: _fate(text, right, published, mark) for text, right in case.planted.items()},
        len(true),
        tuple(
            statement for statement in true if _fate(statement, "", published, mark) != "published"
        ),
        summary.llm_calls,
        costs[-1] / costs[0] if verify and len(costs) > 1 and costs[0] else 0.0,
    )


def _published(summary: Summary) -> Iterator[str]:
    for name, answer in summary.answers.items():
        if name not in NOT_JUDGED:
            yield from collect_texts(answer)


def _fate(statement: str, right: str, published: str, mark: str) -> str:
    """Tell what became of a statement: whether it stands, is marked, was corrected or left out."""
    core = statement.rstrip("。.！!？? ")
    if core in published:
        after = published[published.index(core) + len(core) :].lstrip()
        return "marked" if after.startswith(mark) else "published"
    return "corrected" if right and right.rstrip("。. ") in published else "left out"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("answers", type=Path)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--plant", type=int, default=0)
    parser.add_argument("--mistakes", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--judge", default="")
    parser.add_argument("--judge-model", default="local")
    arguments = parser.parse_args()
    judge = (
        create_backend(
            "openai",
            BackendSettings(
                arguments.judge_model,
                arguments.judge,
                "none",
                timeout_seconds=JUDGE_TIMEOUT_SECONDS,
            ),
        )
        if arguments.judge
        else None
    )
    columns = ("planted", "published", "marked", "right", "left out", "true lost", "calls", "price")
    print(f"{'answer':36}{'':16}{''.join(f'{column:>10}' for column in columns)}")
    for case in cases(arguments.answers, arguments.pdfs, arguments.cache, arguments.plant):
        for verify in (False, True):
            found = outcome(
                case,
                verify=verify,
                mistakes=arguments.mistakes,
                seed=arguments.seed,
                judge=judge,
            )
            fates = list(found.planted.values())
            counts = [
                fates.count(fate) for fate in ("published", "marked", "corrected", "left out")
            ]
            lost = f"{len(found.true_changed)}/{found.true_statements}"
            row = (len(fates), *counts, lost, found.llm_calls, f"{found.price_ratio:.2f}")
            print(
                f"{case.name:36}{'second reader' if verify else 'words alone':16}"
                f"{''.join(f'{x:>10}' for x in row)}"
            )
            for statement in found.true_changed:
                print(f"    changed: {statement}")
            for statement, fate in found.planted.items():
                print(f"    {fate:>10}: {statement}")


if __name__ == "__main__":
    main()
