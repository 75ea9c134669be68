"""Feishu, DingTalk, WeCom and Telegram on 127.0.0.1, as far as bots that send messages see them.

Forms, limits, signatures and the codes of errors are those of the services' own documents.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from html.parser import HTMLParser
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import LoopbackServer, Reply, Request

Service = Literal["feishu", "dingtalk", "wecom", "telegram"]

TOKEN = "t0k3n-of-the-webhook"
SECRET = "SEC-s1gn"
APP_SECRET = "app-s3cret"
CHAT = "-100200"
MOST_FEISHU_BYTES = 20 * 1024
MOST_DINGTALK_BYTES = 20_000
MOST_WECOM_BYTES = 4096
MOST_TEXT, MOST_CAPTION = 4096, 1024
_HOUR_SECONDS = 3600
_TELEGRAM_TAGS = ("a", "b", "i")


@dataclass(frozen=True)
class TakenMessage:
    """A message that a service took, and the picture that came with it."""

    service: Service
    body: Any
    png: bytes = b""


class FakeChats(LoopbackServer):
    """Takes messages; scripted replies come first, in place of what a service would say."""

    def __init__(self, now: datetime, *, signed: bool = True) -> None:
        super().__init__()
        self.now = now
        self.signed = signed
        self.taken: list[TakenMessage] = []
        self.uploads: list[bytes] = []

    def address(self, service: Service) -> str:
        """Return the address of a webhook, with a token in it, or of Telegram's API."""
        paths: dict[Service, str] = {
            "feishu": f"/open-apis/bot/v2/hook/{TOKEN}",
            "dingtalk": f"/robot/send?access_token={TOKEN}",
            "wecom": f"/cgi-bin/webhook/send?key={TOKEN}",
            "telegram": "",
        }
        return f"{self.url}{paths[service]}"

    def messages(self, service: Service) -> list[Any]:
        """Return the bodies of the messages that a service took."""
        return [each.body for each in self.taken if each.service == service]

    def is_call(self, request: Request) -> bool:
        return not request.path.startswith(("/open-apis/auth", "/open-apis/im"))

    def reply(self, request: Request) -> Reply:
        path = urlsplit(request.path).path
        if path.startswith("/open-apis/auth"):
            return self._give_token(request)
        if path.startswith("/open-apis/im"):
            return self._take_image(request)
        if scripted := self.next_scripted():
            return scripted
        if path.startswith("/open-apis/bot"):
            return self._reply_as_feishu(request)
        if path == "/robot/send":
            return self._reply_as_dingtalk(request)
        if path == "/cgi-bin/webhook/send":
            return self._reply_as_wecom(request)
        return self._reply_as_telegram(request)

    def _reply_as_feishu(self, request: Request) -> Reply:
        body = request.body
        if not request.path.endswith(TOKEN):
            return Reply(
                400, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
            )
        if _size(body) > MOST_FEISHU_BYTES:
            return Reply(400, {"code": 9499, "msg": "Bad Request", "data": {}})
        if self.signed:
            key = f"{body.get('timestamp')}\n{SECRET}".encode()
            expected = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
            age = abs(self.now.timestamp() - int(body.get("timestamp", 0)))
            if body.get("sign") != expected or age > _HOUR_SECONDS:
                return Reply(
                    body={
                        "code": 19021,
                        "msg": "sign match fail or old timestamp",
                    }
                )
        if body.get("msg_type") != "interactive" or not body["card"]["elements"]:
            return Reply(body={"code": 9499, "msg": "Bad Request", "data": {}})
        for element in body["card"]["elements"]:
            if element["tag"] == "img" and not element["img_key"].startswith("img_v3_"):
                return Reply(
                    body={
                        "code": 11246,
                        "msg": f"ErrPath: img_key; invalid image {element['img_key']}",
                    }
                )
        self.taken.append(TakenMessage("feishu", body))
        return Reply(body={"code": 0, "msg": "success", "data": {}, "StatusCode": 0})

    def _give_token(self, request: Request) -> Reply:
        if request.body != {"app_id": "cli_1", "app_secret": APP_SECRET}:
            return Reply(body={"code": 10003, "msg": "invalid param"})
        return Reply(body={"code": 0, "msg": "ok", "tenant_access_token": "t-1", "expire": 7200})

    def _take_image(self, request: Request) -> Reply:
        form = read_form(request)
        if request.headers.get("authorization") != "Bearer t-1" or form["image_type"] != b"message":
            return Reply(400, {"code": 99991663, "msg": "Invalid access token"})
        self.uploads.append(form["image"])
        return Reply(
            body={"code": 0, "msg": "success", "data": {"image_key": f"img_v3_{len(self.uploads)}"}}
        )

    def _reply_as_dingtalk(self, request: Request) -> Reply:
        query = parse_qs(urlsplit(request.path).query)
        if query.get("access_token") != [TOKEN]:
            return Reply(body={"errcode": 300005, "errmsg": "token is not exist"})
        if self.signed:
            timestamp = query.get("timestamp", ["0"])[0]
            text = f"{timestamp}\n{SECRET}".encode()
            expected = base64.b64encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest())
            age = abs(self.now.timestamp() - int(timestamp) / 1000)
            if query.get("sign") != [expected.decode()] or age > _HOUR_SECONDS:
                return Reply(
                    body={"errcode": 310000, "errmsg": f"sign not match, {query.get('sign')}"}
                )
        if _size(request.body) > MOST_DINGTALK_BYTES:
            return Reply(body={"errcode": 460101, "errmsg": "message too long, exceed 20000 bytes"})
        kind = request.body.get("msgtype")
        needed = {"actionCard": ("title", "text", "singleURL"), "markdown": ("title", "text")}
        if kind not in needed or not all(request.body[kind].get(name) for name in needed[kind]):
            return Reply(body={"errcode": 400105, "errmsg": "unsupported msgtype"})
        self.taken.append(TakenMessage("dingtalk", request.body))
        return Reply(body={"errcode": 0, "errmsg": "ok"})

    def _reply_as_wecom(self, request: Request) -> Reply:
        body = request.body
        if not request.path.endswith(f"key={TOKEN}"):
            return Reply(body={"errcode": 93000, "errmsg": "invalid webhook url, hint: [1]"})
        if (
            body["msgtype"] == "markdown"
            and len(body["markdown"]["content"].encode()) > MOST_WECOM_BYTES
        ):
            return Reply(
                body={
                    "errcode": 40058,
                    "errmsg": "markdown.content exceed max length 4096. invalid Request Parameter",
                }
            )
        if body["msgtype"] == "news" and not 1 <= len(body["news"]["articles"]) <= 8:
            return Reply(
                body={"errcode": 40058, "errmsg": "news.articles invalid Request Parameter"}
            )
        self.taken.append(TakenMessage("wecom", body))
        return Reply(body={"errcode": 0, "errmsg": "ok"})

    def _reply_as_telegram(self, request: Request) -> Reply:
        _, token, method = request.path.split("/")
        if token != f"bot{TOKEN}":
            return refuse(401, "Unauthorized")
        form = read_form(request) if isinstance(request.body, bytes) else {}
        fields = {name: value.decode() for name, value in form.items() if name != "photo"}
        body: dict[str, Any] = {**(fields or request.body), "method": method}
        if body.get("chat_id") != CHAT:
            return refuse(400, "Bad Request: chat not found")
        text = body.get("caption" if method == "sendPhoto" else "text", "")
        shown = TelegramText.read(text)
        if shown.fault:
            return refuse(400, f"Bad Request: can't parse entities: {shown.fault}")
        if len(shown.text) > (MOST_CAPTION if method == "sendPhoto" else MOST_TEXT):
            return refuse(400, "Bad Request: message is too long")
        self.taken.append(TakenMessage("telegram", body, form.get("photo", b"")))
        return Reply(body={"ok": True, "result": {"message_id": len(self.taken)}})


