"""Backends around a backend: retries, rate limits, a second provider, and secrets kept out of
messages.
"""
