"""Read `chatpaper.toml`, the environment and the flags into one frozen value.

Nothing else reads the environment.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_cache_path, user_state_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from chatpaper.app.settings_file import find_settings_file, parse_settings_file
from chatpaper.app.settings_groups import (
    KEY_VARIABLES,
    PROXY_SCHEMES,
    AlertSettings,
    ArxivSettings,
    BudgetSettings,
    CacheSettings,
    ExcludeSettings,
    ExtractSettings,
    HuggingFaceSettings,
    LlmSettings,
    NetworkSettings,
    NotifySettings,
    PreprintSettings,
    PriceSettings,
    PromptSettings,
    PublicationSettings,
    RunSettings,
    StoreSettings,
    TopicSettings,
    WebSettings,
)
from chatpaper.app.settings_groups.delivery import DeliverySettings, find_foreign_server
from chatpaper.app.settings_groups.post import PostSettings
from chatpaper.app.settings_groups.profile import NamedProfileSettings, ProfileSettings
from chatpaper.app.settings_groups.unknown_keys import refuse_unknown_keys
from chatpaper.domain import Exclusions, Topic
from chatpaper.domain.errors import ConfigError

ENVIRONMENT_PREFIX = "CHATPAPER_"
LEVEL_SEPARATOR = "__"


class Settings(BaseSettings):
    """All settings; docs/settings.md tells what each means."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter=LEVEL_SEPARATOR,
        extra="forbid",
        frozen=True,
    )
    config_file: ClassVar[Path | None] = None
    # Whether only what is handed in counts.
    is_isolated: ClassVar[bool] = False
    # The formats of all readers, where there are several: one call answers for all of them.
    shared_formats: ClassVar[tuple[str, ...]] = ()
    # Where values were looked for, the one that wins first.
    layers: ClassVar[tuple[PydanticBaseSettingsSource, ...]] = ()

    output_dir: Path = Path("posts")
    state_dir: Path = Field(default_factory=lambda: _user_folder("state_dir", user_state_path))
    cache_dir: Path = Field(default_factory=lambda: _user_folder("cache_dir", user_cache_path))
    timezone: str = "Asia/Shanghai"
    language: str = "zh"
    arxiv: ArxivSettings = ArxivSettings()
    huggingface: HuggingFaceSettings = HuggingFaceSettings()
    preprints: PreprintSettings = PreprintSettings()
    publications: PublicationSettings = PublicationSettings()
    llm: LlmSettings = LlmSettings()
    network: NetworkSettings = NetworkSettings()
    budget: BudgetSettings = BudgetSettings()
    run: RunSettings = RunSettings()
    post: PostSettings = PostSettings()
    profile: ProfileSettings = ProfileSettings()
    prompts: PromptSettings = PromptSettings()
    extract: ExtractSettings = ExtractSettings()
    cache: CacheSettings = CacheSettings()
    store: StoreSettings = StoreSettings()
    alerts: AlertSettings = AlertSettings()
    notify: NotifySettings = NotifySettings()
    deliver: DeliverySettings = DeliverySettings()
    web: WebSettings = WebSettings()
    prices: dict[str, PriceSettings] = {}
    topics: dict[str, TopicSettings] = {}
    profiles: dict[str, NamedProfileSettings] = {}
    exclude: ExcludeSettings = ExcludeSettings()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"there is no time zone {name!r}; an example is Asia/Shanghai"
            ) from None
        return name

    @field_validator("output_dir", "state_dir", "cache_dir")
    @classmethod
    def _expand_home(cls, path: Path) -> Path:
        try:
            return path.expanduser()
        except RuntimeError:
            raise ValueError(
                f"{path} begins with ~, but this user has no home folder: name the folder whole"
            ) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: flags win over the environment, the environment over the file."""
        cls.layers = (
            (init_settings,)
            if cls.is_isolated
            else (init_settings, env_settings, TomlFile(settings_cls, cls.config_file))
        )
        return cls.layers

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of post dates."""
        return ZoneInfo(self.timezone)

    @property
    def folders(self) -> dict[str, Path]:
        """The folders that are written to, by the names of their settings."""
        named = {
            "output_dir": self.output_dir,
            "post.assets_dir": self.post.assets_dir,
            "post.json": self.post.json_dir,
            "state_dir": self.state_dir,
            "cache_dir": self.cache_dir,
        }
        return {name: folder for name, folder in named.items() if folder is not None}

    @property
    def user_topics(self) -> dict[str, Topic]:
        """The topics of the settings, by name."""
        return {name: topic.to_topic(name) for name, topic in self.topics.items()}

    @property
    def excluded_everywhere(self) -> Exclusions:
        """What no topic shows."""
        return self.exclude.to_exclusions()

    @property
    def api_key(self) -> str | None:
        """The key for the chosen backend: the settings' own, else that of its makers' variable."""
        return _key_for(self.llm.backend, self.llm.api_key)

    @property
    def fallback_api_key(self) -> str | None:
        """The key for the backend that is asked about papers that the first refuses.

        It is the first's where the backend is the same. The address and the key of one service are
        not given to another.
        """
        llm = self.llm
        if (
            llm.fallback_api_key is None
            and llm.fallback_backend in (None, llm.backend)
            and not llm.fallback_base_url
        ):
            return self.api_key
        return _key_for(llm.fallback_backend or llm.backend, llm.fallback_api_key)


