"""The environment of the processes that read PDFs: only what they need, and no secrets."""

import ctypes
import os
import re
import sys
from pathlib import Path

# What the interpreter and the PDF library may need: paths, temporary folders, languages, OCR data.
_NEEDED = re.compile(
    r"PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|TZ|LANG|LANGUAGE|LC_\w+|SYSTEMROOT|WINDIR|COMSPEC"
    r"|APPDATA|LOCALAPPDATA"
    r"|XDG_(?:CACHE|DATA)_HOME|PYTHON\w+|VIRTUAL_ENV|(?:DY)?LD_LIBRARY_PATH|OMP_NUM_THREADS"
    r"|TESSDATA_PREFIX"
    r"|ORT_DISABLE_TELEMETRY",
    re.IGNORECASE,
)
# Positions of `env_start` and `env_end` after the name of the process (proc_pid_stat(5), fields 50
# and 51).
_ENVIRONMENT_ADDRESSES = slice(47, 49)


def sanitize_environment() -> None:
    """Drop all variables but those that reading PDFs needs; keys, passwords and proxies go.

    On Linux the block that the kernel shows in /proc/PID/environ for the life of a process is
    blanked too (proc_pid_environ(5)).
    """
    kept = {name: value for name, value in os.environ.items() if _NEEDED.fullmatch(name)}
    os.environ.clear()
    if sys.platform == "linux":
        fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        start, end = map(int, fields[_ENVIRONMENT_ADDRESSES])
        # The kernel gives zeros if it does not tell.
        if 0 < start < end:
            ctypes.memset(start, 0, end - start)
    # Set again, so that libraries find copies outside the block that was blanked.
    os.environ.update(kept)
