"""What the page is made of, without a browser: who may come in, what is taken in, what is shown."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from chatpaper.app.settings import load_settings
from chatpaper.app.settings_groups import WebSettings
from chatpaper.domain import BBox, Claim, Document, Figure, Paper, PostEntry, Section, Summary
from chatpaper.domain.errors import ConfigError
from chatpaper.web.access.middleware import AccessMiddleware, ensure_access_control, is_loopback
from chatpaper.web.jobs.folders import locate_uploads, make_page_settings
from chatpaper.web.jobs.messages import make_public_message
from chatpaper.web.jobs.requests import Choices, parse_paper, parse_request
from chatpaper.web.jobs.uploads import RefusedUploadError, find_upload, save_upload
from chatpaper.web.translations import PAGE_LANGUAGES, choose_language, load_translations
from chatpaper.web.viewer.annotations import AnnotatedSummary, AnnotationKind, EvidenceLinks
from chatpaper.web.viewer.viewer_cache import SummaryView
from chatpaper.web.viewer.views import render_figures
from chatpaper.write.formats import load_format, load_labels
from chatpaper.write.post_paths import SiteLayout
from chatpaper.write.render import PostStyle
from tests.web.asking import DAY
from tests.write.payloads import PAYLOADS

KNOWN = Choices(("gemini", "openai"), ("en", "zh"), ("daily", "card"))
PDF = b"%PDF-1.7 and so on"


def asked_of(guard: AccessMiddleware, **headers: str) -> int:
    """Return the status of the answer to a request with these headers."""
    sent: list[Any] = []

    async def ask() -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            sent.append(message)

        named = [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ]
        await guard({"type": "http", "headers": named, "path": "/", "method": "GET"}, receive, send)

    asyncio.run(ask())
    assert any(name == b"content-security-policy" for name, _ in sent[0]["headers"])
    return int(sent[0]["status"])


def guarded(**settings: Any) -> AccessMiddleware:
    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return AccessMiddleware(inner, WebSettings(**settings))


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


def test_only_this_machine_is_let_in_by_default() -> None:
    assert asked_of(guarded(), host="127.0.0.1:7860") == 200
    assert asked_of(guarded(), host="localhost:7860") == 200
    assert asked_of(guarded(), host="evil.example") == 403


def test_a_password_is_asked_for_and_any_name_goes_with_it() -> None:
    guard = guarded(host="0.0.0.0", password=SecretStr("päss"))
    assert asked_of(guard, host="x.example") == 401
    assert asked_of(guard, host="x.example", authorization=basic("me:wrong")) == 401
    assert asked_of(guard, host="x.example", authorization="Basic %%%") == 401
    assert asked_of(guard, host="x.example", authorization=basic("me:päss")) == 200


def test_a_proxy_has_to_say_who_comes() -> None:
    guard = guarded(host="0.0.0.0", proxy_header="X-Forwarded-User")
    assert asked_of(guard, host="x.example") == 403
    assert asked_of(guard, host="x.example", x_forwarded_user="me") == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org"])
def test_another_address_needs_a_guard(host: str) -> None:
    with pytest.raises(ConfigError, match=r"web\.password"):
        ensure_access_control(WebSettings(host=host))
    ensure_access_control(WebSettings(host=host, password=SecretStr("x")))
    ensure_access_control(WebSettings(host=host, proxy_header="X-User"))


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u3000"])
def test_a_blank_password_guards_nothing(blank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATPAPER_WEB__PASSWORD", blank)
    with pytest.raises(ConfigError, match=r"web\.password"):
        ensure_access_control(load_settings(None, {"web": {"host": "0.0.0.0"}}).web)


def test_loopback_is_told_from_the_rest() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "10.0.0.1", "::", "localhost.example")))


def taken(content: bytes, name: str, folder: Path, megabytes: int = 1) -> str:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    return asyncio.run(save_upload(chunks(), name, folder, max_megabytes=megabytes))


@pytest.mark.parametrize(
    "name", ["paper.pdf", "../../etc/passwd.pdf", "C:\\x\\论文.pdf", "", "a\r\nb.pdf", "x" * 300]
)
def test_no_name_of_an_upload_leaves_its_folder(name: str, tmp_path: Path) -> None:
    kept = taken(PDF, name, tmp_path / "uploads")
    assert find_upload(kept, tmp_path / "uploads").read_bytes() == PDF
    assert [path.name for path in tmp_path.iterdir()] == ["uploads"]


def test_what_is_too_large_or_no_pdf_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RefusedUploadError, match="larger than 1 MB"):
        taken(PDF + bytes(1_000_001), "paper.pdf", tmp_path)
    with pytest.raises(RefusedUploadError, match="not a PDF"):
        taken(b"<html>", "paper.pdf", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_files_of_one_name_are_two_papers(tmp_path: Path) -> None:
    assert taken(PDF, "paper.pdf", tmp_path) != taken(PDF + b"!", "paper.pdf", tmp_path)


@pytest.mark.parametrize(
    "named",
    [
        "/etc/passwd",
        "~/x.pdf",
        "..",
        "http://127.0.0.1/x.pdf",
        "file:///etc/passwd",
        "examples",
        "",
        "x" * 1000,
        "\\x",
    ],
)
def test_visitors_name_papers_of_arxiv_and_nothing_else(named: str, tmp_path: Path) -> None:
    settings = make_page_settings(load_settings(None, {"state_dir": tmp_path}))
    with pytest.raises(ConfigError) as raised:
        parse_paper(named, "", settings)
    assert "file" not in str(raised.value).replace("file://", "")
    with pytest.raises(ConfigError):
        parse_paper("", "../chatpaper.db", settings)


def requested(settings: Any, **changes: Any) -> Any:
    choices = {
        "reference": "2407.18125",
        "backend": "gemini",
        "language": "zh",
        "formats": ["daily"],
    }
    return parse_request(choices | changes, settings, KNOWN)


def test_a_wish_changes_the_settings_of_its_own_run_alone(tmp_path: Path) -> None:
    llm = {"base_url": "http://127.0.0.1:1", "api_key": "owners"}
    settings = make_page_settings(load_settings(None, {"state_dir": tmp_path, "llm": llm}))
    own = requested(settings, api_key=" visitors ", language="en", formats=["card"]).apply_to(
        settings
    )
    assert (own.api_key, own.language, own.run.formats) == ("visitors", "en", ("card",))
    assert own.llm.base_url == "http://127.0.0.1:1"
    # Neither the owner's key nor his server is told to another service.
    other = requested(settings, backend="openai").apply_to(settings)
    assert (other.llm.base_url, other.llm.api_key) == (None, None)
    assert "visitors" not in repr(requested(settings, api_key="visitors"))


@pytest.mark.parametrize(
    "changes",
    [
        {"backend": "evil"},
        {"language": "../x"},
        {"formats": ["../x"]},
        {"formats": []},
        {"model": "a b\n"},
        {"api_key": "x\n"},
    ],
)
def test_what_cannot_be_chosen_is_refused(changes: dict[str, Any], tmp_path: Path) -> None:
    settings = make_page_settings(load_settings(None, {"state_dir": tmp_path}))
    if changes == {"api_key": "x\n"}:
        changes = {"api_key": "x\ny"}
    with pytest.raises(ConfigError):
        requested(settings, **changes)


def test_the_page_keeps_its_things_apart_from_those_of_the_nights(tmp_path: Path) -> None:
    settings = load_settings(
        None,
        {
            "state_dir": tmp_path / "s",
            "cache_dir": tmp_path / "c",
            "output_dir": tmp_path / "o",
            "post": {"site": "hexo", "assets_dir": tmp_path / "a", "json": tmp_path / "j"},
        },
    )
    own = make_page_settings(settings)
    assert own.folders.keys() == {"output_dir", "state_dir", "cache_dir"}
    assert own.post.layout == SiteLayout()
    for folder in (own.state_dir, own.cache_dir, own.output_dir, locate_uploads(own)):
        assert tmp_path / "s" / "web" in (folder, *folder.parents)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("/srv/state/web/cache/x.pdf: took too long", "…: took too long"),
        ("The cache folder /var/lib/a cannot be written", "The cache folder … cannot be written"),
        ("C:\\Users\\me\\x.pdf is damaged", "… is damaged"),
        (
            "see https://arxiv.org/abs/2407.18125 there",
            "see https://arxiv.org/abs/2407.18125 there",
        ),
        ("paper-0123456789abcdef0123456789abcdef: no text", "paper: no text"),
        ("10 / 20 and/or", "10 / 20 and/or"),
    ],
)
def test_messages_tell_no_path_of_this_machine(message: str, shown: str) -> None:
    assert make_public_message(Exception(message)) == shown


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    first, *others = (load_translations(language) for language in PAGE_LANGUAGES)
    for other in others:
        assert first.keys() == other.keys()
        for name in first:
            assert sorted(_gaps(first[name])) == sorted(_gaps(other[name])), name


def _gaps(text: str) -> list[str]:
    from string import Formatter

    return [field for _, field, _, _ in Formatter().parse(text) if field]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("de,en;q=0.5,zh;q=0.4", "en"),
        ("zh;q=0", "en"),
        ("zh;q=x,*", "en"),
    ],
)
def test_the_page_speaks_what_the_browser_asks_for(header: str, language: str) -> None:
    assert choose_language(header) == language


TEXT = (
    "We train on 64 samples. The error falls by 83% after 40 steps. "
    "Adam is used for training of the network."
)


def marked(
    summary: str,
    takeaway: Claim,
    sections: tuple[Section, ...] = (Section("1", "Results", 1, 3, TEXT),),
) -> AnnotatedSummary:
    document = Document(title="Steps", sections=sections)
    paper = Paper("2611.00001", "Steps", version=1)
    names = load_format("daily").fields
    answers: dict[str, Any] = dict.fromkeys(names, "") | {
        "summary": summary,
        "key_takeaways": (takeaway,),
    }
    return AnnotatedSummary(
        PostEntry(paper, document, Summary(answers, "zh", "gemini", "m", "p")), document, paper
    )


LINKS = EvidenceLinks(
    "/e", {"supported": "supported", "elsewhere": "elsewhere", "missing": "not <found>"}
)


def text_of(summary: AnnotatedSummary) -> str:
    return summary.to_markdown(load_format("daily"), PostStyle(load_labels("zh")), DAY, LINKS)


def marked_as(words: str, kind: AnnotationKind) -> str:
    return f"[{words}{LINKS.render_sign(kind)}]({LINKS.url}/"


def test_each_claim_leads_to_its_evidence() -> None:
    summary = marked(
        "误差在 40 步后下降 83%，用了 987 个样本。",
        Claim("用 64 个样本训练", "We train on 64 samples.", 3, "1 Results"),
    )
    text = text_of(summary)
    assert marked_as("83%", "supported") in text
    assert "#supported)" in text
    assert marked_as("987", "missing") in text
    assert "#missing)" in text
    assert summary.count("missing") == 1
    places = {
        mark.claim.value: [(place.page, place.section) for place in mark.places]
        for mark in summary.annotations
    }
    assert places["83%"] == [(3, "1 Results")]


def test_a_paper_that_is_not_at_hand_is_not_said_to_lack_anything() -> None:
    summary = marked(
        "误差在 40 步后下降 83%，用了 987 个样本。",
        Claim("用 64 个样本训练", "We train on 64 samples.", 3, "1 Results"),
        sections=(),
    )
    assert not summary.is_checked
    assert "误差在 40 步后下降 83%，用了 987 个样本。" in text_of(summary)
    assert [(mark.kind, mark.places[0].words) for mark in summary.annotations] == [
        ("supported", "We train on 64 samples.")
    ]


def test_formulas_are_left_alone() -> None:
    text = text_of(marked("取 $n = 40$ 时，共 40 步。", Claim("要点")))
    assert "$n = 40$" in text
    assert marked_as("40", "supported") in text


def test_signs_are_seen_and_their_meaning_is_heard() -> None:
    assert LINKS.render_sign("missing") == (
        '<span class="sign" aria-hidden="true">✗</span>'
        '<span class="unseen"> (not &lt;found&gt;)</span>'
    )


@pytest.mark.parametrize(
    "payload", PAYLOADS, ids=lambda payload: f"{payload.kind}-{payload.number}"
)
def test_what_models_say_cannot_become_more_than_text(payload: Any) -> None:
    from markdown_it import MarkdownIt

    text = text_of(marked(payload.text, Claim(payload.text)))
    for kind in LINKS.labels:
        text = text.replace(LINKS.render_sign(kind), "")
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    tags = set(re.findall(r"<([A-Za-z!?][A-Za-z0-9]*)", html))
    assert tags <= {"p", "a", "strong", "ol", "ul", "li", "blockquote", "h1", "h2"}
    assert all(
        address.startswith(("/e/", "https://")) for address in re.findall(r'href="([^"]*)"', html)
    )
    assert not re.search(r"<a [^>]*evil", html)


def test_signs_of_private_use_in_an_answer_lead_nowhere() -> None:
    text = text_of(marked("\ue000\ue100坏\ue001 和 \ue000\uf000坏\ue001", Claim("要点")))
    assert "坏" in text
    assert "](/e/0" not in text.split("Key Takeaways")[0]


def test_captions_on_the_page_have_their_labels_in_the_language_of_the_summary() -> None:
    figure = Figure("Table 2", "table", "Results", 3, BBox(0, 0, 9, 9), image="table-2.png")
    paper, document = Paper("2611.00001", "Steps"), Document(figures=(figure,))
    entry = PostEntry(paper, document, Summary({}, "zh", "gemini", "m", "p"))
    summary = AnnotatedSummary(entry, document, paper)
    view = SummaryView("n", (), None, paper, entry, summary, ())
    assert "\n\n**表 2** Results" in render_figures(view, [figure], load_translations("en"))