class TelegramText(HTMLParser):
    """What Telegram makes of a text with `parse_mode` HTML: the words, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.fault = ""
        self._open: list[str] = []

    @classmethod
    def read(cls, text: str) -> "TelegramText":
        parser = cls()
        parser.feed(text)
        parser.close()
        if parser._open and not parser.fault:
            parser.fault = f"Can't find end tag corresponding to start tag {parser._open[-1]}"
        return parser

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in _TELEGRAM_TAGS:
            self.fault = f'Unsupported start tag "{tag}"'
        self._open.append(tag)
        self.links += [value or "" for name, value in attributes if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.fault = f'Unexpected end tag "{tag}"'

    def handle_data(self, data: str) -> None:
        self.text += data


def read_form(request: Request) -> dict[str, bytes]:
    """Return the fields of a form with files."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    fields = {}
    for part in message_from_bytes(head + request.body).get_payload():
        assert isinstance(part, Message)
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        fields[str(name)] = content
    return fields


def _invalid(what: str) -> Reply:
    message = f"{what}. invalid Request Parameter"
    return Reply(body={"errcode": 40058, "errmsg": message})


def refuse(code: int, description: str, **parameters: int) -> Reply:
    """Return what Telegram says when it takes no message."""
    body = {"ok": False, "error_code": code, "description": description}
    return Reply(code, body | ({"parameters": parameters} if parameters else {}))


def too_many(seconds: int) -> Reply:
    """Return what Telegram says to a bot that writes too fast."""
    return refuse(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def _size(body: Any) -> int:
    return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())
