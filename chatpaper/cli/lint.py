"""The command that looks at the form of posts: lint."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from chatpaper.cli.console import complain, say, say_json
from chatpaper.cli.schemas.lint_json import LintReportJson, ViolationJson
from chatpaper.domain.errors import ExitCode
from chatpaper.summarize.quality.markup import DOUBLED_WORD
from chatpaper.summarize.quality.phrases import Kind, found_phrases, without_chatter
from chatpaper.write.lint import TextCheck, lint_post


def _saying(what: str, kind: Kind) -> Callable[[str], list[str]]:
    return lambda text: [f"{what}: {words!r}" for words in found_phrases(text, kind)]


def _chatter(text: str) -> list[str]:
    return [] if without_chatter(text) == text.strip() else ["talks to the reader"]


def _doubled_words(text: str) -> list[str]:
    return [f"has a word twice: {match[0]!r}" for match in DOUBLED_WORD.finditer(text)]


# What a model must not say, it must not have said in a post either.
TEXT_CHECKS: tuple[TextCheck, ...] = (
    ("refusal", _saying("is a refusal or an apology", "refusal")),
    ("chatter", _chatter),
    ("placeholder", _saying("has a placeholder", "placeholder")),
    ("prompt", _saying("repeats the prompt", "prompt")),
    ("doubled", _doubled_words),
)


def lint_posts(places: Sequence[Path], *, as_json: bool) -> ExitCode:
    """`chatpaper lint`: 0 when no post breaks a rule, 3 when one does, 2 when one cannot be read."""
    unreadable = False
    posts = 0
    violations: list[ViolationJson] = []
    for place in places:
        files = list(_posts_of(place))
        if not files:
            complain(
                f"chatpaper: {place} holds no Markdown file: name posts, or a folder of posts."
            )
            unreadable = True
        for file in files:
            source = _source_of(file)
            if source is None:
                unreadable = True
                continue
            posts += 1
            violations += [
                ViolationJson(path=str(file), **asdict(violation))
                for violation in lint_post(file, source, TEXT_CHECKS)
            ]
    _tell(violations, posts, as_json=as_json)
    if unreadable:
        return ExitCode.USAGE
    return ExitCode.SOME_FAILED if violations else ExitCode.DONE


def _posts_of(place: Path) -> Iterator[Path]:
    """The file itself, or the Markdown files of the folder and those below it."""
    if not place.is_dir():
        yield place
        return
    yield from sorted(file for file in place.rglob("*.md") if file.is_file())


def _source_of(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        complain(f"chatpaper: {file} is not UTF-8 text: name Markdown files.")
    except OSError as error:
        complain(f"chatpaper: {file} cannot be read: {error.strerror}.")
    return None


def _tell(violations: Sequence[ViolationJson], posts: int, *, as_json: bool) -> None:
    if as_json:
        say_json(LintReportJson(posts=posts, violations=tuple(violations)).to_json())
        return
    for violation in violations:
        say(f"{violation.path}:{violation.line}: {violation.rule}: {violation.message}")
