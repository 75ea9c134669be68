"""Write what each channel would send to files, and make up a digest to try channels with."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from chatpaper.app.publishing import build_publisher
from chatpaper.app.settings import Settings
from chatpaper.app.settings_groups.delivery import MailDelivery
from chatpaper.app.sources import mark_reader
from chatpaper.domain.clock import Clock
from chatpaper.operations.delivery.channels import Channel, Part
from chatpaper.operations.delivery.content import DigestSource
from chatpaper.operations.delivery.directory import build_channel, list_channels
from chatpaper.storage.store import Store
from chatpaper.write.files import write_atomically
from chatpaper.write.messages.cards import build_markdown
from chatpaper.write.messages.digest import Digest, DigestPaper
from chatpaper.write.messages.fitting import dump_card
from chatpaper.write.messages.wording import format_heading, load_message_labels

# As long as the shortest common limit of the services of Apprise that read Markdown.
_USUAL_CHARACTERS = 4000
_NO_SENDER = "chatpaper@localhost.localdomain"


def find_digest(settings: Settings, store: Store, today: date) -> Digest:
    """Return the papers that were published last, marked as a test, or else an invented one."""
    newest = store.deliveries.list_newest(mark_reader(settings))
    if newest:
        source = DigestSource.open(settings, build_publisher(settings, store))
        topics = tuple(dict.fromkeys(paper.topic for paper in newest))
        digest = source.build(newest[0].post_date, topics, newest)
        if digest.papers:
            return replace(digest.keep_first(settings.deliver.max_papers), is_test=True)
    return _invent_digest(settings, today)


def _invent_digest(settings: Settings, today: date) -> Digest:
    labels = load_message_labels(settings.language)
    paper = DigestPaper(
        "test",
        labels["message_sample_title"],
        tldr=labels["message_sample_tldr"],
        reason=labels["message_sample_reason"],
    )
    return Digest(today, settings.run.topics or ("chatpaper",), (paper,), is_test=True)


def write_previews(
    settings: Settings, kinds: Sequence[str], digest: Digest, folder: Path, clock: Clock
) -> tuple[Path, ...]:
    """Write the messages of kinds to a folder, and return the files.

    A mail is written as it is sent, and as a page that a browser opens. Raises WriteError where the
    folder cannot be written.
    """
    if not settings.deliver.mail.sender:
        # A mail has a sender; nothing is sent here.
        shown = MailDelivery(sender=_NO_SENDER)
        settings = settings.model_copy(
            update={"deliver": settings.deliver.model_copy(update={"mail": shown})}
        )
    written: list[Path] = []
    for kind in kinds:
        for name, content in _render_kind(settings, kind, digest, clock):
            path = folder / name
            write_atomically(path, content)
            written.append(path)
    return tuple(written)


def _render_kind(
    settings: Settings, kind: str, digest: Digest, clock: Clock
) -> list[tuple[str, bytes]]:
    if kind != "urls":
        return _name_parts(kind, build_channel(settings, kind, clock), digest)
    channels = [each for each in list_channels(settings, clock) if each.name.startswith("urls:")]
    if channels:
        return [
            named
            for place, channel in enumerate(channels)
            for named in _name_parts(f"urls-{place}", channel, digest)
        ]
    labels = load_message_labels(settings.language)
    message = {
        "title": format_heading(digest, labels),
        "body": build_markdown(digest, labels, _USUAL_CHARACTERS),
        "format": "markdown",
    }
    return [("urls.json", dump_card(message))]


def _name_parts(kind: str, channel: Channel, digest: Digest) -> list[tuple[str, bytes]]:
    parts = channel.render(digest)
    named = []
    for number, part in enumerate(parts, 1):
        stem = kind if len(parts) == 1 else f"{kind}-{number}"
        named.append((f"{stem}{part.suffix}", part.content))
        if part.suffix == ".eml":
            named.append((f"{stem}.html", make_page(part)))
        else:
            named += [
                (f"{stem}-{place}.png", png) for place, png in enumerate(part.figures.values(), 1)
            ]
    return named


def make_page(part: Part) -> bytes:
    """Return the HTML of a mail with its figures in it, which a browser shows as it is."""
    mail = message_from_bytes(part.content, policy=default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("html",))
    html = str(body.get_content()) if body is not None else ""
    for picture in mail.walk():
        if picture.get_content_maintype() == "image":
            content = picture.get_payload(decode=True)
            assert isinstance(content, bytes)
            address = f"data:image/png;base64,{base64.b64encode(content).decode()}"
            html = html.replace(f"cid:{str(picture['Content-ID']).strip('<>')}", address)
    return html.encode()
