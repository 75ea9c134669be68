"""A digest as the cards and texts of chat services, each within its limit of size.

The forms and limits are those of the services' own documents: Feishu's custom bots take 20 KB,
DingTalk's robots 20,000 bytes, WeCom's Markdown 4,096 bytes.
"""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from chatpaper.write.messages.digest import Digest, DigestPaper
from chatpaper.write.messages.escapes import escape_as_references, escape_full_width, to_target
from chatpaper.write.messages.fitting import dump_card, render_fitting
from chatpaper.write.messages.templating import Escape, keep_line, render_template
from chatpaper.write.messages.wording import format_heading, format_left_out

Card = dict[str, Any]

# Room is left for the time and the signature, which are added when a card is sent.
MOST_FEISHU_BYTES = 20_000 - 200
MOST_DINGTALK_BYTES = 20_000
MOST_WECOM_BYTES = 4096
MOST_NEWS_ARTICLES = 8
MOST_NEWS_TITLE_BYTES = 128
MOST_NEWS_TEXT_BYTES = 512
# Figures of Feishu are uploaded one by one; the first papers have them.
MOST_FEISHU_FIGURES = 5

_ELLIPSIS = "…"
# DingTalk's Markdown begins a line after an empty one, the others after each.
_LINE, _PARAGRAPH = Markup("\n"), Markup("\n\n")


def build_feishu_card(digest: Digest, labels: Mapping[str, str], *, figures: bool) -> Card:
    """Build an interactive card of Feishu, whose figures are named by the keys of their papers.

    Each name is to be replaced by the key that an upload gives. Raises ConfigError where not even
    the heading has room.
    """
    return _fit(
        digest,
        lambda part: {
            "msg_type": "interactive",
            "card": _feishu_card(part, labels, figures=figures),
        },
        MOST_FEISHU_BYTES,
    )


def name_feishu_figure(paper: DigestPaper) -> str:
    """Return what a card has in place of the key of a figure before it is uploaded."""
    return f"figure:{paper.arxiv_id}"


def _feishu_card(digest: Digest, labels: Mapping[str, str], *, figures: bool) -> Card:
    elements: list[Card] = [_plain(digest.lead)] if digest.lead else []
    for number, paper in enumerate(digest.papers):
        if number:
            elements.append({"tag": "hr"})
        alone = Digest(digest.day, digest.topics, (paper,))
        text = _chat_text(alone, labels, escape_as_references, _LINE, first=number + 1)
        elements.append({"tag": "markdown", "content": text})
        if figures and paper.figure and number < MOST_FEISHU_FIGURES:
            elements.append(
                {
                    "tag": "img",
                    "img_key": name_feishu_figure(paper),
                    "alt": {"tag": "plain_text", "content": keep_line(paper.figure.label)},
                }
            )
    if not digest.count:
        elements.append(_plain(labels["message_quiet"]))
    if left_out := format_left_out(digest, labels):
        elements.append(_plain(left_out))
    if url := to_target(digest.url):
        elements.append(
            {
                "tag": "action",
                "actions": [
                    {
                        "tag": "button",
                        "text": {"tag": "plain_text", "content": labels["message_all"]},
                        "type": "primary",
                        "url": url,
                    }
                ],
            }
        )
    return {
        "config": {"wide_screen_mode": True},
        "header": {
            "template": "blue",
            "title": {"tag": "plain_text", "content": keep_line(format_heading(digest, labels))},
        },
        "elements": elements,
    }


def _plain(text: str) -> Card:
    return {"tag": "div", "text": {"tag": "plain_text", "content": keep_line(text)}}


def build_dingtalk_card(digest: Digest, labels: Mapping[str, str]) -> Card:
    """Build an action card of DingTalk, or a Markdown message where no page has all papers.

    Raises ConfigError where not even the heading has room.
    """
    return _fit(digest, lambda part: _dingtalk_card(part, labels), MOST_DINGTALK_BYTES)


