"""Build the formats, the prompts and what writes posts from the settings."""

from collections.abc import Sequence
from functools import partial

from chatpaper.app.settings import Settings
from chatpaper.domain.errors import ConfigError
from chatpaper.pipeline.post_contents import PostContents
from chatpaper.pipeline.publish import Publisher
from chatpaper.storage.store import Store
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.write.format_validation import validate_format
from chatpaper.write.formats import PostFormat, load_format, load_labels
from chatpaper.write.render import PostStyle
from chatpaper.write.site.site_index import SiteIndex, SiteStyle


def load_post_style(settings: Settings) -> PostStyle:
    """Load how posts look. Raises ConfigError for a language without labels."""
    return PostStyle(
        load_labels(settings.language),
        settings.post.author,
        settings.post.evidence,
        settings.post.figures,
        settings.post.layout,
    )


def load_prompts(settings: Settings) -> Prompts:
    """Load the prompt files, with the user's own glossary and vocabularies."""
    own = {"classes": settings.post.classes, "tags": settings.post.tags}
    return Prompts.load(
        own_glossary=settings.prompts.glossary,
        own_vocabularies={name: values for name, values in own.items() if values is not None},
    )


def load_formats(settings: Settings, names: tuple[str, ...]) -> tuple[PostFormat, ...]:
    """Load the named formats, each once, and render those of the user's own with sample papers.

    Raises ConfigError, which names the file, for one that is wrong: before any model is asked,
    since an answer that cannot be shown would be paid for in vain.
    """
    prompts = load_prompts(settings)
    style = load_post_style(settings)
    formats = tuple(load_format(name, settings.post.formats_dir) for name in dict.fromkeys(names))
    for chosen in formats:
        try:
            fields = prompts.fields(chosen.asked_fields, settings.language)
        except ConfigError as error:
            raise ConfigError(f"The format file {chosen.fields_file} is wrong: {error}.") from error
        if not chosen.is_shipped:
            validate_format(chosen, fields, style)
    return formats


def list_asked_fields(formats: Sequence[PostFormat]) -> tuple[str, ...]:
    """List the fields that a model is asked for so that all formats can be written, each once."""
    return tuple(dict.fromkeys(field for chosen in formats for field in chosen.asked_fields))


def build_publisher(settings: Settings, store: Store) -> Publisher:
    """Build what writes posts, in the user's own formats too, with index and feed beside them."""
    style = load_post_style(settings)
    post = settings.post
    listing_style = SiteStyle(post.site_url, post.page_suffix, post.feed_entries, post.index)
    listing = SiteIndex(listing_style, style, settings.zone, settings.cache_dir)
    return Publisher(
        PostContents(store.posts, store.licenses, store.revisions, store.outcomes, store.records),
        store.names,
        style,
        listing,
        partial(load_format, own_folder=post.formats_dir),
    )
