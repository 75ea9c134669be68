"""The page of `chatpaper web`: one more edge, beside the command line."""
