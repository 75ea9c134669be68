"""The command that tries the messages of new papers, with its options and help texts."""

from typing import Annotated

import typer

from chatpaper.cli.help.completion import complete_from
from chatpaper.cli.help.examples import write_examples
from chatpaper.cli.options import PreviewFolder, ProfileName, get_clock, load_settings

app = typer.Typer()

MessageKind = Annotated[
    str | None,
    typer.Option(
        "--kind",
        metavar="NAME",
        help="Only this kind of message: mail, feishu, dingtalk, wecom, telegram or urls.",
        autocompletion=complete_from("mail", "feishu", "dingtalk", "wecom", "telegram", "urls"),
    ),
]


@app.command(epilog=write_examples("notify"))
def notify(
    context: typer.Context,
    test: Annotated[
        bool, typer.Option("--test", help="Send a test message to everybody who gets messages.")
    ] = False,
    kind: MessageKind = None,
    preview: PreviewFolder = None,
    profile: ProfileName = None,
) -> None:
    """Try the messages of new papers: send a test, or write what would be sent to files."""
    from chatpaper.cli.notify.command import try_messages

    settings = load_settings(context, profile=profile)
    if test == (preview is not None):
        raise typer.BadParameter(
            "use `chatpaper notify --test` or `chatpaper notify --preview DIR`"
        )
    raise typer.Exit(try_messages(settings, kind, preview, get_clock(context)))
