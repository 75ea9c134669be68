"""Decorate backends: retries, rate limits, a second provider, and secrets kept out of messages."""
