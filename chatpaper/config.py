"""`chatpaper.toml`, the environment and the flags, read into one frozen value; nothing else reads the environment."""

import os
import re
import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_cache_path, user_config_path, user_state_path
from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from rapidfuzz import fuzz, process

from chatpaper.domain import Topic
from chatpaper.errors import ConfigError
from chatpaper.settings_groups import (
    AlertSettings,
    AtLeastOne,
    CacheSettings,
    NotifySettings,
    NotNegative,
    PositiveSeconds,
    StoreSettings,
    WebSettings,
)
from chatpaper.settings_groups import Group as _Group
from chatpaper.write.licenses import FigurePolicy

ENVIRONMENT_PREFIX = "CHATPAPER_"
LEVEL_SEPARATOR = "__"
FILE_NAME = "chatpaper.toml"

# "make no more than one request every three seconds" (arXiv API terms of use).
ARXIV_MIN_DELAY_SECONDS = 3.0

# Where each backend's key is looked for when the settings hold none. Of the two that Google's SDK knows,
# GOOGLE_API_KEY wins there too.
KEY_VARIABLES = {
    "gemini": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    "google_generativeai": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    "openai": ("OPENAI_API_KEY",),
    "extractive": (),
}


def _web_address(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("must be an http or https URL")
    return url.rstrip("/")


class ArxivSettings(_Group):
    """How arXiv is reached and how politely."""

    api_url: str = "https://export.arxiv.org/api/query"
    site_url: str = "https://arxiv.org"
    rss_url: str = "https://rss.arxiv.org"
    oai_url: str = "https://oaipmh.arxiv.org/oai"
    delay_seconds: Annotated[float, Field(ge=0)] = ARXIV_MIN_DELAY_SECONDS
    timeout_seconds: PositiveSeconds = 30.0
    max_attempts: AtLeastOne = 5
    backoff_seconds: Annotated[float, Field(ge=0)] = 3600.0
    contact: str = ""

    @field_validator("api_url", "site_url", "rss_url", "oai_url")
    @classmethod
    def _without_trailing_slash(cls, url: str) -> str:
        return _web_address(url)

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


class HuggingFaceSettings(_Group):
    """Where Hugging Face's daily papers are read, and how politely: it allows some hundred requests in five minutes."""

    base_url: str = "https://huggingface.co"
    delay_seconds: NotNegative = 1.0

    @field_validator("base_url")
    @classmethod
    def _without_trailing_slash(cls, url: str) -> str:
        return _web_address(url)


class LlmSettings(_Group):
    """Which model answers, and at which pace."""

    backend: str = "gemini"
    model: str | None = None
    base_url: str | None = None
    api_key: SecretStr | None = None
    api_version: str | None = None
    concurrency: AtLeastOne = 4
    rpm: AtLeastOne | None = None
    tpm: AtLeastOne | None = None
    rpd: AtLeastOne | None = None
    timeout_seconds: PositiveSeconds = 120.0
    max_attempts: AtLeastOne = 5
    context_tokens: AtLeastOne | None = None
    fallback_model: str | None = None
    # Gemini's makers ask to leave it alone; small models go in circles without chance, and rave with much of it.
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    # Sent to servers of the openai backend as they stand.
    extra_parameters: Mapping[str, bool | int | float | str] = Field(default_factory=dict)

    @field_validator("backend")
    @classmethod
    def _known_backend(cls, backend: str) -> str:
        if backend not in KEY_VARIABLES:
            raise ValueError(f"unknown backend {backend!r}; there are {', '.join(sorted(KEY_VARIABLES))}")
        return backend


class BudgetSettings(_Group):
    """What one run may cost at most."""

    max_usd: Annotated[float, Field(ge=0)] | None = None
    max_tokens: Annotated[int, Field(ge=0)] | None = None
    max_papers: Annotated[int, Field(ge=0)] | None = 50


class RunSettings(_Group):
    """What `chatpaper run` does when the flags do not say."""

    topics: tuple[str, ...] = ()
    formats: Annotated[tuple[str, ...], Field(min_length=1)] = ("daily",)
    window_days: AtLeastOne = 7
    catch_up_days: Annotated[int, Field(ge=0)] = 30
    revisions: Literal["mark", "ignore", "repost"] = "mark"
    revision_days: AtLeastOne = 30


def _plain_value(value: str) -> str:
    if not value.strip() or value != value.strip() or re.search(r"[`|{}<>\x00-\x1f]", value):
        raise ValueError(f"{value!r} is not plain text: no value may have ` | {{ }} < > or spaces around it")
    return value


# A value that a paper's class or tags are chosen from; it is shown as code, where nothing can be escaped.
ChosenValue = Annotated[str, AfterValidator(_plain_value)]


class PostSettings(_Group):
    """What posts say of their author and their evidence, what they show, and what stands beside them.

    `site_url` is the address under which the output folder is served; `page_suffix` is what a site's generator makes
    of `.md` there, for example `/`. `classes` and `tags` are what those of a paper are chosen from, `formats_dir` is a
    folder with formats of one's own.
    """

    author: str = ""
    evidence: bool = True
    figures: FigurePolicy = "all"
    site_url: str = ""
    page_suffix: str = ".md"
    feed_entries: Annotated[int, Field(ge=0)] = 100
    index: bool = True
    classes: Annotated[tuple[ChosenValue, ...], Field(min_length=1)] | None = None
    tags: Annotated[tuple[ChosenValue, ...], Field(min_length=1)] | None = None
    formats_dir: Path | None = None

    @field_validator("formats_dir")
    @classmethod
    def _expand_home(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None

    @field_validator("site_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("must be an http or https URL like https://example.org/papers")
        return url.rstrip("/")


class PromptSettings(_Group):
    """What is added to the prompts."""

    glossary: Path | None = None

    @field_validator("glossary")
    @classmethod
    def _expand_home(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None


class PriceSettings(_Group):
    """The price of a model, in US dollars for a million tokens; what comes from a cache is by default no cheaper."""

    input_usd_per_million: Annotated[float, Field(ge=0)]
    output_usd_per_million: Annotated[float, Field(ge=0)]
    cached_input_usd_per_million: Annotated[float, Field(ge=0)] | None = None


class ExtractSettings(_Group):
    """Limits of the processes that read PDFs."""

    workers: AtLeastOne | None = None
    timeout_seconds: PositiveSeconds = 120.0
    memory_megabytes: AtLeastOne = 2048


class TopicSettings(_Group):
    """A topic of the user's own, or over a built-in one."""

    query: str = ""
    phrases: tuple[str, ...] = ()
    all_of: tuple[tuple[str, ...], ...] = ()
    none_of: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

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


class Settings(BaseSettings):
    """All settings; section 'Settings' of the README tells what each means."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter=LEVEL_SEPARATOR, extra="forbid", frozen=True
    )
    config_file: ClassVar[Path | None] = None

    output_dir: Path = Path("posts")
    state_dir: Path = Field(default_factory=lambda: user_state_path("chatpaper"))
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("chatpaper"))
    timezone: str = "Asia/Shanghai"
    language: str = "zh"
    arxiv: ArxivSettings = ArxivSettings()
    huggingface: HuggingFaceSettings = HuggingFaceSettings()
    llm: LlmSettings = LlmSettings()
    budget: BudgetSettings = BudgetSettings()
    run: RunSettings = RunSettings()
    post: PostSettings = PostSettings()
    prompts: PromptSettings = PromptSettings()
    extract: ExtractSettings = ExtractSettings()
    cache: CacheSettings = CacheSettings()
    store: StoreSettings = StoreSettings()
    alerts: AlertSettings = AlertSettings()
    notify: NotifySettings = NotifySettings()
    web: WebSettings = WebSettings()
    prices: dict[str, PriceSettings] = {}
    topics: dict[str, TopicSettings] = {}

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"there is no time zone {name!r}; an example is Asia/Shanghai") from None
        return name

    @field_validator("output_dir", "state_dir", "cache_dir")
    @classmethod
    def _expand_home(cls, path: Path) -> Path:
        return path.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over the environment, the environment over the file."""
        return (init_settings, env_settings, _TomlFile(settings_cls, cls.config_file))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of post dates."""
        return ZoneInfo(self.timezone)

    @property
    def user_topics(self) -> dict[str, Topic]:
        """The topics of the settings, by name."""
        return {name: Topic(name=name, builtin=False, **topic.model_dump()) for name, topic in self.topics.items()}

    @property
    def api_key(self) -> str | None:
        """The key for the chosen backend: from the settings, else from the variable that its makers use."""
        if self.llm.api_key is not None:
            return self.llm.api_key.get_secret_value()
        found = (os.environ.get(variable) for variable in KEY_VARIABLES[self.llm.backend])
        return next((key for key in found if key), None)


class _TomlFile(PydanticBaseSettingsSource):
    """The settings file as a source; it is checked key by key before pydantic sees it."""

    def __init__(self, settings_cls: type[BaseSettings], path: Path | None) -> None:
        super().__init__(settings_cls)
        self._path = path

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """No value by itself: `__call__` gives them all at once."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        return {} if self._path is None else read_settings_file(self._path)


def read_settings_file(path: Path) -> dict[str, Any]:
    """The keys of a settings file. Raises ConfigError where it cannot be read or holds an unknown key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The settings file {path} is not valid TOML: {error}.") from error
    _refuse_unknown_keys(values, str(path))
    return values


def keep_gradio_silent() -> None:
    """Have Gradio, and what it brings, tell nobody that it is used; to be called before it is imported."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def find_settings_file() -> Path | None:
    """`./chatpaper.toml`, else the one in the user's config folder, else none."""
    places = (Path(FILE_NAME), user_config_path("chatpaper") / FILE_NAME)
    return next((place for place in places if place.is_file()), None)


def load_settings(file: Path | None, flags: Mapping[str, Any]) -> Settings:
    """File, environment and flags as one value.

    `flags` is nested like the file; what a user did not give is not in it. Raises ConfigError with one sentence that
    names the key and what it may be.
    """
    _refuse_unknown_keys(_environment_values(), "the environment")
    path = file if file is not None else find_settings_file()

    class _Loaded(Settings):
        config_file: ClassVar[Path | None] = path

    try:
        return _Loaded(**flags)
    except ValidationError as error:
        raise ConfigError(_sentence(error)) from error
    except ValueError as error:  # pydantic-settings: a list in the environment that is not JSON
        raise ConfigError(
            f"The environment cannot be read: {error}. Lists are written as JSON there, "
            """for example CHATPAPER_RUN__TOPICS='["LLM"]'."""
        ) from error


def _sentence(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in problem["loc"])
    reason = problem["msg"].removeprefix("Value error, ")
    return f"Setting {key}: {reason}."


def _environment_values() -> dict[str, Any]:
    """The names of CHATPAPER_ variables, nested as the settings are; their values do not matter here."""
    nested: dict[str, Any] = {}
    for name in os.environ:
        if name.upper().startswith(ENVIRONMENT_PREFIX):
            *groups, key = name[len(ENVIRONMENT_PREFIX) :].lower().split(LEVEL_SEPARATOR)
            level = nested
            for group in groups:
                level = level.setdefault(group, {})
            level.setdefault(key, {})
    return nested


# Settings whose keys are names that the user chooses.
_TABLES: dict[str, type[BaseModel]] = {"topics": TopicSettings, "prices": PriceSettings}


def _group_keys(group: type[BaseModel]) -> list[str]:
    return list(group.model_fields)


def _refuse_unknown_keys(values: Mapping[str, Any], place: str) -> None:
    _refuse_unknown(values, _group_keys(Settings), "", place)
    for name, value in values.items():
        annotation = Settings.model_fields[name].annotation
        if not isinstance(value, dict):
            continue
        if name in _TABLES:
            for entry, fields in value.items():
                if isinstance(fields, dict):
                    _refuse_unknown(fields, _group_keys(_TABLES[name]), f"{name}.{entry}.", place)
        elif isinstance(annotation, type) and issubclass(annotation, _Group):
            _refuse_unknown(value, _group_keys(annotation), f"{name}.", place)


def _refuse_unknown(values: Mapping[str, Any], known: list[str], prefix: str, place: str) -> None:
    for key in values:
        if key not in known:
            nearest = process.extractOne(key, known, scorer=fuzz.ratio)
            hint = f" Did you mean {prefix}{nearest[0]}?" if nearest else ""
            raise ConfigError(f"Unknown setting {prefix}{key} in {place}.{hint}")
