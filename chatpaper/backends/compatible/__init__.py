"""What servers that speak OpenAI's chat completions have in common, and where they differ."""
