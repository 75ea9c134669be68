"""What MkDocs does not do with our pages by itself.

Links to files of the repository that are no pages lead to the repository, as they do on GitHub, and
pages in Chinese say that they are, so that browsers choose the right fonts.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

_REPOSITORY = Path(__file__).parents[2]
_LINK = re.compile(r"(?<=\]\()(\.\./[^)#\s]+)(?=[)#])")


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """Return the text of a page whose links out of the folder of docs are addresses."""
    folder = posixpath.join("docs", posixpath.dirname(page.file.src_uri))
    repository = config.extra["repository"]
    return _LINK.sub(lambda found: _find_address(folder, found[1], repository), markdown)


def on_post_page(output: str, *, page: Any, **_: Any) -> str:
    """Return the HTML of a page with its language."""
    if not page.file.src_uri.startswith("zh/"):
        return output
    return output.replace('<html lang="en"', '<html lang="zh-Hans"', 1)


def _find_address(folder: str, link: str, repository: str) -> str:
    """Return the address of a file or folder of the repository; other links stay as they are."""
    target = posixpath.normpath(posixpath.join(folder, link))
    if target.startswith(("docs/", "../")):
        return link
    kind = "tree" if (_REPOSITORY / target).is_dir() else "blob"
    return f"{repository}/{kind}/main/{target}"
