"""Nothing that papers or models wrote becomes markup, a link or a mention in a message."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatpaper.write.messages.cards import (
    build_dingtalk_card,
    build_feishu_card,
    build_markdown,
    build_wecom_markdown,
)
from chatpaper.write.messages.digest import Digest
from chatpaper.write.messages.mail import MailAddresses, build_mail
from chatpaper.write.messages.telegram import render_message
from chatpaper.write.messages.wording import load_message_labels
from tests.fakes.chats import TelegramText
from tests.fakes.digests import make_digest

LABELS = load_message_labels("zh")
ADDRESSES = MailAddresses("chatpaper@example.org", ("reader@example.org",))
PAYLOADS = (
    "[look](https://evil.example/)",
    "![x](https://evil.example/p.png)",
    "<a href='https://evil.example'>x</a>",
    "https://evil.example/ www.evil.example",
    "<script>alert(1)</script>",
    "<@all> @everyone <at id=all></at> <!channel>",
    "**bold** _it_ `code` ~~no~~",
    "# heading",
    "- item",
    "&#60;b&#62; &lt;b&gt;",
    '"><img src=x onerror=alert(1)>',
    "](https://evil.example)",
    "\\](https://evil.example)",
    "a\n\n# b\r\nBcc: x@evil.example",
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(1)",
)
TEXTS = st.one_of(
    st.sampled_from(PAYLOADS),
    st.lists(
        st.sampled_from(
            (
                "[",
                "]",
                "(",
                ")",
                "<",
                ">",
                "*",
                "_",
                "`",
                "&",
                "#",
                "!",
                "\\",
                "://",
                "https",
                "@",
                "|",
                "~",
                "\n",
                " ",
                "a",
                "扩",
                "%",
                "$",
                "'",
                '"',
            )
        ),
        max_size=12,
    ).map("".join),
)
Render = Callable[[Digest], str]
MARKDOWN: dict[str, Render] = {
    "dingtalk": lambda digest: str(build_dingtalk_card(digest, LABELS)["actionCard"]["text"]),
    "wecom": lambda digest: str(build_wecom_markdown(digest, LABELS)["markdown"]["content"]),
    "apprise": lambda digest: build_markdown(digest, LABELS, 4000),
    "feishu": lambda digest: "\n\n".join(
        element["content"]
        for element in build_feishu_card(digest, LABELS, figures=False)["card"]["elements"]
        if element["tag"] == "markdown"
    ),
}


def make_hostile(text: str, address: str = "") -> Digest:
    """Return a digest whose every text from outside is the given one."""
    digest = make_digest(2)
    paper = replace(
        digest.papers[0],
        title=text,
        original_title=text,
        authors=text,
        tldr=text,
        verdict=text,
        reason=text,
        notes=(text,),
        lines=(text, text),
        paper_url=address or digest.papers[0].paper_url,
    )
    papers = (paper, digest.papers[1])
    return replace(digest, topics=(text, "LLM"), papers=papers, lead=text)


def list_own_links(digest: Digest) -> set[str]:
    return {url for paper in digest.papers for url in (paper.post_url, paper.paper_url) if url} | {
        digest.url
    }


def list_tokens(text: str) -> list[Token]:
    reader = MarkdownIt("gfm-like", {"linkify": True, "html": True})
    assert reader.linkify is not None
    # A name that ends like a domain, as train.py, may lead to what it shows.
    reader.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    return [token for block in reader.parse(text) for token in (block, *(block.children or ()))]


@pytest.mark.parametrize("service", MARKDOWN)
@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_no_text_becomes_markup_in_a_chat(service: str, text: str) -> None:
    digest = make_hostile(text)
    tokens = list_tokens(MARKDOWN[service](digest))
    links = {str(token.attrs["href"]) for token in tokens if token.type == "link_open"}
    assert links <= list_own_links(digest)
    assert not {"image", "html_inline", "html_block", "code_inline", "em_open", "s_open"} & {
        token.type for token in tokens
    }


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_no_text_becomes_markup_in_telegram(text: str) -> None:
    digest = make_hostile(text)
    shown = TelegramText.read(render_message(digest, LABELS))
    assert not shown.fault
    assert {*shown.links} <= list_own_links(digest)


@settings(max_examples=40, deadline=None)
@given(text=TEXTS)
def test_no_text_becomes_markup_or_a_header_in_a_mail(text: str) -> None:
    digest = make_hostile(text)
    mail = build_mail(digest, ADDRESSES, LABELS, datetime(2026, 11, 22, tzinfo=UTC))
    assert mail["Bcc"] is None
    body = mail.get_body(("html",))
    assert body is not None
    page = html.document_fromstring(body.get_content())
    assert {link for _, name, link, _ in page.iterlinks() if name == "href"} <= list_own_links(
        digest
    )
    assert not page.xpath("//script | //*[@onerror] | //b[not(ancestor::p)]")
    assert {image.get("src", "").partition(":")[0] for image in page.iter("img")} <= {"cid"}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "/etc/passwd"])
def test_an_address_that_is_none_of_the_web_is_no_link(address: str) -> None:
    digest = make_hostile("x", address)
    mail = build_mail(digest, ADDRESSES, LABELS, datetime(2026, 11, 22, tzinfo=UTC))
    texts = [render(digest) for render in MARKDOWN.values()]
    assert address not in "".join((*texts, render_message(digest, LABELS)))
    for kind in ("html", "plain"):
        body = mail.get_body((kind,))
        assert body is not None
        assert address not in body.get_content()
