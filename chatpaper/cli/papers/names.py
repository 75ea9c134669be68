"""What a person may write to name a paper or a topic that the database knows."""

from collections.abc import Sequence
from difflib import get_close_matches

from chatpaper.domain.errors import ConfigError
from chatpaper.domain.text.folding import fold_separators
from chatpaper.fetch.paper_reference import ArxivReference, parse_reference


def get_key(name: str) -> str:
    """Return the key of a paper: its arXiv id without version, or its name as `status` shows it."""
    try:
        reference = parse_reference(name)
    except ConfigError:
        return name
    return reference.arxiv_id.id if isinstance(reference, ArxivReference) else name


def find_topic(name: str, known: Sequence[str]) -> str:
    """Return the topic of this name, however it is spelt.

    Raises ConfigError, with the nearest known one, where no paper was found for such a topic.
    """
    spellings = {fold_separators(topic): topic for topic in known}
    if fold_separators(name) in spellings:
        return spellings[fold_separators(name)]
    near = get_close_matches(fold_separators(name), spellings, n=1)
    hint = (
        f"did you mean {spellings[near[0]]!r}?" if near else f"there are: {', '.join(known) or '-'}"
    )
    raise ConfigError(f"No paper was found for a topic {name!r}; {hint}")
