"""The command that compares a text with the paper that it is about: check."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from chatpaper import wiring
from chatpaper.cli.console import complain, say, say_json
from chatpaper.config import Settings
from chatpaper.errors import ConfigError, ExitCode
from chatpaper.fetch.references import parse_reference
from chatpaper.named_papers import look_up, read_candidate
from chatpaper.pipeline.reading import Reading
from chatpaper.summarize.verification import CheckedClaim, verify_text

# What of a checked claim the JSON tells, in the order in which it tells it.
CLAIM_KEYS = ("kind", "value", "line", "supported", "page", "section", "snippet", "derivation")


def check_text(settings: Settings, text_file: Path, ref: str, *, as_json: bool) -> ExitCode:
    """`chatpaper check`: 0 when the paper supports every claim of the text, else 3."""
    text = _text_of(text_file)
    reading = _read(settings, ref)
    if reading.abstract_only:
        complain(f"chatpaper: only the abstract of {reading.paper.idv} could be read ({reading.abstract_only}).")
    claims = verify_text(text, reading.document, reading.paper)
    unsupported = [claim for claim in claims if not claim.supported]
    if as_json:
        say_json(_record(claims))
    else:
        for claim in unsupported:
            say(_told(text_file, claim))
        say(f"{len(claims) - len(unsupported)} supported, {len(unsupported)} unsupported")
    return ExitCode.SOME_FAILED if unsupported else ExitCode.DONE


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text: give a Markdown, JSON or text file.") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None


def _read(settings: Settings, ref: str) -> Reading:
    arxiv = wiring.Arxiv(settings)
    candidate = look_up(parse_reference(ref), arxiv)
    with wiring.extractor(settings, 1) as workers:
        return read_candidate(candidate, settings, arxiv, workers)


def _record(claims: Sequence[CheckedClaim]) -> dict[str, object]:
    supported = sum(claim.supported for claim in claims)
    return {
        "claims": [{key: asdict(claim)[key] for key in CLAIM_KEYS} for claim in claims],
        "supported": supported,
        "unsupported": len(claims) - supported,
    }


def _told(text_file: Path, claim: CheckedClaim) -> str:
    elsewhere = f"; the paper has it elsewhere: {claim.section}, page {claim.page}" if claim.page else ""
    return f"{text_file}:{claim.line}: {claim.kind} not supported: {claim.value}{elsewhere}"
