"""`python -m chatpaper`."""

from chatpaper.cli import main

if __name__ == "__main__":
    main()
