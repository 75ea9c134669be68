"""Messages through the real Apprise to a server of ours."""

import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from chatpaper.domain.errors import ConfigError
from chatpaper.operations.message_delivery import Message, check_urls, send
from tests.fakes.loopback import RESET, Reply
from tests.fakes.webhook import FakeWebhook

MESSAGE = Message("chatpaper: 1 alert", "LLM: nothing <b>was</b> published\non 3 nights")


@pytest.fixture
def webhook() -> Iterator[FakeWebhook]:
    with FakeWebhook() as server:
        yield server


def test_all_addresses_get_the_message_as_it_is(webhook: FakeWebhook) -> None:
    assert send(MESSAGE, [SecretStr(webhook.address), SecretStr(webhook.address)])
    assert webhook.messages == [(MESSAGE.title, MESSAGE.text)] * 2


@pytest.mark.parametrize(
    "answer", [Reply(status=500), Reply(status=403, body=b"<html>no</html>"), RESET]
)
def test_an_address_that_fails_is_a_warning_and_the_next_is_told(
    webhook: FakeWebhook, caplog: pytest.LogCaptureFixture, answer: Reply
) -> None:
    caplog.set_level(logging.DEBUG)
    webhook.script(answer)
    assert send(MESSAGE, [SecretStr(webhook.address), SecretStr(webhook.address)])
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "notify.urls[0]" in caplog.text
    assert webhook.secret not in caplog.text


def test_nobody_is_reached(webhook: FakeWebhook, caplog: pytest.LogCaptureFixture) -> None:
    webhook.script(Reply(status=500))
    assert not send(MESSAGE, [SecretStr(webhook.address)])
    assert not send(MESSAGE, [SecretStr(f"nosuch://{webhook.secret}")])
    assert webhook.secret not in caplog.text
    assert "notify.urls[0] is not a URL that Apprise knows" in caplog.text


def test_addresses_are_checked_without_showing_them(webhook: FakeWebhook) -> None:
    assert check_urls([SecretStr(webhook.address)]) == "1 addresses"
    with pytest.raises(ConfigError) as refused:
        check_urls([SecretStr(webhook.address), SecretStr("hunter2")])
    assert "notify.urls[1]" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert webhook.messages == []


def test_without_apprise_the_extra_is_named() -> None:
    program = (
        "import sys; sys.modules['apprise'] = None\n"
        "from pydantic import SecretStr\n"
        "from chatpaper.operations.message_delivery import Message, send\n"
        "sys.exit(send(Message('a', 'b'), [SecretStr('json://127.0.0.1:9/')]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0
    assert "pip install 'chatpaper[notify]'" in done.stderr
