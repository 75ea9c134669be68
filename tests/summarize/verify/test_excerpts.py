"""Which passages a second reader is shown where not all can be paid for."""

from chatpaper.domain import Document, Section
from chatpaper.summarize.verify.evidence.excerpts import Evidence
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

LONG = (
    "Herons wade slowly along the muddy banks of the estuary in the early hours of the morning "
    "while the tide is out, and they stand still for minutes at a time before they strike at "
    "the small crabs and shrimps that hide among the roots of the mangroves and the reeds."
)
SHORT = ("Gulls prefer bread.", "Terns dive for sprats.", "Plovers run after flies.")
DOCUMENT = Document(
    title="Birds",
    sections=tuple(
        Section(str(number), "Food", 1, number, text)
        for number, text in enumerate((LONG, *SHORT), 1)
    ),
)
EVIDENCE = Evidence(Verifier(DOCUMENT), DOCUMENT)
FINDINGS = [
    Finding("summary", number, 0, len(quote), Statement(quote, quote=quote))
    for number, quote in enumerate((LONG, *SHORT))
]


def list_served(limit_tokens: float) -> list[bool]:
    _, places = EVIDENCE.excerpts(FINDINGS, limit_tokens)
    return [bool(places[finding]) for finding in FINDINGS]


def test_every_statement_has_what_it_rests_on_where_there_is_room() -> None:
    assert list_served(1_000) == [True] * 4


def test_one_long_passage_does_not_take_the_room_of_several_short_ones() -> None:
    # The long one alone would just fit; its statement has a sentence beside it to be judged by.
    assert list_served(60) == [True] * 4
