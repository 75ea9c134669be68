"""The command that prints the summary of a paper: show."""

import re
from pathlib import PurePath

from chatpaper.app import publishing
from chatpaper.app.settings import Settings
from chatpaper.cli.console import write_raw
from chatpaper.cli.papers.names import get_key
from chatpaper.domain import Post
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.pipeline.publish import Publisher
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.store import Store
from chatpaper.write.markup.without_html import split_front_matter
from chatpaper.write.render import render_post


def show_paper(settings: Settings, name: str, formats: tuple[str, ...]) -> ExitCode:
    """Print the newest summary of a paper as Markdown: `chatpaper show`.

    Figures are named by their paths. Raises ConfigError for a paper of which there is no summary,
    and for a format that shows what was never asked.
    """
    chosen = publishing.load_formats(settings, formats or settings.run.formats[:1])[0]
    with Store(settings.state_dir) as store:
        publisher = publishing.build_publisher(settings, store)
        key, arxiv_id = _find_newest(publisher, store, name)
        (entry,) = (
            each for each in publisher.contents.entries(key) if each.paper.arxiv_id == arxiv_id
        )
        if lacking := [field for field in chosen.fields if field not in entry.summary.answers]:
            raise ConfigError(
                f"The summary of {entry.paper.idv} lacks {', '.join(lacking)}, which "
                f"{chosen.name} shows: `chatpaper run --format {chosen.name}` asks for it."
            )
        folders = publisher.place_of(key, (entry,)).figure_folders
        post = Post(key.post_date, key.topic, (entry,))
        addresses = {each: str(folder) for each, folder in folders.items()}
        _, body = split_front_matter(render_post(post, chosen, publisher.style, addresses))
        write_raw([body.lstrip("\n")])
    return ExitCode.DONE


def _find_newest(publisher: Publisher, store: Store, name: str) -> tuple[PostKey, str]:
    """Return the newest post that shows a paper, and the key of the paper.

    Of arXiv's own paper and a file that has its name, arXiv's comes first.
    """
    arxiv_id = get_key(name)
    stem = re.sub(r"\.pdf$", "", PurePath(name).name, flags=re.IGNORECASE)
    of_files = (key for each in (stem, arxiv_id) for key in store.identities.list_keys(each))
    for each in dict.fromkeys((arxiv_id, *of_files)):
        keys = [
            key
            for key in store.forgetting.posts_with(store.forgetting.showings_of_paper(each))
            if any(entry.paper.arxiv_id == each for entry in publisher.contents.entries(key))
        ]
        if keys:
            return max(keys, key=lambda key: key.post_date), each
    raise ConfigError(
        f"There is no summary of {arxiv_id}: `chatpaper search` finds those that there are, "
        f"`chatpaper summarize {arxiv_id}` writes one."
    )
