"""The commands for agents: mcp."""
