"""Exports to reference managers and note takers, read back by the rules that these read them by."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatpaper.domain import Claim, FieldAnswer
from chatpaper.write.export.export import collect_papers
from chatpaper.write.export.ris import render_ris
from chatpaper.write.export.vaults import render_notion_page, render_obsidian_note
from chatpaper.write.site.post_folder import PostFolder
from tests.write.listings import post, record

HOSTILE = st.text("aERTY-:#[]<>*|%=`'\"\\$\r\n •，—")
HOSTILE |= st.sampled_from(
    ["x\nER  - \n\nTY  - JOUR", "a\n---\nadmin: true", "[[x]] ![[y]] %%z%% ==w==", "<img src=x>"]
)


def read_ris(text: str) -> list[tuple[str, str]]:
    """Read a record as Zotero does: what begins with no tag goes on with the value before."""
    fields: list[tuple[str, str]] = []
    for line in re.split(r"\r\n?|\n", text):
        tag = re.match(r"([A-Z][A-Z0-9]) {1,2}- ?(.*)", line.strip())
        if tag:
            fields.append((tag[1], tag[2]))
        elif line.strip():
            fields[-1] = (fields[-1][0], f"{fields[-1][1]}\n{line}")
    return fields


def hostile(text: str) -> Any:
    answers: dict[str, FieldAnswer] = {
        "title": text,
        "summary": text,
        "keywords": (text, text),
        "key_takeaways": (Claim(text, text, 3, text),),
    }
    return record(answers=answers, title=f"T{text}", authors=(f"A{text}",), comment=text)


def test_a_reference_manager_gets_tags_and_a_note_with_pages() -> None:
    paper = record() | {"topics": ["Diffusion Models"], "abstract": "We sample."}
    fields = read_ris(render_ris(paper))
    assert fields[0] == ("TY", "UNPB")
    assert [value for tag, value in fields if tag == "AU"] == ["Ada Lovelace", "Łukasz Ørsted"]
    tags = [value for tag, value in fields if tag == "KW"]
    assert tags == ["Diffusion Models", "扩散模型", "采样", "cs.CV", "cs.LG"]
    (note,) = (value for tag, value in fields if tag == "N1")
    assert note.split("\n") == ["• 题目", "• 本文提出方法。", "• 要点一。（第 3 页）", "• 要点二。"]
    known = dict(fields)
    assert known["L1"] == "https://arxiv.org/pdf/2607.00001v1"
    assert (known["DA"], known["AB"], known["ID"]) == (
        "2026/07/01",
        "We sample.",
        "lovelace2026paper",
    )
    assert read_ris(render_ris(record(journal_ref="ICCV 2026")))[0] == ("TY", "JOUR")


@given(HOSTILE)
def test_no_text_begins_a_field_or_ends_a_record(text: str) -> None:
    fields = read_ris(render_ris(hostile(text)))
    tags = [tag for tag, _ in fields]
    assert (tags[0], tags[-1]) == ("TY", "ER")
    assert (tags.count("TY"), tags.count("ER"), tags.count("N1") <= 1) == (1, 1, True)
    assert not any("<" in value for tag, value in fields if tag == "N1")


def properties(note: str) -> Any:
    _, front, _ = re.split(r"^---\n", note, maxsplit=2, flags=re.MULTILINE)
    return yaml.safe_load(front)


def test_a_note_of_a_vault_has_properties_sections_and_proofs() -> None:
    note = render_obsidian_note(record() | {"topics": ["Diffusion Models"], "date": "2026-07-02"})
    assert properties(note) == {
        "aliases": ["Paper 2607.00001", "题目"],
        "authors": ["Ada Lovelace", "Łukasz Ørsted"],
        "arxiv": "2607.00001",
        "published": date(2026, 7, 1),
        "url": "http://arxiv.org/abs/2607.00001v1",
        "pdf": "https://arxiv.org/pdf/2607.00001v1",
        "posted": date(2026, 7, 2),
        "tags": ["Diffusion-Models", "扩散模型", "采样", "cs-CV", "cs-LG"],
    }
    assert "## 总结\n\n本文提出方法。" in note
    place = "[第 3 页](https://arxiv.org/pdf/2607.00001v1#page=3)"
    assert f"- 要点一。（{place}）\n    > quote\n- 要点二。\n" in note


@given(HOSTILE)
def test_no_text_opens_a_property_a_link_or_a_comment(text: str) -> None:
    paper = hostile(text)
    note = render_obsidian_note(paper)
    assert set(properties(note)) <= {
        *("aliases", "authors", "arxiv", "published", "url", "pdf", "tags"),
    }
    body = note.partition("\n---\n")[2]
    code_and_maths = re.sub(r"`[^`]*`|\$[^$]*\$", "", body)
    assert not re.search(r"(?<!\\)\[\[|(?<!\\)%%|<img", code_and_maths)
    shown = MarkdownIt("commonmark", {"html": False}).render(render_notion_page(paper))
    links = re.findall(r'href="([^"]*)"', shown)
    assert all(link.startswith("https://arxiv.org/pdf/2607.00001v1#page=3") for link in links)


def test_a_page_of_notion_begins_with_its_title_and_properties() -> None:
    page = render_notion_page(record(title="On [Links](x)") | {"topics": ["LLM"]})
    first, blank, authors, *_ = page.split("\n")
    assert (first, blank) == ("# On [Links&#93;(x)", "")
    assert authors == "Authors: Ada Lovelace, Łukasz Ørsted"
    assert "\nTags: LLM, 扩散模型, 采样, cs.CV, cs.LG\n" in page


def test_the_answers_of_all_formats_of_a_paper_are_united(tmp_path: Path) -> None:
    day = date(2026, 7, 2)
    brief: dict[str, FieldAnswer] = {
        "title": "题目",
        "tldr": "一句话。",
        "limitations": ("局限。",),
    }
    daily: dict[str, FieldAnswer] = {
        "title": "题目",
        "summary": "本文。",
        "key_takeaways": (Claim("要点。", "q", 2, "1"),),
    }
    post(tmp_path, day, "LLM", [record(answers=daily)])
    post(tmp_path, day, "LLM", [record(answers=brief)], "brief")
    english = record(answers={"workload": "Much."}) | {"language": "en"}
    post(tmp_path, day, "LLM", [english], "report")
    post(tmp_path, day, "NeRF", [record(answers={"workload": "旧。"}, version=0)])
    folder = PostFolder(tmp_path, tmp_path / "cache")
    (paper,) = collect_papers(folder, None, None, ())
    assert paper.record["summary"] == {
        "title": "题目",
        "tldr": "一句话。",
        "limitations": ["局限。"],
        "summary": "本文。",
        "key_takeaways": ["要点。"],
    }
    assert [each["text"] for each in paper.record["evidence"]] == ["要点。"]


@pytest.mark.parametrize("links", [["https://github.com/a/b"], ["javascript:alert(1)"]])
def test_links_lead_to_the_web_alone(links: list[str]) -> None:
    note = render_notion_page(record() | {"links": links})
    assert ("](https://github.com/a/b)" in note) == (links[0].startswith("https"))
    assert "](javascript" not in note
