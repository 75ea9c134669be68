"""Keys and addresses as people paste them are corrected where the meaning is plain.

Otherwise they are reported in one sentence before any call.
"""

import pytest

from chatpaper.backends import BackendSettings, check_backend, create_backend
from chatpaper.backends.credentials import clean_address, clean_key
from chatpaper.domain.errors import ConfigError
from tests.backends.asking import a_prompt
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.openai import FakeOpenAI

REMOTE = "https://api.example.com/v1"


@pytest.mark.parametrize(
    "pasted",
    [
        "sk-abc123\n",
        "  sk-abc123\r\n",
        "\ufeffsk-abc123",
        "sk-abc123\u200b",
        '"sk-abc123"',
        "'sk-abc123'",
        "“sk-abc123”",
        "`sk-abc123`",
        "Bearer sk-abc123",
        "\u3000sk-abc123\u00a0",
    ],
)
def test_what_surrounds_a_key_is_taken_off(pasted: str) -> None:
    assert clean_key(pasted, "llm.api_key") == "sk-abc123"


@pytest.mark.parametrize(
    "wrong",
    [
        "你的密钥",
        "sk-“abc123",
        "sk-abc\n123",
        "sk-abc 123",
        "sk-ａｂｃ",
        "YOUR_API_KEY",
        "your-api-key-here",
        "<your key>",
        "sk-xxxxxxxx",
        "sk-...",
        "changeme",
        "OPENAI_API_KEY_HERE: your_openai_api_key",
        "sk-ab****89",
        "sk-abc…123",
    ],
)
@pytest.mark.parametrize("backend", ["openai", "gemini", "google_generativeai"])
def test_what_can_be_no_key_is_told_before_any_call_and_not_shown(backend: str, wrong: str) -> None:
    base_url = REMOTE if backend == "openai" else ""
    settings = BackendSettings(model="m", base_url=base_url, api_key=wrong)
    for use in (create_backend, check_backend):
        with pytest.raises(ConfigError, match=r"llm\.api_key") as raised:
            use(backend, settings)
        assert wrong not in str(raised.value)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize("key", ["", "none", "EMPTY", "ollama", "sk-no-key-required", "xxx"])
def test_a_server_of_ones_own_takes_any_word(key: str) -> None:
    with FakeOpenAI() as server:
        create_backend("openai", BackendSettings("fake-chat", server.base_url, key)).complete(
            a_prompt()
        )


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("https://api.example.com/v1/", REMOTE),
        (" https://api.example.com/v1\n", REMOTE),
        ("api.example.com/v1", REMOTE),
        ("https://api.example.com/v1/v1", REMOTE),
        ("https://api.example.com/v1/chat/completions", REMOTE),
        ("https://api.example.com/v1/v1/chat/completions/", REMOTE),
        ("https://api.example.com/v1/models", REMOTE),
        ("“https://api.example.com/v1”", REMOTE),
        ("HTTPS://api.example.com/v1", REMOTE),
        ("localhost:11434/v1", "http://localhost:11434/v1"),
        ("192.168.0.7:8000/v1", "http://192.168.0.7:8000/v1"),
        ("https://api.example.com/api/paas/v4/", "https://api.example.com/api/paas/v4"),
        ("", ""),
    ],
)
def test_an_address_is_put_right(pasted: str, meant: str) -> None:
    assert clean_address(pasted, "openai", "llm.base_url") == meant


@pytest.mark.parametrize(
    "wrong",
    [
        "https://api.example.com：443/v1",
        "https://api example.com/v1",
        "https:\\\\api.example.com",
        "ftp://api.example.com",
        "https://",
        "https://https://api.example.com",
        "https://api.example.com:port/v1",
        "https://api.example。com",
    ],
)
def test_what_can_be_no_address_is_told_before_any_call(wrong: str) -> None:
    with pytest.raises(ConfigError, match=r"llm\.base_url"):
        create_backend("openai", BackendSettings("m", wrong, "sk-abc123"))


@pytest.mark.parametrize(
    "suffix", ["/", "/v1beta", "/v1beta/models", "/v1beta/models/gemini-3.5-flash:generateContent"]
)
@pytest.mark.parametrize("backend", ["gemini", "google_generativeai"])
def test_the_version_in_an_address_of_google_is_not_doubled(backend: str, suffix: str) -> None:
    with FakeGemini() as server:
        settings = BackendSettings(base_url=server.url + suffix, api_key=f" {VALID_KEY}\n")
        create_backend(backend, settings).complete(a_prompt())
        assert server.calls[0].path.startswith("/v1")
        assert "/v1beta/v1" not in server.calls[0].path


@pytest.mark.parametrize("place", ["/v1/v1", "/v1/chat/completions"])
def test_an_address_that_was_put_right_is_the_one_that_is_asked(place: str) -> None:
    with FakeOpenAI() as server:
        create_backend("openai", BackendSettings("fake-chat", server.url + place)).complete(
            a_prompt()
        )
        assert server.calls[0].path == "/v1/chat/completions"


def test_hostile_keys_and_addresses_cost_little() -> None:
    for unit in ("your ", "/v1", "x", ".", "key"):
        with pytest.raises(ConfigError):
            clean_key(unit * 30_000 + " ", "llm.api_key") and clean_address(
                "ftp://" + unit * 30_000, "openai", "x"
            )
