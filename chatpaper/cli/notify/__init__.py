"""The command that tries the messages of new papers."""
