"""For agents: search, summaries, sections and checks as typed tools, by MCP and by HTTP."""
