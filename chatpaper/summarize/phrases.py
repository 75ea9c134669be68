"""Phrases that no summary of a paper has a reason for, whoever asks for them: a paper may try."""

import re
from typing import NamedTuple


class UnfitPhrase(NamedTuple):
    """A kind of phrase, and what is wrong with it; `spares_formulas` where the signs mean something else in those."""

    complaint: str
    pattern: re.Pattern[str]
    spares_formulas: bool = False

    def complaints(self, text: str) -> list[str]:
        """What is wrong with the text, with the words that are."""
        searched = FORMULA.sub(" ", text) if self.spares_formulas else text
        return [f"{self.complaint}: {match[0].strip()!r}" for match in self.pattern.finditer(searched)]


FORMULA = re.compile(r"\$[^$\n]+\$|\\[A-Za-z]+")

REFUSAL = UnfitPhrase(
    "is a refusal or an apology",
    re.compile(
        r"作为(?:一个|一名)?(?:AI|人工智能|语言模型|大?模型)|(?:抱歉|对不起|很遗憾)[，,。]|(?<!自)我(?:无法|不能|没有办法)"
        r"|请(?:您)?(?:提供|上传|给出)(?:论文|全文|原文|更多|具体|相关)|无法(?:访问|打开|查看|读取)(?:该|此|这)?(?:篇|个|份)?(?:论文|链接|网页|PDF|全文|原文)"
        r"|(?:as an|i am an?|i'm an?) (?:ai|artificial|large language|language model)|i(?: a|')?m sorry|i apologi[sz]e"
        r"|i (?:can ?not|can't|am unable|'m unable)|please (?:provide|upload)"
        r"|申し訳(?:ありません|ございません)|(?:私は)?AI(?:アシスタント|言語モデル)|お答えできません",
        re.IGNORECASE,
    ),
)
CHATTER = UnfitPhrase(
    "talks to the reader",
    re.compile(
        r"\A\s*(?:(?:好的|当然|没问题|明白了?)[，,。！!：:]|以下是|下面是|根据(?:您|你|以上|上述)|基于(?:您|你)"
        r"|(?:sure|certainly|of course|okay|here is|here are|here's)\b|承知|かしこまりました|以下に|以下は)"
        r"|"
        r"希望(?:这|以上|上述|对您|对你|能够?帮助)|如(?:果)?(?:您|你)?(?:有|还有|需要)(?:任何|其他|更多|进一步)|请告诉我|符合您的要求"
        r"|(?:i hope|hope this|let me know|feel free)\b|お役に立て|ご不明な点",
        re.IGNORECASE,
    ),
)
PLACEHOLDER = UnfitPhrase(
    "has a placeholder",
    re.compile(
        r"(?<![A-Za-z])x{2,}(?![A-Za-z])|待补充|待填写|尚未提供(?:论文|GitHub|链接)|此处(?:填写|插入)"
        r"|（(?:具体|此处|请填写)[^）见]{0,12}）|要追記"
        r"|\[(?:insert|todo|tbd)[^\]]*\]|<(?:insert|your|placeholder)[^>]*>|\bTBD\b|\bN/A\b|lorem ipsum|\.{3}\Z|…\Z",
        re.IGNORECASE,
    ),
)
PROMPT_MARK = UnfitPhrase(
    "repeats marks of the prompt",
    re.compile(
        r"<<<|>>>|END PAPER|```",
    ),
)
# A post takes its links from the metadata alone.
ADDRESS = UnfitPhrase(
    "has a link or markup",
    re.compile(
        r"(?:https?|ftp|data|javascript|mailto):\S|www\.\w|\]\([^)]|\b[\w.+-]+@[\w-]+\.\w|<!--|\{\{|\{%"
        r"|<\s*/?\s*(?:script|i?frame|img|svg|style|a|b|i|p|br|div|span|details|summary|meta|link|form|input|object|embed"
        r"|video|font|h\d)\b[^<>]*>"
        r"|(?<![\w.])[\w-]{2,}(?:\.[\w-]+)*\.(?:com|net|org|io|cn|ru|xyz|top|info|biz|example|site|online|shop)"
        r"(?:/\S*|\b)(?![\w.])",
        re.IGNORECASE,
    ),
    spares_formulas=True,
)
VERDICT = UnfitPhrase(
    "judges the paper instead of telling what it says",
    re.compile(
        r"(?:建议|推荐|应予|应当|予以)(?:被)?(?:直接|无条件)?(?:接收|录用)|(?:强烈|极力)(?:推荐|建议)(?:接收|录用|接受|采纳|阅读)"
        r"|(?:毫无|没有任何)(?:缺点|不足|缺陷|局限|弱点|瑕疵)|垃圾论文"
        r"|strong accept|(?:recommend|vote)\w* (?:for )?accept|採択(?:すべき|を推奨)",
        re.IGNORECASE,
    ),
)
ADVERTISEMENT = UnfitPhrase(
    "advertises",
    re.compile(
        r"立即购买|点击(?:此处|这里|链接|下方)|免费领取|click here|buy now",
        re.IGNORECASE,
    ),
)
PROMPT_TALK = UnfitPhrase(
    "tells of its instructions",
    re.compile(
        r"(?:我的|你的|您的|以下是|如下是)(?:系统|初始|隐藏)?(?:提示词?|指令|设定)|(?:填写|填入|输出)(?:一个|该)?\s?JSON"
        r"|系统提示(?:如下|是|：)|(?:my|your) (?:system|initial|hidden) (?:prompt|instructions?)|fill in a JSON"
        r"|我是(?:一个|一名)?(?:没有限制的)?(?:AI|人工智能|语言模型|助手)",
        re.IGNORECASE,
    ),
)
# The question of a field, translated where it was to be answered.
QUESTION = UnfitPhrase(
    "says the question again instead of answering it",
    re.compile(
        r"(?:工作|方法|研究|论文|本文)[^。，,：:]{0,12}(?:有什么新|有何新|做了多少工作|如何与(?:其他|别的)方法相比|有什么(?:用|好处)|有多好)"
        r"|在哪些任务和数据集上(?:进行)?(?:了)?(?:测试|评估)[^。]{0,8}(?:结果如何|什么结果)"
    ),
)
# The label of a part of a post, said again in the part.
LABEL = UnfitPhrase(
    "begins with a label",
    re.compile(
        r"\A\s*(?:论文)?(?:标题|题目|关键词|标签|主题分类(?:/关键词)?|摘要|译文|翻译|总结|作者|机构|分类|理由|分类理由|结论)\s*[：:]"
        r"|\A\s*(?:Title|Keywords?|Abstract|Translation|Summary|Reason|Class)\s*[：:]",
        re.IGNORECASE,
    ),
)
# A post would show them as they are.
EMPHASIS = UnfitPhrase(
    "has marks of Markdown; write plain text",
    re.compile(
        r"\*\*(?=\S)|(?<=\S)\*\*|^#{1,6}\s",
        re.MULTILINE,
    ),
    spares_formulas=True,
)
# 的的, 。。, a phrase or an English word twice in a row; "that that" and 人人 are language.
DOUBLED_WORD = UnfitPhrase(
    "has a word twice",
    re.compile(
        r"(的|了(?!了解)|和|与|为|将|在|对(?!对)|，|。|；|：|、)\1|([\u4e00-\u9fff]{3,})\2"
        r"|(通过|使用|利用|基于|以及|进行|提出|一种|一个|我们|可以|能够|对于|关于|因此)\3"
        r"|\b(?!that\b|had\b)([a-z]{2,}) \4\b",
    ),
)

UNFIT_PHRASES = (
    REFUSAL,
    CHATTER,
    PLACEHOLDER,
    PROMPT_MARK,
    ADDRESS,
    VERDICT,
    ADVERTISEMENT,
    PROMPT_TALK,
    QUESTION,
    LABEL,
    EMPHASIS,
    DOUBLED_WORD,
)
