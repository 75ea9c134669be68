"""Send a digest to groups of Feishu, DingTalk and WeCom, and to chats of Telegram.

Each service says in the JSON of its answer, not by its HTTP status, whether it took a message.
Addresses, tokens and signatures are never shown; what a service says is shown without them.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import SecretStr

from chatpaper.app.settings_groups.delivery import (
    DingTalkDelivery,
    FeishuDelivery,
    TelegramDelivery,
    WeComDelivery,
)
from chatpaper.domain.clock import Clock
from chatpaper.fetch.http.posting import Answer, PostedFile, post_form, post_json
from chatpaper.operations.delivery.channels import Attempt, Part
from chatpaper.write.messages.cards import (
    build_dingtalk_card,
    build_feishu_card,
    build_wecom_markdown,
    build_wecom_news,
    name_feishu_figure,
)
from chatpaper.write.messages.digest import Digest
from chatpaper.write.messages.fitting import dump_card
from chatpaper.write.messages.telegram import render_caption, render_message

_OK = 200
# The codes by which services say that messages come too fast, and how long that lasts.
_FEISHU_TOO_FAST = {9499: None, 11232: 60.0}
_DINGTALK_TOO_FAST = 130101
_WECOM_TOO_FAST = 45009
_MINUTE_SECONDS = 60.0
# What services say of errors is a line; some quote the whole request.
_MOST_REASON_CHARACTERS = 160

Labels = Mapping[str, str]


def _keys(digest: Digest) -> tuple[str, ...]:
    return tuple(paper.arxiv_id for paper in digest.papers)


def _show(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _conclude(answer: Answer, code: object, said: object, secrets: Iterable[str]) -> Attempt:
    """Return how an attempt ended by the code that a service answered; 0 is acceptance."""
    if answer.fault:
        return Attempt("unknown" if answer.was_sent else "waiting", answer.fault)
    if code == 0:
        return Attempt("sent")
    if code is None:
        return Attempt("waiting", f"it answered HTTP {answer.status}", answer.retry_after_seconds)
    return Attempt(
        "waiting", f"it answered {code}: {_redact(str(said), secrets)}", answer.retry_after_seconds
    )


def _redact(text: str, secrets: Iterable[str]) -> str:
    """Return what a service says, in one line, without the secrets that it may repeat."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    return " ".join(text.split())[:_MOST_REASON_CHARACTERS]


def _list_parts_of_address(address: str) -> list[str]:
    """List an address and those of its parts that are secrets: the last of its path, its query."""
    parts = urlsplit(address)
    values = [pair.partition("=")[2] for pair in parts.query.split("&")]
    return [address, parts.path.rpartition("/")[2], parts.query, *values]


@dataclass(frozen=True, slots=True)
class FeishuChannel:
    """Interactive cards to a group of Feishu or Lark, through its custom bot."""

    settings: FeishuDelivery
    labels: Labels
    clock: Clock
    timeout_seconds: float
    name: str = "feishu"

    def render(self, digest: Digest) -> Sequence[Part]:
        """Render the digest as one card."""
        figures = {
            name_feishu_figure(paper): paper.figure.png for paper in digest.papers if paper.figure
        }
        has_app = bool(self.settings.app_id and self.settings.app_secret)
        card = build_feishu_card(digest, self.labels, figures=has_app)
        return (Part(dump_card(card), ".json", _keys(digest), figures if has_app else {}),)

    def send(self, part: Part) -> Attempt:
        """Send the card, signed for this minute, with the figures that could be uploaded."""
        card = json.loads(part.content)
        if part.figures:
            card["card"]["elements"] = list(self._upload_figures(card["card"]["elements"], part))
        if secret := _show(self.settings.secret):
            timestamp = str(int(self.clock.now().timestamp()))
            key = f"{timestamp}\n{secret}".encode()
            sign = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
            card |= {"timestamp": timestamp, "sign": sign}
        webhook = _show(self.settings.webhook)
        answer = post_json(webhook, dump_card(card), self.timeout_seconds)
        code = answer.body.get("code", answer.body.get("StatusCode"))
        secrets = [*_list_parts_of_address(webhook), secret]
        attempt = _conclude(answer, code, answer.body.get("msg", ""), secrets)
        if code in _FEISHU_TOO_FAST and "frequen" in attempt.reason:
            return Attempt("waiting", attempt.reason, _MINUTE_SECONDS)
        return attempt

    def _upload_figures(self, elements: Sequence[dict[str, Any]], part: Part) -> Iterable[Any]:
        """Yield the elements of a card, without the figures that could not be uploaded."""
        parts = urlsplit(_show(self.settings.webhook))
        api = f"{parts.scheme}://{parts.netloc}/open-apis"
        token = self._get_token(api)
        for element in elements:
            if element["tag"] != "img":
                yield element
                continue
            key = self._upload(api, token, part.figures[element["img_key"]]) if token else ""
            if key:
                yield {**element, "img_key": key}

    def _get_token(self, api: str) -> str:
        app = {"app_id": self.settings.app_id, "app_secret": _show(self.settings.app_secret)}
        answer = post_json(
            f"{api}/auth/v3/tenant_access_token/internal", dump_card(app), self.timeout_seconds
        )
        token = answer.body.get("tenant_access_token")
        return token if isinstance(token, str) else ""

    def _upload(self, api: str, token: str, png: bytes) -> str:
        answer = post_form(
            f"{api}/im/v1/images",
            {"image_type": "message"},
            PostedFile("image", png),
            self.timeout_seconds,
            {"Authorization": f"Bearer {token}"},
        )
        uploaded = answer.body.get("data")
        key = uploaded.get("image_key") if isinstance(uploaded, dict) else None
        return key if isinstance(key, str) else ""


