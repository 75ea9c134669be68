"""The command that serves the web page: web."""

from chatpaper.app.settings import Settings, keep_gradio_silent
from chatpaper.cli.console import echo
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ConfigError, ExitCode


def serve_page(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> ExitCode:
    """Serve the page until the command is interrupted: `chatpaper web`.

    Raises ConfigError where the extra is not installed.
    """
    keep_gradio_silent()
    try:
        from chatpaper.web.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("chatpaper"):
            raise
        raise ConfigError(
            "The page needs a library that is not installed: run `pip install 'chatpaper[web]'`, "
            "or in a clone `pip install -e '.[web]'`."
        ) from error
    serve(settings, echo, clock)
    return ExitCode.DONE
