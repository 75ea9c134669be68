"""Names that a paper has in another form: in the plural, or spelled out."""

import pytest

from chatpaper.domain import Document, Section
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

VERIFIER = Verifier(
    Document(
        sections=(
            Section(
                "1",
                "Features",
                1,
                1,
                "MFCCs were not useful features. Stations record the sound "
                "of SN 1987A. "
                "Each issue has a pull request, and the pull requests are read.",
            ),
            Section("3", "Scores", 1, 3, "Deer-E has 79.6, Lynx-W has 41.2 and others less."),
            Section("9", "Acknowledgements", 1, 9, "We thank Tomas Waterman for his remarks."),
            Section("2", "Rivers", 1, 2, "The level rises.\n\nThe baseline is an MFCC+GMM chain."),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "quote", "unsupported"),
    [
        ("MFCC 不是有用的特征。", "MFCCs were not useful features.", []),
        ("MFCC 特征没有用，致谢中的 Tomas Waterman 说。", "MFCCs were not useful features.", []),
        (
            "MFCC 特征没有用，Tomas Waterman 说。",
            "MFCCs were not useful features.",
            ["Tomas Waterman"],
        ),
        ("它在 DEER-Easy 上为 79.6。", "Deer-E has 79.6, Lynx-W has 41.2 and others less.", []),
        (
            "它在 DEER-Hard 上为 79.6。",
            "Deer-E has 79.6, Lynx-W has 41.2 and others less.",
            ["DEER-Hard"],
        ),
        ("每个 issue 都有 PR。", "", []),
        ("每个 issue 都有 PB。", "", ["PB"]),
        ("这是某位 Ph.D. 的工作。", "", []),
        # What belongs to something is named behind it, and the paper may say otherwise that it
        # belongs there.
        ("The GMM's MFCC features are not useful.", "", []),
        ("The HMM's MFCC features are not useful.", "", ["HMM"]),
        # A designation in a catalogue is a name with its number.
        ("站点录下 SN 1987A 的声音。", "", []),
        ("站点录下 SN 2023F 的声音。", "", ["SN 2023F"]),
    ],
)
def test_a_name_is_found_in_the_form_that_the_paper_has(
    text: str, quote: str, unsupported: list[str]
) -> None:
    claims = VERIFIER.check(Statement(text, quote=quote))
    assert [each.value for each in claims if not each.supported] == unsupported
