"""Words that tell only how a number belongs to a name.

"Reaches", "has an accuracy of" and 的准确率为 are such words.
"""

import re

_FILLER = re.compile(
    r"平均|得分|分数|准确|正确|错误|精确|召回|精度|误差|损失|困惑度|匹配|指标|性能|结果|测试|验证"
    r"|开发|训练|集合|数据集|单模型|微调|端到端|成绩"
    r"|取得|获得|得到|达到|达|高达|仅有|只有|仅|只|约|近|为|是|有|以|了|也|则|上|中|下|的|率|集|值"
    r"|在|到|得|其|能|均|都|总|单"
    r"|\b(?:reach\w*|achiev\w*|obtain\w*|has|have|had|is|was|gets?|got|scor\w*|attain\w*|yield\w*"
    r"|gives?|with|a|an|the|of|at|on"
    r"|only|about|accuracy|error|rate|recall|precision|average|mean|test|dev|validation|set|single"
    r"|model|alone)\b"
    r"|[\s（(：:'’s]",
    re.IGNORECASE,
)
_METRIC = re.compile(
    r"top-?\d+|[A-Z]?[A-Za-z]{0,8}@\d*|F1|EM|mAP|TPR|FPR|AUC\w*|AUPRC|BLEU|ROUGE\S*|Recall"
    r"|Precision|Accuracy",
    re.IGNORECASE,
)
# What changes or is computed stands in its own words.
_CHANGES = re.compile(r"降|升|增|减|提|变|后|至|→|到(?!了)(?<!达到)(?<!得到)")
# What one has more or less than another may stand in the paper beside something else, or nowhere.
_GAP = re.compile(
    r"(?:提高|提升|高出?|低|多|少|快|慢|增加|减少|下降|降低|领先|优势|差距?|幅度?|差は"
    r"|\bby|\bgains?(?: of)?|\bimprove\w*)(?:了|约|近|达|为|は)?\s*\Z",
    re.IGNORECASE,
)


def is_gap(before: str) -> bool:
    """Tell whether the words before a number say that it is a difference."""
    return bool(_GAP.search(before))


def is_metric(name: str) -> bool:
    """Tell whether a name is that of a measure."""
    return bool(_METRIC.fullmatch(name))


def is_filler(words: str) -> bool:
    """Tell whether words beside a number name nothing else that it could belong to."""
    return not _CHANGES.search(words) and not _FILLER.sub("", _METRIC.sub(" ", words)).strip(
        "，,）)%％"
    )
