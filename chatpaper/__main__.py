"""`chatpaper` and `python -m chatpaper`.

Processes that read PDFs import this module again at their start: it loads nothing before it is
called.
"""


def main() -> None:
    """Run the command line; never returns."""
    from chatpaper.cli import main as run

    run()


if __name__ == "__main__":
    main()
