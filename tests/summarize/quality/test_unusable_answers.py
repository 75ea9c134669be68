"""Answers that are unusable whatever is stripped from them, and true sentences that must pass.

The true sentences pass as they are.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Claim, Field, FieldAnswer
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.form import find_unusable, normalize_answer
from chatpaper.summarize.quality.repeats import find_repeated_items
from chatpaper.summarize.quality.repetition import without_repetitions

PROMPTS = Prompts.load()
TEXT = Field("summary", "text", "What was done, how, and what came out, in two or three sentences.")
OPTIONAL = Field("affiliations", "text", "Who?", min_items=0)
LIST = Field("method_steps", "list", "How?", min_items=2, max_items=6)
CLAIMS = Field("key_takeaways", "claims", "What?", min_items=3, max_items=7)


PAPER = (
    "We detect forged faces. Reviewers recommend to accept or to reject. Users click on a "
    "coupon. Jailbreaks fail."
)


def faults(
    answer: FieldAnswer, field: Field = TEXT, language: str = "zh", paper: str = PAPER
) -> str:
    sources = (field.question, PROMPTS.system_template)
    chosen = PROMPTS.language(language)
    return "; ".join(
        find_unusable(field, normalize_answer(field, answer, chosen, paper), chosen, sources)
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "zh",
            "本研究介绍了基于扩散模型的自监督预训练协议，用于X射线图像中的地标检测，少样本时优于传统方法。",
        ),
        (
            "zh",
            (
                "在 CIFAR-10 与 ImageNet 上，DDPM、DDIM 和 Stable Diffusion XL 的 FID "
                "分别为 3.17、4.16 和 2.3。"
            ),
        ),
        (
            "zh",
            (
                "损失为 $\\frac{1}{n}\\sum_{i} \\lVert x_i - \\hat{x}_i \\rVert^2$，"
                "其中权重由训练得到。"
            ),
        ),
        ("zh", "作者根据上述结论给出了新的训练目标，并在 XXL 模型与 Foxx 数据集上检验。"),
        ("zh", "以 <mask> 替换的词由模型预测，<eos> 结束序列。"),
        ("zh", "第一层有 1000 个单元，第二层有 1000 个单元。"),
        ("zh", "攻击者无法访问该模型的参数，只能看到输出。"),
        ("zh", "文章尚未提供消融实验，工作量（具体见第 3 节）适中。"),
        ("zh", "自我无法脱离环境而存在，这是该理论的前提。"),
        ("zh", "Mask R-CNN"),
        ("zh", "乘积 $a**b$ 与 3 ** 2 都是数。"),
        ("zh", "作者了解了了解用户的方式，一步一步求解。"),
        ("zh", "区间取 [1, 10]，核的大小为 [3, 5, 7]，层数为 ResNet 的 [3, 4, 6, 3]。"),
        ("zh", "模板分三部分：角色、任务和格式……各有二十种写法。"),
        ("zh", "作为模型不确定性的代理，作者采用多次采样答案之间的语义熵。"),
        ("zh", "作为语言模型的基础组件，注意力层决定了长程依赖的建模能力。"),
        ("zh", "我们无法直接观测奖励函数，因此由成对偏好估计。"),
        ("zh", "智能体必须学会说“抱歉，我无法回答这个问题”，而不是编造答案。"),
        ("zh", "对有害请求，对齐后的模型会以“作为一个AI助手，我不能……”开头，作者称之为拒答模板。"),
        ("zh", "在 mAP@0.5 与 Recall@1 两项指标上分别达到 61.2 和 44.7。"),
        ("zh", "评论数据来自 Amazon.com 与 Yelp，代码用 node.js 和 scikit-learn.org 的教程实现。"),
        ("zh", "缺失值记为 N/A，不计入平均。"),
        ("zh", "证书遵循 X.509 标准，由根证书逐级签发。"),
        ("zh", "步长在 [1, 10] 内取值，概率位于 [0, 1)，截断区间为 (0, 5]。"),
        ("zh", "以 [MASK] 替换 15% 的词元，以 [CLS] 的表示做分类，句子之间用 [SEP] 分隔。"),
        ("zh", "模型在在线更新时只改动最后一层，在离线阶段则全部更新。"),
        ("zh", "验证实验证实，去掉该模块后误差上升 3 个百分点。"),
        ("zh", "这样做的目的的确在于减少显存，而目的的达成依赖于重计算。"),
        ("zh", "常常只需几步迭代即可收敛，人人都能在笔记本电脑上复现，结果往往往好的方向变化。"),
        ("zh", "对 1, 2, …, n 依次求和即得总能量。"),
        ("zh", "在五个基准上取得 SOTA，作者称这是首次显著超越人类专家。"),
        ("zh", "模型由陳景潤研究所与國立臺灣大學合作训练，数据由林氏整理。"),
        (
            "zh",
            (
                "训练使用 AdamW、cosine learning rate schedule、bfloat16 mixed precision "
                "与 FlashAttention-2。"
            ),
        ),
        (
            "zh",
            (
                "比较对象包括 ResNet-50、ViT-B/16、Swin-T、ConvNeXt、DeiT III、BEiT、"
                "MAE、DINOv2 与 CLIP。"
            ),
        ),
        ("zh", "希望这一数据集能推动低资源语言的研究，这是作者对后续工作的期待。"),
        ("zh", "根据上述分析，作者把损失拆成两项：重建误差；先验约束。"),
        ("zh", "如果需要更多样本，可以继续采样；如有必要，再微调一轮。"),
        ("zh", "请提供证据的人只占受访者的 12%，其余人没有给出理由。"),
        (
            "zh",
            (
                "题为“Models Cannot Yet Correct Their Own Reasoning, and What That Means for "
                "Agents”的工作不同意。"
            ),
        ),
        ("zh", "系统提示是决定行为的关键：作者比较了三种系统提示的写法，并公开了模板。"),
        ("zh", "你的提示词越长，模型越容易忽略中间的内容，这就是“迷失在中间”现象。"),
        ("zh", "本文的标题：数据决定一切，概括了全文的立场。"),
        ("zh", "结论：当且仅当矩阵正定时，迭代收敛。"),
        ("zh", "关键词：在语音唤醒中，指触发设备的短语；作者收集了 30 个关键词。"),
        ("zh", "摘要任务上 ROUGE-L 提升 2.1，翻译任务上 BLEU 提升 0.8。"),
        ("zh", "该方法不仅快，而且准；不仅准，而且稳；不仅稳，而且省。"),
        ("zh", "xx 方向与 yy 方向的应力分量之比为 2，XXL 型号除外。"),
        ("zh", "输入 <s> 与 </s> 标记句子的起止，<b> 表示空白符号，<img> 表示图像位置。"),
        ("zh", "邮件客户端 user@host 形式的地址会被匿名化，矩阵乘法写作 A@B。"),
        ("zh", "A.I. 伦理、U.S. 专利与 Ph.D. 论文数据均来自公开来源。"),
        ("zh", "在 {0, 1} 上取值的变量与 {{a}, {b}} 这样的集合族一一对应。"),
        ("zh", "论文没有给出代码链接，也没有报告训练时间。"),
        ("zh", "该基准共有 100 题，其中 50 题来自 a.b.c 三级目录；每题 1 分，满分 100 分。"),
        ("zh", "拒绝服务攻击者无法读取该网页的内容，只能观察流量大小。"),
        ("zh", "伪造的人脸会被检测器识别，抄袭检测则依赖文本相似度。"),
        ("zh", "实验一：准确率从 81.2% 升至 84.0%。实验二：准确率从 81.2% 升至 85.5%。"),
        ("zh", "模型越大越好，数据越多越好，训练越久越好，这一规律在三个数量级上成立。"),
        ("zh", "研究研究者的研究习惯，需要匿名问卷；评估评估器则需要人工标注。"),
        ("zh", "作者建议接收端先做去噪，再做解调。"),
        ("zh", "审稿意见数据集中“强烈推荐接收”一类占 8%，作者用它训练评分模型。"),
        ("zh", "点击此处按钮的用户比例上升 3%，免费领取优惠券的用户则下降。"),
        ("zh", "奖励折扣因子设为 0.99，避免越狱提示污染训练集。"),
        ("zh", "我们的我我关系定义来自量子化学中的 σ–π 分离；其中 C.H.N.O 四种元素占 96%。"),
        (
            "en",
            (
                "As a language model is trained, its loss follows a power law in the "
                "compute that is spent."
            ),
        ),
        ("en", "We cannot observe the reward directly; it is estimated from pairs of preferences."),
        (
            "en",
            (
                "The agent answers \"I'm sorry, but I can't help with that\" to 94% of "
                "the harmful requests."
            ),
        ),
        (
            "en",
            (
                "Please note that accuracy is measured per class, and that that "
                "average hides rare classes."
            ),
        ),
        (
            "en",
            (
                "The dataset holds reviews of Amazon.com, questions of Stack Overflow and "
                "snippets of node.js code."
            ),
        ),
        ("en", "Here are three regimes: below the threshold, at the threshold, and above it."),
        (
            "en",
            "Sure independence screening selects 40 of 10,000 genes before the lasso is fitted.",
        ),
        ("en", "Certainly robust accuracy, a bound on the worst case, rises from 41% to 48%."),
        (
            "en",
            "I hope and I fear are the two templates that probe the emotional bias of the model.",
        ),
        ("en", "Let me know is one of the intents in the set of dialogue acts, as are greetings."),
        ("en", "The score is N/A where a method does not converge; 3 of 40 cells are N/A."),
        ("en", "Samples x1, x2, ..., xn are drawn from [0, 1) and rounded to {0, 1}."),
        ("en", 'The prompt "Summarize the paper in two sentences" is used for all models.'),
        ("en", "The authors had had to drop the third site, since its sensors failed."),
        ("en", "It sorts long lists; it sorts short lists; it does not sort empty ones."),
        ("en", "Instruction tuning teaches the system prompt: format, tone, and when to refuse."),
        ("en", "In in-context learning the model sees k examples; in in vitro tests it sees none."),
        (
            "en",
            "The model of Chen (陳) and Wei (魏), from 國立臺灣大學, sets a new state of the art.",
        ),
        (
            "en",
            "Title: a field that 12% of the records lack. The parser fills it from the first line.",
        ),
        ("en", "Feel free answers, in which annotators write anything, are scored by two experts."),
        ("ja", "言語モデルとしての性能は、学習データの量とともに向上する。"),
        ("ja", "報酬を直接観測することはできないため、選好の対から推定する。"),
        (
            "ja",
            (
                "モデルは「申し訳ありませんが、お答えできません」という拒否文を 94% "
                "の有害な要求に返す。"
            ),
        ),
        ("ja", "mAP@0.5 と Recall@1 のいずれにおいても既存手法を上回った。"),
        ("ja", "以下の三つの条件を満たすとき、反復は収束する：正定値性、有界性、滑らかさ。"),
        ("ja", "AIアシスタントの利用者は年々増えており、本研究は 1,200 人を調査した。"),
        ("ja", "[MASK] で置換した単語を予測し、[CLS] の表現で分類する。"),
        ("ja", "ときどき、しばしば、いろいろな条件で実験を行い、それぞれの平均を報告する。"),
        ("ja", "量子化誤差推定器推定値の分散は 0.3 以下である。"),
        ("ja", "深層強化学習、模倣学習、逆強化学習。"),
        ("zh", "对不起眼的误差来源，作者也做了逐项的分析。"),
        ("zh", "作为助手模型，Qwen2.5-7B 负责改写指令，教师模型负责评分。"),
        ("zh", "在拒答样本里，模型先说“我无法协助”，随后给出替代方案；作者称之为软拒绝。"),
        ("zh", "请求被拒绝时，系统返回 403；请求超时则重试三次。"),
        ("zh", "由于我国北方冬季干燥，传感器的读数需要校正。"),
        ("zh", "我方与敌方智能体的奖励相反，博弈为零和。"),
        ("zh", "没有公开代码；训练数据同样没有公开。"),
        ("zh", '提示词由三部分组成：角色、任务、输出格式（JSON），其中示例为“{"label": "A"}”。'),
        ("zh", "以下游任务的准确率衡量表示的质量，共七个任务。"),
        ("zh", "下面的定理给出下界，上面的定理给出上界，两者之差为 O(1)。"),
        ("zh", "希望能量守恒在离散格式下依然成立，是作者提出辛积分器的动机。"),
        ("zh", "如果你把温度设为 0，采样退化为贪心解码。"),
        ("zh", "感谢信生成任务的 BLEU 为 31.2。"),
        ("zh", "好的样本少，坏的样本多，因此需要重加权。"),
        ("zh", "明白样本与模糊样本之比为 3:1。"),
        ("zh", "待补充的缺失值占 12%，用 KNN 插补；有待补充的是长尾类别。"),
        ("zh", "路径规划中 XX 染色体与 XY 染色体的样本各半。"),
        ("zh", "该工作有多好取决于评测的设置，作者因此换了五种设置。"),
        ("zh", "“强烈推荐”评级的论文占比最高，作者据此研究评分的偏差。"),
        ("zh", "满分 10 分的量表上，人类评分为 7.9，模型为 7.1。"),
        ("zh", "完美信息博弈与不完美信息博弈分别用 MCTS 与 CFR 求解。"),
        ("zh", "世界模型领先于无模型方法，优势约为 12%。"),
        ("zh", "促销价格弹性由双重差分估计，折扣力度取 10%、20% 与 30%。"),
        ("zh", "密码学假设为 LWE，密钥长 256 位。"),
        ("zh", "语音克隆可被用于诈骗，作者因此设计了水印。"),
        ("zh", "标记 <video> 与 <audio> 分别代表两种模态的位置，<p> 为段落。"),
        ("zh", "在 [-1, 1]、(−∞, 0] 与 {1, 2, …, K} 上分别定义三类分布……"),
        ("zh", "状态转移为 s_{t+1} = f(s_t, a_t)，折扣为 γ^{t}。"),
        ("zh", "参见 GitHub.com 上的 3.2 万个仓库与 Stack Overflow 的问答。"),
        ("zh", "The Pile、RedPajama、C4 与 FineWeb-Edu 四个语料用于预训练。"),
        ("zh", "模型名为“I Cannot Believe It's Not Better”，得名于同名研讨会。"),
        ("zh", "误差由 e1 = 0.1 降到 e2 = 0.01，再降到 e3 = 0.001。"),
        ("zh", "第一步训练编码器；第二步训练解码器；第三步训练编码器与解码器。"),
        ("zh", "准确率提升了3.2个百分点；召回率提升了3.2个百分点。"),
        ("zh", "把目标的的位置编码换成标的的价格编码。"),
        ("zh", "输入为图像 I，我们的损失为 L(I)；I 不可逆时改用伪逆。"),
        ("zh", '提示 "Please provide the paper title" 之后，模型会补全其余字段。'),
        ("zh", "作者认为“无”与“暂无”两类标签应当合并。"),
        ("zh", "函数 f(x) = x² 在 x = 0 处取最小值 0。"),
        ("zh", "简而言之，总结：注意力是核。"),
        ("en", "I is the identity; I - A cannot be singular, so the iteration converges."),
        ("en", 'The chatbot apologizes in 12% of its turns, mostly with "sorry" alone.'),
        ("en", "OK Google and Alexa are the wake words; 4,000 speakers say each."),
        ("en", "Of course the bound is loose for small n, as Table 3 shows."),
        ("en", "This is a summary-level metric: it scores the whole text and not each sentence."),
        ("en", "If you know the noise level, the step size follows in closed form."),
        ("en", "Hope speech detection is framed as a three-way task."),
        ("en", 'The template "[YOUR NAME] from [COMPANY]" is filled by the attacker.'),
        ("en", "As an AI method, AlphaFold needs no templates; as a tool, it needs a GPU."),
        ("en", "Feel, free space and friction are the three factors of the haptic model."),
        (
            "en",
            "The set {a, b} and the tuple (a, b) are encoded alike; see [1, 2] for the interval.",
        ),
        ("en", "Researchers who cannot access the data can request it from the hospital."),
        ("en", "The model won't help with harmful requests, which lowers its helpfulness by 3%."),
        ("en", "Results are not available for 2 of 14 languages."),
        ("en", "String, integer and float columns are embedded by three encoders."),
        ("ja", "はい／いいえの二択で 1,000 問に答えさせた。"),
        ("ja", "以下の結果が得られた。精度は 3 ポイント向上し、計算時間は半分になった。"),
        ("ja", "モデルの回答を要約した文に対して、人手で評価を行った。"),
        ("ja", "他に質問がある場合に備えて、対話履歴を 10 ターン保持する。"),
        ("ja", "東京大学、京都大学、大阪大学、理化学研究所。"),
        ("zh", "模型在被问及时区时常说“我不知道”，校准后这一比例升至 41%。"),
        ("zh", "我们不输出其他模态，只输出文本。"),
        ("zh", "自我监督与自我博弈都不需要标注，我行我素的策略则被剪枝。"),
        ("zh", "与人类写作相比，“您”与“请”的使用频率高出两倍。"),
        ("zh", "这里写入磁盘的是压缩后的激活，读取时再解压。"),
        ("zh", "每个值必然落在 [0, 1] 内，每个键对应三个值。"),
        ("zh", "错误：数据缺失、标签错位与重复样本三类，合计占 7%。"),
        ("zh", "摘要由 GPT-4 生成，总结由人撰写，二者的 ROUGE 相差 3 分。"),
        ("zh", "用户让助手改写句子，助手再把改写的句子读给用户听。"),
        ("zh", "欢迎页的停留时间缩短 12%，关注页的转化率不变。"),
        ("zh", "这一界限与样本量无关；同上一节的结论一致。"),
        ("zh", "其网站位于 example.edu 一类的域名之下，爬虫遵守 robots.txt。"),
        ("zh", "由于参数 a 与 b 不可辨识，作者只报告两者之和。"),
        ("zh", "让我国方言语音识别受益的是自监督预训练。"),
        ("zh", "公式为 E = mc^2 与 F = ma；单位为 kg·m/s²。"),
        ("en", 'The reviewers ask "could you share the code?" in 23% of the reports.'),
        ("en", "I/O takes 40% of the time, and I-frames take most of the rest."),
        ("en", "Your-own-data settings, in which users bring a corpus, gain 4 points."),
        ("en", "Hi-C maps of 12 cell lines are predicted from sequence alone."),
        ("en", "The user wants to reach the kitchen, so the robot plans a path around the table."),
        ("en", "Type I errors fall by 3%, while Type II errors do not change."),
        ("en", 'Here, "good" is a value above 0.8; an answer in JSON is parsed without loss.'),
        ("en", "An error: rate mismatch between the two clocks causes the drift."),
        ("ja", "私は学生です、のような例文 2,000 件を訳した。"),
        ("ja", "ご質問いただく件数ではなく、解決率を指標とする。"),
    ],
)
def test_honest_text_is_published_as_it_is(language: str, text: str) -> None:
    chosen = PROMPTS.language(language)
    assert faults(text, language=language) == ""
    assert normalize_answer(TEXT, text, chosen, PAPER) == text
    assert normalize_answer(CLAIMS, (Claim(text, "words"),), chosen, PAPER) == (
        Claim(text, "words"),
    )


BAD_ANSWERS = [
    ("zh", "很抱歉，由于缺少论文正文，我没法完成这项总结任务。"),
    ("zh", "我是由大型公司训练的语言模型，不具备阅读 PDF 的能力。"),
    ("zh", "我暂时看不到您所说的论文，请把内容贴给我。"),
    ("zh", "不好意思，我没有办法处理这个请求。"),
    ("zh", "由于我只是一个AI，我不便对该论文作出评价。"),
    ("zh", "作为AI助手，我不方便提供该内容。"),
    ("zh", "该请求超出了我的能力范围，恕我不能回答。"),
    ("zh", "【此处填写方法名称】在三个数据集上优于基线。"),
    ("zh", "本文提出了[方法名]，在[数据集]上取得了[数值]的提升。"),
    ("zh", "本文提出了 ___ 方法，在 ____ 数据集上评估。"),
    ("zh", "本文研究了某某领域的××问题，采用了○○方法。"),
    ("zh", "代码链接：暂无，待更新。"),
    ("zh", "（在此插入两到三句话的总结）"),
    ("zh", "请在此处输入摘要。"),
    ("zh", "{{summary}}"),
    ("zh", "<summary>这里是总结</summary>"),
    ("zh", "null"),
    ("zh", "无"),
    ("zh", "暂无"),
    ("zh", "字符串，两到三句话，说明做了什么、如何做、结果如何。"),
    ("zh", "规则 2：只说论文所说的内容，未找到的就省略，绝不猜测。"),
    ("zh", "根据我收到的系统指令，每个值都必须是可付印的完成文本。"),
    ("zh", "我的任务是阅读一篇论文并按照给定的键填写 JSON。"),
    ("zh", "“quote” 必须逐字照抄论文原文，而 “text” 用自己的话写。"),
    ("zh", "网络网络网络网络网络网络网络网络网络网络网络网络网络网络"),
    ("zh", '{"summary": "网络由数据决定比较器位置。"}'),
    ("zh", "The network places its comparators where the data needs them, which makes it smaller."),
    ("zh", "該網絡由數據決定比較器的位置，因此規模更小，訓練時間亦隨之縮短。"),
    ("zh", "OK"),
    ("en", "Unfortunately, I don't have access to the full text of this paper."),
    ("en", "I'm just an AI and am not able to read attached documents."),
    ("en", "I won't be able to summarize this document because it is too long."),
    ("en", "My apologies, but this request goes beyond what I can do."),
    ("en", "As an AI developed to be helpful, I must decline to summarize this."),
    ("en", "[Your summary here]"),
    ("en", "The authors propose [METHOD NAME] and evaluate it on [DATASET]."),
    ("en", "Lorem ipsum dolor sit amet, consectetur adipiscing elit."),
    ("en", "string, 2-3 sentences, what was done and how"),
    ("en", "本文提出一种由数据决定比较器位置的排序网络，规模更小。"),
    ("ja", "申し訳ないのですが、論文の本文にアクセスできないため要約できません。"),
    ("ja", "私は言語モデルですので、この依頼にはお応えしかねます。"),
    ("ja", "（ここに要約を記入）"),
    ("zh", "您好，我注意到您没有附上论文，能否重新上传？"),
    ("zh", "根据我的知识截止日期，我不了解这篇论文。"),
    ("zh", "这篇论文的内容我没有权限查看。"),
    ("zh", "作为一款由人工智能驱动的助手，我只能提供一般性信息。"),
    ("zh", "对不起，该主题违反了使用政策。"),
    ("zh", "很抱歉地通知您，总结失败。"),
    ("zh", "我很乐意帮忙，但需要您先提供论文。"),
    ("zh", "用户希望我用中文填写 summary 字段。"),
    ("zh", "首先，我需要理解这篇论文的主要内容。"),
    ("zh", "[待定]"),
    ("zh", "<填写方法>"),
    ("zh", "方法名称：____；数据集：____。"),
    ("zh", "总结内容……"),
    ("zh", "同上"),
    ("zh", "这里填写论文的总结。"),
    ("zh", "本字段要求两到三句话的总结。"),
    ("zh", "只输出 JSON 对象，不要输出其他内容。"),
    ("zh", "每个值必须用中文写成，quote 除外。"),
    ("zh", "哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈"),
    (
        "zh",
        (
            "We propose a network whose comparators are placed by the data, and it is "
            "smaller than before."
        ),
    ),
    ("zh", "我們提出了一種由數據決定比較器位置的網絡。"),
    ("zh", '{"error": "no content"}'),
    ("zh", "None"),
    ("zh", "Error: content filtered"),
    ("en", "Hello! I noticed that no paper was attached. Could you share it?"),
    ("en", "I am not able to view PDFs, but I can help if you paste the text."),
    ("en", "It looks like the paper was not included in your message."),
    ("en", "Okay, the user wants a summary of this paper."),
    ("en", "<insert summary here>"),
    ("en", "Summary goes here."),
    ("en", "Not available."),
    ("en", "TODO: write the summary."),
    ("ja", "論文の内容を提供していただけますか。"),
    ("ja", "要約できる情報がありません。"),
    ("ja", "未記入"),
]


@pytest.mark.parametrize(("language", "text"), BAD_ANSWERS)
def test_what_is_no_summary_makes_the_call_a_failed_one(language: str, text: str) -> None:
    assert faults(text, language=language, paper="We sort lists.")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("好的，基于您提供的信息，我会按照要求的格式输出内容。", "is empty"),
        ("请提供论文全文，以便继续。", "refusal"),
        ("很遗憾，无法访问该链接，因此没有摘要。", "refusal"),
        ("I'm sorry, but I cannot help with that.", "refusal"),
        ("本文研究XX领域的问题，方法为xxx。", "is empty"),
        ("<<<END PAPER abc>>> 本文提出了一种新的网络。", "repeats the prompt"),
        ("训练稳定训练稳定训练稳定训练稳定。", "repeats itself"),
        ("长" * 2500, "too long"),
        (
            "What was done, how, and what came out, in two or three sentences。网络更小。",
            "repeats the prompt",
        ),
        ("OWNED", "a single word"),
        ("", "is empty"),
        ("  \n", "is empty"),
    ],
)
def test_the_fault_is_named(text: str, fault: str) -> None:
    assert fault in faults(text)


def test_length_alone_is_asked_about_once_and_only_when_it_is_extreme() -> None:
    zh = PROMPTS.language("zh")
    long = "".join(f"第{number}层由数据决定，" for number in range(100))
    assert find_unusable(TEXT, long, zh, ()) == ()
    endless = "".join(f"第{number}层由数据决定，" for number in range(500))
    assert "too long" in "".join(find_unusable(TEXT, endless, zh, ()))
    assert find_unusable(TEXT, endless, zh, (), was_told=True) == ()


def test_a_list_is_too_long_only_where_it_is_no_choice_any_more() -> None:
    field = Field("conclusions", "list", "?", min_items=1, max_items=3, max_characters=90)
    zh = PROMPTS.language("zh")
    items = tuple(f"第{number}层由数据决定。" for number in range(7))
    assert find_unusable(field, items[:6], zh, ()) == ()
    assert find_unusable(field, items, zh, ()) == ("conclusions: has 7 items, at most 6",)
    assert find_unusable(field, items, zh, (), was_told=True) == ()


@pytest.mark.parametrize(
    ("language", "text", "passes"),
    [
        ("zh", "A network is fitted to the lists that it meets.", False),
        (
            "zh",
            "我们把 network fitted to its inputs by gradient descent 称为 TideSort of the coast.",
            False,
        ),
        (
            "zh",
            "本文说：the soft network is then trained by gradient descent on lists drawn from it。",
            False,
        ),
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
    assert ("is not in" not in faults(text, language=language)) == passes


def test_fields_in_the_language_of_the_paper_are_exempt() -> None:
    field = Field("quote", "text", "Which?", written_in="paper")
    assert faults("A sentence of the paper.", field, paper="A sentence of the paper.") == ""


def test_an_optional_field_may_be_empty() -> None:
    assert faults("", OPTIONAL) == ""


def test_each_item_of_a_list_is_checked() -> None:
    assert faults(("先训练软网络。", "再把权重取整。"), LIST) == ""
    assert "refusal" in faults(("抱歉，没有。", "我无法阅读论文。"), LIST)
    assert "is empty" in faults((" ", "N/A"), LIST)


def test_terms_may_be_names_as_long_as_some_are_translated() -> None:
    assert faults(("Transformer", "注意力机制", "BLEU"), LIST) == ""
    assert faults(("扩散模型 (diffusion model)", "DDPM", "U-Net"), LIST) == ""
    assert "not in Simplified Chinese" in faults(
        ("diffusion model", "image synthesis", "sampling"), LIST
    )
    assert faults(("AdamW", "FlashAttention-2", "ResNet-50", "CIFAR-10"), LIST) == ""
    assert "not in Simplified Chinese" in faults(
        ("First the weights are trained on lists.",) * 2, LIST
    )


def test_an_item_that_is_a_part_of_another_says_nothing_besides() -> None:
    statement = "该方法与基线的收敛在最初一致，而后误差继续下降，最终接近最好的结果"
    more = f"{statement}，此时用了动量，学习率由各维的梯度决定。"
    assert find_repeated_items((f"{statement}。", more)) == [0]
    assert find_repeated_items((more, f"{statement}。")) == [1]
    assert find_repeated_items(("先训练软网络。", "先训练了软网络", "先训练软网络！")) == [1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("在港口的测试集上误差为 11%。", "在港口的测试集上误差为 12%。"),
        ("训练误差在三个数据集上都明显下降。", "测试误差在三个数据集上都明显下降。"),
        ("在 CIFAR-10 上超过所有的基线。", "在 CIFAR-100 上超过所有的基线。"),
        ("加大批量会提高准确率。", "加大批量不会提高准确率。"),
    ],
)
def test_the_same_point_of_another_thing_is_another_point(one: str, other: str) -> None:
    assert find_repeated_items((one, other)) == []
    zh = PROMPTS.language("zh")
    assert normalize_answer(LIST, (one, other), zh) == (one, other)
    assert normalize_answer(TEXT, one + other, zh) == one + other


def test_claims_are_checked_without_their_quotes() -> None:
    quote = (
        "The soft network is then trained by gradient descent on lists drawn from the application."
    )
    texts = ("网络更小。", "训练稳定而迅速。", "结果全部正确。")
    assert faults(tuple(Claim(text, quote) for text in texts), CLAIMS) == ""


def test_a_text_that_is_an_earlier_one_again_gives_way_to_a_mark() -> None:
    long = "软网络由梯度下降训练，随后把权重取整，再由检验器补上所缺的比较器。"
    answers: dict[str, FieldAnswer] = {
        "title": "排序网络",
        "approach": long,
        "innovation": long[:-1],
    }
    assert without_repetitions(answers, "〔同上〕") == answers | {"innovation": "〔同上〕"}
    within: dict[str, FieldAnswer] = {"approach": f"本文提出新网络。{long}", "summary": long}
    assert without_repetitions(within, "〔同上〕") == within
    whole: dict[str, FieldAnswer] = {"summary": long, "abstract_translation": long}
    assert without_repetitions(whole, "〔同上〕") == whole


def test_what_a_post_can_do_without_is_left_out_where_it_is_part_of_an_earlier_answer() -> None:
    line = "本文提出由数据决定比较器位置的排序网络，它所需的比较器更少。"
    answers = {
        "summary": f"{line}训练只需两小时。",
        "key_idea": line,
        "tldr": "排序网络可以按数据定制，比较器少四分之一，训练也快。",
    }
    assert without_repetitions(answers, "〔同上〕", {"key_idea", "tldr"}) == answers | {
        "key_idea": ""
    }
    assert without_repetitions(answers, "〔同上〕") == answers


def test_traditional_characters_are_not_simplified_ones() -> None:
    assert "traditional characters" in faults(
        "作者提出一種學習排序網絡的方法，實驗顯示其優於現有方法。", TEXT
    )
    assert faults("作者提出一种学习排序网络的方法，实验显示其优于现有方法。", TEXT) == ""
    assert faults("方法由陳氏提出，实验显示其优于现有的全部方法，误差下降明显。", TEXT) == ""
    assert faults("提案手法は誤差を減らし、従来の手法を上回る。", TEXT, language="ja") == ""


@given(st.text(max_size=300))
def test_any_text_can_be_judged(text: str) -> None:
    for language in ("zh", "ja", "en"):
        chosen = PROMPTS.language(language)
        normal = normalize_answer(TEXT, text, chosen)
        assert normalize_answer(TEXT, normal, chosen) == normal
        for fault in find_unusable(TEXT, normal, chosen, (TEXT.question,)):
            assert fault.startswith("summary: ")


def test_statements_may_be_made_again_where_they_are_proved() -> None:
    claims = (Claim("排序网络由数据决定比较器的位置，深度因此减少。", "words of the paper"),)
    answers: dict[str, FieldAnswer] = {"key_takeaways": claims, "proofs": claims}
    assert without_repetitions(answers, "〔同上〕") == answers


def test_a_sentence_of_a_dozen_chinese_signs_is_not_said_twice() -> None:
    verdict = "归一化层长期被视为不可缺少的部分。"
    answers = {"key_idea": verdict, "summary": f"{verdict}本文把它们去掉。", "tldr": verdict}
    kept = without_repetitions(answers, "〔同上〕", {"key_idea", "tldr"})
    assert kept == answers | {"tldr": ""}
    short = {"key_idea": "扩散模型", "tldr": "扩散模型"}
    assert without_repetitions(short, "〔同上〕", {"key_idea", "tldr"}) == short
