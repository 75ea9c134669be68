"""The message of a command that fails, and the exit code of the process."""

import logging
import sys
from collections.abc import Callable
from typing import NoReturn

from chatpaper.domain.errors import ChatPaperError, ExitCode


def exit_with_code(run: Callable[[], object]) -> NoReturn:
    """Run the command line, and exit with the code that its errors call for."""
    from chatpaper.cli.console import echo_error, prepare_streams

    prepare_streams()
    try:
        run()
    except ChatPaperError as error:
        echo_error(str(error))
        sys.exit(int(error.exit_code))
    except KeyboardInterrupt:
        echo_error(
            "Interrupted. What was paid for is kept; start the same command again to continue."
        )
        sys.exit(int(ExitCode.BUDGET))
    except Exception as error:
        _report_defect(error)
        sys.exit(int(ExitCode.DEFECT))
    sys.exit(int(ExitCode.DONE))


def _report_defect(error: Exception) -> None:
    from chatpaper.cli.console import echo_error

    logging.getLogger(__name__).debug("unexpected error", exc_info=error)
    echo_error(
        f"Internal error: {type(error).__name__}: {error}. Nothing that was finished is lost. "
        "Please report it with the output of the same command with -vv."
    )
