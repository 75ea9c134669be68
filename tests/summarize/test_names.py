"""Names in texts, and whether a paper has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.summarize.verify.names.name_index import NameIndex
from chatpaper.summarize.verify.names.names import find_names


def found(text: str) -> list[str]:
    return [name.text for name in find_names(text)]


def test_among_chinese_characters_every_latin_word_with_a_capital_is_a_name() -> None:
    text = (
        "用 U-Net 与 Adam 训练模型（diffusion model），在 CIFAR-10 上优于 Stable "
        "Diffusion XL，用 12 GB，T 步"
    )
    assert found(text) == ["U-Net", "Adam", "CIFAR-10", "Stable Diffusion XL"]


def test_a_line_without_chinese_characters_is_english() -> None:
    assert found("笔记\nOverall it works, as TideSort does\n笔记") == ["TideSort"]


def test_words_of_the_trade_are_no_names() -> None:
    assert (
        found("每个 token 用一块 GPU，few-shot 与 SOTA 的 baseline，见 Figure 3 与 Table 2 (AI)")
        == []
    )


def test_one_letter_and_the_number_of_a_model_are_a_name() -> None:
    assert found("用 8 块 H800、A100 与 K80，而 F1、L2、C 与 T=10 不是名字") == [
        "H800",
        "A100",
        "K80",
    ]
    assert found("We train on eight H800 and report F1 scores.") == ["H800"]
    assert found("The T5 encoder reads C4 in A1out.") == ["T5", "C4", "A1out"]


@pytest.mark.parametrize("measure", ["1.22 G/ms", "70 km/s/Mpc", "3.2GB/s", "5 W/kg"])
def test_a_rate_is_a_measure_and_no_name(measure: str) -> None:
    assert found(f"效率为 {measure}，高于 HeronNet。") == ["HeronNet"]


def test_names_with_a_stroke_stay_names_behind_a_number() -> None:
    assert found("共 2 BLEU/ROUGE 项。") == ["BLEU/ROUGE"]


def test_in_english_a_name_is_what_looks_like_one() -> None:
    text = (
        "We train TideSort on the Harbour benchmark. However, GANs by Kingma and Ba "
        "need a U-Net in May."
    )
    assert found(text) == ["TideSort", "Harbour", "GANs", "Kingma", "Ba", "U-Net"]


def test_formulas_and_code_hold_no_names() -> None:
    assert found("其中 $X_{AB}$ 与 \\mathbf{QK} 及 `MyClass`") == []


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("We use a U-Net.", "UNet"),
        ("We use a U-Net.", "U-net"),
        ("trained on CIFAR 10", "CIFAR-10"),
        ("two GANs are", "GAN"),
        ("generative adversarial networks", "GAN"),
        ("the Denois-\ning Network", "Denoising Network"),
        ("the eﬃcient-Net", "EfficientNet"),
        ("by Nguyễn Thị Lan", "Nguyen Thi Lan"),
        ("transformers are used", "Transformer"),
        ("bytes of enwik8", "enwik8"),
        ("Stable Diffusion was made. XL is larger.", "Stable Diffusion XL"),
        ("we call it σReparam", "Reparam"),
        ("we call it σReparam", "sigma-Reparam"),
        ("a β-VAE is trained", "beta-VAE"),
        ("the E2VID+MG pair", "E2VID+MG"),
        ("E2VID and MG", "E2VID+MG"),
        ("1KAIST, 2Harbour Institute", "KAIST"),
        ("1KAIST, 2Harbour Institute", "Harbour Institute"),
        ("Mia Davenport1,2 and Otto Berg3", "Otto Berg"),
        ("Mia Davenport1,2 and Otto Berg3", "Davenport"),
        ("Mia Davenport1 and Wei Ji2", "Ji"),
        ("both GPT-4o and Claude", "GPT-4o/Claude"),
        ("8xA100 nodes", "A100"),
        ("four A100-80GB", "A100"),
        ("the test of Kolmogorov–Smirnov", "K-S"),
        ("the Kolmogorov-Smirnov test", "KS"),
        ("a K-S test", "Kolmogorov–Smirnov"),
        ("smoothed particle hydrodynamics; with smoothed particle hydrodynamics", "SPH"),
        ("an SPH code", "Smoothed Particle Hydrodynamics"),
        ("layer normalization", "LayerNorm"),
        ("2New York University", "NYU"),
        ("University of Toronto", "UofT"),
        ("Queen Mary University of London", "QMUL"),
        ("Shanghai AI Laboratory", "Shanghai AI Lab"),
        ("Markov chains", "Markovian"),
        ("a Bayesian model", "Bayes"),
        ("Erwin Schrödinger", "Schroedinger"),
        ("Lars Ørsted", "Orsted"),
        ("Moss’s bound", "Moss"),
        ("two LLMs", "LLM"),
        ("root mean square error", "RMSE"),
        ("the quality of service; a better quality of service", "QOS"),
        ("the AES is kept", "AES"),
    ],
)
def test_spellings_of_one_name(printed: str, written: str) -> None:
    assert NameIndex([printed]).find(written)


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("it can map images", "MAP"),
        ("(In Adam, the gradients are rescaled.)", "AdaGrad"),
        ("a GAN is used", "AN"),
        ("We use a U-Net.", "V-Net"),
        ("it was", "IT"),
        ("four A100 GPUs", "H800"),
        ("four A100 GPUs", "A10"),
        ("ResNet-50 on 152 images", "ResNet-152"),
        ("ImageNet and a", "ImageNet-A"),
        ("Sentence by sentence reads BERT", "Sentence-BERT"),
        ("smoothed particle hydrodynamics", "SPD"),
        ("some public houses", "SPH"),
        ("they relatively actively", "ReAct"),
        ("we let them emit it", "EMIT"),
        ("GPT-3 is", "GPT-4"),
        ("the KV cache", "KB-VQA"),
        # Words of a sentence whose first letters make another name by chance.
        ("I become more. I become more.", "IBM"),
        ("significant changes to production", "SCTP"),
        ("the JB of a lake", "Jarque-Bera"),
        ("several seconds", "Second Spectrum"),
        ("autoencoders", "AES"),
    ],
)
def test_other_words_are_other_names(printed: str, written: str) -> None:
    assert NameIndex([printed]).find(written) == ()


def test_words_of_two_passages_make_no_name() -> None:
    paper = NameIndex(["Memory is short.", "Networks and Lakes are long."])
    assert paper.find("Memory Networks") == ()
    assert paper.find("Networks Lakes") == (1,)


@given(
    st.lists(
        st.from_regex(r"[A-Z][a-z]{2,6}[A-Z0-9][a-z0-9]{1,4}", fullmatch=True),
        min_size=1,
        max_size=5,
    )
)
def test_a_name_copied_from_the_paper_is_found(words: list[str]) -> None:
    index = NameIndex([f"We study {' and '.join(words)} here."])
    assert all(index.find(name) for word in words for name in found(f"作者使用 {word} 进行实验"))


@pytest.mark.parametrize(
    ("name", "known"),
    [("Best-of-64", True), ("5-shot", True), ("Best-of-65", False), ("Worst-of-64", False)],
)
def test_an_instance_of_a_name_with_a_letter_for_its_number_is_known(
    name: str, known: bool
) -> None:
    paper = NameIndex(
        [
            "We draw by Best-of-N sampling, with N from 8 to 64.",
            "All k-shot results use 5 examples.",
        ]
    )
    assert bool(paper.find(name)) == known
