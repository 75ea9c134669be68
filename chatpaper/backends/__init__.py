"""Adapters to the services that answer prompts, one file each."""
