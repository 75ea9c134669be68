"""What `chatpaper retry --json` prints: a list of papers."""

from pydantic import Field

from chatpaper.domain.json_model import JsonModel


class RetriedPaperJson(JsonModel):
    """A paper that the next run tries again."""

    topic: str = Field(description="Topic; empty for a paper that was asked for by itself")
    arxiv_id: str = Field(description="arXiv id without version, or the name of a file")
    reason: str = Field(description="Why it had failed")
