"""The command that fits the settings to a site or vault: init."""

import tomllib
from difflib import get_close_matches
from pathlib import Path

from chatpaper.app.settings import read_settings_file
from chatpaper.app.settings_file import FILE_NAME, find_user_file
from chatpaper.cli.console import echo, echo_error
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.write.files import write_atomically
from chatpaper.write.generators import INSPECTORS, FoundSite, NotFoundThereError
from chatpaper.write.generators.found_site import JSON_FOLDER, SiteSettings


def write_site_settings(kind: str, folder: Path) -> ExitCode:
    """Write the settings that fit a site, and say what was found: `chatpaper init`.

    A settings file that is there stays as it is. Raises ConfigError where there is no such site.
    """
    found = _inspect(kind, folder)
    for finding in found.findings:
        echo(f"found {finding}")
    for line in _describe_folders(found.settings):
        echo(line)
    for advice in found.advice:
        echo(f"note  {advice}")
    file = folder / FILE_NAME
    if file.exists():
        return _compare(file, found.settings)
    head = f"# Written by `chatpaper init {kind}`. Paths are those from this folder.\n"
    write_atomically(file, (head + found.settings.to_toml()).encode())
    echo(f"wrote {file}")
    others = find_user_file()
    if others is not None:
        echo(
            f"note  In {folder}, {file.name} holds in place of {others}: copy what you need of it."
        )
    echo(f'next  cd {folder} && chatpaper run --topic "Diffusion Models"')
    return ExitCode.DONE


def _inspect(kind: str, folder: Path) -> FoundSite:
    if kind not in INSPECTORS:
        near = get_close_matches(kind.lower(), INSPECTORS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ConfigError(
            f"Unknown kind of site {kind!r}; there are {', '.join(INSPECTORS)}.{hint}"
        )
    if not folder.is_dir():
        raise ConfigError(f"There is no folder {folder}: name the folder of your site or vault.")
    try:
        return INSPECTORS[kind](folder)
    except NotFoundThereError as error:
        others = [name for name in INSPECTORS if name != kind and _is_site(name, folder)]
        hint = f" It looks like `chatpaper init {others[0]} {folder}`." if others else ""
        raise ConfigError(f"{error}{hint}") from error


def _is_site(kind: str, folder: Path) -> bool:
    try:
        INSPECTORS[kind](folder)
    except (NotFoundThereError, ConfigError):
        return False
    return True


def _describe_folders(settings: SiteSettings) -> tuple[str, ...]:
    return (
        f"posts go to {settings.output_dir}, JSON to {JSON_FOLDER}",
        f"figures go to {settings.assets_dir}, served at {settings.assets_url}",
    )


def _compare(file: Path, settings: SiteSettings) -> ExitCode:
    """Say how a settings file that is there differs from what fits, and leave it as it is."""
    present, wanted = read_settings_file(file), tomllib.loads(settings.to_toml())
    post = present.get("post", {})
    lacks_top = any(present.get(key) != value for key, value in wanted.items() if key != "post")
    lacks_post = any(post.get(key) != value for key, value in wanted["post"].items())
    if not lacks_top and not lacks_post:
        echo(f"{file} has these settings already")
        return ExitCode.DONE
    echo_error(f"{file} is there and stays as it is: put these lines into it.")
    echo(settings.to_toml().rstrip("\n"))
    return ExitCode.USAGE
