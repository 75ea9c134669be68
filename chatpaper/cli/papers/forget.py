"""The command that removes papers and posts everywhere: forget."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import typer

from chatpaper.app import publishing
from chatpaper.app.run_lock import hold_run_lock
from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error
from chatpaper.cli.languages.speech import translate
from chatpaper.cli.papers.names import find_key, find_topic
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.operations.forgetting import (
    Forgotten,
    find_old_posts,
    find_post,
    forget,
    list_posts,
)
from chatpaper.operations.recovery import refuse_damaged
from chatpaper.pipeline.publish import Publisher
from chatpaper.storage.database import FILE_NAME
from chatpaper.storage.papers.forgetting import Showing
from chatpaper.storage.store import Store


@dataclass(frozen=True, slots=True)
class ForgetRequest:
    """What is to be forgotten: papers, in one topic or in all, or the papers of one post.

    With `never`, no run takes them in again. `is_confirmed` says that nobody need be asked.
    """

    ids: tuple[str, ...] = ()
    topic: str | None = None
    post: str | None = None
    never: bool = False
    is_confirmed: bool = False


def forget_papers(
    settings: Settings, request: ForgetRequest, clock: Clock = SYSTEM_CLOCK
) -> ExitCode:
    """Remove papers or a post from posts, index, feed and database: `chatpaper forget`.

    Returns NEEDS_PERSON where a post still shows a paper. Raises ConfigError for what is not known,
    and where nobody can be asked.
    """
    if bool(request.ids) == (request.post is not None):
        raise ConfigError("Name papers by their ids, or one post by --post 2026-11-22/LLM.")
    with hold_run_lock(settings):
        refuse_damaged(settings.state_dir / FILE_NAME)
        with Store(settings.state_dir) as store:
            publisher = publishing.build_publisher(settings, store)
            showings = _find_showings(publisher, store, request)
            exclusions = _list_exclusions(showings, request)
            for line in _describe(publisher, store, showings, request):
                echo(line)
            if not (request.is_confirmed or _ask()):
                echo_error("Nothing was changed.")
                return ExitCode.DONE
            done = forget(publisher, store, showings, exclusions, clock.now())
            old = find_old_posts(publisher, store, settings.output_dir.absolute(), showings)
    return _report(replace(done, left=tuple(dict.fromkeys((*done.left, *old)))))


def _find_showings(
    publisher: Publisher, store: Store, request: ForgetRequest
) -> tuple[Showing, ...]:
    if request.post is not None:
        return find_post(publisher, store, request.post)
    topic = request.topic and find_topic(request.topic, store.outcomes.topics())

    def list_showings(key: str) -> list[Showing]:
        showings = store.forgetting.showings_of_paper(key)
        return [each for each in showings if topic is None or each.topic == topic]

    found: list[Showing] = []
    for name in request.ids:
        key = find_key(store, name, lambda each: bool(list_showings(each)))
        of_paper = list_showings(key)
        if not of_paper and not request.never:
            where = f" in the topic {topic!r}" if topic else ""
            raise ConfigError(f"{name} is not known{where}: `chatpaper export` lists the papers.")
        found += of_paper or [Showing(topic, key, None)]
    return tuple(dict.fromkeys(found))


def _list_exclusions(
    showings: Sequence[Showing], request: ForgetRequest
) -> list[tuple[str | None, str]]:
    """List where papers are not to be taken in again: in the topic that was named, or in any."""
    if not request.never:
        return []
    is_limited = request.topic is not None or request.post is not None
    return list(
        dict.fromkeys((each.topic if is_limited else None, each.arxiv_id) for each in showings)
    )


def _describe(
    publisher: Publisher, store: Store, showings: Sequence[Showing], request: ForgetRequest
) -> Iterator[str]:
    """Say what will be forgotten."""
    posts = list_posts(publisher, store, showings)
    titles = {entry.paper.arxiv_id: entry.paper.title for post in posts for entry in post.entries}
    for arxiv_id in dict.fromkeys(each.arxiv_id for each in showings):
        topics = [each.topic or "by itself" for each in showings if each.arxiv_id == arxiv_id]
        named = f"{arxiv_id} {titles.get(arxiv_id, '')}".strip()
        yield f"forgets {named} ({', '.join(dict.fromkeys(topics))})"
    for post in posts:
        yield f"changes {post.markdown}"
    if request.never:
        yield "no run takes them in again"


def _ask() -> bool:
    """Ask whether to go on. Raises ConfigError where nobody can answer."""
    if not sys.stdin.isatty():
        raise ConfigError("Nobody can be asked here whether to forget that: add --yes.")
    return typer.confirm(translate("Forget that?"), err=True)


def _report(done: Forgotten) -> ExitCode:
    for path in done.rewritten:
        echo(f"written again without it: {path}")
    for path in done.removed:
        echo(f"removed: {path}")
    for path in done.edited:
        echo_error(
            f"{path} was edited or is not ours, and stays as it is: take the paper out of it, or "
            "remove it, by hand."
        )
    for path in done.left:
        echo_error(
            f"{path} stays as it is: the database no longer holds what it takes to write it again. "
            "Take the paper out of it, and of the JSON beside it, by hand."
        )
    return ExitCode.NEEDS_PERSON if done.edited or done.left else ExitCode.DONE
