"""Whether a paper supports a name of a text."""

import re
from collections.abc import Sequence
from dataclasses import replace

from chatpaper.domain.text.folding import fold_accents
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.claims.placement import Placement
from chatpaper.summarize.verify.names.name_index import NameIndex
from chatpaper.summarize.verify.names.names import Name, find_names
from chatpaper.summarize.verify.passages import NO_TEXT_SECTIONS, RECORD, TITLE, Passage, Passages
from chatpaper.summarize.verify.support.derivation import Setting

# A name that stands in more passages than these belongs to all of the paper.
MAX_PASSAGES_OF_RARE_NAME = 3
# Where the record of the paper stands: what is named there belongs to all of it.
RECORD_SECTIONS = (TITLE, RECORD)

_INITIALS = re.compile(r"[A-Z]{2,6}")


class NameCheck:
    """A paper, made ready for judging names."""

    def __init__(
        self, passages: Passages, names: NameIndex, placement: Placement, authors: Sequence[str]
    ) -> None:
        self._passages, self._names = passages, names
        self._placement, self._authors = placement, authors
        # A paper without a record has its authors on its first page alone, among institutes and
        # addresses.
        self._record = RECORD_SECTIONS if authors else NO_TEXT_SECTIONS

    def judge(self, name: Name, setting: Setting) -> CheckedClaim:
        """Judge a name of a sentence.

        A name from another part of the paper may stand beside all that is quoted; where the quoted
        words have one that is not stated, that one may have been meant instead.
        """
        sentence, focus = setting.sentence, setting.quoted
        claim = CheckedClaim("name", name.text, 0, supported=False)
        found = self._names.find(name.text)
        well_known = len(found) > MAX_PASSAGES_OF_RARE_NAME
        of_the_record = any(self._passages.all[number].section in self._record for number in found)
        if (
            well_known
            or of_the_record
            or any(fold_accents(name.text) in fold_accents(author) for author in self._authors)
        ):
            return self._placement.add_place(
                replace(claim, supported=True), found[0] if found else None, "elsewhere"
            )
        if in_focus := [
            number for number in focus if _has_parts_or_words(self._passages.all[number], name.text)
        ]:
            return self._placement.add_place(
                replace(claim, supported=True), min(in_focus), "passage"
            )
        if not found:
            return claim
        judged = self._placement.judge(claim, found, sentence, name, focus)
        return judged if setting.unnamed else replace(judged, supported=True)

    def find_unnamed(self, quoted: str, text: str) -> tuple[str, ...]:
        """Find the names of quoted words that a text does not have."""
        stated = fold_accents(text)
        return tuple(
            each.text for each in find_names(quoted) if fold_accents(each.text) not in stated
        )


def _has_parts(passage: Passage, name: str) -> bool:
    """Tell whether the passage has all parts of a name, though not in one.

    The cells of a table are broken into lines.
    """
    text = fold_accents(passage.text)
    parts = [fold_accents(part) for part in re.findall(r"\w+", name)]
    return len(parts) > 1 and all(part in text for part in parts)


def _has_parts_or_words(passage: Passage, name: str) -> bool:
    """Tell whether the passage has all parts of a name, or the words whose initials it is made of.

    EM, for example, is made of the initials of exact match.
    """
    if _has_parts(passage, name):
        return True
    words = r"[a-z]{1,30}[ -]".join(name) + r"[a-z]{2,30}"
    return bool(
        _INITIALS.fullmatch(name) and re.search(rf"\b{words}\b", passage.text, re.IGNORECASE)
    )
