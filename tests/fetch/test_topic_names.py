"""Names by which people in China ask for topics: found, or refused with what is near."""

import pytest

from chatpaper.app.settings import load_settings
from chatpaper.app.sources import resolve_topics
from chatpaper.domain.errors import ConfigError

# What people ask for, and the topic of the table that they get.
FOUND = {
    "大模型": "LLM",
    "大语言模型": "LLM",
    "多模态": "Multimodal",
    "多模态大模型": "Multimodal",
    "视觉语言模型": "Vision-Language Models",
    "具身智能": "Embodied AI",
    "世界模型": "World Models",
    "强化学习": "Reinforcement Learning",
    "深度强化学习": "Reinforcement Learning",
    "智能体": "Agent",
    "多智能体": "Multi-Agent Systems",
    "检索增强生成": "RAG",
    "思维链": "R1_Reasoning",
    "推理": "R1_Reasoning",
    "对齐": "RLHF",
    "幻觉": "Hallucination",
    "大模型安全": "LLM Safety",
    "扩散模型": "Diffusion Models",
    "文生图": "Text-to-Image",
    "视频生成": "Video Generation",
    "图像编辑": "Image Editing",
    "三维重建": "3D Reconstruction",
    "点云": "Point Clouds",
    "目标检测": "检测/分割/跟踪",
    "语义分割": "Semantic Segmentation",
    "姿态估计": "Pose Estimation",
    "人脸识别": "Face Recognition",
    "医学影像": "医学图像",
    "遥感": "Remote Sensing",
    "自动驾驶": "Autonomous Driving",
    "机器人": "Robotics",
    "图神经网络": "Graph Neural Networks",
    "推荐系统": "Recommender Systems",
    "知识图谱": "Knowledge Graphs",
    "机器翻译": "Machine Translation",
    "文本摘要": "Summarization",
    "语音识别": "Speech",
    "语音合成": "TTS",
    "代码生成": "Code Generation",
    "模型量化": "Quantization",
    "知识蒸馏": "Knowledge Distillation",
    "混合专家模型": "Mixture of Experts",
    "联邦学习": "Federated Learning",
    "差分隐私": "Privacy",
    "可解释性": "Interpretability",
    "时间序列": "Time Series",
    "异常检测": "Anomaly Detection",
    "因果推断": "Causal Inference",
    "蛋白质设计": "Protein Design",
    "量子计算": "Quantum Computing",
    "天气预报": "Weather Forecasting",
}
# What is near to a name that is not in the table.
NEAR = {
    "具身智能大模型": "Embodied AI",
    "强化学习算法": "Reinforcement Learning",
    "多模态理解": "Multimodal",
    "联邦学习安全": "Federated Learning",
    "机器人抓取": "Robotics",
    "扩散模形": "Diffusion Models",
}
UNKNOWN = ("甲骨文缀合", "煤矿安全", "中医药", "法律文书", "古籍整理")


@pytest.mark.parametrize(("name", "topic"), FOUND.items())
def test_common_names_are_found(name: str, topic: str) -> None:
    (found,) = resolve_topics(load_settings(None, {}), (name,))
    assert (found.name, found.builtin) == (topic, True)


@pytest.mark.parametrize(("name", "near"), NEAR.items())
def test_names_that_are_nearly_those_of_a_topic_are_refused_with_it(name: str, near: str) -> None:
    with pytest.raises(ConfigError, match="Did you mean") as refusal:
        resolve_topics(load_settings(None, {}), (name,))
    assert f'"{near}"' in str(refusal.value)


@pytest.mark.parametrize("name", UNKNOWN)
def test_other_names_are_refused_with_the_command_that_adds_them(name: str) -> None:
    with pytest.raises(ConfigError, match=f'chatpaper topics add "{name}"') as refusal:
        resolve_topics(load_settings(None, {}), (name,))
    assert "Did you mean" not in str(refusal.value)
