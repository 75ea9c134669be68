"""Labels and marks that a post sets itself.

They are the name of a part before its text, and the number before an item.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from chatpaper.domain import AnswerItem, Claim, format_item

# A text may begin with a word and a colon for a good reason (结论：当且仅当 …); the label of its
# own part is no reason.
_LABELS = {
    "title": "标题|题目|中文标题|译名|title|タイトル|題名",
    "summary": "总结|摘要|概述|概要|总述|summary|overview|要約",
    "tldr": "一句话总结|总结|tl;?dr|summary|要約",
    "keywords": "关键词|主题分类/关键词|主题分类|keywords?|キーワード",
    "abstract_translation": "摘要|译文|翻译|摘要翻译|中文摘要|abstract|translation|要旨|訳文|翻訳",
    "affiliations": "机构|单位|所属机构|作者单位|affiliations?|institutions?|所属",
    "class_reason": "理由|分类理由|reason|理由づけ",
    "conclusions": "结论|conclusions?|結論",
    "background": "背景|研究背景|background|背景と課題",
    "past_methods": "过去的?方法|以往方法|past methods?|従来手法",
    "approach": "方法|研究方法|approach|method|手法",
    "innovation": "创新点|innovation|新規性",
    "performance": "性能|performance",
    "workload": "工作量|workload|作業量",
    "significance": "意义|研究意义|significance|意義",
    "key_idea": "核心思想|关键思想|key idea|要点",
    "limitations": "局限性?|limitations?|限界",
}
_COLON = r"\s{0,3}[：:]\s{0,3}(?=\S)"

# 1. 2、 （3） (4) and bullets; 0.5 is a number, and so is what another number follows (1、2 和 3).
_NUMBERED = re.compile(
    r"\s*(?:[（(]\d{1,2}[)）]|\d{1,2}(?:[.．](?!\d)|[、)）])|[①-⑳])\s*(?![\d、，,])"
)
_BULLET = re.compile(r"\s*[-•*·–]\s+(?!\d)")
# One item may begin with a number of its own; where half of them do, they are counted.
MIN_SHARE_OF_MARKED = 0.5


def without_label(field_name: str, text: str) -> str:
    """Return the text without the label of its own part before it."""
    label = _LABELS.get(field_name)
    return (
        re.sub(rf"\A\s{{0,8}}(?:论文|本文|the )?(?:{label}){_COLON}", "", text, flags=re.IGNORECASE)
        if label
        else text
    )


def without_list_marks(items: Sequence[AnswerItem]) -> tuple[AnswerItem, ...]:
    """Return the items without the marks or numbers that most of them bear."""
    texts = [format_item(item) for item in items]
    marks = [_BULLET.match(text) or _NUMBERED.match(text) for text in texts]
    if len(items) < 2 or sum(map(bool, marks)) < MIN_SHARE_OF_MARKED * len(items):
        return tuple(items)
    bare = [text[mark.end() :] if mark else text for text, mark in zip(texts, marks, strict=True)]
    return tuple(
        replace(item, text=text) if isinstance(item, Claim) else text
        for item, text in zip(items, bare, strict=True)
    )