def _key_for(backend: str, given: SecretStr | None) -> str | None:
    if given is not None:
        return given.get_secret_value()
    variable = find_key_variable(backend)
    return os.environ[variable] if variable else None


def find_key_variable(backend: str) -> str | None:
    """Find the variable of the environment that holds the key of a backend's makers."""
    names = KEY_VARIABLES[backend]
    return next((name for name in names if os.environ.get(name, "").strip()), None)


def warn_of_foreign_endpoint(settings: Settings, place: Path | None = None) -> str:
    """Return a warning where the current folder's settings file sends a key to its own address.

    The key is one that the file does not hold: a folder with such a file may come from anybody; who
    starts chatpaper in it has the key in the environment. Empty where all is as usual: no such file
    or address, an address of this machine, or the key beside the address. `place` is the file that
    the user named: then it is the user's choice.
    """
    file = settings.config_file
    if place is not None or file is None or file.is_absolute():
        return ""
    all_written = read_settings_file(file)
    server, key = find_foreign_server(all_written.get("deliver", {}), settings.deliver)
    if server and server not in _THIS_MACHINE:
        return (
            f"{file} in this folder sends your messages and their password to {server} ({key}): "
            "remove that line if it is not yours."
        )
    written = all_written.get("llm", {})
    if settings.api_key is None:
        return ""
    address = written.get("base_url")
    host = urlsplit(str(address or "")).hostname
    if (
        not address
        or written.get("api_key")
        or settings.llm.base_url != address
        or host in _THIS_MACHINE
    ):
        return ""
    return (
        f"{file} in this folder sends your API key to {host} (llm.base_url): "
        "remove that line if it is not yours."
    )


def _user_folder(key: str, find: Callable[[str], Path]) -> Path:
    """Return the folder of the platform for this user.

    Raises ConfigError for a user without a home folder.
    """
    try:
        return find("chatpaper")
    except RuntimeError:
        raise ConfigError(
            f"This user has no home folder: set {key} (or {ENVIRONMENT_PREFIX}{key.upper()}), "
            "or HOME, to a folder "
            "that can be written."
        ) from None


class TomlFile(PydanticBaseSettingsSource):
    """The settings file as a source; it is checked key by key before pydantic sees it."""

    def __init__(self, settings_cls: type[BaseSettings], path: Path | None) -> None:
        super().__init__(settings_cls)
        self.path = path

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Return no value: `__call__` gives them all at once."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return what the file says, nested as it is there."""
        return {} if self.path is None else read_settings_file(self.path)


def read_settings_file(path: Path) -> dict[str, Any]:
    """Return the keys of a settings file.

    Raises ConfigError where it cannot be read or holds an unknown key.
    """
    values = parse_settings_file(path)
    refuse_unknown_keys(Settings, values, str(path))
    return values