def _dingtalk_card(digest: Digest, labels: Mapping[str, str]) -> Card:
    title = str(escape_full_width(format_heading(digest, labels)))
    body = _chat_text(digest, labels, escape_full_width, _PARAGRAPH, shows_figures=True)
    text = f"### {title}\n\n{body}"
    if url := to_target(digest.url):
        card = {"title": title, "text": text, "singleTitle": labels["message_all"]}
        return {"msgtype": "actionCard", "actionCard": {**card, "singleURL": url}}
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}


def build_wecom_markdown(digest: Digest, labels: Mapping[str, str]) -> Card:
    """Build a Markdown message of WeCom; raises ConfigError where the heading has no room."""
    return render_fitting(
        digest,
        lambda part: {
            "msgtype": "markdown",
            "markdown": {"content": _wecom_text(part, labels)},
        },
        lambda card: len(card["markdown"]["content"].encode()) <= MOST_WECOM_BYTES,
    )


def _wecom_text(digest: Digest, labels: Mapping[str, str]) -> str:
    title = escape_full_width(format_heading(digest, labels))
    text = f"### {title}\n{_chat_text(digest, labels, escape_full_width, _LINE)}"
    url = to_target(digest.url)
    return f"{text}\n[{labels['message_all']}]({url})" if url else text


def build_wecom_news(digest: Digest, labels: Mapping[str, str]) -> Card:
    """Build a news message of WeCom: up to eight papers that have an address.

    Where none has one, it is a Markdown message. Titles and texts are plain; what is longer than
    the service takes ends with an ellipsis.
    """
    articles = [
        _wecom_article(paper)
        for paper in digest.papers
        if to_target(paper.post_url) or to_target(paper.paper_url)
    ]
    if not articles:
        return build_wecom_markdown(digest, labels)
    return {"msgtype": "news", "news": {"articles": articles[:MOST_NEWS_ARTICLES]}}


def _wecom_article(paper: DigestPaper) -> Card:
    picture = to_target(paper.figure.address) if paper.figure else ""
    return {
        "title": shorten_bytes(keep_line(paper.title), MOST_NEWS_TITLE_BYTES),
        "description": shorten_bytes(keep_line(paper.tldr), MOST_NEWS_TEXT_BYTES),
        "url": to_target(paper.post_url) or to_target(paper.paper_url),
        **({"picurl": picture} if picture else {}),
    }


def shorten_bytes(text: str, most: int) -> str:
    """Return text of at most so many bytes in UTF-8; one that is cut ends with an ellipsis.

    >>> shorten_bytes("扩散模型", 10)
    '扩散…'
    """
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    return encoded[: most - len(_ELLIPSIS.encode())].decode(errors="ignore") + _ELLIPSIS


def build_markdown(digest: Digest, labels: Mapping[str, str], most_characters: int) -> str:
    """Build the text of services that read Markdown, within their limit."""
    return render_fitting(
        digest,
        lambda part: _with_page(
            _chat_text(part, labels, escape_full_width, _PARAGRAPH), part, labels
        ),
        lambda text: len(text) <= most_characters,
    )


def _with_page(text: str, digest: Digest, labels: Mapping[str, str]) -> str:
    url = to_target(digest.url)
    return f"{text}\n\n[{labels['message_all']}]({url})" if url else text


def build_plain(digest: Digest, labels: Mapping[str, str], most_characters: int) -> str:
    """Build the text of services that read no markup, within their limit.

    Signs that one of them may read all the same are printed full width.
    """
    return render_fitting(
        digest,
        lambda part: render_template("mail.txt.j2", part, labels, escape_full_width),
        lambda text: len(text) <= most_characters,
    )


def _chat_text(
    digest: Digest,
    labels: Mapping[str, str],
    escape_text: Escape,
    gap: Markup,
    *,
    first: int = 1,
    shows_figures: bool = False,
) -> str:
    text = render_template(
        "chat.md.j2",
        digest,
        labels,
        escape_text,
        gap=gap,
        first=first,
        shows_figures=shows_figures,
    )
    return text.strip()


def _fit(digest: Digest, build: Callable[[Digest], Card], most_bytes: int) -> Card:
    return render_fitting(digest, build, lambda card: len(dump_card(card)) <= most_bytes)
