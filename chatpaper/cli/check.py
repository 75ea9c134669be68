"""The command that checks a text about a paper against the paper: check."""

import sys
from errno import ENAMETOOLONG, ENOENT
from pathlib import Path

from chatpaper.app import container, publishing
from chatpaper.app.api import read_reference
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.check_report import (
    CheckReport,
    check_to_json,
    count_refusals,
    verified_check_to_json,
)
from chatpaper.app.models.summarizers import require_backend
from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error, echo_json
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.pipeline.documents import LoadedDocument
from chatpaper.storage.store import Store
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.examiner import verify_text
from chatpaper.summarize.verify.judge.texts import JudgedStatement, judge_statements

STANDARD_INPUT = Path("-")
# Verdicts of a model with which a sentence is not supported by the paper.
REFUTED = ("contradicted", "not_stated")


def check_text(
    settings: Settings, text_file: Path, ref: str, *, as_json: bool, verify: bool = False
) -> ExitCode:
    """Check a text against a paper: `chatpaper check`.

    Returns 0 if the paper supports every claim of the text, else 3. With `verify` a model judges
    each sentence too, and none may be contradicted or not stated.
    """
    text = read_text(text_file)
    if verify:
        # Report a missing key before anything is fetched.
        require_backend(settings)
    reading = read_reference(ref, settings, ArxivClients(settings))
    if reading.abstract_only:
        echo_error(
            f"Only the abstract of {reading.paper.idv} could be read ({reading.abstract_only})."
        )
    report = CheckReport(verify_text(text, reading.document, reading.paper))
    judged = _judge(settings, text, reading) if verify else ()
    refuted = [each for each in judged if each.verdict in REFUTED]
    if as_json:
        described = verified_check_to_json(report, judged) if verify else check_to_json(report)
        echo_json(described.to_json())
    else:
        for claim in report.unsupported:
            echo(_describe_claim(text_file, claim))
        for statement in refuted:
            echo(_describe_verdict(text_file, statement))
        unsupported = len(report.unsupported)
        echo(f"{len(report.claims) - unsupported} supported, {unsupported} unsupported")
        if verify:
            echo(", ".join(f"{count} {kind}" for kind, count in count_refusals(judged).items()))
    return ExitCode.SOME_FAILED if report.unsupported or refuted else ExitCode.DONE


def _judge(settings: Settings, text: str, reading: LoadedDocument) -> tuple[JudgedStatement, ...]:
    language = publishing.load_prompts(settings).language(settings.language)
    with Store(settings.state_dir) as store:
        reader = container.open_second_reader(settings, store)
        return judge_statements(text, reading.document, reading.paper, reader, language)


def _describe_verdict(text_file: Path, judged: JudgedStatement) -> str:
    verdict = f"{text_file}:{judged.line}: {judged.verdict.replace('_', ' ')}: {judged.text}"
    words = (
        f"; the paper: {judged.words!r}, {judged.section}, page {judged.page}"
        if judged.words
        else ""
    )
    return f"{verdict}{words}{f'; rather: {judged.correction}' if judged.correction else ''}"


def read_text(path: Path) -> str:
    """Read the text that is to be checked, from a file or, for `-`, from standard input.

    Raises ConfigError if there is no such file, or if it is not UTF-8 text.
    """
    try:
        content = sys.stdin.buffer.read() if path == STANDARD_INPUT else path.read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(
            f"{path} is not UTF-8 text: give a Markdown, JSON or text file."
        ) from None
    except OSError as error:
        # Who gives the text itself gives a name that no file can have.
        if error.errno in (ENOENT, ENAMETOOLONG):
            raise ConfigError(
                f"There is no file {str(path)!r}: give a text in a file, or - and the text on "
                "standard input."
            ) from None
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None


def _describe_claim(text_file: Path, claim: CheckedClaim) -> str:
    elsewhere = (
        f"; the paper has it elsewhere: {claim.section}, page {claim.page}" if claim.page else ""
    )
    return f"{text_file}:{claim.line}: {claim.kind} not supported: {claim.value}{elsewhere}"
