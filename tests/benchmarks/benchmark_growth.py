"""How much longer it takes to read a text of twice the length.

`python -m tests.benchmarks.benchmark_growth [WORD ...]` prints a line for each reader and each
piece of text that could lead it astray: the processor time for the piece repeated to a length and
to twice that length, the least of a few runs, and their ratio. What costs in proportion to its
input has 2.00, a square would have 4.00; a reader that stops at a limit has less. WORD chooses the
readers by parts of their names.
"""

import argparse
import contextlib
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatpaper.backends.compatible.bodies import read_body
from chatpaper.backends.compatible.context_limits import extract_refusal_text, find_context_limit
from chatpaper.backends.compatible.dialect import Dialect, learn_from_refusal
from chatpaper.backends.errors.error_reading import read_fault
from chatpaper.cli.lint import TEXT_CHECKS
from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.extract.page import Line, Span
from chatpaper.extract.pdf.overlaid import OverlapIndex
from chatpaper.summarize.context.prompt_injection import blank_commands
from chatpaper.summarize.json_decoding import decode_answer
from chatpaper.summarize.quality.phrases import (
    find_phrases,
    without_chatter,
    without_sentences_of,
)
from chatpaper.summarize.verify.hints.detect import find_hints
from chatpaper.summarize.verify.names.name_index import NameIndex
from chatpaper.summarize.verify.names.named_terms import find_missing_terms
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.numbers.numerals import (
    find_claimed_numerals,
    find_printed_numerals,
)
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.terms import extract_stems
from chatpaper.summarize.verify.verifier import Verifier
from chatpaper.write.lint import lint_post
from chatpaper.write.markup.latex import latex_to_text
from chatpaper.write.markup.markdown import escape_markdown
from chatpaper.write.markup.typography import typeset
from tests.summarize.sample import DOCUMENT, PAPER

RUNS = 5
SHOWN_CHARACTERS = 16
STEMS = extract_stems("We fit a sorting network to the lists that it will meet.")
VERIFIER = Verifier(DOCUMENT, PAPER)
PARAGRAPH = "模型在 ImageNet 上达到 95% 的准确率，见 $O(n^2)$ 与 [链接](https://a.example/x)。\n\n"


@dataclass(frozen=True)
class Case:
    """A reader, the pieces that it reads, and the shorter of the two lengths."""

    name: str
    read: Callable[[str], object]
    length: int
    pieces: Sequence[str]


def find_numerals(text: str) -> None:
    find_claimed_numerals(text)
    find_printed_numerals(text)


def find_own_names(text: str) -> None:
    """Search a paper for the first names that it has."""
    index = NameIndex([text])
    for name in find_names(text)[:50]:
        index.find(name.text)


def find_own_hints(text: str) -> None:
    """Hold a text against itself as its quote, its context and its paper."""
    find_hints(text, text, text, paper_text=text)


def find_quotes(text: str) -> None:
    """Search a paper for itself, for words of its own in another order, and for what it lacks."""
    table = Figure("Table 1", "table", "Rows", 1, BBox(0, 0, 1, 1), text=text)
    finder = QuoteFinder(Document(sections=(Section("1", "x", 1, 1, text),), figures=(table,)))
    finder.find(text)
    finder.find(" ".join(text.split()[::-37][:20]))
    finder.find(f"{text[:400]} and 17 words that nobody wrote")


def find_all_phrases(text: str) -> None:
    list(find_phrases(text, "refusal", "prompt", "placeholder", "planted"))
    without_sentences_of(text, "planted", "We sort.")
    without_chatter(text)


def find_overlaid_words(text: str) -> None:
    """Find what is printed over other words where a page has all words of a text."""
    spans = [
        Span(word, BBox(72, y - 9, 172, y + 2), y, "F", 10, False, False, False, 0, 255, False)
        for y, word in enumerate(text.split(), start=100)
    ]
    OverlapIndex([Line((span,), span.bbox, (1, 0)) for span in spans]).find_overlaid(spans)


def read_refusal(text: str) -> None:
    """Read what a service says against a request."""
    body = {"error": {"message": text}}
    read_fault(200, body)
    words = extract_refusal_text(body)
    find_context_limit(words)
    learn_from_refusal(Dialect(), {"max_tokens": 9000, "temperature": 1}, words)


