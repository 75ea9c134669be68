"""What a shell may complete: names of topics, formats, backends, papers and posts.

Whatever cannot be read, be it the settings or the database, completes nothing: a message would
stand in the middle of the command that is being written. Where nothing is returned, shells complete
the names of files.
"""

from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatpaper.app.settings import Settings
    from chatpaper.storage.store import Store


def complete_from(*choices: str) -> Callable[[str], list[str]]:
    """Return what completes one of a few words."""

    def complete(incomplete: str) -> list[str]:
        return _match(choices, incomplete)

    return complete


def complete_file() -> list[str]:
    """Leave the names of files to the shell."""
    return []


def complete_topic(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the names of topics, those of the settings first.

    A topic is offered once, by the first of its names that begins so. Spaces are offered as
    hyphens, which need no quotation marks in any shell, unless a space is written.
    """
    from chatpaper.fetch.topics.table import list_aliases, list_builtin_topics

    settings = _load_settings(context)
    named: list[tuple[str, ...]] = [(name,) for name in (settings.topics if settings else ())]
    named += [(topic.name, *list_aliases(topic.name)) for topic in list_builtin_topics()]
    offered = (_match(_write_names(names, incomplete), incomplete)[:1] for names in named)
    return [name for found in offered for name in found]


def complete_stored_topic(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the names of topics in which papers were found."""
    with _open_store(context) as store:
        names = store.outcomes.topics() if store else ()
    return _match(_write_names(names, incomplete), incomplete)


def complete_format(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the names of formats, those of the user's own folder among them."""
    from chatpaper.write.formats import list_formats

    settings = _load_settings(context)
    return _match(list_formats(settings.post.formats_dir if settings else None), incomplete)


def complete_backend(incomplete: str) -> list[str]:
    """Complete the names of backends, but for that of the demonstration."""
    from chatpaper.app.settings_groups import KEY_VARIABLES
    from chatpaper.domain import DEMO

    return _match([name for name in KEY_VARIABLES if name != DEMO], incomplete)


def complete_language(incomplete: str) -> list[str]:
    """Complete the languages of posts."""
    from chatpaper.write.formats import list_languages

    return _match(list_languages(), incomplete)


def complete_site(incomplete: str) -> list[str]:
    """Complete the kinds of sites that `init` knows."""
    from chatpaper.write.generators import INSPECTORS

    return _match(INSPECTORS, incomplete)


def complete_export_format(incomplete: str) -> list[str]:
    """Complete the formats of `export`."""
    from chatpaper.write.export.export import EXPORT_FORMATS
    from chatpaper.write.export.vaults import NOTE_FORMATS

    return _match([*EXPORT_FORMATS, *NOTE_FORMATS], incomplete)


def complete_schema(incomplete: str) -> list[str]:
    """Complete the names of schemas."""
    from chatpaper.cli.schemas.published import SCHEMAS

    return _match(SCHEMAS, incomplete)


def complete_published(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the ids of published papers, the newest first."""
    with _open_store(context) as store:
        return _match(store.outcomes.ids("published") if store else (), incomplete)


def complete_failed(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the ids of papers that failed or were given up."""
    from chatpaper.pipeline.failures.second_chances import list_exhausted

    with _open_store(context) as store:
        if store is None:
            return []
        exhausted = [outcome.arxiv_id for outcome in list_exhausted(store.outcomes)]
        return _match([*exhausted, *store.outcomes.ids("failed")], incomplete)


def _match(names: Iterable[str], incomplete: str) -> list[str]:
    """Return the names that begin so, in any case, as they go on from what was written."""
    begun = incomplete.casefold()
    return [
        incomplete + name[len(incomplete) :]
        for name in dict.fromkeys(names)
        if name.casefold().startswith(begun)
    ]


def _write_names(names: Iterable[str], incomplete: str) -> list[str]:
    return [name if " " in incomplete else name.replace(" ", "-") for name in names]


def _load_settings(context: typer.Context) -> "Settings | None":
    from chatpaper.app.settings import load_settings
    from chatpaper.domain.errors import ChatPaperError

    file = context.find_root().params.get("config")
    with suppress(ChatPaperError):
        return load_settings(Path(file) if file else None, {})
    return None


@contextmanager
def _open_store(context: typer.Context) -> "Iterator[Store | None]":
    """Open the database; None where there is none, or none that can be read."""
    from chatpaper.domain.errors import ChatPaperError
    from chatpaper.operations.integrity import find_damage, is_blank
    from chatpaper.storage.database import FILE_NAME
    from chatpaper.storage.store import Store

    settings = _load_settings(context)
    path = settings.state_dir / FILE_NAME if settings else None
    if settings is None or path is None or is_blank(path) or find_damage(path):
        yield None
        return
    try:
        store = Store(settings.state_dir)
    except ChatPaperError:
        yield None
        return
    with store:
        yield store
