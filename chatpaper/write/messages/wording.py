"""The fixed words of messages, and sentences made of them."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from chatpaper.domain import Summary
from chatpaper.write.formats import load_labels
from chatpaper.write.messages.digest import Digest


def load_message_labels(language: str) -> dict[str, str]:
    """Return the fixed words of messages and posts in a language.

    Raises ConfigError where there are none.
    """
    labels = load_labels(language)
    place = files("chatpaper.write.messages") / "labels" / f"{language}.toml"
    return labels | tomllib.loads(place.read_text(encoding="utf-8"))


def format_heading(digest: Digest, labels: Mapping[str, str]) -> str:
    """Return the title of a message: how many papers there are, on what, and of which day.

    A message of something else has a title of its own.
    """
    topics = labels["list_separator"].join(digest.topics)
    label = "message_heading" if digest.count else "message_quiet_heading"
    heading = digest.title or labels[label].format(
        count=digest.count, topics=topics, date=format_day(digest, labels)
    )
    return f"{labels['message_test']}{heading}" if digest.is_test else heading


def format_day(digest: Digest, labels: Mapping[str, str]) -> str:
    """Return the day of a message as its readers write it."""
    day = digest.day
    return labels["message_date"].format(year=day.year, month=day.month, day=day.day)


def format_left_out(digest: Digest, labels: Mapping[str, str]) -> str:
    """Say how many papers or parts the message has no room for; empty where it shows all."""
    if not digest.left_out:
        return ""
    label = "message_parts_left_out" if digest.title else "message_left_out"
    return labels[label].format(count=digest.left_out)


def format_verdict(summary: Summary, labels: Mapping[str, str]) -> str:
    """Say what the checks of a summary found; empty where nothing was checked."""
    checks, reading = summary.checks, summary.verification
    parts = []
    if checks.supported:
        parts.append(labels["message_supported"].format(count=checks.supported))
    if checks.marked:
        parts.append(labels["message_marked"].format(count=checks.marked))
    if reading.status == "done" and reading.verdicts:
        parts.append(
            labels["message_second_reading"].format(
                supported=reading.count("supported"), count=len(reading.verdicts)
            )
        )
    return labels["link_separator"].join(parts)
