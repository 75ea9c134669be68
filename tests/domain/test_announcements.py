"""What a sentence says of a link: the paper's own, or somebody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain.text.announcements import is_announced, is_borrowed, is_labelled

TITLE = "TideSort: Networks that Learn to Sort"


@pytest.mark.parametrize(
    "before",
    [
        "It needs half of the comparators. Code is available at ",
        "Our code is at ",
        "Our source code and all trained models can be found at ",
        "The code and pre-trained models are available at ",
        "The full implementation (based on Torch) and the trained networks are available at ",
        "Model, datasets, and code are available at ",
        "Codes and data are provided at ",
        "The code we used to train our networks is available at ",
        "All code and hyperparameters available at ",
        "The source code of TideSort is publicly available at ",
        "Code for reproducing our results is released under the MIT license at ",
        "We release our code and the lists at ",
        "We open-source the training scripts: ",
        "We make all checkpoints publicly available on ",
        "To help others, we will release the benchmark and its leaderboard at ",
        "Our project page is ",
        "Our implementation, which uses sparse kernels, is available at ",
        "Code and models are available at https://github.com/tide/sort and ",
        "代码已开源，见 ",
        "复现包（包括代码和数据）可从以下地址获取：",
        "コードは次で公開している：",
        "Our code is available at (",
        "TideSort is publicly available at ",
        "We release TideSort at ",
        "The sorter runs on Torch [2] and the source code is released",
        "The resulting demo is hosted at ",
        "The software is freely available from ",
    ],
)
def test_what_a_paper_announces_is_its_own(before: str) -> None:
    assert is_announced(before, TITLE)


@pytest.mark.parametrize(
    "before",
    [
        "We use the implementation of MergeNet at ",
        "We use the implementation of MergeNet available at ",
        "The code of MergeNet is available at ",
        "The official implementation of the baseline is available at ",
        "The MergeNet code is available at ",
        "We compare TideSort with MergeNet, which is available at ",
        "TideSort uses a kernel that is available at https://kernels.example.org, based on ",
        "Their code is available at ",
        "The implementation by Rask et al. (2021) is available at ",
        "Our code is based on ",
        "Our implementation builds upon the library of Lind [12], ",
        "Our code follows ",
        "We adopt their released code from ",
        "The second of our datasets comes from the Tide project (",
        "Our model outperforms the baseline MergeNet (",
        "We compare with a public sorter, ",
        "For training we use the Torch library ",
        "The lists were downloaded from ",
        "The Scheduler data set is available at ",
        "Our code is available on request. The sorter of Lind is at ",
        "See the news at ",
        "Accessed via the search interface provided by ",
        "我们使用了公开的代码，基于 ",
        "An overview of all submissions: ",
        "",
    ],
)
def test_what_is_said_of_others_is_not(before: str) -> None:
    assert not is_announced(before, TITLE)


@pytest.mark.parametrize(
    "before", ["Project page: ", "Code: ", "Demo: ", "[Code] ", "Code & Data: ", "GitHub: "]
)
def test_labels_are_told(before: str) -> None:
    assert is_labelled(before)
    assert is_labelled(f"Ada Lind, Bo Rask. University of Tides. {before}")


@pytest.mark.parametrize(
    "before", ["University of Tides, ", "WWW home page: ", "e-mail: ", "See [12]: "]
)
def test_other_words_are_no_labels(before: str) -> None:
    assert not is_labelled(before)


def test_words_of_borrowing_are_told() -> None:
    assert is_borrowed("We start from the weights of Lind et al. at ")
    assert not is_borrowed("It sorts lists of any length. URL: ")


@given(st.text("aT .,:[(我code", max_size=200))
def test_any_words_can_be_judged(before: str) -> None:
    assert is_announced(before) in (True, False)


@pytest.mark.parametrize(
    "unit", ["our ", "code ", "We release the ", "(", "1.", "available ", "，代码", "and, "]
)
def test_hostile_words_are_read_in_proportion(unit: str) -> None:
    is_announced(unit * 30_000, unit * 30_000)
    is_labelled(unit * 30_000)
