"""How often Python looks for unreachable cycles while a paper is read."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# A page has some thousand spans, words and boxes, which all live until the paper is read: to look
# through them every 700 objects takes a tenth of the time, and finds nothing.
_NEW_OBJECTS = 50_000


@contextmanager
def collect_seldom() -> Iterator[None]:
    """Let many objects be made before the collector looks through them, in the whole process.

    What no cycle holds is freed at once all the same.
    """
    before = gc.get_threshold()
    if not 0 < before[0] < _NEW_OBJECTS:
        # The collector is off, or another thread reads a paper.
        yield
        return
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
