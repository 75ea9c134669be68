"""What `chatpaper search --json` prints: a list of papers."""

from pydantic import Field

from chatpaper.domain.json_model import Day, JsonModel


class SearchHitJson(JsonModel):
    """A published paper that has the words."""

    topic: str = Field(description="Topic; empty for a paper that was asked for by itself")
    arxiv_id: str = Field(description="arXiv id without version, or the name of a file")
    post_date: Day = Field(description="Date of its post")
    title: str = Field(description="Title in the language of the post")
    snippet: str = Field(description="Words of the summary around the match; empty without one")
