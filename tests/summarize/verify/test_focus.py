"""A claim rests on the passage that it quotes and on its neighbours.

It also rests on the figures and tables that it refers to.
"""

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

BOX = BBox(0, 0, 1, 1)
FILLER = " ".join(
    f"The harbour master writes entry {word} into the log of the port." for word in ("red", "blue")
)
QUOTED = "Cranes that know the tide lift more containers than cranes that do not"
SECTION = (
    f"The quay of Almora was rebuilt with care. It now has rails of 417 metres. {QUOTED}, as Table "
    f"3 shows. The gain is largest at night. It shrinks to 6.25 points in winter. {FILLER}"
)
ELSEWHERE = "The pilots of Borkum sail with 3.75 points of delay. " + FILLER
VERIFIER = Verifier(
    Document(
        sections=(Section("2", "Cranes", 1, 2, SECTION), Section("5", "Pilots", 1, 7, ELSEWHERE)),
        figures=(
            Figure(
                "Table 3", "table", "Lifts an hour.", 4, BOX, text="TideCrane 83.4\nPlainCrane 71.9"
            ),
            Figure(
                "Table 4",
                "table",
                "Idle time.",
                5,
                BOX,
                text="TideCrane | 12.85\nPlainCrane | 19.31",
            ),
            Figure(
                "Figure 2", "figure", "The cranes at the quay of Cromer lift 55.5 tons.", 6, BOX
            ),
        ),
    )
)


def nearness(text: str) -> dict[str, str]:
    return {
        claim.value: claim.nearness
        for claim in VERIFIER.check(Statement(text, quote=QUOTED))
        if claim.kind != "quote"
    }


def test_two_sentences_around_the_quote_support_a_claim() -> None:
    assert nearness("冬季的增益降到 6.25 个点。") == {"6.25 个点": "passage"}
    assert nearness("轨道长 417 米。") == {"417 米": "passage"}
    assert nearness("延误为 3.75 个点。") == {"3.75 个点": "elsewhere"}


def test_the_table_that_the_quoted_passage_refers_to_supports_a_claim() -> None:
    assert nearness("TideCrane 每小时 83.4 次。")["TideCrane"] == "passage"
    assert set(nearness("由 71.9 提高到 83.4。").values()) == {"passage"}


def test_the_table_that_has_all_numbers_of_a_claim_supports_it() -> None:
    assert set(nearness("空闲由 19.31 秒降到 12.85 秒。").values()) == {"passage"}
    assert nearness("空闲为 12.85 秒。") == {"12.85 秒": "elsewhere"}


def test_the_figure_that_a_claim_names_supports_it() -> None:
    assert nearness("如图 2 所示，Cromer 的起重机吊起 55.5 吨。")["Cromer"] == "passage"
    assert nearness("Cromer 的起重机很多。")["Cromer"] == "elsewhere"


@pytest.mark.parametrize(
    ("text", "quote", "unsupported"),
    [
        # All that is quoted is said: what is said beside it is gathered from elsewhere.
        ("The inner basin holds 418 barges, 3.75 points of them at night.", "holds 418 barges", []),
        ("The basin has barges, 3.75 points of them at night.", "more than one basin has", []),
        # The 418 may have been meant.
        (
            "The inner basin holds barges, 3.75 points of them at night.",
            "holds 418 barges",
            ["3.75 points"],
        ),
        (
            "The inner basin holds barges of Ebberick and of Borkum at night.",
            "barges of Ebberick",
            [],
        ),
        ("The inner basin holds barges of Borkum at night.", "barges of Ebberick", ["Borkum"]),
    ],
)
def test_what_stands_elsewhere_counts_against_a_claim_that_leaves_out_what_is_quoted(
    text: str, quote: str, unsupported: list[str]
) -> None:
    basin = "The inner basin holds 418 barges of Ebberick at night. More than one basin has barges."
    rows = [Section("4", "Basin", 1, 6, basin), Section("5", "Pilots", 1, 7, ELSEWHERE)]
    claims = Verifier(Document(sections=tuple(rows))).check(Statement(text, quote=quote))
    assert [claim.value for claim in claims if not claim.supported] == unsupported
