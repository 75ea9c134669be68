"""What `chatpaper topics list --json` and `chatpaper topics show NAME --json` print."""

from typing import Literal

from pydantic import Field

from chatpaper.domain.json_model import JsonModel

TopicOrigin = Literal["builtin", "settings", "phrase"]


class ExclusionsJson(JsonModel):
    """Papers that a topic does not show."""

    words: tuple[str, ...] = Field(description="With one of these in title or abstract")
    authors: tuple[str, ...] = Field(description="By one of these")
    categories: tuple[str, ...] = Field(description="With one of these as their main category")


class TopicJson(JsonModel):
    """A topic: its names, and what is searched for."""

    name: str = Field(description="Name of the topic, as posts and reports have it")
    aliases: tuple[str, ...] = Field(description="Other names by which it is found")
    origin: TopicOrigin = Field(
        description="The table of chatpaper, the settings, or a name that is only a phrase"
    )
    query: str = Field(description="The search string for a run of today, as arXiv reads it")
    phrases: tuple[str, ...] = Field(description="One of these is in title or abstract")
    all_of: tuple[tuple[str, ...], ...] = Field(description="One of each of these groups is, too")
    none_of: tuple[str, ...] = Field(description="A phrase within one of these does not count")
    categories: tuple[str, ...] = Field(description="Categories of arXiv; `*` is all of an archive")
    fields: tuple[Literal["ti", "abs"], ...] = Field(description="Where it looks: title, abstract")
    exclude: ExclusionsJson = Field(description="What it leaves out, whatever it is about")
    papers: int | None = Field(
        description="Papers that arXiv states for the query; null where it was not asked"
    )


class TopicsJson(JsonModel):
    """Topics, those of the table first."""

    topics: tuple[TopicJson, ...] = Field(description="All topics, or the one asked for")
