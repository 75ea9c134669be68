"""Help with the commands: their examples, and completion in the shell."""
