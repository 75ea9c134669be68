"""The commands on settings, with their options and help texts."""

from typing import Annotated

import typer

from chatpaper.cli.help.completion import complete_topic
from chatpaper.cli.help.examples import write_examples
from chatpaper.cli.options import (
    AsJson,
    BackendName,
    Formats,
    LanguageCode,
    ModelName,
    OutputFolder,
    load_settings,
    place_answer_flags,
)

app = typer.Typer(help="Show the settings that hold.", no_args_is_help=True)


@app.callback()
def choose_command() -> None:
    """Show the settings that hold."""


@app.command(epilog=write_examples("config show"))
def show(
    context: typer.Context,
    topic: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Topic that `run` would follow; may be repeated.",
            autocompletion=complete_topic,
        ),
    ] = None,
    max_papers: Annotated[
        int | None, typer.Option(min=0, help="Papers that `run` would summarize at most.")
    ] = None,
    format: Formats = None,
    backend: BackendName = None,
    model: ModelName = None,
    language: LanguageCode = None,
    output: OutputFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show each setting with its value and where it was set: by default, file, variable or flag.

    Of keys and passwords only whether they are set is shown. Give the options of `run` to see what
    would hold with them.
    """
    from chatpaper.cli.config.show import show_settings

    settings = load_settings(
        context,
        {
            **place_answer_flags(language, output, backend, model),
            "run": {"formats": format, "topics": topic},
            "budget": {"max_papers": max_papers},
        },
    )
    raise typer.Exit(show_settings(settings, as_json=as_json))
