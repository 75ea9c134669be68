"""The command that queues papers again: retry."""

from collections.abc import Sequence

from chatpaper.app.run_lock import hold_run_lock
from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error, echo_json
from chatpaper.cli.papers.names import find_key
from chatpaper.cli.schemas.retry_json import RetriedPaperJson
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.pipeline.failures.second_chances import list_exhausted, list_retriable, requeue
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.store import Store


def retry_papers(
    settings: Settings,
    ids: Sequence[str],
    topic: str | None,
    *,
    as_json: bool,
    clock: Clock = SYSTEM_CLOCK,
) -> ExitCode:
    """Queue papers that were given up, or wait after a failure: `chatpaper retry`.

    Without `ids` all papers that were given up are queued, of a topic if one is named. Raises
    ConfigError for a paper that neither was given up nor waits.
    """
    with hold_run_lock(settings), Store(settings.state_dir) as store:
        found = _select(store, ids, topic)
        requeue(store.outcomes, found, clock.now())
        remembered = {
            outcome.arxiv_id
            for outcome in found
            if store.records.find(outcome.arxiv_id) is not None
        }
    if as_json:
        echo_json([_to_json(outcome).to_json() for outcome in found])
    else:
        for outcome in found:
            echo(_describe(outcome, is_remembered=outcome.arxiv_id in remembered))
    if not found:
        echo_error("No paper was given up.")
    return ExitCode.DONE


def _to_json(outcome: Outcome) -> RetriedPaperJson:
    return RetriedPaperJson(
        topic=outcome.topic or "", arxiv_id=outcome.arxiv_id, reason=outcome.reason
    )


def _select(store: Store, ids: Sequence[str], topic: str | None) -> tuple[Outcome, ...]:
    if not ids:
        return list_exhausted(store.outcomes, topic)

    def list_chosen(key: str) -> list[Outcome]:
        found = list_retriable(store.outcomes, key)
        return [each for each in found if topic in (None, each.topic)]

    chosen: list[Outcome] = []
    for name in dict.fromkeys(ids):
        found = list_chosen(find_key(store, name, lambda key: bool(list_chosen(key))))
        if not found:
            where = f" in topic {topic!r}" if topic else ""
            raise ConfigError(
                f"{name} neither failed nor was given up{where}: `chatpaper status` lists the "
                f"papers that did, and `chatpaper summarize {name}` asks for any paper."
            )
        chosen += found
    return tuple(dict.fromkeys(chosen))


def _describe(outcome: Outcome, *, is_remembered: bool) -> str:
    if outcome.topic is None or not is_remembered:
        command = f"chatpaper summarize {outcome.arxiv_id}"
        return f"{outcome.arxiv_id}: `{command}` tries it again ({outcome.reason})"
    command = f'chatpaper run --topic "{outcome.topic}"'
    return (
        f"{outcome.arxiv_id} ({outcome.topic}): the next `{command}` tries it again "
        f"({outcome.reason})"
    )
