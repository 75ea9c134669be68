"""Sentences of a paper that command a model or a reviewer what to say of it.

Papers on language models are full of prompts, so nothing that readers can see is kept from a model
or told of. A visible command is only no evidence: no statement is true because the paper orders it.
A hidden one is told of in the post.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from chatpaper.domain import Document, Figure, Instruction, Paper, Section
from chatpaper.domain.text.sentences import find_stop_spans

_MODEL = (
    r"(?:AI|LLMs?|(?:large )?language models?|chat ?bots?|ChatGPT|GPT-?\d?|Gemini"
    r"|(?:AI )?assistants?)"
)
_READER = rf"(?:{_MODEL} )?(?:{_MODEL}|(?:peer |automated |meta-)?reviewers?|summari[sz]ers?)"
_TASK = r"(?:instructions?|prompts?|rules|guidelines|directives)"
_REPORT = (
    r"(?:review|evaluation|assessment|summary|answer|response|reply|output|feedback|rating|score)"
)
# Where an imperative begins; "reviewers recommend acceptance" is a statement.
_IMPERATIVE = r"(?:\A|[.!?:;,]\s|\b(?:please|must|should|now|and|to|then|only)\s)\W{0,3}"

# Second persons and imperatives about this paper, its review, or what a model was told before. What
# papers print as prompts of their own ("You are a helpful assistant", "respond with exactly one
# letter") is none.
_COMMANDS = (
    (
        r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}"
        r"\b(?:previous|prior|above|earlier|all|your|other|system)\b"
        rf".{{0,30}}\b{_TASK}\b"
    ),
    rf"\bignore\b.{{0,20}}\b(?:language|output|safety)? {_TASK} above\b",
    (
        rf"{_IMPERATIVE}(?:give|write|provide|generate|return|output|produce|submit)\b.{{0,30}}"
        r"\b(?:positive|favou?rable|glowing|enthusiastic)\b.{0,20}"
        r"\b(?:review|evaluation|assessment|feedback|rating|score)"
    ),
    (
        rf"{_IMPERATIVE}(?:recommend|vote for|advise|suggest)\b.{{0,20}}"
        r"\b(?:acceptance|accepting|strong accept)\b"
    ),
    (
        r"\bdo not\b.{0,25}\b(?:highlight|mention|report|list|critici[sz]e)\b.{0,25}"
        r"\b(?:negatives?|weakness(?:es)?|limitations?|flaws?)"
    ),
    (
        r"\b(?:output|print|reveal|repeat|show|leak|disclose|display|translate)\b"
        r".{0,20}\byour\b.{0,20}"
        r"\b(?:system (?:prompt|message|instructions?)|initial prompt|hidden instructions?)"
    ),
    rf"\b(?:if you are|as)(?: an?| the)? {_READER}\b,? (?:you\b|please\b)",
    (
        r"\b(?:note to|attention|dear|to (?:any|all)|message (?:for|to)|for)\b.{0,12}"
        rf"\b{_READER}\b.{{0,40}}"
        r"\b(?:you|must|should|please|shall|ignore|give|write)\b"
    ),
    r"\byou are (?:now )?(?:in developer mode|(?:an )?unrestricted|DAN)\b",
    rf"\b(?:in|to|into|at the end of|with|begin|start) your {_REPORT}\b",
    (
        r"(?:\A|[.!?])\s*(?:say|state|claim|pretend) that (?:this|the) "
        r"(?:paper|work|method|authors?)\b"
    ),
    (
        r"(?:忽略|无视|忘记|不要理会).{0,8}(?:以上|以前|之前|先前|上述|所有|全部).{0,8}"
        r"(?:指令|指示|提示|要求|规则)"
    ),
    (
        r"(?:给出|给予|写出|撰写|生成|请写|请给|务必给).{0,12}(?:正面|积极|好评|高分|满分|最高).{0,6}"
        r"(?:评价|评审|评语|意见|评分)"
    ),
    r"(?:务必|请|应|必须)(?:直接)?(?:接收|录用|接受)(?:本文|该文|论文|此文)|建议(?:直接)?(?:录用|接收)",
    r"(?:输出|打印|显示|泄露|复述|翻译|公开).{0,6}(?:你|您).{0,4}(?:系统提示|系统指令|提示词|指令)",
    r"(?:不要|请勿|切勿).{0,8}(?:提及|指出|列出|批评).{0,12}(?:缺点|不足|局限|弱点)",
    (
        r"(?:致|作为|如果你是)(?:本文)?(?:的)?(?:审稿人|评审|语言模型|大模型|人工智能|AI|助手)"
        r".{0,30}(?:请|必须|务必|你)"
    ),
    (
        r"请(?:在|于).{0,4}(?:总结|摘要|回答|评语|输出)(?:中|里|末尾|开头|结尾)?"
        r".{0,8}(?:加入|插入|写上|附上|包含|注明)"
    ),
    r"(?:请|务必|必须)(?:插入|附上|声称|写明)",
)
_COMMAND = re.compile("|".join(_COMMANDS), re.IGNORECASE | re.DOTALL)
_LINE = re.compile(r"[^\n]+")

# The texts of a paper are looked through when its prompt is estimated and when its answer is
# judged; this many belong to the few papers that are at work at a time.
_TEXTS_KEPT = 512


def find_hidden_commands(document: Document) -> tuple[Instruction, ...]:
    """Return the hidden texts that tell a model or a reviewer what to say, with their pages."""
    found = (hidden for hidden in document.hidden_text if _COMMAND.search(hidden.text))
    return tuple(dict.fromkeys(Instruction(hidden.page, hidden.text) for hidden in found))


def gives_commands(document: Document) -> bool:
    """Tell whether the paper commands models or reviewers, be it where readers see it or not."""
    return bool(find_hidden_commands(document)) or as_evidence(document) != document


def as_evidence(document: Document) -> Document:
    """Return the document with spaces in place of commands, so that all else stays where it was."""
    return replace(
        document,
        title=blank_commands(document.title),
        abstract=blank_commands(document.abstract),
        front_matter=blank_commands(document.front_matter),
        sections=tuple(_section_as_evidence(section) for section in document.sections),
        figures=tuple(_figure_as_evidence(figure) for figure in document.figures),
        asides=tuple(replace(aside, text=blank_commands(aside.text)) for aside in document.asides),
    )


def clean_paper(paper: Paper) -> Paper:
    """Return the record of a paper, which may support what is said of it."""
    return replace(
        paper,
        title=blank_commands(paper.title),
        abstract=blank_commands(paper.abstract),
        comment=blank_commands(paper.comment),
    )


@lru_cache(_TEXTS_KEPT)
def blank_commands(text: str) -> str:
    """Return the text with spaces in place of sentences that are commands."""
    return _blank_commands(text, find_stop_spans(text))


def _section_as_evidence(section: Section) -> Section:
    return replace(section, title=blank_commands(section.title), text=blank_commands(section.text))


def _figure_as_evidence(figure: Figure) -> Figure:
    """Return the figure with spaces in place of commands.

    What can be read in it are lines, not sentences: one of them must not take the whole with it.
    """
    return replace(
        figure,
        caption=blank_commands(figure.caption),
        text=_blank_commands(figure.text, (line.span() for line in _LINE.finditer(figure.text))),
    )


def _blank_commands(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Put spaces in place of the parts that are commands; `spans` is not read where none is."""
    if not _COMMAND.search(text):
        return text
    blanked = list(text)
    for start, end in spans:
        if _COMMAND.search(text[start:end]):
            blanked[start:end] = " " * (end - start)
    return "".join(blanked)