CASES = (
    Case(
        "numerals",
        find_numerals,
        4_000,
        (
            "1.",
            "一千二百三十四万",
            "1 ",
            "1-1-1-",
            "1,",
            "一分之",
            "(1",
            "a-1",
            "one ",
            "3月",
            "10^",
        ),
    ),
    Case("verifier", lambda text: VERIFIER.check(Statement(text)), 5_000, ("11.5 ",)),
    Case("terms", lambda text: list(find_missing_terms(text, STEMS)), 24_000, ("增量子",)),
    Case("names", find_own_names, 12_000, ("a/", "A", "Aa", "A-", "A1,", "一A", "A. ", "Å")),
    Case(
        "hints",
        find_own_hints,
        500,
        ("1.", "[", "一千二百", "不", "not ", "a | ", "1 | 2\n", "比", "，", "A1 ", "may ", "所有"),
    ),
    Case(
        "papers",
        find_own_hints,
        10_000,
        ("作者指出 3 下降", "A1 高于 2.5 的", "作者已 ", "Net_A 1.25 | ", "(2019 ", "| 1.25\n\n"),
    ),
    Case(
        "quotes",
        find_quotes,
        25_000,
        (
            *(
                "1.",
                "[",
                "(",
                "a/",
                "a",
                "一千二百",
                "… ",
                "abcdefgh ijkl … ",
                "1,111",
                "-1",
                "^_{",
            ),
            *("1 2 3 4 5\n", " ".join(f"word{number}" for number in range(977))),
        ),
    ),
    Case(
        "phrases",
        find_all_phrases,
        10_000,
        (
            *("[", "{", "<", "“", "‘", '"', "`", "1.", "一千二百", "我", "请", "here is ", "<b"),
            *("_", "![", "。", " "),
        ),
    ),
    Case(
        "commands",
        blank_commands,
        50_000,
        ("1.", "[", "ignore all ", "your ", "., ", "give ", "请", "\n\n", "for AI "),
    ),
    Case(
        "answers",
        decode_answer,
        400_000,
        (
            *("[", '{"a":', "{'", "{'a'", '["a"b', "{a:b,", '"', "```", "</think>", "\\", "{/*"),
            '{"a": "b" c"',
        ),
    ),
    Case(
        "bodies",
        read_body,
        500_000,
        ("data:", "data: {}\n", "data: \n\n", ":", "event: x\n\n", "\r", "{", "</think>"),
    ),
    Case(
        "refusals",
        read_refusal,
        500,
        (
            *("a", "[", "content ", "max_tokens ", "account is ", "令牌", "invalid ", "credits "),
            *("max", "context ", "1,111", "stream only ", "> 1234 ", "role system ", "限制"),
            "code 12",
        ),
    ),
    Case("overlaid", find_overlaid_words, 10_000, ("words ",)),
    Case(
        "formulas",
        lambda text: escape_markdown(f"${text}x$"),
        50_000,
        ("\\", "\\hspace{", "\\kern-", "\\href", "&"),
    ),
    Case(
        "lint",
        lambda text: lint_post(Path("/nowhere/post.md"), f"中文 {text}\n", TEXT_CHECKS),
        10_000,
        ("[", "![a](", "https://", "(", "“", "`", "<b", PARAGRAPH),
    ),
    Case(
        "latex",
        latex_to_text,
        20_000,
        ("{", "\\a{", "\\(", "``", "--a", "$", "{a", "\\href{a}{", "\\textbf{x", "a}"),
    ),
    Case(
        "typography",
        lambda text: typeset(f"中文 {text}", "zh"),
        20_000,
        (" ", "a", "1.", "(", "“", '"', "，", "中a", ". ", "$", "`"),
    ),
)


def measure(read: Callable[[str], object], text: str) -> float:
    """Return the processor time, in milliseconds, that it takes to read a text or to refuse it."""
    began = time.process_time()
    with contextlib.suppress(ValueError):
        read(text)
    return 1000 * (time.process_time() - began)


def measure_growth(case: Case, piece: str) -> float:
    """Print a line for a piece, and return how much longer twice the length takes.

    The text of each run is one shorter than that of the run before, so that no cache has it.
    """
    text = piece * (2 * case.length // len(piece) + 1)
    times = [
        [measure(case.read, text[: length - run]) for length in (case.length, 2 * case.length)]
        for run in range(RUNS)
    ]
    short, long = map(min, zip(*times, strict=True))
    shown = f"{piece[:SHOWN_CHARACTERS]!r}"
    print(
        f"{case.name:10} {shown:22} {case.length:8,} {short:9.1f} {long:9.1f} {long / short:7.2f}"
    )
    return long / short


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("words", nargs="*", metavar="WORD", help="parts of names of readers")
    words = parser.parse_args(arguments).words or [""]
    cases = [case for case in CASES if any(word in case.name for word in words)]
    print(f"{'reader':10} {'piece':22} {'length':>8} {'ms':>9} {'ms twice':>9} {'growth':>7}")
    growths = [measure_growth(case, piece) for case in cases for piece in case.pieces]
    print(
        f"{len(growths)} texts: growth from {min(growths):.2f} to {max(growths):.2f}, "
        f"median {statistics.median(growths):.2f}, proportional 2.00"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
