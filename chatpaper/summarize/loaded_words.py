"""Praise, blame and advertisement that a paper may plant: a summary says them only where the paper's own text does.

What addresses models is not part of that text. So a paper about jailbreaks or discount factors may be told as such,
and one that merely wishes to be praised is not.
"""

import re
from typing import NamedTuple


class LoadedWords(NamedTuple):
    """Words of a summary, and the words of a paper that stand behind them."""

    said: re.Pattern[str]
    behind: re.Pattern[str]


def _loaded(said: str, behind: str) -> LoadedWords:
    return LoadedWords(re.compile(said, re.IGNORECASE), re.compile(behind, re.IGNORECASE))


LOADED_WORDS = (
    _loaded(
        r"满分|最高(?:评分|分数)|満点|full marks",
        r"(?:full|perfect|max\w*|high\w*|top|best)[ -](?:scor|mark|rat|grade)",
    ),
    _loaded(r"最佳论文|best paper", r"best[ -]paper"),
    _loaded(r"无与伦比|史上最|完美无[缺瑕]|flawless", r"unparallel|unmatched|unrival|unprecedented|flawless|perfect"),
    _loaded(r"(?:世界|全球)(?:第一|领先)", r"world|leading|global|state[ -]of[ -]the[ -]art"),
    _loaded(r"杰出(?:论文|工作)|groundbreaking", r"outstanding|seminal|groundbreaking|pioneering"),
    _loaded(r"诺贝尔|nobel", r"nobel"),
    _loaded(r"图灵奖|turing award", r"turing award"),
    _loaded(r"骗局|诈骗|\bscam\b", r"scam|fraud|phishing|deceiv|decept"),
    _loaded(r"造假|伪造|\bfabricated\b", r"fake|forg|fabricat|fraud|tamper|counterfeit|synthe"),
    _loaded(r"抄袭|剽窃|plagiari", r"plagiari|copied|copying"),
    _loaded(r"优惠|折扣|促销|promo code|discount", r"discount|promotion|coupon|pricing|price"),
    _loaded(r"公众号|扫码|加微信", r"wechat|weixin|qr code|scan"),
    _loaded(r"转账|汇款", r"transfer|remit|payment|bank"),
    _loaded(r"验证码|密码(?:是|为|：)", r"captcha|password|verification|passcode|crypto|cipher"),
    _loaded(r"越狱|开发者模式|developer mode|\bDAN\b", r"jailbreak|developer mode|\bDAN\b"),
    _loaded(r"subscribe", r"subscri"),
)


def unwarranted(text: str, paper_text: str) -> list[str]:
    """The loaded words of a text that nothing in the paper stands behind, as complaints."""
    return [
        f"says {match[0]!r}, of which the paper says nothing"
        for words in LOADED_WORDS
        for match in words.said.finditer(text)
        if match[0] not in paper_text and not words.behind.search(paper_text)
    ]
