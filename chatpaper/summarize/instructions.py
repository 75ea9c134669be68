"""Sentences of a paper that address a model or a reviewer instead of its readers.

They are kept from the model and are no evidence for anything it says; the post tells where they stand.
"""

import re
from dataclasses import replace
from functools import lru_cache

from chatpaper.domain import Document, Figure, Instruction, Paper, Section

_MODEL = r"(?:AI|LLMs?|(?:large )?language models?|chat ?bots?|ChatGPT|GPT-?\d?|Gemini|assistants?)"
_READER = rf"(?:{_MODEL}|(?:peer |automated |meta-)?reviewers?|summari[sz]ers?)"
_TASK = r"(?:instructions?|prompts?|rules|guidelines|directives)"
_REPORT = r"(?:review|evaluation|assessment|summary|answer|response|reply|output|feedback|rating|score)"
_MARKUP = r"(?:https?://|<\s*/?\s*(?:script|iframe|img|svg|a|style)\b|!?\[[^\]]*\]\(|data:text)"

_ADDRESSES = (
    rf"\b(?:ignore|disregard|forget|override|bypass)\b.{{0,40}}\b(?:previous|prior|above|earlier|all|your|other|system)\b"
    rf".{{0,30}}\b{_TASK}\b",
    rf"\bignore\b.{{0,20}}\b(?:language|output|safety)? {_TASK} above\b",
    r"\b(?:give|write|provide|generate|return|output|produce|submit)\b.{0,30}"
    r"\b(?:positive|favou?rable|glowing|enthusiastic)\b.{0,20}\b(?:review|evaluation|assessment|feedback|rating|score)",
    r"\b(?:recommend|vote for|advise|suggest)\b.{0,20}\b(?:acceptance|accepting|strong accept)\b|\bstrong accept\b",
    r"\bdo not\b.{0,25}\b(?:highlight|mention|report|list|critici[sz]e)\b.{0,25}"
    r"\b(?:negatives?|weakness(?:es)?|limitations?|flaws?)",
    r"\b(?:output|print|reveal|repeat|show|leak|disclose|display|translate)\b.{0,20}\b(?:your|the|its)\b.{0,20}"
    r"\b(?:system (?:prompt|message|instructions?)|initial prompt|hidden instructions?)",
    rf"\b(?:if you are|as|note to|attention|dear|to (?:any|all)|message for)\b.{{0,20}}\b{_READER}\b.{{0,40}}"
    r"\b(?:you|must|should|please|shall)\b",
    r"\byou are (?:now )?(?:an?|the|in) (?:helpful |unrestricted |new )?(?:assistant|developer mode|AI|DAN)\b",
    r"\byou are DAN\b",
    rf"\b(?:in|to|into|at the end of|with|begin|start) your {_REPORT}\b",
    rf"\b(?:insert|include|add|append|embed)\b.{{0,40}}{_MARKUP}",
    r"\b(?:insert|include|add|append|embed)\b.{0,60}\b(?:in|into|to|at the end of) (?:your|the) "
    r"(?:answer|reply|output|summary)\b",
    r"\b(?:begin|start|end|reply|respond|answer|write)\b.{0,30}"
    r"\bwith (?:exactly|only)\b|\b(?:reply|answer) (?:only )?with the (?:word|phrase|sentence|text)\b",
    r"(?:^|[.!?])\s*(?:say|state|claim|pretend) that (?:this|the) (?:paper|work|method|authors?)\b",
    r"\[/?INST\]|<\|[a-z_]+\|>|###\s*(?:system|instruction|assistant)\b|<<<\s*(?:END )?PAPER",
    r"(?:忽略|无视|忘记|不要理会).{0,8}(?:以上|以前|之前|先前|上述|所有|全部).{0,8}(?:指令|指示|提示|要求|规则)",
    r"(?:给出|给予|写出|撰写|生成|请写|请给|务必给).{0,12}(?:正面|积极|好评|高分|满分|最高).{0,6}(?:评价|评审|评语|意见|评分)",
    r"(?:务必|请|应|必须)(?:直接)?(?:接收|录用|接受)(?:本文|该文|论文|此文)|建议(?:直接)?(?:录用|接收)",
    r"(?:输出|打印|显示|泄露|复述|翻译|公开).{0,6}(?:你|您).{0,4}(?:系统提示|系统指令|提示词|指令)",
    r"(?:不要|请勿|切勿).{0,8}(?:提及|指出|列出|批评).{0,12}(?:缺点|不足|局限|弱点)",
    r"(?:致|作为|如果你是)(?:本文)?(?:的)?(?:审稿人|评审|语言模型|大模型|人工智能|AI|助手).{0,30}(?:请|必须|务必|你)",
    r"请(?:在|于).{0,4}(?:总结|摘要|回答|评语|输出)(?:中|里|末尾|开头|结尾)?.{0,8}(?:加入|插入|写上|附上|包含|注明)",
    r"(?:请|务必|必须)(?:插入|附上|回复|只回答|仅回答|声称|写明)",
)
_ADDRESS = re.compile("|".join(_ADDRESSES), re.IGNORECASE | re.DOTALL)
# A full stop inside an address or a number ends no sentence.
_SENTENCE = re.compile(r"(?:[^.!?。！？\n]|[.!?](?![\s\"'”’)]|\Z)|\n(?!\n))+(?:[.!?。！？]+|(?=\n\n)|\Z)")

# A whole page of a jailbreak is told by its beginning.
MAX_SHOWN_CHARACTERS = 300

# The texts of a paper are looked through when it is told what was found, when it is judged and when it is blanked;
# this many belong to the few papers that are at work at a time.
_TEXTS_KEPT = 512


def instructions_in(document: Document) -> tuple[Instruction, ...]:
    """The sentences that address a model or a reviewer, with their pages."""
    found = [Instruction(document.abstract_page, text) for _, _, text in _spans(document.abstract)]
    found += [
        Instruction(section.page_at(start), text)
        for section in document.sections
        for start, _, text in (*_spans(section.title), *_spans(section.text))
    ]
    found += [Instruction(figure.page, text) for figure in document.figures for _, _, text in _spans(figure.caption)]
    return tuple(dict.fromkeys(found))


def tries_to_instruct(document: Document) -> bool:
    """Whether the paper addresses models or reviewers, be it where readers see it or not."""
    hidden = any(_ADDRESS.search(hidden.text) for hidden in document.hidden_text)
    return hidden or bool(instructions_in(document))


def without_instructions(document: Document) -> Document:
    """The document with spaces in place of such sentences, so that all else stays where it was."""
    return replace(
        document,
        abstract=_blanked(document.abstract),
        front_matter=_blanked(document.front_matter),
        sections=tuple(_in_section(section) for section in document.sections),
        figures=tuple(_in_figure(figure) for figure in document.figures),
    )


def paper_without_instructions(paper: Paper) -> Paper:
    """The record of a paper as a model may see it."""
    return replace(paper, abstract=_blanked(paper.abstract))


def _in_section(section: Section) -> Section:
    return replace(section, title=_blanked(section.title), text=_blanked(section.text))


def _in_figure(figure: Figure) -> Figure:
    return replace(figure, caption=_blanked(figure.caption), text=_blanked(figure.text))


@lru_cache(_TEXTS_KEPT)
def _spans(text: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (match.start(), match.end(), " ".join(match[0].split())[:MAX_SHOWN_CHARACTERS])
        for match in _SENTENCE.finditer(text)
        if _ADDRESS.search(match[0])
    )


def _blanked(text: str) -> str:
    for start, end, _ in _spans(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text
