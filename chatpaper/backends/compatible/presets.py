"""List providers and servers that speak OpenAI's chat completions, one row each.

A row says what is particular about its provider. Sources: the documentation of the providers, as of
November 2026. What a row does not say is left to the settings, or learnt from the server. A model
that goes by one name for years may be a default; others come and go.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

# How strictly a server binds an answer, the strictest first.
AnswerShape = Literal["json_schema", "json_object", "text"]


@dataclass(frozen=True, slots=True)
class Preset:
    """Where a server is and how it is asked.

    `key_variables` are where its makers look for the key; a server of one's own may have none
    (`needs_key`). `parameters` are sent with every request; `limit_parameter` is what bounds the
    answer. `context_tokens` is what all its present models take, and `provider` its name in the
    table of prices, where they are known.
    """

    base_url: str
    key_variables: tuple[str, ...] = ()
    model: str = ""
    shape: AnswerShape = "json_schema"
    limit_parameter: str = "max_tokens"
    parameters: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    context_tokens: int | None = None
    provider: str | None = None
    needs_key: bool = True


# The JSON mode of Qwen is for models that do not think, and thinking is billed as output by all.
PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "openai": Preset(
            "https://api.openai.com/v1",
            ("OPENAI_API_KEY",),
            limit_parameter="max_completion_tokens",
        ),
        "deepseek": Preset(
            "https://api.deepseek.com",
            ("DEEPSEEK_API_KEY",),
            model="deepseek-v4-flash",
            shape="json_object",
            parameters={"thinking": {"type": "disabled"}},
            context_tokens=128_000,
            provider="deepseek",
        ),
        "kimi": Preset(
            "https://api.moonshot.cn/v1",
            ("MOONSHOT_API_KEY",),
            shape="json_object",
            context_tokens=128_000,
            provider="moonshotai",
        ),
        "qwen": Preset(
            "https://dashscope.aliyuncs.com/compatible-mode/v1",
            ("DASHSCOPE_API_KEY",),
            model="qwen-plus",
            shape="json_object",
            parameters={"enable_thinking": False},
            context_tokens=128_000,
        ),
        "zhipu": Preset(
            "https://open.bigmodel.cn/api/paas/v4",
            ("ZHIPUAI_API_KEY", "ZAI_API_KEY"),
            shape="json_object",
            parameters={"thinking": {"type": "disabled"}},
            context_tokens=128_000,
            provider="zhipuai",
        ),
        "siliconflow": Preset(
            "https://api.siliconflow.cn/v1", ("SILICONFLOW_API_KEY",), shape="json_object"
        ),
        "ollama": Preset("http://localhost:11434/v1", ("OLLAMA_API_KEY",), needs_key=False),
        "vllm": Preset("http://localhost:8000/v1", ("VLLM_API_KEY",), needs_key=False),
    }
)
