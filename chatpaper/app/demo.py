"""The folder of `chatpaper demo`: invented papers, and settings that no other settings change."""

import json
import shutil
from pathlib import Path
from string import Template
from typing import ClassVar

from chatpaper.app.settings import Settings, read_settings_file
from chatpaper.app.settings_file import FILE_NAME
from chatpaper.app.settings_groups import BudgetSettings, LlmSettings, PriceSettings, RunSettings
from chatpaper.backends.demo import list_demo_languages, list_demo_papers, locate_demo_folder
from chatpaper.domain import DEMO
from chatpaper.domain.errors import ConfigError, WriteError
from chatpaper.fetch.folder import METADATA_FILE

PAPERS_FOLDER = "papers"
TOPIC = "Diffusion Models"
# The one to be read first comes first.
FORMATS = ("brief", "daily")

# Commands that are started in the folder read it.
_SETTINGS_FILE = Template(f"""\
# Written by `chatpaper demo`. Commands that are started in this folder show the invented papers.
output_dir = "posts"
state_dir = "state"
cache_dir = "cache"
language = "$language"

[llm]
backend = "{DEMO}"
verify = "never"

[run]
topics = {json.dumps([TOPIC])}
formats = {json.dumps(FORMATS)}

[prices.{DEMO}]
input_usd_per_million = 0
output_usd_per_million = 0
""")


class _DemoSettings(Settings):
    """Settings that neither a file nor the environment can change."""

    is_isolated: ClassVar[bool] = True


def prepare_demo(folder: Path, language: str) -> Settings:
    """Put the invented papers and a settings file into a folder; return the settings of a run.

    Posts, state and cache are below the folder. Raises ConfigError for a folder that holds
    something else and for a language without answers, and WriteError for a folder that cannot be
    written.
    """
    if language not in list_demo_languages():
        there_are = ", ".join(list_demo_languages())
        raise ConfigError(f"The demo has no answers in {language!r}; there are {there_are}.")
    _refuse_other_content(folder)
    try:
        _copy_papers(folder / PAPERS_FOLDER)
        text = _SETTINGS_FILE.substitute(language=language)
        (folder / FILE_NAME).write_text(text, encoding="utf-8")
    except OSError as error:
        raise WriteError(
            f"The folder {folder} cannot be written: {error.strerror}. "
            "Choose another with --output.",
            path=str(folder),
        ) from error
    return _DemoSettings(
        output_dir=folder / "posts",
        state_dir=folder / "state",
        cache_dir=folder / "cache",
        language=language,
        llm=LlmSettings(backend=DEMO, verify="never"),
        run=RunSettings(topics=(TOPIC,), formats=FORMATS),
        budget=BudgetSettings(max_papers=None),
        prices={DEMO: PriceSettings(input_usd_per_million=0, output_usd_per_million=0)},
    )


def _refuse_other_content(folder: Path) -> None:
    """Raise ConfigError unless a folder is empty, is not there, or holds a demo.

    Anybody's own posts and state could be below it.
    """
    settings_file = folder / FILE_NAME
    try:
        is_demo = (
            settings_file.is_file()
            and read_settings_file(settings_file).get("llm", {}).get("backend") == DEMO
        )
        if is_demo or not folder.exists() or not any(folder.iterdir()):
            return
    except OSError as error:
        raise ConfigError(
            f"{folder} cannot be read: {error.strerror}. Choose another folder with --output."
        ) from error
    raise ConfigError(
        f"{folder} holds something else: choose a folder for the demo that is empty, or not there "
        "yet, with --output."
    )


def _copy_papers(folder: Path) -> None:
    source = locate_demo_folder()
    names = [f"{paper}.pdf" for paper in list_demo_papers()]
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copyfile(source / name, folder / name)
    records = json.loads((source / METADATA_FILE).read_bytes())
    chosen = [record for record in records if record["file"] in names]
    text = json.dumps(chosen, ensure_ascii=False, indent=1) + "\n"
    (folder / METADATA_FILE).write_text(text, encoding="utf-8")
