"""Adapters to the services that answer prompts, one file each, and what they share."""

from chatpaper.backends.interface import (
    Backend,
    BackendSettings,
    RequestParameters,
    TokenCounter,
)
from chatpaper.backends.registry import (
    check_backend,
    create_backend,
    served_context_tokens,
)

__all__ = [
    "Backend",
    "BackendSettings",
    "RequestParameters",
    "TokenCounter",
    "check_backend",
    "create_backend",
    "served_context_tokens",
]
