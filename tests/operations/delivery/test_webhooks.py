"""Cards and texts as the chat services take them: their forms, limits, signatures and refusals."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from chatpaper.app.settings_groups.delivery import (
    DingTalkDelivery,
    FeishuDelivery,
    TelegramDelivery,
    WeComDelivery,
)
from chatpaper.domain.clock import Clock
from chatpaper.operations.delivery.channels import Channel, send_patiently
from chatpaper.operations.delivery.webhooks import (
    DingTalkChannel,
    FeishuChannel,
    TelegramChannel,
    WeComChannel,
)
from chatpaper.write.messages.wording import load_message_labels
from tests.fakes.chats import (
    APP_SECRET,
    CHAT,
    SECRET,
    TOKEN,
    FakeChats,
    Service,
    TelegramText,
    too_many,
)
from tests.fakes.digests import make_digest, make_paper
from tests.fakes.loopback import HTML, RESET, Reply

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
LABELS = load_message_labels("zh")
KINDS: tuple[Service, ...] = ("feishu", "dingtalk", "wecom", "telegram")
# More papers than any of the services has room for.
MANY = 120


@pytest.fixture
def chats() -> Iterator[FakeChats]:
    with FakeChats(NOW) as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def clock(pauses: list[float]) -> Clock:
    return Clock(now=lambda: NOW, sleep=pauses.append)


def make_channel(chats: FakeChats, service: Service, clock: Clock) -> Channel:
    address, secret = SecretStr(chats.address(service)), SecretStr(SECRET)
    channels: dict[Service, Callable[[], Channel]] = {
        "feishu": lambda: FeishuChannel(
            FeishuDelivery(webhook=address, secret=secret), LABELS, clock, 5
        ),
        "dingtalk": lambda: DingTalkChannel(
            DingTalkDelivery(webhook=address, secret=secret), LABELS, clock, 5
        ),
        "wecom": lambda: WeComChannel(WeComDelivery(webhook=address), LABELS, 5),
        "telegram": lambda: TelegramChannel(
            TelegramDelivery(token=SecretStr(TOKEN), chat=CHAT, api_url=chats.url), LABELS, 5
        ),
    }
    return channels[service]()


@pytest.mark.parametrize("service", KINDS)
@pytest.mark.parametrize("papers", [0, 3, MANY])
def test_each_service_takes_a_quiet_day_a_few_papers_and_as_many_as_it_has_room_for(
    chats: FakeChats, clock: Clock, service: Service, papers: int
) -> None:
    channel = make_channel(chats, service, clock)
    parts = channel.render(make_digest(papers))
    assert [channel.send(part).state for part in parts] == ["sent"] * len(parts)
    assert [key for part in parts for key in part.keys] == [
        f"2611.{number:05d}" for number in range(1, papers + 1)
    ]
    shown = str(chats.messages(service))
    told = shown.count("扩散模型的步数预算")
    assert told == papers if papers < MANY else 3 < told < MANY
    assert [f"第 {number} 篇：" in shown for number in range(1, told + 1)] == [True] * told
    # A message ends with a whole paper, and says how many it leaves out.
    assert shown.count("61 处数字") == told
    assert (f"另有 {papers - told} 篇放不下" in shown) == (told < papers)


# What services really answer where something is wrong, and what a person is told of it.
REFUSALS: tuple[tuple[Service, Reply, str], ...] = (
    ("feishu", Reply(body={"code": 19024, "msg": "Key Words Not Found"}), "19024: Key Words"),
    ("feishu", Reply(400, {"code": 9499, "msg": "Bad Request", "data": {}}), "9499: Bad Request"),
    ("feishu", Reply(body={"code": 11246, "msg": "ErrCode: 200621; parse card json err"}), "11246"),
    ("dingtalk", Reply(body={"errcode": 310000, "errmsg": f"sign not match {SECRET}"}), "310000"),
    ("wecom", Reply(body={"errcode": 93000, "errmsg": f"invalid webhook {TOKEN}"}), "93000"),
    (
        "telegram",
        Reply(401, {"ok": False, "error_code": 401, "description": "Unauthorized"}),
        "401",
    ),
    ("telegram", Reply(body=b"<html>proxy</html>", status=502), "it answered HTTP 502"),
    ("wecom", HTML, "it answered HTTP 200"),
)


@pytest.mark.parametrize(("service", "reply", "told"), REFUSALS)
def test_a_refusal_is_told_in_the_words_of_the_service_without_secrets(
    chats: FakeChats, clock: Clock, service: Service, reply: Reply, told: str
) -> None:
    channel = make_channel(chats, service, clock)
    chats.script(reply)
    attempt = channel.send(channel.render(make_digest(1))[0])
    assert attempt.state == "waiting"
    assert told in attempt.reason
    assert not {TOKEN, SECRET} & set(attempt.reason.replace(":", " ").split())


# The ways in which services say that messages come too fast.
TOO_FAST: tuple[tuple[Service, Reply, float], ...] = (
    ("feishu", Reply(body={"code": 11232, "msg": "frequency limited psm[lark.oapi]"}), 60),
    ("feishu", Reply(429, {"code": 9499, "msg": "too many request, frequency limited"}), 60),
    ("dingtalk", Reply(body={"errcode": 130101, "errmsg": "send too fast, exceed 20 times"}), 60),
    ("wecom", Reply(body={"errcode": 45009, "errmsg": "api freq out of limit"}), 60),
    ("telegram", too_many(7), 7),
)


@pytest.mark.parametrize(("service", "reply", "pause"), TOO_FAST)
def test_a_service_that_asks_for_a_pause_gets_it_and_then_the_message(
    chats: FakeChats,
    clock: Clock,
    pauses: list[float],
    service: Service,
    reply: Reply,
    pause: float,
) -> None:
    channel = make_channel(chats, service, clock)
    chats.script(reply)
    assert send_patiently(channel, channel.render(make_digest(1))[0], clock).state == "sent"
    assert pauses == [pause]
    assert len(chats.messages(service)) == 1


def test_a_long_pause_is_left_to_the_next_run(
    chats: FakeChats, clock: Clock, pauses: list[float]
) -> None:
    channel = make_channel(chats, "telegram", clock)
    chats.script(too_many(3600))
    assert send_patiently(channel, channel.render(make_digest(1))[0], clock).state == "waiting"
    assert pauses == []


@pytest.mark.parametrize("service", KINDS)
def test_what_may_have_arrived_is_not_what_surely_did_not(
    chats: FakeChats, clock: Clock, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chats.script(RESET)
    with FakeChats(NOW) as gone:
        pass
    channels = [make_channel(server, service, clock) for server in (chats, gone)]
    attempts = [channel.send(channel.render(make_digest(1))[0]) for channel in channels]
    assert [attempt.state for attempt in attempts] == ["unknown", "waiting"]
    assert TOKEN not in f"{attempts}"
    assert TOKEN not in "".join(r.getMessage() for r in caplog.records if "chatpaper" in r.name)


def test_telegram_shows_the_best_paper_below_its_figure_and_the_others_after_it(
    chats: FakeChats, clock: Clock
) -> None:
    channel = make_channel(chats, "telegram", clock)
    digest = make_digest(3)
    for part in channel.render(digest):
        assert channel.send(part).state == "sent"
    photo, message = chats.taken
    assert (photo.body["method"], message.body["method"]) == ("sendPhoto", "sendMessage")
    figure = digest.papers[0].figure
    assert figure is not None
    assert photo.png == figure.png
    caption, text = (
        TelegramText.read(photo.body["caption"]),
        TelegramText.read(message.body["text"]),
    )
    assert "1. 第 1 篇" in caption.text
    assert "第 2 篇" not in caption.text
    assert "2. 第 2 篇" in text.text
    assert "3 篇新论文" in caption.text
    assert "3 篇新论文" in text.text
    assert digest.papers[0].post_url in caption.links


def test_a_caption_without_room_is_a_message_as_a_whole(chats: FakeChats, clock: Clock) -> None:
    channel = make_channel(chats, "telegram", clock)
    digest = make_digest(1)
    digest = replace(digest, papers=(replace(digest.papers[0], tldr="很长的一句话。" * 200),))
    (part,) = channel.render(digest)
    assert channel.send(part).state == "sent"
    assert chats.taken[0].body["method"] == "sendMessage"


def test_feishu_shows_the_figures_that_an_app_could_upload(chats: FakeChats, clock: Clock) -> None:
    chats.signed = False
    settings = FeishuDelivery(
        webhook=SecretStr(chats.address("feishu")),
        app_id="cli_1",
        app_secret=SecretStr(APP_SECRET),
    )
    channel = FeishuChannel(settings, LABELS, clock, 5)
    assert channel.send(channel.render(make_digest(2))[0]).state == "sent"
    refused = FeishuChannel(
        settings.model_copy(update={"app_secret": SecretStr("wrong")}), LABELS, clock, 5
    )
    assert refused.send(refused.render(make_digest(2))[0]).state == "sent"
    with_figures, without = chats.messages("feishu")
    keys = [e["img_key"] for e in with_figures["card"]["elements"] if e["tag"] == "img"]
    assert keys == ["img_v3_1", "img_v3_2"]
    assert "img" not in [element["tag"] for element in without["card"]["elements"]]


def test_wecom_news_has_eight_papers_with_whole_characters(chats: FakeChats, clock: Clock) -> None:
    settings = WeComDelivery(webhook=SecretStr(chats.address("wecom")), style="news")
    channel = WeComChannel(settings, LABELS, 5)
    digest = make_digest(20)
    long = make_paper(1, title="很长的标题" * 30, tldr="很长的一句话。" * 100)
    digest = replace(digest, papers=(long, *digest.papers[1:]))
    assert channel.send(channel.render(digest)[0]).state == "sent"
    articles = chats.messages("wecom")[0]["news"]["articles"]
    assert len(articles) == 8
    assert len(articles[0]["title"].encode()) <= 128
    assert articles[0]["title"].endswith("…")
    assert len(articles[0]["description"].encode()) <= 512