@dataclass(frozen=True, slots=True)
class DingTalkChannel:
    """Action cards to a group of DingTalk, through its custom robot."""

    settings: DingTalkDelivery
    labels: Labels
    clock: Clock
    timeout_seconds: float
    name: str = "dingtalk"

    def render(self, digest: Digest) -> Sequence[Part]:
        """Render the digest as one card."""
        return (Part(dump_card(build_dingtalk_card(digest, self.labels)), ".json", _keys(digest)),)

    def send(self, part: Part) -> Attempt:
        """Send the card to the address that is signed for this minute."""
        webhook, secret = _show(self.settings.webhook), _show(self.settings.secret)
        address, sign = webhook, ""
        if secret:
            timestamp = round(self.clock.now().timestamp() * 1000)
            digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
            sign = quote(base64.b64encode(digest.digest()), safe="")
            joint = "&" if urlsplit(webhook).query else "?"
            address = f"{webhook}{joint}timestamp={timestamp}&sign={sign}"
        answer = post_json(address, part.content, self.timeout_seconds)
        code = answer.body.get("errcode")
        secrets = [*_list_parts_of_address(webhook), secret, sign]
        attempt = _conclude(answer, code, answer.body.get("errmsg", ""), secrets)
        if code == _DINGTALK_TOO_FAST:
            return Attempt("waiting", attempt.reason, _MINUTE_SECONDS)
        return attempt


@dataclass(frozen=True, slots=True)
class WeComChannel:
    """Messages to a group of WeCom, through its robot."""

    settings: WeComDelivery
    labels: Labels
    timeout_seconds: float
    name: str = "wecom"

    def render(self, digest: Digest) -> Sequence[Part]:
        """Render the digest as one message."""
        build = build_wecom_news if self.settings.style == "news" else build_wecom_markdown
        return (Part(dump_card(build(digest, self.labels)), ".json", _keys(digest)),)

    def send(self, part: Part) -> Attempt:
        """Send the message."""
        webhook = _show(self.settings.webhook)
        answer = post_json(webhook, part.content, self.timeout_seconds)
        code = answer.body.get("errcode")
        secrets = _list_parts_of_address(webhook)
        attempt = _conclude(answer, code, answer.body.get("errmsg", ""), secrets)
        if code == _WECOM_TOO_FAST:
            return Attempt("waiting", attempt.reason, _MINUTE_SECONDS)
        return attempt


@dataclass(frozen=True, slots=True)
class TelegramChannel:
    """Messages of a Telegram bot: the best paper below its figure, then the others."""

    settings: TelegramDelivery
    labels: Labels
    timeout_seconds: float
    name: str = "telegram"

    def render(self, digest: Digest) -> Sequence[Part]:
        """Render the digest as a photo and a message, or a message alone."""
        parts = []
        caption = render_caption(digest, self.labels)
        if caption:
            first, rest = digest.split_first()
            photo = {"method": "sendPhoto", "caption": caption, "parse_mode": "HTML"}
            figure = first.papers[0].figure
            pictures = {"photo": figure.png} if figure else {}
            parts.append(Part(dump_card(photo), ".json", _keys(first), pictures))
            digest = rest
        if digest.papers or digest.left_out or not parts:
            message = {
                "method": "sendMessage",
                "text": render_message(digest, self.labels),
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            }
            parts.append(Part(dump_card(message), ".json", _keys(digest)))
        return tuple(parts)

    def send(self, part: Part) -> Attempt:
        """Send a photo or a message."""
        message = json.loads(part.content)
        token = _show(self.settings.token)
        address = f"{self.settings.api_url}/bot{token}/{message.pop('method')}"
        message["chat_id"] = self.settings.chat
        if part.figures:
            file = PostedFile("photo", part.figures["photo"])
            answer = post_form(address, message, file, self.timeout_seconds)
        else:
            answer = post_json(address, dump_card(message), self.timeout_seconds)
        code = 0 if answer.body.get("ok") is True else answer.body.get("error_code")
        attempt = _conclude(answer, code, answer.body.get("description", ""), [token])
        asked = answer.body.get("parameters")
        pause = asked.get("retry_after") if isinstance(asked, dict) else None
        if attempt.state == "waiting" and isinstance(pause, int | float):
            return Attempt("waiting", attempt.reason, float(pause))
        return attempt
