"""What an answer must not be: small functions from text to complaints, in words that a model can act on."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple, Self

from rapidfuzz import fuzz

from chatpaper.domain import Claim, Field, FieldAnswer
from chatpaper.prompts import Language, character_limit
from chatpaper.summarize.loaded_words import unwarranted
from chatpaper.summarize.vocabulary import is_chosen, outside_vocabulary, within_vocabulary

# A model counts characters badly; what is a little over the limit harms no post.
LENGTH_TOLERANCE = 1.6

# Chinese text about computing is full of Latin names: each counts as one word against one Chinese character.
MIN_SHARE_OF_SCRIPT = 0.4
MAX_SHARE_OF_CJK_IN_LATIN = 0.1
# A name has fewer words than this, a sentence more: "Mask R-CNN" is a title in any language.
MIN_UNITS_TO_TELL = 4
MIN_SHARE_OF_SHORT_ITEMS = 0.3
# "Beats Mask R-CNN" is a statement, "Mask R-CNN" a name.
MIN_WORDS_OF_STATEMENT = 3
# The English title of a paper in brackets has fewer words than this; a paragraph left in English has more.
MAX_LATIN_RUN_WORDS = 15
# Japanese without kana is a list of terms at most.
MIN_CHARACTERS_WITHOUT_KANA = 16

# GB 2312 holds the characters of simplified Chinese alone; a name may bring a rare one, a sentence does not.
MAX_SHARE_OF_TRADITIONAL = 0.05
MIN_TRADITIONAL_CHARACTERS = 2

# Two items of a list that are this similar say the same.
MAX_SIMILARITY_OF_ITEMS = 90.0
MIN_CHARACTERS_OF_ECHO = 24
MIN_CHARACTERS_OF_SENTENCE = 8

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’-]*")
_LATIN_RUN = re.compile(rf"(?:{_LATIN_WORD.pattern}[\s,;:()]+){{{MAX_LATIN_RUN_WORDS - 1},}}{_LATIN_WORD.pattern}")
_FORMULA = re.compile(r"\$[^$\n]+\$|\\[A-Za-z]+")
_SENTENCE_END = re.compile(r"[。！？!?\n]|\.\s")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffd\u200b-\u200f\u202a-\u202e\u2066-\u2069]")

_REFUSAL = re.compile(
    r"作为(?:一个|一名)?(?:AI|人工智能|语言模型|大?模型)|(?:抱歉|对不起|很遗憾)[，,。]|(?<!自)我(?:无法|不能|没有办法)"
    r"|请(?:您)?(?:提供|上传|给出)(?:论文|全文|原文|更多|具体|相关)|无法(?:访问|打开|查看|读取)(?:该|此|这)?(?:篇|个|份)?(?:论文|链接|网页|PDF|全文|原文)"
    r"|(?:as an|i am an?|i'm an?) (?:ai|artificial|large language|language model)|i(?: a|')?m sorry|i apologi[sz]e"
    r"|i (?:can ?not|can't|am unable|'m unable)|please (?:provide|upload)"
    r"|申し訳(?:ありません|ございません)|(?:私は)?AI(?:アシスタント|言語モデル)|お答えできません",
    re.IGNORECASE,
)
_CHATTY_OPENING = re.compile(
    r"\A\s*(?:(?:好的|当然|没问题|明白了?)[，,。！!：:]|以下是|下面是|根据(?:您|你|以上|上述)|基于(?:您|你)"
    r"|(?:sure|certainly|of course|okay|here is|here are|here's)\b|承知|かしこまりました|以下に|以下は)",
    re.IGNORECASE,
)
_CHATTY_CLOSING = re.compile(
    r"希望(?:这|以上|上述|对您|对你|能够?帮助)|如(?:果)?(?:您|你)?(?:有|还有|需要)(?:任何|其他|更多|进一步)|请告诉我|符合您的要求"
    r"|(?:i hope|hope this|let me know|feel free)\b|お役に立て|ご不明な点",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])x{2,}(?![A-Za-z])|待补充|待填写|尚未提供(?:论文|GitHub|链接)|此处(?:填写|插入)"
    r"|（(?:具体|此处|请填写)[^）见]{0,12}）|要追記"
    r"|\[(?:insert|todo|tbd)[^\]]*\]|<(?:insert|your|placeholder)[^>]*>|\bTBD\b|\bN/A\b|lorem ipsum|\.{3}\Z|…\Z",
    re.IGNORECASE,
)
# 的的, 。。, a phrase or an English word twice in a row; "that that" and 人人 are language.
_DOUBLED = re.compile(
    r"(的|了(?!了解)|和|与|为|将|在|对(?!对)|，|。|；|：|、)\1|([\u4e00-\u9fff]{3,})\2"
    r"|(通过|使用|利用|基于|以及|进行|提出|一种|一个|我们|可以|能够|对于|关于|因此)\3"
    r"|\b(?!that\b|had\b)([a-z]{2,}) \4\b",
)
_SENTENCE_CLOSE = re.compile(r"[。！？](?=[^”』」]|$)|[.!?](?=\s|$)")
_FENCE = re.compile(r"<<<|>>>|END PAPER|```")
# What a summary of a paper has no reason to say, whoever asks for it: a paper may try.
_ADDRESS = re.compile(
    r"(?:https?|ftp|data|javascript|mailto):\S|www\.\w|\]\([^)]|\b[\w.+-]+@[\w-]+\.\w|<!--|\{\{|\{%"
    r"|<\s*/?\s*(?:script|i?frame|img|svg|style|a|b|i|p|br|div|span|details|summary|meta|link|form|input|object|embed"
    r"|video|font|h\d)\b[^<>]*>"
    r"|(?<![\w.])[\w-]{2,}(?:\.[\w-]+)*\.(?:com|net|org|io|cn|ru|xyz|top|info|biz|example|site|online|shop)"
    r"(?:/\S*|\b)(?![\w.])",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"(?:建议|推荐|应予|应当|予以)(?:被)?(?:直接|无条件)?(?:接收|录用)|(?:强烈|极力)(?:推荐|建议)(?:接收|录用|接受|采纳|阅读)"
    r"|(?:毫无|没有任何)(?:缺点|不足|缺陷|局限|弱点|瑕疵)|垃圾论文|strong accept|(?:recommend|vote)\w* (?:for )?accept"
    r"|採択(?:すべき|を推奨)",
    re.IGNORECASE,
)
_ADVERTISEMENT = re.compile(
    r"立即购买|点击(?:此处|这里|链接|下方)|免费领取|click here|buy now",
    re.IGNORECASE,
)
_PROMPT_TALK = re.compile(
    r"(?:我的|你的|您的|以下是|如下是)(?:系统|初始|隐藏)?(?:提示词?|指令|设定)|(?:填写|填入|输出)(?:一个|该)?\s?JSON"
    r"|系统提示(?:如下|是|：)|(?:my|your) (?:system|initial|hidden) (?:prompt|instructions?)|fill in a JSON"
    r"|我是(?:一个|一名)?(?:没有限制的)?(?:AI|人工智能|语言模型|助手)",
    re.IGNORECASE,
)
# The label of a part of a post, said again in the part.
_LABEL = re.compile(
    r"\A\s*(?:论文)?(?:标题|题目|关键词|标签|主题分类(?:/关键词)?|摘要|译文|翻译|总结|作者|机构|分类|理由|分类理由|结论)\s*[：:]"
    r"|\A\s*(?:Title|Keywords?|Abstract|Translation|Summary|Reason|Class)\s*[：:]",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"\*\*(?=\S)|(?<=\S)\*\*|^#{1,6}\s", re.MULTILINE)
# Fields with a limit below this may be a name: a title, a keyword.
PROSE_LIMIT_CHARACTERS = 100


def complaints_about(
    field: Field, answer: FieldAnswer, language: Language, echo_sources: Sequence[str], paper_text: str = ""
) -> tuple[str, ...]:
    """What is wrong with the answer to one field; nothing where it can be published.

    `echo_sources` are the texts of the prompt that an answer must not repeat, `paper_text` is what the paper says.
    """
    if is_chosen(field):
        return outside_vocabulary(field, answer)
    texts = written_texts(answer)
    whole = "\n".join(texts)
    if not whole.strip():
        return () if field.min_items == 0 else (f"{field.name}: is empty",)
    found = [complaint for text in texts for check in _TEXT_CHECKS for complaint in check(text)]
    found += unwarranted(whole, paper_text)
    found += empty_items(texts)
    found += echoes(whole, echo_sources)
    found += too_long(texts, round(character_limit(field, language) * LENGTH_TOLERANCE))
    found += doubled_sentences(whole)
    found += similar_items(texts)
    if field.written_in == "target":
        found += wrong_language(texts, language)
        found += untranslated_items(answer, language)
        found += one_word(field, whole)
        found += traditional_characters(whole) if language.script == "han" else []
    return tuple(f"{field.name}: {complaint}" for complaint in dict.fromkeys(found))


def written_texts(answer: FieldAnswer) -> tuple[str, ...]:
    """The pieces of text in an answer that the model wrote itself: quotes are not among them."""
    if isinstance(answer, str):
        return (answer,)
    return tuple(item.text if isinstance(item, Claim) else item for item in answer)


def refusal(text: str) -> list[str]:
    """A model that excuses itself."""
    return [f"is a refusal or an apology: {_shown(match)}" for match in _REFUSAL.finditer(text)]


def chatter(text: str) -> list[str]:
    """Words to the person who asked, before or after the answer."""
    matches = [_CHATTY_OPENING.search(text), _CHATTY_CLOSING.search(text)]
    return [f"talks to the reader: {_shown(match)}" for match in matches if match]


def placeholders(text: str) -> list[str]:
    """Blanks that were left to be filled in."""
    return [f"has a placeholder: {_shown(match)}" for match in _PLACEHOLDER.finditer(text)]


def prompt_marks(text: str) -> list[str]:
    """Marks of the prompt's own."""
    return [f"repeats marks of the prompt: {_shown(match)}" for match in _FENCE.finditer(text)]


