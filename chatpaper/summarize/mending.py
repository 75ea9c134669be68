"""Faults of form in an answer that are mended without a call: what remains is the model's own words."""

import re
from dataclasses import replace

from chatpaper.domain import AnswerItem, Claim, Field, FieldAnswer, Result, changed_texts, written_texts
from chatpaper.prompts import Language
from chatpaper.summarize.checks import breaks_off, most_characters
from chatpaper.summarize.names import fold
from chatpaper.summarize.phrases import FORMULA, LABEL
from chatpaper.summarize.repetition import SENTENCE_CLOSE, repeated_items, said_once
from chatpaper.summarize.script import is_untranslated
from chatpaper.summarize.vocabulary import is_chosen, within_vocabulary

_CJK = r"\u3040-\u30ff\u4e00-\u9fff"
# "ReLU [19, 9, 10]", which says nothing where there is no list of references; but 区间 [1, 10] is a statement.
_CITATION = (
    rf"(?<=[A-Za-z0-9{_CJK})）」”.])(?<![为在内间围到于])"
    r"\s?\[[1-9]\d{0,2}(?:\s?[,，、;–-]\s?[1-9]\d{0,2})*\]"
)
_FORMULA_OR_CITATION = re.compile(f"({FORMULA.pattern})|{_CITATION}")
# Neither Chinese nor Japanese parts its words; what was left out may leave a space behind.
_SPACE_WITHIN = re.compile(rf"(?<=[{_CJK}]) +(?=[{_CJK}])")
# An institution that is printed once for each of its authors.
_SAME_PART = re.compile(
    r"(?:(?<=^)|(?<=[,;，；、])|(?<=[,;，；、]\s))([^,;，；、]{3,}?)(?:[,;，；、]\s*\1)+(?=[,;，；、]|\Z)"
)
# The number of an institution, as footnotes give it.
_NUMBER_OF_PART = re.compile(r"(?:\A|[,;，；]|(?<=[.。]))\s*\d{1,2}[.)]\s+(?=\w)")
_END_OF_INSTITUTION = re.compile("[;；]")
_COMMA = re.compile("[,，、]")
_COLONS = ":： "
_OPEN_END = re.compile(r"[\s,，、;；]+\Z")
# Posts number or mark the items of a list themselves.
_LIST_MARK = re.compile(r"\A\s*(?:[（(]?\d{1,2}(?:[.．](?!\d)|[、)）])|[-•*]\s)\s*")


def tidied(
    field: Field, answer: FieldAnswer, language: Language, paper_text: str = "", *, was_told: bool = False
) -> FieldAnswer:
    """The answer without those faults of form that can be mended by leaving something out.

    A text loses a label before it, its repetitions, the numbers of references, the sentences beyond its limit and one
    at its end that breaks off. So does each item of a list, with the mark or number before it; the list loses the items
    of which nothing is left, that are too long in one sentence, that break off, or that are not in the language, as far
    as it can spare them. Of several choices those are left that can be chosen. A model that `was_told` of the faults
    and repeats them also loses items that the field asks for, and choices that are none; what breaks off, where there
    is nothing else, loses its colon. What is to be as printed loses what is not in `paper_text`, where that is given.
    """
    if is_chosen(field):
        chosen = within_vocabulary(field, answer)
        is_enough = not isinstance(answer, str) and len(chosen) >= max(field.min_items, 1)
        return chosen if was_told or is_enough else answer
    if field.kind == "results":
        return _tidied_results(answer)
    limit = most_characters(field, language)
    if isinstance(answer, str):
        if field.written_in == "paper":
            answer = _printed(_plainly_listed(answer), paper_text) if paper_text else _plainly_listed(answer)
        text = _whole(_within(said_once((_without_marks(answer),))[0], limit))
        return text.rstrip(_COLONS) if was_told else text
    bare = [_LIST_MARK.sub("", _without_marks(text)) for text in written_texts(answer)]
    texts = [_whole(_within(text, limit)) for text in said_once(bare)]
    idle = set(repeated_items(texts))
    idle |= {n for n, item in enumerate(answer) if isinstance(item, Claim) and is_untranslated(item, language)}
    idle |= {position for position, text in enumerate(texts) if not text or len(text) > limit}
    open_ended = {position for position, text in enumerate(texts) if breaks_off(text)}
    least = 1 if was_told else field.min_items
    if was_told and len(idle | open_ended) == len(answer):
        open_ended = set()
    left_out = idle | open_ended
    kept = [_with_text(item, texts[n].rstrip(_COLONS)) for n, item in enumerate(answer) if n not in left_out]
    return tuple(kept) if len(kept) >= least else answer


def _plainly_listed(text: str) -> str:
    """What is as printed, each part once and without its number; the numbers part one institution from the next."""
    parts = [part.strip().rstrip(".") for part in _NUMBER_OF_PART.split(" ".join(text.split()))]
    return _SAME_PART.sub(r"\1", "; ".join(filter(None, parts)) if len(parts) > 1 else text)


def _printed(text: str, paper_text: str) -> str:
    """Institutions without those that the paper does not name; what follows the name of one goes with it.

    Letters and digits alone count: PDFs set accents beside their letters and break words at the end of a line.
    """
    paper_letters = fold(paper_text)
    institutions = [part for part in _END_OF_INSTITUTION.split(text) if part.strip()]
    kept, is_whole = [], True
    for institution in institutions:
        parts = [part.strip() for part in _COMMA.split(institution) if fold(part)]
        printed = [part for part in parts if fold(part) in paper_letters]
        is_whole &= printed == parts
        if printed and (printed[0] == parts[0] or len(institutions) == 1):
            kept.append(", ".join(printed))
    return text if is_whole else "; ".join(kept)


def _tidied_results(answer: FieldAnswer) -> FieldAnswer:
    """The rows without numbers of references, without those that give no value, and each once."""
    rows = changed_texts(answer, _without_marks)
    return tuple(dict.fromkeys(row for row in rows if isinstance(row, Result) and row.metric and row.ours))


def _with_text(item: AnswerItem, text: str) -> AnswerItem:
    return replace(item, text=text) if isinstance(item, Claim) else text


def _without_marks(text: str) -> str:
    uncited = _FORMULA_OR_CITATION.sub(lambda match: match[1] or "", text)
    return LABEL.pattern.sub("", _SPACE_WITHIN.sub("", uncited)).strip()


def _whole(text: str) -> str:
    """The text without a last sentence that breaks off, unless it is the only one."""
    ends = [match.end() for match in SENTENCE_CLOSE.finditer(text)]
    return text[: ends[-1]].strip() if ends and breaks_off(text) else _OPEN_END.sub("", text)


def _within(text: str, limit: int) -> str:
    """The sentences from the beginning that fit; the whole text where not even the first one does."""
    ends = [match.end() for match in SENTENCE_CLOSE.finditer(text) if match.end() <= limit]
    return text[: ends[-1]].strip() if ends and len(text) > limit else text
