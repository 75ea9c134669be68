"""Adapters to the services that answer prompts, one file each, and what they share."""

from chatpaper.backends.interface import (
    Backend,
    BackendSettings,
    RequestParameters,
    TokenCounter,
)
from chatpaper.backends.registry import (
    ask_context_tokens,
    check_backend,
    create_backend,
    open_batches,
)

__all__ = [
    "Backend",
    "BackendSettings",
    "RequestParameters",
    "TokenCounter",
    "ask_context_tokens",
    "check_backend",
    "create_backend",
    "open_batches",
]
