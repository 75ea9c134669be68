"""The titles that papers of all fields have: what a heading is by its words."""

import re
from typing import Literal

from chatpaper.domain.text.folding import fold_letters
from chatpaper.extract.headings.numbering import parse_numbers

HeadingKind = Literal["section", "abstract", "references", "keywords", "contents"]
_REFERENCES = re.compile(
    r"references?(?:andnotes|cited)?|bibliography|literature(?:cited)?|workscited|参考文献|引用文献"
)
_KEYWORDS = re.compile(
    r"(?:additional)?key(?:words|wordsandphrases)|indexterms|ccsconcepts|categoriesandsubjectdescriptors|generalterms|关键词"
)
_CONTENTS = re.compile(r"(?:table)?of?contents|contents|listof(?:figures|tables)|目录")
_BACK_MATTER = re.compile(
    r"acknowledge?ments?|acknowledgements?andfunding|acknowledgements?anddisclosureoffunding|funding(?:information)?|"
    r"(?:authors?)?contributions?|authors?contributionstatement|(?:conflicts?|declaration)of(?:competing)?interests?|"
    r"competing(?:financial)?interests?|(?:data|code|dataandcode|materials)?(?:availability|accessibility)(?:statement)?|"
    r"dataavailability|dataaccessibility|supporting(?:information)?|supplementa(?:ry|l)(?:information|materials?|data)?|"
    r"additionalinformation|ethic(?:s|al)(?:statement|considerations)?|(?:broader)?impacts?(?:statement)?|limitations?|"
    r"reproducibility(?:statement)?|appendi(?:x|ces)|aboutthe?authors?|nomenclature|致谢|附录"
)
_KNOWN = re.compile(
    r"introduction|background|relatedworks?|previouswork|preliminaries|materialsandmethods?|methods?(?:andmaterials)?|"
    r"methodology|approach|theproposedmethod|proposedmethod|model|experiments?|experimental(?:setup|results)|evaluation|"
    r"results?(?:anddiscussions?)?|discussions?(?:andconclusions?)?|conclusions?(?:and(?:futureworks?|discussions?|outlook))?|"
    r"(?:discussionsand)?conclusions?|concludingremarks|futureworks?|summary|motivation|problemstatement|"
    r"引言|绪论|相关工作|方法|实验|结论|总结|结果"
)

_ABSTRACT = re.compile(r"abstract|executivesummary|synopsis|摘要|内容摘要")


def classify_title(title: str) -> HeadingKind:
    """What stands under a heading of this title."""
    letters = fold_letters(title)
    kinds: tuple[tuple[re.Pattern[str], HeadingKind], ...] = (
        (_REFERENCES, "references"),
        (_KEYWORDS, "keywords"),
        (_CONTENTS, "contents"),
    )
    if is_abstract_word(title):
        return "abstract"
    return next((kind for pattern, kind in kinds if pattern.fullmatch(letters)), "section")


def is_known_title(title: str) -> bool:
    """Tell whether the title is one that papers of all fields have."""
    letters = fold_letters(title)
    return bool(_KNOWN.fullmatch(letters) or _BACK_MATTER.fullmatch(letters))


def opens_text(text: str) -> bool:
    """Tell whether a line is the heading of an abstract or of a first section."""
    return any(is_abstract_word(title) or is_known_title(title) for _, title in parse_numbers(text))


def is_back_matter(title: str) -> bool:
    """Tell whether it is a title of what comes after the last section: thanks, declarations, appendices."""
    return bool(_BACK_MATTER.fullmatch(fold_letters(title)))


def names_appendix(title: str) -> bool:
    """Tell whether the title itself says that an appendix or supplement begins."""
    return bool(re.match(r"appendi|supplement|附录", title, re.IGNORECASE))


def is_abstract_word(text: str) -> bool:
    """Tell whether a line is the heading of an abstract, which may be set smaller than the body."""
    return bool(_ABSTRACT.fullmatch(fold_letters(text)))


def is_common_section(title: str) -> bool:
    """Tell whether it is the title of a main section that papers of all fields have."""
    return bool(_KNOWN.fullmatch(fold_letters(title)))