def addresses(text: str) -> list[str]:
    """Links, mail addresses and markup: a post takes its links from the metadata alone."""
    return [f"has a link or markup: {_shown(match)}" for match in _ADDRESS.finditer(_FORMULA.sub(" ", text))]


def verdicts(text: str) -> list[str]:
    """Praise, blame and advice to reviewers, which are not for a summary to give."""
    return [f"judges the paper instead of telling what it says: {_shown(match)}" for match in _VERDICT.finditer(text)]


def advertisements(text: str) -> list[str]:
    """Words that sell something."""
    return [f"advertises: {_shown(match)}" for match in _ADVERTISEMENT.finditer(text)]


def talk_of_the_prompt(text: str) -> list[str]:
    """A model that tells of what it was told."""
    return [f"tells of its instructions: {_shown(match)}" for match in _PROMPT_TALK.finditer(text)]


def labels_said_again(text: str) -> list[str]:
    """The label of the part before its text: the post has it already."""
    return [f"begins with a label: {_shown(match)}" for match in _LABEL.finditer(text)]


def emphasis(text: str) -> list[str]:
    """Marks of Markdown, which a post would show as they are."""
    return ["has marks of Markdown; write plain text"] if _EMPHASIS.search(_FORMULA.sub(" ", text)) else []


