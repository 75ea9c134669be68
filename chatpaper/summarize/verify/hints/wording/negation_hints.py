"""Negations that only the statement has, or only its evidence."""

import re
from collections.abc import Iterator

from chatpaper.summarize.verify.hints.clauses import Overlap, find_closest, split_clauses
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint

# 不仅, 不同 and 不断 deny nothing; 无监督 and 非线性 are terms; "not only" adds.
_DENIED = re.compile(
    r"(?<!而)不(?!如|及|足|仅|但|只|断|同|变|过|少|等|均|论|管|可或缺|可避免|可缺|平衡|确定|一致"
    r"|匹配|完整|连续|对称)"
    r"|没有?|未(?!来|知|必|见过)|无(?:需|法|须|任何|从|助)|毫无|并非|绝非|(?<!分)否(?!则|认|定)"
    r"|ない|なく(?!て)|なかった|ません|(?<=[せれわかがさたなばまら])ず(?=[、。に])"
    r"|\bnot\b(?! (?:only|just|merely|least))|n't\b|\bno\b(?! (?:more|less|later))|\bnever\b"
    r"|\bwithout\b|\bcannot\b"
    r"|\bneither\b|\bnor\b|\bnone\b",
    re.IGNORECASE,
)
# What denies by its sense. A translation may say any of these as a negation, and the other way
# round.
_IMPLIED = re.compile(
    r"缺|失|难|拒|避免|防止|以免|除非|除外|除了|以外|否|去掉|移除|忽略|省去|舍弃|摒弃|摆脱|停止|仅"
    r"|只|唯|免|勿|非|无|不|未"
    r"|很少|极少|几乎|代替|取代|替换|换成|改用|而是|独立|不足|有限|不过|限于|のみ|だけ|避け|防|除"
    r"|欠|代わり|無|非|不|未"
    r"|\black|\bfail|\bunable|\babsen|\bfree of\b|-free\b|\binstead\b|\brather\b|\bun\w+|\bhardly"
    r"|\bdispens|\beschew|\bavoid"
    r"|\bprevent|\bexclu|\bomit|\bremov|\bignor|\bexcept|\bonly\b|\bsole|\bunless|\bimpossib"
    r"|\bim\w+"
    r"|\bin(?:dep|suf|abil|eff|var)\w+|less\b"
    r"|\bdis\w+|\bfew|\blittle|\binfeas|\bdifficult|\bhard\b|\bstruggl|\bwhereas|\bdrop|\bdiscard"
    r"|\brefus|\bdegrad|\bpoor|\brarely"
    r"|\bneed|\bzero\b|\bfar from|\bstop|\bmask|\bblock|\balone\b|\bmerely\b|\bcease|\bindependen"
    r"|\bneglig|\bnon",
    re.IGNORECASE,
)
# Clauses that share fewer terms may speak of different things.
LEAST_SHARED = 2
LEAST_SHARE = 0.5
MOST_CHARACTERS_TOLD = 40


def find_negation_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find denials on one side only, in all or in clauses that belong together."""
    if not comparison.quote:
        return
    denied = _DENIED.search(comparison.statement)
    if denied and not _denies(comparison.evidence):
        yield Hint(
            "negation",
            denied[0],
            f"The statement denies something ({denied[0]!r}); the evidence denies nothing.",
        )
    denied = _DENIED.search(comparison.quote)
    if denied and not _denies(comparison.statement):
        words = comparison.quote[denied.start() : denied.start() + MOST_CHARACTERS_TOLD]
        yield Hint(
            "negation",
            comparison.statement,
            f"The quoted words deny ({words!r}); the statement denies nothing.",
        )
    yield from _of_clauses(comparison)


def _of_clauses(comparison: Comparison) -> Iterator[Hint]:
    """Find clauses of which the one is denied and the other is not.

    Where the other side denies something too, only in some other clause, it takes one such pair
    each way.
    """
    said, quoted = split_clauses(comparison.statement), split_clauses(comparison.quote)
    pairs = [(clause, *find_closest(clause, quoted)) for clause in said]
    alike = [
        (clause, other)
        for clause, other, overlap in pairs
        if _speak_of_the_same(overlap, are_alone=len(said) == len(quoted) == 1)
    ]
    here = [
        (clause, other) for clause, other in alike if _DENIED.search(clause) and not _denies(other)
    ]
    there = [
        (clause, other) for clause, other in alike if _DENIED.search(other) and not _denies(clause)
    ]
    is_crossed = bool(here and there)
    if here and (is_crossed or not _denies(comparison.quote)):
        yield Hint(
            "negation",
            here[0][0],
            f"The statement denies what the quoted words say: {here[0][1]!r}.",
        )
    elif there and not _denies(comparison.statement):
        yield Hint(
            "negation",
            there[0][0],
            f"The quoted words deny what the statement says: {there[0][1]!r}.",
        )


def _speak_of_the_same(overlap: Overlap, *, are_alone: bool) -> bool:
    """Tell whether two clauses share enough; where each is all that is said, a term is enough."""
    return (
        overlap.shared >= (1 if are_alone else LEAST_SHARED)
        and overlap.shared >= LEAST_SHARE * overlap.known
    )


def _denies(text: str) -> bool:
    return bool(_DENIED.search(text) or _IMPLIED.search(text))
