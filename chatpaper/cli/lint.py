"""The command that checks the form of posts: lint."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error, echo_json
from chatpaper.cli.schemas.lint_json import LintReportJson, ViolationJson
from chatpaper.domain.errors import ExitCode
from chatpaper.summarize.quality.markup import DOUBLED_WORD
from chatpaper.summarize.quality.phrases import Kind, find_phrases, without_chatter
from chatpaper.write.lint import TextCheck, lint_post


def _phrase_check(what: str, kind: Kind) -> Callable[[str], list[str]]:
    return lambda text: [f"{what}: {words!r}" for words in find_phrases(text, kind)]


def _chatter(text: str) -> list[str]:
    return [] if without_chatter(text) == text.strip() else ["talks to the reader"]


def _doubled_words(text: str) -> list[str]:
    return [f"has a word twice: {match[0]!r}" for match in DOUBLED_WORD.finditer(text)]


# What an answer of a model must not contain, a post must not contain either.
TEXT_CHECKS: tuple[TextCheck, ...] = (
    ("refusal", _phrase_check("is a refusal or an apology", "refusal")),
    ("chatter", _chatter),
    ("placeholder", _phrase_check("has a placeholder", "placeholder")),
    ("prompt", _phrase_check("repeats the prompt", "prompt")),
    ("doubled", _doubled_words),
)


def lint_posts(settings: Settings, places: Sequence[Path], *, as_json: bool) -> ExitCode:
    """Check posts: `chatpaper lint`.

    Returns 0 if no post breaks a rule, 3 if one does, and 2 if one cannot be read.
    """
    unreadable = False
    posts = 0
    violations: list[ViolationJson] = []
    for place in places:
        files = list(_posts_of(place))
        if not files:
            echo_error(f"{place} contains no Markdown file: name posts, or a folder of posts.")
            unreadable = True
        for file in files:
            source = _source_of(file)
            if source is None:
                unreadable = True
                continue
            posts += 1
            violations += [
                ViolationJson(path=str(file), **asdict(violation))
                for violation in lint_post(file, source, TEXT_CHECKS, settings.post.layout)
            ]
    _print_violations(violations, posts, as_json=as_json)
    if unreadable:
        return ExitCode.USAGE
    return ExitCode.SOME_FAILED if violations else ExitCode.DONE


def _posts_of(place: Path) -> Iterator[Path]:
    """Yield the file itself, or the Markdown files in a folder and its subfolders."""
    if not place.is_dir():
        yield place
        return
    yield from sorted(file for file in place.rglob("*.md") if file.is_file())


def _source_of(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        echo_error(f"{file} is not UTF-8 text: name Markdown files.")
    except OSError as error:
        echo_error(f"{file} cannot be read: {error.strerror}.")
    return None


def _print_violations(violations: Sequence[ViolationJson], posts: int, *, as_json: bool) -> None:
    if as_json:
        echo_json(LintReportJson(posts=posts, violations=tuple(violations)).to_json())
        return
    for violation in violations:
        echo(f"{violation.path}:{violation.line}: {violation.rule}: {violation.message}")
