"""The message that readers wake up to, from a run to the servers that take it."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from chatpaper.operations.delivery.mark_links import read_mark
from chatpaper.storage.papers.marks import Mark
from tests.cli.conftest import Terminal, submitted
from tests.cli.test_operations import NOW, RUN, day
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.chats import CHAT, SECRET, TOKEN, FakeChats
from tests.fakes.loopback import Reply
from tests.fakes.smtp import FakeSmtp, serve_mail
from tests.fakes.webhook import FakeWebhook


@pytest.fixture
def smtp() -> Iterator[FakeSmtp]:
    with serve_mail() as server:
        yield server


@pytest.fixture
def online(online: Terminal) -> Terminal:
    online.now = NOW
    if online.forker is not None:
        # Pictures of mails are made by the command itself.
        online.forker.load("chatpaper.extract.pdf.rendering")
    return online


def test_a_refused_mail_is_told_and_sent_again_and_each_paper_comes_once(
    online: Terminal, arxiv: FakeArxiv, smtp: FakeSmtp
) -> None:
    mark_url = "mailto:me@example.org?subject=chatpaper {kind} {id}"
    online.environment |= smtp.variables() | {"CHATPAPER_DELIVER__MARK_URL": mark_url}
    submitted(arxiv, timedelta(days=3), NOW)
    held_back = arxiv.papers.pop(0)
    smtp.refused.append("451 4.7.1 try later, token s3cret")
    refused = online.run(*RUN, day(0))
    assert refused.exit_code == 0
    assert "mail: the message was not accepted: the mail server answered 451" in refused.err
    assert "s3cret" not in refused.err
    assert smtp.mails == []
    assert online.run(*RUN, day(0)).exit_code == 0
    assert online.run(*RUN, day(0)).exit_code == 0
    arxiv.papers.append(held_back)
    assert online.run(*RUN, day(0)).exit_code == 0
    first, second = smtp.mails
    html, text = first.get_body(("html",)), first.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert first["Subject"] == "Diffusion Models：2 篇新论文（10月15日）"
    assert "A Withdrawn Diffusion Model" in html.get_content()
    assert "1 篇新论文" in str(second["Subject"])
    shown = second.get_body(("html",))
    assert shown is not None
    assert "Withdrawn" not in shown.get_content()
    pictures = [part for part in second.walk() if part.get_content_type() == "image/png"]
    assert len(pictures) == 1
    marked = "mailto:me@example.org?subject=chatpaper%20hide%202611.00001"
    assert f'href="{marked}"' in shown.get_content()
    content_id = pictures[0]["Content-ID"].strip("<>")
    assert f'src="cid:{content_id}"' in shown.get_content()


def test_every_group_gets_the_papers_once_and_a_quiet_day_only_if_wished(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    submitted(arxiv, timedelta(days=3), NOW)
    with FakeChats(NOW) as chats, FakeWebhook() as webhook:
        online.environment |= {
            "CHATPAPER_DELIVER__FEISHU__WEBHOOK": chats.address("feishu"),
            "CHATPAPER_DELIVER__FEISHU__SECRET": SECRET,
            "CHATPAPER_DELIVER__DINGTALK__WEBHOOK": chats.address("dingtalk"),
            "CHATPAPER_DELIVER__DINGTALK__SECRET": SECRET,
            "CHATPAPER_DELIVER__WECOM__WEBHOOK": chats.address("wecom"),
            "CHATPAPER_DELIVER__TELEGRAM__TOKEN": TOKEN,
            "CHATPAPER_DELIVER__TELEGRAM__CHAT": CHAT,
            "CHATPAPER_DELIVER__TELEGRAM__API_URL": chats.url,
            "CHATPAPER_DELIVER__URLS": json.dumps([webhook.address]),
            "CHATPAPER_POST__SITE_URL": "https://papers.example.org",
            "CHATPAPER_WEB__PUBLIC_URL": "https://page.example.org/",
        }
        told = online.run("-vv", *RUN, day(1))
        assert told.exit_code == 0
        again = online.run(*RUN, day(1), CHATPAPER_DELIVER__ON_QUIET_DAYS="true")
        assert again.exit_code == 0
        taken = [each.service for each in chats.taken]
        assert taken == ["feishu", "dingtalk", "wecom", "telegram", "telegram"]
        assert len(webhook.messages) == 1
        links = re.findall(r"https://page\.example\.org/mark\?[^\s)]+", str(webhook.messages[0]))
        secret = (online.home / "state" / "mark-secret").read_bytes()
        assert {read_mark(urlsplit(each).query, secret) for each in links} == {
            Mark("", arxiv_id, kind)
            for arxiv_id in ("2611.00001", "2611.00002", "2611.00003")
            for kind in ("like", "hide")
        }
        assert secret.hex() not in told.err
        assert "signature" not in told.err
        # A later night has nothing new: silence, unless it is wished otherwise, and then once.
        assert online.run(*RUN, day(0)).exit_code == 0
        assert len(chats.taken) == 5
        for _ in range(2):
            assert online.run(*RUN, day(0), CHATPAPER_DELIVER__ON_QUIET_DAYS="true").exit_code == 0
        assert len(chats.taken) == 9
        assert "没有新论文" in str(chats.messages("wecom")[-1])
        assert all(TOKEN not in each.err + each.out for each in (told, again))
        assert SECRET not in told.err + told.out


def test_a_run_that_was_killed_while_it_sent_does_not_send_again(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    submitted(arxiv, timedelta(days=3), NOW)
    with FakeChats(NOW) as chats:
        online.environment["CHATPAPER_DELIVER__WECOM__WEBHOOK"] = chats.address("wecom")
        held = threading.Event()
        chats.script(Reply(body={"errcode": 0, "errmsg": "ok"}, held_until=held))
        with online.start(*RUN, day(0)) as process:
            chats.await_call()
            process.kill()
        # The next command waits until the killed one has ended, which must get no reply before.
        again = online.run(*RUN, day(0))
        held.set()
        assert again.exit_code == 0
        assert len(chats.calls) == 1
    assert "wecom: a run was killed while it sent a message" in again.err


def test_a_test_message_and_previews_are_made_of_the_last_papers(
    online: Terminal, arxiv: FakeArxiv, smtp: FakeSmtp
) -> None:
    assert "deliver: nobody gets messages" in online.run("doctor").out
    named = online.run("doctor", **smtp.variables())
    assert "ok   deliver: 1 mail" in named.out
    nobody = online.run("notify", "--test")
    assert nobody.exit_code == 2
    assert "Nobody gets messages yet: set deliver.mail" in nobody.err
    invented = online.run("notify", "--preview", "invented")
    assert invented.exit_code == 0
    submitted(arxiv, timedelta(days=3), NOW)
    assert online.run(*RUN, day(0)).exit_code == 0
    tried = online.run("notify", "--test", "--kind", "mail", **smtp.variables())
    assert tried.exit_code == 0, tried.err
    assert "mail: the message was accepted." in tried.out
    assert str(smtp.mails[0]["Subject"]).startswith("【测试】Diffusion Models：3 篇新论文")
    shown = online.run("notify", "--preview", "previews")
    names = [*shown.out.split()]
    assert {name.rpartition(".")[2] for name in names} == {"eml", "html", "json", "png"}
    assert {name.partition("/")[2].partition(".")[0].partition("-")[0] for name in names} == {
        "mail",
        "feishu",
        "dingtalk",
        "wecom",
        "telegram",
        "urls",
    }
    page = (online.home / "previews" / "mail.html").read_text("utf-8")
    assert "data:image/png;base64," in page
    assert "Step Budgets for Diffusion Models" in page
    assert online.run("notify", "--test", "--kind", "fax").exit_code == 2
    assert online.run("notify").exit_code == 2
    wrong = online.run("notify", "--test", CHATPAPER_DELIVER__MARK_URL="javascript:{kind}{id}")
    assert wrong.exit_code == 2
    assert "deliver.mark_url: must be an address with {kind} and {id} in it" in wrong.err
    smtp.refused.append("554 no")
    refused = online.run("notify", "--test", **smtp.variables())
    assert refused.exit_code == 4
    assert "the mail server answered 554 to the mail" in refused.err


def test_a_paper_is_in_the_message_minutes_after_it_is_announced(
    online: Terminal, arxiv: FakeArxiv, smtp: FakeSmtp
) -> None:
    online.environment |= smtp.variables()
    # Five past eight in New York, on an evening of announcements; the API has nothing before
    # midnight.
    online.now = datetime(2026, 10, 16, 0, 5, tzinfo=UTC)
    arxiv.announced = [paper for paper in arxiv.papers if paper.pdf is not None]
    arxiv.announcement_day = date(2026, 10, 16)
    arxiv.indexed = []
    submitted(arxiv, timedelta(days=1), online.now)
    run = ("run", "--topic", "Diffusion Models", "--wait-for-announcement")
    fresh = online.run(*run)
    assert fresh.exit_code == 0, fresh.err
    assert "1 found, 1 published" in fresh.out
    assert "1 篇新论文" in str(smtp.mails[0]["Subject"])
    # At midnight all have it: the next run finds the others, and this one not again.
    arxiv.indexed = None
    online.now += timedelta(hours=12)
    later = online.run("run", "--topic", "Diffusion Models")
    assert later.exit_code == 0
    shown = smtp.mails[1].get_body(("html",))
    assert shown is not None
    assert "Step Budgets for Diffusion Models" not in shown.get_content()


def test_each_of_several_readers_gets_the_papers_under_the_name_that_they_know(
    online: Terminal, arxiv: FakeArxiv, smtp: FakeSmtp
) -> None:
    submitted(arxiv, timedelta(days=3), NOW)
    server = "".join(
        f"{name} = {value}\n"
        for name, value in {
            "sender": '"papers@example.org"',
            "host": '"127.0.0.1"',
            "port": smtp.port,
            "security": '"none"',
        }.items()
    )
    (online.home / "chatpaper.toml").write_text(
        "".join(
            f'[profiles.{name}]\ntopics = ["Diffusion Models"]\noutput_dir = "{name}"\n'
            f'[profiles.{name}.deliver.mail]\nto = "{name}@example.org"\n{server}'
            for name in ("ada", "bob")
        )
    )
    for name in ("ada", "bob", "ada"):
        assert online.run("run", "--date", day(0), "--profile", name).exit_code == 0
    assert smtp.readers == [["ada@example.org"], ["bob@example.org"]]
    assert {str(mail["Subject"]) for mail in smtp.mails} == {
        "Diffusion Models：3 篇新论文（10月15日）"
    }
    tried = online.run("notify", "--test", "--profile", "bob")
    assert tried.exit_code == 0, tried.err
    assert str(smtp.mails[2]["Subject"]).startswith("【测试】Diffusion Models：3 篇")
