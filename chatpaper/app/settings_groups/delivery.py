"""The settings of delivery: to whom each night's papers are sent, and how."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from chatpaper.app.settings_groups.base import (
    AtLeastOne,
    Group,
    PositiveSeconds,
    Texts,
    check_web_address,
)
from chatpaper.app.settings_groups.secrets import OptionalSecret, drop_blanks

_MAIL_ADDRESS = re.compile(r"[!#-'*+/-9=?A-Z^-~.-]+@[A-Za-z0-9.-]+")
_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def _check_secret_address(secret: SecretStr | None) -> SecretStr | None:
    """Return a secret that is a web address; raise ValueError, without showing it, otherwise."""
    if secret is not None and not urlsplit(secret.get_secret_value()).netloc:
        raise ValueError("must be the whole address of the webhook, beginning with https://")
    if secret is not None:
        check_web_address(secret.get_secret_value())
    return secret


# The address of a webhook: whoever knows it can write to the group.
Webhook = Annotated[OptionalSecret, AfterValidator(_check_secret_address)]


def _check_mail_address(address: str) -> str:
    if address and not _MAIL_ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is not a plain mail address such as me@example.org")
    return address


def _check_mail_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_check_mail_address, addresses))


MailAddress = Annotated[str, AfterValidator(_check_mail_address)]


class MailDelivery(Group):
    """The mail server that takes the mails, and who gets them.

    `security` is `tls` from the first byte, `starttls`, or `none`. `password` may also stand in
    `CHATPAPER_DELIVER__MAIL__PASSWORD`.
    """

    to: Annotated[Texts, AfterValidator(_check_mail_addresses)] = ()
    sender: MailAddress = ""
    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    password: OptionalSecret = None

    @property
    def server_port(self) -> int:
        """The port that is asked for, or else the usual one."""
        return self.port or _PORTS[self.security]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.to:
            return self
        for name in ("host", "sender"):
            if not getattr(self, name):
                raise ValueError(f"deliver.mail needs `{name}` as well as `to`")
        if self.user and self.password is None:
            raise ValueError(
                "deliver.mail.user needs a password: set CHATPAPER_DELIVER__MAIL__PASSWORD"
            )
        if self.user and self.security == "none" and self.host not in _THIS_MACHINE:
            raise ValueError(
                "deliver.mail.security is `none`, by which the password would go over the network "
                "for all to read: use `tls` or `starttls`"
            )
        return self


class FeishuDelivery(Group):
    """The custom bot of a Feishu or Lark group; `secret` is that of its signature, if it has one.

    Figures are shown if `app_id` and `app_secret` of an app are set that may upload images.
    """

    webhook: Webhook = None
    secret: OptionalSecret = None
    app_id: str = ""
    app_secret: OptionalSecret = None


class DingTalkDelivery(Group):
    """The custom robot of a DingTalk group; `secret` is that of its signature, where it has one."""

    webhook: Webhook = None
    secret: OptionalSecret = None


class WeComDelivery(Group):
    """The robot of a WeCom group.

    `markdown` is one text of as many papers as fit into 4096 bytes; `news` is up to eight papers
    with links.
    """

    webhook: Webhook = None
    style: Literal["markdown", "news"] = "markdown"


class TelegramDelivery(Group):
    """The bot that writes, and the chat or channel that it writes to.

    `api_url` is another server of the bot API, where Telegram's own cannot be reached.
    """

    token: OptionalSecret = None
    chat: str = ""
    api_url: Annotated[str, AfterValidator(check_web_address)] = "https://api.telegram.org"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.token is None) != (not self.chat):
            raise ValueError("deliver.telegram needs both `token` and `chat`")
        return self


def _check_mark_address(address: str) -> str:
    is_address = address.startswith(("https://", "http://", "mailto:"))
    if address and not (is_address and "{kind}" in address and "{id}" in address):
        raise ValueError(
            "must be an address with {kind} and {id} in it, such as "
            "mailto:me@example.org?subject=chatpaper {kind} {id}"
        )
    return address


def find_foreign_server(written: Mapping[str, Any], deliver: "DeliverySettings") -> tuple[str, str]:
    """Return what a settings file says of a server, and the key, where its secret is not beside it.

    That is the mail server, or one of Telegram's API; both are empty where all is as usual.
    """
    mail, telegram = written.get("mail", {}), written.get("telegram", {})
    if deliver.mail.password and mail.get("host") and not mail.get("password"):
        return str(mail["host"]), "deliver.mail.host"
    if deliver.telegram.token and telegram.get("api_url") and not telegram.get("token"):
        return urlsplit(str(telegram["api_url"])).hostname or "", "deliver.telegram.api_url"
    return "", ""


class DeliverySettings(Group):
    """To whom each night's new papers are sent: by mail, to groups, or to Apprise `urls`.

    Every address that is set gets them, each paper once. On a day without new papers nothing is
    sent unless `on_quiet_days` is set. A message has at most `max_papers` papers, the best ones.
    `mark_url` is where links to like and to hide a paper lead: an address of the web or of mail
    with `{kind}` and `{id}` in it.
    """

    on_quiet_days: bool = False
    max_papers: AtLeastOne = 30
    timeout_seconds: PositiveSeconds = 30.0
    mark_url: Annotated[str, AfterValidator(_check_mark_address)] = ""
    urls: Annotated[tuple[SecretStr, ...], AfterValidator(drop_blanks)] = ()
    mail: MailDelivery = MailDelivery()
    feishu: FeishuDelivery = FeishuDelivery()
    dingtalk: DingTalkDelivery = DingTalkDelivery()
    wecom: WeComDelivery = WeComDelivery()
    telegram: TelegramDelivery = TelegramDelivery()
