"""The command that prints the summary of a paper: show."""

from chatpaper.app import publishing
from chatpaper.app.settings import Settings
from chatpaper.cli.console import write_raw
from chatpaper.cli.papers.names import find_key
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
    """Return the newest post that shows a paper, and the key of the paper."""

    def list_posts(arxiv_id: str) -> list[PostKey]:
        showings = store.forgetting.showings_of_paper(arxiv_id)
        return [
            key
            for key in store.forgetting.posts_with(showings)
            if any(entry.paper.arxiv_id == arxiv_id for entry in publisher.contents.entries(key))
        ]

    arxiv_id = find_key(store, name, lambda key: bool(list_posts(key)))
    if posts := list_posts(arxiv_id):
        return max(posts, key=lambda post: post.post_date), arxiv_id
    raise ConfigError(
        f"There is no summary of {arxiv_id}: `chatpaper search` finds those that there are, "
        f"`chatpaper summarize {arxiv_id}` writes one."
    )
