"""What the groups of settings are made of."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

PositiveSeconds = Annotated[float, Field(gt=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
NotNegative = Annotated[float, Field(ge=0)]
NotNegativeCount = Annotated[int, Field(ge=0)]


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


# A list of texts; people write one of a single text without brackets.
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Group(BaseModel):
    """Settings that stand under one heading of the file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def check_web_address(url: str) -> str:
    """Return a web address without a slash at its end; raise ValueError for any other text."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("must be an http or https URL")
    return url.rstrip("/")


def check_optional_web_address(url: str) -> str:
    """Return a web address likewise, or an empty text as it is."""
    return check_web_address(url) if url else ""
