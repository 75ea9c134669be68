"""Topics, and which papers belong to them.

Titles are public records of arXiv; abstracts are retold.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Paper, Topic
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.arxiv.query import build_search_query
from chatpaper.fetch.topics.relevance import judge_relevance
from chatpaper.fetch.topics.table import (
    fold_topic_name,
    list_aliases,
    list_builtin_topics,
    resolve_topic,
)
from tests.fakes.arxiv_feed import FakePaper, matcher
from tests.fakes.arxiv_papers import SAMPLE_PAPERS

SINCE, UNTIL = datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 8, 1, tzinfo=UTC)

NAMES = [
    *(
        "Diffusion Models",
        "3DGS",
        "NeRF",
        "LLM",
        "Agent",
        "R1_Reasoning",
        "Talking Head Generation",
        "Text-to-Motion",
    ),
    *(
        "Face Swapping",
        "I2I Translation",
        "Few-Shot",
        "Vision Transformer",
        "GAN",
        "TTS",
        "Speech",
        "Interactive",
        "MMT",
    ),
    *(
        "3D Reconstruction",
        "医学图像",
        "Breast Ultrasound",
        "牙齿修复",
        "检测/分割/跟踪",
        "无监督/半监督/对比学习",
    ),
    *("视频理解", "人脸相关", "元宇宙/虚拟人"),
]

# What was once published in one day under "I2I Translation": one paper in eight belongs there.
TRANSLATION_DAY = [
    (
        True,
        (
            "BronchoGAN: Anatomically consistent and domain-agnostic image-to-image translation "
            "for video bronchoscopy"
        ),
        (
            "Anatomical constraints are built into a conditional GAN, so that images of phantoms "
            "become realistic ones."
        ),
    ),
    (
        False,
        (
            "How Well Does GPT-4o Understand Vision? Evaluating Multimodal Foundation Models on "
            "Standard Computer Vision Tasks"
        ),
        (
            "Vision tasks are translated into text prompts by prompt chaining, and multimodal "
            "models are measured on them."
        ),
    ),
    (
        False,
        (
            "SafePTR: Token-Level Jailbreak Defense in Multimodal LLMs via "
            "Prune-then-Restore Mechanism"
        ),
        (
            "Existing defences, including Image-to-Text Translation and safe prompting, leave "
            "the root causes alone."
        ),
    ),
    (
        False,
        "DocShaDiffusion: Diffusion Model in Latent Space for Document Image Shadow Removal",
        (
            "It translates shadow images from pixel space to latent space, where a "
            "mask guides the removal."
        ),
    ),
    (
        False,
        "ShapeEmbed: a self-supervised learning framework for 2D contour quantification",
        (
            "The descriptor of a contour is invariant to translation, scaling, rotation, "
            "reflection and point indexing."
        ),
    ),
    (
        False,
        (
            "ADAptation: Reconstruction-based Unsupervised Active Learning for Breast "
            "Ultrasound Diagnosis"
        ),
        (
            "Gaps between datasets are bridged by translating target images into source-domain "
            "style by diffusion models."
        ),
    ),
    (
        False,
        "SURE-VQA: Systematic Understanding of Robustness Evaluation in Medical VQA Tasks",
        (
            "Robustness to synthetic shifts does not necessarily translate to real-world shifts; "
            "LLMs judge the answers."
        ),
    ),
    (
        False,
        (
            "Average Calibration Error: A Differentiable Loss for Improved Reliability "
            "in Image Segmentation"
        ),
        (
            "Miscalibration of medical image segmentation hinders its clinical translation; a "
            "loss on bins mends it."
        ),
    ),
]

# For each topic: titles that belong to it, and titles that look as if they did.
CASES: dict[str, tuple[list[str], list[str]]] = {
    "Diffusion Models": (
        [
            "Denoising Diffusion Probabilistic Models",
            "Scalable Diffusion Transformers",
            "A study of diffusion-models",
        ],
        [
            "A Reaction-Diffusion Model of Skin Patterns",
            "Knowledge diffusion in firms",
            "Drift diffusion models of choice",
        ],
    ),
    "3DGS": (
        [
            "3D Gaussian Splatting for Real-Time Rendering",
            "Sparse-view 3DGS",
            "Gaussian Splats in the Browser",
        ],
        ["A 3D Gaussian filter for denoising", "Gaussian processes in 3D"],
    ),
    "NeRF": (
        [
            "NeRF: Scenes as Neural Radiance Fields",
            "Mip-NeRF 360",
            "BakedNeRFs on phones",
            "Tensorial Radiance Fields",
        ],
        ["Nerfing weapons in games", "Enerfy: energy forecasting"],
    ),
    "LLM": (
        [
            "Large Language Models Are Few-Shot Learners",
            "Do LLMs plan?",
            "MLLM benchmarks",
            "What ChatGPT knows",
        ],
        ["A language for large models of ships", "HLLMX decoding"],
    ),
    "Agent": (
        [
            "Web agents from language models",
            "Agentic AI in science",
            "Multi-Agent debate",
            "LLM-based multiagent systems",
        ],
        [
            "A new reagent for LLM-guided chemistry",
            "Contrast agents in MRI, described with language models",
            "Reinforcement learning of an agent in a maze",
        ],
    ),
    "R1_Reasoning": (
        [
            "DeepSeek-R1: Incentivizing Reasoning",
            "R1-Zero-like training",
            "Overthinking in large reasoning models",
            "GRPO done right",
        ],
        [
            "R1 and R2 of a regression",
            "A test of non-reasoning models",
            "A Bayesian reasoning model of juries",
            "Commonsense knowledge",
        ],
    ),
    "Talking Head Generation": (
        [
            "Audio-driven portrait animation",
            "Real-time talking-head synthesis",
            "Lip-sync that lasts",
        ],
        ["Talking-Heads Attention", "Head pose estimation"],
    ),
    "Text-to-Motion": (
        [
            "Text-to-Motion Retrieval",
            "Text-driven human motion generation",
            "Human Motion Diffusion Model",
        ],
        ["Text-to-image synthesis", "Motion planning for robots"],
    ),
    "Face Swapping": (
        [
            "One-shot face swapping",
            "FaceSwap detection",
            "Detecting face-swapped videos",
            "Deepfake videos in the wild",
        ],
        ["Swapping tokens", "Audio deepfakes of politicians", "Interfaces for swapping"],
    ),
    "I2I Translation": (
        [
            "Unpaired Image-to-Image Translation",
            "I2I with diffusion",
            "MRI-to-CT synthesis",
            "Image translation by example",
        ],
        [
            "In-image machine translation",
            "Towards clinical translation of image segmentation",
            "Networks invariant to image translation and rotation",
            "Neural machine translation",
        ],
    ),
    "Few-Shot": (
        [
            "Few-shot segmentation",
            "Few shot learning",
            "Fewshot detection",
            "One-Shot Learning of signs",
        ],
        ["Few-shot prompting considered harmful", "A few good shots in the dark"],
    ),
    "Vision Transformer": (
        [
            "Vision Transformers Need Registers",
            "A ViT for maps",
            "MobileViT",
            "Swin-Transformer in medicine",
        ],
        [
            "Vit. C and health",
            "Power transformers: vision for inspection",
            "Activities of daily living",
        ],
    ),
    "GAN": (
        [
            "CycleGAN revisited",
            "Wasserstein GANs",
            "StyleGAN2 analysed",
            "Generative adversarial networks",
            "WGAN-GP",
        ],
        [
            "Organ segmentation",
            "ORGAN SEGMENTATION IN CT",
            "GaN transistors",
            "Slogans and gangs",
            "Started, began, gan",
        ],
    ),
    "TTS": (
        [
            "Zero-shot text-to-speech",
            "Voice cloning",
            "Expressive TTS with prosody control",
            "Singing voice synthesis",
        ],
        ["Test-time scaling (TTS) of language models", "Text-to-image synthesis"],
    ),
    "Speech": (
        ["Speech enhancement", "Robust automatic speech recognition", "Spoken language models"],
        [
            "Hate speech detection",
            "Part-of-speech tagging",
            "Free speech online",
            "Counterspeech",
            "Speechless",
        ],
    ),
    "Interactive": (
        ["Interactive segmentation", "An Interactive World Model", "Human-in-the-loop labelling"],
        ["Non-interactive zero knowledge", "Interaction of waves", "Interactive Oracle Proofs"],
    ),
    "MMT": (
        [
            "Multimodal machine translation",
            "Multi-Modal Machine Translation with images",
            "MMT: translation of captions",
        ],
        [
            "Multimodal transformers (MMT)",
            "Machine translation of proverbs",
            "Multimodal sentiment analysis",
        ],
    ),
    "3D Reconstruction": (
        [
            "3D reconstruction from one image",
            "Multi-view stereo",
            "Structure-from-Motion",
            "3d scene reconstruction",
        ],
        ["Pulse shape reconstruction", "Reconstruction of lost texts"],
    ),
    "医学图像": (
        [
            "Medical image registration",
            "Chest X-rays",
            "MRI denoising",
            "Whole-slide images",
            "Polyp segmentation",
        ],
        ["Satellite images", "Security X-ray images of luggage"],
    ),
    "Breast Ultrasound": (
        ["Breast ultrasound diagnosis", "Segmentation on BUSI breast images"],
        ["Breast MRI", "Ultrasound of the thyroid"],
    ),
    "牙齿修复": (
        [
            "Dental crown generation",
            "Tooth segmentation",
            "Orthodontics by network",
            "Dental restorations",
        ],
        ["A comb with many teeth", "Accidental crowns", "Image restoration"],
    ),
    "检测/分割/跟踪": (
        [
            "Open-vocabulary object detection",
            "Panoptic segmentation",
            "Multi-object tracking",
            "Segment Anything",
            "YOLOv12",
        ],
        ["Fraud detection", "Customer segmentation", "Eye strain"],
    ),
    "无监督/半监督/对比学习": (
        [
            "Semi-supervised learning",
            "Contrastive learning of sentences",
            "Self-supervised ViTs",
            "Pseudo-labels",
        ],
        ["Supervised learning", "Contrastive linguistics"],
    ),
    "视频理解": (
        [
            "Long-video understanding",
            "Temporal action localization",
            "VideoQA",
            "Video moment retrieval",
        ],
        ["Video compression", "Long video generation"],
    ),
    "人脸相关": (
        ["Face recognition", "Facial expressions", "Deepfake detection", "Talking faces"],
        [
            "Audio deepfakes",
            "The problems that industry faces",
            "Interface design",
            "Surfaces of crystals",
        ],
    ),
    "元宇宙/虚拟人": (
        ["The Metaverse", "Animatable Gaussian avatars", "Virtual humans that listen"],
        ["Virtual memory", "Human factors"],
    ),
}


def paper(title: str, abstract: str = "") -> Paper:
    return Paper("2407.00001", title, abstract=abstract)


def belongs(name: str, title: str, abstract: str = "") -> bool:
    return judge_relevance(resolve_topic(name), paper(title, abstract)).relevant


def test_the_table_holds_the_topics_that_people_follow() -> None:
    assert {topic.name for topic in list_builtin_topics()} >= set(NAMES)
    assert all(
        topic.builtin and topic.phrases and topic.categories for topic in list_builtin_topics()
    )
    assert set(CASES) == set(NAMES)


@pytest.mark.parametrize(
    ("name", "title"), [(name, title) for name, (good, _) in CASES.items() for title in good]
)
def test_papers_of_a_topic_belong_to_it(name: str, title: str) -> None:
    assert belongs(name, title)
    assert belongs(name, "A title", title) or resolve_topic(name).fields == ("ti",)


@pytest.mark.parametrize(
    ("name", "title"), [(name, title) for name, (_, bad) in CASES.items() for title in bad]
)
def test_papers_that_only_sound_like_a_topic_do_not(name: str, title: str) -> None:
    assert not belongs(name, title)


@pytest.mark.parametrize(("expected", "title", "abstract"), TRANSLATION_DAY)
def test_only_the_paper_on_image_translation_passes_of_a_day_that_was_published(
    expected: bool, title: str, abstract: str
) -> None:
    assert belongs("I2I Translation", title, abstract) is expected


@pytest.mark.parametrize("sample", SAMPLE_PAPERS, ids=lambda sample: sample.arxiv_id)
def test_the_papers_of_a_published_diffusion_day_belong_there(sample: FakePaper) -> None:
    assert belongs("Diffusion Models", sample.title, sample.abstract)


@pytest.mark.parametrize("name", NAMES)
def test_arxiv_finds_what_belongs_to_a_topic(name: str) -> None:
    topic = resolve_topic(name)
    finds = matcher(build_search_query(topic, SINCE, UNTIL))
    category = topic.categories[0].replace("*", "CV")
    found = [
        title
        for title in CASES[name][0]
        # Names that end in an acronym (StyleGAN) and closed compounds are single words to a search
        # engine.
        if finds(FakePaper("2407.00001", title, "", categories=(category,)))
    ]
    assert len(found) >= len(CASES[name][0]) / 2
    assert not finds(
        FakePaper("2407.00001", "A cookbook", "Soups and stews.", categories=(category,))
    )


def test_an_exclusion_explains_away_only_what_it_covers() -> None:
    topic = Topic(
        "T", phrases=("translation",), none_of=("clinical translation", "machine translation")
    )
    assert not judge_relevance(
        topic, paper("On clinical translation", "and machine-translation")
    ).relevant
    assert judge_relevance(
        topic, paper("On clinical translation", "by the translation of images")
    ).relevant
    verdict = judge_relevance(topic, paper("Towards clinical translation"))
    assert verdict.reason == "“translation” occurs only as “clinical translation”"


def test_a_mention_of_clinical_translation_does_not_drop_a_paper_on_image_translation() -> None:
    assert belongs(
        "I2I Translation", "Unpaired image-to-image translation", "This eases clinical translation."
    )
    assert belongs("Agent", "LLM agents", "They choose contrast agents.")


def test_the_reason_names_what_was_found() -> None:
    verdict = judge_relevance(resolve_topic("GAN"), paper("A study", "We train StyleGANs."))
    assert (verdict.relevant, verdict.reason) == (True, "“GANs” occurs in it")


@pytest.mark.parametrize(
    "text",
    [
        "few-shot",
        "few shot",
        "Few\nShot",
        "FEW-SHOT",
        "few‑shot",
        "few–shot",
        "fewshot",
        "ｆｅｗ shot",
        "few-shots",
    ],
)
def test_hyphens_spaces_case_and_plurals_make_no_difference(text: str) -> None:
    assert belongs("Few-Shot", f"On {text}, again")


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("categories of agency", "Categories of agencies", True),
        ("box", "Boxes", True),
        ("box", "Boxing", False),
        ("大模型", "论大模型的推理", True),
        ("大模型", "论大型模型", False),
        ("C++", "Learning C++ fast", True),
        ("3D", "a 3d model", True),
        ("3D", "13D space", False),
        ("GPT 4", "GPT-4 is", True),
        ("GPT 4", "GPT-41", False),
        ("1 2", "12 monkeys", False),
        ("DIFFUSION MODELLING", "diffusion modelling", True),
        ("naïve Bayes", "Naïve Bayes", True),
        ("Bayes", "naïveBayes", False),
        (".NET", "the .NET runtime", True),
        ("", "anything", False),
    ],
)
def test_phrases_match_as_words(phrase: str, text: str, expected: bool) -> None:
    assert judge_relevance(Topic("T", phrases=(phrase,)), paper(text)).relevant is expected


def test_every_group_must_occur() -> None:
    topic = Topic("T", phrases=("agent",), all_of=(("LLM", "language model"), ("web",)))
    assert judge_relevance(topic, paper("Agents", "LLMs on the web")).relevant
    assert not judge_relevance(topic, paper("Agents", "LLMs at home")).relevant
    assert not judge_relevance(topic, paper("LLMs", "on the web")).relevant
    groups_alone = Topic("T", all_of=(("web",),))
    assert judge_relevance(groups_alone, paper("The web")).relevant
    assert not judge_relevance(groups_alone, paper("The net")).relevant


def test_categories_count_where_a_paper_has_some() -> None:
    topic = Topic("T", phrases=("graph",), categories=("cs.*", "stat.ML"))
    for categories, expected in [
        ((), True),
        (("math.CO",), False),
        (("math.CO", "cs.DM"), True),
        (("stat.ML",), True),
    ]:
        assert (
            judge_relevance(topic, Paper("1", "Graphs", categories=categories)).relevant is expected
        )


def test_a_topic_with_only_a_query_trusts_it() -> None:
    assert judge_relevance(
        Topic("T", query="au:somebody", builtin=False), paper("Anything")
    ).relevant


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("diffusion models", "Diffusion Models"),
        ("DIFFUSION", "Diffusion Models"),
        ("扩散模型", "Diffusion Models"),
        ("gaussian splatting", "3DGS"),
        ("r1 reasoning", "R1_Reasoning"),
        ("few shot", "Few-Shot"),
        ("  LLM  ", "LLM"),
        ("medical image", "医学图像"),
    ],
)
def test_names_and_aliases_find_the_topic_whatever_the_case(name: str, expected: str) -> None:
    topic = resolve_topic(name)
    assert (topic.name, topic.builtin) == (expected, True)


def test_no_name_or_alias_means_two_topics() -> None:
    topics_named: dict[str, set[str]] = {}
    for topic in list_builtin_topics():
        for name in (topic.name, *list_aliases(topic.name)):
            topics_named.setdefault(fold_topic_name(name), set()).add(topic.name)
            assert resolve_topic(name) == topic
    assert [name for name, topics in topics_named.items() if len(topics) > 1] == []


def test_an_unknown_name_becomes_a_phrase_and_says_so() -> None:
    topic = resolve_topic("Quantum   Error Correction")
    assert topic == Topic(
        "Quantum Error Correction", phrases=("Quantum Error Correction",), builtin=False
    )
    assert judge_relevance(topic, paper("Quantum error corrections")).relevant


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_a_topic_needs_a_name(name: str) -> None:
    with pytest.raises(ConfigError, match="name"):
        resolve_topic(name)


def test_ones_own_topic_comes_before_the_table_and_takes_from_it_what_it_leaves_out() -> None:
    own = Topic("gan", none_of=("GAN assay",), builtin=False)
    merged = resolve_topic("GAN", {"gan": own})
    assert merged.none_of == ("GAN assay",)
    assert merged.phrases == resolve_topic("GAN").phrases
    assert (merged.name, merged.builtin) == ("gan", False)


def test_ones_own_query_stands_alone() -> None:
    own = Topic("GAN", query="all:gan", builtin=False)
    assert resolve_topic("gan", {"GAN": own}) == own


def test_ones_own_topic_of_a_new_name_is_taken_as_it_is() -> None:
    own = Topic("Mine", phrases=("a",), builtin=False)
    assert resolve_topic("MINE", {"Mine": own}) == own


@given(st.text(max_size=40), st.text(max_size=80))
def test_no_phrase_and_no_text_break_the_check(phrase: str, text: str) -> None:
    verdict = judge_relevance(Topic("T", phrases=(phrase,)), paper(text))
    assert verdict.reason


@given(
    st.from_regex(r"[a-z]{2,8}( [a-z]{2,8}){0,2}", fullmatch=True), st.text("xyz .,", max_size=10)
)
def test_a_phrase_is_found_where_it_stands_between_spaces(phrase: str, noise: str) -> None:
    assert judge_relevance(
        Topic("T", phrases=(phrase,)), paper(f"{noise} {phrase} {noise}")
    ).relevant
