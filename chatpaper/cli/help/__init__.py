"""What a person is told of the commands: examples, and completion in the shell."""
