"""Serve the page of chatpaper as a Hugging Face Space.

Visitors bring keys of their own, or the Space has one. The Space's own proxy stands before it: it
sets `x-forwarded-host` on everything that it lets in.
"""

import sys

from chatpaper.cli import main

if __name__ == "__main__":
    sys.argv = ["chatpaper", "web", "--host", "0.0.0.0", "--port", "7860"]
    main()
