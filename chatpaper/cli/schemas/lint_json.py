"""What `chatpaper lint --json` prints."""

from pydantic import Field

from chatpaper.domain.json_model import JsonModel


class ViolationJson(JsonModel):
    """A line of a post that breaks a rule."""

    path: str = Field(description="Markdown file")
    line: int = Field(description="Line, counted from 1")
    rule: str = Field(description="Name of the rule")
    message: str = Field(description="What is wrong and how to correct it")


class LintReportJson(JsonModel):
    """What is wrong with the form of posts."""

    posts: int = Field(description="Number of posts that could be read")
    violations: tuple[ViolationJson, ...] = Field(description="Broken rules, by file and line")