def control_characters(text: str) -> list[str]:
    """Characters that cannot be seen: mostly a LaTeX command whose backslash was lost."""
    found = sorted({f"U+{ord(character):04X}" for character in _CONTROL.findall(text)})
    return [f"has control characters ({', '.join(found)}); write a backslash twice"] if found else []


def empty_items(texts: Sequence[str]) -> list[str]:
    """Items of a list without text."""
    return ["has an empty item"] if any(not text.strip() for text in texts) else []


def too_long(texts: Sequence[str], limit_characters: int) -> list[str]:
    """Texts that are far over their limit."""
    longest = max(map(len, texts))
    return [f"is too long: {longest} characters, at most {limit_characters}"] if longest > limit_characters else []


def doubled_sentences(text: str) -> list[str]:
    """Sentences that stand twice, and sentences that stammer."""
    sentences = Counter(_bare(sentence) for sentence in _SENTENCE_END.split(text))
    doubled = [
        sentence for sentence, count in sentences.items() if count > 1 and len(sentence) >= MIN_CHARACTERS_OF_SENTENCE
    ]
    stammer = re.search(r"(.{4,}?)\1{2,}", text)
    found = [f"says twice: {doubled[0][:40]}"] if doubled else []
    return [*found, f"repeats itself: {stammer[1][:40]}"] if stammer else found


