"""Settings: where they come from, which wins, and what is said of a wrong one."""

from pathlib import Path

import pytest

from chatpaper.app.settings import load_settings, warn_of_foreign_endpoint
from chatpaper.app.settings_file import find_settings_file
from chatpaper.domain.errors import ConfigError


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def settings_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "some.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_are_those_of_the_contract() -> None:
    settings = load_settings(None, {})
    assert (settings.output_dir, settings.timezone, settings.language) == (
        Path("posts"),
        "Asia/Shanghai",
        "zh",
    )
    assert settings.arxiv.api_url == "https://export.arxiv.org/api/query"
    assert (
        settings.arxiv.delay_seconds,
        settings.arxiv.timeout_seconds,
        settings.arxiv.max_attempts,
    ) == (3, 30, 5)
    assert (settings.llm.backend, settings.llm.concurrency, settings.llm.timeout_seconds) == (
        "gemini",
        4,
        120,
    )
    assert (settings.llm.rpm, settings.llm.tpm, settings.llm.rpd) == (None, None, None)
    assert (settings.budget.max_usd, settings.budget.max_tokens, settings.budget.max_papers) == (
        None,
        None,
        50,
    )
    assert (settings.run.topics, settings.run.formats, settings.run.window_days) == (
        (),
        ("daily",),
        7,
    )
    assert (settings.post.author, settings.post.evidence) == ("", True)


def test_flags_win_over_the_environment_and_the_environment_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = settings_file(
        tmp_path, 'language = "ja"\n[llm]\nmodel = "from-file"\nconcurrency = 2\nrpm = 7\n'
    )
    monkeypatch.setenv("CHATPAPER_LLM__MODEL", "from-environment")
    monkeypatch.setenv("CHATPAPER_LLM__CONCURRENCY", "3")
    settings = load_settings(file, {"llm": {"concurrency": 9}})
    assert (settings.language, settings.llm.model, settings.llm.concurrency, settings.llm.rpm) == (
        "ja",
        "from-environment",
        9,
        7,
    )


def test_what_only_a_server_knows_is_a_table_in_the_file_and_an_object_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = settings_file(
        tmp_path, "[llm]\nextra_parameters = { dry_multiplier = 0.8, dry_allowed_length = 12 }\n"
    )
    assert load_settings(file, {}).llm.extra_parameters == {
        "dry_multiplier": 0.8,
        "dry_allowed_length": 12,
    }
    monkeypatch.setenv(
        "CHATPAPER_LLM__EXTRA_PARAMETERS", '{"cache_prompt": true, "stop_word": "END"}'
    )
    assert load_settings(None, {}).llm.extra_parameters == {
        "cache_prompt": True,
        "stop_word": "END",
    }


def test_a_file_in_the_current_folder_is_found_before_that_of_the_user(tmp_path: Path) -> None:
    own = tmp_path / "config" / "chatpaper" / "chatpaper.toml"
    own.parent.mkdir(parents=True)
    own.write_text('language = "en"\n')
    assert find_settings_file() == own
    Path("chatpaper.toml").write_text('language = "ja"\n')
    assert load_settings(None, {}).language == "ja"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('langauge = "zh"', "Unknown setting langauge"),
        ('langauge = "zh"', "Did you mean language?"),
        ('[llm]\nmodle = "x"', "Did you mean llm.model?"),
        ('[topics."My.Topic"]\nphrase = ["x"]', "Did you mean topics.My.Topic.phrases?"),
        ('[topics."Mine"]\ncategories = ["cs.CV"]', "needs `phrases`, `all_of` or a `query`"),
        ("[llm\n", "not valid TOML"),
        ('[llm]\nbackend = "gemni"', "unknown backend 'gemni'"),
        ('timezone = "Mars/Olympus"', "there is no time zone"),
        ("[run]\nwindow_days = 0", "run.window_days"),
        ('[arxiv]\napi_url = "ftp://x"', "must be an http or https URL"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence_that_names_the_key(
    tmp_path: Path, text: str, expected: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load_settings(settings_file(tmp_path, text), {})
    assert expected in str(refused.value)
    assert not str(refused.value).endswith("?.")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml cannot be read"):
        load_settings(tmp_path / "nowhere.toml", {})


@pytest.mark.parametrize("variable", ["CHATPAPER_LLM__MODLE", "CHATPAPER_LANGAUGE"])
def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "x")
    with pytest.raises(ConfigError, match=r"in the environment\. Did you mean"):
        load_settings(None, {})


def test_a_list_in_the_environment_that_is_not_json_is_explained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHATPAPER_RUN__TOPICS", "LLM")
    with pytest.raises(ConfigError, match="Lists are written as JSON"):
        load_settings(None, {})
    monkeypatch.setenv("CHATPAPER_RUN__TOPICS", '["LLM", "NeRF"]')
    assert load_settings(None, {}).run.topics == ("LLM", "NeRF")


def test_arxivs_own_hosts_are_not_asked_faster_than_arxiv_allows() -> None:
    with pytest.raises(ConfigError, match="at least 3 seconds"):
        load_settings(None, {"arxiv": {"delay_seconds": 2.9}})
    urls = ("api_url", "site_url", "rss_url", "oai_url")
    mirror = {**dict.fromkeys(urls, "http://127.0.0.1:1"), "delay_seconds": 0}
    assert load_settings(None, {"arxiv": mirror}).arxiv.delay_seconds == 0
    for left_out in urls:
        with pytest.raises(ConfigError, match="at least 3 seconds"):
            load_settings(
                None, {"arxiv": {name: value for name, value in mirror.items() if name != left_out}}
            )


def test_keys_come_from_the_settings_or_the_makers_variable_and_are_never_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "secret-one")
    assert load_settings(None, {}).api_key == "secret-one"
    monkeypatch.setenv("GOOGLE_API_KEY", "secret-two")
    assert load_settings(None, {}).api_key == "secret-two"
    assert load_settings(None, {"llm": {"backend": "openai"}}).api_key is None
    monkeypatch.setenv("CHATPAPER_LLM__API_KEY", "secret-three")
    settings = load_settings(None, {})
    assert settings.api_key == "secret-three"
    assert "secret-" not in repr(settings)


