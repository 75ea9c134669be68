"""What a person may write to name a paper or a topic that the database knows."""

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import PurePath

from chatpaper.domain.errors import ConfigError
from chatpaper.domain.text.folding import fold_separators
from chatpaper.fetch.paper_reference import ArxivReference, parse_reference
from chatpaper.storage.store import Store


def find_key(store: Store, name: str, is_stored: Callable[[str], bool]) -> str:
    """Return the key of the paper that is meant by an id, an address, or the name of its file.

    Raises ConfigError where several stored papers fit.
    """
    stem = re.sub(r"\.pdf$", "", PurePath(name).name, flags=re.IGNORECASE)
    try:
        reference = parse_reference(name)
    except ConfigError:
        key = name
    else:
        key = reference.arxiv_id.id if isinstance(reference, ArxivReference) else name
    return store.identities.choose_key(key, stem, is_stored)


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
