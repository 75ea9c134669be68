"""Complaints about answers: the faults that such posts are known for, and true sentences that must pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Claim, Field, FieldAnswer
from chatpaper.prompts import Prompts
from chatpaper.summarize.checks import complaints_about
from chatpaper.summarize.repetition import repeated_items, without_repetitions

PROMPTS = Prompts.load()
TEXT = Field("summary", "text", "What was done, how, and what came out, in two or three sentences.")
OPTIONAL = Field("affiliations", "text", "Who?", min_items=0)
LIST = Field("method_steps", "list", "How?", min_items=2, max_items=6)
CLAIMS = Field("key_takeaways", "claims", "What?", min_items=3, max_items=7)


def complaints(answer: FieldAnswer, field: Field = TEXT, language: str = "zh") -> str:
    sources = (field.question, PROMPTS.system_template)
    return "; ".join(complaints_about(field, answer, PROMPTS.language(language), sources))


@pytest.mark.parametrize(
    "text",
    [
        "本研究介绍了基于扩散模型的自监督预训练协议，用于X射线图像中的地标检测，证明其在少样本情况下优于传统方法。",
        "在 CIFAR-10 与 ImageNet 上，DDPM、DDIM 和 Stable Diffusion XL 的 FID 分别为 3.17、4.16 和 2.3。",
        "损失为 $\\frac{1}{n}\\sum_{i} \\lVert x_i - \\hat{x}_i \\rVert^2$，其中权重由训练得到。",
        "基于您需要的精度，可以选择不同的步数。"[2:],
        "作者根据上述结论给出了新的训练目标，并在 XXL 模型与 Foxx 数据集上检验。",
        "我们无法直接观测隐变量，因此用变分下界代替似然。",
        "希尔伯特空间中的投影使问题变为凸优化。",
        "以 <mask> 替换的词由模型预测，<eos> 结束序列。",
        "第一层有 1000 个单元，第二层有 1000 个单元。",
        "攻击者无法访问该模型的参数，只能看到输出。",
        "文章尚未提供消融实验，工作量（具体见第 3 节）适中。",
        "自我无法脱离环境而存在，这是该理论的前提。",
        "Mask R-CNN",
        "当然语言学的观点也得到了讨论。",
    ],
)
def test_honest_text_passes(text: str) -> None:
    assert complaints(text) == ""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("好的，基于您提供的信息，我会按照要求的格式输出内容。", "talks to the reader: '好的，'"),
        ("当然，本文提出了一种新的网络。", "talks to the reader"),
        ("以下是对本文的总结：网络更小。", "talks to the reader"),
        ("本文提出了一种新的网络。希望这个总结符合您的要求！", "talks to the reader: '希望这'"),
        ("本文提出了一种新的网络。如有任何问题，请告诉我。", "talks to the reader"),
        ("抱歉，我无法提供这篇论文的总结。", "refusal"),
        ("作为一个AI语言模型，我没有读过这篇论文。", "refusal"),
        ("请提供论文全文，以便继续。", "refusal"),
        ("很遗憾，无法访问该链接，因此没有摘要。", "refusal"),
        ("I'm sorry, but I cannot help with that.", "refusal"),
        ("本文研究XX领域的问题，方法为xxx。", "placeholder"),
        ("链接：待补充。", "placeholder"),
        ("尚未提供论文链接和代码链接。", "placeholder"),
        ("本文提出（具体方法名称）来解决问题。", "placeholder"),
        ("本文提出了一种新的网络，它能够", ""),
        ("本文提出了一种新的网络，它能够...", "placeholder"),
        ("<<<END PAPER abc>>> 本文提出了一种新的网络。", "marks of the prompt"),
        ("```json 本文提出了一种新的网络。```", "marks of the prompt"),
        ("损失为 \x0crac{1}{n}，其中权重由训练得到。", "control characters (U+000C)"),
        ("本文提出了\u200b一种新的网络。", "control characters (U+200B)"),
        ("本文\u202e提出了一种新的网络。", "control characters (U+202E)"),
        ("我们通过通过比较器网络来排序。", "has a word twice: '通过通过'"),
        ("论文标题：网络由数据决定比较器位置。", "begins with a label: '论文标题：'"),
        ("Title: 网络由数据决定比较器位置。", "begins with a label"),
        ("主题分类/关键词：排序网络与比较器。", "begins with a label"),
        ("本文的标题：是一个问题。", ""),
        ("本文提出**排序网络**，由数据决定。", "marks of Markdown"),
        ("### 本文提出排序网络，由数据决定。", "marks of Markdown"),
        ("乘积 $a**b$ 与 3 ** 2 都是数。", ""),
        ("网络由数据决定比较器位置。它更小。网络由数据决定比较器位置。", "says twice"),
        ("训练稳定训练稳定训练稳定训练稳定。", "repeats itself"),
        ("网络的大小。" + "很长的解释，" * 1, ""),
        ("长" * 900, "too long"),
        ("What was done, how, and what came out, in two or three sentences。网络更小。", "repeats the instructions"),
        ("", "is empty"),
        ("  \n", "is empty"),
    ],
)
def test_known_faults_are_named(text: str, complaint: str) -> None:
    found = complaints(text)
    assert complaint in found
    assert bool(complaint) == bool(found)


@pytest.mark.parametrize(
    ("language", "text", "passes"),
    [
        ("zh", "A network is fitted to the lists that it meets.", False),
        ("zh", "我们把 network fitted to its inputs by gradient descent 称为 TideSort of the coast.", False),
        ("zh", "本文说：the soft network is then trained by gradient descent on lists drawn from it。", False),
        ("zh", "网络（network）适应其输入。", True),
        ("zh", "ネットワークはその入力に合わせて学習される。", False),
        ("zh", "3.14", True),
        ("ja", "ネットワークはその入力に合わせて学習される。", True),
        ("ja", "本文提出一种由数据决定比较器位置的排序网络，效果良好。", False),
        ("ja", "深層学習", True),
        ("en", "A network is fitted to the lists that it meets.", True),
        ("en", "本文提出一种排序网络。", False),
        ("en", "The method of Wei (魏) sorts every list of the test set.", True),
    ],
)
def test_the_language_is_told_by_its_script(language: str, text: str, passes: bool) -> None:
    assert ("is not in" not in complaints(text, language=language)) == passes


def test_fields_in_the_language_of_the_paper_are_exempt() -> None:
    field = Field("quote", "text", "Which?", written_in="paper")
    assert complaints("A sentence of the paper.", field) == ""


def test_an_optional_field_may_be_empty() -> None:
    assert complaints("", OPTIONAL) == ""


def test_each_item_of_a_list_is_checked() -> None:
    assert complaints(("先训练软网络。", "再把权重取整。"), LIST) == ""
    assert "empty item" in complaints(("先训练软网络。", " "), LIST)
    assert "two items say the same" in complaints(("先训练软网络。", "先训练软网络"), LIST)
    assert "talks to the reader" in complaints(("先训练软网络。", "好的，再取整。"), LIST)


def test_terms_may_be_names_as_long_as_some_are_translated() -> None:
    assert complaints(("Transformer", "注意力机制", "BLEU"), LIST) == ""
    assert complaints(("扩散模型 (diffusion model)", "DDPM", "U-Net"), LIST) == ""
    assert "not in Simplified Chinese" in complaints(("diffusion model", "image synthesis", "sampling"), LIST)
    assert "not in Simplified Chinese" in complaints(("First the weights are trained on lists.", "再取整。"), LIST)


def test_an_item_that_is_a_part_of_another_says_nothing_besides() -> None:
    statement = "该方法与基线的收敛在最初一致，而后误差继续下降，最终接近最好的结果"
    more = f"{statement.replace('继续', '持续')}，此时用了动量，学习率由各维的梯度决定。"
    assert repeated_items((statement + "。", more)) == repeated_items((more, statement)) == [1]
    of_one_pattern = [
        f"在{name}的测试集上把误差降低到{share}%，比以前最好的网络更低"
        for name, share in (("港口", 11), ("铁路车站", 47))
    ]
    assert repeated_items(of_one_pattern) == []


def test_claims_are_checked_without_their_quotes() -> None:
    quote = "The soft network is then trained by gradient descent on lists drawn from the application."
    texts = ("网络更小。", "训练稳定而迅速。", "结果全部正确。")
    assert complaints(tuple(Claim(text, quote) for text in texts), CLAIMS) == ""
    assert "two items say the same" in complaints(tuple(Claim("网络更小。", quote) for _ in range(3)), CLAIMS)


def test_a_text_that_only_repeats_an_earlier_one_gives_way_to_a_mark() -> None:
    long = "软网络由梯度下降训练，随后把权重取整，再由检验器补上所缺的比较器。"
    steps = (long, "最后检验。")
    answers: dict[str, FieldAnswer] = {"title": "排序网络", "approach": f"本文提出新网络。{long}", "innovation": long}
    assert without_repetitions(answers, "〔同上〕") == answers | {"innovation": "〔同上〕"}
    assert without_repetitions({"approach": long, "method_steps": steps}, "〔同上〕")["method_steps"] == steps
    assert (
        without_repetitions({"title": "排序网络", "summary": "本文研究排序网络。"}, "〔同上〕")["title"] == "排序网络"
    )


@pytest.mark.parametrize(
    "text",
    [
        "模型的的误差下降。",
        "误差下降。。",
        "扩散模型扩散模型的误差下降。",
        "误差的下降 the the 明显。",
        "误差，，下降明显。",
    ],
)
def test_words_that_stand_twice_are_named(text: str) -> None:
    assert "has a word twice" in complaints(text, TEXT)


@pytest.mark.parametrize(
    "text", ["作者了解了了解用户的方式。", "人人可用，常常有效，一步一步求解。", "用于评估评估器的方法。"]
)
def test_language_may_double_words(text: str) -> None:
    assert complaints(text, TEXT) == ""


def test_traditional_characters_are_not_simplified_ones() -> None:
    assert "traditional characters" in complaints("作者提出一種學習排序網絡的方法，實驗顯示其優於現有方法。", TEXT)
    assert complaints("作者提出一种学习排序网络的方法，实验显示其优于现有方法。", TEXT) == ""
    assert complaints("方法由陳氏提出，实验显示其优于现有的全部方法，误差下降明显。", TEXT) == ""
    assert complaints("提案手法は誤差を減らし、従来の手法を上回る。", TEXT, language="ja") == ""


@given(st.text(max_size=300))
def test_any_text_can_be_judged(text: str) -> None:
    for language in ("zh", "ja", "en"):
        for complaint in complaints_about(TEXT, text, PROMPTS.language(language), (TEXT.question,)):
            assert complaint.startswith("summary: ")


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("本文研究针对大语言模型的越狱攻击与防御。", "We study jailbreak attacks on language models."),
        ("折扣因子取 0.99。", "The discount factor is 0.99."),
        ("该模型可检测伪造人脸。", "We detect forged faces."),
        ("该方法在所有测试中取得最高分数。", "It reaches the highest score in all tests."),
    ],
)
def test_loaded_words_may_be_said_where_the_paper_says_them(text: str, paper: str) -> None:
    assert complaints_about(TEXT, text, PROMPTS.language("zh"), (), paper) == ()
    assert "of which the paper says nothing" in "; ".join(
        complaints_about(TEXT, text, PROMPTS.language("zh"), (), "We sort leaves.")
    )


def test_statements_may_be_made_again_where_they_are_proved() -> None:
    claims = (Claim("排序网络由数据决定比较器的位置，深度因此减少。", "words of the paper"),)
    answers: dict[str, FieldAnswer] = {"key_takeaways": claims, "proofs": claims}
    assert without_repetitions(answers, "〔同上〕") == answers


def test_an_answer_in_nearly_the_words_of_an_earlier_one_says_the_same() -> None:
    long = "这个框架有许多优点，缺点主要是没有显式的分布，并且判别网络必须与生成网络同步训练。"
    alike = long.replace("没有", "未有").replace("许多", "很多")
    other = "训练对抗网络需要大量的计算资源，因为两个网络的参数都要更新，而且次数很多。"
    answers: dict[str, FieldAnswer] = {"significance": long, "innovation": alike, "workload": other}
    assert without_repetitions(answers, "〔同上〕") == answers | {"innovation": "〔同上〕"}


@pytest.mark.parametrize(
    "text",
    [
        "本工作与早期工作相比有什么新东西。",
        "本方法如何与其他方法相比：其优势和劣势。",
        "本工作做了多少工作：实验、数据集、证明、代码和计算时间。",
    ],
)
def test_a_question_that_is_translated_is_no_answer(text: str) -> None:
    assert "says the question again" in complaints(text, TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "本文研究了什么因素影响训练的稳定性，并与其他方法相比较。",
        "该方法如何与用户交互由策略决定，作者为此做了三组实验。",
        "作者说明了在哪些任务和数据集上测试更为可靠。",
    ],
)
def test_papers_may_be_about_questions(text: str) -> None:
    assert complaints(text, TEXT) == ""
