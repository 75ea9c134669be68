"""Two numbers, each beside the words that the paper has beside the other one."""

import pytest

from chatpaper.summarize.verify.hints.detect import find_hints

PAPER = """\
We used a total of 8.4 hours of captive recordings (12 birds) and 18.5 hours of wild ones.

The decoder takes 35 ms for a page, the encoder 62 ms.

The recall of the first run was 71.2% and the precision 64.9%, on the same letters."""


def certain(statement: str) -> list[str]:
    hints = find_hints(statement, "", "", paper_text=PAPER)
    return [hint.kind for hint in hints if hint.is_certain]


@pytest.mark.parametrize(
    "statement",
    [
        "野外の 8.4 時間と飼育下の 18.5 時間の録音を用いた。",
        "共用 18.5 小时的圈养录音和 8.4 小时的野外录音。",
        "编码每页耗时 35 毫秒，解码耗时 62 毫秒。",
    ],
)
def test_exchanged_numbers_are_told(statement: str) -> None:
    assert "role" in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "飼育下の 8.4 時間と野外の 18.5 時間の録音を用いた。",
        "共用 8.4 小时的圈养录音和 18.5 小时的野外录音。",
        "解码每页耗时 35 毫秒，编码耗时 62 毫秒。",
        "首轮的召回率为 71.2%，精确率为 64.9%。",
        "召回率和精确率分别为 71.2% 和 64.9%。",
        "两组录音分别长 18.5 小时和 8.4 小时。",
        "录音长 8.4 小时与 18.5 小时。",
    ],
)
def test_numbers_in_their_places_are_left_alone(statement: str) -> None:
    assert certain(statement) == []
