"""What a second reader says of the statements of a summary."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

VerdictKind = Literal["supported", "contradicted", "not_stated"]

# What became of a statement: it stands as it was, bears a mark, was replaced by its correction, or
# was left out.
VerdictOutcome = Literal["kept", "marked", "corrected", "left_out"]

# "off": not asked for; "skipped": quota or budget forbade it; "failed": the call brought nothing;
# "partly": some of the fields were judged, as where others were added later.
VerificationStatus = Literal["off", "done", "partly", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the second reader says of one statement, and what became of it.

    `words` are those of the paper that decide, as they stand there on `page`; what is not stated
    has none. `correction` is the statement put right, which is published where it passes the
    checks.
    """

    field: str
    text: str
    verdict: VerdictKind
    words: str = ""
    page: int = 0
    section: str = ""
    correction: str = ""
    outcome: VerdictOutcome = "kept"


@dataclass(frozen=True, slots=True)
class Verification:
    """The second reading of a summary: whether there was one, why not, and what it came to.

    `undecided` counts statements that got no verdict, or one whose words the paper does not have.
    """

    status: VerificationStatus = "off"
    reason: str = ""
    model: str = ""
    verdicts: tuple[Verdict, ...] = ()
    undecided: int = 0

    def count(self, kind: VerdictKind) -> int:
        """Return how many verdicts are of a kind."""
        return sum(verdict.verdict == kind for verdict in self.verdicts)

    def select_fields(self, names: Sequence[str]) -> "Verification":
        """Return the verdicts on statements of these fields alone."""
        return replace(
            self, verdicts=tuple(verdict for verdict in self.verdicts if verdict.field in names)
        )

    def merge(self, later: "Verification", fields: Sequence[str]) -> "Verification":
        """Return both readings as one; for these fields the later one holds."""
        kept = tuple(verdict for verdict in self.verdicts if verdict.field not in fields)
        return Verification(
            self.status if self.status == later.status else "partly",
            later.reason or self.reason,
            later.model or self.model,
            (*kept, *later.verdicts),
            self.undecided + later.undecided,
        )