def prepare_network(settings: Settings) -> None:
    """Have every library reach the network through `network.proxy`, where one is set.

    This machine itself is excepted. The libraries of the services agree on the environment alone as
    the place where a proxy is named, and differ in how they read it: names of hosts are looked up
    by the proxy for all of them here, and `socks` stands for SOCKS 5. Raises ConfigError where the
    environment names a proxy that they cannot use, or a file of certificates that is not there.
    """
    for name in _CERTIFICATE_VARIABLES:
        place = os.environ.get(name)
        if place and not Path(place).exists():
            raise ConfigError(f"{name} names {place}, which is not there: correct it, or unset it.")
    if settings.network.proxy:
        for name in _PROXY_VARIABLES:
            os.environ[name] = os.environ[name.lower()] = settings.network.proxy
        excepted = [os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or "", *_THIS_MACHINE]
        os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(filter(None, excepted))
    for name in (*_PROXY_VARIABLES, *map(str.lower, _PROXY_VARIABLES)):
        if address := os.environ.get(name):
            os.environ[name] = _usable_by_all(name, address)


def _usable_by_all(variable: str, address: str) -> str:
    """Return the address of a proxy in the form that all libraries understand alike."""
    scheme, mark, place = address.strip().partition("://")
    if not mark:
        return address
    if scheme.lower() not in PROXY_SCHEMES:
        raise ConfigError(
            f"{variable} names a proxy of the kind {scheme!r}; "
            f"there are {', '.join(PROXY_SCHEMES)}: correct it, unset "
            "it, or set network.proxy."
        )
    return f"{'socks5h' if scheme.lower().startswith('socks') else scheme}://{place}"


_PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def keep_gradio_silent() -> None:
    """Keep Gradio, and what it brings, from reporting its use; call this before its import."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def load_settings(file: Path | None, flags: Mapping[str, Any], profile: str = "") -> Settings:
    """Load the profile that is named, file, environment and flags into one value.

    `flags` is nested like the file; what a user did not give is not in it. What a profile says wins
    over file and environment. Raises ConfigError with one sentence that names the key and what it
    may be, and for a profile that the settings do not have.
    """
    refuse_unknown_keys(Settings, _environment_values(), "the environment", name_variable)
    path = file if file is not None else find_settings_file()
    settings = _load(path, flags, ())
    if not profile:
        return settings
    if profile not in settings.profiles:
        raise ConfigError(_explain_no_profile(profile, settings))
    formats = [settings.run.formats, *(each.formats for each in settings.profiles.values())]
    of_reader = settings.profiles[profile].to_flags(profile)
    return _load(path, _merge(of_reader, flags), tuple(dict.fromkeys(chain(*formats))))


def _load(path: Path | None, flags: Mapping[str, Any], formats: tuple[str, ...]) -> Settings:
    class _Loaded(Settings):
        config_file: ClassVar[Path | None] = path
        shared_formats: ClassVar[tuple[str, ...]] = formats

    try:
        return _Loaded(**flags)
    except ValidationError as error:
        raise ConfigError(_sentence(error)) from error
    except ValueError as error:  # pydantic-settings: a list in the environment that is not JSON
        raise ConfigError(
            f"The environment cannot be read: {error}. Lists are written as JSON there, "
            """for example CHATPAPER_RUN__TOPICS='["LLM"]'."""
        ) from error


def _explain_no_profile(name: str, settings: Settings) -> str:
    if not settings.profiles:
        return f"There is no profile {name!r}: the settings have none, add [profiles.{name}]."
    near = get_close_matches(name, settings.profiles, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(settings.profiles)}"
    return f"There is no profile {name!r} in the settings; {hint}"


def _merge(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested settings, of which those of `upper` win."""
    merged = dict(lower)
    for key, value in upper.items():
        known = merged.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            value = _merge(known, value)
        merged[key] = value
    return merged


def _sentence(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in problem["loc"])
    reason = problem["msg"].removeprefix("Value error, ")
    return f"Setting {key}: {reason}{'' if reason.endswith('?') else '.'}"


def name_variable(path: Sequence[str]) -> str:
    """Return the name of the variable that sets a key."""
    return f"{ENVIRONMENT_PREFIX}{LEVEL_SEPARATOR.join(path)}".upper()


def _environment_values() -> dict[str, Any]:
    """Return the names of CHATPAPER_ variables, nested as the settings are, without values."""
    nested: dict[str, Any] = {}
    for name in os.environ:
        if name.upper().startswith(ENVIRONMENT_PREFIX):
            *groups, key = name[len(ENVIRONMENT_PREFIX) :].lower().split(LEVEL_SEPARATOR)
            level = nested
            for group in groups:
                level = level.setdefault(group, {})
            level.setdefault(key, {})
    return nested
