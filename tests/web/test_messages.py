"""Errors are told in the visitor's language: what happened, and what to do."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from chatpaper.app.settings_groups import WebSettings
from chatpaper.domain import errors
from chatpaper.web.access.middleware import AccessMiddleware
from chatpaper.web.jobs.messages import describe_error
from chatpaper.web.translations import PAGE_LANGUAGES, choose_language, load_translations
from chatpaper.web.viewer.views import render_error
from chatpaper.web.visitor_errors import VisitorError

CHINESE = re.compile("[\u4e00-\u9fff]")


def all_kinds(kind: type[errors.ChatPaperError]) -> Iterator[type[errors.ChatPaperError]]:
    yield kind
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:
            yield from all_kinds(each)


def make_error(kind: type[errors.ChatPaperError]) -> errors.ChatPaperError:
    """Make an error of a class as it may come out of the pipeline."""
    message = "Something in /srv/state/web is wrong: do this."
    if kind is errors.ExtractError:
        return errors.ExtractError(message, path="", reason="encrypted")
    if kind is errors.WriteError:
        return errors.WriteError(message, path="")
    return kind(message)


@pytest.mark.parametrize("kind", list(all_kinds(errors.ChatPaperError)))
def test_every_error_of_the_pipeline_is_told_in_both_languages(
    kind: type[errors.ChatPaperError],
) -> None:
    error = make_error(kind)
    english = describe_error(error, load_translations("en"))
    chinese = describe_error(error, load_translations("zh"))
    assert CHINESE.search(chinese.text)
    assert not CHINESE.search(english.text)
    # What happened, and what to do.
    assert len(re.findall(r"[.:;](?:\s|$)", english.text)) >= 2
    assert english.details == chinese.details == "Something in … is wrong: do this."


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("encrypted", "password"),
        ("timeout", "too much time"),
        ("scanned", "OCR"),
        ("damaged", "damaged"),
        ("crashed", "damaged"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_told_by_its_reason(reason: str, told: str) -> None:
    error = errors.ExtractError("x.pdf", path="x.pdf", reason=reason)
    assert told in describe_error(error, load_translations("en")).text


def test_defects_are_told_without_what_they_say_of_this_machine() -> None:
    message = describe_error(ValueError("/home/me/x.py: broken"), load_translations("zh"))
    assert "chatpaper 内部出错了" in message.text
    assert message.details == "…: broken"


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_errors_of_visitors_need_no_details(language: str) -> None:
    words = load_translations(language)
    html = render_error(VisitorError("not_arxiv", value="<b>"), words)
    assert "&lt;b&gt;" in html
    assert "<details>" not in html


def test_numbers_in_errors_are_written_as_people_do() -> None:
    slow = VisitorError("upload_slow", duration=timedelta(minutes=10))
    assert "10 min" in str(slow)
    assert "10 分内" in slow.translate(load_translations("zh"))
    assert "1,200" in str(VisitorError("upload_pages", pages=1200, most=300))


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, "Enter the password of this page."),
        ({"accept-language": "zh-CN,en;q=0.4"}, "请输入本页的密码"),
        ({"accept-language": "zh", "cookie": "a=b; chatpaper_language=en"}, "Enter the password"),
        ({"accept-language": "en", "cookie": "chatpaper_language=../zh"}, "Enter the password"),
    ],
)
def test_who_is_refused_is_told_in_their_language(headers: dict[str, str], told: str) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def unused(*_: Any) -> Any:
        raise AssertionError

    guard = AccessMiddleware(unused, WebSettings(host="0.0.0.0", password=SecretStr("x")))
    named = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "headers": named, "path": "/", "method": "GET"}
    asyncio.run(guard(scope, unused, send))
    assert told in sent[1]["body"].decode()


def test_the_language_read_last_comes_first() -> None:
    assert choose_language("en", "chatpaper_language=zh") == "zh"
    assert choose_language("zh", "chatpaper_language=fr") == "zh"
    assert choose_language("zh", "other_chatpaper_language=en") == "zh"
