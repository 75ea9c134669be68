"""The command that compares a text with the paper that it is about: check."""

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
from chatpaper.app.settings import Settings
from chatpaper.app.summarizers import require_backend
from chatpaper.cli.console import complain, say, say_json
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.pipeline.documents import LoadedDocument
from chatpaper.storage.store import Store
from chatpaper.summarize.verify.judge.texts import JudgedStatement, judge_statements
from chatpaper.summarize.verify.verifier import CheckedClaim, verify_text

# Verdicts with which a text is not supported by its paper.
REFUTED = ("contradicted", "not_stated")


def check_text(
    settings: Settings, text_file: Path, ref: str, *, as_json: bool, verify: bool = False
) -> ExitCode:
    """`chatpaper check`: 0 when the paper supports every claim of the text, else 3.

    With `verify` a model judges each sentence too, and none may be contradicted or not stated.
    """
    text = _text_of(text_file)
    if verify:
        # A missing key is told before anything is fetched.
        require_backend(settings)
    reading = read_reference(ref, settings, ArxivClients(settings))
    if reading.abstract_only:
        complain(
            f"chatpaper: only the abstract of {reading.paper.idv} could be read ({reading.abstract_only})."
        )
    report = CheckReport(verify_text(text, reading.document, reading.paper))
    judged = _judged(settings, text, reading) if verify else ()
    refuted = [each for each in judged if each.verdict in REFUTED]
    if as_json:
        described = verified_check_to_json(report, judged) if verify else check_to_json(report)
        say_json(described.to_json())
    else:
        for claim in report.unsupported:
            say(_told(text_file, claim))
        for statement in refuted:
            say(_told_verdict(text_file, statement))
        say(
            f"{len(report.claims) - len(report.unsupported)} supported, {len(report.unsupported)} unsupported"
        )
        if verify:
            say(", ".join(f"{count} {kind}" for kind, count in count_refusals(judged).items()))
    return ExitCode.SOME_FAILED if report.unsupported or refuted else ExitCode.DONE


def _judged(settings: Settings, text: str, reading: LoadedDocument) -> tuple[JudgedStatement, ...]:
    language = publishing.load_prompts(settings).language(settings.language)
    with Store(settings.state_dir) as store:
        reader = container.open_second_reader(settings, store)
        return judge_statements(text, reading.document, reading.paper, reader, language)


def _told_verdict(text_file: Path, judged: JudgedStatement) -> str:
    told = f"{text_file}:{judged.line}: {judged.verdict.replace('_', ' ')}: {judged.text}"
    words = (
        f"; the paper: {judged.words!r}, {judged.section}, page {judged.page}"
        if judged.words
        else ""
    )
    return f"{told}{words}{f'; rather: {judged.correction}' if judged.correction else ''}"


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(
            f"{path} is not UTF-8 text: give a Markdown, JSON or text file."
        ) from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None


def _told(text_file: Path, claim: CheckedClaim) -> str:
    elsewhere = (
        f"; the paper has it elsewhere: {claim.section}, page {claim.page}" if claim.page else ""
    )
    return f"{text_file}:{claim.line}: {claim.kind} not supported: {claim.value}{elsewhere}"
