"""Groups of settings: what each key is called, may be, and is by default."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from chatpaper.app.settings_groups.base import (
    AtLeastOne,
    Group,
    NotNegative,
    NotNegativeCount,
    PositiveSeconds,
    Texts,
    check_optional_web_address,
    check_web_address,
)
from chatpaper.app.settings_groups.secrets import OptionalSecret, drop_blanks
from chatpaper.backends.compatible.presets import PRESETS
from chatpaper.domain import Exclusions, Topic

# What is younger may still be looked for by the search window of the next nights.
SHORTEST_MEMORY_DAYS = 30

# "make no more than one request every three seconds" (arXiv API terms of use).
ARXIV_MIN_DELAY_SECONDS = 3.0

# Where each backend's key is looked for when the settings hold none. Of the two that Google's SDK
# knows, GOOGLE_API_KEY wins there too.
KEY_VARIABLES = {
    "gemini": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    "google_generativeai": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    **{name: preset.key_variables for name, preset in PRESETS.items()},
    "extractive": (),
    "demo": (),
}


class ArxivSettings(Group):
    """How arXiv is reached and how politely."""

    api_url: str = "https://export.arxiv.org/api/query"
    site_url: str = "https://arxiv.org"
    rss_url: str = "https://rss.arxiv.org"
    oai_url: str = "https://oaipmh.arxiv.org/oai"
    delay_seconds: NotNegative = ARXIV_MIN_DELAY_SECONDS
    timeout_seconds: PositiveSeconds = 30.0
    max_attempts: AtLeastOne = 5
    backoff_seconds: NotNegative = 3600.0
    contact: str = ""

    @field_validator("api_url", "site_url", "rss_url", "oai_url")
    @classmethod
    def _without_trailing_slash(cls, url: str) -> str:
        return check_web_address(url)

    @model_validator(mode="after")
    def _polite_to_arxiv(self) -> "ArxivSettings":
        for url in (self.api_url, self.site_url, self.rss_url, self.oai_url):
            host = urlsplit(url).hostname or ""
            own = host == "arxiv.org" or host.endswith(".arxiv.org")
            if own and self.delay_seconds < ARXIV_MIN_DELAY_SECONDS:
                raise ValueError(
                    f"delay_seconds is {self.delay_seconds:g}, but arXiv asks for at least "
                    f"{ARXIV_MIN_DELAY_SECONDS:g} seconds between requests to {host}"
                )
        return self


class HuggingFaceSettings(Group):
    """Where Hugging Face's daily papers are read, and how politely.

    It allows some hundred requests in five minutes.
    """

    base_url: str = "https://huggingface.co"
    delay_seconds: NotNegative = 1.0

    @field_validator("base_url")
    @classmethod
    def _without_trailing_slash(cls, url: str) -> str:
        return check_web_address(url)


class PreprintSettings(Group):
    """Where bioRxiv, medRxiv and OpenReview are read, and how politely."""

    biorxiv_api_url: str = "https://api.biorxiv.org"
    biorxiv_url: str = "https://www.biorxiv.org"
    medrxiv_url: str = "https://www.medrxiv.org"
    openreview_api_url: str = "https://api2.openreview.net"
    openreview_url: str = "https://openreview.net"
    delay_seconds: NotNegative = 1.0

    @field_validator(
        "biorxiv_api_url", "biorxiv_url", "medrxiv_url", "openreview_api_url", "openreview_url"
    )
    @classmethod
    def _without_trailing_slash(cls, url: str) -> str:
        return check_web_address(url)


class PublicationSettings(Group):
    """Whether venues and citations of tonight's papers are looked up, and where.

    A look-up that takes longer than `timeout_seconds` is given up.
    """

    lookup: Literal["none", "openalex"] = "none"
    base_url: str = "https://api.openalex.org"
    timeout_seconds: PositiveSeconds = 5.0

    @field_validator("base_url")
    @classmethod
    def _without_trailing_slash(cls, url: str) -> str:
        return check_web_address(url)


PROXY_SCHEMES = ("http", "https", "socks", "socks5", "socks5h")


class NetworkSettings(Group):
    """How this machine reaches others.

    `proxy` holds for every service; the environment's proxies where it is empty.
    """

    proxy: str = ""

    @field_validator("proxy")
    @classmethod
    def _usable_proxy(cls, proxy: str) -> str:
        parts = urlsplit(proxy.strip())
        if proxy and (parts.scheme not in PROXY_SCHEMES or not parts.hostname):
            raise ValueError(
                f"must be an address such as socks5://127.0.0.1:7890 ({', '.join(PROXY_SCHEMES)})"
            )
        return proxy.strip()


# What a parameter of a request may be: a plain value, or a table of such, as in `thinking = {type =
# "enabled"}`.
PlainValue = bool | int | float | str


class LlmSettings(Group):
    """Which model answers, and at which pace."""

    backend: str = "gemini"
    model: str | None = None
    base_url: str | None = None
    api_key: OptionalSecret = None
    api_version: str | None = None
    concurrency: AtLeastOne = 4
    rpm: AtLeastOne | None = None
    tpm: AtLeastOne | None = None
    rpd: AtLeastOne | None = None
    timeout_seconds: PositiveSeconds = 120.0
    max_attempts: AtLeastOne = 5
    context_tokens: AtLeastOne | None = None
    # Asked about papers that the first one refuses; what is not said of it is as for the first.
    fallback_backend: str | None = None
    fallback_model: str | None = None
    fallback_api_key: OptionalSecret = None
    fallback_base_url: str | None = None
    # Gemini's makers ask to leave it alone; small models go in circles without chance, and rave
    # with much of it.
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    # Sent to servers of the OpenAI kind as they stand, over what the backend sends by itself.
    extra_parameters: Mapping[str, PlainValue | Mapping[str, PlainValue]] = Field(
        default_factory=dict
    )
    # Whether a second call judges each statement by its evidence; `auto` leaves it out where quota
    # or budget forbid it.
    verify: Literal["auto", "always", "never"] = "auto"
    verify_model: str | None = None
    # Whether `run` asks in batches, at half the price, which a later run collects; `auto` does for
    # 20 papers or more, and asks at once what two batches did not answer.
    batch: Literal["auto", "always", "never"] = "never"
    # How repairs and second readings are asked then.
    batch_follow_ups: Literal["at_once", "next_batch"] = "at_once"
    # What has not ended after so long is cancelled: Google's own limit.
    batch_hours: AtLeastOne = 48

    @field_validator("backend", "fallback_backend")
    @classmethod
    def _known_backend(cls, backend: str | None) -> str | None:
        if backend is not None and backend not in KEY_VARIABLES:
            near = get_close_matches(backend.lower(), KEY_VARIABLES, n=1)
            hint = (
                f"did you mean {near[0]!r}?"
                if near
                else f"there are {', '.join(sorted(KEY_VARIABLES))}"
            )
            raise ValueError(f"unknown backend {backend!r}; {hint}")
        return backend


class BudgetSettings(Group):
    """What one run may cost at most."""

    max_usd: NotNegative | None = None
    max_tokens: NotNegativeCount | None = None
    max_papers: NotNegativeCount | None = 50


class RunSettings(Group):
    """What `chatpaper run` does when the flags do not say.

    With `wait_for_announcement` a run that begins up to three hours before arXiv announces papers
    waits until they are in its listing.
    """

    topics: Texts = ()
    formats: Annotated[Texts, Field(min_length=1)] = ("daily",)
    window_days: AtLeastOne = 7
    catch_up_days: NotNegativeCount = 30
    wait_for_announcement: bool = False
    revisions: Literal["mark", "ignore", "repost"] = "mark"
    revision_days: AtLeastOne = 30


class PromptSettings(Group):
    """What is added to the prompts."""

    glossary: Path | None = None

    @field_validator("glossary")
    @classmethod
    def _expand_home(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None


class PriceSettings(Group):
    """The price of a model, in US dollars for a million tokens.

    What comes from a cache is by default no cheaper.
    """

    input_usd_per_million: NotNegative
    output_usd_per_million: NotNegative
    cached_input_usd_per_million: NotNegative | None = None


class ExtractSettings(Group):
    """Limits of the processes that read PDFs."""

    workers: AtLeastOne | None = None
    timeout_seconds: PositiveSeconds = 120.0
    memory_megabytes: AtLeastOne = 2048


class ExcludeSettings(Group):
    """Papers that no topic shows: by words of title or abstract, authors, or main categories."""

    words: Texts = ()
    authors: Texts = ()
    categories: Texts = ()

    def to_exclusions(self) -> Exclusions:
        """Return what is excluded."""
        return Exclusions(self.words, self.authors, self.categories)


class TopicSettings(Group):
    """A topic of the user's own, or over a built-in one."""

    query: str = ""
    phrases: Texts = ()
    all_of: tuple[tuple[str, ...], ...] = ()
    none_of: Texts = ()
    categories: Texts = ()
    exclude: ExcludeSettings = ExcludeSettings()

    @field_validator("all_of", mode="before")
    @classmethod
    def _groups(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value
        return [[group] if isinstance(group, str) else group for group in value]

    @model_validator(mode="after")
    def _finds_something(self) -> "TopicSettings":
        if not (self.query or self.phrases or self.all_of):
            raise ValueError("a topic needs `phrases`, `all_of` or a `query`")
        return self

    def to_topic(self, name: str) -> Topic:
        """Return the topic of that name."""
        return Topic(
            name,
            self.phrases,
            self.all_of,
            self.none_of,
            self.categories,
            self.query,
            builtin=False,
            exclude=self.exclude.to_exclusions(),
        )


class CacheSettings(Group):
    """How large the cache may grow, and for how long what nobody used stays in it.

    A night of 50 papers adds some 300 MB: PDFs, their text and their figures.
    """

    max_gigabytes: NotNegative = 10.0
    max_days: AtLeastOne = 90


class StoreSettings(Group):
    """For how long posts can be rewritten from the database, and how many copies of it are kept.

    Which papers were posted is remembered for ever. `backups` copies are kept, `backup_days` apart;
    0 keeps none.
    """

    keep_days: Annotated[int, Field(ge=SHORTEST_MEMORY_DAYS)] = 730
    backups: NotNegativeCount = 7
    backup_days: AtLeastOne = 1


class AlertSettings(Group):
    """From where on something needs a person.

    - `silent_nights`: on one or two nights all of a topic's few papers may fail with their servers;
      not on three.
    - `window_nights`, `min_publish_rate`: of a week's papers at least half; a week with one night
      lost stays above.
    - `faulty_nights`: arXiv mends most faults within a day; a budget that ends two nights in a row
      is too small.
    - `newest_id_days`: arXiv's longest pause, at Christmas, is shorter.
    - `idle_nights`: a night whose papers were all summarized before its run was killed makes no
      call; two do not.
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
    """Whom to notify: Apprise URLs, which hold secrets. `digest` adds what was published."""

    urls: Annotated[tuple[SecretStr, ...], AfterValidator(drop_blanks)] = ()
    digest: bool = False


class WebSettings(Group):
    """Who may see the page of `chatpaper web`, and what one visitor may ask of it.

    On an address that other machines reach it asks for `password`, or for a header that only a
    proxy of yours can set (`proxy_header`), which names who was let in. There, visitors without a
    key of their own have the model of the settings and `models`, and `budget` holds a day for all
    of them together. `concurrency` papers are worked on at a time, and `max_waiting` may wait,
    `max_waiting_a_visitor` of one visitor. A book of a thousand pages is no paper; arXiv's own
    limit for a submission is 50 MB. Uploads are removed after `upload_days`. With `public_url`, the
    address by which readers reach the page, messages have signed links to like and hide papers.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    password: OptionalSecret = None
    proxy_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")] = ""
    concurrency: AtLeastOne = 2
    max_waiting: AtLeastOne = 50
    max_waiting_a_visitor: AtLeastOne = 10
    models: Texts = ()
    upload_days: AtLeastOne = 7
    max_upload_megabytes: AtLeastOne = 50
    max_pages: AtLeastOne = 300
    public_url: Annotated[str, AfterValidator(check_optional_web_address)] = ""
