"""What groups of settings have in common, and the groups that concern the upkeep of an installation."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

PositiveSeconds = Annotated[float, Field(gt=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
NotNegative = Annotated[float, Field(ge=0)]

# What is younger may still be looked for by the search window of the next nights.
SHORTEST_MEMORY_DAYS = 30


class Group(BaseModel):
    """Settings that stand under one heading of the file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CacheSettings(Group):
    """How large the cache may grow, and for how long what nobody used stays in it.

    A night of 50 papers adds some 300 MB: PDFs, their text and their figures.
    """

    max_gigabytes: NotNegative = 10.0
    max_days: AtLeastOne = 90


class StoreSettings(Group):
    """For how long posts can be written again from the database, and how many copies of it are kept.

    Which papers were posted is remembered for ever. `backups` copies are kept, `backup_days` apart; 0 keeps none.
    """

    keep_days: Annotated[int, Field(ge=SHORTEST_MEMORY_DAYS)] = 730
    backups: Annotated[int, Field(ge=0)] = 7
    backup_days: AtLeastOne = 1


class AlertSettings(Group):
    """From where on something needs a person.

    - `silent_nights`: on one or two nights all of a topic's few papers may fail with their servers; not on three.
    - `window_nights`, `min_publish_rate`: of a week's papers at least half; a week with one night lost stays above.
    - `faulty_nights`: arXiv mends most faults within a day; a budget that ends two nights in a row is too small.
    - `newest_id_days`: arXiv's longest pause, at Christmas, is shorter.
    - `idle_nights`: a night whose papers were all summarized before its run was killed makes no call; two do not.
    - `days_without_run`: the recipes leave out Sundays; three days are a night that was missed.
    - `min_free_gigabytes`: a night of 50 papers with their PDFs and crops takes half a gigabyte.
    """

    silent_nights: AtLeastOne = 3
    window_nights: AtLeastOne = 7
    min_publish_rate: Annotated[float, Field(ge=0, le=1)] = 0.5
    faulty_nights: AtLeastOne = 2
    newest_id_days: AtLeastOne = 6
    idle_nights: AtLeastOne = 2
    days_without_run: AtLeastOne = 3
    min_free_gigabytes: NotNegative = 1.0


class NotifySettings(Group):
    """Who is told: Apprise URLs, which hold secrets. `digest`: what each night published, too."""

    urls: tuple[SecretStr, ...] = ()
    digest: bool = False


class WebSettings(Group):
    """Who may see the page of `chatpaper web`, and what one visitor may ask of it.

    On an address that other machines reach it asks for `password`, or for a header that only a proxy of yours can set
    (`proxy_header`), which names who was let in. `concurrency` papers are worked on at a time, and `max_waiting` may
    wait. A book of a thousand pages is no paper; arXiv's own limit for a submission is 50 MB.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    password: SecretStr | None = None
    proxy_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")] = ""
    concurrency: AtLeastOne = 2
    max_waiting: AtLeastOne = 50
    max_upload_megabytes: AtLeastOne = 50
    max_pages: AtLeastOne = 300