def doubled_words(text: str) -> list[str]:
    """Characters, words and marks that stand twice in a row by mistake."""
    return [f"has a word twice: {_shown(match)}" for match in _DOUBLED.finditer(text)]


def traditional_characters(text: str) -> list[str]:
    """Text in traditional Chinese."""
    han = _HAN.findall(text)
    traditional = [character for character in han if not _is_simplified(character)]
    if len(traditional) < MIN_TRADITIONAL_CHARACTERS or len(traditional) <= MAX_SHARE_OF_TRADITIONAL * len(han):
        return []
    return [f"is in traditional characters ({''.join(traditional[:6])}); write simplified ones"]


def _is_simplified(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def similar_items(texts: Sequence[str]) -> list[str]:
    """Items of a list that say the same as another."""
    return [f"two items say the same: {texts[position][:40]}" for position in _twins(texts)][:1]


def tidied(field: Field, answer: FieldAnswer, language: Language, *, was_told: bool = False) -> FieldAnswer:
    """The answer with those faults of form mended that need no model: what is said twice, and overlong texts.

    A list loses the items that say what an earlier one says, and statements that are not in the language, as far as it
    can spare them; a text its repetitions and the sentences beyond its limit. What remains is the model's own words.
    A model that `was_told` of the faults and repeats them also loses items that the field asks for, and choices that
    are none.
    """
    if is_chosen(field):
        return within_vocabulary(field, answer) if was_told else answer
    if isinstance(answer, str):
        return _within(_once(answer), round(character_limit(field, language) * LENGTH_TOLERANCE))
    items: Sequence[str | Claim] = answer
    idle = set(_twins(written_texts(answer)))
    idle |= {n for n, item in enumerate(items) if isinstance(item, Claim) and _is_untranslated(item, language)}
    kept = [_once_in(item) for position, item in enumerate(items) if position not in idle]
    least = 1 if was_told else field.min_items
    return tuple(kept) if len(kept) >= least else answer  # type: ignore[return-value]


def _once_in(item: str | Claim) -> str | Claim:
    return replace(item, text=_once(item.text)) if isinstance(item, Claim) else _once(item)


def _once(text: str) -> str:
    """The text without what stands in it twice in a row, and without sentences that stand in it before."""
    text = _DOUBLED.sub(lambda match: next(filter(None, match.groups())), text)
    ends = [match.end() for match in _SENTENCE_CLOSE.finditer(text)]
    seen: set[str] = set()
    kept = []
    for start, end in pairwise(dict.fromkeys((0, *ends, len(text)))):
        bare = _bare(text[start:end])
        if len(bare) < MIN_CHARACTERS_OF_SENTENCE or bare not in seen:
            kept.append(text[start:end])
        seen.add(bare)
    return "".join(kept).strip()


def _within(text: str, limit: int) -> str:
    """The sentences from the beginning that fit; the whole text where not even the first one does."""
    ends = [match.end() for match in _SENTENCE_CLOSE.finditer(text) if match.end() <= limit]
    return text[: ends[-1]].strip() if ends and len(text) > limit else text


def _twins(texts: Sequence[str]) -> list[int]:
    """The positions of the items that say what an earlier one says."""
    bare = [_bare(text) for text in texts]
    return [
        position
        for position, text in enumerate(bare)
        if any(fuzz.ratio(text, earlier) > MAX_SIMILARITY_OF_ITEMS for earlier in bare[:position])
    ]


def echoes(text: str, sources: Iterable[str]) -> list[str]:
    """Sentences of the prompt in the answer."""
    for source in sources:
        for sentence in _SENTENCE_END.split(source):
            stripped = sentence.strip(" .")
            if len(stripped) >= MIN_CHARACTERS_OF_ECHO and stripped.casefold() in text.casefold():
                return [f"repeats the instructions: {stripped[:40]}"]
    return []


def wrong_language(texts: Sequence[str], language: Language) -> list[str]:
    """Text that is not in the language that was asked for."""
    counts = [_ScriptCount.of(_FORMULA.sub(" ", text)) for text in texts]
    if len(counts) > 1 and all(count.units < MIN_UNITS_TO_TELL for count in counts):
        fitting = sum(count.latin > 0 if language.script == "latin" else count.cjk > 0 for count in counts)
        return [] if fitting / len(counts) >= MIN_SHARE_OF_SHORT_ITEMS else [f"is not in {language.name}"]
    whole = _ScriptCount.of(_FORMULA.sub(" ", "\n".join(texts)))
    has_long_run = language.script != "latin" and any(_LATIN_RUN.search(text) for text in texts)
    return [f"is not in {language.name}"] if has_long_run or not whole.fits(language) else []


def untranslated_items(answer: FieldAnswer, language: Language) -> list[str]:
    """Statements that say their quote again, or something else in the language of the paper."""
    items: Sequence[str | Claim] = () if isinstance(answer, str) else answer
    found = [item for item in items if isinstance(item, Claim) and _is_untranslated(item, language)]
    return [f"is not in {language.name}: {found[0].text[:40]}"] if found else []


def _is_untranslated(claim: Claim, language: Language) -> bool:
    count = _ScriptCount.of(_FORMULA.sub(" ", claim.text))
    return language.script != "latin" and count.cjk == 0 and count.latin >= MIN_WORDS_OF_STATEMENT


def one_word(field: Field, text: str) -> list[str]:
    """A word where sentences were asked for: "HACKED" is no summary in any language."""
    is_prose = field.kind == "text" and field.max_characters >= PROSE_LIMIT_CHARACTERS
    count = _ScriptCount.of(text)
    return ["is a single word"] if is_prose and count.cjk == 0 and count.latin <= 1 else []


class _ScriptCount(NamedTuple):
    """Characters of Chinese and Japanese, and words in Latin letters."""

    han: int
    kana: int
    latin: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Count a text."""
        return cls(len(_HAN.findall(text)), len(_KANA.findall(text)), len(_LATIN_WORD.findall(text)))

    @property
    def cjk(self) -> int:
        """Characters of Chinese or Japanese."""
        return self.han + self.kana

    @property
    def units(self) -> int:
        """A word counts as one character."""
        return self.cjk + self.latin

    def fits(self, language: Language) -> bool:
        """Whether a text with this count may be in the language."""
        if self.units < MIN_UNITS_TO_TELL:
            return True
        share = self.cjk / self.units
        if language.script == "latin":
            return share <= MAX_SHARE_OF_CJK_IN_LATIN
        if share < MIN_SHARE_OF_SCRIPT:
            return False
        if language.script == "kana":
            return self.kana > 0 or self.han < MIN_CHARACTERS_WITHOUT_KANA
        return self.kana <= self.han


_TEXT_CHECKS: tuple[Callable[[str], list[str]], ...] = (
    refusal,
    chatter,
    placeholders,
    prompt_marks,
    addresses,
    verdicts,
    advertisements,
    talk_of_the_prompt,
    labels_said_again,
    emphasis,
    control_characters,
    doubled_words,
)


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _shown(match: re.Match[str]) -> str:
    return repr(match[0].strip())


def without_repetitions(answers: Mapping[str, FieldAnswer], mark: str) -> dict[str, FieldAnswer]:
    """The answers with the `mark` for each text that says nothing but what an earlier answer says.

    Statements with their proofs may be made again where they are wanted.
    """
    seen: list[str] = []
    kept: dict[str, FieldAnswer] = {}
    for name, answer in answers.items():
        text = _bare("".join(written_texts(answer)))
        is_long = isinstance(answer, str) and len(text) >= MIN_CHARACTERS_OF_ECHO
        kept[name] = mark if is_long and any(text in earlier for earlier in seen) else answer
        seen += [] if _are_claims(answer) else [text]
    return kept


def _are_claims(answer: FieldAnswer) -> bool:
    return not isinstance(answer, str) and any(isinstance(item, Claim) for item in answer)
