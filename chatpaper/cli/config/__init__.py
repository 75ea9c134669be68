"""The commands on settings."""
