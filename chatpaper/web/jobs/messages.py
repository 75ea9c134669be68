"""Error messages for visitors."""

import re

from chatpaper.web.jobs.uploads import strip_digests

# Absolute paths of this machine, POSIX or Windows, wherever a message has one. A folder may have
# blanks in its name, a file may not: other words of the message would look like part of it.
_PATH = re.compile(
    r"(?<![\w:/.])(?:/|[A-Za-z]:\\)(?=\w)(?:[^/\\\n:;,\"'()]{1,200}[/\\]){1,40}[\w.@+~-]*"
)


def make_public_message(error: Exception) -> str:
    """Return the message of an error without paths of this machine."""
    return strip_digests(_PATH.sub("…", str(error)))
