"""The mail as mail programs read it."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from chatpaper.write.messages.digest import Digest, DigestFigure
from chatpaper.write.messages.mail import (
    MOST_FIGURE_BYTES,
    MOST_HTML_BYTES,
    MailAddresses,
    build_mail,
)
from chatpaper.write.messages.wording import load_message_labels
from tests.fakes.digests import make_digest, make_png

LABELS = load_message_labels("zh")
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


def read_back(digest: Digest) -> tuple[EmailMessage, str, str]:
    """Return a mail after its way through the wire, its HTML and its text."""
    addresses = MailAddresses("chatpaper@example.org", ("a@example.org", "b@example.org"))
    sent = build_mail(digest, addresses, LABELS, NOW).as_bytes()
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    mail = message_from_bytes(sent, policy=default)
    assert isinstance(mail, EmailMessage)
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert text is not None
    return mail, html.get_content(), text.get_content()


def test_a_mail_has_all_of_the_papers_as_html_and_as_text_with_figures_of_its_own() -> None:
    digest = make_digest(3)
    mail, html, text = read_back(digest)
    assert mail["Subject"] == "Diffusion Models：3 篇新论文（11月22日）"
    assert str(mail["To"]) == "a@example.org, b@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    for paper in digest.papers:
        for part in (html, text):
            for words in (paper.title, paper.tldr, paper.verdict, paper.reason, paper.post_url):
                assert words in part
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    names = [str(part["Content-ID"]).strip("<>") for part in pictures]
    assert len(names) == len({*names}) == 3
    assert all(f"cid:{name}" in html for name in names)
    assert mail.get_content_type() == "multipart/alternative"


def test_the_same_papers_make_the_same_message_id() -> None:
    first, again, other = (read_back(make_digest(number))[0] for number in (3, 3, 4))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]


def test_what_has_no_room_is_left_to_the_link() -> None:
    digest = make_digest(60)
    long = tuple(replace(paper, tldr="很长的一句话。" * 150) for paper in digest.papers)
    _, html, text = read_back(replace(digest, papers=long))
    shown = html.count("<h2")
    assert 5 < shown < 60
    assert len(html.encode()) <= MOST_HTML_BYTES
    assert f"另有 {60 - shown} 篇放不下" in html
    assert f"另有 {60 - shown} 篇放不下" in text
    assert f"\n{shown}. " in text


def test_figures_stop_where_a_mail_would_become_too_large() -> None:
    large = DigestFigure(make_png() + b"\0" * (MOST_FIGURE_BYTES // 3), "图 1")
    digest = make_digest(5)
    heavy = tuple(replace(paper, figure=large) for paper in digest.papers)
    mail, html, _ = read_back(replace(digest, papers=heavy))
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert len(pictures) == html.count("cid:") == 2
    assert html.count("<h2") == 5


def test_a_quiet_day_says_so() -> None:
    mail, html, text = read_back(make_digest(0))
    assert mail["Subject"] == "Diffusion Models：没有新论文（11月22日）"
    assert "今天没有新论文。" in html
    assert "今天没有新论文。" in text
