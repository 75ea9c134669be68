"""Stretches of a text, each with the offsets at which it begins and ends."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Span(Protocol):
    """What stands in a text from `start` to before `end`."""

    @property
    def start(self) -> int:
        """The offset of its first character."""

    @property
    def end(self) -> int:
        """The offset behind its last character."""


AnySpan = TypeVar("AnySpan", bound=Span)


def drop_overlapping(spans: Iterable[AnySpan]) -> tuple[AnySpan, ...]:
    """Return the spans in their order, without those that overlap others.

    Of two that overlap, the one that begins earlier or is longer stays.
    """
    kept: list[AnySpan] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)