@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_blank_secrets_are_none(blank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATPAPER_LLM__API_KEY", blank)
    monkeypatch.setenv("GOOGLE_API_KEY", blank)
    monkeypatch.setenv("GEMINI_API_KEY", "of-the-makers-variable")
    settings = load_settings(
        None, {"web": {"password": blank}, "notify": {"urls": [blank, "json://127.0.0.1"]}}
    )
    assert (settings.llm.api_key, settings.web.password) == (None, None)
    assert settings.api_key == "of-the-makers-variable"
    assert [url.get_secret_value() for url in settings.notify.urls] == ["json://127.0.0.1"]


FOREIGN = '[llm]\nbackend = "openai"\nbase_url = "https://collector.example/v1"\n'


@pytest.mark.parametrize(
    ("file", "environment", "told"),
    [
        (FOREIGN, {"OPENAI_API_KEY": "k"}, True),
        (FOREIGN, {"CHATPAPER_LLM__API_KEY": "k"}, True),
        (FOREIGN, {}, False),
        (FOREIGN + 'api_key = "k"\n', {}, False),
        (
            FOREIGN,
            {"OPENAI_API_KEY": "k", "CHATPAPER_LLM__BASE_URL": "https://mine.example/v1"},
            False,
        ),
        (
            FOREIGN.replace("https://collector.example", "http://127.0.0.1:1"),
            {"OPENAI_API_KEY": "k"},
            False,
        ),
        ("", {"OPENAI_API_KEY": "k"}, False),
    ],
)
def test_a_file_of_the_folder_that_sends_the_key_elsewhere_is_told_of(
    file: str, environment: dict[str, str], told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("chatpaper.toml").write_text(file)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    warning = warn_of_foreign_endpoint(load_settings(None, {}))
    assert ("collector.example" in warning) is told
    assert bool(warning) is told
    named = Path("chatpaper.toml").absolute()
    assert warn_of_foreign_endpoint(load_settings(named, {}), named) == ""


def test_topics_of_ones_own(tmp_path: Path) -> None:
    file = settings_file(
        tmp_path,
        '[topics."Sea ice"]\nphrases = ["sea ice"]\nall_of = ["radar", ["SAR", "altimeter"]]\n',
    )
    topic = load_settings(file, {}).user_topics["Sea ice"]
    assert (topic.phrases, topic.all_of, topic.builtin) == (
        ("sea ice",),
        (("radar",), ("SAR", "altimeter")),
        False,
    )


def test_a_list_of_one_may_be_written_without_brackets(tmp_path: Path) -> None:
    file = tmp_path / "chatpaper.toml"
    file.write_text(
        '[run]\ntopics = "Sea ice"\nformats = "brief"\n[topics."Sea ice"]\nphrases = "sea ice"\n'
        'categories = "cs.CV"\n'
    )
    settings = load_settings(file, {})
    assert (settings.run.topics, settings.run.formats) == (("Sea ice",), ("brief",))
    assert settings.user_topics["Sea ice"].phrases == ("sea ice",)


@pytest.mark.parametrize(
    ("group", "line", "variable", "key"),
    [
        (
            "mail",
            'host = "smtp.evil.example"\nto = "a@x.org"\nsender = "b@x.org"',
            "CHATPAPER_DELIVER__MAIL__PASSWORD",
            "deliver.mail.host",
        ),
        (
            "telegram",
            'api_url = "https://evil.example"\nchat = "@x"',
            "CHATPAPER_DELIVER__TELEGRAM__TOKEN",
            "deliver.telegram.api_url",
        ),
    ],
)
def test_a_folder_that_has_passwords_of_messages_sent_elsewhere_is_warned_of(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    group: str,
    line: str,
    variable: str,
    key: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "chatpaper.toml").write_text(f"[deliver.{group}]\n{line}\n", encoding="utf-8")
    monkeypatch.setenv(variable, "s3cret")
    warning = warn_of_foreign_endpoint(load_settings(None, {}))
    assert f"({key})" in warning
    assert "evil.example" in warning
    assert "s3cret" not in warning
